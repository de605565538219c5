package autoscaling

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns what decides on the number of pods.
func Feature() feature.Feature {
	return feature.Feature{
		Name: "autoscaling",
		Defaults: []feature.Default{
			{ID: "autoscaling",
				Doc:   "An autoscaler keeps at least two pods, has a target of 80% of the CPU request, and waits 300 seconds before it scales down. Only a Deployment or a StatefulSet has one.",
				After: []string{"workload-kind"},
				Apply: deriveAutoscaling},
			{ID: "keda",
				Doc:    "KEDA scales to zero, unless it scales by CPU or memory alone, which pods have to use first: then it keeps one pod. A target for CPU or memory is 80% of the request, and a time zone is UTC. A ScaledJob lets running Jobs finish when it changes, and keeps five Jobs that finished and five that failed. Only a Deployment, a StatefulSet or a Job is scaled by KEDA.",
				After:  []string{"workload-kind"},
				Before: []string{"replicas", "job-replaced", "autoscaler-owns-replicas"},
				Apply:  deriveKEDA},
			{ID: "vertical-autoscaling",
				Doc:   "A VerticalPodAutoscaler only recommends, and its policies apply to all resources of their containers.",
				After: []string{"workload-kind"},
				Apply: deriveVertical},
			{ID: "safe-to-evict",
				Doc:   "The cluster autoscaler reads from annotations of the pods whether it can evict them. An annotation that is set itself stays.",
				After: []string{"restricted-pod"},
				Apply: deriveEviction},
			{ID: "disruption-budget",
				Doc:   "With two or more replicas, one pod at a time can be evicted. Only a Deployment or a StatefulSet has a disruption budget.",
				After: []string{"replicas"},
				Apply: deriveDisruption},
		},
		Rules:       documentation(),
		Facts:       kedaFacts,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Objects:     feature.Generators(Generate, kedaObjects, verticalObjects),
		Replace:     replaceJob,
	}
}
