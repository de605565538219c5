package render

import (
	"cmp"
	"context"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var compare = cmp.Compare[string]

// appUnit returns the unit of an app.
func (r *renderer) appUnit(app string) unit {
	return unit{name: layout.App(app), counted: r.selection.app(app), compose: func(ctx context.Context) (*composed, error) {
		if !r.selection.app(app) {
			return &composed{}, nil
		}
		if c, ok := r.apps.lookup(app); ok {
			return c, nil
		}
		c, err := r.composeApp(ctx, app)
		if err == nil {
			r.apps.add(app, c)
		}
		return c, err
	}}
}

// composeApp makes, writes and proves the objects of an app in all its scopes.
// The overlay of an environment with a single cluster is that cluster's own:
// there is nobody to differ from.
func (r *renderer) composeApp(ctx context.Context, app string) (*composed, error) {
	c, plan, once := &composed{}, plan{unit: layout.App(app)}, perCluster{r: r, app: app}
	at := fieldpath.Path("apps").Key(app).Field("spec")
	for _, scope := range r.resolver.Scopes(app) {
		single := len(r.clustersOf(scope.Environment)) == 1
		if single && scope.Cluster == "" {
			continue
		}
		t, written := r.resolver.Target(app, scope), r.writtenIn(app, scope)
		wrong := r.placedIn(written, at, validate.Target(at, &t, r.set, r.positions))
		c.findings = append(c.findings, wrong...)
		if len(wrong.Errors()) > 0 {
			continue
		}
		objects, findings, err := r.objects(&t, r.view(c))
		if wrong, err := r.wrong(err, scopeName(scope), written); err != nil || wrong != nil {
			if c.findings = append(c.findings, wrong...); err != nil {
				return nil, err
			}
			continue
		}
		c.findings = slices.Concat(c.findings, findings, validate.Names(at, &t, objects, written, r.positions),
			r.audit(unjudged(objects, &t), t.Spec.Patches, written))
		objects = once.take(scope, objects)
		if single {
			scope.Cluster = ""
		}
		if len(c.findings.Errors()) == 0 { // else nothing is composed, and an environment may lack
			plan.add(scope, t.Namespace, objects)
		}
	}
	c.findings = append(c.findings, once.findings...)
	if len(c.findings.Errors()) > 0 {
		return c, nil // reported with those of all other apps
	}
	preview, err := r.preview(app, &plan, c)
	if err != nil || len(c.findings.Errors()) > 0 {
		return c, err
	}
	if !plan.isEmpty() || len(once.objects) == 0 {
		if err := r.compose(ctx, plan, c); err != nil {
			return nil, err
		}
		if err := r.deliver(plan.unit, c, preview); err != nil {
			return nil, err
		}
	}
	return c, once.compose(ctx, c)
}

// view returns a view for a unit, which notes what is asked where it is remembered.
func (r *renderer) view(c *composed) *view.View {
	if r.apps == nil {
		return r.resolver.View()
	}
	return r.resolver.View().Recording(func(q view.Question) {
		if !slices.Contains(c.asked, q) {
			c.asked = append(c.asked, q)
		}
	})
}

// objects makes the objects of one target and checks them. Errors are a
// finding.AllWrong.
func (o *options) objects(t *view.Target, v *view.View) ([]object.Object, finding.List, error) {
	objects, err := o.set.Objects(t, v)
	if err != nil {
		return nil, nil, err
	}
	if len(t.Spec.Patches) > 0 {
		if objects, err = kustomize.ApplyPatches(objects, t.Spec.Patches); err != nil {
			return nil, nil, err
		}
	}
	if objects, err = o.set.Filter(t, objects); err != nil {
		return nil, nil, err
	}
	object.Sort(objects)
	r := &feature.Report{Positions: o.positions}
	o.set.CheckObjects(r, fieldpath.Path("apps").Key(t.App).Field("spec"), t, objects)
	return objects, r.List, nil
}

// audit finds credentials in objects that patches, filters or generators of the
// user's own have made; those of ours hold what the model says, which is audited.
func (r *renderer) audit(objects []object.Object, patches []model.Patch, written placed) finding.List {
	if len(patches)+len(r.extensions) == 0 {
		return nil
	}
	return r.credentials().Objects(objects, patches, written)
}

// unjudged returns objects without the Secrets that are as the target's source yields
// them, whose values its feature judges.
func unjudged(objects []object.Object, t *view.Target) []object.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o object.Object) bool {
		return view.HoldsValues(o.Map()) && slices.ContainsFunc(t.Sourced, func(w view.WholeObject) bool {
			return view.Text(w.Object, "kind") == o.Kind() && view.Text(w.Object, "metadata", "name") == o.Name() &&
				object.Equal(w.Object["data"], o.Map()["data"]) && object.Equal(w.Object["stringData"], o.Map()["stringData"])
		})
	})
}

func scopeName(s view.Scope) string {
	switch {
	case s.Environment == "":
		return "the base"
	case s.Cluster == "":
		return s.Environment
	}
	return s.Environment + "/" + s.Cluster
}

func (r *renderer) clustersOf(env string) []string {
	for i := range r.fleet.Environments { // not copied: this is asked for each target
		if e := &r.fleet.Environments[i]; e.Name == env {
			return e.Clusters
		}
	}
	return nil
}

// componentUnits returns one unit for each component of the platform in each
// environment.
func (r *renderer) componentUnits() []unit {
	var units []unit
	for _, component := range r.set.Components() {
		for _, env := range r.fleet.Environments {
			name := layout.Component(component.Name)
			units = append(units, unit{name: name, compose: func(ctx context.Context) (*composed, error) {
				return r.composeComponent(ctx, component, env.Name)
			}})
		}
	}
	return units
}

// composeComponent makes, writes and proves the objects of a component in one
// environment and its clusters. There is no base: environments share nothing.
func (r *renderer) composeComponent(ctx context.Context, component feature.Component, env string) (*composed, error) {
	c, plan := &composed{}, plan{unit: layout.Component(component.Name)}
	if len(r.selection.Apps) > 0 || !r.selection.environment(env) {
		return c, nil
	}
	scopes, empty := []view.Scope{{Environment: env}}, true
	if clusters := r.clustersOf(env); len(clusters) > 1 {
		for _, cluster := range slices.Sorted(slices.Values(clusters)) {
			scopes = append(scopes, view.Scope{Environment: env, Cluster: cluster})
		}
	}
	for _, scope := range scopes {
		objects, err := component.Objects(r.resolver.Environment(scope))
		if err != nil {
			return nil, err
		}
		object.Sort(objects)
		empty = empty && len(objects) == 0
		plan.add(scope, "", objects)
	}
	if empty {
		return c, nil
	}
	if err := r.compose(ctx, plan, c); err != nil {
		return nil, err
	}
	return c, r.deliver(plan.unit, c, nil)
}
