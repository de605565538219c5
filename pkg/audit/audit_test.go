package audit_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/audit"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// fleet returns a fleet of two environments and three clusters in which nothing
// is wrong: every rule is kept.
func fleet() *model.Fleet {
	app := func(name string, routes ...model.Route) model.App {
		return model.App{Name: name, Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Image: name + ":1", Ports: []model.Port{{Name: "http", Port: 8080}}}, Routes: routes}}
	}
	return &model.Fleet{
		Name:     "shop",
		Defaults: model.AppSpec{Pod: &model.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}}},
		Gateways: []model.Gateway{
			{Name: "public", Class: "proxy"},
			{Name: "mesh", Kind: model.IstioGateway, Issuer: "own"},
		},
		Issuers: []model.Issuer{
			{Name: "acme", ACME: &model.ACME{Solvers: []model.Solver{{HTTP01: &model.HTTP01{}}, {Zones: []string{"dns.example.com"}, Cloudflare: &model.Cloudflare{}}}}},
			{Name: "root", SelfSigned: &model.SelfSigned{}},
			{Name: "own", CA: &model.CA{From: "root"}},
		},
		Clusters: []model.Cluster{{Name: "lab"}, {Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{
			{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com", Gateway: "public", Issuer: "acme", ExistingSecrets: []string{"a", "cert"}},
			{Name: "prod", PromotedFrom: "dev", Clusters: []string{"one"}, Domain: "example.com", Gateway: "public", Issuer: "acme", ExistingSecrets: []string{"a", "cert"}},
		},
		Apps: []model.App{
			app("web", model.Route{Host: "shop"}, model.Route{Host: "inner", Gateway: "mesh"}),
			app("api", model.Route{Host: "shop", Rules: []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/api"}}}}}),
		},
	}
}

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// many adds n routes to the app web.
func many(f *model.Fleet, n int, host string) {
	for i := range n {
		web(f).Routes = append(web(f).Routes, model.Route{Host: fmt.Sprintf(host, i), Name: fmt.Sprint("many-", i)})
	}
}

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

// object returns a whole object.
func object(apiVersion, kind string, spec map[string]any) model.RawObject {
	return model.RawObject{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "whole"}, "spec": spec}
}

// elsewhere returns the spec of an HTTPRoute that calls another namespace.
func elsewhere() map[string]any {
	return map[string]any{"hostnames": []any{"else.example.com"}, "rules": []any{map[string]any{"backendRefs": []any{map[string]any{"name": "api", "namespace": "core"}}}}}
}

// ruleCase changes the fleet so that it breaks rules.
type ruleCase struct {
	reason string
	change func(*model.Fleet)
	want   []string
}

var cases = map[string]ruleCase{
	"Nothing": {"The fleet keeps every rule.", func(*model.Fleet) {}, nil},
	"IncompleteHost": {"There is no domain to complete the host by.",
		func(f *model.Fleet) { f.Environments[0].Domain = "" }, []string{"incomplete-host"}},
	"IncompleteRecord": {"Records are completed alike, and have no wildcard.",
		func(f *model.Fleet) {
			f.Environments[0].Domain = ""
			f.Apps = f.Apps[:1]
			f.Gateways = nil
			*web(f) = model.AppSpec{ContainerSpec: web(f).ContainerSpec, DNS: []model.DNSRecord{{Name: "a", Host: "a", Targets: []string{"b.example.com"}}}}
			f.Environments[0].Gateway, f.Environments[1].Gateway = "", ""
		}, []string{"incomplete-host"}},
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
			f.Apps[1].Spec.Objects = []model.RawObject{object("v1", "Service", map[string]any{"type": "NodePort", "ports": []any{map[string]any{"port": int64(80), "nodePort": int64(30080)}}})}
		}, []string{"node-port-conflict"}},
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
	"RecordConflict": {"The route makes the record already.",
		func(f *model.Fleet) {
			web(f).DNS = []model.DNSRecord{{Name: "shop", Host: "shop", Targets: []string{"elsewhere.example.net"}}}
		}, []string{"record-conflict"}},
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
	"WildcardHTTP01": {"HTTP-01 proves no wildcard.",
		func(f *model.Fleet) { f.Gateways[0].Wildcard = new(true) }, []string{"wildcard-http01"}},
	"NoSolver": {"The solver is for another zone.",
		func(f *model.Fleet) { f.Issuers[0].ACME.Solvers = f.Issuers[0].ACME.Solvers[1:] }, []string{"no-solver"}},
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
	"Duplicate": {"Two clusters ask for the same names.",
		func(f *model.Fleet) { f.Environments[1].Clusters = []string{"one", "two"} }, []string{"certificate-duplicate"}},
	"TooManyDuplicates": {"Let's Encrypt issues one set of names five times.",
		func(f *model.Fleet) {
			for i := range 5 {
				name := fmt.Sprint("more-", i)
				f.Clusters = append(f.Clusters, model.Cluster{Name: name})
				f.Environments[1].Clusters = append(f.Environments[1].Clusters, name)
			}
		}, []string{"issuance-duplicates"}},
	"Budget": {"51 certificates of one registered domain, over several hosts below it.",
		func(f *model.Fleet) {
			many(f, 50, "a.b%d.example.com")
			f.Apps[0].RunsIn = []string{"prod"}
		}, []string{"issuance-budget"}},
	"BudgetOfDomains": {"Below a public suffix, each name is somebody else's.",
		func(f *model.Fleet) {
			many(f, 50, "b%d.co.uk")
			f.Apps[0].RunsIn = []string{"prod"}
		}, nil},
	"ProductionAuthority": {"Trials belong to staging.",
		func(f *model.Fleet) { f.Issuers[0].ACME.Use = "production" }, []string{"production-authority"}},
	"StagingAuthority": {"Browsers do not trust it.",
		func(f *model.Fleet) { f.Issuers[0].ACME.Use = "staging" }, []string{"staging-authority"}},
	"SharedAccountKey": {"Two authorities, one key.",
		func(f *model.Fleet) {
			f.Issuers[0].ACME.AccountSecret = "account"
			f.Issuers = append(f.Issuers, model.Issuer{Name: "else", ACME: &model.ACME{Server: "https://acme.example.com/dir", AccountSecret: "account", Solvers: f.Issuers[0].ACME.Solvers}})
		}, []string{"shared-account-key"}},
	"StaticKey": {"An identity would do.",
		func(f *model.Fleet) {
			f.Issuers[0].ACME.Solvers[1] = model.Solver{Route53: &model.Route53{SecretAccessKey: &model.SecretKeySelector{Name: "a", Key: "b"}}}
		}, []string{"static-dns-key"}},
	"IssuerOutOfReach": {"An Issuer serves its namespace alone.",
		func(f *model.Fleet) { f.Issuers[0].Namespace = "elsewhere" }, []string{"issuer-out-of-reach"}},
	"SolverBlocked": {"The namespaces, and so the policies, are somebody else's.",
		func(f *model.Fleet) {
			web(f).Routes[0] = model.Route{Host: "own", IngressClass: "haproxy"}
			f.Environments[1].Namespaces = model.Namespaces{Manage: new(false), DefaultDeny: new(true)}
		}, []string{"solver-blocked"}},
}

// found returns the ids of the rules that a fleet breaks.
func found(f *model.Fleet) []string {
	ids := map[string]bool{}
	for _, x := range append(validate.Fleet(f, features.Default(), nil), audit.Fleet(f, resolve.New(f, features.Default()), nil)...) {
		ids[x.Rule] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

func TestRules(t *testing.T) {
	broken := map[string]bool{}
	all := maps.Clone(cases)
	maps.Copy(all, previewCases)
	for name, tc := range all {
		t.Run(name, func(t *testing.T) {
			f := fleet()
			tc.change(f)
			got := found(f)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
			for _, id := range got {
				broken[id] = true
			}
		})
	}
	for name, tc := range declared {
		t.Run("Certificate"+name, func(t *testing.T) {
			f := fleet()
			tc.cert.Name = "peer"
			web(f).Certificates = []model.Certificate{tc.cert, {Name: "other", Issuer: "own", CommonName: "other"}}
			got := found(f)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
			for _, id := range got {
				broken[id] = true
			}
		})
	}
	explained := map[string]bool{}
	for _, d := range slices.Concat(rules.All(), features.Default().Rules()) {
		explained[d.ID] = true
	}
	for id := range broken {
		if !explained[id] {
			t.Errorf("rule %s is not explained", id)
		}
	}
}
