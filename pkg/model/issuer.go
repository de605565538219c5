package model

// Issuer signs certificates: a ClusterIssuer or Issuer of cert-manager. Exactly
// one of ACME, CA, SelfSigned and Vault is set.
//
// Each environment has issuers of its own, named ENV-NAME, also where
// environments share a cluster: so that a change is tried in one environment
// and reaches no other.
type Issuer struct {
	// Name is how environments, gateways and certificates name it.
	Name string `json:"name"`
	// Namespace makes it an Issuer there, for that namespace alone. {env} is
	// replaced. Default: a ClusterIssuer.
	Namespace string `json:"namespace,omitempty"`
	// ACME is a public authority, Let's Encrypt unless said otherwise.
	ACME *ACME `json:"acme,omitempty"`
	// CA signs by an authority of our own.
	CA *CA `json:"ca,omitempty"`
	// SelfSigned signs each certificate by its own key.
	SelfSigned *SelfSigned `json:"selfSigned,omitempty"`
	// Vault signs by a role of HashiCorp Vault.
	Vault *VaultIssuer `json:"vault,omitempty"`
}

// SelfSigned has no settings.
type SelfSigned struct{}

// ACME is an authority that issues to who proves to own a name.
//
// Without a Server, there are two issuers in each environment:
// ENV-NAME-production and ENV-NAME-staging, each with an account of its own. A
// production environment uses the first; the others use the second, whose
// certificates browsers do not trust and whose limits are generous.
type ACME struct {
	// Email is where the authority writes to.
	Email string `json:"email,omitempty"`
	// Server is the address of the authority's directory. Default: those of
	// Let's Encrypt.
	Server string `json:"server,omitempty"`
	// Use is production or staging, one of the two of Let's Encrypt. Default: production
	// in production environments, staging in others.
	Use string `json:"use,omitempty"`
	// AccountSecret names the Secret with the account's key. Default: the
	// issuer's name with -account; the staging one always has -staging at its end.
	AccountSecret string `json:"accountSecret,omitempty"`
	// Solvers are the ways to prove the ownership of names. At least one.
	Solvers []Solver `json:"solvers,omitempty"`
}

// Solver proves that we own names. Exactly one of HTTP01 and the others is set.
type Solver struct {
	// Zones narrows it to names in these DNS zones. Default: all names.
	Zones []string `json:"zones,omitempty"`
	// Names narrows it to exactly these names. Default: all names.
	Names []string `json:"names,omitempty"`
	// HTTP01 answers by HTTP at the name; it cannot prove wildcards.
	HTTP01 *HTTP01 `json:"http01,omitempty"`
	// Route53 proves by Amazon's DNS.
	Route53 *Route53 `json:"route53,omitempty"`
	// CloudDNS proves by Google's DNS.
	CloudDNS *CloudDNS `json:"cloudDNS,omitempty"`
	// AzureDNS proves by Microsoft's DNS.
	AzureDNS *AzureDNS `json:"azureDNS,omitempty"`
	// Cloudflare proves by Cloudflare's DNS.
	Cloudflare *Cloudflare `json:"cloudflare,omitempty"`
	// RFC2136 proves by dynamic updates of a name server.
	RFC2136 *RFC2136 `json:"rfc2136,omitempty"`
}

// HTTP01 answers on a gateway or by an ingress class. Default: on the
// environment's.
type HTTP01 struct {
	// Gateway names one of the fleet's gateways.
	Gateway string `json:"gateway,omitempty"`
	// IngressClass is an ingress class.
	IngressClass string `json:"ingressClass,omitempty"`
}

// Route53 is Amazon's DNS. Without a key, cert-manager's own identity is used.
type Route53 struct {
	// Region is the AWS region.
	Region string `json:"region,omitempty"`
	// HostedZoneID is the zone's id. Default: it is looked up.
	HostedZoneID string `json:"hostedZoneID,omitempty"`
	// Role is the ARN of a role to assume.
	Role string `json:"role,omitempty"`
	// AccessKeyID is the key of a Secret that holds the id of an access key.
	AccessKeyID *SecretKeySelector `json:"accessKeyID,omitempty"`
	// SecretAccessKey is the key of a Secret that holds the access key.
	SecretAccessKey *SecretKeySelector `json:"secretAccessKey,omitempty"`
}

// CloudDNS is Google's DNS. Without a key, cert-manager's own identity is used.
type CloudDNS struct {
	// Project is the Google Cloud project.
	Project string `json:"project,omitempty"`
	// HostedZone is the zone's name. Default: it is looked up.
	HostedZone string `json:"hostedZone,omitempty"`
	// ServiceAccount is the key of a Secret that holds an account's key.
	ServiceAccount *SecretKeySelector `json:"serviceAccount,omitempty"`
}

// AzureDNS is Microsoft's DNS, by workload identity.
type AzureDNS struct {
	// SubscriptionID is the subscription.
	SubscriptionID string `json:"subscriptionID,omitempty"`
	// ResourceGroup is the zone's resource group.
	ResourceGroup string `json:"resourceGroup,omitempty"`
	// HostedZone is the zone's name.
	HostedZone string `json:"hostedZone,omitempty"`
	// ClientID is the managed identity's client id. Default: cert-manager's own identity.
	ClientID string `json:"clientID,omitempty"`
	// Environment is the cloud, such as AzurePublicCloud. cert-manager's default.
	Environment string `json:"environment,omitempty"`
}

// Cloudflare is Cloudflare's DNS.
type Cloudflare struct {
	// APIToken is the key of a Secret that holds the token.
	APIToken SecretKeySelector `json:"apiToken,omitzero"`
}

// RFC2136 is a name server that takes dynamic updates.
type RFC2136 struct {
	// Nameserver is its address, as in 10.0.0.53:53.
	Nameserver string `json:"nameserver,omitempty"`
	// TSIGKeyName is the name of the key.
	TSIGKeyName string `json:"tsigKeyName,omitempty"`
	// TSIGAlgorithm is HMACSHA256 or HMACSHA512, among others. Default: HMACSHA256.
	TSIGAlgorithm string `json:"tsigAlgorithm,omitempty"`
	// TSIGSecret is the key of a Secret that holds the key.
	TSIGSecret *SecretKeySelector `json:"tsigSecret,omitempty"`
}

// CA is an authority of our own. At most one of Secret and From is set.
type CA struct {
	// Secret names the Secret with the authority's certificate and key: in the
	// Issuer's namespace, or in cert-manager's for a ClusterIssuer.
	Secret string `json:"secret,omitempty"`
	// From names the issuer that signs the authority's certificate, which is made
	// then, such as a self-signed one.
	From string `json:"from,omitempty"`
	// CommonName is the authority's name. Default: the issuer's name.
	CommonName string `json:"commonName,omitempty"`
	// Duration is how long the authority's certificate is valid. Default: 87600h,
	// ten years; it is renewed after two thirds.
	Duration string `json:"duration,omitempty"`
}

// VaultIssuer is a PKI role of HashiCorp Vault, by the Kubernetes auth method.
type VaultIssuer struct {
	// Server is Vault's address.
	Server string `json:"server,omitempty"`
	// Path is where certificates are signed, as in pki/sign/apps.
	Path string `json:"path,omitempty"`
	// Namespace is Vault's namespace. Default: none.
	Namespace string `json:"namespace,omitempty"`
	// CABundleSecret is the key of a Secret that holds the authorities of Vault's server.
	CABundleSecret *SecretKeySelector `json:"caBundleSecret,omitempty"`
	// Role is the role of the auth method.
	Role string `json:"role,omitempty"`
	// MountPath is where the auth method stands. Default: /v1/auth/kubernetes.
	MountPath string `json:"mountPath,omitempty"`
	// ServiceAccount is whose token cert-manager asks for. Default: cert-manager.
	ServiceAccount string `json:"serviceAccount,omitempty"`
}
