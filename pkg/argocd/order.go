package argocd

import (
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

const (
	waveAnnotation = "argocd.argoproj.io/sync-wave"
	// awaitedAnnotation marks the Applications that a root waits for.
	awaitedAnnotation = "gitopsgen.dev/awaited"
)

// The waves of the platform: namespaces and quotas before everything, then
// what else the apps use. Gateways come with the apps: a certificate may need the
// name of a route. Roots wait for namespaces alone: operators look again for the
// stores and issuers that are not ready, and a broken one stops no app.
const (
	namespacesWave = -2000
	platformWave   = -1000
)

// order returns the waves of apps or components, those apart that are 0, given
// what comes after each. A root waits until all Applications of a wave are healthy
// before it creates the next, and does not wait for the last. So those that
// nothing comes after are in the last wave, 0, and each other one is in the wave
// before the first that comes after it. One that the root does not create needs
// no wave of its own, but what comes after it stays behind what comes before it.
func order(later map[string][]string, created func(name string) bool) map[string]int {
	waves := map[string]int{}
	var visit func(name string) int
	visit = func(name string) int {
		if w, ok := waves[name]; ok {
			return w
		}
		waves[name] = 0 // should it come after itself, which is refused before
		wave := 0
		for _, next := range later[name] {
			w := visit(next)
			if created(next) {
				w--
			}
			wave = min(wave, w)
		}
		waves[name] = wave
		return wave
	}
	for name := range later {
		visit(name)
	}
	return waves
}

// appWaves returns the waves of the apps in each environment.
func (m *Model) appWaves() map[string]map[string]int {
	later := map[string][]string{}
	for _, app := range m.fleet.Apps {
		for _, before := range app.After {
			later[before] = append(later[before], app.Name)
		}
	}
	out := map[string]map[string]int{}
	for _, e := range m.fleet.Environments {
		out[e.Name] = order(later, func(app string) bool { return m.created(app, e.Name) })
	}
	return out
}

// componentWaves returns the waves of PlatformComponents.
func (m *Model) componentWaves() map[string]int {
	later := map[string][]string{}
	for _, c := range m.fleet.Components {
		for _, before := range c.After {
			later[before] = append(later[before], c.Name)
		}
	}
	return order(later, func(string) bool { return true })
}

// created reports whether the root of an environment creates Applications of an
// app: it runs there, and no ApplicationSet makes them.
func (m *Model) created(app, env string) bool {
	a := m.apps[app]
	return a != nil && (len(a.RunsIn) == 0 || slices.Contains(a.RunsIn, env)) && m.delivery(a).Strategy == model.Applications
}

// wave returns the wave of a target's Application.
func (m *Model) wave(t Target) int {
	switch {
	case t.Environment == "":
		return m.components[path.Base(t.Unit)]
	case t.Unit == layout.Component(layout.Namespaces):
		return namespacesWave
	case t.Unit == layout.Component(layout.Gateways):
		return 0
	case isComponent(t.Unit):
		return platformWave
	}
	return m.waves[t.Environment][path.Base(t.Unit)]
}

// awaited reports whether a root waits for a target's Application: something
// comes after it that needs it.
func (m *Model) awaited(t Target) bool { return m.wave(t) < 0 && m.wave(t) != platformWave }
