package diff_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

var update = flag.Bool("update", false, "write the golden files")

// mall is a fleet with three environments, of which the last has two clusters, and
// five apps that are alike.
func mall() *model.Fleet {
	f := &model.Fleet{
		Name: "mall", Repository: model.Repository{URL: "https://git.example.com/mall.git"},
		ArgoCD:   []model.ArgoCD{{Name: "hub", Cluster: "one"}},
		Clusters: []model.Cluster{{Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{
			{Name: "production", PromotedFrom: "acceptance", Clusters: []string{"one", "two"}, Defaults: model.AppSpec{Replicas: new(int32(3))}},
			{Name: "dev", Clusters: []string{"one"}},
			{Name: "acceptance", PromotedFrom: "dev", Clusters: []string{"one"}},
		},
	}
	for _, name := range []string{"cart", "catalog", "checkout", "search", "web"} {
		f.Apps = append(f.Apps, model.App{Name: name, Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Image: "registry.example.com/mall/services/" + name + ":1.0.0", Ports: []model.Port{{Name: "http", Port: 8080}}},
		}})
	}
	return f
}

// changes are the ways in which the golden files change the mall.
var changes = map[string]struct {
	reason string
	// setup is of both fleets, change of the second.
	setup, change func(*model.Fleet)
}{
	"empty": {reason: "Nothing changes.", change: func(*model.Fleet) {}},
	"image": {reason: "One value of one app, in all environments.", change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "registry.example.com/mall/services/cart:1.1.0" }},
	"default": {reason: "One default of all apps is one change, and what differs is another.", change: func(f *model.Fleet) {
		f.Defaults.Labels = map[string]string{"team": "mall"}
		f.Apps[1].Spec.Replicas = new(int32(2))
	}},
	"app": {reason: "An app comes, and brings a kind that its project has to permit.", change: func(f *model.Fleet) {
		a := f.Apps[4]
		a.Name = "reviews"
		a.Spec.Config = []model.Config{{Name: "settings", Data: map[string]string{"a": "b"}}}
		f.Apps = append(f.Apps, a)
	}},
	"removed": {
		reason: "An app goes, with a claim that stays, one that does not, and what its project no longer permits.",
		setup: func(f *model.Fleet) {
			claim := func(name string, a map[string]string) model.Volume {
				return model.Volume{Name: name, Claim: &model.Claim{Size: resource.MustParse("1Gi"), Annotations: a}}
			}
			f.Apps[3].Spec.Volumes = []model.Volume{claim("index", nil), claim("cache", map[string]string{"argocd.argoproj.io/sync-options": "Prune=true,Delete=true"})}
			f.Projects = []model.Project{{Name: "mall", AlsoPermits: &model.Permits{Kinds: []string{"PersistentVolumeClaim"}}}}
			f.Apps[3].Spec.Config = []model.Config{{Name: "settings", Data: map[string]string{"a": "b"}}}
		},
		change: func(f *model.Fleet) { f.Apps = slices.Delete(f.Apps, 3, 4) },
	},
	"renamed": {reason: "An app has another name, and an image that is built from its own.", change: func(f *model.Fleet) { f.Apps[3].Name = "finder" }},
	"moved": {
		reason: "An app comes to differ between clusters: one that differs builds from a directory of its own.",
		change: func(f *model.Fleet) {
			f.Apps[0].Environments = map[string]model.Override{"production": {Clusters: map[string]model.AppSpec{"two": {Replicas: new(int32(2))}}}}
		},
	},
	"risks": {
		reason: "Fewer replicas, more permissions, immutable fields and a Job that is replaced.",
		setup: func(f *model.Fleet) {
			f.Apps[0].Spec.Kind, f.Apps[0].Spec.Volumes = model.StatefulSet, []model.Volume{{Name: "data", Claim: &model.Claim{Size: resource.MustParse("1Gi")}}}
			f.Apps[1].Spec.Kind, f.Apps[1].Spec.Ports = model.Job, nil
			f.Apps[4].Spec.Autoscaling = &model.Autoscaling{MinReplicas: new(int32(4)), MaxReplicas: 8}
		},
		change: func(f *model.Fleet) {
			f.Environments[0].Defaults.Replicas = new(int32(1))
			f.Apps[0].Spec.Volumes[0].Claim.Size = resource.MustParse("2Gi")
			f.Apps[1].Spec.Image += "-fixed"
			f.Apps[4].Spec.Autoscaling.MinReplicas = new(int32(2))
			f.Apps[3].Spec.Objects = []model.RawObject{
				{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": map[string]any{"name": "search"},
					"rules": []any{map[string]any{"apiGroups": []any{""}, "resources": []any{"pods"}, "verbs": []any{"get", "delete"}}}},
			}
		},
	},
	"network": {
		reason: "An app calls another and a host, in one environment only; an app that comes has no more than it needs.",
		change: func(f *model.Fleet) {
			f.Apps[4].Environments = map[string]model.Override{"production": {AppSpec: model.AppSpec{TalksTo: []model.Peer{{App: "cart"}, {CIDR: "203.0.113.0/24", Port: new(intstr.FromInt32(443))}}}}}
			a := f.Apps[3]
			a.Name = "reviews"
			f.Apps = append(f.Apps, a)
		},
	},
	"order": {
		reason: "Pods restart because of the order of a list, and of nothing else.",
		setup:  func(f *model.Fleet) { f.Apps[0].Spec.Args = []string{"-v", "--color"} },
		change: func(f *model.Fleet) { slices.Reverse(f.Apps[0].Spec.Args) },
	},
	"long": {
		reason: "Long values are shortened around what differs, and files show their lines.",
		setup: func(f *model.Fleet) {
			f.Apps[0].Spec.Config = []model.Config{{Name: "settings", Data: map[string]string{"app.conf": lines("0"), "flags": strings.Repeat("--flag=value ", 40) + "--last=1"}}}
		},
		change: func(f *model.Fleet) {
			f.Apps[0].Spec.Config[0].Data = map[string]string{"app.conf": lines("1"), "flags": strings.Repeat("--flag=value ", 40) + "--last=2"}
		},
	},
}

// lines is a file of many lines, of which one holds a value.
func lines(value string) string {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "setting-%d = x\n", i)
		if i == 60 {
			fmt.Fprintf(&b, "timeout = %s\n", value)
		}
	}
	return b.String()
}

// TestGolden holds what people read in each format to golden files.
func TestGolden(t *testing.T) {
	for name, tc := range changes {
		t.Run(name, func(t *testing.T) {
			before, after := mall(), mall()
			if tc.setup != nil {
				tc.setup(before)
				tc.setup(after)
			}
			tc.change(after)
			report, err := diff.Trees(render1(t, before), render1(t, after), diff.WithFleet(after))
			if err != nil {
				t.Fatal(err)
			}
			for format, ext := range map[diff.Format]string{diff.Text: ".txt", diff.Markdown: ".md", diff.JSON: ".json"} {
				var got bytes.Buffer
				if err := report.Write(&got, format); err != nil {
					t.Fatal(err)
				}
				if format == diff.Markdown {
					checkBody(t, got.String())
				}
				if format == diff.JSON {
					checkJSON(t, got.Bytes())
					if name != "empty" && name != "image" {
						continue // the others would say nothing else
					}
				}
				compare(t, tc.reason, name+ext, got.String())
			}
		})
	}
}

// compare compares what came out with a golden file.
func compare(t *testing.T, reason, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s (-want +got):\n%s", reason, file, diff)
	}
}

// checkJSON checks that no list is null, and that there is a summary.
func checkJSON(t *testing.T, data []byte) {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	summary, _ := report["summary"].(map[string]any)
	for _, list := range []any{summary["environments"], summary["risks"], report["deletions"], report["kept"], report["confirmations"],
		report["restarts"], report["targets"], report["files"]} {
		if _, ok := list.([]any); !ok {
			t.Errorf("a list is %v:\n%s", list, data)
		}
	}
	if bytes.Contains(data, []byte("null")) {
		t.Errorf("something is null:\n%s", data)
	}
}
