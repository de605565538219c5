package monitoring

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// deriveScrape completes how the app is scraped.
func deriveScrape(d *feature.Derivation) {
	m := d.Spec.Monitoring
	if m == nil {
		return
	}
	s := fill.Struct(&m.Scrape)
	fill.Zero(&s.Port, "metrics")
	ports := view.PortsOf(&d.Spec)
	fill.Nil(&s.Enabled, d.Runs() && hasPort(ports.Pods, s.Port))
	if !*s.Enabled {
		return
	}
	kind := model.PodMonitor
	if len(servicesWith(ports, s.Port)) > 0 {
		kind = model.ServiceMonitor
	}
	fill.Zero(&s.Kind, kind)
	for i := range s.MetricRelabelings {
		fill.Zero(&s.MetricRelabelings[i].Action, "replace")
	}
}

// deriveEdge lets in who scrapes, where nobody said so.
func deriveEdge(d *feature.Derivation) {
	if !scraped(&d.Spec) || d.Removed(fieldpath.Path("acceptsFrom").Key("monitoring")) {
		return
	}
	port := d.Spec.Monitoring.Scrape.Port
	accepted := slices.ContainsFunc(d.Spec.AcceptsFrom, func(c model.Caller) bool {
		return feature.IsTrue(c.Monitoring) && (len(c.Ports) == 0 || slices.Contains(c.Ports, port))
	})
	if accepted || !hasPort(view.PodPorts(&d.Spec), port) {
		return
	}
	list := append(slices.Clone(d.Spec.AcceptsFrom), model.Caller{Monitoring: new(true), Ports: []string{port}})
	list[len(list)-1].Name = model.CallerNames(list)[len(list)-1]
	d.Spec.AcceptsFrom = list
}

func deriveSLO(d *feature.Derivation) {
	m := d.Spec.Monitoring
	if m == nil || len(m.SLO) == 0 {
		return
	}
	severities := fill.Struct(&m.Severities)
	fill.Zero(&severities.Page, "critical")
	fill.Zero(&severities.Ticket, "warning")
	for i := range m.SLO {
		s := &m.SLO[i]
		fill.Zero(&s.Window, "30d")
		if h := s.Indicator.HTTP; h != nil {
			fill.Zero(&h.Metric, "http_requests_total")
			fill.Zero(&h.CodeLabel, "code")
			fill.Zero(&h.Errors, "5..")
		}
		if g := s.Indicator.GRPC; g != nil {
			fill.Zero(&g.Metric, "grpc_server_handled_total")
			fill.Zero(&g.CodeLabel, "grpc_code")
			fill.Zero(&g.Errors, "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss")
		}
	}
}

func deriveAlerts(d *feature.Derivation) {
	if m := d.Spec.Monitoring; m != nil {
		for i := range m.Alerts {
			fill.Zero(&m.Alerts[i].Severity, "warning")
		}
	}
}

func deriveDashboards(d *feature.Derivation) {
	if m := d.Spec.Monitoring; m != nil {
		for i := range m.Dashboards {
			if len(m.Dashboards[i].Labels) == 0 {
				m.Dashboards[i].Labels = map[string]string{"grafana_dashboard": "1"}
			}
		}
	}
}

// scraped reports whether Prometheus scrapes an app with a complete spec.
func scraped(s *model.AppSpec) bool {
	return s.Monitoring != nil && feature.IsTrue(s.Monitoring.Scrape.Enabled)
}

func hasPort(ports []view.Port, name string) bool {
	return slices.ContainsFunc(ports, func(p view.Port) bool { return p.Name == name })
}

// servicesWith returns the Services that have a port, the main one first.
func servicesWith(ports view.Ports, name string) []view.Service {
	return slices.DeleteFunc(slices.Clone(ports.Services), func(s view.Service) bool { return !hasPort(s.Ports, name) })
}
