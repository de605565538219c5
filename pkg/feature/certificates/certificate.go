// Package certificates makes cert-manager's resources: the certificates of apps
// and of gateways, and the issuers of an environment.
package certificates

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the certificates that an app declares, and those of its
// Ingresses. The base has none: the issuer is the environment's.
func Generate(t *view.Target, v *view.View) ([]object.Object, error) {
	platform := v.Platform(t.Scope)
	if platform == nil {
		return nil, nil
	}
	var out []object.Object
	add := func(name string, c model.Certificate) error {
		issuer, ok := platform.IssuerNamed(c.Issuer)
		if !ok {
			return nil // a finding tells
		}
		o, err := part.Certificate(part.Meta(t, name), c, issuer)
		out = append(out, o)
		return err
	}
	for _, c := range t.Spec.Certificates {
		if err := add(t.App+"-"+c.Name, c); err != nil {
			return nil, err
		}
	}
	for i := range t.Spec.Routes {
		if c, ok, byAnnotation := platform.IngressCertificate(&t.Spec.Routes[i]); ok && !byAnnotation {
			if err := add(c.Name, c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
