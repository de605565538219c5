package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// FS reads the YAML files of a directory and of those below it, each once. Names
// that begin with a dot are ignored, and so are files that a document names in
// manifests or as values of a chart, or that are below the directory of a source or of
// a chart, which is any with a Chart.yaml. Symbolic links are followed inside of the directory, as a mounted ConfigMap
// needs it. What cannot be read, such as a link that points outside, and a document of
// the model in a file without the extension of YAML, is reported by Fleet. The names of
// the files begin with prefix.
func FS(fsys fs.FS, prefix string) ([]File, error) {
	w := walk{fsys: fsys, prefix: prefix, seen: map[string]bool{}}
	if err := w.directory(".", "."); err != nil {
		return nil, err
	}
	for len(w.links) > 0 { // after all that stands there itself: its own name is the better one
		l := w.links[0]
		w.links = w.links[1:]
		if err := w.link(l); err != nil {
			return nil, err
		}
	}
	if len(w.files) == 0 {
		w.errorf("no-documents", "", "pass the directory of the fleet", "the directory contains no YAML files")
	}
	slices.SortStableFunc(w.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return w.withoutManifests(), nil
}

// walk is one walk through a directory.
type walk struct {
	fsys   fs.FS
	prefix string
	files  []File
	seen   map[string]bool // what was read or walked, by its path without links
	links  []link
	count  int // of the files that were read
	bytes  int // of those that are YAML
	others int // of the rest
	full   bool
}

// link is a symbolic link that waits to be followed.
type link struct {
	shown string // its path as the user sees it, through other links
	at    string // its path without them
}

// directory reads what is in a directory, with the links in it for later.
func (w *walk) directory(shown, at string) error {
	if w.seen[at] || w.full {
		return nil
	}
	w.seen[at] = true
	entries, err := fs.ReadDir(w.fsys, at)
	if err != nil {
		return w.named(shown, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		shown, at := path.Join(shown, e.Name()), path.Join(at, e.Name())
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			w.links = append(w.links, link{shown, at})
		case e.IsDir():
			err = w.directory(shown, at)
		default:
			err = w.file(shown, at, e.Type())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// link reads what a link leads to.
func (w *walk) link(l link) error {
	at, mode, err := w.follow(l.at)
	switch {
	case err != nil:
		w.errorf("unread-file", l.shown, "replace it with its target, pass the target with -f too, or start the name of the link with a dot", "the symbolic link %v", err)
		return nil
	case mode.IsDir():
		return w.directory(l.shown, at)
	}
	return w.file(l.shown, at, mode)
}

// maxLinks bounds the links that are followed to one file, as Linux does.
const maxLinks = 40

// follow returns the path without links that a path leads to. The error completes
// a sentence that begins with the link.
func (w *walk) follow(name string) (at string, mode fs.FileMode, err error) {
	at, mode = ".", fs.ModeDir
	rest := strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		rest = rest[1:]
		if next == ".." || strings.HasPrefix(next, "../") {
			return "", 0, fmt.Errorf("points outside of the directory")
		}
		info, err := fs.Lstat(w.fsys, next)
		if err != nil && links == 0 {
			return "", 0, cause(err)
		}
		if err != nil {
			return "", 0, fmt.Errorf("points to %s, which cannot be read: %w", path.Join(w.prefix, next, path.Join(rest...)), cause(err))
		}
		if mode = info.Mode().Type(); mode&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return "", 0, fmt.Errorf("is part of a cycle of links")
		}
		target, err := fs.ReadLink(w.fsys, next)
		if err != nil {
			return "", 0, fmt.Errorf("cannot be followed: %w", cause(err))
		}
		if path.IsAbs(target) {
			return "", 0, fmt.Errorf("points to an absolute path, and so outside of the directory")
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return at, mode, nil
}

// file reads a file that is YAML by its extension; another one must not hold a
// document of ours.
func (w *walk) file(shown, at string, mode fs.FileMode) error {
	if w.seen[at] || w.full {
		return nil
	}
	w.seen[at] = true
	ext := path.Ext(shown)
	ours := ext == ".yaml" || ext == ".yml"
	if !mode.IsRegular() {
		if ours {
			w.errorf("unread-file", shown, "replace it with a regular file, or start its name with a dot", "this is not a regular file")
		}
		return nil
	}
	f, err := w.read(shown, at)
	if err != nil {
		return err
	}
	if w.beyond(len(f.Data), ours) {
		return nil
	}
	switch {
	case ours:
		w.files = append(w.files, f)
	case isDocument(f.Data):
		w.errorf("file-extension", shown, "rename it to end in .yaml, or move it out of the directory of the fleet", "the file contains a document of %s, but is not read because of its extension", model.APIVersion)
	}
	return nil
}

// beyond counts a file, and reports whether the directory has more than is read.
// Then that is a finding, and the walk is over.
func (w *walk) beyond(size int, ours bool) bool {
	const fix = "pass only the directory of the fleet, or start the names of other directories with a dot"
	if w.count++; ours {
		w.bytes += size
	} else {
		w.others += size
	}
	switch {
	case w.count > maxFiles:
		w.errorf("too-large", "", fix, "the directory contains more than %d files", maxFiles)
	case w.bytes > maxTotal:
		w.errorf("too-large", "", fix, "the YAML files of the directory are larger than %d MiB in total", maxTotal>>20)
	case w.others > maxOther:
		w.errorf("too-large", "", fix, "the other files of the directory are larger than %d GiB in total", maxOther>>30)
	default:
		return false
	}
	w.files, w.full = w.files[len(w.files)-1:], true // what was read so far is not parsed for nothing
	return true
}

// read returns a file, and lets it open others by their path from it.
func (w *walk) read(shown, at string) (File, error) {
	r, err := w.fsys.Open(at)
	if err != nil {
		return File{}, w.named(shown, err)
	}
	defer r.Close()
	f, err := Read(path.Join(w.prefix, shown), r)
	if err != nil {
		return File{}, w.named(shown, err)
	}
	f.dir, f.shown, f.at = cmp.Or(w.prefix, "."), shown, at
	dir := path.Dir(shown)
	f.Open, f.List, f.ListAll = w.open(dir), w.list(dir, hidden), w.list(dir, nothing)
	return f, nil
}

// isDocument reports whether the YAML or JSON in a file begins with a document of
// ours, or has one before its first syntax error.
func isDocument(data []byte) bool {
	group, _, _ := strings.Cut(model.APIVersion, "/")
	if len(data) > MaxFile || !bytes.Contains(data, []byte(group)) {
		return false
	}
	found := false
	eachDocument(data, func(root *yaml.Node) {
		version := lookup(root, "apiVersion")
		found = found || version != nil && strings.HasPrefix(version.Value, group+"/")
	})
	return found
}

// eachDocument shows the roots of a file's documents, up to the first syntax error.
func eachDocument(data []byte, show func(root *yaml.Node)) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		if dec.Decode(&doc) != nil {
			return
		}
		show(doc.Content[0])
	}
}

// names matches what may be the name of a field that names files.
var names = regexp.MustCompile(`\bmanifests\b|\b(source|chart)["']?\s*:`)

// withoutManifests leaves out the files that a document names in manifests or as values
// of a chart, and those below the directory of a source, which a document names, or of
// a chart.
func (w *walk) withoutManifests() []File {
	named := map[string]bool{}
	for _, f := range w.files {
		if dir := path.Dir(f.at); path.Base(f.at) == "Chart.yaml" && dir != "." && !isDocument(f.Data) {
			named[dir] = true // whether or not a document names it
		}
		if !names.Match(f.Data) {
			continue
		}
		eachDocument(f.Data, func(root *yaml.Node) {
			for _, name := range namedIn(lookup(root, "spec")) {
				if at, _, err := w.follow(path.Join(path.Dir(f.shown), name)); err == nil && at != "." {
					named[at] = true
				}
			}
		})
	}
	if len(named) == 0 {
		return w.files
	}
	return slices.DeleteFunc(w.files, func(f File) bool {
		for at := cmp.Or(f.at, "."); at != "."; at = path.Dir(at) {
			if named[at] {
				return true
			}
		}
		return false
	})
}

// namedIn returns the files and directories that a document's spec names, in all of
// its layers.
func namedIn(spec *yaml.Node) []string {
	var out []string
	list := func(list *yaml.Node) {
		if list != nil && list.Kind == yaml.SequenceNode {
			for _, n := range list.Content {
				out = append(out, n.Value)
			}
		}
	}
	list(lookup(spec, "manifests"))
	list(lookup(lookup(spec, "chart"), "valuesFiles"))
	for _, field := range []string{"source", "chart"} {
		if at := lookup(lookup(spec, field), "path"); at != nil && fs.ValidPath(at.Value) && at.Value != "." {
			out = append(out, at.Value)
		}
	}
	if defaults := lookup(spec, "defaults"); defaults != nil {
		out = append(out, namedIn(defaults)...)
	}
	for _, field := range []string{"environments", "clusters"} {
		if layers := lookup(spec, field); layers != nil && layers.Kind == yaml.MappingNode {
			for i := 1; i < len(layers.Content); i += 2 {
				out = append(out, namedIn(layers.Content[i])...)
			}
		}
	}
	return out
}

// errorf adds what Fleet shall report about a path.
func (w *walk) errorf(rule, shown, fix, format string, args ...any) {
	name := path.Join(w.prefix, shown)
	w.files = append(w.files, File{Name: name, at: shown, finding: &finding.Finding{Rule: rule, Severity: finding.Error,
		Position: finding.Position{File: name}, Reason: fmt.Sprintf(format, args...), Fix: fix}})
}

// named returns an error about a path under the name that the user knows.
func (w *walk) named(shown string, err error) error {
	return fmt.Errorf("reading %s: %w", path.Join(w.prefix, shown), cause(err))
}

// cause returns what is behind an error of a file system, which may name a path
// that the user does not know.
func cause(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
