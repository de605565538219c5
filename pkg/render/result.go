package render

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Result is a rendered fleet.
type Result struct {
	// Tree holds all files, inventories included.
	Tree *tree.Tree
	// Fleet is what was rendered, and Selection what the run was limited to.
	Fleet     *model.Fleet
	Selection Selection
	// Version is the version of the generator, which is recorded in the inventories.
	Version string
	// Targets are the directories that Argo CD syncs, sorted by Dir.
	Targets []Target
	// Retained are the owners whose files a narrowed run took from the prior tree
	// unchanged, sorted. Their files must not be written.
	Retained []tree.Owner
	// Findings are the warnings, sorted.
	Findings finding.List
	// Failures are what WithProofOf found, sorted by target.
	Failures []prove.Failure
	// Extensions are the names of the extensions that were used, sorted.
	Extensions []string
	// Report counts what was done.
	Report Report

	proved bool
	prior  *tree.Tree // that a narrowed run was given
}

// ErrStale is wrapped where a narrowed result meets another tree than the one that
// it was rendered for. Render again, with WithPrior of the tree that is there now.
var ErrStale = errors.New("the result is narrowed, and was rendered for another tree than the one that is there now")

// CheckWrite returns an error if the result must not replace a tree: if it is
// nil, if its own bytes were not proved, and, wrapping ErrStale, where it is
// narrowed and current is not the tree of WithPrior. Packages disk and gitrepo
// call it; current is not read unless the result is narrowed.
func (r *Result) CheckWrite(current *tree.Tree) error {
	switch {
	case r == nil || r.Tree == nil || r.Fleet == nil:
		return errors.New("there is no result of render.Fleet to write")
	case !r.proved:
		return errors.New("the result was rendered with WithoutProof or WithProofOf; nothing was written (write only what was proved)")
	case r.Selection.IsZero() || r.prior == current || current != nil && len(tree.Changes(r.prior, current)) == 0:
		return nil
	}
	return fmt.Errorf("%w; nothing was written (render again, with WithPrior of that tree)", ErrStale)
}

// Ownership returns what a write of the result can do to the tree, according to
// the guards of the fleet, the extensions of the run, and what it retained. Without
// a fleet, nothing can be deleted.
func (r *Result) Ownership() ownership.Options {
	if r == nil || r.Fleet == nil {
		return ownership.Options{} // nothing can be deleted
	}
	o := ownership.Options{Retained: r.Retained, Extensions: r.Extensions, MaxDeletePercent: defaultMaxDelete}
	if p := r.Fleet.Guards.MaxDeletePercent; p != nil {
		o.MaxDeletePercent = int(*p)
	}
	return o
}

// defaultMaxDelete is the share of the owned files that a run may delete, in percent.
const defaultMaxDelete = 30

// Target is a directory of the tree that builds to the objects of one app, or
// platform component, in one environment.
type Target struct {
	// Unit is the app or component, as in apps/frontend.
	Unit string `json:"unit"`
	// Environment is the environment's name, or "" for what runs once per cluster.
	Environment string `json:"environment"`
	// Cluster is the cluster's name, or "" where all clusters of the
	// environment build the same.
	Cluster string `json:"cluster,omitempty"`
	// Dir is the directory to build, from the tree's root.
	Dir string `json:"dir"`
}

// String returns the target as in "apps/frontend prod/tokyo".
func (t Target) String() string {
	return t.Unit + " " + strings.Trim(t.Environment+"/"+t.Cluster, "/")
}

// Report has the counts of a run.
type Report struct {
	// Apps and Targets are the numbers of apps and of built directories.
	Apps    int `json:"apps"`
	Targets int `json:"targets"`
	// Files is the number of files of the tree, inventories included.
	Files int `json:"files"`
	// Proved and Remembered are the numbers of overlays that kustomize built and
	// compared in this run, and of those whose proof was cached.
	Proved     int `json:"proved"`
	Remembered int `json:"remembered"`
	// Failed is the number of targets whose proof failed with WithProofOf, and
	// Retained the number of targets that a narrowed run did not change. What only
	// other overlays build on is not a target, and is not counted.
	Failed   int `json:"failed,omitempty"`
	Retained int `json:"retained,omitempty"`
}

// String returns the counts, as in "2 apps, 5 targets: proved 4, cached 1".
func (r Report) String() string {
	s := fmt.Sprintf("%s, %s: proved %d, cached %d", finding.Count(r.Apps, "app"), finding.Count(r.Targets, "target"), r.Proved, r.Remembered)
	if r.Retained > 0 {
		s += fmt.Sprintf(", retained %d", r.Retained)
	}
	return s
}
