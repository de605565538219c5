package validate

import (
	"net/url"

	"github.com/blang/semver/v4"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// clusters checks what clusters say of themselves.
func (c *checker) clusters() {
	for _, cl := range c.Fleet.Clusters {
		at := fieldpath.Path("clusters").Key(cl.Name)
		if v := cl.KubernetesVersion; v != "" && !kubernetesVersion.MatchString(v) {
			c.Errorf("invalid-value", at.Field("kubernetesVersion"), "write it as 1.36", "%q is not a valid Kubernetes version", v)
		}
		c.operators(at.Field("operators"), cl.Operators)
		if r := cl.Registration; r != nil && (r.Store == "" || r.Key == "" || cl.Server == "") {
			c.Errorf("missing-value", at.Field("registration"), "add store and key, and the cluster's server", "the registration is incomplete")
		}
		if cl.Server != "" {
			if u, err := url.Parse(cl.Server); err != nil || u.Scheme != "https" || u.Host == "" {
				c.Errorf("invalid-value", at.Field("server"), "write it as https://HOST[:PORT]", "the address of the API server is not an https URL")
			}
		}
		c.pods(at.Field("monitoring"), cl.Monitoring)
		c.pods(at.Field("ingressController"), cl.IngressController)
		c.pods(at.Field("istiod"), cl.Istiod)
		c.clusterDNS(at, cl)
	}
}

// operators checks the versions of operators, by which their objects differ.
func (c *checker) operators(at fieldpath.Path, o model.Operators) {
	for _, x := range []struct{ field, version string }{
		{"externalSecrets", o.ExternalSecrets}, {"certManager", o.CertManager}, {"gatewayAPI", o.GatewayAPI}, {"externalDNS", o.ExternalDNS}, {"istio", o.Istio},
	} {
		if _, err := semver.ParseTolerant(x.version); x.version != "" && err != nil {
			c.Errorf("invalid-value", at.Field(x.field), "write it as 1.20 or v1.20.3, or remove it for the newest", "%q is not a valid version", x.version)
		}
	}
}

// pods checks what selects pods of a cluster.
func (c *checker) pods(at fieldpath.Path, p *model.Pods) {
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
func (c *checker) clusterDNS(at fieldpath.Path, cl model.Cluster) {
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
