package resolve

import (
	"cmp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Store returns a store of the fleet by its name, or nil. It is not to be changed.
func (r *Resolver) Store(name string) *model.SecretStore {
	for i := range r.fleet.SecretStores {
		if r.fleet.SecretStores[i].Name == name {
			return &r.fleet.SecretStores[i]
		}
	}
	return nil
}

// Clusters returns the scopes that an app really runs in: the clusters of its
// environments.
func (r *Resolver) Clusters(app string) []view.Scope {
	var out []view.Scope
	for _, s := range r.Scopes(app) {
		if s.Cluster != "" {
			out = append(out, s)
		}
	}
	return out
}

// Environments returns the clusters of all environments.
func (r *Resolver) Environments() []view.Scope {
	var out []view.Scope
	for _, s := range r.scopes {
		if s.Cluster != "" {
			out = append(out, s)
		}
	}
	return out
}

// HasSecrets reports whether some layer of an app has Secrets, refers to one, or
// brings objects along, which may.
func (r *Resolver) HasSecrets(app string) bool {
	a := r.apps[app]
	if a == nil {
		return false
	}
	has := func(s *model.AppSpec) bool { return hasSecrets(s) || r.set.IsSourced(s) }
	if has(&r.fleet.Defaults) || has(&a.Spec) {
		return true
	}
	for name, env := range r.envs {
		if !runsIn(a, name) {
			continue
		}
		o := a.Environments[name]
		if has(&env.Defaults) || has(&o.AppSpec) {
			return true
		}
		for _, cluster := range env.Clusters {
			c := o.Clusters[cluster]
			if known := r.clusters[cluster]; known != nil && has(&known.Defaults) || has(&c) {
				return true
			}
		}
	}
	return false
}

func hasSecrets(s *model.AppSpec) bool {
	if len(s.Secrets)+len(s.PushSecrets)+len(s.SecretGenerators)+len(s.Objects) > 0 || s.Pod != nil && len(s.Pod.ImagePullSecrets) > 0 {
		return true
	}
	for _, v := range s.Volumes {
		if v.Secret != nil || v.Projected != nil {
			return true
		}
	}
	if readsSecret(s.Env) {
		return true
	}
	for i := range s.Hooks {
		if readsSecret(s.Hooks[i].Env) {
			return true
		}
	}
	for _, list := range [][]model.Container{s.Containers, s.InitContainers, s.Sidecars} {
		for i := range list {
			if readsSecret(list[i].Env) {
				return true
			}
		}
	}
	return false
}

func readsSecret(env []model.EnvVar) bool {
	for i := range env {
		if env[i].FromSecret != nil {
			return true
		}
	}
	return false
}

// sharedSecrets returns the shared Secrets of an environment, complete as the
// Secrets of a target are.
func (r *Resolver) sharedSecrets(env *model.Environment) []model.SharedSecret {
	if len(env.SharedSecrets) == 0 {
		return nil
	}
	spec := model.AppSpec{Kind: model.NoWorkload}
	for i := range env.SharedSecrets {
		s := env.SharedSecrets[i].Secret
		fill.Zero(&s.Target, s.Name)
		if s.Path == "" && env.SecretPath == "" {
			s.Path = strings.NewReplacer("{app}/", "", "{app}-", "").Replace(view.DefaultSecretPath(r.Store(cmp.Or(s.Store, env.SecretStore))))
		}
		spec.Secrets = append(spec.Secrets, s)
	}
	scope := view.Scope{Environment: env.Name}
	t := view.Target{App: "shared", Project: r.fleet.Name, Scope: scope, Platform: r.Platform(scope)}
	overlay(&t.Spec, &spec)
	r.set.Derive(&feature.Derivation{Target: &t})
	out := make([]model.SharedSecret, len(t.Spec.Secrets))
	for i := range t.Spec.Secrets {
		out[i] = model.SharedSecret{Secret: t.Spec.Secrets[i], NamespaceSelector: env.SharedSecrets[i].NamespaceSelector}
	}
	return out
}
