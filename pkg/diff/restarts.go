package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Restart is a workload whose pods are replaced, because their template changes,
// or the content of a ConfigMap whose name holds its hash.
type Restart struct {
	// Environment is "" for what runs once per cluster.
	Environment string `json:"environment,omitempty"`
	// Cluster is "" where the tree does not name the clusters of the environment.
	Cluster string    `json:"cluster,omitempty"`
	ID      object.ID `json:"id"`
	// Pods is the number of pods, the least that an autoscaler keeps, or 1 for a
	// DaemonSet, which has one on each node.
	Pods int64 `json:"pods"`
	// AtLeast tells that there may be more pods: an autoscaler decides, or the
	// nodes of the cluster.
	AtLeast bool `json:"atLeast,omitempty"`
	// OrderOnly tells that nothing but the order of lists changes in the template.
	OrderOnly bool `json:"orderOnly,omitempty"`
}

func (r Restart) compare(other Restart, a atlas) int {
	return cmp.Or(a.compare(r.Environment, other.Environment), cmp.Compare(r.Cluster, other.Cluster), r.ID.Compare(other.ID))
}

// restarts returns the workloads of a target whose pods are replaced, without
// places.
func restarts(from, to []object.Object) ([]Restart, error) {
	before, err := kustomize.Hashed(from)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	after, err := kustomize.Hashed(to)
	if err != nil {
		return nil, fmt.Errorf("after: %w", err)
	}
	next := byID(after)
	var out []Restart
	for _, o := range before {
		of := kind.Lookup(o.KindName())
		n, stays := next[o.ID()]
		if !stays || !rolls(of.Rollout, n) {
			continue
		}
		old, ok := o.Get(of.PodTemplate...)
		template, _ := n.Get(of.PodTemplate...)
		if !ok || object.Equal(old, template) {
			continue
		}
		r := Restart{ID: o.ID(), Pods: 1, AtLeast: true, OrderOnly: encode(unordered(old)) == encode(unordered(template))}
		if !of.Rollout.PerNode {
			r.Pods, r.AtLeast = pods(o, of, before)
			if partition, ok := number(n, of.Rollout.Partition...); ok {
				r.Pods = max(0, r.Pods-partition)
			}
		}
		if r.Pods > 0 || r.AtLeast {
			out = append(out, r)
		}
	}
	return out, nil
}

// unordered returns a value with all lists in an order that depends on their
// entries alone.
func unordered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = unordered(e)
		}
		return out
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			out[i] = encode(unordered(e))
		}
		slices.Sort(out)
		return out
	}
	return v
}

// rolls reports whether a workload replaces its pods when their template
// changes.
func rolls(r *kind.Rollout, o object.Object) bool {
	if r == nil {
		return false
	}
	held, _ := o.Get(r.HeldBy...)
	return held != r.Held
}

// pods returns how many pods a workload has, and whether an autoscaler may have
// made more.
func pods(o object.Object, of kind.Kind, all []object.Object) (n int64, atLeast bool) {
	for _, x := range all {
		scaler := kind.Lookup(x.KindName()).Scaler
		if scaler == nil || x.Text("spec", "scaleTargetRef", "name") != o.Name() || x.Namespace() != o.Namespace() ||
			cmp.Or(x.Text("spec", "scaleTargetRef", "kind"), scaler.Target) != o.Kind() {
			continue
		}
		if n, ok := number(x, scaler.Least...); ok {
			return n, true
		}
		return 1, true
	}
	if n, ok := number(o, of.Replicas...); ok {
		return n, false
	}
	return 1, false
}

func number(o object.Object, path ...string) (int64, bool) {
	v, _ := o.Get(path...)
	n, ok := v.(int64)
	return n, ok
}

// restarting returns the pods that restart: a line for each environment, and for
// clusters where they differ, as in
// "prod/tokyo: 3 pods: Deployment.apps shop-prod/web (3)".
func (r Report) restarting() section {
	s := section{risk: RiskRestart, title: "Pods that restart"}
	var places []*restartLine
	index := map[restartKey]*restartLine{}
	for list := r.Restarts; len(list) > 0; {
		first, n := list[0], 1
		for n < len(list) && list[n].Environment == first.Environment && list[n].Cluster == first.Cluster {
			n++
		}
		for _, order := range []bool{false, true} {
			of := slices.DeleteFunc(slices.Clone(list[:n]), func(x Restart) bool { return x.OrderOnly != order })
			if len(of) == 0 {
				continue
			}
			key := restartKey{first.Environment, workloads(of), order}
			if index[key] == nil {
				index[key] = &restartLine{restartKey: key}
				places = append(places, index[key])
			}
			index[key].all = append(index[key].all, of...)
			index[key].clusters = append(index[key].clusters, first.Cluster)
		}
		list = list[n:]
	}
	for _, p := range places {
		s.lines = append(s.lines, p.String())
	}
	for _, x := range r.Restarts {
		s.count, s.atLeast = s.count+int(x.Pods), s.atLeast || x.AtLeast
		s.sites = append(s.sites, site{env: x.Environment, cluster: x.Cluster})
	}
	return s
}

// restartKey is what restarts alike on clusters of an environment.
type restartKey struct {
	env, names string
	order      bool
}

// restartLine are the clusters, and what restarts on all of them together.
type restartLine struct {
	restartKey
	clusters []string
	all      []Restart
}

func (l restartLine) String() string {
	where, names := strings.Trim(l.env+"/"+l.clusters[0], "/"), l.names
	if len(l.clusters) > 1 {
		where, names = strings.TrimSpace(l.env+" on "+some(l.clusters)), names+" on each"
	}
	text := where + ": " + countPods(l.all)
	if strings.Contains(names, " workloads: ") {
		text += " of " + names
	} else {
		text += ": " + names
	}
	if l.order {
		text += "; only the order of a list changes"
	}
	return text
}

// most is how many workloads a line names with their kinds.
const most = 3

// workloads returns the names of workloads with the numbers of their pods, or
// those of some where they are many.
func workloads(all []Restart) string {
	names := make([]string, len(all))
	for i, w := range all {
		names[i] = w.String()
		if len(all) > most {
			names[i] = w.ID.Name
		}
	}
	if len(all) > most {
		return finding.Count(len(all), "workload") + ": " + list(names)
	}
	return strings.Join(names, ", ")
}

// String returns the workload with the number of its pods.
func (r Restart) String() string {
	n := fmt.Sprint(r.Pods)
	switch {
	case perNode(r.ID):
		n = "one on each node"
	case r.AtLeast:
		n = "at least " + n
	}
	return fmt.Sprintf("%s (%s)", r.ID, n)
}

// perNode reports whether a workload has a pod on each node.
func perNode(id object.ID) bool {
	r := kind.Lookup(id.KindName()).Rollout
	return r != nil && r.PerNode
}

// countPods counts the pods that restart, as in "at least 3 pods".
func countPods(list []Restart) string {
	n := int64(0)
	for _, r := range list {
		n += r.Pods
	}
	text := finding.Count(int(n), "pod")
	if slices.ContainsFunc(list, func(r Restart) bool { return r.AtLeast }) {
		text = "at least " + text
	}
	return text
}
