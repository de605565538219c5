package rules

const (
	certManager = "https://cert-manager.io/docs/"
	letsEncrypt = "https://letsencrypt.org/docs/rate-limits/"
)

// certificates returns the rules about certificates and their issuers.
func certificates() []Rule {
	return []Rule{
		{"certificate-duplicate", "A set of names that several clusters or namespaces request is issued several times, also at renewal; Let's Encrypt issues it at most five times in seven days.", "Give each cluster its own names, or issue once and distribute the Secret.", letsEncrypt},
		{"certificate-secret-shared", "Two certificates that are written to the same Secret replace each other endlessly and use up the limits of the certificate authority within hours; so do a Certificate and an annotation.", "Give each its own Secret, or remove one of them.", certManager + "usage/certificate/"},
		{"certificate-without-issuer", "The certificate has no issuer: neither it nor its environment names one.", "Name one of the fleet's issuers.", certManager + "configuration/"},
		{"certificate-without-name", "A certificate needs names, addresses or identities, and this one has none.", "Add dnsNames.", certManager + "reference/api-docs/#cert-manager.io/v1.CertificateSpec"},
		{"issuance-budget", "Let's Encrypt issues 50 new certificates for a registered domain in seven days. When clusters are set up again, all of their certificates are new.", "Use wildcard certificates, or ask Let's Encrypt for a higher limit.", letsEncrypt},
		{"issuance-duplicates", "Let's Encrypt issues the same set of names at most five times in seven days: further clusters would wait for days.", "Give each cluster its own names, or issue once and distribute the Secret.", letsEncrypt},
		{"issuer-out-of-reach", "An Issuer serves only certificates in its own namespace.", "Use a ClusterIssuer: remove the namespace of the issuer.", certManager + "concepts/issuer/"},
		{"issuer-secret-elsewhere", "cert-manager reads the Secrets of ClusterIssuers from one namespace, usually its own.", "Let the issuer create its certificate with ca.from, or set the namespace of the Secret for it.", certManager + "configuration/#cluster-resource-namespace"},
		{"no-solver", "An ACME authority issues certificates for names that a solver validates; the issuer has no solver for this name.", "Add a solver, or widen the zones of an existing one.", certManager + "configuration/acme/"},
		{"production-authority", "Failures in a non-production environment use up the rate limits of Let's Encrypt's production environment, and then no certificate of the domain is renewed.", "Use staging there, which is the default.", "https://letsencrypt.org/docs/staging-environment/"},
		{"public-certificate", "Public ACME authorities issue certificates only for DNS names and set the duration themselves. With any other field, issuance fails.", "Remove the field, or use your own issuer.", certManager + "configuration/acme/"},
		{"public-client-auth", "Let's Encrypt ended support for the usage client auth in 2026; client certificates need a private certificate authority.", "Use your own issuer for client certificates.", "https://letsencrypt.org/2025/05/14/ending-tls-client-authentication/"},
		{"renewal-after-life", "A certificate cannot be renewed earlier before its expiry than it is valid for.", "Set renewBefore to a third of the duration.", certManager + "usage/certificate/"},
		{"renewal-too-early", "The lifetime of Let's Encrypt certificates shrinks to 64 days in February 2027 and to 45 days in February 2028. A longer renewBefore cannot be met.", "Use renewBeforePercentage: 33, which works for every lifetime.", "https://letsencrypt.org/2025/12/02/from-90-to-45/"},
		{"shared-account-key", "Each certificate authority has its own accounts. Issuers that share the Secret of an account key replace each other's account.", "Use a different Secret for each authority.", certManager + "configuration/acme/"},
		{"solver-blocked", "Under a policy that denies traffic by default, the requests of the certificate authority do not reach the pods that answer HTTP-01 challenges. In managed namespaces, gitopsgen adds the rule that allows them.", "Allow traffic to pods with the label acme.cert-manager.io/http01-solver=true at port 8089, or use a DNS-01 solver.", certManager + "configuration/acme/http01/"},
		{"staging-authority", "Browsers do not trust certificates of Let's Encrypt's staging environment.", "Use production there, which is the default.", "https://letsencrypt.org/docs/staging-environment/"},
		{"static-dns-key", "A static key gives whoever reads it access to the zone; workload identity needs no key.", "Give the service account of cert-manager a workload identity of the cloud provider.", certManager + "configuration/acme/dns01/route53/"},
		{"unknown-issuer", "The fleet has no issuer of this name.", "Use one of the fleet's issuers, or add it.", "gitopsgen"},
		{"wildcard-http01", "HTTP-01 does not support wildcards; only DNS-01 does.", "Add a DNS-01 solver to the issuer, or remove the wildcard.", "https://letsencrypt.org/docs/challenge-types/"},
	}
}
