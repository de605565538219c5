package audit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// declared are certificates of the app web that break a rule, or keep all.
var declared = map[string]struct {
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
}

// TestAuthorityElsewhere checks the Secrets of ClusterIssuers.
func TestAuthorityElsewhere(t *testing.T) {
	f := fleet()
	f.Issuers = append(f.Issuers, model.Issuer{Name: "second", CA: &model.CA{Secret: "authority"}})
	web(f).Certificates = []model.Certificate{
		{Name: "authority", Issuer: "own", Secret: "authority", CommonName: "authority", IsCA: new(true)},
		{Name: "leaf", Issuer: "second", CommonName: "leaf"},
	}
	if diff := cmp.Diff([]string{"issuer-secret-elsewhere", "unprovided-secret"}, found(f)); diff != "" {
		t.Errorf("cert-manager does not look into the app's namespace: rules (-want +got):\n%s", diff)
	}
	for i := range f.Clusters {
		f.Clusters[i].CertManagerNamespace = "shop-prod"
	}
	f.Environments[0].Namespace = "shop-prod"
	if diff := cmp.Diff([]string(nil), found(f)); diff != "" {
		t.Errorf("now it does: rules (-want +got):\n%s", diff)
	}
}
