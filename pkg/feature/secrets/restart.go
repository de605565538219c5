package secrets

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Reloader reads these annotations of a workload: the Secrets that restart it,
// and whether all that it refers to do.
const reloadAnnotation = "secret.reloader.stakater.com/reload"

var autoAnnotations = []string{"reloader.stakater.com/auto", "secret.reloader.stakater.com/auto"}

// restarts finds pods that read a Secret of another app when they start, and
// that nothing restarts when it changes. Those of own Secrets are found without
// the rest of the fleet.
func (a auditor) restarts(targets []*view.Target) {
	changing := map[place]bool{}
	for _, t := range targets {
		for i := range t.Spec.Secrets {
			s := &t.Spec.Secrets[i]
			said := s.RestartOnChange != nil && !*s.RestartOnChange
			if s.RefreshPolicy != "CreatedOnce" && !said {
				changing[place{t.Cluster, t.Namespace, s.Target}] = true
			}
		}
	}
	reported := map[fieldpath.Path]bool{}
	for _, t := range targets {
		if t.Spec.Kind != model.Deployment && t.Spec.Kind != model.StatefulSet && t.Spec.Kind != model.DaemonSet {
			continue
		}
		for _, u := range envUses(t) {
			if reported[u.at] || !changing[place{t.Cluster, t.Namespace, u.secret}] || ownSecret(t, u.secret) || reloads(t, u.secret) {
				continue
			}
			reported[u.at] = true
			a.Warnf("no-restart", u.at, "mount the Secret as files, or add the annotation "+reloadAnnotation+": "+u.secret+" where Reloader runs",
				"pods read environment variables only when they start, and keep the old value when another app changes this Secret")
		}
	}
}

// envUses returns the Secrets that containers which stay, or start before them,
// read into their environment.
func envUses(t *view.Target) []use {
	var out []use
	for _, x := range part.Containers(specOf(t), &t.Spec) {
		for _, e := range x.Spec.Env {
			if e.FromSecret != nil {
				out = append(out, use{part.Secret(t, e.FromSecret.Name), x.Path.Field("env").Key(e.Name).Field("fromSecret")})
			}
		}
	}
	return out
}

// ownSecret reports whether a Secret is one of the target's own.
func ownSecret(t *view.Target, name string) bool {
	return slices.ContainsFunc(t.Spec.Secrets, func(s model.Secret) bool { return s.Target == name })
}

// reloads reports whether the annotations of a target say whether Reloader
// restarts it for a Secret.
func reloads(t *view.Target, secret string) bool {
	for _, key := range autoAnnotations {
		if t.Spec.Annotations[key] != "" {
			return true
		}
	}
	for name := range strings.SplitSeq(t.Spec.Annotations[reloadAnnotation], ",") {
		if strings.TrimSpace(name) == secret {
			return true
		}
	}
	return false
}
