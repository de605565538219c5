package resolve

import (
	"cmp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// The labels of the namespace of a preview. What lets previews in, such as a
// listener or the policy of an app that they call, selects their namespaces by
// these labels, since nobody knows the names beforehand.
const (
	// PreviewLabel names the app, and is on no other namespace.
	PreviewLabel = "gitopsgen.dev/preview"
	// EnvironmentLabel names the environment that the preview is like.
	EnvironmentLabel = "gitopsgen.dev/environment"
	// PullRequestLabel holds the number of the pull request.
	PullRequestLabel = "gitopsgen.dev/pull-request"
)

// Preview names the preview of a pull request of an app.
type Preview struct {
	// App is the app, and Number the number of the pull request.
	App, Number string
	// Commit is the tag of the image that the pull request builds; "" for the
	// environment's image.
	Commit string
}

// Example is the number of the pull request that stands in the tree. No forge
// has it: Argo CD puts another one in its place.
const Example = "0"

// LongExample is a number as long as those of pull requests become.
const LongExample = "999999"

// PreviewSelector selects the namespaces of all previews of an environment.
func PreviewSelector(env string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{EnvironmentLabel: env},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: PreviewLabel, Operator: metav1.LabelSelectorOpExists}}}
}

// PreviewName returns the name of the preview of a pull request: that of its
// Application and of its namespace, and the first label of its hosts.
func PreviewName(app, number string) string { return app + "-pr-" + number }

// Previews returns the previews of an app, and the scope that they are like; it
// is false where the app has none, or no Argo CD that could make them.
func (r *Resolver) Previews(app string) (model.Previews, Scope, bool) {
	a := r.apps[app]
	if a == nil {
		return model.Previews{}, Scope{}, false
	}
	p := Delivery(r.fleet, a).Previews
	if p == nil {
		return model.Previews{}, Scope{}, false
	}
	env := r.envs[p.Environment]
	if env == nil || len(env.Clusters) != 1 || !runsIn(a, env.Name) || !r.synced[env.Clusters[0]] {
		return model.Previews{}, Scope{}, false
	}
	return *p, Scope{Environment: env.Name, Cluster: env.Clusters[0]}, true
}

// PreviewScope returns the scope of the preview of a pull request, and whether
// the app has previews.
func (r *Resolver) PreviewScope(p Preview) (Scope, bool) {
	_, s, ok := r.Previews(p.App)
	s.Preview = p
	return s, ok
}

// IsPreview reports whether a scope is that of a preview.
func (s Scope) IsPreview() bool { return s.Preview.App != "" }

// Like returns the scope that a preview is like, or the scope itself.
func (s Scope) Like() Scope { return Scope{Environment: s.Environment, Cluster: s.Cluster} }

// previewed reports whether an app has previews that are like a scope.
func (r *Resolver) previewed(app string, s Scope) bool {
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

// platformIn returns what the platform offers in a scope, or nil for the base.
func (r *Resolver) platformIn(s Scope) *Platform {
	a := r.platforms[s.Like()]
	if a == nil || !s.IsPreview() {
		return a
	}
	p := *a
	p.preview, p.previewDomain = s.Preview, r.PreviewDomain(s.Preview.App)
	return &p
}

// previewHost returns the host that a preview has in place of a complete one: a
// name directly below the domain of previews, so that one certificate covers
// all, which no other app has.
func (a *Platform) previewHost(host string) string {
	name := PreviewName(a.preview.App, a.preview.Number)
	if host == "" || a.previewDomain == "" || strings.HasSuffix(host, name+"."+a.previewDomain) {
		return host
	}
	label, _, _ := strings.Cut(strings.TrimPrefix(host, "*."), ".")
	if label != a.preview.App {
		name = label + "-" + name
	}
	return name + "." + a.previewDomain
}

// previewSpec takes away from the spec of a preview what it would share with, or
// take from, the environment that it is like.
func previewSpec(s *model.AppSpec, p Preview, image string) {
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
