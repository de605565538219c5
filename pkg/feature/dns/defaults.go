package dns

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/view"
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

func recordFacts(t *view.Target, f *view.Facts) {
	for _, record := range t.Spec.DNS {
		f.Records = append(f.Records, view.AppDNSRecord{App: t.App, Record: record})
	}
}
