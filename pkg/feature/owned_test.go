package feature_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestControlledTwice checks that two controllers of one field are found, whoever
// stated them.
func TestControlledTwice(t *testing.T) {
	set, err := feature.NewSet()
	if err != nil {
		t.Fatal(err)
	}
	replicas := func(by string) view.OwnedField {
		return view.OwnedField{By: by, Group: "apps", Kind: "Deployment", Name: "web", Pointer: view.Replicas}
	}
	request := func(by, pointer string) view.OwnedField {
		return view.OwnedField{By: by, Kind: view.Pod, Name: "web", Pointer: pointer}
	}
	for name, tc := range map[string]struct {
		reason string
		owned  []view.OwnedField
		want   []string
	}{
		"One":   {reason: "One controller may write several fields.", owned: []view.OwnedField{replicas("HPA"), request("HPA", view.CPURequest)}},
		"Again": {reason: "Stating a field again changes nothing.", owned: []view.OwnedField{replicas("HPA"), replicas("HPA")}},
		"Apart": {reason: "Two controllers may write different fields.", owned: []view.OwnedField{request("HPA", view.CPURequest), request("VPA", view.MemoryRequest)}},
		"Two": {reason: "Two controllers of a field undo each other's changes.", owned: []view.OwnedField{replicas("HPA"), replicas("ScaledObject")},
			want: []string{"HPA and ScaledObject both control /spec/replicas of the Deployment web"}},
	} {
		t.Run(name, func(t *testing.T) {
			var r feature.Report
			set.CheckTarget(&r, "apps[web].spec", &view.Target{App: "web", Owned: tc.owned})
			var got []string
			for _, f := range r.List {
				got = append(got, f.Reason)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
