package load_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// TestStrict checks what is read of a file that is not of the model.
func TestStrict(t *testing.T) {
	type entry struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	}
	type document struct {
		Entries []entry `json:"entries" merge:"name"`
	}
	for name, tc := range map[string]struct {
		reason, data, wantErr string
		want                  document
	}{
		"Valid":     {"A document is read.", "entries:\n- {name: a, size: 1}\n", "", document{[]entry{{"a", 1}}}},
		"Comment":   {"A comment is no document.", "# nothing\n", "x.lock: the file contains no document (delete the file, or restore it)", document{}},
		"Documents": {"One document is expected.", "entries: []\n---\nentries: []\n", "x.lock:3:1: the file contains more than one document (remove the other documents)", document{}},
		"Type":      {"Types are held to.", "entries: [{name: a, size: b}]\n", `x.lock:1:27: entries[a].size: expected an integer, found a string (write an integer)`, document{[]entry{{"a", 0}}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got document
			positions, err := load.Strict(load.File{Name: "x.lock", Data: []byte(tc.data)}, &got)
			message := ""
			if err != nil {
				message = err.Error()
			}
			if diff := cmp.Diff(tc.wantErr, message); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" && tc.wantErr == "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if at := positions.At(fieldpath.Path("entries").Key("a").Field("size")); name == "Valid" && at.String() != "x.lock:2:19" {
				t.Errorf("%s: at %s", tc.reason, at)
			}
		})
	}
}
