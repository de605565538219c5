package network

import (
	"maps"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// chartPolicy returns the policy of the pods of a target's chart, or nil if it has none.
// The pods may call each other: how, only the chart knows. Otherwise they may do what the
// app declares. They are selected by the labels that all of them have. A chart has no
// object of the name, which is not that of a release.
func chartPolicy(t *view.Target, v *view.View) *networkingv1.NetworkPolicy {
	labels := chartPods(t)
	if labels == nil {
		return nil
	}
	own := []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: labels}}}
	in := incoming(ingress(t, v))
	in.add(own, nil)
	p := policy(part.Meta(t, chartPolicyName(t)), "", both(in, append(egress(t, v), networkingv1.NetworkPolicyEgressRule{To: own})))
	p.Spec.PodSelector.MatchLabels = labels
	return p
}

// chartPolicyName returns the name of that policy.
func chartPolicyName(t *view.Target) string { return t.App + ".chart" }

// chartPods returns the labels that the pods of all workloads of a target's chart have
// in common, but for those that change with the version of the chart; nil is none. Hooks
// may have others.
func chartPods(t *view.Target) map[string]string {
	if t.Spec.Chart == nil {
		return nil
	}
	var common map[string]string
	for _, w := range t.Sourced {
		if view.Text(w.Object, "metadata", "annotations", part.HookPhase) != "" {
			continue
		}
		for _, template := range kind.Lookup(view.KindOf(w.Object)).PodTemplates() {
			pod, ok := view.Value(map[string]any(w.Object), template...).(map[string]any)
			if !ok {
				continue
			}
			labels, _ := view.Value(pod, "metadata", "labels").(map[string]any)
			if common == nil {
				common = steady(labels)
			}
			maps.DeleteFunc(common, func(k, v string) bool { return labels[k] != v })
		}
	}
	if len(common) == 0 {
		return nil
	}
	return common
}

// steady returns the labels that do not change with the version of a chart.
func steady(labels map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range labels {
		if text, ok := v.(string); ok && !slices.Contains(versioned, k) {
			out[k] = text
		}
	}
	return out
}

// versioned are labels of pods that change with the version of a chart.
var versioned = []string{"helm.sh/chart", "app.kubernetes.io/version", "chart", "heritage"}
