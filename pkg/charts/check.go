package charts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// State is where the archive of a chart is.
type State string

// Where archives are.
const (
	StateVendored State = "vendored" // beside the model
	StateCached   State = "cached"   // in the cache
	StateMissing  State = "missing"  // it has to be fetched
	StateChanged  State = "changed"  // beside the model is another archive than was locked
)

// State returns where the archive of an entry is.
func (s *Store) State(e Entry) State {
	_, err := s.vendored(e)
	switch {
	case err == nil:
		return StateVendored
	case !errors.Is(err, fs.ErrNotExist):
		return StateChanged
	}
	if _, err := s.Cache.Get(e.Digest); err == nil {
		return StateCached
	}
	return StateMissing
}

// Verify returns what is wrong between the charts of a model, the lock, the vendor
// directory and the cache, each as a *finding.Wrong. If some archives are vendored, all
// are to be, since the model is then complete without the cache.
func (s *Store) Verify(refs []Ref) ([]*finding.Wrong, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	owned, err := readSums(root)
	if err != nil {
		return nil, err
	}
	var out []*finding.Wrong
	add := func(err error, fix string) { out = append(out, &finding.Wrong{Err: err, Fix: fix}) }
	for _, r := range refs {
		var w *finding.Wrong
		if _, err := s.Archive(r); errors.As(err, &w) {
			out = append(out, w)
		}
	}
	wanted := map[string]bool{}
	for _, e := range s.Lock.Entries {
		name := s.Lock.vendorName(e)
		wanted[name] = true
		if !slices.ContainsFunc(refs, func(r Ref) bool { return r.normal() == e.Ref() }) {
			add(fmt.Errorf("%s has %s, which no app uses", LockFile, e.Ref()), s.command("update"))
		}
		if len(owned) > 0 && s.State(e) == StateCached {
			add(fmt.Errorf("%s is missing, while other charts are vendored", name), s.command("vendor"))
		}
	}
	for name := range owned {
		if !wanted[name] {
			add(fmt.Errorf("%s is vendored, and %s does not have it", name, LockFile), s.command("vendor"))
		}
	}
	slices.SortFunc(out, func(a, b *finding.Wrong) int { return strings.Compare(a.Err.Error(), b.Err.Error()) })
	return out, nil
}
