package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/schema"
)

// TestEveryFieldIsDescribed checks that each field of the model stands in the
// schema with a description.
func TestEveryFieldIsDescribed(t *testing.T) {
	data, err := schema.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Defs map[string]struct {
			Properties map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	for def, typ := range map[string]reflect.Type{
		"AppSpec": reflect.TypeFor[model.AppSpec](), "FleetSpec": reflect.TypeFor[model.Fleet](),
		"ClusterSpec": reflect.TypeFor[model.Cluster](), "EnvironmentSpec": reflect.TypeFor[model.Environment](),
		"PlatformComponentSpec": reflect.TypeFor[model.PlatformComponent](), "model_KindScope": reflect.TypeFor[model.KindScope](),
		"model_Volume": reflect.TypeFor[model.Volume](), "model_EnvVar": reflect.TypeFor[model.EnvVar](),
	} {
		properties := s.Defs[def].Properties
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if hidden := map[string]bool{"": true, "name": def != "model_Volume" && def != "model_EnvVar", "clusters": def == "FleetSpec", "environments": true, "apps": true, "components": true}; hidden[name] {
				continue
			}
			if properties[name].Description == "" {
				t.Errorf("%s.%s has no description in the schema", def, name)
			}
		}
	}
	if s.Defs["v1_Probe"].Properties["httpGet"].Description == "" {
		t.Error("Kubernetes' own fields have no description")
	}
}
