package edit_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/edit"
)

const app = "kind: App\nmetadata: {name: web}\n"

func TestSet(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		in     string
		place  edit.Place
		value  any
		want   string
		err    bool
	}{
		"Comment":   {"What stands behind a value stays.", app + "spec:\n  image: web:1 # the image\n  replicas: 2\n", edit.Place{Path: "image"}, "web:2", app + "spec:\n  image: web:2 # the image\n  replicas: 2\n", false},
		"Quotes":    {"Quotes stay.", app + "spec: {image: \"web:1\"}\n", edit.Place{Path: "image"}, "web:2", app + "spec: {image: \"web:2\"}\n", false},
		"Number":    {"A number is a number.", app + "spec:\n  replicas: 2\n", edit.Place{Path: "replicas"}, int64(3), app + "spec:\n  replicas: 3\n", false},
		"NewEnv":    {"What is missing is added.", app + "spec:\n  image: web:1\n", edit.Place{Environment: "prod", Path: "replicas"}, int64(3), app + "spec:\n  image: web:1\n  environments:\n    prod:\n      replicas: 3\n", false},
		"Cluster":   {"A cluster's override stands in its environment.", app + "spec:\n  environments:\n    prod:\n      replicas: 3\n  image: web:1\n", edit.Place{Environment: "prod", Cluster: "tokyo", Path: "replicas"}, int64(9), app + "spec:\n  environments:\n    prod:\n      replicas: 3\n      clusters:\n        tokyo:\n          replicas: 9\n  image: web:1\n", false},
		"Flow":      {"A flow mapping grows in its line.", app + "spec:\n  resources: {requests: {cpu: 100m}}\n", edit.Place{Path: "resources.requests.memory"}, "64Mi", app + "spec:\n  resources: {requests: {cpu: 100m, memory: 64Mi}}\n", false},
		"EmptyFlow": {"An empty one too.", app + "spec:\n  resources: {}\n", edit.Place{Path: "resources.requests.cpu"}, "1", app + "spec:\n  resources: {requests: {cpu: \"1\"}}\n", false},
		"Entry":     {"Entries of named lists are found by name.", app + "spec:\n  env:\n  - name: A\n    value: \"1\"\n  - {name: B, value: x}\n", edit.Place{Path: "env[B].value"}, "z", app + "spec:\n  env:\n  - name: A\n    value: \"1\"\n  - {name: B, value: z}\n", false},
		"NewEntry":  {"New entries are appended.", app + "spec:\n  env:\n    - name: A\n      value: x\n  image: a:1\n", edit.Place{Path: "env[B].value"}, "8080", app + "spec:\n  env:\n    - name: A\n      value: x\n    - name: B\n      value: \"8080\"\n  image: a:1\n", false},
		"CRLF":      {"Line ends stay.", "kind: App\r\nmetadata: {name: web}\r\nspec:\r\n  image: web:1\r\n", edit.Place{Path: "replicas"}, int64(1), "kind: App\r\nmetadata: {name: web}\r\nspec:\r\n  image: web:1\r\n  replicas: 1\r\n", false},
		"NoEnd":     {"A file may lack its last line end.", app + "spec:\n  image: web:1", edit.Place{Path: "replicas"}, int64(1), app + "spec:\n  image: web:1\n  replicas: 1\n", false},
		"Second":    {"Other documents stay.", "kind: App\nmetadata: {name: api}\nspec:\n  image: api:1\n---\n" + app + "spec:\n  image: web:1\n", edit.Place{Path: "image"}, "web:2", "kind: App\nmetadata: {name: api}\nspec:\n  image: api:1\n---\n" + app + "spec:\n  image: web:2\n", false},
		"Unicode":   {"Columns count characters.", app + "spec: {labels: {\"ä\": \"ö\"}, image: web:1}\n", edit.Place{Path: "image"}, "web:2", app + "spec: {labels: {\"ä\": \"ö\"}, image: web:2}\n", false},
		"Block":     {"A new field stands behind a literal block.", app + "spec:\n  config:\n  - name: a\n    data:\n      x: |\n        one\n        two\n", edit.Place{Path: "replicas"}, int64(2), app + "spec:\n  config:\n  - name: a\n    data:\n      x: |\n        one\n        two\n  replicas: 2\n", false},
		"Null":      {"A key without a value takes one.", app + "spec:\n  image: a:1\n  environments:\n    prod:\n", edit.Place{Environment: "prod", Path: "replicas"}, int64(2), app + "spec:\n  image: a:1\n  environments:\n    prod:\n      replicas: 2\n", false},
		"Mapping":   {"A mapping is no single value.", app + "spec:\n  resources: {}\n", edit.Place{Path: "resources"}, "x", "", true},
		"Alias":     {"What an anchor shares is left alone.", app + "spec:\n  labels: &l {a: b}\n", edit.Place{Path: "labels.a"}, "x", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			tc.place.App = "web"
			got, err := edit.Set([]byte(tc.in), tc.place, tc.value)
			if tc.err {
				if err == nil {
					t.Fatalf("%s: no error, but\n%s", tc.reason, got)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSetNoApp(t *testing.T) {
	if _, err := edit.Set([]byte(app), edit.Place{App: "api", Path: "image"}, "x"); !errors.Is(err, edit.ErrNoApp) {
		t.Errorf("error %v, want ErrNoApp", err)
	}
}

// FuzzSet checks that an edit is refused, or changes the one value: Set checks
// itself, so what is left to see is that it does not panic and is stable.
func FuzzSet(f *testing.F) {
	f.Add(app+"spec:\n  image: a:1 # x\n", "image", "b:2")
	f.Add(app+"spec: {env: [{name: A, value: 'it''s'}]}\n", "env[A].value", "x: y")
	f.Add(app+"spec:\n  a:\n  - b\n  c: |\n    x\n", "d.e", "yes")
	f.Add(app, "", "a\n")
	f.Add(app, "env[A].value", "!a\n")
	f.Fuzz(func(t *testing.T, data, path, value string) {
		p := edit.Place{App: "web", Path: fieldpath.Path(path)}
		once, err := edit.Set([]byte(data), p, value)
		if err != nil {
			return
		}
		twice, err := edit.Set(once, p, value)
		if err != nil || string(once) != string(twice) {
			t.Errorf("setting it again: %v\n%q\n%q", err, once, twice)
		}
	})
}

// TestGet finds what is written, and where.
func TestGet(t *testing.T) {
	const doc = app + "spec:\n  image: web:1\n  env:\n  - {name: A, value: ä}\n  environments:\n    prod: {clusters: {tokyo: {replicas: 3}}}\n"
	for name, tc := range map[string]struct {
		reason string
		place  edit.Place
		want   *edit.Found
	}{
		"Field":   {"A value has a place.", edit.Place{Path: "image"}, &edit.Found{Value: "web:1", Line: 4, Col: 10}},
		"Entry":   {"So has that of an entry.", edit.Place{Path: "env[A].value"}, &edit.Found{Value: "ä", Line: 6, Col: 22}},
		"Cluster": {"Overrides are places of their own.", edit.Place{Environment: "prod", Cluster: "tokyo", Path: "replicas"}, &edit.Found{Value: int64(3), Line: 8, Col: 41}},
		"Missing": {"What is not written is nowhere.", edit.Place{Environment: "dev", Path: "replicas"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tc.place.App = "web"
			got, err := edit.Get([]byte(doc), tc.place)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	if _, err := edit.Get([]byte(doc), edit.Place{App: "api", Path: "image"}); !errors.Is(err, edit.ErrNoApp) {
		t.Errorf("another app: %v", err)
	}
}
