package argocd

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// fleetsOf returns the fleets, or stops the test.
func fleetsOf(t *testing.T, change func(*model.Fleet)) []fleet {
	t.Helper()
	logrus.SetOutput(io.Discard)
	out, err := loadFleets(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// expandSet returns what Argo CD makes of a set of an instance; it must make all.
func expandSet(t *testing.T, i instance, set object.Object) []map[string]any {
	t.Helper()
	w, err := i.world(pulls)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fromObject[v1alpha1.ApplicationSet](set); err != nil {
		t.Error(err)
	}
	made, err := theirs(t.Context(), jsonMap(t, set), w)
	if err != nil {
		t.Errorf("Argo CD refuses ApplicationSet %s: %v", set.Name(), err)
	}
	return made
}

// TestFleetSets lets Argo CD expand the sets of all fleets. The library has to
// foretell just that.
func TestFleetSets(t *testing.T) {
	total := 0
	for _, f := range fleetsOf(t, nil) {
		want := map[string][]map[string]any{}
		for _, i := range f.instances() {
			for _, set := range objectsOf(t, i, "ApplicationSet") {
				want[set.Name()] = append(want[set.Name()], expandSet(t, i, set)...)
			}
		}
		for name, want := range want {
			t.Run(f.name+"/"+name, func(t *testing.T) {
				made, err := f.library().Expand(name, f.files, func(w *expand.World) { w.PullRequests = World{Pulls: pulls}.expandable().PullRequests })
				if err != nil {
					t.Fatal(err)
				}
				got, err := normalize(made)
				if err != nil {
					t.Fatal(err)
				}
				slices.SortFunc(want, func(a, b map[string]any) int { return cmp.Compare(nameOf(a), nameOf(b)) })
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("-theirs +ours:\n%s", diff)
				}
				if len(want) == 0 {
					t.Error("the set makes no Application")
				}
				total += len(want)
			})
		}
	}
	t.Logf("%d Applications of sets compared", total)
}

// TestSetsAreApplications compares what Argo CD makes of the sets with the
// Applications of the strategy applications. No root waits for a set, so those
// are of a fleet in which no app comes before or after the apps of sets.
func TestSetsAreApplications(t *testing.T) {
	plainly := fleetsOf(t, func(f *model.Fleet) {
		orderWithoutSets(f)
		simple := func(d *model.Delivery) { *d = model.Delivery{Strategy: model.Applications, Previews: d.Previews} }
		simple(&f.Delivery)
		for i := range f.Apps {
			if f.Apps[i].Delivery != nil {
				simple(f.Apps[i].Delivery)
			}
		}
	})
	for n, f := range fleetsOf(t, nil) {
		for k, i := range f.instances() {
			want := map[string]object.Object{}
			for _, o := range objectsOf(t, plainly[n].instances()[k], "Application") {
				want[o.Name()] = o
			}
			for _, o := range objectsOf(t, i, "Application") { // those of no set
				if gocmp.Diff(o.Map(), want[o.Name()].Map()) == "" {
					delete(want, o.Name())
				}
			}
			for _, set := range objectsOf(t, i, "ApplicationSet") {
				if strings.HasSuffix(set.Name(), "-previews") {
					continue
				}
				t.Run(f.name+"/"+i.ArgoCD.Name+"/"+set.Name(), func(t *testing.T) { sameAsPlain(t, i, set, want) })
			}
			for _, name := range slices.Sorted(maps.Keys(want)) {
				t.Errorf("%s: no set makes the Application %s", f.name, name)
			}
		}
	}
}

// orderWithoutSets takes the apps of sets out of the order of apps: what came
// after one comes after what that came after.
func orderWithoutSets(f *model.Fleet) {
	after, inSet := map[string][]string{}, map[string]bool{}
	for i := range f.Apps {
		a := &f.Apps[i]
		after[a.Name], inSet[a.Name] = a.After, resolve.Delivery(f, a).Strategy != model.Applications
	}
	var before func(app string) []string
	before = func(app string) []string {
		var out []string
		for _, name := range after[app] {
			if inSet[name] {
				out = append(out, before(name)...)
			} else {
				out = append(out, name)
			}
		}
		return out
	}
	for i := range f.Apps {
		f.Apps[i].After = nil
		if name := f.Apps[i].Name; !inSet[name] {
			f.Apps[i].After = before(name)
		}
	}
}

// sameAsPlain compares what a set makes with plain Applications, and deletes
// those from wanted. What may differ is documented at argocd.Model.Prove.
func sameAsPlain(t *testing.T, i instance, manifest object.Object, wanted map[string]object.Object) {
	set, err := fromObject[v1alpha1.ApplicationSet](manifest)
	if err != nil {
		t.Fatal(err)
	}
	clusters, err := i.clusters()
	if err != nil {
		t.Fatal(err)
	}
	name := func(d map[string]any) {
		for _, c := range clusters {
			if d["server"] == c.Server {
				delete(d, "server")
				d["name"] = c.Name
			}
		}
	}
	preserves := set.Spec.SyncPolicy != nil && set.Spec.SyncPolicy.PreserveResourcesOnDeletion
	rolls := set.Spec.Strategy != nil && set.Spec.Strategy.Type == "RollingSync"
	for _, got := range expandSet(t, i, manifest) {
		o, ok := wanted[nameOf(got)]
		if !ok {
			t.Errorf("there is no other Application %s", nameOf(got))
			continue
		}
		delete(wanted, nameOf(got))
		list, err := normalize([]object.Object{o})
		if err != nil {
			t.Fatal(err)
		}
		want := list[0]
		name(below(got, "spec", "destination"))
		name(below(want, "spec", "destination"))
		annotations := below(want, "metadata", "annotations")
		if wave := set.Annotations["argocd.argoproj.io/sync-wave"]; wave != "" {
			t.Errorf("the root of all, which waits for nothing, has the set in its wave %s", wave)
		}
		if _, asks := annotations["argocd.argoproj.io/sync-options"]; asks && !preserves {
			t.Error("a person is asked before an Application goes, but not before the set takes it away")
		}
		delete(annotations, "argocd.argoproj.io/sync-options")
		if preserves {
			delete(below(want, "metadata"), "finalizers")
		}
		if rolls {
			delete(below(want, "spec", "syncPolicy"), "automated")
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("Application %s (-plain +set):\n%s", nameOf(got), diff)
		}
	}
}
