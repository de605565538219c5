package feature_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Common is embedded in settings.
type Common struct {
	Owner string `json:"owner,omitempty"`
}

type hidden struct {
	owner string
}

// TestSettings checks which types a feature may have as its settings.
func TestSettings(t *testing.T) {
	type good struct {
		Common `json:",inline"`
		Limit  *resource.Quantity `json:"limit,omitempty"`
		Alerts []model.EnvVar     `json:"alerts,omitempty" merge:"name"`
		Notes  []string           `json:"notes,omitempty" merge:"append"`
		Free   map[string]any     `json:"free,omitempty"`
		Self   *good              `json:"self,omitempty"`
	}
	for name, tc := range map[string]struct {
		reason   string
		settings any
		want     string
	}{
		"Struct":     {"Everything that the model has can be in it.", (*good)(nil), ""},
		"Value":      {"Layers merge into what a pointer points to.", good{}, "feature_test.good is not a pointer to a struct of fields"},
		"Map":        {"A free map has no positions.", &map[string]string{}, "*map[string]string is not a pointer to a struct of fields"},
		"Quantity":   {"A value that reads itself has no fields.", &resource.Quantity{}, "*resource.Quantity is not a pointer to a struct of fields"},
		"Untagged":   {"What has no name in YAML would be lost in a merge.", &struct{ Owner string }{}, ".Owner: the field has no json tag"},
		"Unexported": {"Nor can it be hashed.", &hidden{owner: "a"}, "hidden.owner: the field is not exported"},
		"Float": {"Two decimals that print alike can differ.", &struct {
			Share float64 `json:"share"`
		}{}, ".Share: YAML cannot be read into a float64: use strings, booleans, integers, quantities, and structs, lists and maps of them"},
		"Key": {"Entries are named by a string that they have.", &struct {
			Alerts []Common `json:"alerts" merge:"name"`
		}{}, `.Alerts: the tag merge:"name" needs a list of structs that have a string of that name`},
		"Identity": {"Only objects have an identity.", &struct {
			Objects []model.RawObject `json:"objects" merge:"identity"`
		}{}, `.Objects: the tag merge:"identity" needs a list of structs that have a string of that name`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := feature.NewSet(feature.Feature{Name: "cost", Settings: tc.settings})
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "the settings of feature cost: ")
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestSettingsFor lets a default fill in settings that are there, and others.
func TestSettingsFor(t *testing.T) {
	for name, before := range map[string]model.Extensions{
		"None": nil, "Others": {"quota": &Common{Owner: "a"}}, "Own": {"cost": &Common{Owner: "a"}},
	} {
		target := &view.Target{Spec: model.AppSpec{Extensions: before}}
		feature.SettingsFor[Common](&feature.Derivation{Target: target}, "cost").Owner = "b"
		if got := feature.SettingsOf[Common](target, "cost"); got == nil || got.Owner != "b" {
			t.Errorf("%s: got %v", name, got)
		}
		if got := feature.SettingsOf[hidden](target, "cost"); got != nil {
			t.Errorf("%s: settings of another type are %v", name, got)
		}
	}
}
