package workload

import (
	"cmp"
	"math"
	"regexp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// deriveOrder orders the lists of pods whose order means nothing as a strategic
// merge does: what only some environments or clusters say stands first. It goes by
// the layers that say it and never by values, so that the order stays when another
// layer says the same.
func deriveOrder(d *feature.Derivation) {
	special := func(l feature.Layer) bool { return l.Reach != feature.Everywhere && givesLists(l.Spec) }
	if !d.RunsPods() || !slices.ContainsFunc(d.Layers, special) {
		return
	}
	s := &d.Spec
	for _, c := range layered(s) {
		c.Env = orderedEnv(c.Env, placesIn(d.Layers, func(l *model.AppSpec) []string { return names(c.in(l).Env, envName) }))
		sortBy(c.Ports, portName, placesIn(d.Layers, func(l *model.AppSpec) []string {
			return names(slices.DeleteFunc(slices.Clone(c.in(l).Ports), unnumbered), portName)
		}))
		sortBy(c.Mounts, mountPath, placesIn(d.Layers, func(l *model.AppSpec) []string { return mountPaths(c.in(l)) }))
	}
	if s.Pod != nil {
		sortBy(s.Pod.TopologySpread, topologyKey, placesIn(d.Layers, func(l *model.AppSpec) []string {
			if l.Pod == nil {
				return nil
			}
			return names(l.Pod.TopologySpread, topologyKey)
		}))
	}
	d.First = append(placesIn(d.Layers, func(l *model.AppSpec) []string { return volumesOf(s, l) }).first(),
		placesIn(d.Layers, func(l *model.AppSpec) []string { return mainMountsOf(s, l) }).first()...)
}

// givesLists reports whether a layer says something of a list that is ordered.
func givesLists(s *model.AppSpec) bool {
	return len(s.Config)+len(s.Secrets)+len(s.Volumes) > 0 || s.Pod != nil && len(s.Pod.TopologySpread) > 0 ||
		slices.ContainsFunc(layered(s), func(c layeredContainer) bool { return len(c.Env)+len(c.Ports)+len(c.Mounts)+len(c.Writable) > 0 })
}

// layeredContainer is a container of a spec, or of a hook.
type layeredContainer struct {
	*model.ContainerSpec
	// in returns what a layer says of it; nothing where the layer does not have it.
	in func(layer *model.AppSpec) *model.ContainerSpec
}

// layered returns the containers of a spec, the main one first.
func layered(s *model.AppSpec) []layeredContainer {
	out := []layeredContainer{{&s.ContainerSpec, func(l *model.AppSpec) *model.ContainerSpec { return &l.ContainerSpec }}}
	for _, of := range []func(*model.AppSpec) []model.Container{
		func(s *model.AppSpec) []model.Container { return s.Containers },
		func(s *model.AppSpec) []model.Container { return s.InitContainers },
		func(s *model.AppSpec) []model.Container { return s.Sidecars },
	} {
		for i, c := range of(s) {
			out = append(out, layeredContainer{&of(s)[i].ContainerSpec, func(l *model.AppSpec) *model.ContainerSpec {
				list := of(l)
				if j := slices.IndexFunc(list, func(x model.Container) bool { return x.Name == c.Name }); j >= 0 {
					return &list[j].ContainerSpec
				}
				return &model.ContainerSpec{}
			}})
		}
	}
	for i, h := range s.Hooks {
		out = append(out, layeredContainer{&s.Hooks[i].ContainerSpec, func(l *model.AppSpec) *model.ContainerSpec {
			if j := slices.IndexFunc(l.Hooks, func(x model.Hook) bool { return x.Name == h.Name }); j >= 0 {
				return &l.Hooks[j].ContainerSpec
			}
			return &model.ContainerSpec{}
		}})
	}
	return out
}

func envName(e model.EnvVar) string                        { return e.Name }
func portName(p model.Port) string                         { return p.Name }
func mountPath(m model.Mount) string                       { return m.MountPath }
func topologyKey(c corev1.TopologySpreadConstraint) string { return c.TopologyKey }

// unnumbered reports whether a layer says nothing of a port that containers show.
func unnumbered(p model.Port) bool { return p.Port == 0 && p.Protocol == "" }

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = name(e)
	}
	return out
}

// mountPaths returns where a layer mounts something into a container by itself.
func mountPaths(c *model.ContainerSpec) []string {
	return append(names(c.Mounts, mountPath), c.Writable...)
}

// volumesOf returns the names of the volumes of s of which a layer says something that
// pods show. The size of a claim is not such a thing.
func volumesOf(s, layer *model.AppSpec) []string {
	var out []string
	for _, c := range layer.Config {
		if c.MountPath != "" {
			out = append(out, c.Name)
		}
	}
	for _, x := range layer.Secrets {
		if x.MountPath != "" || x.Target != "" {
			out = append(out, x.Name)
		}
	}
	for _, v := range layer.Volumes {
		if v.Claim == nil && v != (model.Volume{Name: v.Name, MountPath: v.MountPath, SubPath: v.SubPath, ReadOnly: v.ReadOnly}) || v.Claim != nil && v.MountPath != "" {
			out = append(out, v.Name)
		}
	}
	for _, c := range layered(s) {
		for _, p := range c.in(layer).Writable {
			if i := slices.IndexFunc(c.Mounts, func(m model.Mount) bool { return m.MountPath == p }); i >= 0 {
				out = append(out, c.Mounts[i].Volume)
			}
		}
	}
	return out
}

// mainMountsOf returns the paths in the main container of s at which a layer mounts
// something, or changes how it is mounted.
func mainMountsOf(s, layer *model.AppSpec) []string {
	out := mountPaths(&layer.ContainerSpec)
	for _, c := range layer.Config {
		if c.MountPath != "" {
			out = append(out, c.MountPath)
		}
	}
	for _, x := range layer.Secrets {
		if x.MountPath != "" {
			out = append(out, x.MountPath)
		}
	}
	for _, v := range layer.Volumes {
		if i := slices.IndexFunc(s.Volumes, func(x model.Volume) bool { return x.Name == v.Name }); i >= 0 && (v.MountPath != "" || v.SubPath != "" || v.ReadOnly != nil) {
			out = append(out, s.Volumes[i].MountPath)
		}
	}
	return out
}

// place is where an entry stands: those of a greater weight first.
type place struct{ weight, at int }

// places are those of the entries of a list, by name. Entries without one stand last.
type places map[string]place

// placesIn returns the places of the entries that layers name. Each stands where the
// last layer that names it puts it: those of layers of a cluster first, then those
// of its environment, of two layers those of the later one first. What all
// environments have keeps its order there.
func placesIn(layers []feature.Layer, named func(*model.AppSpec) []string) places {
	last, all := map[string]int{}, make([][]string, len(layers))
	for i, l := range layers {
		all[i] = named(l.Spec)
		for _, n := range all[i] {
			last[n] = i
		}
	}
	out := places{}
	for i, l := range layers {
		for _, n := range all[i] {
			_, known := out[n]
			switch by := layers[last[n]]; {
			case known:
			case by.Reach == feature.Everywhere && l.Reach == feature.Everywhere:
				out[n] = place{0, len(out)}
			case by.Reach != feature.Everywhere && last[n] == i:
				out[n] = place{int(l.Reach)*len(layers) + i, len(out)}
			}
		}
	}
	return out
}

// compare compares two names by their places.
func (p places) compare(a, b string) int {
	x, y := p.of(a), p.of(b)
	return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.at, y.at))
}

func (p places) of(name string) place {
	if x, ok := p[name]; ok {
		return x
	}
	return place{at: math.MaxInt}
}

// first returns the names that stand before those of all environments, in order.
func (p places) first() []string {
	var out []string
	for n, x := range p {
		if x.weight > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, p.compare)
	return out
}

func sortBy[T any](list []T, name func(T) string, p places) {
	slices.SortStableFunc(list, func(a, b T) int { return p.compare(name(a), name(b)) })
}

// firstOf returns a list with the entries that are named first before the others.
func firstOf[T any](list []T, name func(T) string, first []string) []T {
	at := func(e T) int {
		if i := slices.Index(first, name(e)); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(at(a), at(b)) })
	return list
}

// orderedEnv returns variables by their places. One that is put first takes those
// along that its value refers to; where a value would still mean something else, all
// stay as they are.
func orderedEnv(env []model.EnvVar, p places) []model.EnvVar {
	for taken := true; taken; {
		taken = false
		for i, e := range env {
			for _, name := range references(e) {
				j := slices.IndexFunc(env[:i], func(x model.EnvVar) bool { return x.Name == name })
				if weight := p.of(e.Name).weight; j >= 0 && p.of(name).weight < weight {
					p[name], taken = place{weight, j - len(env)}, true
				}
			}
		}
	}
	out := slices.Clone(env)
	sortBy(out, envName, p)
	for i, e := range env {
		j := slices.IndexFunc(out, func(x model.EnvVar) bool { return x.Name == e.Name })
		for _, name := range references(e) {
			named := func(x model.EnvVar) bool { return x.Name == name }
			if slices.ContainsFunc(env[:i], named) != slices.ContainsFunc(out[:j], named) {
				return env
			}
		}
	}
	return out
}

// reference matches what a value can refer to another variable by.
var reference = regexp.MustCompile(`\$\(([^)]+)\)`)

// references returns the names of the variables that a value refers to.
func references(e model.EnvVar) []string {
	if e.Value == nil {
		return nil
	}
	var out []string
	for _, m := range reference.FindAllStringSubmatch(*e.Value, -1) {
		out = append(out, m[1])
	}
	return out
}
