package helm

import (
	"context"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm/reads"
)

// Unread is a value that no template of a chart and of its subcharts reads.
type Unread = reads.Unread

// maxProofs bounds how many values are left out one by one.
const maxProofs = 30

// Unread returns the values of a release that nothing reads, in the order of their
// paths: rendering without them gives the same. What the chart has a default for is
// never among them. Where the chart does not render, they are those that the templates
// have no path to.
func (c *Chart) Unread(ctx context.Context, r Release) ([]Unread, error) {
	a := &c.analysis
	a.once.Do(func() { a.of, a.err = reads.Analyze(readsOf(c.root, c.root.Name(), c.root.Name())) })
	if a.err != nil {
		return nil, &Error{Reason: oneLine(a.err.Error())}
	}
	candidates := a.of.Unread(r.Values)
	if len(candidates) == 0 {
		return nil, nil
	}
	constructs := c.constructs(r.Values)
	with, err := c.variant(ctx, r, constructs, nil, nil)
	if err != nil {
		candidates = slices.DeleteFunc(candidates, func(u Unread) bool { return u.Perhaps })
		return candidates, ctx.Err()
	}
	same := func(without []Unread) bool {
		r := r
		r.Values = copyMap(r.Values)
		for _, u := range slices.Backward(without) {
			steps, err := u.Path.Steps()
			if err != nil {
				return false
			}
			drop(r.Values, steps)
		}
		files, err := c.variant(ctx, r, constructs, nil, nil)
		return err == nil && maps.Equal(with, files)
	}
	if same(candidates) {
		return candidates, nil
	}
	candidates = candidates[:min(len(candidates), maxProofs)]
	return slices.DeleteFunc(candidates, func(u Unread) bool { return !same([]Unread{u}) }), ctx.Err()
}

// drop removes what is at a path of values.
func drop(v any, path []fieldpath.Step) {
	for i, step := range path {
		switch at := v.(type) {
		case map[string]any:
			if i == len(path)-1 {
				delete(at, step.Name)
			}
			v = at[step.Name]
		case []any:
			n, err := strconv.Atoi(step.Name)
			if err != nil || n < 0 || n >= len(at) {
				return
			}
			v = at[n]
		}
	}
}

// readsOf returns what the analysis of values sees of a chart that its parent knows by
// a name: with all dependencies, under the names of their values.
func readsOf(c *chart.Chart, name, at string) *reads.Chart {
	out := &reads.Chart{Name: name, Path: at, Values: c.Values}
	for _, f := range c.Templates {
		if c.Metadata.Type != "library" || strings.HasPrefix(path.Base(f.Name), "_") {
			out.Templates = append(out.Templates, reads.File{Name: f.Name, Data: f.Data})
		}
	}
	for _, f := range c.Files {
		out.Files = append(out.Files, reads.File{Name: f.Name, Data: f.Data})
	}
	required := map[*chart.Chart]bool{}
	for _, d := range c.Metadata.Dependencies {
		for condition := range strings.SplitSeq(d.Condition, ",") {
			out.Conditions = append(out.Conditions, strings.TrimSpace(condition))
		}
		out.Tags = append(out.Tags, d.Tags...)
		for _, sub := range c.Dependencies() {
			if sub.Name() != d.Name || !chartutil.IsCompatibleRange(d.Version, sub.Metadata.Version) {
				continue
			}
			required[sub] = true
			name := d.Name
			if d.Alias != "" {
				name = d.Alias
			}
			next := readsOf(sub, name, at+"/charts/"+name)
			next.Imports = imports(d)
			out.Subcharts = append(out.Subcharts, next)
			break
		}
	}
	for _, sub := range c.Dependencies() {
		if !required[sub] {
			out.Subcharts = append(out.Subcharts, readsOf(sub, sub.Name(), at+"/charts/"+sub.Name()))
		}
	}
	return out
}

// imports returns the paths in a subchart of the values that its parent imports.
func imports(d *chart.Dependency) (out []string) {
	for _, v := range d.ImportValues {
		switch v := v.(type) {
		case string:
			out = append(out, "exports."+v)
		case map[string]any:
			if child, ok := v["child"].(string); ok {
				out = append(out, child)
			}
		}
	}
	return out
}
