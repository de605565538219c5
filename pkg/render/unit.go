package render

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/generate"
	"github.com/gitopsgen/gitopsgen/pkg/generate/namespace"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

var compare = cmp.Compare[string]

// appUnit returns the unit of an app.
func (r *renderer) appUnit(app string) unit {
	return unit{name: layout.App(app), compose: func(ctx context.Context) (*composed, error) {
		if !r.selection.app(app) {
			return &composed{}, nil
		}
		if files, ok := r.units.recall(app); ok {
			return r.recalled(layout.App(app), files), nil
		}
		c, err := r.composeApp(ctx, app)
		if err == nil {
			r.units.add(app, c)
		}
		return c, err
	}}
}

// composeApp makes, writes and proves the objects of an app in all its scopes.
// The overlay of an environment with a single cluster is that cluster's own:
// there is nobody to differ from.
func (r *renderer) composeApp(ctx context.Context, app string) (*composed, error) {
	c, plan := &composed{}, plan{unit: layout.App(app)}
	for _, scope := range r.resolver.Scopes(app) {
		single := len(r.clustersOf(scope.Environment)) == 1
		if single && scope.Cluster == "" {
			continue
		}
		t := r.resolver.Target(app, scope)
		wrong := validate.Spec(fieldpath.Path("apps").Key(app).Field("spec"), &t.Spec, r.positions)
		c.findings = append(c.findings, wrong...)
		if len(wrong.Errors()) > 0 {
			continue
		}
		objects, findings, err := r.objects(t, r.resolver.Index())
		if err != nil {
			return nil, err
		}
		c.findings = append(c.findings, findings...)
		if single {
			scope.Cluster = ""
		}
		plan.add(scope, t.Namespace, objects)
	}
	if len(c.findings.Errors()) > 0 {
		return c, nil // reported with those of all other apps
	}
	return c, r.compose(ctx, plan, c)
}

// objects makes the objects of one target and checks them.
func (o *options) objects(t resolve.Target, idx *resolve.Index) ([]object.Object, finding.List, error) {
	objects, err := generate.Objects(t, idx, o.generators)
	if err != nil {
		return nil, nil, err
	}
	if len(t.Spec.Patches) > 0 {
		if objects, err = kustomize.ApplyPatches(objects, t.Spec.Patches); err != nil {
			return nil, nil, fmt.Errorf("patches of %s: %w", scopeName(t.Scope), err)
		}
	}
	for _, f := range o.filters {
		if objects, err = f.Filter(t, objects); err != nil {
			return nil, nil, fmt.Errorf("filter in %s: %w", scopeName(t.Scope), err)
		}
	}
	object.Sort(objects)
	var findings finding.List
	for _, c := range o.checks {
		findings = append(findings, c.Check(t, objects)...)
	}
	return objects, findings, nil
}

func scopeName(s resolve.Scope) string {
	switch {
	case s.Environment == "":
		return "the base"
	case s.Cluster == "":
		return s.Environment
	}
	return s.Environment + "/" + s.Cluster
}

func (r *renderer) clustersOf(env string) []string {
	for _, e := range r.fleet.Environments {
		if e.Name == env {
			return e.Clusters
		}
	}
	return nil
}

// namespaceUnits returns one unit for the namespaces of each environment.
func (r *renderer) namespaceUnits() []unit {
	name := layout.Component(layout.Namespaces)
	var units []unit
	for _, env := range r.fleet.Environments {
		if env.Namespaces.Manage != nil && !*env.Namespaces.Manage {
			continue
		}
		units = append(units, unit{name: name, compose: func(ctx context.Context) (*composed, error) {
			scope := resolve.Scope{Environment: env.Name}
			if len(r.selection.Apps) > 0 || !r.selected(scope) {
				return &composed{}, nil
			}
			namespaces, version := r.namespaces(env)
			if len(namespaces) == 0 {
				return &composed{}, nil
			}
			objects, err := namespace.Objects(env, namespaces, version)
			if err != nil {
				return nil, err
			}
			c, plan := &composed{}, plan{unit: name}
			plan.add(scope, "", objects)
			return c, r.compose(ctx, plan, c)
		}})
	}
	return units
}

// namespaces returns the namespaces that the apps of an environment live in,
// and the lowest Kubernetes version of its clusters.
func (r *renderer) namespaces(env model.Environment) (names []string, version string) {
	scope := resolve.Scope{Environment: env.Name}
	for _, app := range r.resolver.Apps() {
		if t, ok := r.resolver.Bare(app, scope); ok {
			names, version = append(names, t.Namespace), t.KubernetesVersion
		}
	}
	slices.Sort(names)
	return slices.Compact(names), version
}
