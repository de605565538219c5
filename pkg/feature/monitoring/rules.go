package monitoring

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// docs documents the findings that only monitoring has.
func docs() []rules.Rule {
	const (
		operator = "https://prometheus-operator.dev/docs/api-reference/api/"
		workbook = "https://sre.google/workbook/alerting-on-slos/"
		grafana  = "https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards"
	)
	return []rules.Rule{
		{ID: "dashboard-inputs", Reason: "Grafana replaces the placeholders of data sources when a person imports a dashboard, and not when it loads a file.", Fix: "export it again without sharing it externally, or replace the placeholders of data sources", Source: grafana},
		{ID: "dashboard-json", Reason: "Grafana logs an error and shows nothing if a dashboard is not a JSON object.", Fix: "export the dashboard from Grafana as JSON", Source: grafana},
		{ID: "monitoring-without-port", Reason: "Prometheus finds what it scrapes by the name of a port; without the port, it scrapes nothing and reports nothing.", Fix: "add the port to ports, or set scrape.port to one of those of the app", Source: operator},
		{ID: "scrape-timeout", Reason: "The operator ignores a monitor whose timeout is longer than its interval.", Fix: "lower the timeout, or raise the interval", Source: operator},
		{ID: "slo-objective", Reason: "An objective of 100 leaves no error budget, so that each error is an alert, and one of 0 is always met.", Fix: "write a percentage such as 99.9", Source: workbook},
		{ID: "slo-range", Reason: "The alerts compare the errors of several ranges. An expression with a range of its own has the same value for all of them.", Fix: "write the range as [$window]", Source: workbook},
		{ID: "slo-window", Reason: "The longest range of the alerts is 3 days, which has to be a part of the window, and few Prometheus keep samples for more than 90 days.", Fix: "write days or weeks, as in 30d or 4w", Source: workbook},
	}
}
