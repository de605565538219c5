// Package objects takes over the whole objects that an app, or a component of the
// platform, brings along.
package objects

import (
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate returns the objects of the spec, and those of its source.
func Generate(t *view.Target, v *view.View) ([]object.Object, error) {
	return Objects(t.WholeObjects(), t.Namespace, v.Kinds())
}

func objectFacts(t *view.Target, f *view.Facts) {
	for _, w := range t.WholeObjects() {
		f.Objects = append(f.Objects, view.RawObject{App: t.App, Namespace: t.Namespace, Object: w.Object})
	}
}

// Objects returns whole objects, those of namespaced kinds that name no namespace
// in the given one; "" is none. The accounts that roles are bound to are completed
// likewise, since the API server takes no account without its namespace. Errors are
// a finding.AllWrong with each bad object.
func Objects(whole []view.WholeObject, namespace string, kinds kind.Table) ([]object.Object, error) {
	var out []object.Object
	var wrong finding.AllWrong
	for _, w := range whole {
		m := object.Copy(map[string]any(w.Object)).(map[string]any)
		o, err := object.FromMap(m)
		if err != nil {
			wrong = append(wrong, &finding.Wrong{Path: w.At, Err: err, Fix: "write a whole Kubernetes object"})
			continue
		}
		tidy(m["metadata"].(map[string]any))
		if namespace != "" {
			if o.Namespace() == "" && kinds.Scope(view.KindOf(w.Object)) != kind.Cluster {
				m["metadata"].(map[string]any)["namespace"] = namespace
			}
			if o.Group() == "rbac.authorization.k8s.io" {
				placeAccounts(m, namespace)
			}
		}
		out = append(out, o)
	}
	return out, wrong.Err()
}

// tidy removes what kustomize removes, and what means nothing: an empty namespace, and
// labels and annotations without any.
func tidy(meta map[string]any) {
	if meta["namespace"] == "" || meta["namespace"] == nil {
		delete(meta, "namespace")
	}
	for _, field := range []string{"labels", "annotations"} {
		if m, ok := meta[field].(map[string]any); ok && len(m) == 0 {
			delete(meta, field)
		}
	}
}

func placeAccounts(binding map[string]any, namespace string) {
	subjects, _ := binding["subjects"].([]any)
	for _, s := range subjects {
		if m, ok := s.(map[string]any); ok && m["kind"] == "ServiceAccount" && m["namespace"] == nil {
			m["namespace"] = namespace
		}
	}
}
