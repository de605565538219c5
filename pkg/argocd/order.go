package argocd

import (
	"path"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

const waveAnnotation = "argocd.argoproj.io/sync-wave"

// The waves of the platform: namespaces and quotas before everything, then
// what else the apps stand on. Gateways come with the apps: a certificate may
// need the name of a route.
const (
	// argoWave is that of what Applications need in Argo CD itself: projects, and
	// the registrations of clusters.
	argoWave       = -30
	namespacesWave = -20
	platformWave   = -10
)

// order returns the wave of each app: one more than that of the latest app that
// it comes after.
func (m *Model) order() map[string]int {
	waves := map[string]int{}
	var visit func(app string, depth int) int
	visit = func(app string, depth int) int {
		a := m.apps[app]
		if w, ok := waves[app]; ok || a == nil || depth > len(m.apps) {
			return w
		}
		wave := 0
		for _, before := range a.After {
			wave = max(wave, visit(before, depth+1)+1)
		}
		waves[app] = wave
		return wave
	}
	for app := range m.apps {
		visit(app, 0)
	}
	return waves
}

// wave returns the wave of a unit's Applications.
func (m *Model) wave(unit string) int {
	switch {
	case unit == layout.Component(layout.Namespaces):
		return namespacesWave
	case unit == layout.Component(layout.Gateways):
		return 0
	case isComponent(unit):
		return platformWave
	}
	return m.waves[path.Base(unit)]
}
