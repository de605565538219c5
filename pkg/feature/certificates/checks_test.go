package certificates_test

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

// TestValidated checks the findings about what a fleet says, and about its targets.
func TestValidated(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		route  model.Route
		change func(*model.Fleet)
		want   []string
	}{
		"UnknownIssuer": {reason: "Names name something.", route: model.Route{Host: "shop", TLS: &model.RouteTLS{Issuer: "x"}}, want: []string{"unknown-issuer"}},
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
		"Keystore": {reason: "A keystore has a password, elsewhere.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) {
				f.Apps[0].Spec.Certificates = []model.Certificate{{Name: "a", Keystores: &model.Keystores{JKS: &model.Keystore{}}}}
			}, want: []string{"missing-value"}},
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
		"WildcardHTTP01": {"HTTP-01 proves no wildcard.",
			func(f *model.Fleet) { f.Gateways[0].Wildcard = new(true) }, []string{"wildcard-http01"}},
		"NoSolver": {"The solver is for another zone.",
			func(f *model.Fleet) { f.Issuers[0].ACME.Solvers = f.Issuers[0].ACME.Solvers[1:] }, []string{"no-solver"}},
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

// TestDeclared checks certificates of the app web that break a rule, or keep all.
func TestDeclared(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		cert   model.Certificate
		want   []string
	}{
		"Own":        {"An authority of our own grants everything.", model.Certificate{Issuer: "own", CommonName: "web", URIs: []string{"spiffe://a/b"}, Usages: []string{"client auth"}, Duration: "24h", RenewBefore: "8h"}, nil},
		"Public":     {"A public one grants names.", model.Certificate{DNSNames: []string{"peer"}}, nil},
		"NoName":     {"It is for nobody.", model.Certificate{Issuer: "own"}, []string{"certificate-without-name"}},
		"Fields":     {"A public authority grants no common name.", model.Certificate{DNSNames: []string{"peer"}, CommonName: "peer"}, []string{"public-certificate"}},
		"Clients":    {"Let's Encrypt issues for servers.", model.Certificate{DNSNames: []string{"peer"}, Usages: []string{"client auth"}}, []string{"public-client-auth"}},
		"AfterLife":  {"It would be renewed before it is issued.", model.Certificate{Issuer: "own", CommonName: "a", Duration: "24h", RenewBefore: "24h"}, []string{"renewal-after-life"}},
		"TooEarly":   {"45 days is what a certificate will live.", model.Certificate{DNSNames: []string{"peer"}, RenewBefore: "1080h"}, []string{"renewal-too-early"}},
		"JustInTime": {"A day less can be met.", model.Certificate{DNSNames: []string{"peer"}, RenewBefore: "1056h"}, nil},
		"Days":       {"There are no days.", model.Certificate{Issuer: "own", CommonName: "a", Duration: "90d"}, []string{"invalid-duration"}},
		"Unknown":    {"No issuer has the name.", model.Certificate{Issuer: "owm", CommonName: "a"}, []string{"certificate-without-issuer", "unknown-issuer"}},
		"Shared":     {"The Secret is written twice.", model.Certificate{Issuer: "own", CommonName: "a", Secret: "web-other"}, []string{"certificate-secret-shared"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			tc.cert.Name = "peer"
			web(f).Certificates = []model.Certificate{tc.cert, {Name: "other", Issuer: "own", CommonName: "other"}}
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAuthorityElsewhere checks the Secrets of ClusterIssuers.
func TestAuthorityElsewhere(t *testing.T) {
	f := featurestest.Fleet()
	f.Issuers = append(f.Issuers, model.Issuer{Name: "second", CA: &model.CA{Secret: "authority"}})
	web(f).Certificates = []model.Certificate{
		{Name: "authority", Issuer: "own", Secret: "authority", CommonName: "authority", IsCA: new(true)},
		{Name: "leaf", Issuer: "second", CommonName: "leaf"},
	}
	if diff := cmp.Diff([]string{"issuer-secret-elsewhere", "unprovided-secret"}, featurestest.Broken(f)); diff != "" {
		t.Errorf("cert-manager does not look into the app's namespace: rules (-want +got):\n%s", diff)
	}
	for i := range f.Clusters {
		f.Clusters[i].CertManagerNamespace = "shop-prod"
	}
	f.Environments[0].Namespace = "shop-prod"
	if diff := cmp.Diff([]string(nil), featurestest.Broken(f)); diff != "" {
		t.Errorf("now it does: rules (-want +got):\n%s", diff)
	}
}
