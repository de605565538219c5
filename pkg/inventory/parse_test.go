package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// FuzzParse checks that the short way of reading an inventory reads what the
// YAML parser reads, and that what is written comes back.
func FuzzParse(f *testing.F) {
	for _, p := range []string{"apps/a/base/x.yaml", "a", "1", "a: b", "a # b", "null"} {
		files := []listed{{p, tree.BlobID([]byte(p))}}
		f.Add(encode(Meta{Generator: "v0.1.0"}.head(), files))
		f.Add(encode(Meta{Generator: "1.0", Extensions: []string{"x"}}.head(), files))
	}
	f.Add([]byte(head + "devel\nfiles:\n  a: " + strings.Repeat("0123456789", 4) + "\n"))
	f.Add([]byte(head + "devel\nfiles:\n  a: b\n  a: c\n"))
	f.Add([]byte(head + "devel\nfiles:\n  a: b # c\n"))
	f.Add([]byte(head + "devel\nfiles:\n   a: b\n"))
	f.Add([]byte(head + "a: b\nfiles:\n  a: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		short, ok := parseLines(data)
		if !ok {
			return
		}
		long, err := parseYAML(data)
		if len(short.Files) == 0 {
			return // YAML takes no files for a null
		}
		if err != nil {
			t.Fatalf("%q is no YAML: %v", data, err)
		}
		if diff := cmp.Diff(long, short); diff != "" {
			t.Errorf("%q (-YAML +lines):\n%s", data, diff)
		}
	})
}

// FuzzAdd adds inventories that anybody could commit: what is listed is below the
// places of their owner, and stands in one inventory.
func FuzzAdd(f *testing.F) {
	id := strings.Repeat("a", 40)
	for _, p := range []string{".gitopsgen/apps/a/base.yaml", ".gitopsgen/apps/a/envs/prod.yaml", ".gitopsgen/platform/x/clusters/c.yaml", ".gitopsgen/../apps/a/base.yaml"} {
		f.Add(p, []byte(head+"v1\nfiles:\n  apps/a/base/x.yaml: "+id+"\n"), []byte(head+"v1\nfiles:\n  apps/a/overlays/prod/x.yaml: "+id+"\n"))
	}
	f.Add(".gitopsgen/apps/a/base.yaml", []byte("kind: Inventory\nfiles: &a [*a]"), []byte(head+"v1\nfiles:\n  CODEOWNERS: "+id+"\n"))
	f.Add(".gitopsgen/guide/base.yaml", []byte(head+"v1\nfiles:\n  .gitopsgen/README.md: "+id+"\n"), []byte(head+"v1\nfiles:\n  .gitopsgen/.gitattributes: "+id+"\n"))
	f.Add(".gitopsgen/apps/a/base.yaml", []byte("files: "+strings.Repeat("{a: ", 2000)), []byte("extensions: [1]"))
	f.Fuzz(func(t *testing.T, p string, one, two []byte) {
		s := NewSet()
		for at, data := range map[string][]byte{p: one, ".gitopsgen/apps/b/base.yaml": two} {
			if inv, err := Parse(at, data); err != nil || s.Add(inv) != nil {
				return
			}
		}
		listed := 0
		for o, inv := range s.Inventories {
			listed += len(inv.Files)
			for f := range inv.Files {
				if !owns(o, f) || tree.CheckPath(f) != nil || IsPath(f) || s.Files[f].Owner != o {
					t.Errorf("%s lists %q", Path(o), f)
				}
			}
		}
		if listed != len(s.Files) {
			t.Errorf("%d files are listed, and %d are known", listed, len(s.Files))
		}
	})
}

// TestParse checks what is refused.
func TestParse(t *testing.T) {
	id := strings.Repeat("a", 40)
	for name, tc := range map[string]struct{ reason, data, err string }{
		"Lines":     {"What we write is read.", head + "v1.0.0\nfiles:\n  apps/a/x.yaml: " + id + "\n", ""},
		"Comment":   {"So is what a person touched.", "# mine\n" + head + "v1.0.0\nfiles:\n  apps/a/x.yaml: " + id + "\n", ""},
		"Outside":   {"A path stays in the tree.", head + "v1.0.0\nfiles:\n  ../x.yaml: " + id + "\n", "leaves the tree"},
		"Git":       {"Git's own files are not ours.", head + "v1.0.0\nfiles:\n  .git/config: " + id + "\n", "cannot be in a tree"},
		"Inventory": {"Inventories do not list inventories.", head + "v1.0.0\nfiles:\n  .gitopsgen/apps/a/base.yaml: " + id + "\n", "not a file of gitopsgen"},
		"Guide":     {"But the files that explain the tree are listed.", head + "v1.0.0\nfiles:\n  .gitopsgen/.gitattributes: " + id + "\n  .gitopsgen/README.md: " + id + "\n", ""},
		"Beside":    {"No other is that is below .gitopsgen.", head + "v1.0.0\nfiles:\n  .gitopsgen/apps/README.md: " + id + "\n", "not a file of gitopsgen"},
		"Short":     {"A blob id has 40 digits.", head + "v1.0.0\nfiles:\n  apps/a/x.yaml: abc\n", "not a blob id"},
		"Upper":     {"They are in lower case.", head + "v1.0.0\nfiles:\n  apps/a/x.yaml: " + strings.Repeat("A", 40) + "\n", "not a blob id"},
		"Twice":     {"A path stands once.", head + "v1.0.0\nfiles:\n  a.yaml: " + id + "\n  a.yaml: " + id + "\n", "a.yaml"},
		"Large":     {"What a person wrote is not read without bounds.", "# mine\n" + head + "v1.0.0\nfiles: {" + strings.Repeat("a: b, ", 1<<21) + "}\n", "more than"},
		"Kind":      {"Another kind is none.", "apiVersion: v1\nkind: List\n", "not an inventory"},
	} {
		_, err := parse([]byte(tc.data))
		if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: %s: error %v, want %q", name, tc.reason, err, tc.err)
		}
	}
}

// TestAddHostile adds inventories that anybody could commit: none takes a file that is
// not in the places of its owner.
func TestAddHostile(t *testing.T) {
	for name, tc := range map[string]struct{ reason, at, file, err string }{
		"Guide":       {"The guide has its two files.", ".gitopsgen/guide/base.yaml", layout.Guide, ""},
		"Person":      {"It has no others, neither a person's", ".gitopsgen/guide/base.yaml", "CODEOWNERS", "not a valid path"},
		"App":         {"nor an app's", ".gitopsgen/guide/base.yaml", "apps/web/base/service.yaml", "not a valid path"},
		"Below":       {"nor others below .gitopsgen.", ".gitopsgen/guide/base.yaml", ".gitopsgen/notes.md", "not a file of gitopsgen"},
		"Inventory":   {"An inventory is none of them.", ".gitopsgen/guide/base.yaml", ".gitopsgen/apps/web/base.yaml", "not a file of gitopsgen"},
		"Itself":      {"Nor is its own.", ".gitopsgen/guide/base.yaml", ".gitopsgen/guide/base.yaml", "not a file of gitopsgen"},
		"Staging":     {"Nor what a run would obey.", ".gitopsgen/guide/base.yaml", layout.Staging, "not a file of gitopsgen"},
		"Other":       {"No other unit has the guide.", ".gitopsgen/apps/web/base.yaml", layout.Guide, "not a valid path"},
		"Environment": {"The guide is of no environment.", ".gitopsgen/guide/envs/prod.yaml", layout.Guide, "not the path of an inventory"},
		"Cluster":     {"Nor of a cluster.", ".gitopsgen/guide/clusters/hub.yaml", layout.Guide, "not the path of an inventory"},
		"Deeper":      {"A unit that only begins like it is another.", ".gitopsgen/guide/envs/base.yaml", layout.Guide, "not a valid path"},
		"Unit":        {"Only apps and components have bases.", ".gitopsgen/src/lib/base.yaml", "src/lib/base/main.go", "not a valid path"},
	} {
		t.Run(name, func(t *testing.T) {
			inv, err := Parse(tc.at, []byte(head+"v1\nfiles:\n  "+tc.file+": "+strings.Repeat("a", 40)+"\n"))
			if err == nil {
				err = NewSet().Add(inv)
			}
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.err)
			}
		})
	}
}
