// Package render turns a fleet into the tree that Argo CD syncs: the façade
// over validation, resolution, generation, kustomize and the proof.
//
//	result, err := render.Fleet(ctx, fleet)
//
// Everything up to here is pure: nothing is read but the arguments, nothing is
// written, and the same fleet gives the same bytes. Packages disk and gitrepo
// write the tree:
//
//	plan, err := disk.Write(ctx, "out", result)
//
// A run that is narrowed by WithSelection leaves other targets as they are in the tree
// of WithPrior.
package render

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Fleet renders fleet. Everything that the user has to change is returned at once
// as a *finding.ValidationError; an overlay whose proof fails is a *ProofError,
// which is a bug in gitopsgen or in an extension. The fleet is not changed, and
// must not be changed by others meanwhile.
func Fleet(ctx context.Context, fleet *model.Fleet, opts ...Option) (*Result, error) {
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("options of render.Fleet: %w", err)
	}
	if fleet == nil {
		return nil, errors.New("render.Fleet: the fleet is nil")
	}
	r := &renderer{options: o, fleet: fleet}
	input := r.runKey()
	if result, ok := r.unchanged(input); ok {
		return result, nil
	}
	o.progress.begin(Checking, 0)
	findings := append(validate.Fleet(fleet, o.set, o.positions), unknownUnsets(fleet, o.set, o.positions)...)
	if err := append(findings, o.selection.Check(fleet)...).Err(); err != nil {
		return nil, err
	}
	r.resolver = resolve.New(fleet, o.set)
	if err := r.state(ctx); err != nil {
		return nil, err
	}
	findings = append(findings, validate.Resolved(r.resolver, o.positions)...)
	r.credentials = sync.OnceValue(func() *validate.Credentials { return validate.NewCredentials(fleet, o.positions) })
	r.argo = argocd.New(fleet, r.resolver)
	r.apps = r.newAppCache()
	composed, err := r.composeAll(ctx, r.allUnits())
	if err != nil {
		return nil, err
	}
	if err := o.panics.err(); err != nil {
		return nil, err
	}
	o.progress.begin(Assembling, 0)
	result, err := r.assemble(ctx, composed, findings)
	if err == nil {
		r.remember(input, result)
	}
	return result, err
}

// TargetObjects returns the objects of a target, after generators, the user's
// patches and filters, sorted by identity. Generated ConfigMaps have no hash yet.
func TargetObjects(t *view.Target, v *view.View, opts ...Option) ([]object.Object, error) {
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("options of render.TargetObjects: %w", err)
	}
	if t == nil || v == nil {
		return nil, errors.New("render.TargetObjects: the target or the view is nil")
	}
	objects, _, err := o.objects(t, v)
	return objects, err
}

type renderer struct {
	*options
	fleet    *model.Fleet
	resolver *resolve.Resolver
	argo     *argocd.Model
	apps     *appCache
	// credentials are asked for objects that the model does not show.
	credentials func() *validate.Credentials
}

// unit is what is composed as a whole: an app, or the component of an environment.
type unit struct {
	name    string // as in apps/frontend
	counted bool   // in Progress
	compose func(context.Context) (*composed, error)
}

// composed is the outcome of one unit.
type composed struct {
	files    []tree.File
	targets  []Target
	findings finding.List
	proof    prove.Report
	// asked are the questions about other apps that the outcome depends on.
	asked []view.Question
}

func (r *renderer) allUnits() []unit {
	var units []unit
	for _, app := range r.resolver.Apps() {
		units = append(units, r.appUnit(app))
	}
	return slices.Concat(units, r.componentUnits(), r.platformUnits())
}

// composeAll composes the units on several goroutines and returns the outcomes
// in the units' order. All errors are returned, in that order too.
func (r *renderer) composeAll(ctx context.Context, units []unit) ([]*composed, error) {
	out, errs := make([]*composed, len(units)), make([]error, len(units))
	counted := 0
	for _, u := range units {
		if u.counted {
			counted++
		}
	}
	r.progress.begin(Rendering, counted)
	err := r.each(ctx, len(units), func(i int) {
		if out[i], errs[i] = units[i].compose(ctx); errs[i] != nil {
			errs[i] = fmt.Errorf("%s: %w", units[i].name, errs[i])
		}
		if units[i].counted {
			r.progress.add()
		}
	})
	if err != nil {
		return nil, err
	}
	return out, errors.Join(errs...)
}

// each calls do for each number below n on several goroutines, until the context
// is done.
func (r *renderer) each(ctx context.Context, n int, do func(i int)) error {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(r.workers, max(1, n)) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return ctx.Err()
}

// state lets all targets state their facts, which checks and other apps ask for.
func (r *renderer) state(ctx context.Context) error {
	apps := r.resolver.Apps()
	return r.each(ctx, len(apps), func(i int) {
		for _, scope := range r.resolver.Scopes(apps[i]) {
			r.resolver.Facts(apps[i], scope)
		}
	})
}

// result returns what is known of the result beforehand.
func (r *renderer) result() *Result {
	res := &Result{Fleet: r.fleet, Selection: r.selection, Version: r.version, Extensions: r.extensions,
		Report: Report{Apps: len(r.fleet.Apps)}, proved: r.proof && r.proofOf == nil}
	if !r.selection.IsZero() {
		res.prior = r.prior
	}
	return res
}

// assemble joins what was composed into one result.
func (r *renderer) assemble(ctx context.Context, units []*composed, findings finding.List) (*Result, error) {
	res := r.result()
	n := 0
	for _, u := range units {
		n += len(u.files)
	}
	files := make([]tree.File, 0, n)
	var failures []prove.Failure
	for _, u := range units {
		files = append(files, u.files...)
		res.Targets = append(res.Targets, u.targets...)
		findings = append(findings, u.findings...)
		failures = append(failures, u.proof.Failures...)
		res.Report.Proved += u.proof.Proved
		res.Report.Remembered += u.proof.Remembered
		res.Report.Failed += u.proof.Failed
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if len(failures) > 0 && r.proofOf == nil {
		return nil, &ProofError{Failures: failures}
	}
	res.Failures = failures
	var sorting sync.WaitGroup
	sorting.Go(func() { res.Findings = findings.Sort() })
	defer sorting.Wait()
	produced := owners(files)
	retained := r.retained(files)
	files = append(files, retained...)
	kept := r.retainedTargets(retained)
	res.Targets, res.Report.Retained = append(res.Targets, kept...), len(kept)
	shared, found, err := r.argoFiles(ctx, res.Targets, files)
	if err != nil {
		return nil, err
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	guide, err := r.guide()
	if err != nil {
		return nil, err
	}
	files = slices.Concat(files, shared, guide)
	bare, err := tree.New(files)
	if err != nil {
		return nil, err
	}
	if res.Tree, err = inventory.With(bare, inventory.Meta{Generator: r.version, Extensions: r.extensions}); err != nil {
		return nil, err
	}
	slices.SortFunc(res.Targets, func(a, b Target) int { return compare(a.Dir, b.Dir) })
	res.Retained = slices.DeleteFunc(owners(retained), func(o tree.Owner) bool { return slices.Contains(produced, o) })
	res.Report.Files, res.Report.Targets = res.Tree.Len(), len(res.Targets)
	return res, nil
}
