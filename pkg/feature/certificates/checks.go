package certificates

import (
	"net/url"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checker checks certificates and issuers in a layer and in the fleet as it was
// written.
type checker struct{ *feature.Report }

// checkModel checks the fleet's issuers, and where they are named.
func checkModel(r *feature.Report) {
	c := checker{r}
	c.issuers()
	for _, g := range r.Fleet.Gateways {
		c.issuer(fieldpath.Path("gateways").Key(g.Name).Field("issuer"), g.Issuer)
	}
	for _, e := range r.Fleet.Environments {
		c.issuer(fieldpath.Path("environments").Key(e.Name).Field("issuer"), e.Issuer)
	}
}

// checkLayer checks certificates, and the issuers of routes.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	c.certificates(at.Field("certificates"), s.Certificates)
	for i := range s.Routes {
		if tls := s.Routes[i].TLS; tls != nil {
			c.issuer(feature.EntryAt(at.Field("routes"), s.Routes[i].Host, i).Field("tls").Field("issuer"), tls.Issuer)
		}
	}
}

// issuer checks that an issuer that is named, if one is, is the fleet's.
func (c checker) issuer(at fieldpath.Path, name string) {
	if name == "" {
		return
	}
	var known []string
	for _, i := range c.Fleet.Issuers {
		known = append(known, i.Name)
	}
	c.Known("unknown-issuer", "issuer", at, name, known)
}

// issuers checks the fleet's issuers.
func (c checker) issuers() {
	seen, accounts := map[string]bool{}, map[string]string{}
	for _, i := range c.Fleet.Issuers {
		at := fieldpath.Path("issuers").Key(i.Name)
		c.Label(at.Field("name"), i.Name, 63)
		c.Unique(seen, at, i.Name)
		c.NamespacePattern(at.Field("namespace"), i.Namespace)
		c.ExactlyOne(at, "exactly one", map[string]bool{"acme": i.ACME != nil, "ca": i.CA != nil, "selfSigned": i.SelfSigned != nil, "vault": i.Vault != nil}, 1)
		if a := i.ACME; a != nil {
			c.acme(at.Field("acme"), *a)
			c.account(at.Field("acme").Field("accountSecret"), i, accounts)
		}
		if ca := i.CA; ca != nil {
			c.ExactlyOne(at.Field("ca"), "exactly one", map[string]bool{"secret": ca.Secret != "", "from": ca.From != ""}, 1)
			c.issuer(at.Field("ca").Field("from"), ca.From)
			c.Duration(at.Field("ca").Field("duration"), ca.Duration)
		}
		if v := i.Vault; v != nil {
			for field, value := range map[string]string{"server": v.Server, "path": v.Path, "role": v.Role} {
				if value == "" {
					c.Errorf("missing-value", at.Field("vault").Field(field), "add it", "Vault needs a %s", field)
				}
			}
			c.httpsURL(at.Field("vault").Field("server"), v.Server)
		}
	}
}

// acme checks a public authority and its solvers.
func (c checker) acme(at fieldpath.Path, a model.ACME) {
	c.httpsURL(at.Field("server"), a.Server)
	switch a.Use {
	case "", "production", "staging":
	default:
		c.Errorf("invalid-value", at.Field("use"), "use production or staging", "%q is not an environment of Let's Encrypt", a.Use)
	}
	if a.Use != "" && a.Server != "" {
		c.Errorf("one-of", at, "keep one of server and use", "server and use are both set")
	}
	if len(a.Solvers) == 0 {
		c.Errorf("no-solver", at.Field("solvers"), "add one, such as http01: {}", "the issuer has no solver")
	}
	for i, s := range a.Solvers {
		below := at.Field("solvers").Index(i)
		c.ExactlyOne(below, "exactly one", map[string]bool{"http01": s.HTTP01 != nil, "route53": s.Route53 != nil, "cloudDNS": s.CloudDNS != nil,
			"azureDNS": s.AzureDNS != nil, "cloudflare": s.Cloudflare != nil, "rfc2136": s.RFC2136 != nil}, 1)
		c.staticKeys(below, s)
	}
}

// staticKeys warns of keys where an identity of the workload would do.
func (c checker) staticKeys(at fieldpath.Path, s model.Solver) {
	for field, set := range map[string]bool{
		"route53":  s.Route53 != nil && s.Route53.SecretAccessKey != nil,
		"cloudDNS": s.CloudDNS != nil && s.CloudDNS.ServiceAccount != nil,
	} {
		if set {
			c.Warnf("static-dns-key", at.Field(field), "give the service account of cert-manager a workload identity of the cloud provider", "a static key gives whoever reads it access to the zone")
		}
	}
}

// account finds issuers of different authorities that share the key of one account.
func (c checker) account(at fieldpath.Path, i model.Issuer, accounts map[string]string) {
	secret := i.ACME.AccountSecret
	if secret == "" {
		return
	}
	server := i.ACME.Server
	if server == "" {
		server = "Let's Encrypt"
	}
	place := i.Namespace + "/" + secret
	for _, name := range []string{place, place + "-staging"} {
		if strings.HasSuffix(name, "-staging") && name != place && i.ACME.Server != "" {
			continue // no second issuer is made of it
		}
		own := server
		if name != place {
			own += " staging"
		}
		if other, ok := accounts[name]; ok && other != own {
			c.Errorf("shared-account-key", at, "use a different Secret for each authority", "the same account key would be used for %s and %s", other, own)
		}
		accounts[name] = own
	}
}

func (c checker) httpsURL(at fieldpath.Path, s string) {
	if s == "" {
		return
	}
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
		c.Errorf("invalid-value", at, "write it as https://HOST/PATH", "the address is not an https URL")
	}
}

// certificates checks declared certificates, as far as one layer shows them.
func (c checker) certificates(at fieldpath.Path, list []model.Certificate) {
	seen := map[string]bool{}
	for _, x := range list {
		below := at.Key(x.Name)
		c.Label(below.Field("name"), x.Name, 63)
		c.Unique(seen, below, x.Name)
		c.ExactlyOne(below, "at most one", map[string]bool{"renewBefore": x.RenewBefore != "", "renewBeforePercentage": x.RenewBeforePercentage != nil}, 0)
		c.issuer(below.Field("issuer"), x.Issuer)
		c.Duration(below.Field("duration"), x.Duration)
		c.Duration(below.Field("renewBefore"), x.RenewBefore)
		if p := x.RenewBeforePercentage; p != nil && (*p < 1 || *p > 99) {
			c.Errorf("invalid-value", below.Field("renewBeforePercentage"), "use a number from 1 to 99", "%d is not a valid percentage of the lifetime", *p)
		}
		for i, n := range x.DNSNames {
			c.Host(below.Field("dnsNames").Index(i), n)
		}
		if k := x.PrivateKey; k != nil {
			switch k.Algorithm {
			case "", "ECDSA", "RSA", "Ed25519":
			default:
				c.Errorf("invalid-value", below.Field("privateKey").Field("algorithm"), "use ECDSA, RSA or Ed25519", "%q is not a supported algorithm", k.Algorithm)
			}
		}
		if k := x.Keystores; k != nil {
			for field, store := range map[string]*model.Keystore{"jks": k.JKS, "pkcs12": k.PKCS12} {
				if store != nil && (store.Password.Name == "" || store.Password.Key == "") {
					c.Errorf("missing-value", below.Field("keystores").Field(field).Field("password"), "name a Secret and its key", "the keystore has no password")
				}
			}
		}
	}
}
