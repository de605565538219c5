package charts

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// VendorDir is the directory beside the model that archives are vendored to. Helm
// itself, and kustomize, keep archives in a directory of this name, and helm pull gives
// them the same names.
const VendorDir = "charts"

// SumsFile lists the vendored archives with their digests, as sha256sum --check reads
// it. Only what it lists is ever replaced or deleted.
const SumsFile = VendorDir + "/SHA256SUMS"

// Vendored is what vendoring did. All paths are from the model, sorted.
type Vendored struct {
	Written, Deleted []string
	// Kept are archives that somebody else wrote or changed, and where they are: they
	// are neither replaced nor deleted.
	Kept []string
	// Total is the number of archives that the lock names.
	Total int
}

// vendorName returns the path of a vendored archive from the model. If the lock has
// several archives of one name and version, their names contain their digests too.
func (l *Lock) vendorName(e Entry) string {
	name := e.Name + "-" + e.Version
	if slices.ContainsFunc(l.Entries, func(o Entry) bool {
		return strings.EqualFold(o.Name+"-"+o.Version, name) && (o.Digest != e.Digest || o.Name != e.Name)
	}) {
		name += "-" + strings.TrimPrefix(e.Digest, "sha256:")[:12]
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

// Vendor writes the archives of the lock beside the model, and deletes those that it
// wrote before and that the lock no longer has. The archives are those of the
// vendor directory and of the cache; one that is missing is an error, as of Archive,
// and nothing is changed.
func (s *Store) Vendor() (*Vendored, error) {
	want := map[string][]byte{}
	for _, e := range s.Lock.Entries {
		data, err := s.Cache.Get(e.Digest)
		if err != nil {
			a, err := s.Archive(e.Ref())
			if err != nil {
				return nil, err
			}
			data = a.Data
		}
		want[s.Lock.vendorName(e)] = data
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	v := vendoring{root: root, want: want, out: &Vendored{Total: len(want)}}
	if v.owned, err = readSums(root); err != nil {
		return nil, err
	}
	return v.out, v.run()
}

// vendoring is one run of Vendor.
type vendoring struct {
	root  *os.Root
	want  map[string][]byte
	owned map[string]string // digests of the files that were written before, by path
	out   *Vendored
}

// run writes first what is to be owned, so that a run that is interrupted leaves no
// file behind that no later one would delete.
func (v *vendoring) run() error {
	write, remove := v.plan()
	if len(write) > 0 {
		if err := v.root.MkdirAll(VendorDir, 0o755); err != nil {
			return err
		}
		if err := v.writeSums(); err != nil {
			return err
		}
	}
	for _, name := range write {
		if err := writeIn(v.root, name, v.want[name]); err != nil {
			return err
		}
	}
	for _, name := range remove {
		if err := v.root.Remove(name); err != nil {
			return err
		}
		delete(v.owned, name)
	}
	v.out.Written, v.out.Deleted = write, remove
	slices.Sort(v.out.Kept)
	return v.writeSums()
}

// plan returns what is to be written and deleted, and notes what it will own.
func (v *vendoring) plan() (write, remove []string) {
	for _, name := range slices.Sorted(maps.Keys(v.want)) {
		digest := Digest(v.want[name])
		now, err := v.digest(name)
		switch {
		case err == nil && now == digest:
			continue // and stays whose it is
		case err == nil && now != v.owned[name], err != nil && !errors.Is(err, fs.ErrNotExist):
			v.out.Kept = append(v.out.Kept, name)
			continue
		}
		v.owned[name] = digest
		write = append(write, name)
	}
	for _, name := range slices.Sorted(maps.Keys(v.owned)) {
		if v.want[name] != nil {
			continue
		}
		now, err := v.digest(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			delete(v.owned, name)
		case err != nil || now != v.owned[name]:
			v.out.Kept = append(v.out.Kept, name)
			delete(v.owned, name)
		default:
			remove = append(remove, name)
		}
	}
	return write, remove
}

func (v *vendoring) digest(name string) (string, error) {
	data, err := disk.ReadIn(v.root, name, MaxArchive)
	return Digest(data), err
}

// writeSums notes what is owned.
func (v *vendoring) writeSums() error {
	if len(v.owned) == 0 {
		if err := v.root.Remove(SumsFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		_ = v.root.Remove(VendorDir) // which fails if it is not empty
		return nil
	}
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(v.owned)) {
		fmt.Fprintf(&b, "%s  %s\n", strings.TrimPrefix(v.owned[name], "sha256:"), path.Base(name))
	}
	if now, err := disk.ReadIn(v.root, SumsFile, maxLock); err == nil && bytes.Equal(now, b.Bytes()) {
		return nil
	}
	return writeIn(v.root, SumsFile, b.Bytes())
}

// readSums returns the digests of the archives that were vendored, by their paths.
func readSums(root *os.Root) (map[string]string, error) {
	out := map[string]string{}
	data, err := disk.ReadIn(root, SumsFile, maxLock)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", SumsFile, err)
	}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		sum, name, ok := strings.Cut(s.Text(), "  ")
		if !ok || !digestOf.MatchString("sha256:"+sum) || path.Base(name) != name || path.Ext(name) != ".tgz" {
			return nil, fmt.Errorf("%s has a line that is not one of sha256sum for an archive (restore the file, or delete it with the archives)", SumsFile)
		}
		out[path.Join(VendorDir, name)] = "sha256:" + sum
	}
	return out, nil
}

// writeIn writes a file below a root, whole or not at all.
func writeIn(root *os.Root, name string, data []byte) error {
	tmp := path.Join(path.Dir(name), ".gitopsgen-"+path.Base(name))
	f, err := root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = root.Rename(tmp, name)
	}
	if err != nil {
		return errors.Join(err, root.Remove(tmp))
	}
	return nil
}

// Save writes the lock beside the model, if it changed. One without charts is deleted.
func (s *Store) Save() error {
	name := s.path(LockFile)
	if len(s.Lock.Entries) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := s.Lock.Bytes()
	if err != nil {
		return err
	}
	if now, err := disk.ReadFile(name, maxLock); err == nil && bytes.Equal(now, data) {
		return nil
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return writeFile(name, data, 0o644)
}
