package validate

import (
	"net/url"

	"github.com/blang/semver/v4"

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
