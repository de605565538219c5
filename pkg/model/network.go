package model

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Service is the Service in front of the app's ports.
type Service struct {
	// Enabled enables the Service. Default: true if there are ports that are not
	// private, or if Ports names some.
	Enabled *bool `json:"enabled,omitempty"`
	// Name is the Service's name. Default: the app's name.
	Name        string `json:"name,omitempty"`
	ServiceSpec `json:",inline"`
}

// NamedService is a further Service for the app's pods.
type NamedService struct {
	// Name is the Service's name.
	Name        string `json:"name"`
	ServiceSpec `json:",inline"`
}

// ServiceSpec is what Services have in common.
type ServiceSpec struct {
	// Type is ClusterIP, NodePort, LoadBalancer or ExternalName. Default: ClusterIP.
	Type corev1.ServiceType `json:"type,omitempty"`
	// Headless omits the cluster IP. Default: false. A headless Service of the app
	// governs its StatefulSet unless StatefulSet names another one.
	Headless *bool `json:"headless,omitempty"`
	// PublishNotReadyAddresses publishes pods before they are ready, which clustered
	// software needs if its members discover each other at startup. Default: false,
	// and true for a Service that is generated to govern a StatefulSet.
	PublishNotReadyAddresses *bool `json:"publishNotReadyAddresses,omitempty"`
	// Ports names the ports to expose. Default: all that are not private.
	Ports []string `json:"ports,omitempty"`
	// ExternalName is the host of a Service of type ExternalName.
	ExternalName string `json:"externalName,omitempty"`
	// ExternalTrafficPolicy is Cluster or Local; NodePort and LoadBalancer.
	// Default: Local with LoadBalancerSourceRanges, else Kubernetes', Cluster.
	ExternalTrafficPolicy corev1.ServiceExternalTrafficPolicy `json:"externalTrafficPolicy,omitempty"`
	// InternalTrafficPolicy is Cluster or Local.
	InternalTrafficPolicy *corev1.ServiceInternalTrafficPolicy `json:"internalTrafficPolicy,omitempty"`
	// SessionAffinity is None or ClientIP. Kubernetes' default: None.
	SessionAffinity corev1.ServiceAffinity `json:"sessionAffinity,omitempty"`
	// LoadBalancerClass names the load balancer's implementation.
	LoadBalancerClass *string `json:"loadBalancerClass,omitempty"`
	// LoadBalancerSourceRanges are the CIDRs that can call a LoadBalancer. The
	// network policy allows only these, unless ExternalTrafficPolicy is Cluster:
	// pods then see the addresses of nodes. If the load balancer itself hides the
	// client address, add its network to AcceptsFrom. Default: all.
	LoadBalancerSourceRanges []string `json:"loadBalancerSourceRanges,omitempty"`
	// Annotations are the Service's.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Peer is an endpoint that an app calls. Exactly one of App, Host, CIDR and
// KubernetesAPI is set.
type Peer struct {
	// Name is the entry's name: an entry with the same name in a later layer changes
	// it, and unset refers to it, as in talksTo[db]. Default: the app, host or CIDR,
	// or kubernetesAPI, with the port, as in db:5432, if an earlier entry of the
	// list has that name.
	Name string `json:"name,omitempty"`
	// App is an app of the fleet; both ends get a network policy.
	App string `json:"app,omitempty" oneof:"true"`
	// Host is a host outside of the fleet. Network policies do not support host
	// names: the Port is allowed at all addresses outside of the private ranges. For
	// a host with a private address, use CIDR.
	Host string `json:"host,omitempty" oneof:"true"`
	// CIDR is a network outside of the fleet.
	CIDR string `json:"cidr,omitempty" oneof:"true"`
	// KubernetesAPI is the API server of the cluster that the app runs on.
	KubernetesAPI *bool `json:"kubernetesAPI,omitempty" oneof:"true"`
	// Port is a port of one of the App's Services, by name or by the Service's
	// number; policies allow the container port behind it. Of a Host or a CIDR, and
	// of the API server, it is a number. Default for an App: the ports of its
	// Services, or of its pods if no Service has any; for a CIDR all ports. Required
	// for a Host.
	Port *intstr.IntOrString `json:"port,omitempty"`
	// Protocol is TCP, UDP or SCTP. Default: that of the App's port, else TCP.
	Protocol corev1.Protocol `json:"protocol,omitempty"`
}

// Caller is a client outside of the fleet that calls an app. Exactly one of
// Namespace, CIDR and Monitoring is set.
type Caller struct {
	// Name is the entry's name, as that of a Peer. Default: the namespace or CIDR,
	// or monitoring, with the ports if an earlier entry of the list has that name.
	Name string `json:"name,omitempty"`
	// Namespace is the caller's namespace, such as that of a gateway.
	Namespace string `json:"namespace,omitempty" oneof:"true"`
	// PodLabels selects some of the pods in Namespace. Default: all.
	PodLabels map[string]string `json:"podLabels,omitempty"`
	// CIDR is the caller's network.
	CIDR string `json:"cidr,omitempty" oneof:"true"`
	// Monitoring are the pods that scrape metrics, as the cluster names them.
	Monitoring *bool `json:"monitoring,omitempty" oneof:"true"`
	// Ports names ports of the app. Default: all, including private ones.
	Ports []string `json:"ports,omitempty"`
}
