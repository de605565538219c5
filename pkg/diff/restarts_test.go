package diff_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestRestarts counts the pods that restart when the model changes.
func TestRestarts(t *testing.T) {
	tests := map[string]struct {
		reason string
		before func(*model.Fleet)
		change func(*model.Fleet)
		want   []string
	}{
		"Image": {
			reason: "A new image replaces all pods, in each environment.",
			before: func(f *model.Fleet) { f.Apps[0].Spec.Replicas = new(int32(3)) },
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
			want:   []string{"dev/one: 3 pods: Deployment.apps shop-dev/api (3)", "prod/one: 3 pods: Deployment.apps shop-prod/api (3)"},
		},
		"Config": {
			reason: "The content of a ConfigMap is part of its name, and the name of the template. An autoscaler may have made more pods.",
			before: func(f *model.Fleet) { f.Apps[1].Spec.Config[0].Env = new(true) },
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config[0].Data["A"] = "c" },
			want:   []string{"prod/one: at least 2 pods: Deployment.apps shop-prod/web (at least 2)"},
		},
		"ConfigUnread": {
			reason: "A ConfigMap that no pod reads restarts none.",
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config[0].Data["A"] = "c" },
		},
		"StableName": {
			reason: "Without the hash, pods go on with what they have read.",
			before: func(f *model.Fleet) {
				f.Apps[1].Spec.Config[0].Env, f.Apps[1].Spec.Config[0].StableName = new(true), new(true)
			},
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config[0].Data["A"] = "c" },
		},
		"Rendered": {
			reason: "So it is where the built objects are written.",
			before: func(f *model.Fleet) {
				f.Repository.Layout, f.Apps[1].Spec.Config[0].Env = model.Rendered, new(true)
			},
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config[0].Data["A"] = "c" },
			want:   []string{"prod/one: at least 2 pods: Deployment.apps shop-prod/web (at least 2)"},
		},
		"Replicas": {
			reason: "More pods replace none.",
			before: func(f *model.Fleet) { f.Apps[0].Spec.Replicas = new(int32(2)) },
			change: func(f *model.Fleet) { f.Apps[0].Spec.Replicas = new(int32(3)) },
		},
		"New": {
			reason: "A workload that comes or goes has no pods that restart.",
			change: func(f *model.Fleet) { f.Apps[0].Name = "backend" },
		},
		"Annotation": {
			reason: "What stands beside the template replaces no pod.",
			change: func(f *model.Fleet) { f.Apps[0].Spec.Annotations = map[string]string{"a": "b"} },
		},
		"DaemonSet": {
			reason: "A DaemonSet has a pod on each node.",
			before: func(f *model.Fleet) { f.Apps[0].Spec.Kind, f.Apps[0].RunsIn = model.DaemonSet, []string{"dev"} },
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
			want:   []string{"dev/one: at least 1 pod: DaemonSet.apps shop-dev/api (one on each node)"},
		},
		"OnDelete": {
			reason: "Somebody else deletes the pods.",
			before: func(f *model.Fleet) {
				f.Apps[0].Spec.Kind, f.Apps[0].Spec.UpdateStrategy = model.StatefulSet, &model.UpdateStrategy{Type: "OnDelete"}
			},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
		},
		"Partition": {
			reason: "Pods below the partition stay.",
			before: func(f *model.Fleet) {
				f.Apps[0].Spec.Kind, f.Apps[0].RunsIn = model.StatefulSet, []string{"dev"}
				f.Apps[0].Spec.Replicas, f.Apps[0].Spec.UpdateStrategy = new(int32(3)), &model.UpdateStrategy{Partition: new(int32(2))}
			},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
			want:   []string{"dev/one: 1 pod: StatefulSet.apps shop-dev/api (1)"},
		},
		"Clusters": {
			reason: "Each cluster of an environment has pods of its own, also where all build from one directory.",
			before: func(f *model.Fleet) {
				f.ArgoCD = []model.ArgoCD{{Name: "hub", Cluster: "one"}}
				f.Clusters = append(f.Clusters, model.Cluster{Name: "two"})
				f.Environments[0].Clusters = []string{"one", "two"}
				f.Apps = f.Apps[:1]
				f.Apps[0].RunsIn = []string{"dev"}
			},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
			want:   []string{"dev on one, two: 2 pods: Deployment.apps shop-dev/api (1) on each"},
		},
		"Order": {
			reason: "Another order of a list replaces pods too.",
			before: func(f *model.Fleet) {
				f.Apps[0].RunsIn, f.Apps[0].Spec.Command = []string{"dev"}, []string{"api", "serve"}
			},
			change: func(f *model.Fleet) { slices.Reverse(f.Apps[0].Spec.Command) },
			want:   []string{"dev/one: 1 pod: Deployment.apps shop-dev/api (1); only the order of a list changes"},
		},
		"CronJob": {
			reason: "A CronJob has no pods that run all the time.",
			before: func(f *model.Fleet) {
				f.Apps[0].Spec.Kind, f.Apps[0].Spec.Schedule = model.CronJob, &model.Schedule{Cron: "0 3 * * *"}
			},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			report := reportOf(t, tc.before, tc.change)
			for _, format := range []diff.Format{diff.Text, diff.Markdown} {
				var out bytes.Buffer
				if err := report.Write(&out, format); err != nil {
					t.Fatal(err)
				}
				var got []string
				title := map[diff.Format]string{diff.Text: "Pods that restart:\n", diff.Markdown: "#### Pods that restart\n\n"}[format]
				if _, lines, ok := strings.Cut(out.String(), title); ok {
					for _, l := range strings.Split(lines, "\n") {
						entry, ok := strings.CutPrefix(l, "  ")
						if format == diff.Markdown {
							entry, ok = strings.CutPrefix(l, "- `")
							entry = strings.TrimSuffix(entry, "`")
						}
						if !ok {
							break
						}
						got = append(got, entry)
					}
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", tc.reason, format, diff)
				}
			}
			if restarts := strings.Contains(report.Summary().String(), "restart"); restarts != (tc.want != nil) {
				t.Errorf("%s: the summary is %q", tc.reason, report.Summary())
			}
		})
	}
}
