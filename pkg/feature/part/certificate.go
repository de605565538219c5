package part

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The group and the version of cert-manager's kinds.
const (
	certManager        = "cert-manager.io"
	CertManagerVersion = certManager + "/v1"
)

// IssuerAnnotations returns what asks cert-manager for certificates of an
// issuer, with the defaults that Certificates of ours have.
func IssuerAnnotations(i view.Issuer) map[string]string {
	if i.IsZero() {
		return nil
	}
	key := certManager + "/cluster-issuer"
	if i.Kind == "Issuer" {
		key = certManager + "/issuer"
	}
	out := map[string]string{
		key: i.Name, certManager + "/private-key-algorithm": "ECDSA", certManager + "/private-key-size": "256",
		certManager + "/private-key-rotation-policy": "Always", certManager + "/private-key-encoding": "PKCS8", certManager + "/revision-history-limit": "1",
		certManager + "/usages": "digital signature,server auth",
	}
	if i.Public() {
		out[certManager+"/renew-before-percentage"] = "33"
		return out
	}
	out[certManager+"/duration"], out[certManager+"/renew-before"] = "2160h", "720h"
	return out
}

// Certificate returns a Certificate that view.CompleteCertificate completed.
func Certificate(meta metav1.ObjectMeta, c model.Certificate, issuer view.Issuer) (object.Object, error) {
	spec := Map{
		"secretName": c.Secret, "commonName": c.CommonName, "isCA": c.IsCA,
		"dnsNames": c.DNSNames, "ipAddresses": c.IPAddresses, "uris": c.URIs,
		"duration": c.Duration, "renewBefore": c.RenewBefore, "renewBeforePercentage": c.RenewBeforePercentage,
		"revisionHistoryLimit": c.RevisionHistoryLimit, "usages": c.Usages, "issuerRef": issuerRef(issuer),
		"keystores": keystores(c.Keystores),
	}
	if k := c.PrivateKey; k != nil {
		spec["privateKey"] = Fields(Map{
			"algorithm": k.Algorithm, "size": k.Size, "encoding": k.Encoding, "rotationPolicy": k.RotationPolicy})
	}
	if s := c.SecretTemplate; s != nil {
		spec["secretTemplate"] = Fields(Map{"labels": s.Labels, "annotations": s.Annotations})
	}
	return Custom(CertManagerVersion, "Certificate", meta, Fields(spec))
}

func issuerRef(i view.Issuer) Map {
	return Map{"name": i.Name, "kind": i.Kind, "group": certManager}
}

func keystores(k *model.Keystores) Map {
	if k == nil {
		return nil
	}
	store := func(s *model.Keystore, profile string) Map {
		if s == nil {
			return nil
		}
		return Fields(Map{"create": true, "passwordSecretRef": SecretKey(&s.Password), "alias": s.Alias, "profile": profile})
	}
	pkcs12 := store(k.PKCS12, "Modern2023")
	delete(pkcs12, "alias")
	return Fields(Map{"jks": store(k.JKS, ""), "pkcs12": pkcs12})
}

// SecretKey returns a reference to a key of a Secret, or nil.
func SecretKey(k *model.SecretKeySelector) Map {
	if k == nil {
		return nil
	}
	return Fields(Map{"name": k.Name, "key": k.Key})
}
