package namespaces_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestPodSecurity checks the levels that apps want of namespaces that they share.
func TestPodSecurity(t *testing.T) {
	level := func(f *model.Fleet, app int, l model.PodSecurityLevel) {
		f.Apps[app].Spec.PodSecurity = &model.PodSecurity{Level: l, Reason: "it has to"}
	}
	for name, tc := range map[string]struct {
		reason string
		change func(*model.Fleet)
		want   []string
	}{
		"Shared": {"A namespace has one level.", func(f *model.Fleet) { level(f, 0, model.Baseline) }, []string{"pod-security-shared"}},
		"Stricter": {"That an app asks for more is no better for the others.", func(f *model.Fleet) {
			f.Environments[0].Namespaces.PodSecurity = model.Baseline
			level(f, 0, model.Restricted)
		}, []string{"pod-security-shared"}},
		"Same": {"What the environment says may be said again.", func(f *model.Fleet) { level(f, 0, model.Restricted) }, nil},
		"Both": {"Apps may share a level.", func(f *model.Fleet) { level(f, 0, model.Baseline); level(f, 1, model.Baseline) }, nil},
		"Own":  {"An app may have a namespace of its own.", func(f *model.Fleet) { f.Apps[0].Project = "edge"; level(f, 0, model.Privileged) }, nil},
		"Unmanaged": {"The level of somebody else's namespace is not ours to set.", func(f *model.Fleet) {
			f.Environments[0].Namespaces.Manage = new(false)
			f.Apps[0].RunsIn = []string{"dev"}
			level(f, 0, model.Baseline)
		}, []string{"unmanaged-namespace"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			tc.change(f)
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
