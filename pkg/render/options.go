package render

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/chart"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Selection limits a run to some targets. An empty list selects all.
type Selection struct {
	Apps         []string
	Environments []string
	Clusters     []string
}

// IsZero reports whether the selection selects everything.
func (s Selection) IsZero() bool {
	return len(s.Apps) == 0 && len(s.Environments) == 0 && len(s.Clusters) == 0
}

// Check returns an error for each name that the fleet does not have: an unknown
// name is a typing error, and not an empty tree.
func (s Selection) Check(f *model.Fleet) finding.List {
	if f == nil {
		f = &model.Fleet{}
	}
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
	features   []feature.Feature
	set        *feature.Set
	extensions []string
	// added are the names of the user's own features.
	added     []string
	panics    panics
	positions finding.Positions
	selection Selection
	prior     *tree.Tree
	proofOf   *tree.Tree
	cache     prove.Cache
	proof     bool
	workers   int
	progress  progress
	version   string
}

// Option changes how a fleet is rendered.
type Option func(*options)

func newOptions(opts []Option) (*options, error) {
	o := &options{features: features.All(), prior: &tree.Tree{}, proof: true, workers: runtime.GOMAXPROCS(0), version: "devel"}
	for _, opt := range opts {
		if opt != nil {
			opt(o)
		}
	}
	slices.Sort(o.extensions)
	var err error
	o.set, err = feature.NewSet(o.features...)
	return o, err
}

// Features returns the features of a run with some options: those of gitopsgen, and
// those that the options add.
func Features(opts ...Option) (*feature.Set, error) {
	o, err := newOptions(opts)
	return o.set, err
}

// WithFeature adds a feature. If it generates or changes objects, its name is
// recorded in the inventories: a run without the feature does not prune its
// objects. An error or a panic in it is a finding with its name.
func WithFeature(f feature.Feature) Option {
	return func(o *options) {
		o.features, o.added = append(o.features, o.panics.guarded(f)), append(o.added, f.Name)
		if len(f.Defaults)+len(f.Components) > 0 || f.Objects != nil || f.Replace != nil || f.Filter != nil || f.Source != nil {
			o.extensions = append(o.extensions, f.Name)
		}
	}
}

// WithCharts sets what renders the Helm charts of apps: a helm.Renderer. Default: an
// app with a chart is an error.
func WithCharts(charts source.Charts) Option {
	return func(o *options) {
		of := chart.Feature(charts)
		i := slices.IndexFunc(o.features, func(f feature.Feature) bool { return f.Name == of.Name })
		o.features[i] = of
	}
}

// WithPositions sets where the fleet's values were written, as package load
// returns it, so that findings have lines.
func WithPositions(p finding.Positions) Option { return func(o *options) { o.positions = p } }

// WithSelection limits the run. Targets that are not selected build what they
// build in the prior tree. It is an error if the fleet does not have a name.
func WithSelection(s Selection) Option { return func(o *options) { o.selection = s } }

// WithPrior sets the current owned files, which a narrowed run needs: see disk.Open
// and gitrepo.OpenBranches. Default, and if it is nil: there are no files.
func WithPrior(t *tree.Tree) Option {
	return func(o *options) {
		if o.prior = t; t == nil {
			o.prior = &tree.Tree{}
		}
	}
}

// WithCache caches proofs under a hash of everything that they depend on.
// Default: every overlay is proved.
func WithCache(m prove.Cache) Option { return func(o *options) { o.cache = m } }

// WithProofOf proves the bytes of another tree, such as one on disk, instead of
// those that this run makes. Failed proofs are returned in the result's Failures,
// not as an error. The result itself is not proved and cannot be written. Default,
// and if it is nil: the bytes of this run are proved.
func WithProofOf(t *tree.Tree) Option { return func(o *options) { o.proofOf = t } }

// WithoutProof skips the proof. It is intended for benchmarks and for inspecting
// a tree whose proof fails; the result cannot be written.
func WithoutProof() Option { return func(o *options) { o.proof = false } }

// WithWorkers sets how many apps are rendered at the same time. The output does
// not depend on it. Default: GOMAXPROCS.
func WithWorkers(n int) Option { return func(o *options) { o.workers = max(1, n) } }

// WithVersion sets the version of the generator, which is recorded in the
// inventories. Default: devel.
func WithVersion(v string) Option { return func(o *options) { o.version = v } }
