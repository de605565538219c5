package expand

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// generator is one entry of a list of generators.
type generator struct {
	List        *listGenerator        `json:"list"`
	Clusters    *clusterGenerator     `json:"clusters"`
	Git         *gitGenerator         `json:"git"`
	PullRequest *pullRequestGenerator `json:"pullRequest"`
	Matrix      *matrixGenerator      `json:"matrix"`
	Merge       *mergeGenerator       `json:"merge"`
	Selector    *metav1.LabelSelector `json:"selector"`
}

// generatorAt is an entry as it was written, and where.
type generatorAt struct {
	where string
	raw   map[string]any
	depth int // 0 for an entry of the set, 1 and 2 within matrix and merge
}

// kinds are the generators that are expanded, in the order in which Argo CD
// runs those of one entry.
var kinds = []string{"list", "clusters", "git", "pullRequest", "matrix", "merge"}

// unsupported are the generators of Argo CD that ask what is no part of a World.
var unsupported = []string{"scmProvider", "clusterDecisionResource", "plugin"}

// result is what one generator made.
type result struct {
	where    string
	params   []map[string]any
	template map[string]any
}

// transform returns the parameters of an entry and the template that they are
// for. The entry's strings are templates themselves for outer, the parameters
// of a matrix' first generator.
func (x *expansion) transform(g generatorAt, outer map[string]any) ([]result, error) {
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("%s%w", g.where, err)
	}
	// The selector is taken as it is written.
	selects, err := g.selector()
	if err != nil {
		return nil, fmt.Errorf("%s.selector: %w", g.where, err)
	}
	raw := g.raw
	if len(outer) > 0 {
		if raw, err = x.interpolate(g, outer); err != nil {
			return nil, err
		}
	}
	var typed generator
	if err := decode(raw, &typed); err != nil {
		return nil, fmt.Errorf("%s: %w", g.where, err)
	}
	var out []result
	for _, kind := range kinds {
		body, ok := g.raw[kind].(map[string]any)
		if !ok {
			continue
		}
		where := g.where + "." + kind
		params, err := x.params(kind, typed, generatorAt{where: where, depth: g.depth})
		if err != nil {
			return nil, err
		}
		params = slices.DeleteFunc(params, func(p map[string]any) bool { return !selects(p) })
		own, _ := body["template"].(map[string]any)
		out = append(out, result{where: where, params: params, template: fill(own, x.template)})
	}
	return out, nil
}

// params runs one generator.
func (x *expansion) params(kind string, g generator, at generatorAt) ([]map[string]any, error) {
	var out []map[string]any
	var err error
	switch kind {
	case "matrix":
		return x.matrix(g.Matrix, at)
	case "merge":
		return x.merge(g.Merge, at)
	case "list":
		out, err = x.list(g.List)
	case "clusters":
		out, err = x.clusters(g.Clusters)
	case "git":
		out, err = x.git(g.Git)
	case "pullRequest":
		out, err = x.pullRequests(g.PullRequest)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at.where, err)
	}
	return out, nil
}

// check finds what cannot be expanded. Its error continues the place.
func (g generatorAt) check() error {
	n := 0
	for _, kind := range slices.Sorted(maps.Keys(g.raw)) {
		if kind == "selector" || g.raw[kind] == nil {
			continue
		}
		switch {
		case slices.Contains(unsupported, kind):
			return fmt.Errorf(".%s: this generator depends on the state of the cluster and is not expanded: leave the ApplicationSet out, or list its elements", kind)
		case !slices.Contains(kinds, kind):
			return fmt.Errorf(".%s: unknown generator; use one of %s", kind, strings.Join(kinds, ", "))
		case g.depth == 2 && (kind == "matrix" || kind == "merge"):
			return fmt.Errorf(".%s: matrix and merge can be nested only once: remove this one", kind)
		}
		if _, ok := g.raw[kind].(map[string]any); !ok {
			return fmt.Errorf(".%s: this is not a mapping", kind)
		}
		n++
	}
	if n == 0 {
		return fmt.Errorf(": the entry has no generator: use one of %s", strings.Join(kinds, ", "))
	}
	if n > 1 && g.depth > 0 {
		return fmt.Errorf(": the entry has %d generators: use a separate entry for each", n)
	}
	return nil
}

// withValues adds the generator's own values to its parameters; each of them is
// a template for the parameters without values.
func (x *expansion) withValues(values map[string]string, params map[string]any) error {
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]string, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		text, err := x.engine.text("values."+key, values[key], params)
		if err != nil {
			return err
		}
		out[key] = text
	}
	params["values"] = out
	return nil
}
