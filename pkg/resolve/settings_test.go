package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// cost are the settings of a feature.
type cost struct {
	Owner  string            `json:"owner,omitempty"`
	Tags   map[string]string `json:"tags,omitempty"`
	Notes  []string          `json:"notes,omitempty" merge:"append"`
	Lines  []string          `json:"lines,omitempty"`
	Alerts []model.Port      `json:"alerts,omitempty" merge:"name"`
	Daily  *model.Port       `json:"daily,omitempty" oneof:"true"`
	Yearly *model.Port       `json:"yearly,omitempty" oneof:"true"`
	Filled string            `json:"filled,omitempty"`
}

// TestSettings merges the settings of a feature over the layers of a target, and names
// the layer of each value.
func TestSettings(t *testing.T) {
	type layer = model.AppSpec
	has := func(c cost) layer { return layer{Extensions: model.Extensions{"cost": &c}} }
	path := func(layer string) fieldpath.Path { return "extensions[cost]." + fieldpath.Path(layer) }
	for name, tc := range map[string]struct {
		reason    string
		fleet     layer
		env       layer
		app, prod layer
		want      *cost
		origins   map[fieldpath.Path]string
	}{
		"Fields": {"A field has the value of the last layer that sets it.",
			has(cost{Owner: "a"}), has(cost{Lines: []string{"x", "y"}}), has(cost{Owner: "b"}), has(cost{Lines: []string{"z"}}),
			&cost{Owner: "b", Lines: []string{"z"}, Filled: "prod"}, map[fieldpath.Path]string{path("owner"): "app", path("lines[0]"): "app/prod"}},
		"Maps": {"Maps merge key by key.",
			has(cost{Tags: map[string]string{"a": "1", "b": "1"}}), layer{}, has(cost{Tags: map[string]string{"b": "2"}}), layer{},
			&cost{Tags: map[string]string{"a": "1", "b": "2"}, Filled: "prod"}, map[fieldpath.Path]string{path("tags[a]"): "fleet", path("tags[b]"): "app"}},
		"Lists": {"Lists merge by the tags of their fields.",
			has(cost{Notes: []string{"a"}, Alerts: []model.Port{{Name: "x", Port: 1}}}), has(cost{Notes: []string{"b", "c"}}), has(cost{Notes: []string{"d"}, Alerts: []model.Port{{Name: "x", Protocol: "UDP"}}}), layer{},
			&cost{Notes: []string{"a", "b", "c", "d"}, Alerts: []model.Port{{Name: "x", Port: 1, Protocol: "UDP"}}, Filled: "prod"},
			map[fieldpath.Path]string{path("notes[0]"): "fleet", path("notes[1]"): "environment/prod", path("notes[2]"): "environment/prod", path("notes[3]"): "app",
				path("alerts[x].name"): "fleet", path("alerts[x].port"): "fleet", path("alerts[x].protocol"): "app"}},
		"OneOf": {"Of fields that exclude each other, the last one stays.",
			has(cost{Daily: &model.Port{Port: 1}}), has(cost{Yearly: &model.Port{Port: 2}}), layer{}, layer{},
			&cost{Yearly: &model.Port{Port: 2}, Filled: "prod"}, map[fieldpath.Path]string{path("yearly.port"): "environment/prod"}},
		"Unset": {"A layer removes a field, an entry, or all of the settings.",
			has(cost{Owner: "a", Notes: []string{"a"}, Alerts: []model.Port{{Name: "x"}, {Name: "y"}}}), layer{Unset: []fieldpath.Path{"extensions[cost].owner", "extensions.cost.alerts[x]"}}, layer{}, layer{},
			&cost{Notes: []string{"a"}, Alerts: []model.Port{{Name: "y"}}, Filled: "prod"}, map[fieldpath.Path]string{path("notes[0]"): "fleet", path("alerts[y].name"): "fleet"}},
		"Removed": {"What is set again after that is new.",
			has(cost{Owner: "a", Lines: []string{"x"}}), layer{Unset: []fieldpath.Path{"extensions[cost]"}}, has(cost{Owner: "b"}), layer{},
			&cost{Owner: "b", Filled: "prod"}, map[fieldpath.Path]string{path("owner"): "app"}},
		"Default": {"A default fills in what no layer has.", layer{}, layer{}, layer{}, layer{}, &cost{Filled: "prod"}, map[fieldpath.Path]string{}},
		"Unwanted": {"A default sees that a layer wants nothing, however it wrote that.", layer{Unset: []fieldpath.Path{"extensions.cost.tags.a"}}, layer{}, has(cost{Owner: "a"}), layer{},
			&cost{Owner: "a"}, map[fieldpath.Path]string{path("owner"): "app"}},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := feature.NewSet(append(features.All(), feature.Feature{Name: "cost", Settings: (*cost)(nil), Defaults: []feature.Default{{ID: "cost",
				Apply: func(d *feature.Derivation) {
					if !d.Removed("extensions[cost].tags[a]") {
						feature.SettingsFor[cost](d, "cost").Filled = d.Scope.Environment
					}
				}}}})...)
			if err != nil {
				t.Fatal(err)
			}
			tc.app.Image = "web:1"
			f := &model.Fleet{Name: "shop", Defaults: tc.fleet, Clusters: []model.Cluster{{Name: "home"}},
				Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}, Defaults: tc.env}},
				Apps:         []model.App{{Name: "web", Spec: tc.app, Environments: map[string]model.Override{"prod": {AppSpec: tc.prod}}}}}
			r := resolve.New(f, set)
			for range 2 { // the layers stay as they are
				target := r.Target("web", view.Scope{Environment: "prod"})
				if diff := cmp.Diff(tc.want, feature.SettingsOf[cost](&target, "cost")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
			}
			_, origins, _ := r.Explained("web", view.Scope{Environment: "prod"})
			got := map[fieldpath.Path]string{}
			for at, o := range origins {
				if steps, err := at.Steps(); err == nil && steps[0].Name == "extensions" && o.Rule == "" {
					got[at] = o.Layer
				}
			}
			if diff := cmp.Diff(tc.origins, got); diff != "" {
				t.Errorf("%s: origins (-want +got):\n%s", tc.reason, diff)
			}
			if tc.want.Filled != "" && origins[path("filled")].Rule != "cost" {
				t.Errorf("what the default fills in comes from %v", origins[path("filled")])
			}
		})
	}
}

// TestCheckUnsetSettings looks for a path in the settings of features.
func TestCheckUnsetSettings(t *testing.T) {
	settings := map[string]any{"cost": (*cost)(nil)}
	for path, want := range map[fieldpath.Path]string{
		"extensions":                     "",
		"extensions[cost]":               "",
		"extensions.cost.alerts[x].port": "",
		"extensions[costs].owner":        "this program has no feature costs with settings: did you mean cost?",
		"extensions[cost].ownr":          "extensions[cost] has no field ownr: did you mean owner?",
		"extensions[cost].alerts.x":      "extensions[cost].alerts is a list: put the name of the entry in brackets, as in extensions[cost].alerts[NAME]",
	} {
		got := ""
		if err := resolve.CheckUnset(path, settings); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
