package network

import (
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks what connects apps, in a layer, a target and the fleet as it was
// written.
type checker struct{ *feature.Report }

// checkModel checks what clusters say of themselves that network policies need.
func checkModel(r *feature.Report) {
	c := checker{r}
	for _, cl := range r.Fleet.Clusters {
		at := fieldpath.Path("clusters").Key(cl.Name)
		c.pods(at.Field("monitoring"), cl.Monitoring)
		c.pods(at.Field("ingressController"), cl.IngressController)
		c.pods(at.Field("istiod"), cl.Istiod)
		c.clusterDNS(at, cl)
		for i, cidr := range cl.APIServerCIDRs {
			c.CIDR(at.Field("apiServerCIDRs").Index(i), cidr)
		}
	}
}

// pods checks what selects pods of a cluster.
func (c checker) pods(at fieldpath.Path, p *model.Pods) {
	if p == nil {
		return
	}
	c.Label(at.Field("namespace"), p.Namespace, 63)
	for _, k := range feature.SortedKeys(p.Labels) {
		if len(validation.IsValidLabelValue(p.Labels[k])) > 0 {
			c.Errorf("invalid-value", at.Field("labels").Key(k), "use at most 63 letters, digits, dashes, underscores and dots", "%q is not a valid label value", p.Labels[k])
		}
	}
}

// clusterDNS checks where the pods of a cluster look up names.
func (c checker) clusterDNS(at fieldpath.Path, cl model.Cluster) {
	switch cl.Platform {
	case "", model.GKE, model.EKS, model.AKS, model.OpenShift:
	default:
		c.Errorf("invalid-value", at.Field("platform"), "use gke, eks, aks or openshift, or remove it", "%q is not a known platform", cl.Platform)
	}
	d, below := cl.DNS, at.Field("dns")
	if d == nil {
		d = &model.ClusterDNS{}
	}
	for i, p := range d.Pods {
		c.pods(below.Field("pods").Index(i), &p)
	}
	for i, cidr := range d.Addresses {
		c.CIDR(below.Field("addresses").Index(i), cidr)
	}
	if d.Port != nil {
		c.Port(below.Field("port"), *d.Port)
	}
	if cl.Platform == model.GKE && len(d.Pods)+len(d.Addresses) == 0 {
		c.Warnf("dns-address", below.Field("addresses"),
			"add the address of the Service kube-dns (kubectl -n kube-system get service kube-dns), as in 10.0.0.10/32; with Dataplane V2, set dns.pods to kube-system; with Cloud DNS, set dns.addresses to 169.254.20.10/32 and 169.254.169.254/32",
			"the network policies of cluster %s may block DNS: NodeLocal DNSCache, which GKE enables by default, answers at the address of the Service kube-dns, which is unknown", cl.Name)
	}
}

// fleetChecker checks what all targets show together.
type fleetChecker struct {
	*feature.Report
	fleet view.Fleet
	sites []view.Environment
}

// checkFleet checks edges between apps, ports of the nodes and the service mesh.
func checkFleet(r *feature.Report, f view.Fleet) {
	c := fleetChecker{r, f, view.Environments(f)}
	c.edges()
	c.nodePorts()
	c.meshes()
}
