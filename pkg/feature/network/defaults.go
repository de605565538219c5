package network

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func deriveService(d *feature.Derivation) {
	s := &d.Spec
	for i := range s.Outside {
		for j := range s.Outside[i].Ports {
			fill.Zero(&s.Outside[i].Ports[j].Protocol, corev1.ProtocolTCP)
		}
	}
	if !d.Runs(model.Deployment, model.StatefulSet, model.DaemonSet) {
		if s.Service != nil {
			fill.Nil(&s.Service.Enabled, false) // inherited, and nobody serves
		}
		return
	}
	svc := fill.Struct(&s.Service)
	fill.Nil(&svc.Enabled, svc.Type == corev1.ServiceTypeExternalName || len(svc.Ports) > 0 ||
		slices.ContainsFunc(view.PodPorts(s), func(p view.Port) bool { return !p.Private }))
	fill.Zero(&svc.Name, d.App)
	completeService(&svc.ServiceSpec)
	for i := range s.Services {
		completeService(&s.Services[i].ServiceSpec)
	}
}

func completeService(s *model.ServiceSpec) {
	fill.Zero(&s.Type, corev1.ServiceTypeClusterIP)
	if s.Type == corev1.ServiceTypeLoadBalancer && len(s.LoadBalancerSourceRanges) > 0 {
		fill.Zero(&s.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyLocal)
	}
}

// deriveGoverning names the Service that governs a StatefulSet.
func deriveGoverning(d *feature.Derivation) {
	if !d.Runs(model.StatefulSet) {
		return
	}
	name := d.App + "-headless"
	if svc := d.Spec.Service; *svc.Enabled && svc.Headless != nil && *svc.Headless {
		name = svc.Name
	}
	fill.Zero(&fill.Struct(&d.Spec.StatefulSet).ServiceName, name)
}

func deriveMesh(d *feature.Derivation) {
	if d.Spec.Mesh != nil {
		fill.Zero(&d.Spec.Mesh.Mode, model.Sidecar)
	}
}

func networkFacts(t *view.Target, f *view.Facts) {
	f.Ports, f.Peers = view.PortsOf(&t.Spec), t.Spec.TalksTo
	for i := range t.Spec.Hooks {
		f.Hooks = append(f.Hooks, t.Spec.Hooks[i].Name)
	}
	f.PodLabels = chartPods(t)
	f.HasWorkload = t.Spec.Kind != model.NoWorkload || f.PodLabels != nil
	f.HasPods = f.HasWorkload || len(t.Spec.Hooks) > 0
	if t.Spec.Mesh != nil {
		f.Mesh = t.Spec.Mesh.Mode
	}
}
