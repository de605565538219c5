package render

import (
	"context"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	wholes "github.com/gitopsgen/gitopsgen/pkg/feature/objects"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// perCluster collects the cluster-scoped objects of an app: they exist once per
// cluster, whatever the number of environments there.
type perCluster struct {
	r    *renderer
	app  string
	base []object.Object
	// objects are those of each cluster, with an environment that has them.
	objects  map[string]map[object.ID]inEnvironment
	findings finding.List
}

type inEnvironment struct {
	object.Object
	env string
}

// take takes the cluster-scoped ones among the objects of a scope, and returns
// the others. What the clusters of an environment share is seen on each of them.
func (p *perCluster) take(s view.Scope, objects []object.Object) []object.Object {
	if !slices.ContainsFunc(objects, p.r.isOnce) {
		return objects
	}
	var own []object.Object
	for _, o := range objects {
		switch {
		case !p.r.isOnce(o):
			own = append(own, o)
		case s == view.Scope{}:
			p.base = append(p.base, o)
		case s.Cluster != "":
			p.add(s, o)
		}
	}
	return own
}

// isOnce reports whether an object is cluster-scoped.
func (r *renderer) isOnce(o object.Object) bool {
	return r.resolver.Kinds().Scope(kind.Name{Group: o.Group(), Kind: o.Kind()}) == kind.Cluster
}

func (p *perCluster) add(s view.Scope, o object.Object) {
	if p.objects == nil {
		p.objects = map[string]map[object.ID]inEnvironment{}
	}
	known := p.objects[s.Cluster]
	if known == nil {
		known = map[object.ID]inEnvironment{}
		p.objects[s.Cluster] = known
	}
	first, ok := known[o.ID()]
	if !ok {
		known[o.ID()] = inEnvironment{o, s.Environment}
		return
	}
	if object.Equal(first.Map(), o.Map()) {
		return
	}
	one, two := p.r.resolver.ObjectPath(p.app, view.Scope{Environment: first.env, Cluster: s.Cluster}, o.ID()), p.r.resolver.ObjectPath(p.app, s, o.ID())
	p.findings = append(p.findings, finding.Finding{Rule: "cluster-scoped-differs", Severity: finding.Error, Path: two, Position: p.r.positions.At(two),
		Reason: fmt.Sprintf("%s exists once in cluster %s, but differs between environments %s (%s) and %s (%s)",
			o.ID(), s.Cluster, first.env, p.r.where(one), s.Environment, p.r.where(two)),
		Fix: "make it the same in both, or rename it in one of them"})
}

// where returns a path and, where it is known, its position.
func (r *renderer) where(p fieldpath.Path) string {
	if at := r.positions.At(p); !at.IsZero() {
		return fmt.Sprintf("%s at %s", p, at)
	}
	return string(p)
}

// compose writes the component of the app's name into c.
func (p *perCluster) compose(ctx context.Context, c *composed) error {
	if len(p.objects) == 0 {
		return nil
	}
	if layout.IsGenerated(p.app) {
		at := fieldpath.Path("apps").Key(p.app).Field("name")
		c.findings = append(c.findings, finding.Finding{Rule: "reserved-component", Severity: finding.Error, Path: at, Position: p.r.positions.At(at),
			Reason: fmt.Sprintf("the cluster-scoped objects of app %s are put into a component with its name, which is reserved for gitopsgen", p.app),
			Fix:    "rename the app, or move the objects into a PlatformComponent"})
		return nil
	}
	plan := plan{unit: layout.Component(p.app)}
	if len(p.base) > 0 {
		plan.add(view.Scope{}, "", p.base)
	}
	for _, cluster := range slices.Sorted(maps.Keys(p.objects)) {
		var objects []object.Object
		for _, id := range slices.SortedFunc(maps.Keys(p.objects[cluster]), object.ID.Compare) {
			objects = append(objects, p.objects[cluster][id].Object)
		}
		plan.add(view.Scope{Cluster: cluster}, "", objects)
	}
	return p.r.composeInto(ctx, plan, c)
}

// composeInto composes and delivers a plan, and adds what comes of it to c.
func (r *renderer) composeInto(ctx context.Context, p plan, c *composed) error {
	own := &composed{}
	if err := r.compose(ctx, p, own); err != nil {
		return err
	}
	if err := r.deliver(p.unit, own, nil); err != nil {
		return err
	}
	c.files, c.targets = append(c.files, own.files...), append(c.targets, own.targets...)
	c.findings = append(c.findings, own.findings...)
	c.proof.Failures = append(c.proof.Failures, own.proof.Failures...)
	c.proof.Proved, c.proof.Remembered, c.proof.Failed = c.proof.Proved+own.proof.Proved, c.proof.Remembered+own.proof.Remembered, c.proof.Failed+own.proof.Failed
	return nil
}

// platformUnits returns one unit for each PlatformComponent.
func (r *renderer) platformUnits() []unit {
	var units []unit
	for _, name := range r.resolver.ComponentNames() {
		units = append(units, unit{name: layout.Component(name), compose: func(ctx context.Context) (*composed, error) {
			return r.composePlatform(ctx, name)
		}})
	}
	return units
}

// composePlatform makes, writes and proves the objects of a PlatformComponent:
// a base, and an overlay for each cluster.
func (r *renderer) composePlatform(ctx context.Context, name string) (*composed, error) {
	c, plan := &composed{}, plan{unit: layout.Component(name)}
	if len(r.selection.Apps) > 0 {
		return c, nil
	}
	add := func(component resolve.Component, in view.Scope) error {
		written := r.writtenInComponent(name, in)
		objects, err := r.componentObjects(component)
		wrong, err := r.wrong(err, scopeName(in), written)
		if c.findings = append(c.findings, wrong...); err != nil || wrong != nil {
			return err
		}
		c.findings = append(c.findings, validate.Names(fieldpath.Path("components").Key(name), &view.Target{Spec: model.AppSpec{Objects: component.Spec.Objects}}, objects, written, r.positions)...)
		c.findings = append(c.findings, r.audit(objects, component.Spec.Patches, written)...)
		if len(objects) > 0 {
			plan.add(view.Scope{Cluster: in.Cluster}, "", objects)
		}
		return nil
	}
	if err := add(r.resolver.Component(name, view.Scope{}), view.Scope{}); err != nil {
		return nil, err
	}
	for _, cluster := range r.resolver.ComponentClusters(name) {
		component, in, found := r.agreed(name, cluster)
		if c.findings = append(c.findings, found...); len(found) > 0 {
			continue
		}
		if err := add(component, in); err != nil {
			return nil, err
		}
	}
	if len(c.findings.Errors()) > 0 || len(plan.envs) == 0 {
		return c, nil
	}
	return c, r.composeInto(ctx, plan, c)
}

// agreed returns a component as the environments of a cluster want it, which have
// to agree, and the scope of the first of them.
func (r *renderer) agreed(name, cluster string) (resolve.Component, view.Scope, finding.List) {
	in := view.Scope{Cluster: cluster}
	envs := r.resolver.EnvironmentsOn(cluster)
	if len(envs) == 0 {
		return r.resolver.Component(name, in), in, nil
	}
	in.Environment = envs[0]
	first := r.resolver.Component(name, in)
	for _, env := range envs[1:] {
		if reflect.DeepEqual(first, r.resolver.Component(name, view.Scope{Environment: env, Cluster: cluster})) {
			continue
		}
		component := fieldpath.Path("components").Key(name)
		place := func(env string) fieldpath.Path {
			if r.resolver.OverridesComponent(name, env) {
				return component.Field("overrides").Field("environments").Key(env)
			}
			return component
		}
		one, two := place(envs[0]), place(env)
		at := two
		if at == component {
			at = one
		}
		return first, in, finding.List{{Rule: "cluster-scoped-differs", Severity: finding.Error, Path: at, Position: r.positions.At(at),
			Reason: fmt.Sprintf("component %s runs once in cluster %s, but differs between environments %s (%s) and %s (%s)", name, cluster, envs[0], r.where(one), env, r.where(two)),
			Fix:    "set it for both, or under " + string(component.Field("overrides").Field("clusters").Key(cluster))}}
	}
	return first, in, nil
}

// componentObjects returns the objects of a component, patched and sorted. Those
// that hold data are kept by Argo CD, unless a patch says otherwise. Errors are a
// finding.AllWrong.
func (r *renderer) componentObjects(c resolve.Component) ([]object.Object, error) {
	whole := view.WholeObjects("objects", c.Spec.Objects)
	objects, err := wholes.Objects(whole, c.Namespace, r.resolver.Kinds())
	if err != nil {
		return nil, err
	}
	objects = part.Keep(objects, r.set.Kinds())
	if len(c.Spec.Patches) > 0 {
		if objects, err = kustomize.ApplyPatches(objects, c.Spec.Patches); err != nil {
			return nil, err
		}
	}
	object.Sort(objects)
	return objects, feature.Unique(whole, objects)
}

// modelPath returns the place of a unit in the model.
func (r *renderer) modelPath(unit string) fieldpath.Path {
	name := path.Base(unit)
	switch {
	case slices.ContainsFunc(r.fleet.Components, func(c model.PlatformComponent) bool { return path.Dir(unit) == "platform" && c.Name == name }):
		return fieldpath.Path("components").Key(name)
	case path.Dir(unit) == "apps" || r.isOfApp(unit):
		return fieldpath.Path("apps").Key(name)
	}
	return fieldpath.Path(path.Dir(unit)).Key(name)
}
