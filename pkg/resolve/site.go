package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Site is an environment, or one of its clusters, as the parts of the platform
// see it that belong to no app.
type Site struct {
	Scope
	// Fleet is the whole fleet, and Environment that of the site.
	Fleet       *model.Fleet
	Environment model.Environment
	// Clusters are the clusters of the environment, or the one of the scope.
	Clusters []model.Cluster
	// Namespaces are those that the environment's apps live in, sorted.
	Namespaces []string
	// Levels are the pod security levels that the apps want, by the app's name.
	Levels []Level
	// KubernetesVersion is the lowest of the clusters, as in 1.36; "" where none is known.
	KubernetesVersion string
	// SecretStores are the environment's own store and those that Secrets of the
	// scope really use, in the fleet's order.
	SecretStores []model.SecretStore
	// SharedSecrets are the environment's, with nothing left to fill in.
	SharedSecrets []model.SharedSecret
	// Production tells that people depend on the environment.
	Production bool
	// Platform is what the platform offers to the environment's apps.
	Platform *Platform
	// Routes are those of all apps, by the app's name.
	Routes []AppRoute
	// Certificates are the certificates in the apps' namespaces, by the app's name.
	Certificates []AppCertificate
	// Records are the DNS records of all apps, by the app's name.
	Records []AppDNSRecord
	// Meshes are the namespaces with apps in the service mesh, by name.
	Meshes map[string]Meshed
	// Previews are the apps whose pull requests get previews like the site, by
	// name, and PreviewRoutes are the routes of these, of the pull request Example.
	Previews      []string
	PreviewRoutes []AppRoute
	// Objects are the whole objects that apps bring along, by the app's name.
	Objects []RawObject
}

// Site returns the site of a scope that names an environment. What it holds is
// shared and must not be changed.
func (r *Resolver) Site(s Scope) Site {
	r.mu.Lock()
	defer r.mu.Unlock()
	site, ok := r.sites[s]
	if !ok {
		site = r.site(s)
		r.sites[s] = site
	}
	return site
}

func (r *Resolver) site(s Scope) Site {
	env := r.envs[s.Environment]
	if env == nil {
		return Site{Scope: s, Fleet: r.fleet}
	}
	site := Site{Scope: s, Fleet: r.fleet, Environment: *env,
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
				preview, _ := r.PreviewScope(Preview{App: app, Number: Example})
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

// ManagesNamespaces reports whether we emit the environment's namespaces.
func (s Site) ManagesNamespaces() bool {
	m := s.Environment.Namespaces.Manage
	return m == nil || *m
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
