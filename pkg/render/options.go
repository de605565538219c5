package render

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/generate"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Filter changes the objects of a target after all generators have run. The
// objects are shared: a filter changes clones. Filters are pure, as generators
// are: what they return depends on their arguments alone.
type Filter interface {
	Filter(t view.Target, objects []object.Object) ([]object.Object, error)
}

// FilterFunc is a function that is a Filter.
type FilterFunc func(t view.Target, objects []object.Object) ([]object.Object, error)

// Filter calls f.
func (f FilterFunc) Filter(t view.Target, objects []object.Object) ([]object.Object, error) {
	return f(t, objects)
}

// Check looks at the objects of a target and says what it finds. A finding of
// severity Error stops the run.
type Check interface {
	Check(t view.Target, objects []object.Object) finding.List
}

// CheckFunc is a function that is a Check.
type CheckFunc func(t view.Target, objects []object.Object) finding.List

// Check calls f.
func (f CheckFunc) Check(t view.Target, objects []object.Object) finding.List {
	return f(t, objects)
}

// Selection narrows a run to some targets. An empty list selects all.
type Selection struct {
	Apps         []string
	Environments []string
	Clusters     []string
}

// IsZero reports whether the selection selects everything.
func (s Selection) IsZero() bool {
	return len(s.Apps) == 0 && len(s.Environments) == 0 && len(s.Clusters) == 0
}

// Check returns an error for each name that the fleet does not have: a selection
// of nothing is a typing error, and not an empty tree.
func (s Selection) Check(f *model.Fleet) finding.List {
	var list finding.List
	unknown := func(what string, given, known []string) {
		for _, name := range given {
			if !slices.Contains(known, name) {
				list = append(list, finding.Finding{Rule: "unknown-name", Severity: finding.Error,
					Reason: fmt.Sprintf("the fleet has no %s %s", what, name), Fix: finding.Choose(name, known)})
			}
		}
	}
	unknown("app", s.Apps, namesOf(f.Apps, func(a model.App) string { return a.Name }))
	unknown("environment", s.Environments, namesOf(f.Environments, func(e model.Environment) string { return e.Name }))
	unknown("cluster", s.Clusters, namesOf(f.Clusters, func(c model.Cluster) string { return c.Name }))
	return list
}

func namesOf[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = name(x)
	}
	return out
}

func (s Selection) app(name string) bool {
	return len(s.Apps) == 0 || slices.Contains(s.Apps, name)
}

func (s Selection) environment(name string) bool {
	return len(s.Environments) == 0 || slices.Contains(s.Environments, name)
}

func (s Selection) cluster(name string) bool {
	return len(s.Clusters) == 0 || slices.Contains(s.Clusters, name)
}

type options struct {
	generators []generate.Generator
	extensions []string
	filters    []Filter
	checks     []Check
	positions  finding.Positions
	selection  Selection
	prior      *tree.Tree
	proofOf    *tree.Tree
	cache      prove.Cache
	proof      bool
	workers    int
	version    string
	// wrong is what is wrong with the options themselves.
	wrong []error
}

// Option changes how a fleet is rendered.
type Option func(*options)

func newOptions(opts []Option) (*options, error) {
	o := &options{generators: generate.Default(), prior: &tree.Tree{}, proof: true, workers: runtime.GOMAXPROCS(0), version: "devel"}
	for _, opt := range opts {
		opt(o)
	}
	slices.Sort(o.extensions)
	o.extensions = slices.Compact(o.extensions)
	return o, errors.Join(o.wrong...)
}

// require notes that an extension is nil.
func (o *options) require(given bool, what string) {
	if !given {
		o.wrong = append(o.wrong, fmt.Errorf("%s is nil", what))
	}
}

// WithGenerator adds a generator of the user's own. The name is noted in the
// inventories: a run without the extension does not prune what it made.
func WithGenerator(name string, g generate.Generator) Option {
	return func(o *options) {
		o.require(g != nil, "the generator "+name)
		o.generators = append(slices.Clone(o.generators), generate.Func(func(t view.Target, idx *view.View) ([]object.Object, error) {
			return guard("the generator "+name, func() ([]object.Object, error) { return g.Generate(t, idx) })
		}))
		o.extensions = append(o.extensions, name)
	}
}

// WithFilter adds a filter, which runs after those added before it. The name is
// noted in the inventories, as for WithGenerator.
func WithFilter(name string, f Filter) Option {
	return func(o *options) {
		o.require(f != nil, "the filter "+name)
		o.filters = append(o.filters, FilterFunc(func(t view.Target, objects []object.Object) ([]object.Object, error) {
			return guard("the filter "+name, func() ([]object.Object, error) { return f.Filter(t, objects) })
		}))
		o.extensions = append(o.extensions, name)
	}
}

// WithCheck adds a check.
func WithCheck(c Check) Option {
	return func(o *options) {
		o.require(c != nil, "a check")
		o.checks = append(o.checks, c)
	}
}

// WithPositions tells where the fleet's values were written, as package load
// returns it, so that findings name lines.
func WithPositions(p finding.Positions) Option { return func(o *options) { o.positions = p } }

// WithSelection narrows the run. Targets that are not selected build what they
// build in the prior tree. It is an error where the fleet lacks a name.
func WithSelection(s Selection) Option { return func(o *options) { o.selection = s } }

// WithPrior gives the owned files as they stand now, which a narrowed run
// needs. Default, and where it is nil: nothing stands there.
func WithPrior(t *tree.Tree) Option {
	return func(o *options) {
		if o.prior = t; t == nil {
			o.prior = &tree.Tree{}
		}
	}
}

// WithCache remembers proofs under a hash of everything they depend on.
// Default: every overlay is proved.
func WithCache(m prove.Cache) Option { return func(o *options) { o.cache = m } }

// WithProofOf proves the bytes of another tree, such as one on disk, instead of
// those that this run makes. What does not prove is returned in the result's
// Failures, not as an error.
func WithProofOf(t *tree.Tree) Option { return func(o *options) { o.proofOf = t } }

// WithoutProof leaves the proof out. It is meant for measuring and for looking
// at a tree that does not prove; never write what was not proved.
func WithoutProof() Option { return func(o *options) { o.proof = false } }

// WithWorkers sets how many apps are worked on at once. The output does not
// depend on it. Default: GOMAXPROCS.
func WithWorkers(n int) Option { return func(o *options) { o.workers = max(1, n) } }

// WithVersion sets the generator's version, which the inventories note.
// Default: devel.
func WithVersion(v string) Option { return func(o *options) { o.version = v } }
