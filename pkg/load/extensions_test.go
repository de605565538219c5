package load_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// cost are the settings of a feature.
type cost struct {
	Owner  string       `json:"owner,omitempty" was:"team"`
	Limit  *int32       `json:"limit,omitempty"`
	Alerts []model.Port `json:"alerts,omitempty" merge:"name"`
}

// TestExtensions reads the settings of features with the strictness of the model.
func TestExtensions(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, spec string
		want         model.Extensions
		unset        []fieldpath.Path
		err          string
	}{
		"Read":     {"Settings have the type of their feature.", "{cost: {owner: a, alerts: [{name: x, port: 1}]}}", model.Extensions{"cost": &cost{Owner: "a", Alerts: []model.Port{{Name: "x", Port: 1}}}}, nil, ""},
		"Empty":    {"Settings that say nothing are there.", "{cost: {}}", model.Extensions{"cost": &cost{}}, nil, ""},
		"Null":     {"A null removes the settings of earlier layers.", "{cost: null}", nil, []fieldpath.Path{"extensions[cost]"}, ""},
		"Nulls":    {"Below, it removes a field, or an entry's.", "{cost: {owner: null, alerts: [{name: x, port: null}]}}", model.Extensions{"cost": &cost{Alerts: []model.Port{{Name: "x"}}}}, []fieldpath.Path{"extensions[cost].owner", "extensions[cost].alerts[x].port"}, ""},
		"All":      {"An empty mapping removes the settings of all features.", "{}", nil, []fieldpath.Path{"extensions"}, ""},
		"Field":    {"A field that is misspelt is found.", "{cost: {ownr: a}}", nil, nil, "a.yaml:8:28: apps[web].spec.extensions[cost].ownr: the field does not exist (did you mean owner?)"},
		"Renamed":  {"So is one with its old name.", "{cost: {team: a}}", nil, nil, "a.yaml:8:28: apps[web].spec.extensions[cost].team: the field does not exist (write owner, the current name of the field)"},
		"Type":     {"A value has its type.", "{cost: {limit: ten}}", nil, nil, "a.yaml:8:35: apps[web].spec.extensions[cost].limit: expected an integer, found a string (write an integer)"},
		"List":     {"Settings are a mapping.", "{cost: [a]}", nil, nil, "a.yaml:8:27: apps[web].spec.extensions[cost]: expected a mapping, found a list (write a mapping: key: value)"},
		"Misspelt": {"So is a feature.", "{costs: {owner: a}}", nil, nil, "a.yaml:8:21: apps[web].spec.extensions[costs]: this program has no feature costs with settings (did you mean cost?)"},
		"Unknown":  {"The features with settings are named.", "{autoscaling: {}}", nil, nil, "a.yaml:8:21: apps[web].spec.extensions[autoscaling]: this program has no feature autoscaling with settings (use one of cost, quota)"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := load.Loader{Settings: map[string]any{"cost": (*cost)(nil), "quota": (*model.Port)(nil)}}.Fleet(app("{extensions: " + tc.spec + "}"))
			if err != nil {
				if diff := cmp.Diff(tc.err, err.Error()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			spec := l.Fleet.Apps[0].Spec
			if diff := cmp.Diff([]any{tc.want, tc.unset}, []any{spec.Extensions, spec.Unset}); diff != "" || tc.err != "" {
				t.Errorf("%s: want the error %q (-want +got):\n%s", tc.reason, tc.err, diff)
			}
			at := fieldpath.Path("apps[web].spec.extensions[cost]")
			if p := l.Positions[at]; strings.Contains(tc.spec, "cost") && p != (finding.Position{File: "a.yaml", Line: 8, Col: 27}) {
				t.Errorf("%s is at %v", at, p)
			}
		})
	}
	_, err := load.Fleet(nil, app("{extensions: {cost: {}}}"))
	want := "a.yaml:8:21: apps[web].spec.extensions[cost]: this program has no feature cost with settings (remove it, or use the program that has the feature)"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("a program without features (-want +got):\n%s", diff)
	}
}
