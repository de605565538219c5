package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// storesOf returns the stores that a scope of an environment needs, in the
// fleet's order: the environment's own, and those that its shared Secrets and the
// Secrets and pushes of the scope's targets really use. As with the targets, the
// scope of an environment with a single cluster is that cluster's.
func (r *Resolver) storesOf(env *model.Environment, s view.Scope, shared []model.SharedSecret) []model.SecretStore {
	if s.Cluster == "" && len(env.Clusters) == 1 {
		s.Cluster = env.Clusters[0]
	}
	used := map[string]bool{env.SecretStore: true}
	note := func(store string, ref *model.StoreRef) {
		if store != "" && ref != nil && ref.Name == StoreObject(store, env.Name) {
			used[store] = true
		}
	}
	for i := range shared {
		note(shared[i].Store, shared[i].StoreRef)
	}
	for _, app := range r.names {
		if a := r.apps[app]; s.IsPreview() && app != s.Preview.App || !r.has(a, s) || !r.namesStore(a, s, env.SecretStore) {
			continue
		}
		spec := r.Target(app, s).Spec
		for i := range spec.Secrets {
			note(spec.Secrets[i].Store, spec.Secrets[i].StoreRef)
		}
		for i := range spec.PushSecrets {
			note(spec.PushSecrets[i].Store, spec.PushSecrets[i].StoreRef)
		}
	}
	var out []model.SecretStore
	for _, x := range r.fleet.SecretStores {
		if used[x.Name] && x.Name != "" {
			out = append(out, x)
		}
	}
	return out
}

// namesStore reports whether some layer of a target names a store other than
// the environment's; if none does, there is no need to resolve the target.
func (r *Resolver) namesStore(a *model.App, s view.Scope, own string) bool {
	other := func(store string) bool { return store != "" && store != own }
	var buf [maxLayers]layer
	for _, l := range r.layers(buf[:0], a, s) {
		if slices.ContainsFunc(l.spec.Secrets, func(x model.Secret) bool { return other(x.Store) }) ||
			slices.ContainsFunc(l.spec.PushSecrets, func(x model.PushSecret) bool { return other(x.Store) }) {
			return true
		}
	}
	return false
}
