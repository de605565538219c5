package network

import (
	"maps"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
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
	p := policy(part.Meta(t, t.App+".chart"), "", both(in, append(egress(t, v), networkingv1.NetworkPolicyEgressRule{To: own})))
	p.Spec.PodSelector.MatchLabels = labels
	return p
}

// chartPods returns the labels that the pods of all workloads of a target's chart have
// in common, but for those that change with the version of the chart; nil is none. Hooks
// may have others.
func chartPods(t *view.Target) map[string]string {
	var common map[string]string
	eachPod(t, func(isHook bool, labels map[string]any) {
		switch {
		case isHook:
			return
		case common == nil:
			common = map[string]string{}
			for k, v := range labels {
				if text, ok := v.(string); ok && !slices.Contains(versioned, k) {
					common[k] = text
				}
			}
		}
		maps.DeleteFunc(common, func(k, v string) bool { return labels[k] != v })
	})
	if len(common) == 0 {
		return nil
	}
	return common
}

// versioned are labels of pods that change with the version of a chart.
var versioned = []string{"helm.sh/chart", "app.kubernetes.io/version", "chart", "heritage"}

// eachPod calls f for the pods of each workload of a target's chart.
func eachPod(t *view.Target, f func(isHook bool, labels map[string]any)) {
	if t.Spec.Chart == nil {
		return
	}
	for _, w := range t.Sourced {
		isHook := view.Text(w.Object, "metadata", "annotations", "argocd.argoproj.io/hook") != ""
		for _, template := range kind.Lookup(view.KindOf(w.Object)).PodTemplates() {
			if pod, ok := view.Value(map[string]any(w.Object), template...).(map[string]any); ok {
				labels, _ := view.Value(pod, "metadata", "labels").(map[string]any)
				f(isHook, labels)
			}
		}
	}
}

// chartNetwork finds pods of a chart that no policy lets do anything.
func (c checker) chartNetwork(at fieldpath.Path, t *view.Target) {
	if t.Environment == "" || t.Platform == nil || !t.Platform.ManagesNamespaces {
		return
	}
	common, pods, others := chartPods(t), 0, 0
	eachPod(t, func(isHook bool, labels map[string]any) {
		if !isHook {
			pods++
		}
		for k, v := range common {
			if isHook && labels[k] != v {
				others++
				return
			}
		}
	})
	const fix = "set a label for them in the values, or add network policies to objects"
	switch {
	case pods > 0 && common == nil:
		c.Warnf("chart-network", at.Field("chart"), fix, "the pods of the chart have no label in common, so no network policy allows what the app declares, and the namespace denies all traffic")
	case common != nil && others > 0:
		c.Warnf("chart-network", at.Field("chart"), fix, "pods of the chart's hooks do not have the labels of its other pods, so no network policy allows what the app declares, and the namespace denies all traffic")
	}
}
