package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// served returns a fleet with a gateway, an Ingress and issuers of several kinds.
func served() *model.Fleet {
	return &model.Fleet{
		Name: "shop",
		Gateways: []model.Gateway{
			{Name: "public", Class: "proxy"},
			{Name: "bought", Class: "proxy", CertificateSecret: &model.SecretReference{Name: "cert", Namespace: "vault"}},
		},
		Issuers: []model.Issuer{
			{Name: "acme", ACME: &model.ACME{Solvers: []model.Solver{
				{HTTP01: &model.HTTP01{}},
				{Zones: []string{"example.com"}, Cloudflare: &model.Cloudflare{APIToken: model.SecretKeySelector{Name: "dns", Key: "value"}}},
				{Zones: []string{"deep.example.com"}, Route53: &model.Route53{}},
				{Names: []string{"x.deep.example.com"}, CloudDNS: &model.CloudDNS{}},
			}}},
			{Name: "root", SelfSigned: &model.SelfSigned{}},
			{Name: "own", CA: &model.CA{From: "root"}},
		},
		Clusters:     []model.Cluster{{Name: "lab"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com", Gateway: "public", Issuer: "acme"}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Ports: []model.Port{{Name: "http", Port: 80}}},
			Routes: []model.Route{{Host: "shop"}, {Host: "a", Gateway: "bought"}, {Host: "b", IngressClass: "haproxy", TLS: &model.RouteTLS{Secret: "given"}},
				{Host: "c", IngressClass: "haproxy"}},
			Certificates: []model.Certificate{{Name: "peer", Issuer: "own", CommonName: "peer", Keystores: &model.Keystores{JKS: &model.Keystore{Password: model.SecretKeySelector{Name: "store", Key: "phrase"}}}}},
		}}},
	}
}

// TestSecretsOfEnvironment checks which Secrets cert-manager makes, and which somebody
// has to provide.
func TestSecretsOfEnvironment(t *testing.T) {
	site := resolve.New(served(), features.Default()).Environment(view.Scope{Environment: "dev", Cluster: "lab"})
	names := func(list []view.SecretUse) []string {
		var out []string
		for _, u := range list {
			out = append(out, u.Namespace+"/"+u.Name+" "+u.Key+" by "+string(u.Path))
		}
		return out
	}
	made := []string{
		"gateway-dev/shop.dev.example.com-tls  by gateways[public]",
		"shop-dev/web-peer  by apps[web].spec.certificates[peer]",
		"shop-dev/web-c-tls  by apps[web].spec.routes[c].tls",
		"cert-manager/dev-acme-staging-account  by issuers[acme].acme",
		"cert-manager/dev-acme-production-account  by issuers[acme].acme",
		"cert-manager/dev-own  by issuers[own].ca",
	}
	if diff := cmp.Diff(made, names(site.SecretsMade())); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	read := []string{
		"shop-dev/given tls.crt by apps[web].spec.routes[b].tls.secret",
		"vault/cert tls.crt by gateways[bought].certificateSecret",
		"shop-dev/store phrase by apps[web].spec.certificates[peer].keystores",
		"cert-manager/dns value by issuers[acme].acme.solvers[1].cloudflare.apiToken",
	}
	if diff := cmp.Diff(read, names(site.SecretsRead())); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

// TestSolver checks that the solver is the one that cert-manager takes.
func TestSolver(t *testing.T) {
	site := resolve.New(served(), features.Default()).Environment(view.Scope{Environment: "dev"})
	issuer, _ := site.Platform.IssuerNamed("acme")
	for name, tc := range map[string]struct{ reason, want string }{
		"shop.example.net":     {"No zone is the name's.", "http01"},
		"shop.example.com":     {"It lies in a zone.", "cloudflare"},
		"*.example.com":        {"So does a wildcard.", "cloudflare"},
		"a.deep.example.com":   {"The longer zone wins.", "route53"},
		"x.deep.example.com":   {"The exact name wins.", "cloudDNS"},
		"notexample.com":       {"The zone's name ends alike, and is another.", "http01"},
		"*.example.net":        {"HTTP-01 proves no wildcard.", ""},
		"y.x.deep.example.com": {"An exact name is no zone.", "route53"},
	} {
		got := ""
		if s, ok := issuer.Solver(name); ok {
			switch {
			case s.HTTP01 != nil:
				got = "http01"
			case s.Cloudflare != nil:
				got = "cloudflare"
			case s.Route53 != nil:
				got = "route53"
			case s.CloudDNS != nil:
				got = "cloudDNS"
			}
		}
		if got != tc.want {
			t.Errorf("%s: %s: got %q, want %q", name, tc.reason, got, tc.want)
		}
	}
}

// TestOneCluster checks that an environment with a single cluster offers what the
// apps are on that cluster: its targets are the cluster's.
func TestOneCluster(t *testing.T) {
	f := served()
	f.Clusters[0].Defaults.Routes = []model.Route{{Host: "lab"}}
	r := resolve.New(f, features.Default())
	hosts := func(s view.Scope) []string {
		var out []string
		for _, route := range r.Environment(s).Routes {
			out = append(out, route.Route.Host)
		}
		return out
	}
	lab := hosts(view.Scope{Environment: "dev", Cluster: "lab"})
	if diff := cmp.Diff(lab, hosts(view.Scope{Environment: "dev"})); diff != "" || len(lab) != 5 {
		t.Errorf("hosts of the cluster %q (-), of its environment (+):\n%s", lab, diff)
	}
}
