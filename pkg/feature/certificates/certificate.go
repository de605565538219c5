// Package certificates makes cert-manager's resources: the certificates of apps
// and of gateways, and the issuers of an environment.
package certificates

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

const (
	group   = "cert-manager.io"
	version = group + "/v1"
)

// Generate makes the certificates that an app declares, and those of its
// Ingresses. The base has none: the issuer is the environment's.
func Generate(t *view.Target, v *view.View) ([]object.Object, error) {
	platform := v.Platform(t.Scope)
	if platform == nil {
		return nil, nil
	}
	var out []object.Object
	add := func(name string, c model.Certificate) error {
		issuer, ok := platform.IssuerNamed(c.Issuer)
		if !ok {
			return nil // a finding tells
		}
		o, err := New(part.Meta(t, name), c, issuer)
		out = append(out, o)
		return err
	}
	for _, c := range t.Spec.Certificates {
		if err := add(t.App+"-"+c.Name, c); err != nil {
			return nil, err
		}
	}
	for i := range t.Spec.Routes {
		if c, ok, byAnnotation := platform.IngressCertificate(&t.Spec.Routes[i]); ok && !byAnnotation {
			if err := add(c.Name, c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// RouteSecret returns the Secret with the certificate of a route that is an
// Ingress, or "" where there is none.
func RouteSecret(r *model.Route, platform *view.Platform) string {
	if r.TLS != nil && r.TLS.Secret != "" {
		return r.TLS.Secret
	}
	c, _, _ := platform.IngressCertificate(r)
	return c.Secret
}

// Annotations returns what asks cert-manager for the certificate of a route
// that is an Ingress, where the user wants it so.
func Annotations(r *model.Route, platform *view.Platform) map[string]string {
	c, ok, byAnnotation := platform.IngressCertificate(r)
	if !ok || !byAnnotation {
		return nil
	}
	issuer, _ := platform.IssuerNamed(c.Issuer)
	return IssuerAnnotations(issuer)
}

// IssuerAnnotations returns what asks cert-manager for certificates of an
// issuer, with the defaults that Certificates of ours have.
func IssuerAnnotations(i view.Issuer) map[string]string {
	if i.IsZero() {
		return nil
	}
	key := group + "/cluster-issuer"
	if i.Kind == "Issuer" {
		key = group + "/issuer"
	}
	out := map[string]string{
		key: i.Name, group + "/private-key-algorithm": "ECDSA", group + "/private-key-size": "256",
		group + "/private-key-rotation-policy": "Always", group + "/private-key-encoding": "PKCS8", group + "/revision-history-limit": "1",
		group + "/usages": "digital signature,server auth",
	}
	if i.Public() {
		out[group+"/renew-before-percentage"] = "33"
		return out
	}
	out[group+"/duration"], out[group+"/renew-before"] = "2160h", "720h"
	return out
}

// New returns a Certificate that CompleteCertificate completed.
func New(meta metav1.ObjectMeta, c model.Certificate, issuer view.Issuer) (object.Object, error) {
	spec := part.Map{
		"secretName": c.Secret, "commonName": c.CommonName, "isCA": c.IsCA,
		"dnsNames": c.DNSNames, "ipAddresses": c.IPAddresses, "uris": c.URIs,
		"duration": c.Duration, "renewBefore": c.RenewBefore, "renewBeforePercentage": c.RenewBeforePercentage,
		"revisionHistoryLimit": c.RevisionHistoryLimit, "usages": c.Usages, "issuerRef": issuerRef(issuer),
		"keystores": keystores(c.Keystores),
	}
	if k := c.PrivateKey; k != nil {
		spec["privateKey"] = part.Fields(part.Map{
			"algorithm": k.Algorithm, "size": k.Size, "encoding": k.Encoding, "rotationPolicy": k.RotationPolicy})
	}
	if s := c.SecretTemplate; s != nil {
		spec["secretTemplate"] = part.Fields(part.Map{"labels": s.Labels, "annotations": s.Annotations})
	}
	return part.Custom(version, "Certificate", meta, part.Fields(spec))
}

func issuerRef(i view.Issuer) part.Map {
	return part.Map{"name": i.Name, "kind": i.Kind, "group": group}
}

func keystores(k *model.Keystores) part.Map {
	if k == nil {
		return nil
	}
	store := func(s *model.Keystore, profile string) part.Map {
		if s == nil {
			return nil
		}
		return part.Fields(part.Map{"create": true, "passwordSecretRef": secretKey(&s.Password), "alias": s.Alias, "profile": profile})
	}
	pkcs12 := store(k.PKCS12, "Modern2023")
	delete(pkcs12, "alias")
	return part.Fields(part.Map{"jks": store(k.JKS, ""), "pkcs12": pkcs12})
}

func secretKey(k *model.SecretKeySelector) part.Map {
	if k == nil {
		return nil
	}
	return part.Fields(part.Map{"name": k.Name, "key": k.Key})
}
