package model

// Route makes an app reachable from outside of its cluster under a host.
// Environment and cluster complete it: `routes: [{host: shop}]` is enough.
//
// What it is attached to decides what it becomes: an HTTPRoute, GRPCRoute or
// TLSRoute on a Gateway, a VirtualService on one of Istio's own gateways, and an
// Ingress where an ingress class is chosen. Both stand in the environment or on
// the cluster where the route does not say it.
type Route struct {
	// Host is the name that callers use. One without a dot is completed by the
	// environment's domain. It names the route among those of the app.
	Host string `json:"host"`
	// Aliases are further hosts that are served alike.
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
	Gateway string `json:"gateway,omitempty"`
	// IngressClass asks for an Ingress of this class instead.
	IngressClass string `json:"ingressClass,omitempty"`
	// Port names the port of the app that is served. Default: the first one that
	// its Service has.
	Port string `json:"port,omitempty"`
	// Rules tell what is served from where; the most specific match wins.
	// Default: everything, from Port.
	Rules []RouteRule `json:"rules,omitempty"`
	// TLS tunes the certificate.
	TLS *RouteTLS `json:"tls,omitempty"`
	// DNS tunes the record that ExternalDNS makes.
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

// RouteRule serves what one of its matches tells.
type RouteRule struct {
	// Matches are alternatives. Default: everything.
	Matches []RouteMatch `json:"matches,omitempty"`
	// Backends share the calls by weight. Default: the app at the route's port.
	Backends []Backend `json:"backends,omitempty"`
	// Timeout is how long a caller waits for the whole answer, as in 10s; 0s is
	// no limit. HTTP only, or any route on one of Istio's own gateways; an Ingress
	// has none. Default: the gateway's.
	Timeout string `json:"timeout,omitempty"`
	// BackendTimeout is how long one try at a backend may last, where Timeout has
	// a place too. Default: the gateway's.
	BackendTimeout string `json:"backendTimeout,omitempty"`
	// Redirect answers with another address instead of calling backends.
	Redirect *Redirect `json:"redirect,omitempty"`
	// Rewrite changes what backends are asked for.
	Rewrite *Rewrite `json:"rewrite,omitempty"`
	// RequestHeaders changes the headers that backends see.
	RequestHeaders *HeaderChange `json:"requestHeaders,omitempty"`
	// ResponseHeaders changes the headers that callers see.
	ResponseHeaders *HeaderChange `json:"responseHeaders,omitempty"`
	// Mirror gets a copy of each call; its answers are dropped.
	Mirror *Backend `json:"mirror,omitempty"`
}

// RouteMatch tells which calls are meant. All that is set has to hold.
type RouteMatch struct {
	// Path is the beginning of the path, in whole segments. Default: /.
	Path string `json:"path,omitempty"`
	// PathType is Prefix, Exact or Regex. Default: Prefix.
	PathType PathType `json:"pathType,omitempty"`
	// Method is the HTTP method, such as GET. Default: any.
	Method string `json:"method,omitempty"`
	// Headers have to have these values.
	Headers []ValueMatch `json:"headers,omitempty"`
	// Query parameters have to have these values.
	Query []ValueMatch `json:"query,omitempty"`
	// Service is the gRPC service, as in acme.shop.Cart; GRPC only. Default: any.
	Service string `json:"service,omitempty"`
	// Call is the method of the gRPC service. Default: any.
	Call string `json:"call,omitempty"`
}

// PathType tells how a path is compared.
type PathType string

// The ways to compare paths.
const (
	PathPrefix PathType = "Prefix"
	PathExact  PathType = "Exact"
	PathRegex  PathType = "Regex"
)

// ValueMatch compares a header or a query parameter.
type ValueMatch struct {
	// Name is the header's name, in upper or lower case, or the parameter's as
	// callers write it.
	Name string `json:"name"`
	// Value is the value wanted, or a regular expression.
	Value string `json:"value"`
	// Regex tells that Value is a regular expression. Default: false.
	Regex *bool `json:"regex,omitempty"`
}

// Backend is who answers calls. At most one of App and Service is set.
type Backend struct {
	// App is an app of the fleet. Default: the route's own.
	App string `json:"app,omitempty"`
	// Service is a Service in the app's namespace that is not the app's main
	// one: one of Services or Outside, or anyone else's.
	Service string `json:"service,omitempty"`
	// Port is the Service's port number. Default: that of the route's port, or
	// the first one of the App. Required with Service.
	Port *int32 `json:"port,omitempty"`
	// Weight is the share of calls, among the weights of all. Default: 1.
	Weight *int32 `json:"weight,omitempty"`
}

// Redirect is an answer that names another address. What is not set stays.
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

// Rewrite changes what backends are asked for. At most one of Path and Prefix is set.
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
	// Remove names headers to take away.
	Remove []string `json:"remove,omitempty"`
}

// RouteTLS tunes the certificate of a route. On a gateway, it stands with the
// gateway, and covers the host alone or the whole domain; with an Ingress, it
// stands with the app.
type RouteTLS struct {
	// Issuer names one of the fleet's issuers. Default: the gateway's or the
	// environment's. Ingress only.
	Issuer string `json:"issuer,omitempty"`
	// Secret names a Secret of the app's namespace that holds the certificate.
	// Default: one that cert-manager fills. Ingress only.
	Secret string `json:"secret,omitempty"`
	// ByAnnotation leaves it to cert-manager to make the Certificate from an
	// annotation of the Ingress. Default: false.
	ByAnnotation *bool `json:"byAnnotation,omitempty"`
}

// RouteDNS tunes the record that ExternalDNS makes of a route.
type RouteDNS struct {
	// Enabled tells whether there is a record. Default: true.
	Enabled *bool `json:"enabled,omitempty"`
	// TTL is how long resolvers keep the record, in seconds. Default: the provider's.
	TTL *int32 `json:"ttl,omitempty"`
	// Target is what the record points to; Ingress only, since it stands with
	// the gateway otherwise. Default: the load balancer's address.
	Target string `json:"target,omitempty"`
}

// DNSRecord is a record of its own, for names that no route has: a DNSEndpoint.
type DNSRecord struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Host is the record's name. One without a dot is completed by the
	// environment's domain.
	Host string `json:"host,omitempty"`
	// Type is A, AAAA, CNAME, TXT, SRV, MX or NS. Default: CNAME.
	Type string `json:"type,omitempty"`
	// Targets are the record's values.
	Targets []string `json:"targets,omitempty"`
	// TTL is how long resolvers keep the record, in seconds. Default: the provider's.
	TTL *int32 `json:"ttl,omitempty"`
}

// OutsideService is a Service for what lives outside of the cluster, so that
// pods call it by a name of the namespace. Exactly one of Host and Addresses is
// set. The app's network policy lets it through.
type OutsideService struct {
	// Name is the Service's name.
	Name string `json:"name"`
	// Host is a DNS name: a Service of type ExternalName.
	Host string `json:"host,omitempty"`
	// CIDRs are the networks that the Host's addresses lie in, as in
	// 10.20.64.0/20: network policies know no names, and open these. Default: all
	// addresses outside of the private ranges.
	CIDRs []string `json:"cidrs,omitempty"`
	// Addresses are IP addresses of one family: a Service without selector and
	// its EndpointSlice.
	Addresses []string `json:"addresses,omitempty"`
	// Ports are the ports that are called there. At least one.
	Ports []Port `json:"ports,omitempty" merge:"name"`
}

// Mesh puts an app into a service mesh, Istio. A namespace whose apps are all in
// the mesh, by one mode, gets the label that lets its pods join, unless the
// environment's own labels for namespaces have one. Network policies open what
// the mode needs.
type Mesh struct {
	// Mode is sidecar or ambient: how the pods join. Default: sidecar.
	Mode MeshMode `json:"mode,omitempty"`
	// MTLS is STRICT, PERMISSIVE or DISABLE: a PeerAuthentication of the app's
	// pods. Default: the mesh's.
	MTLS string `json:"mtls,omitempty"`
	// LoadBalancer is ROUND_ROBIN, LEAST_REQUEST, RANDOM or PASSTHROUGH.
	// Default: the mesh's. This and the fields below make a DestinationRule.
	LoadBalancer string `json:"loadBalancer,omitempty"`
	// MaxConnections bounds the connections to each pod.
	MaxConnections *int32 `json:"maxConnections,omitempty"`
	// MaxPendingRequests bounds the requests that wait for a connection.
	MaxPendingRequests *int32 `json:"maxPendingRequests,omitempty"`
	// ConnectTimeout bounds the making of a connection, as in 3s.
	ConnectTimeout string `json:"connectTimeout,omitempty"`
	// Outliers takes failing pods out of the balancing for a while.
	Outliers *Outliers `json:"outliers,omitempty"`
}

// MeshMode is how pods join a service mesh.
type MeshMode string

// The modes of a service mesh.
const (
	// Sidecar is a proxy in each pod, which calls istiod.
	Sidecar MeshMode = "sidecar"
	// Ambient is a proxy on each node, which carries the calls between apps over
	// one port, 15008. A network policy then says who calls whom, and no longer
	// at which port.
	Ambient MeshMode = "ambient"
)

// Outliers tells which pods count as failing.
type Outliers struct {
	// Consecutive5xx is the number of errors in a row. Istio's default: 5.
	Consecutive5xx *int32 `json:"consecutive5xx,omitempty"`
	// Interval is the time between two looks, as in 10s. Istio's default: 10s.
	Interval string `json:"interval,omitempty"`
	// BaseEjectionTime is how long a pod stays out, as in 30s. Istio's default: 30s.
	BaseEjectionTime string `json:"baseEjectionTime,omitempty"`
	// MaxEjectionPercent bounds how many pods are out. Istio's default: 10.
	MaxEjectionPercent *int32 `json:"maxEjectionPercent,omitempty"`
}
