package charts

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// VendorDir is the directory beside the model that archives are vendored to. Helm
// itself, and kustomize, keep archives in a directory of this name, and helm pull gives
// them the same names.
const VendorDir = "charts"

// vendorName returns the path of a vendored archive from the model. If the lock has
// several archives of one name and version, their names contain their digests too.
func (l *Lock) vendorName(e Entry) string {
	name := e.Name + "-" + e.Version
	if slices.ContainsFunc(l.Entries, func(o Entry) bool {
		return strings.EqualFold(o.Name+"-"+o.Version, name) && (o.Digest != e.Digest || o.Name != e.Name)
	}) {
		name += "-" + e.Digest[len("sha256:"):][:12]
	}
	return path.Join(VendorDir, name+".tgz")
}

// vendored returns the vendored archive of an entry. The error is fs.ErrNotExist if
// there is none, and ErrDigest if it is another one.
func (s *Store) vendored(e Entry) ([]byte, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := s.Lock.vendorName(e)
	data, err := disk.ReadIn(root, name, MaxArchive)
	if errors.Is(err, disk.ErrTooLarge) || err == nil && Digest(data) != e.Digest {
		return nil, fmt.Errorf("%s was changed: %w", s.path(name), ErrDigest)
	}
	return data, err
}
