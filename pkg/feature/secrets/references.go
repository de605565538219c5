package secrets

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// objectUses returns the Secrets that the extra objects of a target refer to.
func objectUses(t *view.Target) []use {
	var out []use
	for _, w := range t.WholeObjects() {
		for _, name := range secretsOf(t, w.Object) {
			out = append(out, use{name, specOf(t).Join(w.At)})
		}
	}
	return out
}

// secretsOf returns the Secrets of the target's namespace that an object needs.
func secretsOf(t *view.Target, o model.RawObject) []string {
	kind, _ := o["kind"].(string)
	meta, _ := o["metadata"].(map[string]any)
	if namespace, _ := meta["namespace"].(string); namespace != "" && namespace != t.Namespace {
		return nil
	}
	var out []string
	walk(map[string]any(o), "", func(field string, m map[string]any) {
		if optional, _ := m["optional"].(bool); optional {
			return
		}
		name, _ := m["name"].(string)
		switch {
		case field == "privateKeySecretRef": // cert-manager makes it
		case field == "secretKeyRef" || strings.HasSuffix(field, "ecretRef") || field == "imagePullSecrets":
		case field == "certificateRefs" && (m["kind"] == nil || m["kind"] == "Secret") && m["namespace"] == nil:
		case field == "secret" || field == "tls" && kind == "Ingress":
			name, _ = m["secretName"].(string)
		default:
			return
		}
		if namespace, _ := m["namespace"].(string); name != "" && field != "privateKeySecretRef" && (namespace == "" || namespace == t.Namespace) {
			out = append(out, name)
		}
	})
	return out
}

// walk calls f for every mapping below v, with the name of its field; the items
// of a list have the list's.
func walk(v any, field string, f func(field string, m map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		f(field, v)
		for k, e := range v {
			walk(e, k, f)
		}
	case []any:
		for _, e := range v {
			walk(e, field, f)
		}
	}
}

// hooks finds extra objects that run before a sync, and need what it makes.
func (a auditor) hooks(t *view.Target) {
	made := map[string]bool{}
	for i := range t.Spec.Secrets {
		made[t.Spec.Secrets[i].Target] = true
	}
	for _, w := range t.WholeObjects() {
		o := w.Object
		meta, _ := o["metadata"].(map[string]any)
		annotations, _ := meta["annotations"].(map[string]any)
		if hook, _ := annotations[part.HookPhase].(string); !strings.Contains(hook, "PreSync") {
			continue
		}
		for _, name := range secretsOf(t, o) {
			if made[name] {
				a.Errorf("presync-secret", specOf(t).Join(w.At), "run it as a Sync hook of a later wave, or keep the Secret in another app",
					"a PreSync hook needs the Secret %s, which only the sync itself creates", name)
			}
		}
	}
}
