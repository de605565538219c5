package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// cost are the settings of a feature.
type cost struct {
	Owner    string            `json:"owner,omitempty"`
	Password string            `json:"password,omitempty"`
	URL      string            `json:"url,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Part     *cost             `json:"part,omitempty"`
	Alerts   []model.EnvVar    `json:"alerts,omitempty" merge:"name"`
}

// TestExtensions checks what a program in Go can write into the settings of features:
// values of other types, credentials, and more than can be worked on.
func TestExtensions(t *testing.T) {
	key := "AKIA" + strings.Repeat("A1", 8)
	for name, tc := range map[string]struct {
		reason     string
		extensions model.Extensions
		want       []string
	}{
		"Right":    {"A pointer to the feature's struct is right.", model.Extensions{"cost": &cost{Owner: "a"}}, nil},
		"Unknown":  {"Settings belong to a feature.", model.Extensions{"costs": &cost{}}, []string{"unknown-extension: extensions[costs]: this program has no feature costs with settings (did you mean cost?)"}},
		"Value":    {"A struct is not a pointer.", model.Extensions{"cost": cost{}}, []string{"unknown-extension: extensions[cost]: the settings of the feature cost are not a validate_test.cost (use a *validate_test.cost)"}},
		"Other":    {"Another type has other fields.", model.Extensions{"cost": &model.Port{}}, []string{"unknown-extension: extensions[cost]: the settings of the feature cost are not a *model.Port (use a *validate_test.cost)"}},
		"Nil":      {"A nil pointer would hide those of earlier layers.", model.Extensions{"cost": (*cost)(nil)}, []string{"unknown-extension: extensions[cost]: the settings of the feature cost are nil (leave the entry out; to remove the settings of earlier layers, name them in unset)"}},
		"Form":     {"A credential is found by its form.", model.Extensions{"cost": &cost{Owner: key}}, []string{"secret-value: extensions[cost].owner"}},
		"Field":    {"The name of a field is the user's own, and may say it.", model.Extensions{"cost": &cost{Password: "hunter22"}}, []string{"secret-like: extensions[cost].password"}},
		"Key":      {"So may the key of a map.", model.Extensions{"cost": &cost{Tags: map[string]string{"db-password": "hunter22"}}}, []string{"secret-like: extensions[cost].tags[db-password]"}},
		"Entry":    {"And what stands beside a value.", model.Extensions{"cost": &cost{Alerts: []model.EnvVar{{Name: "PASSWORD", Value: new("hunter22")}}}}, []string{"secret-like: extensions[cost].alerts[PASSWORD].value"}},
		"Address":  {"An address has no login.", model.Extensions{"cost": &cost{URL: "https://ann@example.com"}}, []string{"url-login: extensions[cost].url"}},
		"TooLarge": {"Lists have the limits of the model.", model.Extensions{"cost": &cost{Notes: make([]string, 2001)}}, []string{"too-large: extensions[cost].notes"}},
		"Inside":   {"So have those of a type that holds itself.", model.Extensions{"cost": &cost{Part: &cost{Notes: make([]string, 2001)}}}, []string{"too-large: extensions[cost].part.notes"}},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := feature.NewSet(append(features.All(), feature.Feature{Name: "cost", Settings: (*cost)(nil)})...)
			if err != nil {
				t.Fatal(err)
			}
			f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}}, Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
				Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}, Extensions: tc.extensions}}}}
			var got []string
			for _, x := range validate.Fleet(f, set, nil) {
				if strings.Contains(x.String(), "hunter22") || strings.Contains(x.String(), key) {
					t.Errorf("the finding tells the value: %s", x)
				}
				at, ok := strings.CutPrefix(string(x.Path), "apps[web].spec.")
				if ok && x.Rule == "unknown-extension" {
					at += ": " + x.Reason + " (" + x.Fix + ")"
				}
				if ok {
					got = append(got, x.Rule+": "+at)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
