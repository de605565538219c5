package routes_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// many adds n routes to the app web.
func many(f *model.Fleet, n int, host string) {
	for i := range n {
		web(f).Routes = append(web(f).Routes, model.Route{Host: fmt.Sprintf(host, i), Name: fmt.Sprint("many-", i)})
	}
}

// object returns a whole object.
func object(apiVersion, kind string, spec map[string]any) model.RawObject {
	return model.RawObject{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "whole"}, "spec": spec}
}

// elsewhere returns the spec of an HTTPRoute that calls another namespace.
func elsewhere() map[string]any {
	return map[string]any{"hostnames": []any{"else.example.com"}, "rules": []any{map[string]any{"backendRefs": []any{map[string]any{"name": "api", "namespace": "core"}}}}}
}

// TestValidated checks the findings about what a fleet says, and about its targets.
func TestValidated(t *testing.T) {
	rule := func(r model.RouteRule) model.Route { return model.Route{Host: "shop", Rules: []model.RouteRule{r}} }
	match := func(m model.RouteMatch) model.Route {
		return rule(model.RouteRule{Matches: []model.RouteMatch{m}})
	}
	outside := func(o model.OutsideService) func(*model.Fleet) {
		o.Name, o.Ports = "db", []model.Port{{Name: "db", Port: 1}}
		return func(f *model.Fleet) { f.Apps[0].Spec.Outside = []model.OutsideService{o} }
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
		"SidecarPort": {reason: "A sidecar's port is served like others.", route: model.Route{Host: "shop", Port: "more"},
			change: sidecar(model.Port{Name: "more", Port: 9})},
		"NoService": {reason: "There is nothing to call.", route: rule(model.RouteRule{Mirror: &model.Backend{}}),
			change: func(f *model.Fleet) { f.Apps[0].Spec.Service = &model.Service{Enabled: new(false)} }, want: []string{"route-without-port"}},
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
		"IncompleteHost": {"There is no domain to complete the host by.",
			func(f *model.Fleet) { f.Environments[0].Domain = "" }, []string{"incomplete-host"}},
		"Unattached": {"With two gateways and none named, nobody knows which is meant.",
			func(f *model.Fleet) { f.Environments[0].Gateway = "" }, []string{"unattached-route"}},
		"UnknownGateway": {"A name that no gateway has is one finding of validation.",
			func(f *model.Fleet) { web(f).Routes[0].Gateway = "publc" }, []string{"unattached-route", "unknown-gateway"}},
		"SamePath": {"Two apps claim all of a host.",
			func(f *model.Fleet) { f.Apps[1].Spec.Routes[0].Rules = nil }, []string{"host-conflict"}},
		"SamePathByAlias": {"An alias is a host like any other, and a trailing slash changes nothing.",
			func(f *model.Fleet) {
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/api/"}}}}
			}, []string{"host-conflict"}},
		"OtherMethod": {"Calls by different methods are no conflict.",
			func(f *model.Fleet) {
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/api", Method: "GET"}}}}
			}, nil},
		"SamePathOfEnvironments": {"Environments of one cluster conflict too.",
			func(f *model.Fleet) {
				f.Environments[0].Clusters = []string{"one"}
				f.Environments[0].Domain = "example.com"
			}, []string{"certificate-secret-shared", "host-conflict"}},
		"Passthrough": {"One app decrypts what another wants undecrypted.",
			func(f *model.Fleet) {
				web(f).Routes[0].Rules = f.Apps[1].Spec.Routes[0].Rules
				f.Apps[1].Spec.Routes[0].Protocol, f.Apps[1].Spec.Routes[0].Rules = model.TLS, nil
			}, []string{"passthrough-conflict"}},
		"ExperimentalRoute": {"A TLSRoute is experimental before 1.5.",
			func(f *model.Fleet) {
				f.Clusters[0].Operators.GatewayAPI = "1.4.1"
				web(f).Routes[0] = model.Route{Host: "raw", Protocol: model.TLS}
			}, []string{"experimental-route"}},
		"MixedGatewayAPI": {"No version of a TLSRoute is served by both clusters.",
			func(f *model.Fleet) {
				f.Clusters[0].Operators.GatewayAPI = "1.4.1"
				f.Environments[0].Clusters = []string{"lab", "two"}
				web(f).Routes[0] = model.Route{Host: "raw", Protocol: model.TLS}
			}, []string{"experimental-route", "mixed-gateway-api"}},
		"AbsentBackend": {"The backend does not run in prod.",
			func(f *model.Fleet) {
				f.Apps[1].RunsIn = []string{"dev"}
				web(f).Routes[0].Rules = []model.RouteRule{{Backends: []model.Backend{{App: "api"}}}}
			}, []string{"absent-backend"}},
		"AbsentMirror": {"The mirror does not run in prod.",
			func(f *model.Fleet) {
				f.Apps[1].RunsIn = []string{"dev"}
				web(f).Routes[0].Rules = []model.RouteRule{{Mirror: &model.Backend{App: "api"}}}
			}, []string{"absent-backend"}},
		"BackendWithoutService": {"An app whose Service is switched off is not called.",
			func(f *model.Fleet) {
				f.Apps[1].Spec = model.AppSpec{ContainerSpec: web(f).ContainerSpec, Service: &model.Service{Enabled: new(false)}}
				web(f).Routes[0].Rules = []model.RouteRule{{Backends: []model.Backend{{}, {App: "api"}}}}
			}, []string{"route-without-port"}},
		"MirrorWithoutService": {"Nor is a job, with or without the number of a port.",
			func(f *model.Fleet) {
				f.Apps[1].Spec = model.AppSpec{Kind: model.Job, ContainerSpec: web(f).ContainerSpec}
				web(f).Routes[0].Rules = []model.RouteRule{{Mirror: &model.Backend{App: "api", Port: new(int32(8080))}}}
			}, []string{"route-without-port"}},
		"BackendPort": {"A backend's port is the Service's.",
			func(f *model.Fleet) {
				f.Apps[1].Spec.Ports[0].ServicePort = new(int32(80))
				web(f).Routes[0].Rules = []model.RouteRule{{Backends: []model.Backend{{App: "api", Port: new(int32(8080))}}}}
			}, []string{"unknown-port"}},
		"HiddenPort": {"The Service does not have every port of the app.",
			func(f *model.Fleet) {
				f.Apps[1].Spec.Ports = []model.Port{{Name: "admin", Port: 9000}, {Name: "http", Port: 8080}}
				f.Apps[1].Spec.Service = &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"http"}}}
				web(f).Routes[0].Rules = []model.RouteRule{{Backends: []model.Backend{{App: "api", Port: new(int32(9000))}}}}
			}, []string{"unknown-port"}},
		"IngressCannot": {"An Ingress has no weights, timeouts or headers.",
			func(f *model.Fleet) {
				f.Apps[1].Spec.Routes[0] = model.Route{Host: "own", IngressClass: "haproxy", Rules: []model.RouteRule{{Timeout: "5s"}}}
			}, []string{"ingress-cannot"}},
		"IngressElsewhere": {"Nor does it call other namespaces.",
			func(f *model.Fleet) {
				f.Apps[1].Project = "core"
				web(f).Routes[0] = model.Route{Host: "own", IngressClass: "haproxy", Rules: []model.RouteRule{{Backends: []model.Backend{{App: "api"}}}}}
			}, []string{"ingress-cannot"}},
		"GatewayElsewhere": {"A gateway does: a grant is derived.",
			func(f *model.Fleet) {
				f.Apps[1].Project = "core"
				web(f).Routes[0].Rules = []model.RouteRule{{Backends: []model.Backend{{App: "api"}}}}
			}, nil},
		"IstioCannot": {"Istio replaces no prefix in a redirect.",
			func(f *model.Fleet) {
				web(f).Routes[1].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/old"}}, Redirect: &model.Redirect{Prefix: "/new"}}}
			}, []string{"istio-cannot"}},
		"IstioPassThrough": {"Of a connection that passes through, Istio knows only the host.",
			func(f *model.Fleet) {
				web(f).Routes[1].Protocol, web(f).Routes[1].Rules = model.TLS, []model.RouteRule{{Timeout: "5s"}}
			}, []string{"istio-cannot"}},
		"IstioTimeouts": {"Both timeouts have a place in Istio.",
			func(f *model.Fleet) {
				web(f).Routes[1].Rules = []model.RouteRule{{Timeout: "5s", BackendTimeout: "2s"}}
			}, nil},
		"GRPCTimeout": {"A GRPCRoute has no timeouts.",
			func(f *model.Fleet) {
				web(f).Routes[0].Protocol, web(f).Routes[0].Rules = model.GRPC, []model.RouteRule{{BackendTimeout: "2s"}}
			}, []string{"route-cannot"}},
		"HTTPCall": {"An HTTPRoute knows no gRPC services.",
			func(f *model.Fleet) {
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/x", Service: "acme.Cart"}}}}
			}, []string{"route-cannot"}},
		"ParameterCase": {"Names of query parameters differ in upper and lower case, and from those of headers.",
			func(f *model.Fleet) {
				value := func(name string) []model.ValueMatch { return []model.ValueMatch{{Name: name, Value: "1"}} }
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Query: value("A")}, {Query: value("a")}, {Headers: value("a")}}}}
			}, nil},
		"HeaderCase": {"Names of headers do not.",
			func(f *model.Fleet) {
				value := func(name string) []model.ValueMatch { return []model.ValueMatch{{Name: name, Value: "1"}} }
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Headers: value("A")}, {Headers: value("a")}}}}
			}, []string{"host-conflict"}},
		"RegularParameter": {"A regular expression is another text than itself.",
			func(f *model.Fleet) {
				web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{
					{Query: []model.ValueMatch{{Name: "a", Value: "1"}}}, {Query: []model.ValueMatch{{Name: "a", Value: "1", Regex: new(true)}}}}}}
			}, nil},
		"IstioSecretElsewhere": {"Nor does it read Secrets of other namespaces.",
			func(f *model.Fleet) {
				f.Gateways[1].CertificateSecret = &model.SecretReference{Name: "cert", Namespace: "vault"}
			}, []string{"istio-cannot"}},
		"NobodyMakesIt": {"A gateway needs a certificate that somebody makes.",
			func(f *model.Fleet) {
				f.Gateways[1].CertificateSecret = &model.SecretReference{Name: "other", Namespace: "istio-system"}
			}, []string{"unprovided-secret"}},
		"IstioSecret": {"Beside its pods it does.",
			func(f *model.Fleet) {
				f.Gateways[1].CertificateSecret = &model.SecretReference{Name: "cert", Namespace: "istio-system"}
			}, nil},
		"WholeIngress": {"An app's own Ingress claims its host too.",
			func(f *model.Fleet) {
				web(f).Objects = []model.RawObject{object("networking.k8s.io/v1", "Ingress", map[string]any{
					"rules": []any{map[string]any{"host": "shop.dev.example.com", "http": map[string]any{"paths": []any{map[string]any{"path": "/api", "pathType": "Prefix"}}}}}})}
			}, []string{"host-conflict"}},
		"WholeRoute": {"So does its own HTTPRoute, at that path alone.",
			func(f *model.Fleet) {
				web(f).Objects = []model.RawObject{object("gateway.networking.k8s.io/v1", "HTTPRoute", map[string]any{
					"hostnames": []any{"shop.dev.example.com"}, "rules": []any{map[string]any{"matches": []any{map[string]any{"path": map[string]any{"type": "PathPrefix", "value": "/other"}}}}}})}
			}, nil},
		"WholeRouteElsewhere": {"Nobody lets it call another namespace.",
			func(f *model.Fleet) {
				web(f).Objects = []model.RawObject{object("gateway.networking.k8s.io/v1", "HTTPRoute", elsewhere())}
			},
			[]string{"ungranted-reference"}},
		"WholeRouteGranted": {"Now somebody does.",
			func(f *model.Fleet) {
				f.Environments = f.Environments[1:]
				f.Environments[0].PromotedFrom, f.Environments[0].Production = "", new(true)
				grant := object("gateway.networking.k8s.io/v1", "ReferenceGrant", map[string]any{
					"from": []any{map[string]any{"kind": "HTTPRoute", "namespace": "shop-prod"}}, "to": []any{map[string]any{"kind": "Service"}}})
				grant["metadata"].(map[string]any)["namespace"] = "core"
				web(f).Objects = []model.RawObject{object("gateway.networking.k8s.io/v1", "HTTPRoute", elsewhere()), grant}
			}, nil},
		"WholeGateway": {"A listener that lets nobody in.",
			func(f *model.Fleet) {
				web(f).Objects = []model.RawObject{object("gateway.networking.k8s.io/v1", "Gateway", map[string]any{
					"listeners": []any{map[string]any{"name": "x", "allowedRoutes": map[string]any{"namespaces": map[string]any{"from": "None"}}}}})}
			}, []string{"listener-without-route"}},
		"PlainHTTP": {"The gateway serves HTTP without redirecting.",
			func(f *model.Fleet) { f.Gateways[0].PlainHTTP = new(true) }, []string{"plain-http"}},
		"PlainIngress": {"The Ingress has no certificate.",
			func(f *model.Fleet) {
				f.Environments[0].Issuer, f.Environments[1].Issuer, f.Gateways[0].Issuer = "", "", "acme"
				web(f).Routes[0].IngressClass = "haproxy"
			}, []string{"plain-http"}},
		"RetiredIngress": {"Nobody mends ingress-nginx.",
			func(f *model.Fleet) { web(f).Routes[0] = model.Route{Host: "own", IngressClass: "nginx"} }, []string{"retired-ingress"}},
		"NoCertificate": {"Nobody issues the listeners' certificates.",
			func(f *model.Fleet) { f.Environments[0].Issuer = "" }, []string{"listener-without-certificate"}},
		"TooManyListeners": {"A gateway has 64 listeners at most; 64 hosts in an environment take 65.",
			func(f *model.Fleet) {
				many(f, 64, "host-%d")
			}, []string{"issuance-budget", "too-many-listeners"}},
		"Wildcard": {"One listener serves them all, if it can be proved.",
			func(f *model.Fleet) {
				f.Gateways[0].Wildcard = new(true)
				f.Issuers[0].ACME.Solvers[1].Zones = []string{"example.com"}
				many(f, 64, "host-%d")
			}, nil},
		"UnusedGateway": {"No route is attached to it.",
			func(f *model.Fleet) { f.Gateways = append(f.Gateways, model.Gateway{Name: "idle", Class: "proxy"}) }, []string{"unused-gateway"}},
		"SharedGateway": {"Two environments of a cluster would write one object.",
			func(f *model.Fleet) {
				f.Gateways[0].Namespace = "edge"
				f.Environments[0].Clusters = []string{"one"}
			}, []string{"shared-gateway"}},
		"ForeignGateway": {"One that is somebody else's is no conflict.",
			func(f *model.Fleet) {
				f.Gateways[0] = model.Gateway{Name: "public", Namespace: "edge", Manage: new(false)}
				f.Environments[0].Clusters = []string{"one"}
			}, nil},
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
