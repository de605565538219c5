package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Site returns the site of a scope that names an environment. What it holds is
// shared and must not be changed.
func (r *Resolver) Site(s view.Scope) view.Site {
	r.mu.Lock()
	defer r.mu.Unlock()
	site, ok := r.sites[s]
	if !ok {
		site = r.site(s)
		r.sites[s] = site
	}
	return site
}

func (r *Resolver) site(s view.Scope) view.Site {
	env := r.envs[s.Environment]
	if env == nil {
		return view.Site{Scope: s, Fleet: r.fleet}
	}
	site := view.Site{Scope: s, Fleet: r.fleet, Environment: *env,
		KubernetesVersion: r.version(env, s.Cluster), Production: r.Production(s.Environment), Platform: r.platformIn(s)}
	site.SharedSecrets = r.sharedSecrets(env)
	site.SecretStores = r.storesOf(env, s, site.SharedSecrets)
	for _, name := range env.Clusters {
		if c := r.clusters[name]; c != nil && (s.Cluster == "" || s.Cluster == name) {
			site.Clusters = append(site.Clusters, *c)
		}
	}
	for _, app := range r.names {
		if a := r.apps[app]; r.has(a, s) && (!s.IsPreview() || s.Preview.App == app) {
			if r.previewed(app, s) {
				preview, _ := r.PreviewScope(view.Preview{App: app, Number: view.Example})
				site.Previews = append(site.Previews, app)
				site.PreviewRoutes = append(site.PreviewRoutes, r.routes(a, preview)...)
			}
			site.Namespaces = append(site.Namespaces, r.namespaceOf(a, s))
			site.Levels = append(site.Levels, r.level(a, s))
			routes := r.routes(a, s)
			site.Routes = append(site.Routes, routes...)
			site.Certificates = append(site.Certificates, r.declared(a, s, routes)...)
			site.Records = append(site.Records, r.records(a, s)...)
			site.Objects = append(site.Objects, r.wholes(a, s)...)
		}
	}
	site.Meshes = r.meshes(s)
	slices.Sort(site.Namespaces)
	site.Namespaces = slices.Compact(site.Namespaces)
	return site
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
