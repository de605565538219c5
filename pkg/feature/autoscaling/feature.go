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
			{ID: "disruption-budget",
				Doc:   "With two or more replicas, one pod at a time can be evicted. Only a Deployment or a StatefulSet has a disruption budget.",
				After: []string{"replicas"},
				Apply: deriveDisruption},
		},
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Objects:     Generate,
	}
}
