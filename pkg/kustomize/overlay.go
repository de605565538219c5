package kustomize

import (
	"fmt"
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/openapi"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Overlay is what one overlay has to bring about.
type Overlay struct {
	// Unit is the app or component, as in apps/frontend.
	Unit string
	// Parent is the directory that the overlay builds on, as it is written in
	// resources. "" means none: then all objects of To are written whole.
	Parent string
	// Namespace is the namespace to set on all objects that have none in the
	// parent. "" leaves namespaces alone.
	Namespace string
	// Inherited is the namespace that the parent's kustomization set, as Inherited
	// returns it. Objects of the parent that stand elsewhere were written with their
	// namespaces: patches then have to name them.
	Inherited string
	// From are the objects that the parent builds, and To are those that the
	// overlay shall build; both without name hashes.
	From, To []object.Object
}

// pair is an object of the parent and what becomes of it.
type pair struct {
	from object.Object
	// to is the value that patches have to reach: what the transformers, which
	// run after the patches, turn into the target.
	to map[string]any
	id object.ID
	// same tells that there is nothing to do, and owned that to is not shared with
	// the target: see edit.
	same, owned bool
}

// edit returns to, which may be changed.
func (p *pair) edit() map[string]any {
	if !p.owned {
		p.to, p.owned = object.Copy(p.to).(map[string]any), true
	}
	return p.to
}

// Files returns the files of the overlay's directory. They are minimal: taking
// an entry away changes what is built.
func (o Overlay) Files() ([]File, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	k := &kustomization{namespace: o.Namespace, inherited: o.Inherited, alike: map[string]int{}}
	if !o.uniform() {
		k.setUnset()
	}
	from := map[object.ID]object.Object{}
	for _, x := range o.From {
		k.alike[nameOf(x)]++
		from[x.ID()] = x
	}
	to := o.targets(from)
	var pairs []*pair
	var added, removed []object.Object
	for _, id := range slices.SortedFunc(maps.Keys(to), object.ID.Compare) {
		target := o.bare(to[id], id)
		base, ok := from[id]
		if !ok || base.Generated() != target.Generated() || base.APIVersion() != target.APIVersion() {
			k.alike[nameOf(target)]++
			added = append(added, target)
			continue
		}
		p := &pair{from: o.parents(base), to: target.Map(), id: id}
		p.same = object.Equal(p.from.Map(), p.to)
		pairs = append(pairs, p)
	}
	for _, id := range slices.SortedFunc(maps.Keys(from), object.ID.Compare) {
		base := from[id]
		if target, ok := to[id]; !ok {
			removed = append(removed, base)
		} else if base.Generated() != target.Generated() || base.APIVersion() != target.APIVersion() {
			return nil, fmt.Errorf("%s: an overlay cannot change the API version of an object, or whether it is generated; rename it", id)
		}
	}
	return o.write(k, pairs, added, removed)
}

// Inherited returns the namespace that patches need not name where an overlay
// set it on a base: none where the base has objects there by themselves, which
// kustomize never knew without.
func Inherited(namespace string, base []object.Object) string {
	if slices.ContainsFunc(base, func(o object.Object) bool { return o.Namespace() == namespace }) {
		return ""
	}
	return namespace
}

func (o Overlay) write(k *kustomization, pairs []*pair, added, removed []object.Object) ([]File, error) {
	k.labels = labels(pairs, added)
	k.replicas = replicas(pairs, added)
	k.images = images(pairs, added)
	if o.Parent != "" {
		k.resources = []any{o.Parent}
	}
	names := fileNames(o.Unit, append(slices.Clone(o.From), added...))
	if err := k.whole(added, names, o.generatorNamespace()); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		if p.same {
			continue
		}
		if p.from.Generated() {
			if err := k.mergeGenerated(p, o.generatorNamespace()); err != nil {
				return nil, err
			}
		}
		if err := k.patch(p, layout.PatchFile(names[p.from.ID()])); err != nil {
			return nil, err
		}
	}
	for _, base := range removed {
		k.remove(base, layout.PatchFile(names[base.ID()]))
	}
	return k.all(), nil
}

// generatorNamespace is the namespace that entries of configMapGenerator name:
// none where the namespace is set for all.
func (o Overlay) generatorNamespace() string {
	if o.Namespace != "" || o.Parent == "" || len(o.To) == 0 {
		return ""
	}
	for _, x := range o.To {
		if x.Generated() {
			return x.Namespace()
		}
	}
	return ""
}

// targets returns the targets by identity. The namespace that the overlay sets
// is no part of it, but for objects that the parent has there by itself.
func (o Overlay) targets(from map[object.ID]object.Object) map[object.ID]object.Object {
	m := make(map[object.ID]object.Object, len(o.To))
	for _, x := range o.To {
		id := x.ID()
		if _, there := from[id]; !there && o.Namespace != "" && id.Namespace == o.Namespace {
			id.Namespace = ""
		}
		m[id] = x
	}
	return m
}

// bare returns a target as patches have to leave it, given its identity among the
// targets: without the namespace that the overlay sets. It is not to be changed.
func (o Overlay) bare(target object.Object, id object.ID) object.Object {
	if o.Namespace == "" || id.Namespace != "" {
		return target
	}
	c := target.WithoutNamespace()
	if _, ok := c.Get("subjects"); ok {
		c = c.Clone()
		o.withoutSubjects(c, o.Namespace)
	}
	return c
}

// parents returns an object as the parent really hands it on. Where an overlay
// builds on an overlay, kustomize has not yet filled in the namespaces of the
// subjects that name accounts, and will not: it does so in the directory that
// sets the namespace, and only if that is the one that is built.
func (o Overlay) parents(base object.Object) object.Object {
	if _, ok := base.Get("subjects"); !ok || o.Namespace != "" || o.Parent == "" {
		return base
	}
	c := base.Clone()
	o.withoutSubjects(c, base.Namespace())
	return c
}

// withoutSubjects takes a namespace away from the subjects that name accounts
// of the overlay: kustomize gives them the account's.
func (o Overlay) withoutSubjects(c object.Object, namespace string) {
	subjects, _ := c.Map()["subjects"].([]any)
	for _, s := range subjects {
		if m, ok := s.(map[string]any); ok && m["namespace"] == namespace && o.hasAccount(m["name"]) {
			delete(m, "namespace")
		}
	}
}

// hasAccount reports whether a ServiceAccount is among the objects: kustomize
// then gives subjects that name it the account's namespace.
func (o Overlay) hasAccount(name any) bool {
	return slices.ContainsFunc(o.To, func(x object.Object) bool {
		return x.Kind() == "ServiceAccount" && x.Name() == name
	})
}

// clusterScoped reports whether kustomize knows that an object's kind has no
// namespace. It goes by the built-in kinds of an old Kubernetes, version by
// version, and takes all others for namespaced.
func clusterScoped(x object.Object) bool {
	namespaced, known := openapi.IsNamespaceScoped(kyaml.TypeMeta{APIVersion: x.APIVersion(), Kind: x.Kind()})
	return known && !namespaced
}

// uniform reports whether kustomize builds every target as it is wanted from the
// field namespace, which puts all namespaced objects there.
func (o Overlay) uniform() bool {
	return o.Namespace == "" || !slices.ContainsFunc(o.To, func(x object.Object) bool {
		return x.Namespace() != o.Namespace && !clusterScoped(x)
	})
}

// check refuses what kustomize would build into something else.
func (o Overlay) check() error {
	if o.Namespace == "" {
		return nil
	}
	for _, x := range o.To {
		if x.Namespace() == "" && !clusterScoped(x) {
			return fmt.Errorf("%s has no namespace, and kustomize would put it into namespace %s; "+
				"if the kind is cluster-scoped, declare that in kinds of the Fleet", x.ID(), o.Namespace)
		}
		subjects, _ := x.Get("subjects")
		list, _ := subjects.([]any)
		for _, s := range list {
			if m, ok := s.(map[string]any); ok && m["kind"] == "ServiceAccount" && m["name"] == "default" && m["namespace"] != o.Namespace && o.uniform() {
				return fmt.Errorf("%s: kustomize puts a subject named default into the namespace %s; use another service account", x.ID(), o.Namespace)
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
