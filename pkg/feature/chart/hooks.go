package chart

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// phases are the phases of Argo CD by Helm's events. Argo CD has no rollback, and tests
// are not part of a sync.
var phases = map[string]string{
	"pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync", "post-upgrade": "PostSync",
	"pre-delete": "PreDelete", "post-delete": "PostDelete",
}

// policies are Argo CD's policies for the deletion of hooks, by Helm's.
var policies = map[string]string{
	"before-hook-creation": "BeforeHookCreation", "hook-succeeded": "HookSucceeded", "hook-failed": "HookFailed",
}

// The annotations of hooks.
const (
	hookDelete = "argocd.argoproj.io/hook-delete-policy"
	helmHook   = "helm.sh/hook"
)

// runs reports whether Argo CD has a phase for a hook.
func runs(h *source.ChartHook) bool {
	return slices.ContainsFunc(h.Events, func(e string) bool { return phases[e] != "" })
}

// setHook makes a hook of Helm one of Argo CD, which would read Helm's annotations too.
// What is cluster-scoped is synced before the app, by itself, and has to be there when
// the app's hooks run: it is an object like any other.
func setHook(o object.Object, h *source.ChartHook) {
	annotations := annotationsOf(o)
	for name := range annotations {
		if name == helmHook || strings.HasPrefix(name, helmHook+"-") {
			delete(annotations, name)
		}
	}
	if kind.Lookup(o.KindName()).Scope == kind.Cluster {
		if len(annotations) == 0 {
			delete(o.Map()["metadata"].(map[string]any), "annotations")
		}
		return
	}
	annotations[part.HookPhase] = translated(h.Events, phases, "")
	annotations[hookDelete] = translated(h.DeletePolicies, policies, "BeforeHookCreation")
	if h.Weight != 0 {
		annotations[syncWave] = strconv.Itoa(h.Weight)
	}
}

// translated returns Argo CD's words for some of Helm's, each once.
func translated(list []string, words map[string]string, none string) string {
	var out []string
	for _, x := range list {
		if w := words[x]; w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if out == nil {
		return none
	}
	return strings.Join(out, ",")
}

// onlyAt returns the first of a pair of events that a hook has without the other, which
// Argo CD does not tell apart; "" if there is none.
func onlyAt(h *source.ChartHook) (event, other string) {
	for _, pair := range [][2]string{{"pre-install", "pre-upgrade"}, {"post-install", "post-upgrade"}} {
		install, upgrade := slices.Contains(h.Events, pair[0]), slices.Contains(h.Events, pair[1])
		switch {
		case install && !upgrade:
			return pair[0], "each sync"
		case upgrade && !install:
			return pair[1], "the first sync too"
		}
	}
	return "", ""
}
