package view

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// The directories of Let's Encrypt.
const (
	letsEncrypt        = "https://acme-v02.api.letsencrypt.org/directory"
	letsEncryptStaging = "https://acme-staging-v02.api.letsencrypt.org/directory"
)

// Issuer is an issuer of the fleet in an environment.
type Issuer struct {
	// Model is the issuer as the fleet has it.
	Model model.Issuer
	// Name, Kind and Namespace are those of the object that signs. The kind is
	// ClusterIssuer or Issuer; a ClusterIssuer has no namespace.
	Name, Kind, Namespace string
	// Servers are the ACME authorities that there are objects for, the one that
	// is used first.
	Servers []ACMEServer
}

// ACMEServer is an ACME issuer and its authority.
type ACMEServer struct {
	// Name is the name of the object.
	Name string
	// URL is the authority's directory.
	URL string
	// AccountSecret is the Secret of the account's key.
	AccountSecret string
}

// IsZero reports whether there is no issuer.
func (i Issuer) IsZero() bool { return i.Name == "" }

// Public reports whether the issuer is an ACME authority.
func (i Issuer) Public() bool { return i.Model.ACME != nil }

// Trusted reports whether the issuer is one of those whose certificates
// browsers trust: Let's Encrypt's production, or a server of the user's choice.
func (i Issuer) Trusted() bool { return len(i.Servers) > 0 && i.Servers[0].URL != letsEncryptStaging }

// LetsEncrypt reports whether Let's Encrypt's production limits apply.
func (i Issuer) LetsEncrypt() bool { return len(i.Servers) > 0 && i.Servers[0].URL == letsEncrypt }

// Solver returns the solver that proves a name: as cert-manager does, one for
// exactly this name before one for its longest zone before one for all names.
func (i Issuer) Solver(name string) (model.Solver, bool) {
	var best model.Solver
	score, found := -1, false
	if i.Model.ACME == nil {
		return best, false
	}
	for _, s := range i.Model.ACME.Solvers {
		n := fit(s, name)
		if n > score {
			best, score, found = s, n, true
		}
	}
	return best, found
}

// fit tells how well a solver is made for a name; -1 is not at all.
func fit(s model.Solver, name string) int {
	if s.HTTP01 != nil && strings.HasPrefix(name, "*.") {
		return -1
	}
	if len(s.Names)+len(s.Zones) == 0 {
		return 0
	}
	best := -1
	for _, n := range s.Names {
		if n == name {
			best = 1 << 16
		}
	}
	for _, z := range s.Zones {
		if bare := strings.TrimPrefix(name, "*."); bare == z || strings.HasSuffix(bare, "."+z) {
			best = max(best, 1+len(z))
		}
	}
	return best
}

// issuerIn completes an issuer for an environment.
func issuerIn(m model.Issuer, a *Platform) Issuer {
	i := Issuer{Model: m, Name: a.Environment + "-" + m.Name, Kind: "ClusterIssuer"}
	if m.Namespace != "" {
		i.Kind, i.Namespace = "Issuer", strings.ReplaceAll(m.Namespace, "{env}", a.Environment)
	}
	if m.ACME == nil {
		return i
	}
	secret := func(name, suffix string) string {
		if m.ACME.AccountSecret != "" {
			return m.ACME.AccountSecret + suffix
		}
		return name + "-account"
	}
	if m.ACME.Server != "" {
		i.Servers = []ACMEServer{{i.Name, m.ACME.Server, secret(i.Name, "")}}
		return i
	}
	production := ACMEServer{i.Name + "-production", letsEncrypt, secret(i.Name+"-production", "")}
	staging := ACMEServer{i.Name + "-staging", letsEncryptStaging, secret(i.Name+"-staging", "-staging")}
	i.Servers = []ACMEServer{staging, production}
	if m.ACME.Use == "production" || m.ACME.Use == "" && a.Production {
		i.Servers = []ACMEServer{production, staging}
	}
	i.Name = i.Servers[0].Name
	return i
}

// OnGateway reports whether the issuer proves one of some names by HTTP-01 on a
// gateway.
func (i Issuer) OnGateway(names []string, gateway string, a *Platform) bool {
	for _, name := range names {
		s, ok := i.Solver(name)
		if !ok || s.HTTP01 == nil || s.HTTP01.IngressClass != "" {
			continue
		}
		if s.HTTP01.Gateway == gateway || s.HTTP01.Gateway == "" && a.Gateway == gateway {
			return true
		}
	}
	return false
}

// Issuers returns the issuers that something in the environment uses, in the fleet's
// order: the environment names it, a certificate or a gateway needs it, or it
// signs the authority of one of these.
func (s Environment) Issuers() []Issuer {
	used := map[string]bool{s.Model.Issuer: true}
	for _, e := range s.GatewayBindings() {
		if e.Managed() && e.CertificateSecret == nil {
			used[e.Issuer.Model.Name] = true
		}
	}
	for _, d := range s.Certificates {
		used[d.Issuer.Model.Name] = true
	}
	var out []Issuer
	if s.Platform == nil {
		return nil
	}
	for range s.Platform.Issuers {
		for _, i := range s.Platform.Issuers {
			if used[i.Model.Name] && i.Model.CA != nil {
				used[i.Model.CA.From] = true
			}
		}
	}
	for _, i := range s.Platform.Issuers {
		if used[i.Model.Name] {
			out = append(out, i)
		}
	}
	return out
}
