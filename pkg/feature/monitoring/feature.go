// Package monitoring makes what measures an app and alerts about it: monitors and
// rules for the operator of Prometheus, and dashboards for Grafana.
//
// Its files are, in the order in which a run comes to them: checks.go checks what
// was written, defaults.go fills in the rest, and scrape.go, slo.go, alerts.go and
// dashboards.go make the objects; rules.go documents the findings.
package monitoring

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns monitoring.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "monitoring",
		Rules: docs(),
		Defaults: []feature.Default{
			{ID: "scrape",
				Doc:   "Prometheus scrapes a monitored app that has a port named metrics: by a ServiceMonitor if one of its Services has the port, and otherwise by a PodMonitor.",
				After: []string{"service", "governing-service"},
				Apply: deriveScrape},
			{ID: "scrape-edge",
				Doc:   "The network policy of an app accepts the monitoring pods of the cluster at the port that they scrape.",
				After: []string{"scrape"},
				Apply: deriveEdge},
			{ID: "slo",
				Doc:   "An SLO is for 30 days. It counts http_requests_total with a code of 500 or more as errors, or grpc_server_handled_total with a code that is the server's fault. Its alerts have the severities critical and warning.",
				Apply: deriveSLO},
			{ID: "alert",
				Doc:   "An alert has the severity warning.",
				Apply: deriveAlerts},
			{ID: "dashboard",
				Doc:   "Grafana's sidecar finds dashboards by the label grafana_dashboard: 1.",
				Apply: deriveDashboards},
		},
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		CheckFleet:  checkFleet,
		Objects:     feature.Generators(monitors, objectives, alerts, dashboards),
	}
}
