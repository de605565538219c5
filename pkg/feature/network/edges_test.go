package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestEdges checks which ports of the app api others may name, and what is said
// of the rest.
func TestEdges(t *testing.T) {
	name, number := func(s string) *intstr.IntOrString { return new(intstr.FromString(s)) },
		func(n int32) *intstr.IntOrString { return new(intstr.FromInt32(n)) }
	api := func(change func(*model.AppSpec)) model.AppSpec {
		s := model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "api:1", Ports: []model.Port{
			{Name: "http", Port: 8080, ServicePort: new(int32(80))}, {Name: "grpc", Port: 9000}, {Name: "dns", Port: 53, Protocol: "UDP"},
			{Name: "metrics", Port: 9090, Private: new(true)}}}}
		if change != nil {
			change(&s)
		}
		return s
	}
	for title, tc := range map[string]struct {
		reason string
		api    func(*model.AppSpec)
		edge   model.Peer
		want   string
	}{
		"All":         {reason: "Without a port, all that are not private are meant.", edge: model.Peer{}},
		"Name":        {reason: "A port has a name.", edge: model.Peer{Port: name("http")}},
		"Number":      {reason: "A number is the Service's.", edge: model.Peer{Port: number(80)}},
		"Protocol":    {reason: "The protocol may be said, too.", edge: model.Peer{Port: number(53), Protocol: "UDP"}},
		"Container":   {reason: "A number is not the container's.", edge: model.Peer{Port: number(8080)}, want: "unknown-port use one of 80 (http), 9000 (grpc), 53 (dns)"},
		"Misspelt":    {reason: "The nearest name is offered.", edge: model.Peer{Port: name("gprc")}, want: "unknown-port did you mean grpc?"},
		"Far":         {reason: "Or all of them.", edge: model.Peer{Port: number(81)}, want: "unknown-port use one of 80 (http), 9000 (grpc), 53 (dns)"},
		"OtherProto":  {reason: "Nobody listens there.", edge: model.Peer{Port: number(53), Protocol: "TCP"}, want: "unknown-port use one of 80 (http), 9000 (grpc), 53 (dns)"},
		"NoProto":     {reason: "No port is of that protocol.", edge: model.Peer{Protocol: "SCTP"}, want: "unknown-port use one of 80 (http), 9000 (grpc), 53 (dns)"},
		"Private":     {reason: "A private port is not for other apps.", edge: model.Peer{Port: name("metrics")}, want: "private-port add it to a Service, or name it in acceptsFrom of api with the apps that may call it"},
		"OnlyPrivate": {reason: "There is no port for others.", edge: model.Peer{}, api: func(s *model.AppSpec) { s.Ports = s.Ports[3:] }, want: "private-port remove private from the port, or name the port here and in acceptsFrom of api"},
		"Accepted": {reason: "The app names the port and its callers.", edge: model.Peer{Port: name("metrics")},
			api: func(s *model.AppSpec) {
				s.AcceptsFrom = []model.Caller{{Namespace: "shop-dev", Ports: []string{"metrics"}}}
			}},
		"AcceptedAll": {reason: "It has to name it.", edge: model.Peer{Port: name("metrics")},
			api: func(s *model.AppSpec) { s.AcceptsFrom = []model.Caller{{Namespace: "shop-dev"}} }, want: "private-port add it to a Service, or name it in acceptsFrom of api with the apps that may call it"},
		"Hidden": {reason: "What no Service has is not for others.", edge: model.Peer{Port: name("grpc")},
			api: func(s *model.AppSpec) {
				s.Service = &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"http"}}}
			}, want: "private-port add it to a Service, or name it in acceptsFrom of api with the apps that may call it"},
		"Governing": {reason: "The Service that is made for a StatefulSet's pods is for them.", edge: model.Peer{Port: name("grpc")},
			api: func(s *model.AppSpec) {
				s.Kind, s.Service = model.StatefulSet, &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"http"}}}
			}, want: "private-port add it to a Service, or name it in acceptsFrom of api with the apps that may call it"},
		"Further": {reason: "A further Service has it.", edge: model.Peer{Port: name("grpc")},
			api: func(s *model.AppSpec) {
				s.Service = &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"http"}}}
				s.Services = []model.NamedService{{Name: "api-grpc", ServiceSpec: model.ServiceSpec{Ports: []string{"grpc"}}}}
			}},
		"NoService": {reason: "Pods are called without a Service.", edge: model.Peer{Port: name("grpc")},
			api: func(s *model.AppSpec) { s.Service = &model.Service{Enabled: new(false)} }},
		"Job":     {reason: "Those of a job, too.", edge: model.Peer{Port: number(9000)}, api: func(s *model.AppSpec) { s.Kind = model.Job }},
		"NoPorts": {reason: "Nobody listens.", edge: model.Peer{Port: number(9000)}, api: func(s *model.AppSpec) { s.Ports = nil }, want: "unknown-port add it to the ports of api"},
		"Any":     {reason: "Nobody says where.", edge: model.Peer{}, api: func(s *model.AppSpec) { s.Ports = nil }},
		"Objects": {reason: "Objects bring pods along, whose ports nobody knows.", edge: model.Peer{Port: number(5432)},
			api: func(s *model.AppSpec) { *s = model.AppSpec{Kind: model.NoWorkload} }},
		"ObjectsByName": {reason: "Nor their names.", edge: model.Peer{Port: name("sql")},
			api: func(s *model.AppSpec) { *s = model.AppSpec{Kind: model.NoWorkload} }, want: "unknown-port write the port's number"},
	} {
		t.Run(title, func(t *testing.T) {
			tc.edge.App = "api"
			f := &model.Fleet{Name: "shop", Defaults: featurestest.Fleet().Defaults, Clusters: []model.Cluster{{Name: "lab"}}, Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}}},
				Apps: []model.App{{Name: "api", Spec: api(tc.api)}, {Name: "web", Spec: model.AppSpec{
					ContainerSpec: model.ContainerSpec{Image: "web:1"}, TalksTo: []model.Peer{{CIDR: "10.0.0.0/8"}, tc.edge}}}}}
			got := ""
			for _, x := range featurestest.Audited(f) {
				got += x.Rule + " " + x.Fix
				if want := "apps[web].spec.talksTo[1]"; !strings.HasPrefix(string(x.Path), want) {
					t.Errorf("the path is %s", x.Path)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
