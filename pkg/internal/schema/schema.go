// Package schema makes the JSON Schema of the YAML form of the model, from the
// structs and their doc comments. Editors complete and check with it.
package schema

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

//go:generate go run ./internal/docgen

// enums are the values of types that have few.
var enums = map[string][]any{
	"model.WorkloadKind":     {model.Deployment, model.StatefulSet, model.DaemonSet, model.Job, model.CronJob, model.NoWorkload},
	"model.Layout":           {model.Overlays, model.Rendered},
	"model.PodSecurityLevel": {model.Restricted, model.Baseline, model.Privileged},
	"model.RouteProtocol":    {model.HTTP, model.GRPC, model.TLS},
	"model.PathType":         {model.PathPrefix, model.PathExact, model.PathRegex},
	"model.GatewayKind":      {model.GatewayAPI, model.IstioGateway},
	"kind.Scope":             {kind.Cluster, kind.Namespaced},
	"v1.PullPolicy":          {"Always", "IfNotPresent", "Never"},
	"v1.Protocol":            {"TCP", "UDP", "SCTP"},
	"v1.ServiceType":         {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"},
}

// JSON returns the schema (draft 2020-12) of one YAML document, indented. Settings
// are those of features, as feature.Set has them; their fields are described by a
// tag named doc. Nil is no feature with settings.
func JSON(settings map[string]any) ([]byte, error) {
	b := builder{settings: settings, defs: map[string]any{}, names: map[string]reflect.Type{}}
	var kinds []any
	for _, k := range []struct {
		kind   string
		spec   reflect.Type
		hidden []string
		more   map[string]any
	}{
		{"Fleet", reflect.TypeFor[model.Fleet](), []string{"name", "clusters", "environments", "apps", "components"}, nil},
		{"Cluster", reflect.TypeFor[model.Cluster](), []string{"name"}, nil},
		{"Environment", reflect.TypeFor[model.Environment](), []string{"name"}, nil},
		{"App", reflect.TypeFor[model.AppSpec](), nil, b.appFields()},
		{"PlatformComponent", reflect.TypeFor[model.PlatformComponent](), []string{"name"}, map[string]any{"manifests": manifests("component")}},
	} {
		spec := b.object(k.spec, k.hidden)
		for name, s := range k.more {
			spec["properties"].(map[string]any)[name] = s
		}
		b.defs[k.kind+"Spec"] = spec
		kinds = append(kinds, document(k.kind, docs[k.kind]))
	}
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gitopsgen " + model.APIVersion,
		"oneOf": kinds, "$defs": b.defs,
	}, "", "  ")
}

// document returns the schema of a document of a kind.
func document(kind, doc string) map[string]any {
	return map[string]any{
		"type": "object", "description": doc, "additionalProperties": false, "required": []any{"apiVersion", "kind", "metadata"},
		"properties": map[string]any{
			"apiVersion": map[string]any{"const": model.APIVersion},
			"kind":       map[string]any{"const": kind},
			"metadata": map[string]any{"type": "object", "additionalProperties": false, "required": []any{"name"},
				"properties": map[string]any{"name": map[string]any{"type": "string", "description": docs[kind+".Name"]}}},
			"spec": map[string]any{"$ref": "#/$defs/" + kind + "Spec"},
		},
	}
}

// appFields are the fields that an App's spec has in YAML beside those of AppSpec.
func (b *builder) appFields() map[string]any {
	out := map[string]any{"manifests": manifests("app")}
	for _, name := range []string{"Project", "RunsIn", "After", "Delivery", "Environments"} {
		f, _ := reflect.TypeFor[model.App]().FieldByName(name)
		json, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out[json] = described(b.schema(f.Type), docs["App."+name])
	}
	return out
}

// manifests is the field of documents that brings along the objects of files.
func manifests(of string) map[string]any {
	return map[string]any{"type": "array", "items": map[string]any{"type": "string"},
		"description": "Manifests names whole YAML files, by their path from this one, whose objects belong to the " + of + "."}
}

type builder struct {
	settings map[string]any
	defs     map[string]any
	names    map[string]reflect.Type // of defs that are a struct
}

// schema returns the schema of a type. Null is always allowed: it removes what
// earlier layers said.
func (b *builder) schema(t reflect.Type) map[string]any {
	if values := enums[t.String()]; values != nil {
		return map[string]any{"enum": append(slices.Clone(values), nil)}
	}
	if selfDecoding(t) {
		return map[string]any{"type": []any{"string", "number", "null"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.schema(t.Elem())
	case reflect.Struct:
		return b.reference(t)
	case reflect.Map:
		if t == reflect.TypeFor[model.Extensions]() {
			return b.extensions()
		}
		return map[string]any{"type": []any{"object", "null"}, "additionalProperties": b.schema(t.Elem())}
	case reflect.Slice:
		return map[string]any{"type": []any{"array", "null"}, "items": b.schema(t.Elem())}
	case reflect.String:
		return map[string]any{"type": []any{"string", "null"}}
	case reflect.Bool:
		return map[string]any{"type": []any{"boolean", "null"}}
	case reflect.Interface:
		return map[string]any{}
	}
	return map[string]any{"type": []any{"integer", "null"}}
}

// extensions returns the schema of the settings of features.
func (b *builder) extensions() map[string]any {
	properties := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(b.settings)) {
		properties[name] = b.schema(reflect.TypeOf(b.settings[name]))
	}
	return map[string]any{"type": []any{"object", "null"}, "additionalProperties": false, "properties": properties}
}

// reference returns a reference to the definition of a struct. Structs of several
// packages can have one name.
func (b *builder) reference(t reflect.Type) map[string]any {
	name := strings.ReplaceAll(t.String(), ".", "_")
	for b.names[name] != nil && b.names[name] != t {
		name += "_"
	}
	b.names[name] = t
	if _, ok := b.defs[name]; !ok {
		b.defs[name] = nil // ends a type that holds itself
		b.defs[name] = b.object(t, nil)
	}
	return map[string]any{"anyOf": []any{map[string]any{"$ref": "#/$defs/" + name}, map[string]any{"type": "null"}}}
}

// object returns the schema of a struct.
func (b *builder) object(t reflect.Type, hidden []string) map[string]any {
	properties := map[string]any{}
	b.properties(t, hidden, properties)
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
}

func (b *builder) properties(t reflect.Type, hidden []string, into map[string]any) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			b.properties(f.Type, hidden, into)
		case name != "" && name != "-" && f.Tag.Get("load") != "-" && f.IsExported() && !slices.Contains(hidden, name):
			into[name] = described(b.schema(f.Type), doc(t, f, name))
		}
	}
}

// doc returns the documentation of a field: ours, Kubernetes' own, or that of a tag.
func doc(t reflect.Type, f reflect.StructField, name string) string {
	if strings.HasSuffix(t.PkgPath(), "/pkg/model") {
		return docs[t.Name()+"."+f.Name]
	}
	if d, ok := reflect.New(t).Interface().(interface{ SwaggerDoc() map[string]string }); ok {
		return d.SwaggerDoc()[name]
	}
	return f.Tag.Get("doc")
}

func described(s map[string]any, doc string) map[string]any {
	if doc != "" {
		s["description"] = doc
	}
	return s
}

func selfDecoding(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer &&
		(p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()))
}
