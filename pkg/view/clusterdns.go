package view

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// DefaultDNS returns where pods look up names where no cluster says it: at the
// servers in kube-system, and at the addresses at which a cache on the node
// answers from outside of the pod network, where no selector matches it:
// 169.254.20.10 as kubeadm, kOps and GKE set it up, 169.254.25.10 as kubespray
// does, and 169.254.169.254, the metadata server that GKE's Cloud DNS uses.
func DefaultDNS() model.ClusterDNS {
	return model.ClusterDNS{
		Pods:      []model.Pods{{Namespace: "kube-system"}},
		Addresses: []string{"169.254.20.10/32", "169.254.25.10/32", "169.254.169.254/32"},
		Port:      new(int32(53)),
	}
}

// platformDNS returns where pods look up names on a platform.
func platformDNS(p model.Platform) model.ClusterDNS {
	dns := DefaultDNS()
	switch p {
	case model.AKS: // LocalDNS, for pods with the policy Default and for all others
		dns.Addresses = append(dns.Addresses, "169.254.10.10/32", "169.254.10.11/32")
	case model.OpenShift:
		return model.ClusterDNS{Pods: []model.Pods{{Namespace: "openshift-dns"}}, Port: new(int32(5353))}
	}
	return dns
}

// dnsOf returns where the pods of a cluster look up names. Nothing of it is the
// cluster's own.
func dnsOf(c model.Cluster) model.ClusterDNS {
	dns := platformDNS(c.Platform)
	if c.DNS == nil {
		return dns
	}
	if len(c.DNS.Pods) > 0 {
		dns.Pods = slices.Clone(c.DNS.Pods)
	}
	if len(c.DNS.Addresses) > 0 {
		dns.Addresses = slices.Clone(c.DNS.Addresses)
	}
	dns.Port = new(*cmp.Or(c.DNS.Port, dns.Port))
	return dns
}
