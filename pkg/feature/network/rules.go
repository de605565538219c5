package network

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// documentation returns the rules of what only this feature finds.
func documentation() []rules.Rule {
	return []rules.Rule{
		{ID: "absent-peer",
			Reason: "Network policies let apps reach each other within one environment of one cluster. An entry of talksTo for an app that does not run there allows no traffic.",
			Fix:    "Let the app run there, or unset the entry there. To reach it elsewhere, use its host or its CIDR, or add a Service for it to outside.",
			Source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
		{ID: "dns-address",
			Reason: "A network policy can match a DNS server that is not a pod only by its address. On GKE without Dataplane V2, NodeLocal DNSCache answers at the address of the Service kube-dns, and pods whose policy does not allow that address cannot look up any name.",
			Fix:    "Set dns.addresses of the cluster to the address of the Service; set dns.pods where Dataplane V2 sends lookups to a pod, or dns.addresses to 169.254.20.10/32 and 169.254.169.254/32 for Cloud DNS.",
			Source: "https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache"},
		{ID: "duplicate-port",
			Reason: "A Service can have each combination of port number and protocol only once; the API server rejects another.",
			Fix:    "give one of them another servicePort, or make it private",
			Source: "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services"},
		{ID: "governing-service",
			Reason: "The pods of a StatefulSet have DNS names, such as mysql-0.mysql, only below a headless Service.",
			Fix:    "Make the Service headless, or name another in statefulSet.serviceName.",
			Source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"},
		{ID: "mixed-addresses",
			Reason: "An EndpointSlice has addresses of one IP family.",
			Fix:    "Write one Service for each IP family.",
			Source: "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"},
		{ID: "mixed-mesh",
			Reason: "A label of the namespace makes all of its pods join the service mesh, in one mode. Where only some apps of the namespace are in the mesh, gitopsgen does not set the label: the other apps would get proxies that their network policies prevent from starting.",
			Fix:    "Set mesh for all apps of the namespace, or set the labels of Istio yourself, on the namespaces of the environment or on the pods of single apps.",
			Source: "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		{ID: "node-port-conflict",
			Reason: "A node port belongs to one Service of a cluster; the API server rejects a second Service with it, in any namespace.",
			Fix:    "Choose another nodePort for one of them, or remove it and let the cluster choose.",
			Source: "https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port"},
		{ID: "private-host",
			Reason: "Network policies do not support host names: for a host, they allow all addresses outside of the private ranges. Names that end in internal, local, lan, corp and the like usually have private addresses, so connections would time out.",
			Fix:    "Add the networks of the host: with cidrs next to host in outside, or with cidr instead of host in talksTo.",
			Source: "https://datatracker.ietf.org/doc/html/rfc6762#appendix-G"},
		{ID: "private-port",
			Reason: "A private port, or a port that no Service has, is not for other apps: talksTo does not allow traffic to it. The app itself lists in acceptsFrom who may call it; a caller whose outgoing traffic is restricted names the port too.",
			Fix:    "Remove private from the port, or name the port in talksTo of the caller and in acceptsFrom of the app.",
			Source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/"},
	}
}
