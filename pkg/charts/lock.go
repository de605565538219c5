package charts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// LockFile is the name of the lock. It is in the directory of the model.
const LockFile = "charts.lock"

// lockVersion is the version of the format of the lock.
const lockVersion = 1

const lockHead = "# Written by gitopsgen charts update; do not edit.\n"

// Lock says which archive each chart of a model is.
type Lock struct {
	// Entries are sorted, by chart, repository and what was asked for; there is one for
	// each Ref.
	Entries []Entry
}

// Entry is a chart that is locked.
type Entry struct {
	Name       string `json:"name" yaml:"name"`
	Repository string `json:"repository" yaml:"repository"`
	// Requested is the version as the model has it, such as a range. Default: Version.
	Requested string `json:"requested,omitempty" yaml:"requested,omitempty"`
	// Version is the version of the archive, as its Chart.yaml has it.
	Version string `json:"version" yaml:"version"`
	// Digest is the hash of the archive's bytes, as in sha256:…. In a registry, it is
	// that of the layer.
	Digest string `json:"digest" yaml:"digest"`
	// Manifest is the digest of the manifest in a registry.
	Manifest string `json:"manifest,omitempty" yaml:"manifest,omitempty"`
	// Dependencies are the charts inside of the archive, sorted by name.
	Dependencies []Dependency `json:"dependencies,omitempty" yaml:"dependencies,omitempty"`
}

// Dependency is a chart inside of an archive.
type Dependency struct {
	Name    string `json:"name" yaml:"name"`
	Version string `json:"version" yaml:"version"`
	// Repository is where the author of the chart had it from, if that is known.
	Repository string `json:"repository,omitempty" yaml:"repository,omitempty"`
}

// Ref returns the reference that the entry is of.
func (e Entry) Ref() Ref {
	return Ref{Repository: e.Repository, Name: e.Name, Version: cmp.Or(e.Requested, e.Version)}
}

// lockDocument is the file.
type lockDocument struct {
	LockVersion int     `json:"lockVersion" yaml:"lockVersion"`
	Charts      []Entry `json:"charts,omitempty" yaml:"charts" merge:"name"`
}

// ParseLock reads a lock, as strictly as a model is read. What is wrong is returned as a
// *finding.ValidationError.
func ParseLock(f load.File) (*Lock, error) {
	var doc lockDocument
	positions, err := load.Strict(f, &doc)
	if err != nil {
		return nil, err
	}
	c := checker{positions: positions}
	if doc.LockVersion != lockVersion {
		c.wrong("lockVersion", "use a newer gitopsgen, or delete the file and run gitopsgen charts update", "the lock has version %d of its format, and this gitopsgen reads version %d", doc.LockVersion, lockVersion)
		return nil, c.list.Err()
	}
	l := &Lock{}
	for i, e := range doc.Charts {
		at := fieldpath.Path("charts").Index(i)
		if named := fieldpath.Path("charts").Key(e.Name); positions[at].IsZero() {
			at = named
		}
		e.Repository = e.Ref().normal().Repository
		c.entry(at, e)
		if _, ok := l.Find(e.Ref()); ok {
			c.wrong(at, again, "%s is locked twice", e.Ref())
		}
		l.Put(e)
	}
	return l, c.list.Err()
}

// again is the fix of what is wrong with an entry.
const again = "remove the entry and run gitopsgen charts update"

// checker collects what is wrong with a lock.
type checker struct {
	positions finding.Positions
	list      finding.List
}

func (c *checker) wrong(at fieldpath.Path, fix, format string, args ...any) {
	c.list = append(c.list, finding.Finding{Rule: "charts-lock", Severity: finding.Error, Path: at, Position: c.positions.At(at),
		Reason: fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: fix})
}

// digestOf matches digests.
var digestOf = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// entry checks an entry.
func (c *checker) entry(at fieldpath.Path, e Entry) {
	var w *finding.Wrong
	if err := e.Ref().Check(); errors.As(err, &w) {
		c.wrong(at.Join(w.Path), w.Fix, "%v", w.Err)
	} else if !IsExact(e.Version) {
		c.wrong(at.Field("version"), again, "%q is not a version", e.Version)
	}
	if !digestOf.MatchString(e.Digest) {
		c.wrong(at.Field("digest"), again, "%q is not a digest, as in sha256:…", e.Digest)
	}
	switch {
	case e.Manifest != "" && !e.Ref().isOCI():
		c.wrong(at.Field("manifest"), again, "only a chart of a registry has a manifest")
	case e.Ref().isOCI() && !digestOf.MatchString(e.Manifest):
		c.wrong(at.Field("manifest"), again, "%q is not a digest, as in sha256:…", e.Manifest)
	}
	for i, d := range e.Dependencies {
		if d.Name == "" || d.Version == "" {
			c.wrong(at.Field("dependencies").Index(i), again, "a dependency has a name and a version")
		}
	}
}

// Bytes returns the lock as its file has it. The same entries give the same bytes.
func (l *Lock) Bytes() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(lockHead)
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(lockDocument{LockVersion: lockVersion, Charts: l.Entries})
	return b.Bytes(), errors.Join(err, enc.Close())
}

// Find returns the entry of a chart. It ignores slashes at the end of a repository.
func (l *Lock) Find(r Ref) (Entry, bool) {
	i, ok := l.search(r.normal())
	if !ok {
		return Entry{}, false
	}
	return l.Entries[i], true
}

func (l *Lock) search(r Ref) (int, bool) {
	return slices.BinarySearchFunc(l.Entries, r, func(e Entry, r Ref) int { return compareRefs(e.Ref(), r) })
}

func compareRefs(a, b Ref) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Repository, b.Repository), strings.Compare(a.Version, b.Version))
}

// Put adds an entry, or replaces that of the same Ref.
func (l *Lock) Put(e Entry) {
	e.Repository = e.Ref().normal().Repository
	i, ok := l.search(e.Ref())
	if ok {
		l.Entries[i] = e
		return
	}
	l.Entries = slices.Insert(l.Entries, i, e)
}

// Retain removes the entries of all charts but these, and returns them.
func (l *Lock) Retain(refs []Ref) []Entry {
	var removed []Entry
	l.Entries = slices.DeleteFunc(l.Entries, func(e Entry) bool {
		if slices.ContainsFunc(refs, func(r Ref) bool { return r.normal() == e.Ref() }) {
			return false
		}
		removed = append(removed, e)
		return true
	})
	return removed
}
