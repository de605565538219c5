// Package autoscaling makes what decides on the number of pods and on their
// requests: the HorizontalPodAutoscaler and the PodDisruptionBudget, the
// ScaledObject or ScaledJob of KEDA, and the VerticalPodAutoscaler.
package autoscaling

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the autoscaler and the budget that the spec has.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	var typed []runtime.Object
	if a := t.Spec.Autoscaling; a != nil {
		typed = append(typed, &autoscalingv2.HorizontalPodAutoscaler{
			TypeMeta:   metav1.TypeMeta{APIVersion: "autoscaling/v2", Kind: "HorizontalPodAutoscaler"},
			ObjectMeta: part.Meta(t, t.App),
			Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
				ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: string(t.Spec.Kind), Name: t.App},
				MinReplicas:    a.MinReplicas, MaxReplicas: a.MaxReplicas,
				Metrics:  metrics(a.CPU, a.Memory, a.Metrics),
				Behavior: a.Behavior,
			},
		})
	}
	if d := t.Spec.Disruption; d != nil && *d.Enabled {
		always := policyv1.AlwaysAllow
		typed = append(typed, &policyv1.PodDisruptionBudget{
			TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
			ObjectMeta: part.Meta(t, t.App),
			Spec: policyv1.PodDisruptionBudgetSpec{
				MinAvailable: d.MinAvailable, MaxUnavailable: d.MaxUnavailable, UnhealthyPodEvictionPolicy: &always,
				Selector: &metav1.LabelSelector{MatchLabels: view.Selector(t.App)},
			},
		})
	}
	return object.FromAll(typed...)
}

func metrics(cpu, memory *int32, more []autoscalingv2.MetricSpec) []autoscalingv2.MetricSpec {
	var out []autoscalingv2.MetricSpec
	for _, m := range []struct {
		name    corev1.ResourceName
		percent *int32
	}{{corev1.ResourceCPU, cpu}, {corev1.ResourceMemory, memory}} {
		if m.percent != nil {
			out = append(out, autoscalingv2.MetricSpec{
				Type: autoscalingv2.ResourceMetricSourceType,
				Resource: &autoscalingv2.ResourceMetricSource{Name: m.name, Target: autoscalingv2.MetricTarget{
					Type: autoscalingv2.UtilizationMetricType, AverageUtilization: m.percent}},
			})
		}
	}
	return append(out, more...)
}
