package tree_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// of returns the tree of files that hold their own path.
func of(t *testing.T, paths ...string) *tree.Tree {
	t.Helper()
	var files []tree.File
	for _, p := range paths {
		files = append(files, tree.File{Path: p, Data: []byte(p)})
	}
	out, err := tree.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func pathsOf(files []tree.File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Path)
	}
	return out
}

// neighbours are paths whose order is not that of their parts.
var neighbours = []string{"a/b/c", "a-b", "a.yaml", "a0", "a/b.yaml", "a/b-c/d", "a/b0", "ab/c", "A", "b", "é/è"}

func TestNew(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		paths  []string
		err    string
	}{
		"Empty":         {"A tree may be empty.", nil, ""},
		"Neighbours":    {"Names may begin alike.", neighbours, ""},
		"Twice":         {"Files have one content.", []string{"a", "b", "a"}, "two files have the path a"},
		"FileAndDir":    {"A file holds no files.", []string{"a/b", "a", "a-b"}, "a is both a file and a directory"},
		"FileAndDeeper": {"At no depth.", []string{"a/b/c/d", "a/b"}, "a/b is both a file and a directory"},
		"Escape":        {"Trees do not reach out.", []string{"../a"}, `path "../a" is not clean, or leaves the tree`},
	} {
		t.Run(name, func(t *testing.T) {
			var files []tree.File
			for _, p := range tc.paths {
				files = append(files, tree.File{Path: p})
			}
			got, err := tree.New(files)
			if tc.err != "" {
				if fmt.Sprint(err) != tc.err {
					t.Errorf("%s: New: got %v, want %s", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: New: %v", tc.reason, err)
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(tc.paths)), pathsOf(got.Files())); diff != "" {
				t.Errorf("%s: New (-want +got):\n%s", tc.reason, diff)
			}
			if got.Len() != len(tc.paths) {
				t.Errorf("%s: Len: got %d, want %d", tc.reason, got.Len(), len(tc.paths))
			}
		})
	}
}

// TestWith checks that a tree with more files is the tree of all of them.
func TestWith(t *testing.T) {
	for name, tc := range map[string]struct {
		reason     string
		have, more []string
		err        string
	}{
		"Empty":      {"Nothing may be added.", neighbours, nil, ""},
		"ToEmpty":    {"A tree may have been empty.", nil, neighbours, ""},
		"Between":    {"Files are merged by path.", neighbours[:5], neighbours[5:], ""},
		"Twice":      {"A file is in one of them.", []string{"a", "b"}, []string{"b"}, "two files have the path b"},
		"FileAndDir": {"What was a file is no directory.", []string{"a"}, []string{"a/b"}, "a is both a file and a directory"},
		"DirAndFile": {"What was a directory is no file.", []string{"a/b/c"}, []string{"a/b"}, "a/b is both a file and a directory"},
		"Escape":     {"What is added does not reach out.", []string{"a"}, []string{"../a"}, `path "../a" is not clean, or leaves the tree`},
	} {
		t.Run(name, func(t *testing.T) {
			var more []tree.File
			for _, p := range tc.more {
				more = append(more, tree.File{Path: p, Data: []byte(p)})
			}
			got, err := of(t, tc.have...).With(more)
			if tc.err != "" {
				if fmt.Sprint(err) != tc.err {
					t.Errorf("%s: With: got %v, want %s", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: With: %v", tc.reason, err)
			}
			want := of(t, slices.Concat(tc.have, tc.more)...)
			if diff := cmp.Diff(want.Files(), got.Files()); diff != "" {
				t.Errorf("%s: With (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(want.BlobIDs(), got.BlobIDs()); diff != "" {
				t.Errorf("%s: BlobIDs (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBlobIDs checks that each id is that of the file in its place.
func TestBlobIDs(t *testing.T) {
	tr := of(t, neighbours...)
	for i, f := range tr.Files() {
		if want := tree.BlobID([]byte(f.Path)); tr.BlobIDs()[i] != want || tr.BlobID(f.Path) != want {
			t.Errorf("%s: got %s and %s, want %s", f.Path, tr.BlobIDs()[i], tr.BlobID(f.Path), want)
		}
	}
	if got := tr.BlobID("no"); got != "" {
		t.Errorf("BlobID of a file that is not there: got %s", got)
	}
	if got := new(tree.Tree).BlobIDs(); len(got) > 0 {
		t.Errorf("BlobIDs of the zero value: got %v", got)
	}
}

func TestUnder(t *testing.T) {
	tr := of(t, neighbours...)
	for dir, want := range map[string][]string{
		"a":      {"a/b-c/d", "a/b.yaml", "a/b/c", "a/b0"},
		"a/b":    {"a/b/c"},
		"a/b-c":  {"a/b-c/d"},
		"ab":     {"ab/c"},
		"b":      nil,
		"z":      nil,
		"a/b/c":  nil,
		"é":      {"é/è"},
		"a.yaml": nil,
		".":      slices.Sorted(slices.Values(neighbours)),
		"":       slices.Sorted(slices.Values(neighbours)),
	} {
		if diff := cmp.Diff(want, pathsOf(tr.Under(dir))); diff != "" {
			t.Errorf("Under(%q) (-want +got):\n%s", dir, diff)
		}
	}
}

func TestGet(t *testing.T) {
	tr := of(t, neighbours...)
	for _, p := range neighbours {
		if f, ok := tr.Get(p); !ok || string(f.Data) != p {
			t.Errorf("Get(%q): got %q, %v", p, f.Data, ok)
		}
	}
	for _, p := range []string{"", ".", "a", "a/", "a/b", "zz", "/a0"} {
		if _, ok := tr.Get(p); ok {
			t.Errorf("Get(%q): got a file, want none", p)
		}
	}
}

func TestFS(t *testing.T) {
	tr := of(t, neighbours...)
	if err := fstest.TestFS(tr, neighbours...); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(&tree.Tree{}); err != nil {
		t.Errorf("the empty tree: %v", err)
	}
	data, err := tr.ReadFile("b")
	if err != nil {
		t.Fatal(err)
	}
	data[0] = 'x'
	if f, _ := tr.Get("b"); string(f.Data) != "b" {
		t.Errorf("changing what ReadFile returned changed the tree: %q", f.Data)
	}
	for name, op := range map[string]func() error{
		"readfile a: invalid argument":         func() error { _, err := tr.ReadFile("a"); return err },
		"readdir b: invalid argument":          func() error { _, err := tr.ReadDir("b"); return err },
		"stat c: file does not exist":          func() error { _, err := tr.Stat("c"); return err },
		"open a/../b: invalid argument":        func() error { _, err := tr.Open("a/../b"); return err },
		"readfile b/c: file does not exist":    func() error { _, err := tr.ReadFile("b/c"); return err },
		"readdir a/b/c/d: file does not exist": func() error { _, err := tr.ReadDir("a/b/c/d"); return err },
	} {
		if err := op(); fmt.Sprint(err) != name {
			t.Errorf("got the error %v, want %s", err, name)
		}
	}
}

func TestCheckPath(t *testing.T) {
	for _, p := range []string{"a", "a/b.yaml", ".gitopsgen/apps/a/base.yaml", ".gitignore", ".github/x", "git", "a b", "..a", "a..", "...", "git~2", "CON", "ñ"} {
		if err := tree.CheckPath(p); err != nil {
			t.Errorf("CheckPath(%q): %v", p, err)
		}
	}
	for _, p := range []string{
		"", ".", "..", "/", "/a", "a/", "a//b", "./a", "a/.", "a/..", "a/../b", "../a", // unclean
		`a\b`, `..\a`, "c:", "c:/a", "a:b", "a\x00b", "a\nb", "a\rb", "a\x1b[0m", "a\x7f", "a\u0085", "\xff", // not portable
		".git", ".git/config", "a/.git/hooks/x", ".GIT", ".Git/a", ".git.", ".git ", ".git. ./a", "git~1", "GIT~1/a", ".g\u200cit", "\ufeff.git/a", ".git::$INDEX_ALLOCATION", // git's own
	} {
		if err := tree.CheckPath(p); err == nil {
			t.Errorf("CheckPath(%q): want an error", p)
		}
	}
}

// FuzzCheckPath checks that what passes stays below the root and out of git's
// directory, however a platform reads it, and can stand in a tree.
func FuzzCheckPath(f *testing.F) {
	for _, p := range append([]string{"", "..", "/a", `a\..\b`, ".git/config", "a/./b", "a:b", "git~1", ".gi\u200ct"}, neighbours...) {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if tree.CheckPath(p) != nil {
			if _, err := tree.New([]tree.File{{Path: p}}); err == nil {
				t.Errorf("New takes %q, which CheckPath refuses", p)
			}
			return
		}
		if !fs.ValidPath(p) || path.IsAbs(p) || path.Clean(p) != p || path.Join("/root", p) != "/root/"+p {
			t.Errorf("CheckPath takes %q, which is not clean", p)
		}
		for _, part := range strings.FieldsFunc(p, func(r rune) bool { return r == '/' || r == '\\' || r == ':' }) {
			if part == ".." || strings.EqualFold(strings.TrimRight(part, ". "), ".git") {
				t.Errorf("CheckPath takes %q, a part of which is %q", p, part)
			}
		}
		tr, err := tree.New([]tree.File{{Path: p, Data: []byte("x")}})
		if err != nil {
			t.Fatalf("New refuses %q, which CheckPath takes: %v", p, err)
		}
		if strings.ContainsAny(p, "*?[]^-") {
			return // TestFS makes patterns of names
		}
		if err := fstest.TestFS(tr, p); err != nil {
			t.Error(err)
		}
	})
}
