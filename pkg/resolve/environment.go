package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Environment returns the environment of a scope that names an environment. What it holds is
// shared and must not be changed.
func (r *Resolver) Environment(s view.Scope) view.Environment {
	r.mu.Lock()
	defer r.mu.Unlock()
	site, ok := r.sites[s]
	if !ok {
		site = r.site(s)
		r.sites[s] = site
	}
	return site
}

func (r *Resolver) site(s view.Scope) view.Environment {
	env := r.envs[s.Environment]
	if env == nil {
		return view.Environment{Scope: s}
	}
	site := view.Environment{Scope: s, Model: *env,
		KubernetesVersion: r.version(env, ""), Production: r.Production(s.Environment), Platform: r.Platform(s)}
	for _, name := range env.Clusters {
		if c := r.clusters[name]; c != nil && (s.Cluster == "" || s.Cluster == name) {
			site.Clusters = append(site.Clusters, *c)
		}
	}
	if p, _, ok := r.Previews(s.Preview.App); ok && s.IsPreview() {
		site.PreviewQuota = p.Quota
	}
	stores, modes := map[string]bool{env.SecretStore: true}, map[string]*view.Facts{}
	for _, app := range r.names {
		f, ok := r.Facts(app, s)
		if !ok {
			continue
		}
		modes[app] = f
		if s.IsPreview() && s.Preview.App != app {
			continue
		}
		if preview, ok := r.PreviewScope(view.Preview{App: app, Number: view.Example}); ok && r.Previewed(app, s) {
			site.Previews = append(site.Previews, app)
			like, _ := r.Facts(app, preview)
			site.PreviewRoutes = append(site.PreviewRoutes, like.Routes...)
		}
		site.Namespaces = append(site.Namespaces, f.Namespace)
		site.Levels = append(site.Levels, f.PodSecurity)
		site.Routes = append(site.Routes, f.Routes...)
		site.Certificates = append(site.Certificates, f.Certificates...)
		site.Records = append(site.Records, f.Records...)
		site.Objects = append(site.Objects, f.Objects...)
		for _, store := range f.Stores {
			stores[store] = true
		}
	}
	site.SharedSecrets = r.sharedSecrets(env)
	for _, x := range site.SharedSecrets {
		if x.StoreRef != nil && x.StoreRef.Name == view.StoreObject(x.Store, env.Name) {
			stores[x.Store] = true
		}
	}
	for _, x := range r.fleet.SecretStores {
		if stores[x.Name] && x.Name != "" {
			site.SecretStores = append(site.SecretStores, x)
		}
	}
	site.Meshes = r.meshes(modes)
	slices.Sort(site.Namespaces)
	site.Namespaces = slices.Compact(site.Namespaces)
	return site
}

// meshes returns the namespaces that have apps in the mesh, by name.
func (r *Resolver) meshes(apps map[string]*view.Facts) map[string]view.Meshed {
	out := map[string]view.Meshed{}
	for _, name := range r.names {
		f := apps[name]
		if f == nil || f.Mesh == "" && !f.HasPods {
			continue
		}
		m := out[f.Namespace]
		if m.Apps == nil {
			m.Apps = map[model.MeshMode][]string{}
		}
		m.Apps[f.Mesh] = append(m.Apps[f.Mesh], name)
		m.Mode = ""
		if len(m.Apps) == 1 {
			m.Mode = f.Mesh
		}
		out[f.Namespace] = m
	}
	for namespace, m := range out {
		if m.Apps[model.Sidecar] == nil && m.Apps[model.Ambient] == nil {
			delete(out, namespace)
		}
	}
	return out
}

// Stage returns how many promotions lead to an environment.
func (r *Resolver) Stage(env string) int {
	n := 0
	for e := r.envs[env]; e != nil && e.PromotedFrom != "" && n < len(r.envs); e = r.envs[e.PromotedFrom] {
		n++
	}
	return n
}

// Production reports whether people depend on an environment: it says so, or it
// is promoted from another while none is promoted from it.
func (r *Resolver) Production(env string) bool {
	e := r.envs[env]
	if e == nil {
		return false
	}
	if e.Production != nil {
		return *e.Production
	}
	for _, other := range r.envs {
		if other.PromotedFrom == env {
			return false
		}
	}
	return e.PromotedFrom != ""
}
