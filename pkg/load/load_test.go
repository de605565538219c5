package load_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

const fleet = "apiVersion: gitopsgen.dev/v1alpha1\nkind: Fleet\nmetadata: {name: shop}\n"

func app(spec string) load.File {
	return load.File{Name: "a.yaml", Data: []byte(fleet + "---\napiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: web}\nspec: " + spec + "\n")}
}

// TestUnset checks what removes what earlier layers said.
func TestUnset(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, spec string
		want         []fieldpath.Path
	}{
		"Null":    {"A null removes a field.", "{readiness: null}", []fieldpath.Path{"readiness"}},
		"Key":     {"A null removes a map's key.", "{labels: {team: null}}", []fieldpath.Path{"labels[team]"}},
		"Entry":   {"A null removes a field of a named entry.", "{volumes: [{name: a, emptyDir: null}]}", []fieldpath.Path{"volumes[a].emptyDir"}},
		"Zero":    {"A zero that means absence removes.", "{readiness: {initialDelaySeconds: 0}}", []fieldpath.Path{"readiness.initialDelaySeconds"}},
		"Pointer": {"A zero that is a value does not.", "{replicas: 0, service: {enabled: false}}", nil},
		"Empty":   {"An empty list removes all entries.", "{args: [], env: []}", []fieldpath.Path{"args", "env"}},
		"Listed":  {"What unset names is removed.", "{unset: ['env[A]']}", []fieldpath.Path{"env[A]"}},
		"Beside":  {"A null beside unset removes too.", "{readiness: null, unset: ['env[A]']}", []fieldpath.Path{"env[A]", "readiness"}},
		"Behind":  {"The order of the fields does not matter.", "{unset: ['env[A]'], readiness: null}", []fieldpath.Path{"env[A]", "readiness"}},
		"Whole":   {"A null for all that a variable is removes the variable.", "{env: [{name: A, value: null}]}", []fieldpath.Path{"env[A]"}},
		"Other":   {"A null beside another source does not.", "{env: [{name: A, value: null, fromField: metadata.name}]}", nil},
		"Nothing": {"A variable without a source is the empty text.", "{env: [{name: A}]}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := load.Fleet(nil, app(tc.spec))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, l.Fleet.Apps[0].Spec.Unset); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBase adds YAML to a fleet in Go.
func TestBase(t *testing.T) {
	base := &model.Fleet{Name: "shop", Apps: []model.App{{Name: "api"}}}
	doc := strings.TrimPrefix(string(app("{image: 'web:1'}").Data), fleet+"---\n")
	l, err := load.Fleet(base, load.File{Name: "a.yaml", Data: []byte(doc)})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Fleet.Apps) != 2 || len(base.Apps) != 1 {
		t.Errorf("%d apps, and %d in the program's fleet", len(l.Fleet.Apps), len(base.Apps))
	}
	_, err = load.Fleet(base, load.File{Name: "a.yaml", Data: []byte(strings.ReplaceAll(doc, "name: web", "name: api"))})
	if err == nil || !strings.Contains(err.Error(), "App api is already defined in the program") {
		t.Errorf("error %v", err)
	}
}

// TestManifests reads whole YAML files as an app.
func TestManifests(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"fleet.yaml":   string(app("{manifests: [legacy.yaml]}").Data),
		"legacy.yaml":  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: legacy}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: legacy}\n",
		".hidden.yaml": "nonsense: [",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := load.FS(os.DirFS(dir), "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.Fleet.Apps[0].Spec.Objects); n != 2 {
		t.Errorf("%d objects, want 2", n)
	}
	_, err = load.Fleet(nil, load.File{Name: "a.yaml", Data: app("{manifests: [../../etc/passwd]}").Data, Open: func(string) ([]byte, error) {
		t.Error("a path outside was opened")
		return nil, errors.New("opened")
	}})
	if err == nil {
		t.Error("a path outside was accepted")
	}
}

// FuzzFleet checks that no input panics, and that each finding about a file
// names a place in it.
func FuzzFleet(f *testing.F) {
	files, err := filepath.Glob("../../testdata/broken/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, spec := range []string{"{args: &a [*a]}", "{objects: [{<<: 1, !x a: null}]}", "\n  image: \u2028 *b", "{labels: !!map {? [a] : b}}"} {
		f.Add(app(spec).Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := load.Fleet(nil, load.File{Name: "f.yaml", Data: data})
		var found *finding.ValidationError
		if err != nil && !errors.As(err, &found) {
			t.Fatalf("an error that is no findings: %v", err)
		}
		if err == nil {
			return
		}
		lines := yamlLines.Split(string(data), -1)
		for _, x := range found.List {
			p := x.Position
			if p.File == "" || x.Rule == "no-documents" {
				continue
			}
			if p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > utf8.RuneCountInString(lines[p.Line-1])+1 {
				t.Errorf("%s: that place is not in %q", x, data)
			}
		}
	})
}

// yamlLines matches what YAML takes for the end of a line.
var yamlLines = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")
