package certificates

import (
	"cmp"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Issuers makes the issuers that something in an environment uses. Their names
// begin with the environment's, so that environments on one cluster keep apart.
func Issuers(s view.Environment) ([]object.Object, error) {
	var out []object.Object
	for _, i := range s.Issuers() {
		objects, err := issuer(i, s.Platform)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	return out, nil
}

// issuer makes the objects of one issuer.
func issuer(i view.Issuer, a *view.Platform) ([]object.Object, error) {
	var out []object.Object
	add := func(name string, spec part.Map) error {
		o, err := part.Custom(part.CertManagerVersion, i.Kind, metav1.ObjectMeta{Name: name, Namespace: i.Namespace, Labels: part.PlatformLabels()}, spec)
		out = append(out, o)
		return err
	}
	m := i.Model
	switch {
	case m.ACME != nil:
		servers := slices.SortedFunc(slices.Values(i.Servers), func(a, b view.ACMEServer) int { return cmp.Compare(a.Name, b.Name) })
		for _, server := range servers {
			if err := add(server.Name, part.Map{"acme": acme(m.ACME, server, a)}); err != nil {
				return nil, err
			}
		}
		return out, nil
	case m.CA != nil:
		return authority(i, a)
	case m.Vault != nil:
		return out, add(i.Name, part.Map{"vault": vault(m.Vault)})
	}
	return out, add(i.Name, part.Map{"selfSigned": part.Map{}})
}

// authority makes an issuer of our own, and its certificate where another
// issuer signs that. The Secret lies where cert-manager looks for it.
func authority(i view.Issuer, a *view.Platform) ([]object.Object, error) {
	ca, meta := i.Model.CA, metav1.ObjectMeta{Name: i.Name, Namespace: i.Namespace, Labels: part.PlatformLabels()}
	o, err := part.Custom(part.CertManagerVersion, i.Kind, meta, part.Map{"ca": part.Map{"secretName": cmp.Or(ca.Secret, i.Name)}})
	from, ok := a.IssuerNamed(ca.From)
	if err != nil || !ok {
		return []object.Object{o}, err
	}
	meta.Namespace = cmp.Or(i.Namespace, a.CertManager)
	c := model.Certificate{Secret: i.Name, IsCA: new(true), CommonName: cmp.Or(ca.CommonName, i.Name),
		Duration: cmp.Or(ca.Duration, "87600h"), RenewBeforePercentage: new(int32(33)), Usages: []string{"cert sign", "crl sign"}}
	view.CompleteCertificate(&c, from)
	root, err := part.Certificate(meta, c, from)
	return []object.Object{o, root}, err
}

func acme(m *model.ACME, server view.ACMEServer, a *view.Platform) part.Map {
	var solvers part.List
	for _, s := range m.Solvers {
		out := part.Map{"selector": part.Fields(part.Map{"dnsZones": s.Zones, "dnsNames": s.Names})}
		if s.HTTP01 != nil {
			out["http01"] = http01(s.HTTP01, a)
		} else {
			out["dns01"] = dns01(s)
		}
		solvers = append(solvers, part.Fields(out))
	}
	return part.Fields(part.Map{"email": m.Email, "server": server.URL, "solvers": solvers,
		"privateKeySecretRef": part.Map{"name": server.AccountSecret}})
}

// http01 returns how HTTP-01 is answered: on a gateway, whose listener for
// plain HTTP takes the answer before it redirects, or by an ingress class.
func http01(h *model.HTTP01, a *view.Platform) part.Map {
	gateway, class := h.Gateway, h.IngressClass
	if gateway == "" && class == "" {
		gateway, class = a.Gateway, a.IngressClass
	}
	if class != "" {
		return part.Map{"ingress": part.Map{"ingressClassName": class}}
	}
	g, _ := a.GatewayNamed(gateway)
	if g.Kind == model.IstioGateway {
		return part.Map{"ingress": part.Map{"ingressClassName": "istio"}}
	}
	section := ""
	if g.Managed() {
		section = view.PlainListener
	}
	return part.Map{"gatewayHTTPRoute": part.Map{"parentRefs": part.List{part.Fields(part.Map{
		"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": g.Name, "namespace": g.Namespace, "sectionName": section})}}}
}

func dns01(s model.Solver) part.Map {
	switch {
	case s.Route53 != nil:
		x := s.Route53
		return part.Map{"route53": part.Fields(part.Map{"region": x.Region, "hostedZoneID": x.HostedZoneID, "role": x.Role,
			"accessKeyIDSecretRef": part.SecretKey(x.AccessKeyID), "secretAccessKeySecretRef": part.SecretKey(x.SecretAccessKey)})}
	case s.CloudDNS != nil:
		x := s.CloudDNS
		return part.Map{"cloudDNS": part.Fields(part.Map{"project": x.Project, "hostedZoneName": x.HostedZone,
			"serviceAccountSecretRef": part.SecretKey(x.ServiceAccount)})}
	case s.AzureDNS != nil:
		x := s.AzureDNS
		out := part.Map{"subscriptionID": x.SubscriptionID, "resourceGroupName": x.ResourceGroup, "hostedZoneName": x.HostedZone,
			"environment": x.Environment, "managedIdentity": part.Fields(part.Map{"clientID": x.ClientID})}
		return part.Map{"azureDNS": part.Fields(out)}
	case s.Cloudflare != nil:
		return part.Map{"cloudflare": part.Map{"apiTokenSecretRef": part.SecretKey(&s.Cloudflare.APIToken)}}
	case s.RFC2136 != nil:
		x := s.RFC2136
		out := part.Map{"nameserver": x.Nameserver, "tsigKeyName": x.TSIGKeyName, "tsigSecretSecretRef": part.SecretKey(x.TSIGSecret)}
		if x.TSIGSecret != nil {
			out["tsigAlgorithm"] = cmp.Or(x.TSIGAlgorithm, "HMACSHA256")
		}
		return part.Map{"rfc2136": part.Fields(out)}
	}
	return nil
}

func vault(v *model.VaultIssuer) part.Map {
	return part.Fields(part.Map{"server": v.Server, "path": v.Path, "namespace": v.Namespace, "caBundleSecretRef": part.SecretKey(v.CABundleSecret),
		"auth": part.Map{"kubernetes": part.Map{"role": v.Role, "mountPath": cmp.Or(v.MountPath, "/v1/auth/kubernetes"),
			"serviceAccountRef": part.Map{"name": cmp.Or(v.ServiceAccount, "cert-manager")}}}})
}
