package crds

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of scopes anew")

// TestScopes holds the table of package kind to what Kubernetes and the
// operators publish.
func TestScopes(t *testing.T) {
	want, err := scopeTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "pkg", "kind", "table_gen.go")
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("pkg/kind/table_gen.go (-published +written; -update writes it):\n%s", diff)
	}
}
