package tree_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func TestChanges(t *testing.T) {
	with := func(content map[string]string) *tree.Tree {
		var files []tree.File
		for p, data := range content {
			files = append(files, tree.File{Path: p, Data: []byte(data)})
		}
		out, err := tree.New(files)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, tc := range map[string]struct {
		reason   string
		from, to map[string]string
		want     []tree.Change
	}{
		"Nothing":   {"Equal trees do not differ.", map[string]string{"a": "1"}, map[string]string{"a": "1"}, nil},
		"Empty":     {"Nor do empty ones.", nil, nil, nil},
		"AllAdded":  {"From nothing, everything is new.", nil, map[string]string{"b": "1", "a": ""}, []tree.Change{{Path: "a", Kind: tree.Added}, {Path: "b", Kind: tree.Added}}},
		"AllGone":   {"To nothing, everything goes.", map[string]string{"b/c": "1"}, nil, []tree.Change{{Path: "b/c", Kind: tree.Removed}}},
		"Mixed":     {"All kinds are sorted by path.", map[string]string{"a": "1", "b": "1", "c": "1", "e": "1"}, map[string]string{"b": "2", "c": "1", "d": "1", "e": ""}, []tree.Change{{Path: "a", Kind: tree.Removed}, {Path: "b", Kind: tree.Modified}, {Path: "d", Kind: tree.Added}, {Path: "e", Kind: tree.Modified}}},
		"FileToDir": {"A file may become a directory.", map[string]string{"a": "1"}, map[string]string{"a/b": "1"}, []tree.Change{{Path: "a", Kind: tree.Removed}, {Path: "a/b", Kind: tree.Added}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tree.Changes(with(tc.from), with(tc.to))); diff != "" {
				t.Errorf("%s: Changes (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestBlobID(t *testing.T) {
	known := map[string]string{
		"":        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
		"hello\n": "ce013625030ba8dba906f756967f9e9ca394464a",
	}
	for data, want := range known {
		if got := tree.BlobID([]byte(data)); got != want {
			t.Errorf("BlobID(%q): got %s, want %s", data, got, want)
		}
	}
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git to compare with")
	}
	for _, data := range []string{"", "a", "a\r\nb\n", "\x00\xff", strings.Repeat("x", 100_000)} {
		cmd := exec.Command(git, "hash-object", "--stdin", "--no-filters")
		cmd.Dir, cmd.Stdin = t.TempDir(), strings.NewReader(data)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tree.BlobID([]byte(data)), string(bytes.TrimSpace(out)); got != want {
			t.Errorf("BlobID of %d bytes: got %s, git says %s", len(data), got, want)
		}
	}
}
