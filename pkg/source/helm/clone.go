package helm

import (
	"slices"

	"helm.sh/helm/v3/pkg/chart"
)

// clone returns a copy of a chart and its subcharts, which Helm may change: it
// renames and removes dependencies and replaces values. The contents of files are
// shared, since templates get copies of them.
func clone(c *chart.Chart) *chart.Chart {
	out := &chart.Chart{
		Metadata: cloneMetadata(c.Metadata), Lock: c.Lock, Templates: slices.Clone(c.Templates),
		Values: copyMap(c.Values), Schema: c.Schema, Files: slices.Clone(c.Files),
	}
	for _, d := range c.Dependencies() {
		out.AddDependency(clone(d))
	}
	return out
}

func cloneMetadata(md *chart.Metadata) *chart.Metadata {
	out := *md
	out.Sources, out.Keywords = slices.Clone(md.Sources), slices.Clone(md.Keywords)
	out.Maintainers = slices.Clone(md.Maintainers)
	for i, m := range out.Maintainers {
		of := *m
		out.Maintainers[i] = &of
	}
	if md.Annotations != nil {
		out.Annotations = make(map[string]string, len(md.Annotations))
		for k, v := range md.Annotations {
			out.Annotations[k] = v
		}
	}
	out.Dependencies = slices.Clone(md.Dependencies)
	for i, d := range out.Dependencies {
		of := *d
		of.Tags = slices.Clone(d.Tags)
		of.ImportValues, _ = copyValue(d.ImportValues).([]any)
		out.Dependencies[i] = &of
	}
	return &out
}

// copyMap returns a deep copy of values; nil stays nil.
func copyMap(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = copyValue(v)
	}
	return out
}

func copyValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return copyMap(v)
	case []any:
		if v == nil {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = copyValue(e)
		}
		return out
	}
	return v
}
