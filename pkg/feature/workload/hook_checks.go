package workload

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// hooks checks the hooks of a layer.
func (c checker) hooks(at fieldpath.Path, hooks []model.Hook) {
	seen := map[string]bool{}
	for _, h := range hooks {
		below := at.Key(h.Name)
		c.Label(below.Field("name"), h.Name, 63)
		c.Unique(seen, below, h.Name)
		switch h.Phase {
		case "", model.PreSync, model.SyncPhase, model.PostSync, model.SyncFail, model.PostDelete:
		default:
			c.Errorf("invalid-value", below.Field("phase"), "use PreSync, Sync, PostSync, SyncFail or PostDelete", "%q is not a phase of a sync", h.Phase)
		}
		c.container(below, h.ContainerSpec)
	}
}

// resolvedHooks checks hooks with nothing left to inherit: what runs before the
// app's objects are made, or after they are deleted, cannot use them.
func (c checker) resolvedHooks(at fieldpath.Path, s *model.AppSpec) {
	for i := range s.Hooks {
		h := &s.Hooks[i]
		below := at.Field("hooks").Key(h.Name)
		if h.Image == "" {
			c.Errorf("missing-image", below.Field("image"), "add an image", "the hook %s has no image", h.Name)
		}
		switch {
		case h.Phase == model.PreSync, h.Phase == model.SyncPhase && h.Wave != nil && *h.Wave < 0:
			c.standsAlone(below, s, h, "is created by the sync, and this hook runs before that")
		case h.Phase == model.PostDelete:
			c.standsAlone(below, s, h, "is deleted with the app, and this hook runs after that")
		}
	}
}

// standsAlone checks that a hook uses nothing that its app makes.
func (c checker) standsAlone(at fieldpath.Path, s *model.AppSpec, h *model.Hook, why string) {
	config := func(name string) bool {
		return slices.ContainsFunc(s.Config, func(x model.Config) bool { return x.Name == name })
	}
	secret := func(name string) bool {
		return slices.ContainsFunc(s.Secrets, func(x model.Secret) bool { return x.Name == name || x.Target == name })
	}
	claim := func(name string) bool {
		return slices.ContainsFunc(s.Volumes, func(v model.Volume) bool {
			return v.Name == name && (v.Claim != nil || v.Secret != nil && secret(v.Secret.SecretName))
		})
	}
	for _, e := range h.Env {
		if e.FromConfig != nil {
			c.Errorf("hook-needs-later", at.Field("env").Key(e.Name), "give the hook the value itself", "the ConfigMap %s", why)
		}
		if e.FromSecret != nil && secret(e.FromSecret.Name) {
			c.Errorf("hook-needs-later", at.Field("env").Key(e.Name), ofAnother, "the Secret %s", why)
		}
	}
	for _, m := range h.Mounts {
		if config(m.Volume) || secret(m.Volume) || claim(m.Volume) {
			c.Errorf("hook-needs-later", at.Field("mounts").Key(m.MountPath), ofAnother, "the volume %s %s", m.Volume, why)
		}
	}
	if s.Pod != nil && slices.ContainsFunc(s.Pod.ImagePullSecrets, secret) {
		c.Errorf("hook-needs-later", at.Field("image"), ofAnother, "the Secret to pull images with %s", why)
	}
	if a := s.ServiceAccount; a != nil && feature.IsTrue(a.Create) && h.ServiceAccount == a.Name {
		c.Warnf("hook-needs-later", at.Field("serviceAccount"), "remove it, or name one that this app does not create", "the service account %s %s", a.Name, why)
	}
}

// ofAnother is how hooks come by what their own app makes too late.
const ofAnother = "move it into another app, and list that app in after"
