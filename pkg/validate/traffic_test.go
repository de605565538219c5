package validate_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// routed returns a fleet of one app with a route on a gateway, in which nothing
// is wrong.
func routed(route model.Route) *model.Fleet {
	return &model.Fleet{
		Name:         "shop",
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Issuers:      []model.Issuer{{Name: "own", SelfSigned: &model.SelfSigned{}}},
		Clusters:     []model.Cluster{{Name: "lab"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com"}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{Routes: []model.Route{route},
			ContainerSpec: model.ContainerSpec{Image: "web:1", Ports: []model.Port{{Name: "http", Port: 8080}}}}}},
	}
}

func TestTraffic(t *testing.T) {
	rule := func(r model.RouteRule) model.Route { return model.Route{Host: "shop", Rules: []model.RouteRule{r}} }
	match := func(m model.RouteMatch) model.Route {
		return rule(model.RouteRule{Matches: []model.RouteMatch{m}})
	}
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
	pods := func(p model.Pods) func(*model.Fleet) { return func(f *model.Fleet) { f.Gateways[0].Pods = &p } }
	for name, tc := range map[string]struct {
		reason string
		route  model.Route
		change func(*model.Fleet)
		want   []string
	}{
		"Host":            {reason: "A host says it all.", route: model.Route{Host: "shop"}},
		"Wildcard":        {reason: "A host may stand for those below a domain.", route: model.Route{Host: "*.shop.example.com"}},
		"NoHost":          {reason: "Nobody could call.", want: []string{"missing-value"}},
		"UpperCase":       {reason: "Names are in lower case.", route: model.Route{Host: "Shop"}, want: []string{"invalid-host"}},
		"Address":         {reason: "An address is no host.", route: model.Route{Host: "192.0.2.1"}, want: []string{"invalid-host"}},
		"URL":             {reason: "Nor is a URL.", route: model.Route{Host: "https://shop"}, want: []string{"invalid-host"}},
		"Alias":           {reason: "Aliases are hosts.", route: model.Route{Host: "shop", Aliases: []string{"a_b"}}, want: []string{"invalid-host"}},
		"Protocol":        {reason: "There are three protocols.", route: model.Route{Host: "shop", Protocol: "UDP"}, want: []string{"invalid-value"}},
		"Both":            {reason: "A route is attached to one thing.", route: model.Route{Host: "shop", Gateway: "public", IngressClass: "haproxy"}, want: []string{"one-of"}},
		"UnknownGateway":  {reason: "Names name something.", route: model.Route{Host: "shop", Gateway: "pubic"}, want: []string{"unknown-gateway"}},
		"UnknownIssuer":   {reason: "Names name something.", route: model.Route{Host: "shop", TLS: &model.RouteTLS{Issuer: "x"}}, want: []string{"unknown-issuer"}},
		"UnknownPort":     {reason: "A port is one of the app's.", route: model.Route{Host: "shop", Port: "htp"}, want: []string{"unknown-port"}},
		"UnknownApp":      {reason: "A backend is an app of the fleet.", route: rule(model.RouteRule{Backends: []model.Backend{{App: "x"}}}), want: []string{"unknown-app"}},
		"ServicePort":     {reason: "A Service by name needs its port.", route: rule(model.RouteRule{Backends: []model.Backend{{Service: "x"}}}), want: []string{"missing-value"}},
		"Weight":          {reason: "Weights are not negative.", route: rule(model.RouteRule{Backends: []model.Backend{{Weight: new(int32(-1))}}}), want: []string{"invalid-value"}},
		"NoWeight":        {reason: "A backend may get nothing.", route: rule(model.RouteRule{Backends: []model.Backend{{Weight: new(int32(0))}}})},
		"Timeout":         {reason: "Durations have no days.", route: rule(model.RouteRule{Timeout: "1d"}), want: []string{"invalid-duration"}},
		"Path":            {reason: "A path begins with a slash.", route: match(model.RouteMatch{Path: "api"}), want: []string{"invalid-value"}},
		"PathType":        {reason: "There are three ways to compare.", route: match(model.RouteMatch{PathType: "Glob"}), want: []string{"invalid-value"}},
		"Method":          {reason: "Methods are known.", route: match(model.RouteMatch{Method: "get"}), want: []string{"invalid-value"}},
		"Call":            {reason: "A call belongs to a service.", route: match(model.RouteMatch{Call: "Add"}), want: []string{"missing-value"}},
		"HeaderTwice":     {reason: "Headers are known by their names in any case.", route: match(model.RouteMatch{Headers: []model.ValueMatch{{Name: "A"}, {Name: "a"}}}), want: []string{"duplicate-name"}},
		"ParametersCase":  {reason: "Query parameters differ by case.", route: match(model.RouteMatch{Query: []model.ValueMatch{{Name: "A"}, {Name: "a"}}})},
		"ParameterTwice":  {reason: "A parameter is compared once.", route: match(model.RouteMatch{Query: []model.ValueMatch{{Name: "A"}, {Name: "A"}}}), want: []string{"duplicate-name"}},
		"ParameterName":   {reason: "A value is compared under a name.", route: match(model.RouteMatch{Query: []model.ValueMatch{{Value: "A"}}}), want: []string{"missing-value"}},
		"RedirectBackend": {reason: "Redirected or answered.", route: rule(model.RouteRule{Redirect: &model.Redirect{Host: "x"}, Backends: []model.Backend{{}}}), want: []string{"redirect-and-backend"}},
		"RedirectStatus":  {reason: "A redirect has a status of its own.", route: rule(model.RouteRule{Redirect: &model.Redirect{Host: "x", Status: new(int32(200))}}), want: []string{"invalid-value"}},
		"PrefixOfMany": {reason: "One prefix is replaced.", route: rule(model.RouteRule{Rewrite: &model.Rewrite{Prefix: "/"},
			Matches: []model.RouteMatch{{Path: "/a"}, {Path: "/b"}}}), want: []string{"prefix-replacement"}},
		"PrefixOfOne":     {reason: "And it is one.", route: rule(model.RouteRule{Rewrite: &model.Rewrite{Prefix: "/"}, Matches: []model.RouteMatch{{Path: "/a"}}})},
		"TryAboveTimeout": {reason: "One try is part of the whole.", route: rule(model.RouteRule{Timeout: "1s", BackendTimeout: "2s"}), want: []string{"invalid-value"}},
		"TryBelowTimeout": {reason: "It is shorter.", route: rule(model.RouteRule{Timeout: "2s", BackendTimeout: "1500ms"})},
		"TooLong":         {reason: "A route has 16 rules at most.", route: model.Route{Host: "shop", Rules: make([]model.RouteRule, 17)}, want: []string{"route-too-long"}},
		"PrivatePort": {reason: "A private port is not the Service's.", route: model.Route{Host: "shop", Port: "admin"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Ports = append(f.Apps[0].Spec.Ports, model.Port{Name: "admin", Port: 9, Private: new(true)})
			}, want: []string{"unknown-port"}},
		"OwnPort":   {reason: "A backend of the app has the Service's port.", route: rule(model.RouteRule{Backends: []model.Backend{{Port: new(int32(9))}}}), want: []string{"unknown-port"}},
		"OwnMirror": {reason: "So has a mirror.", route: rule(model.RouteRule{Mirror: &model.Backend{Port: new(int32(9))}}), want: []string{"unknown-port"}},
		"FurtherService": {reason: "So has a further Service.", route: rule(model.RouteRule{Backends: []model.Backend{{Service: "web-more", Port: new(int32(9))}}}),
			change: func(f *model.Fleet) { f.Apps[0].Spec.Services = []model.NamedService{{Name: "web-more"}} }, want: []string{"unknown-port"}},
		"OutsidePort": {reason: "And one for the outside.", route: rule(model.RouteRule{Backends: []model.Backend{{Service: "db", Port: new(int32(9))}}}),
			change: outside(model.OutsideService{Host: "db.example.com"}), want: []string{"unknown-port"}},
		"AnyonesService": {reason: "Of anyone else's Service nothing is known.", route: rule(model.RouteRule{Backends: []model.Backend{{Service: "other", Port: new(int32(9))}}})},
		"SamePortName": {reason: "Services and policies know ports by name.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "http", Port: 9}), want: []string{"duplicate-name"}},
		"SameServicePort": {reason: "A Service has a number once.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 9, ServicePort: new(int32(8080))}), want: []string{"duplicate-port"}},
		"OtherProtocol": {reason: "But for each protocol.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 8080, Protocol: "UDP"})},
		"PrivateSidecar": {reason: "And a private port is not in it.", route: model.Route{Host: "shop"},
			change: sidecar(model.Port{Name: "more", Port: 8080, Private: new(true)})},
		"SidecarPort": {reason: "A sidecar's port is served like others.", route: model.Route{Host: "shop", Port: "more"},
			change: sidecar(model.Port{Name: "more", Port: 9})},
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
		"NoService": {reason: "There is nothing to call.", route: rule(model.RouteRule{Mirror: &model.Backend{}}),
			change: func(f *model.Fleet) { f.Apps[0].Spec.Service = &model.Service{Enabled: new(false)} }, want: []string{"route-without-port"}},
		"NamedPort": {reason: "Ports of hosts have no names.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{Host: "db.example.com", Port: new(intstr.FromString("sql"))}), want: []string{"invalid-value"}},
		"QuotedPort": {reason: "A number in quotes is no name.", route: model.Route{Host: "shop"},
			change: peer(model.Peer{App: "web", Port: new(intstr.FromString("8080"))}), want: []string{"invalid-value"}},
		"Job": {reason: "Nobody calls a job.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Kind = model.Job }, want: []string{"route-without-port"}},
		"SameName": {reason: "Objects of one kind have names of their own.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Routes = append(f.Apps[0].Spec.Routes, model.Route{Host: "a.x.com"}, model.Route{Host: "a.y.com"})
			}, want: []string{"duplicate-name"}},
		"NoPort": {reason: "There is nothing to call.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Ports = nil }, want: []string{"route-without-port"}},
		"GatewayClass": {reason: "Nobody serves a Gateway without a class.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Gateways[0].Class = "" }, want: []string{"missing-value"}},
		"GatewayKind": {reason: "There are two kinds.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Gateways[0].Kind = "Ingress" }, want: []string{"invalid-value"}},
		"GatewayTwice": {reason: "Names are unique.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Gateways = append(f.Gateways, f.Gateways[0]) }, want: []string{"duplicate-name"}},
		"GatewayNamespace": {reason: "Only {env} is replaced.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Gateways[0].Namespace = "gw-{app}" }, want: []string{"invalid-value"}},
		"GatewayPods": {reason: "Pods may be those of the environment.", route: model.Route{Host: "shop"},
			change: pods(model.Pods{Namespace: "proxies-{env}", Labels: map[string]string{"of": "gateway-{env}"}})},
		"PodsNamespace": {reason: "Only {env} is replaced.", route: model.Route{Host: "shop"},
			change: pods(model.Pods{Namespace: "{app}"}), want: []string{"invalid-value"}},
		"PodsLabel": {reason: "Only {env} is replaced.", route: model.Route{Host: "shop"},
			change: pods(model.Pods{Labels: map[string]string{"of": "gateway-{app}"}}), want: []string{"invalid-value"}},
		"Domain": {reason: "A domain is a DNS name.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Environments[0].Domain = "https://example.com" }, want: []string{"invalid-host"}},
		"IssuerOfTwo": {reason: "An issuer has one way to sign.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Issuers[0].CA = &model.CA{Secret: "x"} }, want: []string{"one-of"}},
		"IssuerFromNobody": {reason: "An authority is signed by an issuer of the fleet.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Issuers[0] = model.Issuer{Name: "own", CA: &model.CA{From: "x"}} }, want: []string{"unknown-issuer"}},
		"NoSolver": {reason: "Nothing could be proved.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Issuers[0] = model.Issuer{Name: "own", ACME: &model.ACME{}} }, want: []string{"no-solver"}},
		"Vault": {reason: "Vault's address is https, and there are a path and a role.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Issuers[0] = model.Issuer{Name: "own", Vault: &model.VaultIssuer{Server: "http://vault"}}
			}, want: []string{"invalid-value", "missing-value"}},
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
		"Record": {reason: "Types of records are known.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.DNS = []model.DNSRecord{{Name: "a", Type: "PTR"}} }, want: []string{"invalid-value"}},
		"Keystore": {reason: "A keystore has a password, elsewhere.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Certificates = []model.Certificate{{Name: "a", Keystores: &model.Keystores{JKS: &model.Keystore{}}}}
			}, want: []string{"missing-value"}},
		"Mesh": {reason: "Modes are known.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Mesh = &model.Mesh{MTLS: "on"} }, want: []string{"invalid-value"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := routed(tc.route)
			if tc.change != nil {
				tc.change(f)
			}
			list := validate.Fleet(f, features.Default(), nil)
			target := resolve.New(f, features.Default()).Target("web", view.Scope{Environment: "dev", Cluster: "lab"})
			list = append(list, validate.Target("apps[web].spec", &target, features.Default(), nil)...)
			ids := map[string]bool{}
			for _, x := range list {
				ids[x.Rule] = true
				if x.Fix == "" || x.Reason == "" || x.Path == "" {
					t.Errorf("%+v lacks its path, its reason or its fix", x)
				}
			}
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(ids))); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
