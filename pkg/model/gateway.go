package model

// Gateway is where traffic enters clusters. Each environment that uses it has its
// own object, in its own namespace.
type Gateway struct {
	// Name is how routes, environments and clusters name it, and the object's name.
	Name string `json:"name"`
	// Kind is Gateway, of the Gateway API, or IstioGateway, of Istio. Default:
	// Gateway.
	Kind GatewayKind `json:"kind,omitempty"`
	// Namespace is the pattern for the object's namespace, in which {env} is
	// replaced. A namespace that belongs to one environment is created. It denies
	// all traffic by default, as the namespaces of apps do, if Pods says that the
	// proxies run elsewhere. If they run in it, it does not, because what a proxy
	// has to reach, such as its controller, depends on the proxy. Default:
	// gateway-{env}.
	Namespace string `json:"namespace,omitempty"`
	// Manage generates the object, its namespace, its certificates and the redirect
	// to HTTPS. If it is false, they are managed elsewhere, and routes refer to the
	// object. Default: true.
	Manage *bool `json:"manage,omitempty"`
	// Section names the listener that routes are attached to. Default: all that
	// accept the host.
	Section string `json:"section,omitempty"`
	// Class is the GatewayClass. Required if Manage is true.
	Class string `json:"class,omitempty"`
	// Controller adds a GatewayClass, ENV-CLASS, of this controller, as in
	// gateway.envoyproxy.io/gatewayclass-controller. Default: the class already
	// exists.
	Controller string `json:"controller,omitempty"`
	// Wildcard serves all hosts directly below the environment's domain with one
	// listener and one certificate, for which the issuer needs a DNS-01 solver.
	// Default: false.
	Wildcard *bool `json:"wildcard,omitempty"`
	// Issuer names one of the fleet's issuers. Default: the environment's.
	Issuer string `json:"issuer,omitempty"`
	// CertificateSecret names a Secret with the certificate of all listeners.
	// Default: cert-manager creates one for each listener.
	CertificateSecret *SecretReference `json:"certificateSecret,omitempty"`
	// ByAnnotation lets cert-manager create the Certificates from an annotation of
	// the Gateway. Default: false.
	ByAnnotation *bool `json:"byAnnotation,omitempty"`
	// PlainHTTP serves HTTP too. Default: false, HTTP is redirected to HTTPS.
	PlainHTTP *bool `json:"plainHTTP,omitempty"`
	// Addresses are the requested addresses: IP addresses or host names.
	Addresses []string `json:"addresses,omitempty"`
	// DNSTarget is what the DNS records of all routes point to. Default: the
	// Gateway's address.
	DNSTarget string `json:"dnsTarget,omitempty"`
	// Pods are the pods that call the apps. {env} is replaced in their namespace and
	// in the values of their labels, so that the proxies of an environment call only
	// its apps if the proxies of all environments run in one namespace. Default: all
	// of the Gateway's namespace.
	Pods *Pods `json:"pods,omitempty"`
	// Selector are the labels of the pods that an Istio Gateway runs in. Default:
	// istio=ingressgateway.
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
	// Namespace is the Secret's namespace; a ReferenceGrant allows its use from
	// another one. Default: the user's own namespace.
	Namespace string `json:"namespace,omitempty"`
}

// Pods are pods in a namespace that do not belong to an app of the fleet.
type Pods struct {
	// Namespace is where they run.
	Namespace string `json:"namespace,omitempty"`
	// Labels select some of the pods. Default: all.
	Labels map[string]string `json:"labels,omitempty"`
}
