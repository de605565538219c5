package model

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Service is the Service in front of the app's ports.
type Service struct {
	// Enabled tells whether the Service exists. Default: true where there are
	// ports that are not private, or where Ports names some.
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
	// Headless leaves out the cluster IP. Default: false. An app's own headless
	// Service governs its StatefulSet where StatefulSet does not say otherwise.
	Headless *bool `json:"headless,omitempty"`
	// PublishNotReadyAddresses lists pods before they are ready, which members of
	// a cluster need that look for each other when they start. Default: false, and
	// true for a Service that is made to govern a StatefulSet.
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
	// LoadBalancerSourceRanges are the CIDRs that may call a LoadBalancer. The
	// network policy lets in these only, unless ExternalTrafficPolicy is Cluster:
	// pods then see the addresses of nodes. Where the load balancer itself hides
	// the caller's address, name its network in AcceptsFrom. Default: all.
	LoadBalancerSourceRanges []string `json:"loadBalancerSourceRanges,omitempty"`
	// Annotations are the Service's.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Peer is somebody that an app calls. Exactly one of App, Host, CIDR and
// KubernetesAPI is set.
type Peer struct {
	// Name is the entry's name: a later layer's entry of the same name changes
	// it, and unset names it, as in talksTo[db]. Default: the app, host or CIDR,
	// or kubernetesAPI, with the port, as in db:5432, where an earlier entry of
	// the list has that name.
	Name string `json:"name,omitempty"`
	// App is an app of the fleet; both ends get a network policy.
	App string `json:"app,omitempty"`
	// Host is a name outside of the fleet. Network policies know no names: the
	// Port is opened to all addresses outside of the private ranges. For a host
	// with a private address, use CIDR.
	Host string `json:"host,omitempty"`
	// CIDR is a network outside of the fleet.
	CIDR string `json:"cidr,omitempty"`
	// KubernetesAPI is the API server of the cluster that the app runs on.
	KubernetesAPI *bool `json:"kubernetesAPI,omitempty"`
	// Port is a port of one of the App's Services, by name or by the Service's
	// number; policies open the container port behind it. Of a Host or a CIDR, and
	// of the API server, it is a number. Default for an App: the ports of its
	// Services, or of its pods where no Service has any; for a CIDR all ports.
	// Required for a Host.
	Port *intstr.IntOrString `json:"port,omitempty"`
	// Protocol is TCP, UDP or SCTP. Default: that of the App's port, else TCP.
	Protocol corev1.Protocol `json:"protocol,omitempty"`
}

// Caller is somebody outside of the fleet who calls an app. Exactly one of
// Namespace, CIDR and Monitoring is set.
type Caller struct {
	// Name is the entry's name, as that of a Peer. Default: the namespace or CIDR,
	// or monitoring, with the ports where an earlier entry of the list has that
	// name.
	Name string `json:"name,omitempty"`
	// Namespace is the caller's namespace, such as that of a gateway.
	Namespace string `json:"namespace,omitempty"`
	// PodLabels narrows Namespace to some pods. Default: all.
	PodLabels map[string]string `json:"podLabels,omitempty"`
	// CIDR is the caller's network.
	CIDR string `json:"cidr,omitempty"`
	// Monitoring are the pods that scrape metrics, as the cluster names them.
	Monitoring *bool `json:"monitoring,omitempty"`
	// Ports names ports of the app. Default: all, private ones too.
	Ports []string `json:"ports,omitempty"`
}
