package argocd

import (
	"path"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

const waveAnnotation = "argocd.argoproj.io/sync-wave"

// The waves of the platform: namespaces and quotas before everything, then the
// components of the user's own, each after those that it names, then what else the
// apps stand on. Gateways come with the apps: a certificate may need the name of a
// route.
const (
	// argoWave is that of what Applications need in Argo CD itself: projects, and
	// the registrations of clusters.
	argoWave       = -30
	namespacesWave = -20
	componentsWave = -19
	platformWave   = -10
)

// order returns the wave of each of some apps or components, given what each comes
// after: the first one, or one more than that of the latest of these.
func order(after map[string][]string, first int) map[string]int {
	waves := map[string]int{}
	var visit func(name string, depth int) int
	visit = func(name string, depth int) int {
		before, known := after[name]
		if w, ok := waves[name]; ok || !known || depth > len(after) {
			return w
		}
		wave := first
		for _, b := range before {
			wave = max(wave, visit(b, depth+1)+1)
		}
		waves[name] = wave
		return wave
	}
	for name := range after {
		visit(name, 0)
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
		if w, ok := m.components[path.Base(unit)]; ok {
			return w
		}
		return platformWave
	}
	return m.waves[path.Base(unit)]
}
