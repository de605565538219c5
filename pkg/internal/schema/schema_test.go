package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/schema"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestEveryFieldIsDescribed checks that each field of the model stands in the
// schema with a description.
func TestEveryFieldIsDescribed(t *testing.T) {
	data, err := schema.JSON(nil)
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

// TestSettings checks the schema of the settings of features: they are described by
// their tags, and two structs of one name are two.
func TestSettings(t *testing.T) {
	type Port struct {
		Owner string     `json:"owner,omitempty" doc:"Owner is the team that pays."`
		Port  model.Port `json:"port,omitzero"`
	}
	data, err := schema.JSON(map[string]any{"cost": (*Port)(nil)})
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Description          string
				AdditionalProperties any
				Properties           map[string]struct {
					AnyOf []struct {
						Ref string `json:"$ref"`
					}
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	extensions := s.Defs["AppSpec"].Properties["extensions"]
	if extensions.AdditionalProperties != false || len(extensions.Properties["cost"].AnyOf) == 0 {
		t.Fatalf("got the extensions %+v", extensions)
	}
	def := s.Defs[strings.TrimPrefix(extensions.Properties["cost"].AnyOf[0].Ref, "#/$defs/")]
	if got := def.Properties["owner"].Description; got != "Owner is the team that pays." || def.Properties["port"].Description != "" {
		t.Errorf("got the fields %+v", def.Properties)
	}
	if s.Defs["model_Port"].Properties["port"].Description == "" || s.Defs["model_Port"].Properties["owner"].Description != "" {
		t.Errorf("model.Port has the fields %+v", s.Defs["model_Port"].Properties)
	}
}
