package dns

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
)

func deriveDNS(d *feature.Derivation) {
	for i := range d.Spec.DNS {
		r := &d.Spec.DNS[i]
		fill.Zero(&r.Type, "CNAME")
		if d.Platform != nil {
			r.Host = d.Platform.Host(r.Host)
		}
	}
}
