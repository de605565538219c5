package model

// Gateway is where traffic enters clusters. Each environment that uses it has
// its own object, in a namespace of its own.
type Gateway struct {
	// Name is how routes, environments and clusters name it, and the object's name.
	Name string `json:"name"`
	// Kind is Gateway, of the Gateway API, or IstioGateway, Istio's own.
	// Default: Gateway.
	Kind GatewayKind `json:"kind,omitempty"`
	// Namespace is the rule for the object's namespace: a text in which {env} is
	// replaced. We make a namespace that is the environment's own. It denies all
	// traffic by default, as those of apps do, where Pods says that the proxies run
	// elsewhere. Where they run in it, it does not: what a proxy has to reach, such
	// as its controller, only the one who chose it knows. Default: gateway-{env}.
	Namespace string `json:"namespace,omitempty"`
	// Manage tells whether we emit the object, its namespace, its certificates and
	// the redirect to HTTPS. Where not, somebody else does, and routes refer to
	// it. Default: true.
	Manage *bool `json:"manage,omitempty"`
	// Section names the listener that routes are attached to. Default: all that
	// accept the host.
	Section string `json:"section,omitempty"`
	// Class is the GatewayClass. Required where we emit the object.
	Class string `json:"class,omitempty"`
	// Controller asks for a GatewayClass, ENV-CLASS, of this controller, as in
	// gateway.envoyproxy.io/gatewayclass-controller. Default: the class is there.
	Controller string `json:"controller,omitempty"`
	// Wildcard serves all hosts right below the environment's domain by one
	// listener and one certificate, which the issuer must be able to prove by DNS.
	// Default: false.
	Wildcard *bool `json:"wildcard,omitempty"`
	// Issuer names one of the fleet's issuers. Default: the environment's.
	Issuer string `json:"issuer,omitempty"`
	// CertificateSecret names a Secret that holds the certificate of all
	// listeners. Default: cert-manager fills one for each listener.
	CertificateSecret *SecretReference `json:"certificateSecret,omitempty"`
	// ByAnnotation leaves it to cert-manager to make the Certificates from an
	// annotation of the Gateway. Default: false.
	ByAnnotation *bool `json:"byAnnotation,omitempty"`
	// PlainHTTP serves HTTP too. Default: false, HTTP is redirected to HTTPS.
	PlainHTTP *bool `json:"plainHTTP,omitempty"`
	// Addresses are the addresses asked for: IP addresses or host names.
	Addresses []string `json:"addresses,omitempty"`
	// DNSTarget is what the DNS records of all routes point to. Default: the
	// Gateway's address.
	DNSTarget string `json:"dnsTarget,omitempty"`
	// Pods are the pods that call the apps. {env} is replaced in their namespace
	// and in the values of their labels, so that the proxies of one environment
	// call its apps alone where those of all run in one namespace. Default: all of
	// the Gateway's namespace.
	Pods *Pods `json:"pods,omitempty"`
	// Selector are the labels of the pods that Istio's own gateway runs in.
	// Default: istio=ingressgateway.
	Selector map[string]string `json:"selector,omitempty"`
	// Annotations are the object's.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// GatewayKind is a kind of gateway.
type GatewayKind string

// The kinds of gateways.
const (
	GatewayAPI   GatewayKind = "Gateway"
	IstioGateway GatewayKind = "IstioGateway"
)

// SecretReference is a Secret and its namespace.
type SecretReference struct {
	// Name is the Secret's name.
	Name string `json:"name"`
	// Namespace is where it lies; from elsewhere, a ReferenceGrant lets it be
	// used. Default: the user's own namespace.
	Namespace string `json:"namespace,omitempty"`
}

// Pods are pods of a namespace that are no app's of the fleet.
type Pods struct {
	// Namespace is where they run.
	Namespace string `json:"namespace,omitempty"`
	// Labels narrow it to some pods. Default: all.
	Labels map[string]string `json:"labels,omitempty"`
}
