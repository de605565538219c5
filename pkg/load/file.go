package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// readFiles reads files. What has no document at all, a directory or a file of
// its own, is a finding: what it should have said would be deleted.
func (d *decoder) readFiles(files []File) {
	said := map[string]int{} // documents and findings, by directory or file
	for _, f := range files {
		before := d.documents + len(d.list)
		d.readFile(f)
		said[cmp.Or(f.dir, f.Name)] += d.documents + len(d.list) - before
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if said[name] == 0 {
			d.list = append(d.list, finding.Finding{Rule: "no-documents", Severity: finding.Error, Position: finding.Position{File: name},
				Reason: "there are no documents", Fix: "pass the files or the directory of the fleet"})
		}
	}
}

// readFile reads all documents of a file.
func (d *decoder) readFile(f File) {
	d.file = f
	if f.finding != nil {
		d.list = append(d.list, *f.finding)
		return
	}
	d.documentsOf(func(root *yaml.Node) { d.document(root) })
}

// documentsOf shows the roots of the current file's documents that are within
// bounds. What stands behind a syntax error is not read.
func (d *decoder) documentsOf(show func(root *yaml.Node)) {
	if len(d.file.Data) > MaxFile {
		d.fileError("too-large", 0, "split it", "the file is larger than %d MiB", MaxFile>>20)
		return
	}
	if before := d.read; before <= maxTotal {
		if d.read += len(d.file.Data); d.read > maxTotal {
			d.fileError("too-large", 0, "pass only the directory of the fleet, or split the fleet", "the files are larger than %d MiB in total", maxTotal>>20)
		}
	}
	if d.read > maxTotal {
		return
	}
	if i := invalidUTF8(d.file.Data); i >= 0 {
		d.fileError("not-utf8", i, "save the file as UTF-8", "the file is not valid UTF-8")
		return
	}
	dec := yaml.NewDecoder(bytes.NewReader(d.file.Data))
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			d.syntax(err)
			return
		}
		if root := node.Content[0]; d.within(root, 0) && d.bounded(root) {
			show(root)
		}
	}
}

// invalidUTF8 returns the offset of the first byte that is part of no character, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	i := 0
	for {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// breaks matches the ends of lines, as YAML counts them.
var breaks = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

// fileError adds a finding about a byte of the current file.
func (d *decoder) fileError(rule string, offset int, fix, format string, args ...any) {
	before := d.file.Data[:offset]
	ends := breaks.FindAllIndex(before, -1)
	start := 0
	if len(ends) > 0 {
		start = ends[len(ends)-1][1]
	}
	d.list = append(d.list, finding.Finding{Rule: rule, Severity: finding.Error,
		Position: finding.Position{File: d.file.Name, Line: len(ends) + 1, Col: utf8.RuneCount(before[start:]) + 1},
		Reason:   fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: fix})
}

var (
	lineOf   = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)
	anchorOf = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// syntax adds the finding of what the parser says.
func (d *decoder) syntax(err error) {
	line, reason, offset := 1, err.Error(), 0
	if m := lineOf.FindStringSubmatch(reason); m != nil {
		line, _ = strconv.Atoi(m[1]) // 0 without one
		reason = m[2]
	}
	if m := anchorOf.FindStringSubmatch(reason); m != nil {
		offset = max(0, bytes.Index(d.file.Data, []byte("*"+m[1])))
	}
	for ; line > 1; line-- {
		end := breaks.FindIndex(d.file.Data[offset:])
		if end == nil {
			break
		}
		offset += end[1]
	}
	d.fileError("yaml-syntax", offset, "fix the syntax", "invalid YAML: %s", reason)
}

// manifests returns the objects of whole YAML files that the document at a path
// names. They go into a list at another, behind so many others. Their positions
// are those in these files.
func (d *decoder) manifests(names []string, at, list fieldpath.Path, others int) []model.RawObject {
	var out []model.RawObject
	from := d.file
	defer func() { d.file = from }()
	for i, name := range names {
		where := at.Field("manifests").Index(i)
		fail := func(format string, args ...any) {
			d.list = append(d.list, finding.Finding{Rule: "manifest", Severity: finding.Error, Path: where, Position: d.positions.At(where),
				Reason: fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: "set the path of a YAML file, relative to this one"})
		}
		if from.Open == nil || !fs.ValidPath(name) {
			fail("%q is not a valid path of a file here", name)
			continue
		}
		full := path.Join(path.Dir(from.Name), name)
		if d.read > maxTotal {
			break // which is reported
		}
		data, err := from.Open(name)
		if err != nil {
			fail("the file %s cannot be read: %v", full, credential.RedactError(name, cause(err)))
			continue
		}
		d.file = File{Name: full, Data: data}
		d.documentsOf(func(root *yaml.Node) {
			out = append(out, d.objects(root, list, others+len(out))...)
		})
	}
	return out
}

// objects returns the objects of a document of a whole YAML file, which go into a
// list behind so many others.
func (d *decoder) objects(root *yaml.Node, list fieldpath.Path, others int) []model.RawObject {
	var out []model.RawObject
	for _, n := range itemsOf(root) {
		if o, ok := d.manifest(n, list.Index(others+len(out))); ok {
			out = append(out, o)
		}
	}
	return out
}

// itemsOf returns the objects of a list, or the one that is none.
func itemsOf(n *yaml.Node) []*yaml.Node {
	if isNull(n) {
		return nil
	}
	items, kind := lookup(n, "items"), lookup(n, "kind")
	if items == nil || items.Kind != yaml.SequenceNode || kind == nil || !strings.HasSuffix(kind.Value, "List") {
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for _, item := range items.Content {
		out = append(out, itemsOf(item)...)
	}
	return out
}

// manifest reads a whole object, which may hold nulls, as the API server prints
// them.
func (d *decoder) manifest(n *yaml.Node, at fieldpath.Path) (model.RawObject, bool) {
	d.positions[at] = d.at(n)
	before := len(d.list)
	if d.inside(n, at, true); len(d.list) > before {
		return nil, false
	}
	value, err := object.Value(n)
	m, ok := value.(map[string]any)
	if err == nil && !ok {
		err = errors.New("this is not a Kubernetes object")
	}
	var o object.Object
	if err == nil {
		o, err = object.FromMap(m)
	}
	if err != nil {
		d.errorf("manifest", n, at, "write a complete Kubernetes object", "%v", err)
		return nil, false
	}
	return o.Map(), true
}

// lookup returns the value of a mapping's key, or nil.
func lookup(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
