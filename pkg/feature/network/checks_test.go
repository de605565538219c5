package network_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// onNodes leaves some apps with a Service that asks for a port of the nodes.
func onNodes(f *model.Fleet, apps ...int) {
	f.Gateways = nil
	f.Environments[0].Gateway, f.Environments[1].Gateway = "", ""
	for i := range f.Apps {
		f.Apps[i].Spec.Routes = nil
	}
	for _, i := range apps {
		f.Apps[i].Spec.Ports = []model.Port{{Name: "http", Port: 8080, NodePort: new(int32(30080))}}
		f.Apps[i].Spec.Service = &model.Service{ServiceSpec: model.ServiceSpec{Type: "NodePort"}}
	}
}

// wholeObject returns a whole object.
func wholeObject(apiVersion, kind string, spec map[string]any) model.RawObject {
	return model.RawObject{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "whole"}, "spec": spec}
}

// TestValidated checks the findings about what a fleet says, and about its targets.
func TestValidated(t *testing.T) {
	outside := func(o model.OutsideService) func(*model.Fleet) {
		o.Name, o.Ports = "db", []model.Port{{Name: "db", Port: 1}}
		return func(f *model.Fleet) { f.Apps[0].Spec.Outside = []model.OutsideService{o} }
	}
	peer := func(p model.Peer) func(*model.Fleet) {
		return func(f *model.Fleet) { f.Apps[0].Spec.TalksTo = []model.Peer{p} }
	}
	stateful := func(name string, headless *bool) func(*model.Fleet) {
		return func(f *model.Fleet) {
			s := &f.Apps[0].Spec
			s.Kind, s.StatefulSet = model.StatefulSet, &model.StatefulSetSpec{ServiceName: name}
			s.Service = &model.Service{ServiceSpec: model.ServiceSpec{Headless: headless}}
		}
	}
	sidecar := func(p model.Port) func(*model.Fleet) {
		return func(f *model.Fleet) {
			f.Apps[0].Spec.Sidecars = []model.Container{{Name: "side", ContainerSpec: model.ContainerSpec{Image: "side:1", Ports: []model.Port{p}}}}
		}
	}
	for name, tc := range map[string]struct {
		reason string
		route  model.Route
		change func(*model.Fleet)
		want   []string
	}{
		"SameServicePort": {reason: "A Service has a number once.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 9, ServicePort: new(int32(8080))}), want: []string{"duplicate-port"}},
		"OtherProtocol": {reason: "But for each protocol.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 8080, Protocol: "UDP"})},
		"PrivateSidecar": {reason: "And a private port is not in it.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 8080, Private: new(true)})},
		"PortlessService": {reason: "The API server refuses a Service without ports.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec = model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}, Services: []model.NamedService{{Name: "more"}}}
			}, want: []string{"missing-value"}},
		"SameService": {reason: "Services have names of their own.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Services = []model.NamedService{{Name: "web"}} }, want: []string{"duplicate-name"}},
		"GoverningName": {reason: "A Service has a DNS name.", route: model.Route{Host: "shop"},
			change: stateful("9pins", nil), want: []string{"invalid-name"}},
		"Governing":    {reason: "A Service is made under the name.", route: model.Route{Host: "shop"}, change: stateful("pods", nil)},
		"GoverningOwn": {reason: "The app's own does, if it is headless.", route: model.Route{Host: "shop"}, change: stateful("web", new(true))},
		"GoverningIP": {reason: "With a cluster IP, pods have no names.", route: model.Route{Host: "shop"},
			change: stateful("web", nil), want: []string{"governing-service"}},
		"NoSuchPort": {reason: "A Service has ports of the app.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Service = &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"grpc"}}}
			}, want: []string{"unknown-port"}},
		"NamedPort": {reason: "Ports of hosts have no names.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{Host: "db.example.com", Port: new(intstr.FromString("sql"))}), want: []string{"invalid-value"}},
		"QuotedPort": {reason: "A number in quotes is no name.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{App: "web", Port: new(intstr.FromString("8080"))}), want: []string{"invalid-value"}},
		"MixedAddresses": {reason: "An EndpointSlice has one family.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Outside = []model.OutsideService{{Name: "db", Addresses: []string{"192.0.2.1", "2001:db8::1"}, Ports: []model.Port{{Name: "db", Port: 1}}}}
			}, want: []string{"mixed-addresses"}},
		"Outside": {reason: "It leads somewhere, at some port.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Outside = []model.OutsideService{{Name: "db"}} }, want: []string{"missing-value"}},
		"Loopback": {reason: "Kubernetes refuses it.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Outside = []model.OutsideService{{Name: "db", Addresses: []string{"127.0.0.1"}, Ports: []model.Port{{Name: "db", Port: 1}}}}
			}, want: []string{"invalid-value"}},
		"PublicHost": {reason: "A policy opens public addresses.", route: model.Route{Host: "shop"},
			change: outside(model.OutsideService{Host: "db.internal.example.com"})},
		"PrivateHost": {reason: "A policy would not open its address.", route: model.Route{Host: "shop"},
			change: outside(model.OutsideService{Host: "db.internal"}), want: []string{"private-host"}},
		"PrivateHostWhere": {reason: "It is told where the host lies.", route: model.Route{Host: "shop"},
			change: outside(model.OutsideService{Host: "db.internal", CIDRs: []string{"10.20.64.0/20"}})},
		"HostNetwork": {reason: "A network is one, with nothing behind its mask.", route: model.Route{Host: "shop"},
			change: outside(model.OutsideService{Host: "db.internal", CIDRs: []string{"10.20.65.0/20"}}), want: []string{"invalid-value"}},
		"AddressNetwork": {reason: "Addresses say themselves where they are.", route: model.Route{Host: "shop"},
			change: outside(model.OutsideService{Addresses: []string{"10.0.0.1"}, CIDRs: []string{"10.0.0.0/8"}}), want: []string{"one-of"}},
		"PrivatePeer": {reason: "Nor would it open a peer's.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{Host: "db.lan", Port: new(intstr.FromInt32(1))}), want: []string{"private-host"}},
		"PublicPeer": {reason: "A policy opens public addresses.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{Host: "lan.example.com", Port: new(intstr.FromInt32(1))})},
		"Mesh": {reason: "Modes are known.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Mesh = &model.Mesh{MTLS: "on"} }, want: []string{"invalid-value"}},
		"SamePortName": {reason: "Services and policies know ports by name.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "http", Port: 9}), want: []string{"duplicate-name"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Routed(tc.route)
			if tc.change != nil {
				tc.change(f)
			}
			featurestest.CheckValidated(t, tc.reason, f, tc.want)
		})
	}
}

// TestBroken checks the findings about all targets together.
func TestBroken(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		change func(*model.Fleet)
		want   []string
	}{
		"NodePortOfEnvironments": {"Environments of one cluster share its nodes.",
			func(f *model.Fleet) {
				f.Environments[0].Clusters = []string{"one"}
				onNodes(f, 0)
			}, []string{"node-port-conflict"}},
		"NodePortOfClusters": {"Those of different clusters do not.",
			func(f *model.Fleet) { onNodes(f, 0) }, nil},
		"NodePortOfApps": {"Two apps of one cluster do.",
			func(f *model.Fleet) { onNodes(f, 0, 1) }, []string{"node-port-conflict"}},
		"NodePortUnused": {"A Service of another type has none.",
			func(f *model.Fleet) {
				onNodes(f, 0, 1)
				web(f).Service.Type = "ClusterIP"
			}, nil},
		"NodePortOfServices": {"Two Services of an app do, too.",
			func(f *model.Fleet) {
				onNodes(f, 0)
				web(f).Services = []model.NamedService{{Name: "more", ServiceSpec: model.ServiceSpec{Type: "LoadBalancer"}}}
			}, []string{"node-port-conflict"}},
		"NodePortOfProtocols": {"One Service has it for each protocol.",
			func(f *model.Fleet) {
				onNodes(f, 0)
				web(f).Ports = append(web(f).Ports, model.Port{Name: "udp", Port: 8080, Protocol: "UDP", NodePort: new(int32(30080))})
			}, nil},
		"NodePortOfObject": {"A whole Service asks for ports like any other.",
			func(f *model.Fleet) {
				onNodes(f, 0)
				f.Apps[1].Spec.Objects = []model.RawObject{wholeObject("v1", "Service", map[string]any{"type": "NodePort", "ports": []any{map[string]any{"port": int64(80), "nodePort": int64(30080)}}})}
			}, []string{"node-port-conflict"}},
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
