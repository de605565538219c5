package dns

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkLayer checks records, as far as one layer shows them.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	for _, x := range s.DNS {
		below := at.Field("dns").Key(x.Name)
		r.Label(below.Field("name"), x.Name, 63)
		switch x.Type {
		case "", "A", "AAAA", "CNAME", "TXT", "SRV", "MX", "NS":
		default:
			r.Errorf("invalid-value", below.Field("type"), "use A, AAAA, CNAME, TXT, SRV, MX or NS", "%q is not a supported type of DNS record", x.Type)
		}
	}
}

// checkFleet finds records that a route of the cluster makes too.
func checkFleet(r *feature.Report, f view.Fleet) {
	for _, s := range view.Environments(f) {
		routed := map[string]view.AppRoute{}
		for _, route := range s.Routes {
			for _, host := range route.Hosts {
				routed[host] = route
			}
		}
		for _, x := range s.Records {
			record, below := x.Record, fieldpath.Path("apps").Key(x.App).Field("spec").Field("dns").Key(x.Record.Name)
			if route, ok := routed[record.Host]; ok && record.Type != "TXT" && record.Type != "MX" {
				r.Errorf("record-conflict", below, "remove one of them", "ExternalDNS already creates a record for %s, from the route at %s", record.Host, route.Path())
			}
			if !strings.Contains(record.Host, ".") {
				r.Errorf("incomplete-host", below, "set environments["+s.Model.Name+"].domain, or write the full name",
					"environment %s has no domain to complete %q with", s.Model.Name, record.Host)
			}
			if len(record.Targets) == 0 {
				r.Errorf("missing-value", below.Field("targets"), "add a target", "the record has no value")
			}
		}
	}
}
