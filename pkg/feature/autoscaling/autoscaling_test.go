package autoscaling_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// followed is what other rooms make of the number of pods and of who owns it.
type followed struct {
	Replicas *int32
	MinPods  int32
	Budget   bool
	Spread   bool
	MadeBy   string
	Ignored  []string
	// By are the rules that removed the replicas and made the differences.
	By map[string]string
}

// TestFollowed checks what follows from KEDA and vertical autoscaling in rooms that
// know neither, and that it is explained.
func TestFollowed(t *testing.T) {
	const replicas = "apps/Deployment/web/spec/replicas"
	for name, tc := range map[string]struct {
		reason string
		app    string
		want   followed
	}{
		"Several": {"Two pods or more are spread, and have a budget.", "replicas: 5, keda: {minReplicas: 2, maxReplicas: 4, triggers: [" + queue + "]}",
			followed{MinPods: 2, Budget: true, Spread: true, Ignored: []string{replicas}, By: map[string]string{"replicas": "replicas", "ignored": "autoscaler-owns-replicas"}}},
		"Zero": {"What scales to zero has no budget.", "replicas: 5, keda: {maxReplicas: 4, triggers: [" + queue + "]}",
			followed{Ignored: []string{replicas}, By: map[string]string{"replicas": "replicas", "ignored": "autoscaler-owns-replicas"}}},
		"Idle": {"Idle pods count.", "keda: {minReplicas: 2, idleReplicas: 0, maxReplicas: 4, triggers: [" + queue + "]}",
			followed{Ignored: []string{replicas}, By: map[string]string{"ignored": "autoscaler-owns-replicas"}}},
		"CPU": {"What scales by CPU keeps a pod; its pods are not in git.", requests + "keda: {maxReplicas: 4, triggers: [{name: cpu, cpu: {}}]}",
			followed{MinPods: 1, Ignored: []string{replicas}, By: map[string]string{"ignored": "autoscaler-owns-replicas"}}},
		"Vertical": {"Requests of pods are not in git.", "replicas: 2, verticalAutoscaling: {updateMode: Recreate}",
			followed{Replicas: new(int32(2)), MinPods: 2, Budget: true, Spread: true, By: map[string]string{}}},
		"Job": {"A ScaledJob makes the Jobs.", "kind: Job, keda: {maxReplicas: 4, triggers: [" + queue + "]}",
			followed{MadeBy: "ScaledJob", By: map[string]string{}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := resolve.New(fleet(t, tc.app).Fleet, features.Default())
			target, origins, removals := r.Explained("web", view.Scope{Environment: "prod"})
			s := target.Spec
			got := followed{Replicas: s.Replicas, MinPods: target.MinPods, MadeBy: target.MadeBy, By: map[string]string{},
				Budget: s.Disruption != nil && *s.Disruption.Enabled, Spread: s.Pod != nil && len(s.Pod.TopologySpread) > 0}
			for _, d := range s.Sync.IgnoreDifferences {
				got.Ignored = append(got.Ignored, d.Group+"/"+d.Kind+"/"+d.Name+d.JSONPointers[0])
			}
			if o, ok := removals["replicas"]; ok {
				got.By["replicas"] = o.Rule
			}
			if o, ok := origins["sync.ignoreDifferences[0].name"]; ok {
				got.By["ignored"] = o.Rule
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestEviction checks the annotations for the cluster autoscaler.
func TestEviction(t *testing.T) {
	const evict, volumes = "cluster-autoscaler.kubernetes.io/safe-to-evict", "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
	for name, tc := range map[string]struct {
		reason, app string
		want        map[string]string
	}{
		"None":    {reason: "Nobody said anything.", app: "replicas: 1"},
		"Both":    {"Both are annotations.", "pod: {safeToEvict: false, safeToEvictLocalVolumes: [a, b]}", map[string]string{evict: "false", volumes: "a,b"}},
		"Written": {"An annotation that is set itself stays.", "pod: {safeToEvict: true, annotations: {" + evict + ": \"false\"}}", map[string]string{evict: "false"}},
	} {
		t.Run(name, func(t *testing.T) {
			target := resolve.New(fleet(t, tc.app).Fleet, features.Default()).Target("web", view.Scope{Environment: "prod"})
			if diff := cmp.Diff(tc.want, target.Spec.Pod.Annotations); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestKinds checks that other kinds of workload have neither field.
func TestKinds(t *testing.T) {
	for kind, want := range map[model.WorkloadKind][2]bool{
		model.Deployment: {true, true}, model.StatefulSet: {true, true}, model.Job: {true, true},
		model.DaemonSet: {false, true}, model.CronJob: {false, true}, model.NoWorkload: {false, false},
	} {
		app := "kind: " + string(kind) + ", verticalAutoscaling: {}, keda: {maxReplicas: 3, triggers: [" + queue + "]}"
		target := resolve.New(fleet(t, app).Fleet, features.Default()).Target("web", view.Scope{Environment: "prod"})
		if got := [2]bool{target.Spec.KEDA != nil, target.Spec.VerticalAutoscaling != nil}; got != want {
			t.Errorf("a %s has KEDA and vertical autoscaling: %v, want %v", kind, got, want)
		}
	}
}
