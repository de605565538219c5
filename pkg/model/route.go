package model

// Route makes an app reachable from outside of its cluster under a host.
// Environment and cluster complete it: `routes: [{host: shop}]` is enough.
//
// What it is attached to determines its kind: an HTTPRoute, GRPCRoute or TLSRoute
// with a Gateway, a VirtualService with an Istio Gateway, or an Ingress with an
// ingress class. The gateway and the ingress class default to those of the
// environment or the cluster.
type Route struct {
	// Host is the host name of the route. A host without a dot is completed with the
	// environment's domain. It identifies the route among those of the app.
	Host string `json:"host"`
	// Aliases are further hosts that are served in the same way.
	Aliases []string `json:"aliases,omitempty"`
	// Name is the object's name. Default: the app's name for the first route,
	// and APP-HOST for others, with the host up to its first dot.
	Name string `json:"name,omitempty"`
	// Protocol is HTTP, GRPC, or TLS for connections that the app decrypts
	// itself. Default: HTTP.
	Protocol RouteProtocol `json:"protocol,omitempty"`
	// Gateway names one of the fleet's gateways. Default: that of the cluster,
	// of the environment, or the only one that the fleet has. At most one of
	// Gateway and IngressClass is set.
	Gateway string `json:"gateway,omitempty" oneof:"true"`
	// IngressClass generates an Ingress of this class instead.
	IngressClass string `json:"ingressClass,omitempty" oneof:"true"`
	// Port names the port of the app that is served. Default: the first one that
	// its Service has.
	Port string `json:"port,omitempty"`
	// Rules determine which backends serve which requests; the most specific match
	// wins. Default: everything, from Port.
	Rules []RouteRule `json:"rules,omitempty"`
	// TLS configures the certificate.
	TLS *RouteTLS `json:"tls,omitempty"`
	// DNS configures the DNS record that ExternalDNS creates.
	DNS *RouteDNS `json:"dns,omitempty"`
	// Annotations are the object's.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// RouteProtocol is the protocol of a route.
type RouteProtocol string

// The protocols of routes.
const (
	HTTP RouteProtocol = "HTTP"
	GRPC RouteProtocol = "GRPC"
	// TLS passes connections through, as the host in their first message says.
	TLS RouteProtocol = "TLS"
)

// RouteRule serves the requests that one of its matches selects.
type RouteRule struct {
	// Matches are alternatives. Default: everything.
	Matches []RouteMatch `json:"matches,omitempty"`
	// Backends share the requests by weight. Default: the app at the route's port.
	Backends []Backend `json:"backends,omitempty"`
	// Timeout is the timeout of a whole request, as in 10s; 0s means no limit. Only
	// for HTTP, or for any route with an Istio Gateway; not supported by an Ingress.
	// Default: the gateway's.
	Timeout string `json:"timeout,omitempty"`
	// BackendTimeout is the timeout of one attempt at a backend, for routes that
	// support Timeout. Default: the gateway's.
	BackendTimeout string `json:"backendTimeout,omitempty"`
	// Redirect answers with a redirect instead of calling backends.
	Redirect *Redirect `json:"redirect,omitempty"`
	// Rewrite changes requests before they are sent to backends.
	Rewrite *Rewrite `json:"rewrite,omitempty"`
	// RequestHeaders changes the headers of requests to backends.
	RequestHeaders *HeaderChange `json:"requestHeaders,omitempty"`
	// ResponseHeaders changes the headers of responses to clients.
	ResponseHeaders *HeaderChange `json:"responseHeaders,omitempty"`
	// Mirror receives a copy of each request; its responses are ignored.
	Mirror *Backend `json:"mirror,omitempty"`
}

// RouteMatch selects requests. All fields that are set have to match.
type RouteMatch struct {
	// Path is the beginning of the path, in whole segments. Default: /.
	Path string `json:"path,omitempty"`
	// PathType is Prefix, Exact or Regex. Default: Prefix.
	PathType PathType `json:"pathType,omitempty"`
	// Method is the HTTP method, such as GET. Default: any.
	Method string `json:"method,omitempty"`
	// Headers are the headers that requests must have.
	Headers []ValueMatch `json:"headers,omitempty"`
	// Query are the query parameters that requests must have.
	Query []ValueMatch `json:"query,omitempty"`
	// Service is the gRPC service, as in acme.shop.Cart; GRPC only. Default: any.
	Service string `json:"service,omitempty"`
	// Call is the method of the gRPC service. Default: any.
	Call string `json:"call,omitempty"`
}

// PathType is how a path is matched.
type PathType string

// The ways to compare paths.
const (
	PathPrefix PathType = "Prefix"
	PathExact  PathType = "Exact"
	PathRegex  PathType = "Regex"
)

// ValueMatch compares a header or a query parameter.
type ValueMatch struct {
	// Name is the name of the header, which is case-insensitive, or of the query
	// parameter.
	Name string `json:"name"`
	// Value is the expected value, or a regular expression.
	Value string `json:"value"`
	// Regex treats Value as a regular expression. Default: false.
	Regex *bool `json:"regex,omitempty"`
}

// Backend is what answers requests. At most one of App and Service is set.
type Backend struct {
	// App is an app of the fleet. Default: the route's own.
	App string `json:"app,omitempty"`
	// Service is a Service in the app's namespace that is not the app's main one:
	// one of Services or Outside, or one that is created elsewhere.
	Service string `json:"service,omitempty"`
	// Port is the Service's port number. Default: that of the route's port, or
	// the first one of the App. Required with Service.
	Port *int32 `json:"port,omitempty"`
	// Weight is the share of requests, relative to the sum of all weights. Default:
	// 1.
	Weight *int32 `json:"weight,omitempty"`
}

// Redirect is a response that redirects to another address. Fields that are not
// set are unchanged.
type Redirect struct {
	// Scheme is http or https.
	Scheme string `json:"scheme,omitempty"`
	// Host is the new host.
	Host string `json:"host,omitempty"`
	// Path replaces the whole path.
	Path string `json:"path,omitempty"`
	// Prefix replaces the prefix that was matched.
	Prefix string `json:"prefix,omitempty"`
	// Port is the new port. Default: that of the scheme.
	Port *int32 `json:"port,omitempty"`
	// Status is 301 or 302. Default: 302.
	Status *int32 `json:"status,omitempty"`
}

// Rewrite changes requests before they are sent to backends. At most one of Path
// and Prefix is set.
type Rewrite struct {
	// Host replaces the Host header.
	Host string `json:"host,omitempty"`
	// Path replaces the whole path.
	Path string `json:"path,omitempty"`
	// Prefix replaces the prefix that was matched.
	Prefix string `json:"prefix,omitempty"`
}

// HeaderChange changes headers.
type HeaderChange struct {
	// Set replaces headers.
	Set map[string]string `json:"set,omitempty"`
	// Add adds values.
	Add map[string]string `json:"add,omitempty"`
	// Remove names headers to remove.
	Remove []string `json:"remove,omitempty"`
}

// RouteTLS configures the certificate of a route. With a gateway, the certificate
// belongs to the gateway and covers only the host or the whole domain; with an
// Ingress, it belongs to the app.
type RouteTLS struct {
	// Issuer names one of the fleet's issuers. Default: the gateway's or the
	// environment's. Ingress only.
	Issuer string `json:"issuer,omitempty"`
	// Secret names a Secret in the app's namespace with the certificate. Default:
	// one that cert-manager creates. Ingress only.
	Secret string `json:"secret,omitempty"`
	// ByAnnotation lets cert-manager create the Certificate from an annotation of
	// the Ingress. Default: false.
	ByAnnotation *bool `json:"byAnnotation,omitempty"`
}

// RouteDNS configures the DNS record that ExternalDNS creates for a route.
type RouteDNS struct {
	// Enabled enables the record. Default: true.
	Enabled *bool `json:"enabled,omitempty"`
	// TTL is how long resolvers cache the record, in seconds. Default: the
	// provider's.
	TTL *int32 `json:"ttl,omitempty"`
	// Target is what the record points to; only for an Ingress, because it is set on
	// the gateway otherwise. Default: the load balancer's address.
	Target string `json:"target,omitempty"`
}

// DNSRecord is a DNS record for a name that no route has: a DNSEndpoint.
type DNSRecord struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Host is the name of the record. A name without a dot is completed with the
	// environment's domain.
	Host string `json:"host,omitempty"`
	// Type is A, AAAA, CNAME, TXT, SRV, MX or NS. Default: CNAME.
	Type string `json:"type,omitempty"`
	// Targets are the record's values.
	Targets []string `json:"targets,omitempty"`
	// TTL is how long resolvers cache the record, in seconds. Default: the
	// provider's.
	TTL *int32 `json:"ttl,omitempty"`
}

// OutsideService is a Service for endpoints outside of the cluster, so that pods
// can call them by a name in the namespace. Exactly one of Host and Addresses is
// set. The app's network policy allows the traffic.
type OutsideService struct {
	// Name is the Service's name.
	Name string `json:"name"`
	// Host is a DNS name: a Service of type ExternalName.
	Host string `json:"host,omitempty" oneof:"true"`
	// CIDRs are the networks that the Host's addresses lie in, as in 10.20.64.0/20:
	// network policies do not support host names, and allow these networks. Default:
	// all addresses outside of the private ranges.
	CIDRs []string `json:"cidrs,omitempty"`
	// Addresses are IP addresses of one family: a Service without selector and
	// its EndpointSlice.
	Addresses []string `json:"addresses,omitempty" oneof:"true"`
	// Ports are the ports of the endpoints. At least one.
	Ports []Port `json:"ports,omitempty" merge:"name"`
}

// Mesh puts an app into the service mesh of Istio. A namespace whose apps are all
// in the mesh, in the same mode, gets the label that makes its pods join, unless
// the environment sets such a label for its namespaces. Network policies allow
// the traffic that the mode needs.
type Mesh struct {
	// Mode is sidecar or ambient: how the pods join. Default: sidecar.
	Mode MeshMode `json:"mode,omitempty"`
	// MTLS is STRICT, PERMISSIVE or DISABLE: a PeerAuthentication of the app's
	// pods. Default: the mesh's.
	MTLS string `json:"mtls,omitempty"`
	// LoadBalancer is ROUND_ROBIN, LEAST_REQUEST, RANDOM or PASSTHROUGH.
	// Default: the mesh's. This and the fields below make a DestinationRule.
	LoadBalancer string `json:"loadBalancer,omitempty"`
	// MaxConnections limits the connections to each pod.
	MaxConnections *int32 `json:"maxConnections,omitempty"`
	// MaxPendingRequests limits the requests that wait for a connection.
	MaxPendingRequests *int32 `json:"maxPendingRequests,omitempty"`
	// ConnectTimeout is the timeout for new connections, as in 3s.
	ConnectTimeout string `json:"connectTimeout,omitempty"`
	// Outliers temporarily removes failing pods from load balancing.
	Outliers *Outliers `json:"outliers,omitempty"`
}

// MeshMode is how pods join a service mesh.
type MeshMode string

// The modes of a service mesh.
const (
	// Sidecar is a proxy in each pod, which calls istiod.
	Sidecar MeshMode = "sidecar"
	// Ambient is a proxy on each node, which carries the calls between apps over one
	// port, 15008. A network policy then determines which app calls which, and no
	// longer at which port.
	Ambient MeshMode = "ambient"
)

// Outliers determines which pods are treated as failing.
type Outliers struct {
	// Consecutive5xx is the number of errors in a row. Istio's default: 5.
	Consecutive5xx *int32 `json:"consecutive5xx,omitempty"`
	// Interval is the time between two checks, as in 10s. Istio's default: 10s.
	Interval string `json:"interval,omitempty"`
	// BaseEjectionTime is how long a pod is ejected, as in 30s. Istio's default:
	// 30s.
	BaseEjectionTime string `json:"baseEjectionTime,omitempty"`
	// MaxEjectionPercent limits the percentage of ejected pods. Istio's default: 10.
	MaxEjectionPercent *int32 `json:"maxEjectionPercent,omitempty"`
}
