package argocd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// patch returns the template's patch: what the Applications of some environments
// or clusters have beside what the template says. It is a text that Argo CD
// renders for each element; where no condition holds it is empty.
func (s *setBuilder) patch(common SetTemplate) (string, error) {
	patches := make([]string, len(s.targets))
	for i := range s.targets {
		p, err := s.difference(common, i)
		if err != nil {
			return "", err
		}
		patches[i] = p
	}
	var b strings.Builder
	for i := range s.targets {
		condition, first := s.condition(patches, i)
		if patches[i] == "" || !first {
			continue
		}
		word := "if"
		if b.Len() > 0 {
			word = "else if"
		}
		fmt.Fprintf(&b, "{{- %s %s }}\n%s", word, condition, patches[i])
	}
	if b.Len() > 0 {
		b.WriteString("{{- end }}\n")
	}
	return b.String(), nil
}

// condition returns when the patch of a target applies, and whether no target
// before has the same condition: the environment, where all of its targets have
// the same patch.
func (s *setBuilder) condition(patches []string, i int) (condition string, first bool) {
	t := s.targets[i]
	condition, first = "eq .values.environment "+quote(t.Environment), true
	for j, o := range s.targets {
		if o.Environment != t.Environment {
			continue
		}
		if patches[j] != patches[i] {
			return "and (" + condition + ") (eq .values.cluster " + quote(t.Cluster) + ")", true
		}
		first = first && j >= i
	}
	return condition, first
}

// difference returns, as YAML, what brings the Application that the template
// makes of a target to the one that is wanted; "" where they are equal.
func (s *setBuilder) difference(common SetTemplate, i int) (string, error) {
	wanted := *s.wanted[i]
	have := Application{ObjectMeta: wanted.ObjectMeta, Spec: common.Spec}
	have.Labels, have.Annotations = nil, nil
	have.Spec.Source.Path, have.Spec.Source.TargetRevision = wanted.Spec.Source.Path, wanted.Spec.Source.TargetRevision
	have.Spec.Destination = wanted.Spec.Destination
	from, err := settings(have, plain(common.Metadata.Labels), plain(common.Metadata.Annotations))
	if err != nil {
		return "", err
	}
	if s.rolling() {
		policy := *wanted.Spec.SyncPolicy
		policy.Automated = nil
		wanted.Spec.SyncPolicy = &policy
	}
	to, err := settings(wanted, plain(wanted.Labels), plain(wanted.Annotations))
	if err != nil {
		return "", err
	}
	patch := mergePatch(from, to)
	if len(patch) == 0 {
		return "", nil
	}
	return escape(string(object.Marshal(patch))), nil
}

// byPlace are labels and annotations that the template itself fills in.
var byPlace = []string{environmentLabel, clusterLabel, "argocd.argoproj.io/manifest-generate-paths"}

func plain(m map[string]string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		if !slices.Contains(byPlace, k) {
			out[k] = v
		}
	}
	return out
}

// settings returns what a patch may change of an Application.
func settings(a Application, labels, annotations map[string]any) (map[string]any, error) {
	data, err := json.Marshal(a.Spec)
	if err != nil {
		return nil, err
	}
	spec, err := object.ParseValue(data)
	return map[string]any{"metadata": map[string]any{"labels": labels, "annotations": annotations}, "spec": spec}, err
}

// mergePatch returns the JSON merge patch (RFC 7386) from one value to another.
func mergePatch(from, to map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range to {
		old, ok := from[k]
		before, isMap := old.(map[string]any)
		after, stays := v.(map[string]any)
		switch {
		case ok && isMap && stays:
			if p := mergePatch(before, after); len(p) > 0 {
				out[k] = p
			}
		case !ok || !object.Equal(old, v):
			out[k] = v
		}
	}
	for k := range from {
		if _, ok := to[k]; !ok {
			out[k] = nil
		}
	}
	return out
}

// escape keeps braces of a text from being taken for a template.
func escape(text string) string {
	return strings.ReplaceAll(text, "{{", `{{"{{"}}`)
}

// each returns a map with a function applied to all texts.
func each(m map[string]string, f func(string) string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[f(k)] = f(v)
	}
	return out
}

// eachInfo is each for what an Application tells people.
func eachInfo(list []Info, f func(string) string) []Info {
	var out []Info
	for _, i := range list {
		out = append(out, Info{f(i.Name), f(i.Value)})
	}
	return out
}
