package workload_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestUnknownUser checks that an app says by number as whom it runs.
func TestUnknownUser(t *testing.T) {
	number, no := new(int64(1000)), new(false)
	pod := func(c corev1.PodSecurityContext) *model.PodSpec { return &model.PodSpec{SecurityContext: &c} }
	side := func(c *corev1.SecurityContext) []model.Container {
		return []model.Container{{Name: "side", ContainerSpec: model.ContainerSpec{Image: "side:1", SecurityContext: c}}}
	}
	unknown := []string{"unknown-user"}
	for name, tc := range map[string]struct {
		reason string
		change func(f *model.Fleet, web *model.AppSpec)
		want   []string
	}{
		"Nothing":   {"The user is the image's.", func(*model.Fleet, *model.AppSpec) {}, unknown},
		"Pod":       {"A number for the pod is one for its containers.", func(_ *model.Fleet, s *model.AppSpec) { s.Pod = pod(corev1.PodSecurityContext{RunAsUser: number}) }, nil},
		"Container": {"So is one for each container.", func(_ *model.Fleet, s *model.AppSpec) { s.SecurityContext = &corev1.SecurityContext{RunAsUser: number} }, nil},
		"Environment": {"An environment may say it, for itself alone.", func(f *model.Fleet, _ *model.AppSpec) {
			f.Environments[0].Defaults.Pod = pod(corev1.PodSecurityContext{RunAsUser: number})
		}, unknown},
		"Override": {"A null takes it away.", func(f *model.Fleet, s *model.AppSpec) {
			s.Pod = pod(corev1.PodSecurityContext{RunAsUser: number})
			f.Apps[0].Environments = map[string]model.Override{"prod": {AppSpec: model.AppSpec{Unset: []fieldpath.Path{"pod.securityContext"}}}}
		}, unknown},
		"Root":     {"Who may be root starts.", func(_ *model.Fleet, s *model.AppSpec) { s.Pod = pod(corev1.PodSecurityContext{RunAsNonRoot: no}) }, nil},
		"RootPart": {"A container may be an exception.", func(_ *model.Fleet, s *model.AppSpec) { s.SecurityContext = &corev1.SecurityContext{RunAsNonRoot: no} }, nil},
		"Sidecar": {"Every container has to start.", func(_ *model.Fleet, s *model.AppSpec) {
			s.SecurityContext, s.Sidecars = &corev1.SecurityContext{RunAsUser: number}, side(nil)
		}, unknown},
		"SidecarSaid": {"It may say it too.", func(_ *model.Fleet, s *model.AppSpec) {
			s.SecurityContext = &corev1.SecurityContext{RunAsUser: number}
			s.Sidecars = side(s.SecurityContext)
		}, nil},
		"Hook": {"So do hooks.", func(_ *model.Fleet, s *model.AppSpec) {
			s.SecurityContext, s.Hooks = &corev1.SecurityContext{RunAsUser: number}, []model.Hook{{Name: "migrate"}}
		}, unknown},
		"Objects": {"Nothing runs.", func(_ *model.Fleet, s *model.AppSpec) {
			*s = model.AppSpec{Objects: []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "whole"}}}}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			f.Defaults, f.Apps, f.Gateways = model.AppSpec{}, f.Apps[:1], nil
			f.Environments[0].Gateway, f.Environments[1].Gateway = "", ""
			f.Apps[0].Spec.Routes = nil
			tc.change(f, &f.Apps[0].Spec)
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
