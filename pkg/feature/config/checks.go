package config

import (
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkLayer checks the configuration values of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	seen := map[string]bool{}
	for _, x := range s.Config {
		below := at.Field("config").Key(x.Name)
		r.Label(below.Field("name"), x.Name, 63)
		r.Unique(seen, below, x.Name)
		r.MountPath(below.Field("mountPath"), x.MountPath)
		for _, k := range feature.SortedKeys(x.Data) {
			key := below.Field("data").Key(k)
			switch {
			case len(validation.IsConfigMapKey(k)) > 0:
				r.Errorf("invalid-key", key, "use letters, digits, dashes, underscores and dots", "%q is not a valid key of a ConfigMap", k)
			case feature.YAMLWords.MatchString(k):
				r.Errorf("invalid-key", key, "use another key", "YAML readers do not read the key %q as text", k)
			case x.Env != nil && *x.Env && len(validation.IsEnvVarName(k)) > 0:
				r.Errorf("invalid-key", key, "use a valid name of an environment variable", "%q is not a valid name of an environment variable", k)
			}
		}
	}
}

// checkTarget checks that containers read values that there are.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if t.Spec.Kind == model.NoWorkload {
		return
	}
	var configs []string
	data := map[string][]string{}
	for _, x := range t.Spec.Config {
		configs, data[x.Name] = append(configs, x.Name), feature.SortedKeys(x.Data)
	}
	for _, x := range part.Containers(at, &t.Spec) {
		for _, e := range x.Spec.Env {
			ref, below := e.FromConfig, x.Path.Field("env").Key(e.Name).Field("fromConfig")
			if ref != nil && r.Known("unknown-config", "config", below.Field("name"), ref.Name, configs) && (ref.Optional == nil || !*ref.Optional) {
				r.Known("unknown-config", "key of config "+ref.Name, below.Field("key"), ref.Key, data[ref.Name])
			}
		}
	}
}
