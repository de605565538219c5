package rules

const (
	gatewaySpec = "https://gateway-api.sigs.k8s.io/reference/spec/"
	ingressSpec = "https://kubernetes.io/docs/concepts/services-networking/ingress/"
)

// traffic returns the rules about routes, gateways and DNS.
func traffic() []Rule {
	return []Rule{
		{"absent-backend", "An app that does not run in the environment is left out of the route there: the other backends get its share, and without any, all calls fail.", "Let the app run there, or change the route's rules in that environment.", gatewaySpec},
		{"absent-peer", "Apps reach each other by network policies within one environment of one cluster. An entry of talksTo for an app that does not run there opens nothing.", "Let the app run there, or unset the entry there. To reach it elsewhere, name its host or its CIDR, or add a Service for it to outside.", "https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
		{"dns-address", "A network policy matches a DNS server that is no pod by its address only. On GKE without Dataplane V2, NodeLocal DNSCache answers at the address of the Service kube-dns, and pods under a policy without it cannot look up any name.", "Set dns.addresses of the cluster to the address of the Service; set dns.pods where Dataplane V2 leads lookups to a pod, or dns.addresses to 169.254.20.10/32 and 169.254.169.254/32 for Cloud DNS.", "https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache"},
		{"experimental-route", "TLSRoute belongs to the standard channel since Gateway API 1.5. A cluster with an older one knows the kind only if its experimental channel is installed.", "Install the experimental channel, or upgrade.", "https://gateway-api.sigs.k8s.io/concepts/versioning/"},
		{"governing-service", "DNS knows the pods of a StatefulSet by name, as in mysql-0.mysql, only below a headless Service.", "Make the Service headless, or name another in statefulSet.serviceName.", "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"},
		{"host-conflict", "Two routes of one cluster claim the same calls. Which one wins depends on their ages, and on the gateway; with two gateways, on DNS.", "Change the host, the path or the matches of one of them.", gatewaySpec},
		{"incomplete-host", "A host without a dot is completed by the environment's domain, and the environment has none.", "Set the environment's domain, or write the whole host.", "gitopsgen"},
		{"ingress-cannot", "An Ingress knows hosts, paths and one Service of its own namespace. More stands in annotations that differ between controllers.", "Attach the route to a gateway, or leave it out.", ingressSpec},
		{"invalid-duration", "Gateways and cert-manager read durations of hours, minutes and seconds; there are no days.", "Write 10s or 1m30s for a timeout, 2160h for the life of a certificate.", "https://gateway-api.sigs.k8s.io/geps/gep-2257/"},
		{"invalid-host", "Hosts are DNS names in lower case; *. at the beginning stands for one label. Addresses are none.", "Write shop, or shop.example.com.", gatewaySpec},
		{"istio-cannot", "A VirtualService redirects to a whole path, and cannot replace the prefix that was matched. Of a connection that it passes through, it knows only the host. Istio's own gateway reads certificates beside its pods alone.", "Redirect to a path, put the Secret beside the pods, or use a gateway of the Gateway API.", "https://istio.io/latest/docs/reference/config/networking/"},
		{"listener-without-certificate", "A listener for HTTPS without a certificate is not programmed, and its routes are not served.", "Name an issuer in the environment or the gateway, or the Secret of a certificate.", gatewaySpec},
		{"listener-without-route", "A listener that lets routes of no namespace in answers every call with an error.", "Let a namespace in, or remove the listener.", gatewaySpec},
		{"mixed-addresses", "An EndpointSlice has addresses of one family.", "Write a Service for each family.", "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"},
		{"mixed-gateway-api", "Before Gateway API 1.5 and since, TLSRoute has no version in common, and the clusters of an environment share the versions of their objects.", "Upgrade the older clusters, or put them into an environment of their own.", "https://gateway-api.sigs.k8s.io/concepts/versioning/"},
		{"mixed-mesh", "A label of the namespace lets its pods join the service mesh, all of them, by one mode. Where only some of its apps are in the mesh, gitopsgen sets none: the others would get proxies that their network policies do not let start.", "Set mesh for all apps of the namespace, or give the environment's namespaces or the pods of single apps Istio's labels yourself.", "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		{"node-port-conflict", "A port of the nodes belongs to one Service of a cluster; the API server refuses it to others, whatever their namespace.", "Choose another nodePort for one of them, or leave it out: the cluster chooses one.", "https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port"},
		{"passthrough-conflict", "A gateway sees the host of a connection only, before it decrypts it or not: it cannot do both for one host.", "Give the route that passes connections through a host of its own.", gatewaySpec},
		{"plain-http", "Calls by plain HTTP can be read and changed on their way.", "Let HTTP be redirected to HTTPS, which is the default; name an issuer for an Ingress.", "https://developer.mozilla.org/en-US/docs/Web/Security/Practical_implementation_guides/TLS"},
		{"prefix-replacement", "A gateway replaces the prefix that a rule matched, so the rule has to match just one.", "Write a rule for each prefix.", gatewaySpec},
		{"private-host", "Network policies know no names: for a host, they open all addresses outside of the private ranges. Names that end in internal, local, lan, corp and their like mostly have private ones, and calls would just time out.", "Add the host's networks: cidrs beside an outside host, or cidr instead of the host in talksTo.", "https://datatracker.ietf.org/doc/html/rfc6762#appendix-G"},
		{"private-port", "A private port, and one that no Service has, is not for other apps: talksTo does not open it. The app itself says who may call it, with acceptsFrom; a caller that needs the way out to it names the port, too.", "Remove private from the port, or name the port in the caller's talksTo and in the app's acceptsFrom.", "https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
		{"record-conflict", "A record of its own and a route would make ExternalDNS write one name twice, with different targets.", "Remove the record, or switch the route's DNS off.", "https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/crd/"},
		{"redirect-and-backend", "A call is either redirected or answered.", "Remove the redirect, or what stands beside it.", gatewaySpec},
		{"retired-ingress", "ingress-nginx was retired in March 2026 and gets no fixes, not even of security holes.", "Move to a gateway, or to a controller that is maintained.", "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/"},
		{"route-cannot", "The route's kind has no field for what a rule asks: a GRPCRoute has no timeouts and no redirects, and of a connection that is passed through, only the host is known. It would be left out.", "Leave it out, or change the protocol of the route.", gatewaySpec},
		{"route-too-long", "A route of the Gateway API has at most 16 hosts, 16 rules, and 64 matches and 16 backends in a rule.", "Spread them over several routes.", gatewaySpec},
		{"route-without-port", "A route, or its mirror, calls a port of a Service, and the app has no Service: it has no ports, it is a job, or its Service is switched off.", "Add a port to the app, or name a Service and its port.", "gitopsgen"},
		{"shared-gateway", "Two environments of one cluster would write one Gateway: each would take the other's listeners away.", "Add {env} to the gateway's namespace, or leave the object to somebody else with manage: false.", "gitopsgen"},
		{"too-many-listeners", "A Gateway has at most 64 listeners.", "Serve all hosts of the domain by one wildcard listener, or spread them over several gateways.", gatewaySpec},
		{"unattached-route", "A route that is attached to nothing is served by nobody.", "Name a gateway or an ingress class in the environment, on the cluster or in the route.", gatewaySpec},
		{"ungranted-reference", "A route or a Gateway may use an object of another namespace only where a ReferenceGrant there allows it. For routes of the model, it is derived.", "Add a ReferenceGrant to that namespace.", "https://gateway-api.sigs.k8s.io/api-types/referencegrant/"},
		{"unknown-gateway", "The fleet has no gateway of this name.", "Use one of the fleet's gateways, or add it.", "gitopsgen"},
		{"unused-gateway", "A gateway listens to the hosts of its routes. Without any, it would let nobody in.", "Attach a route to it, or remove it.", "gitopsgen"},
	}
}
