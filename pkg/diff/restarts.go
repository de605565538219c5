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
}

func (r Restart) compare(other Restart) int {
	return cmp.Or(cmp.Compare(r.Environment, other.Environment), cmp.Compare(r.Cluster, other.Cluster), r.ID.Compare(other.ID))
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
		if template, _ := n.Get(of.PodTemplate...); !ok || object.Equal(old, template) {
			continue
		}
		r := Restart{ID: o.ID(), Pods: 1, AtLeast: true}
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

// sites returns those that build a target before and after.
func (p pair) sites(at [2]map[site]string) []site {
	if p.before != p.after {
		return []site{p.site}
	}
	var out []site
	for _, s := range sorted(at[1]) {
		if at[1][s] == p.after && at[0][s] == p.before {
			out = append(out, s)
		}
	}
	return out
}

// most is how many workloads a line names.
const most = 5

// restarting returns a line for each cluster of each environment where pods
// restart, as in "prod/tokyo: 3 pods: Deployment shop-prod/web (3)".
func (r Report) restarting() []string {
	var lines []string
	for list := r.Restarts; len(list) > 0; {
		first, n := list[0], 1
		for n < len(list) && list[n].Environment == first.Environment && list[n].Cluster == first.Cluster {
			n++
		}
		where := strings.Trim(first.Environment+"/"+first.Cluster, "/")
		var names []string
		for i, w := range list[:n] {
			if i == most {
				names = append(names, fmt.Sprintf("and %d more", n-most))
				break
			}
			names = append(names, w.String())
		}
		lines = append(lines, where+": "+countPods(list[:n])+": "+strings.Join(names, ", "))
		list = list[n:]
	}
	return lines
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
