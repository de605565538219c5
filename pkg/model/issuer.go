package model

// Issuer signs certificates: a ClusterIssuer or Issuer of cert-manager. Exactly
// one of ACME, CA, SelfSigned and Vault is set.
//
// Each environment has its own issuers, named ENV-NAME, even if environments
// share a cluster, so that a change can be tried in one environment without
// affecting others.
type Issuer struct {
	// Name is how environments, gateways and certificates name it.
	Name string `json:"name"`
	// Namespace makes it an Issuer in that namespace, for that namespace only. {env}
	// is replaced. Default: a ClusterIssuer.
	Namespace string `json:"namespace,omitempty"`
	// ACME is a public certificate authority. Default: Let's Encrypt.
	ACME *ACME `json:"acme,omitempty"`
	// CA signs with a private certificate authority.
	CA *CA `json:"ca,omitempty"`
	// SelfSigned signs each certificate with its own key.
	SelfSigned *SelfSigned `json:"selfSigned,omitempty"`
	// Vault signs with a role of HashiCorp Vault.
	Vault *VaultIssuer `json:"vault,omitempty"`
}

// SelfSigned has no settings.
type SelfSigned struct{}

// ACME is a certificate authority that issues certificates for names whose
// ownership is validated.
//
// Without a Server, there are two issuers in each environment:
// ENV-NAME-production and ENV-NAME-staging, each with its own account. A
// production environment uses the first; the others use the second, which
// browsers do not trust and whose rate limits are high.
type ACME struct {
	// Email is the address to which the authority sends notices.
	Email string `json:"email,omitempty"`
	// Server is the address of the ACME directory. Default: those of Let's Encrypt.
	Server string `json:"server,omitempty"`
	// Use is production or staging, an environment of Let's Encrypt. Default:
	// production in production environments, staging in others.
	Use string `json:"use,omitempty"`
	// AccountSecret names the Secret with the account key. Default: the issuer's
	// name with the suffix -account; that of staging always has the suffix -staging.
	AccountSecret string `json:"accountSecret,omitempty"`
	// Solvers are the ways to validate the ownership of names. At least one.
	Solvers []Solver `json:"solvers,omitempty"`
}

// Solver validates the ownership of names. Exactly one of HTTP01 and the others
// is set.
type Solver struct {
	// Zones limits it to names in these DNS zones. Default: all names.
	Zones []string `json:"zones,omitempty"`
	// Names limits it to exactly these names. Default: all names.
	Names []string `json:"names,omitempty"`
	// HTTP01 answers challenges over HTTP at the name; it does not support
	// wildcards.
	HTTP01 *HTTP01 `json:"http01,omitempty"`
	// Route53 uses Amazon Route 53.
	Route53 *Route53 `json:"route53,omitempty"`
	// CloudDNS uses Google Cloud DNS.
	CloudDNS *CloudDNS `json:"cloudDNS,omitempty"`
	// AzureDNS uses Azure DNS.
	AzureDNS *AzureDNS `json:"azureDNS,omitempty"`
	// Cloudflare uses the DNS of Cloudflare.
	Cloudflare *Cloudflare `json:"cloudflare,omitempty"`
	// RFC2136 uses dynamic updates of a name server.
	RFC2136 *RFC2136 `json:"rfc2136,omitempty"`
}

// HTTP01 answers challenges on a gateway or with an ingress class. Default: those
// of the environment.
type HTTP01 struct {
	// Gateway names one of the fleet's gateways.
	Gateway string `json:"gateway,omitempty"`
	// IngressClass is an ingress class.
	IngressClass string `json:"ingressClass,omitempty"`
}

// Route53 is Amazon Route 53. Without a key, cert-manager's own identity is used.
type Route53 struct {
	// Region is the AWS region.
	Region string `json:"region,omitempty"`
	// HostedZoneID is the zone's id. Default: it is looked up.
	HostedZoneID string `json:"hostedZoneID,omitempty"`
	// Role is the ARN of a role to assume.
	Role string `json:"role,omitempty"`
	// AccessKeyID is the key of a Secret with the id of an access key.
	AccessKeyID *SecretKeySelector `json:"accessKeyID,omitempty"`
	// SecretAccessKey is the key of a Secret with the access key.
	SecretAccessKey *SecretKeySelector `json:"secretAccessKey,omitempty"`
}

// CloudDNS is Google Cloud DNS. Without a key, cert-manager's own identity is
// used.
type CloudDNS struct {
	// Project is the Google Cloud project.
	Project string `json:"project,omitempty"`
	// HostedZone is the zone's name. Default: it is looked up.
	HostedZone string `json:"hostedZone,omitempty"`
	// ServiceAccount is the key of a Secret with the key of a service account.
	ServiceAccount *SecretKeySelector `json:"serviceAccount,omitempty"`
}

// AzureDNS is Azure DNS, with workload identity.
type AzureDNS struct {
	// SubscriptionID is the subscription.
	SubscriptionID string `json:"subscriptionID,omitempty"`
	// ResourceGroup is the zone's resource group.
	ResourceGroup string `json:"resourceGroup,omitempty"`
	// HostedZone is the zone's name.
	HostedZone string `json:"hostedZone,omitempty"`
	// ClientID is the managed identity's client id. Default: cert-manager's own identity.
	ClientID string `json:"clientID,omitempty"`
	// Environment is the cloud, such as AzurePublicCloud. Default: that of
	// cert-manager.
	Environment string `json:"environment,omitempty"`
}

// Cloudflare is the DNS of Cloudflare.
type Cloudflare struct {
	// APIToken is the key of a Secret with the token.
	APIToken SecretKeySelector `json:"apiToken,omitzero"`
}

// RFC2136 is a name server that accepts dynamic updates.
type RFC2136 struct {
	// Nameserver is its address, as in 10.0.0.53:53.
	Nameserver string `json:"nameserver,omitempty"`
	// TSIGKeyName is the name of the key.
	TSIGKeyName string `json:"tsigKeyName,omitempty"`
	// TSIGAlgorithm is HMACSHA256 or HMACSHA512, among others. Default: HMACSHA256.
	TSIGAlgorithm string `json:"tsigAlgorithm,omitempty"`
	// TSIGSecret is the key of a Secret with the key.
	TSIGSecret *SecretKeySelector `json:"tsigSecret,omitempty"`
}

// CA is a private certificate authority. At most one of Secret and From is set.
type CA struct {
	// Secret names the Secret with the authority's certificate and key: in the
	// Issuer's namespace, or in cert-manager's for a ClusterIssuer.
	Secret string `json:"secret,omitempty"`
	// From names the issuer that signs the authority's certificate, which is then
	// created, such as a self-signed issuer.
	From string `json:"from,omitempty"`
	// CommonName is the authority's name. Default: the issuer's name.
	CommonName string `json:"commonName,omitempty"`
	// Duration is how long the authority's certificate is valid. Default: 87600h,
	// ten years; it is renewed after two thirds.
	Duration string `json:"duration,omitempty"`
}

// VaultIssuer is a PKI role of HashiCorp Vault, with the Kubernetes auth method.
type VaultIssuer struct {
	// Server is Vault's address.
	Server string `json:"server,omitempty"`
	// Path is where certificates are signed, as in pki/sign/apps.
	Path string `json:"path,omitempty"`
	// Namespace is Vault's namespace. Default: none.
	Namespace string `json:"namespace,omitempty"`
	// CABundleSecret is the key of a Secret with the authorities of Vault's server.
	CABundleSecret *SecretKeySelector `json:"caBundleSecret,omitempty"`
	// Role is the role of the auth method.
	Role string `json:"role,omitempty"`
	// MountPath is where the auth method is mounted. Default: /v1/auth/kubernetes.
	MountPath string `json:"mountPath,omitempty"`
	// ServiceAccount is the account whose token cert-manager requests. Default:
	// cert-manager.
	ServiceAccount string `json:"serviceAccount,omitempty"`
}
