package diff

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// direction is one of those in which a network policy isolates pods.
type direction struct {
	// name is as in policyTypes; rules and peers are the fields of what is let
	// through nevertheless.
	name, rules, peers string
}

var directions = []direction{{"Ingress", "ingress", "from"}, {"Egress", "egress", "to"}}

// opens marks where a network policy that comes, goes or changes lets pods reach more,
// or be reached by more, than all policies of its target did before. Pods that come
// together with their policy, or that no policy isolated, have no less than before.
func opens(before, after object.Object, all [2][]object.Object, out *Object) {
	for _, d := range directions {
		if d.isolates(after) && d.admits(after, all) {
			out.opened("spec." + d.rules)
		}
		if d.isolates(before) && d.frees(before, all) {
			out.opened("spec.policyTypes", "spec.podSelector")
		}
	}
}

// opened marks an object that comes or goes, and of one that changes the fields below
// some paths that come or change; where there are none, all fields that may be the reason.
func (o *Object) opened(paths ...string) {
	if o.Kind != Changed {
		o.Risk = RiskNetwork
		return
	}
	for _, may := range []func(path string, f Field) bool{
		func(path string, f Field) bool { return f.Kind != Removed && isUnder(path, paths) },
		func(path string, _ Field) bool { return isUnder(path, paths) },
		func(path string, _ Field) bool { return isUnder(path, []string{"spec"}) },
	} {
		found := false
		for i, f := range o.Fields {
			if may(withoutKeys(f.Path), f) {
				o.Fields[i].Risk, found = RiskNetwork, true
			}
		}
		if found {
			return
		}
	}
}

// isUnder reports whether a path is one of some fields, or below one.
func isUnder(path string, fields []string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return path == f || strings.HasPrefix(path, f+".") })
}

// isolates reports whether an object is a policy that isolates the pods that it
// selects.
func (d direction) isolates(o object.Object) bool {
	if o.IsZero() || o.KindName() != (kind.Name{Group: "networking.k8s.io", Kind: "NetworkPolicy"}) {
		return false
	}
	if types, said := o.Get("spec", "policyTypes"); said {
		return slices.Contains(entries(types), any(d.name))
	}
	_, rules := o.Get("spec", d.rules)
	return rules || d.name == "Ingress"
}

// over returns the policies among objects that isolate all pods that a policy selects.
func (d direction) over(p object.Object, objects []object.Object) []object.Object {
	selector := selectorOf(p)
	var out []object.Object
	for _, o := range objects {
		if d.isolates(o) && o.Namespace() == p.Namespace() && coversSelector(selectorOf(o), selector) {
			out = append(out, o)
		}
	}
	return out
}

// admits reports whether a policy lets something through that none did before. The
// pods of another target are taken for isolated: nothing else needs such a policy.
func (d direction) admits(p object.Object, all [2][]object.Object) bool {
	had := d.over(p, all[0])
	if len(had) == 0 && d.isNew(p, all) {
		return false
	}
	var before []access
	for _, o := range had {
		before = append(before, d.accesses(o)...)
	}
	return slices.ContainsFunc(d.accesses(p), func(a access) bool {
		return !slices.ContainsFunc(before, func(b access) bool { return b.covers(a) })
	})
}

// isNew reports whether no policy isolated the pods of a policy before: they are the
// target's own, and none did, or those of a namespace that it did not have.
func (d direction) isNew(p object.Object, all [2][]object.Object) bool {
	if len(selected(p, all[1])) == 0 {
		return hasNamespace(all[1], p.Namespace()) && !hasNamespace(all[0], p.Namespace())
	}
	pods := selected(p, all[0])
	return !slices.ContainsFunc(all[0], func(o object.Object) bool { return d.isolates(o) && len(selected(o, pods)) > 0 })
}

// frees reports whether pods that are still there are no longer isolated, without a
// policy that is gone or selects others.
func (d direction) frees(p object.Object, all [2][]object.Object) bool {
	if len(d.over(p, all[1])) > 0 {
		return false
	}
	return len(selected(p, all[1])) > 0 || len(requirements(selectorOf(p))) == 0 && hasNamespace(all[1], p.Namespace())
}

// selected returns the workloads among objects whose pods a policy selects.
func selected(p object.Object, objects []object.Object) []object.Object {
	wanted := requirements(selectorOf(p))
	var out []object.Object
	for _, o := range objects {
		of := kind.Lookup(o.KindName())
		if of.PodTemplate == nil || o.Namespace() != p.Namespace() {
			continue
		}
		labels, _ := o.Get(slices.Concat(of.PodTemplate, []string{"metadata", "labels"})...)
		if !slices.ContainsFunc(wanted, func(r requirement) bool { return !r.matches(fields(labels)) }) {
			out = append(out, o)
		}
	}
	return out
}

func hasNamespace(objects []object.Object, name string) bool {
	return slices.ContainsFunc(objects, func(o object.Object) bool {
		return o.KindName() == kind.Name{Kind: "Namespace"} && o.Name() == name
	})
}

func selectorOf(p object.Object) map[string]any {
	v, _ := p.Get("spec", "podSelector")
	return fields(v)
}

// fields and entries return what is in a map or a list, or nothing.
func fields(v any) map[string]any { m, _ := v.(map[string]any); return m }

func entries(v any) []any { l, _ := v.([]any); return l }
