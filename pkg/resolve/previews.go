package resolve

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Previews returns the previews of an app, and the scope that they are like; it
// is false where the app has none, or no Argo CD that could make them.
func (r *Resolver) Previews(app string) (model.Previews, view.Scope, bool) {
	a := r.apps[app]
	if a == nil {
		return model.Previews{}, view.Scope{}, false
	}
	p := Delivery(r.fleet, a).Previews
	if p == nil {
		return model.Previews{}, view.Scope{}, false
	}
	env := r.envs[p.Environment]
	if env == nil || len(env.Clusters) != 1 || !runsIn(a, env.Name) || !r.synced[env.Clusters[0]] {
		return model.Previews{}, view.Scope{}, false
	}
	return *p, view.Scope{Environment: env.Name, Cluster: env.Clusters[0]}, true
}

// PreviewScope returns the scope of the preview of a pull request, and whether
// the app has previews.
func (r *Resolver) PreviewScope(p view.Preview) (view.Scope, bool) {
	_, s, ok := r.Previews(p.App)
	s.Preview = p
	return s, ok
}

// Previewed reports whether an app has previews that are like a scope.
func (r *Resolver) Previewed(app string, s view.Scope) bool {
	_, like, ok := r.Previews(app)
	return ok && like.Environment == s.Environment && !s.IsPreview()
}

// PreviewDomain returns the domain of the hosts of an app's previews, or "".
func (r *Resolver) PreviewDomain(app string) string {
	p, s, ok := r.Previews(app)
	if !ok {
		return ""
	}
	domain := p.Domain
	if env := r.envs[s.Environment]; domain == "" && env.Domain != "" {
		domain = "previews." + env.Domain
	}
	return domain
}

// Platform returns what the platform offers in a scope, or nil for the base.
func (r *Resolver) Platform(s view.Scope) *view.Platform {
	a := r.platforms[s.Like()]
	if a == nil || !s.IsPreview() {
		return a
	}
	return a.InPreview(s.Preview, r.PreviewDomain(s.Preview.App))
}

// previewSpec takes away from the spec of a preview what it would share with, or
// take from, the environment that it is like.
func previewSpec(s *model.AppSpec, p view.Preview, image string) {
	s.PushSecrets = nil // the values are the environment's
	for i := range s.Ports {
		s.Ports[i].NodePort = nil
	}
	var hooks []model.Hook
	for _, h := range s.Hooks {
		switch h.Phase {
		case "", model.PreSync: // there is no namespace yet, nor a Secret: it starts with all the others
			h.Phase, h.ServiceAccount = model.SyncPhase, cmp.Or(h.ServiceAccount, "default")
			if h.Wave != nil {
				h.Wave = new(max(0, *h.Wave))
			}
		case model.PostDelete: // there is no namespace any more
			continue
		}
		hooks = append(hooks, h)
	}
	s.Hooks = hooks
	if p.Commit != "" {
		previewImages(s, cmp.Or(image, imageName(s.Image))+":"+p.Commit)
	}
}

// previewImages sets the image of the pull request wherever the main
// container's is used, whatever its tag.
func previewImages(s *model.AppSpec, image string) {
	name := imageName(s.Image)
	set := func(c *model.ContainerSpec) {
		if c.Image != "" && imageName(c.Image) == name {
			c.Image = image
		}
	}
	for _, list := range [][]model.Container{s.Containers, s.InitContainers, s.Sidecars} {
		for i := range list {
			set(&list[i].ContainerSpec)
		}
	}
	for i := range s.Hooks {
		set(&s.Hooks[i].ContainerSpec)
	}
	set(&s.ContainerSpec)
}

// imageName returns an image without tag and digest.
func imageName(image string) string {
	ref, err := imageref.Parse(image)
	if err != nil {
		return image
	}
	return ref.Name
}
