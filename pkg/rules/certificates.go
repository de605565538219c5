package rules

const (
	certManager = "https://cert-manager.io/docs/"
	letsEncrypt = "https://letsencrypt.org/docs/rate-limits/"
)

// certificates returns the rules about certificates and their issuers.
func certificates() []Rule {
	return []Rule{
		{"certificate-duplicate", "One set of names that several clusters or namespaces ask for is issued several times, at renewal as well: Let's Encrypt issues it five times in seven days.", "Give each cluster names of its own, or issue once and distribute the Secret.", letsEncrypt},
		{"certificate-secret-shared", "Two certificates that are written to one Secret replace each other without end, and use up the authority's limits within hours; so do a Certificate and an annotation.", "Give each a Secret of its own, or remove one of them.", certManager + "usage/certificate/"},
		{"certificate-without-issuer", "Nobody issues the certificate: neither it nor its environment names an issuer.", "Name one of the fleet's issuers.", certManager + "configuration/"},
		{"certificate-without-name", "A certificate is for names, addresses or identities, and this one has none.", "Add dnsNames.", certManager + "reference/api-docs/#cert-manager.io/v1.CertificateSpec"},
		{"issuance-budget", "Let's Encrypt issues 50 new certificates of one registered domain in seven days. When clusters are set up again, all are new.", "Use wildcard certificates, or ask Let's Encrypt for a higher limit.", letsEncrypt},
		{"issuance-duplicates", "Let's Encrypt issues one exact set of names five times in seven days: further clusters would wait for days.", "Give each cluster names of its own, or issue once and distribute the Secret.", letsEncrypt},
		{"issuer-out-of-reach", "An Issuer serves certificates of its own namespace alone.", "Use a ClusterIssuer: leave the issuer's namespace out.", certManager + "concepts/issuer/"},
		{"issuer-secret-elsewhere", "cert-manager reads the Secrets of ClusterIssuers in one namespace, usually its own.", "Let the issuer make its certificate by ca.from, or give it the namespace of the Secret.", certManager + "configuration/#cluster-resource-namespace"},
		{"no-solver", "An ACME authority issues for names that a solver proves; none of the issuer's is for this one.", "Add a solver, or widen the zones of one.", certManager + "configuration/acme/"},
		{"production-authority", "Whatever goes wrong in a trial environment uses up the limits of Let's Encrypt's production, and then no certificate of the domain is renewed.", "Use staging there, which is the default.", "https://letsencrypt.org/docs/staging-environment/"},
		{"public-certificate", "Public ACME authorities issue for DNS names and decide themselves how long. With another field, each issue fails.", "Remove the field, or use an issuer of your own.", certManager + "configuration/acme/"},
		{"public-client-auth", "Let's Encrypt ended the usage client auth in 2026; certificates of clients belong to an authority of one's own.", "Use an issuer of your own for clients.", "https://letsencrypt.org/2025/05/14/ending-tls-client-authentication/"},
		{"renewal-after-life", "A certificate cannot be renewed longer before its end than it lives.", "Make renewBefore a third of the duration.", certManager + "usage/certificate/"},
		{"renewal-too-early", "Lifetimes of Let's Encrypt's certificates shrink to 64 days in February 2027 and to 45 days in February 2028. A fixed time before the end that is longer cannot be met.", "Use renewBeforePercentage: 33, which holds for every lifetime.", "https://letsencrypt.org/2025/12/02/from-90-to-45/"},
		{"shared-account-key", "Each authority knows accounts of its own. Issuers that share a Secret for the key replace each other's account.", "Name another Secret for each authority.", certManager + "configuration/acme/"},
		{"solver-blocked", "Under a policy that denies by default, the authority's calls do not reach the pods that answer HTTP-01. We add the rule where the namespaces are ours.", "Let calls in to pods labelled acme.cert-manager.io/http01-solver=true at port 8089, or prove names by DNS.", certManager + "configuration/acme/http01/"},
		{"staging-authority", "Browsers do not trust certificates of Let's Encrypt's staging.", "Use production there, which is the default.", "https://letsencrypt.org/docs/staging-environment/"},
		{"static-dns-key", "A key that never changes opens the zone to whoever reads it once, where the workload's own identity would do.", "Give cert-manager's service account an identity of the cloud.", certManager + "configuration/acme/dns01/route53/"},
		{"unknown-issuer", "The fleet has no issuer of this name.", "Use one of the fleet's issuers, or add it.", "gitopsgen"},
		{"wildcard-http01", "HTTP-01 proves no wildcard; only DNS-01 does.", "Add a solver by DNS to the issuer, or leave the wildcard out.", "https://letsencrypt.org/docs/challenge-types/"},
	}
}
