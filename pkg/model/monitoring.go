package model

import (
	"encoding/json"
	"fmt"
)

// Monitoring is how an app is measured, and what it alerts about: objects for the
// operator of Prometheus (monitoring.coreos.com), and dashboards for Grafana.
type Monitoring struct {
	// Scrape is how Prometheus collects the metrics of the pods.
	Scrape *Scrape `json:"scrape,omitempty"`
	// Labels are added to the ServiceMonitor or PodMonitor and to the
	// PrometheusRules: those by which the cluster's Prometheus selects them, such as
	// release: kube-prometheus-stack.
	Labels map[string]string `json:"labels,omitempty"`
	// SLO are the service level objectives of the app. Each one adds recording rules
	// for its error ratio and alerts about the speed at which its error budget is
	// spent.
	SLO []SLO `json:"slo,omitempty" merge:"name"`
	// Severities are the severities of the alerts of SLOs.
	Severities *Severities `json:"severities,omitempty"`
	// Alerts are further alerts.
	Alerts []Alert `json:"alerts,omitempty" merge:"name"`
	// Dashboards are Grafana dashboards, as ConfigMaps that Grafana's sidecar loads.
	Dashboards []Dashboard `json:"dashboards,omitempty" merge:"name"`
}

// MonitorKind is the kind of the object that tells Prometheus what to scrape.
type MonitorKind string

// The kinds of monitors.
const (
	// ServiceMonitor scrapes the pods behind a Service.
	ServiceMonitor MonitorKind = "ServiceMonitor"
	// PodMonitor scrapes pods that no Service has the port of.
	PodMonitor MonitorKind = "PodMonitor"
)

// Scrape is how Prometheus collects the metrics of an app's pods. Its network
// policy accepts the pods that the cluster names under monitoring at the port.
type Scrape struct {
	// Enabled enables scraping. Default: true if a container has the Port.
	Enabled *bool `json:"enabled,omitempty"`
	// Kind is ServiceMonitor or PodMonitor. Default: ServiceMonitor if a Service of
	// the app has the Port, else PodMonitor.
	Kind MonitorKind `json:"kind,omitempty"`
	// Port is the name of the port that serves metrics. Default: metrics.
	Port string `json:"port,omitempty"`
	// Path is the path of the metrics. Default: /metrics.
	Path string `json:"path,omitempty"`
	// Scheme is http or https. Default: http.
	Scheme string `json:"scheme,omitempty"`
	// Interval is the time between two scrapes, in units of Prometheus, as in 30s or
	// 1m30s. Default: that of the Prometheus.
	Interval string `json:"interval,omitempty"`
	// Timeout is the time after which a scrape fails, at most the Interval. Default:
	// that of the Prometheus.
	Timeout string `json:"timeout,omitempty"`
	// MetricRelabelings change or drop samples before they are stored, one after
	// another.
	MetricRelabelings []Relabeling `json:"metricRelabelings,omitempty"`
}

// Relabeling is a step that changes the labels of a sample, or drops it.
type Relabeling struct {
	// SourceLabels are the labels whose values are joined and matched with Regex.
	SourceLabels []string `json:"sourceLabels,omitempty"`
	// Separator joins the values. Default: ;.
	Separator *string `json:"separator,omitempty"`
	// TargetLabel is the label that is set.
	TargetLabel string `json:"targetLabel,omitempty"`
	// Regex is what the joined values match, from beginning to end. Default: (.*).
	Regex string `json:"regex,omitempty"`
	// Modulus is the number of buckets of hashmod.
	Modulus *int64 `json:"modulus,omitempty"`
	// Replacement is the value that is set, with $1 for a group of Regex. Default:
	// $1.
	Replacement *string `json:"replacement,omitempty"`
	// Action is replace, keep, drop, hashmod, labelmap, labeldrop, labelkeep,
	// lowercase, uppercase, keepequal or dropequal. Default: replace.
	Action string `json:"action,omitempty"`
}

// Severities are the values of the label severity of alerts, by which the
// Alertmanager routes them.
type Severities struct {
	// Page is the severity of alerts that somebody has to look at now. Default:
	// critical.
	Page string `json:"page,omitempty"`
	// Ticket is the severity of alerts that can wait for the next working day.
	// Default: warning.
	Ticket string `json:"ticket,omitempty"`
}

// Decimal is a decimal number as it is written, such as 99.95: a number in YAML,
// text in Go. Binary fractions would turn the error budget of 99.9 into
// 0.09999999999999432.
type Decimal string

// UnmarshalJSON reads a number or a string.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch x := v.(type) {
	case string:
		*d = Decimal(x)
	case float64:
		*d = Decimal(data)
	case nil:
	default:
		return fmt.Errorf("%s is not a decimal number", data)
	}
	return nil
}

// SLO is a service level objective. Its alerts are those of the Site Reliability
// Workbook: a burn rate of 14.4 over 1h and 5m, or of 6 over 6h and 30m, pages;
// one of 3 over 1d and 2h, or of 1 over 3d and 6h, opens a ticket. At a burn rate
// of 1, the error budget lasts exactly for the Window.
type SLO struct {
	// Name is the SLO's name, such as availability.
	Name string `json:"name"`
	// Objective is the percentage of events that are good, more than 0 and less than
	// 100, as in 99.9.
	Objective Decimal `json:"objective,omitempty"`
	// Window is the time that the Objective is for, in days or weeks, from 7d to 90d.
	// Default: 30d.
	Window string `json:"window,omitempty"`
	// Indicator is what counts as an event, and as an error.
	Indicator Indicator `json:"indicator,omitzero"`
	// Runbook is the address of a page that says what to do.
	Runbook string `json:"runbook,omitempty"`
	// Labels are added to the alerts, such as the team.
	Labels map[string]string `json:"labels,omitempty"`
}

// Indicator is what an SLO counts. Exactly one of HTTP, GRPC and Ratio is set.
type Indicator struct {
	// HTTP counts requests by their status code.
	HTTP *HTTPIndicator `json:"http,omitempty" oneof:"true"`
	// GRPC counts calls by their status code.
	GRPC *GRPCIndicator `json:"grpc,omitempty" oneof:"true"`
	// Ratio counts what two expressions count.
	Ratio *RatioIndicator `json:"ratio,omitempty" oneof:"true"`
}

// HTTPIndicator counts HTTP requests.
type HTTPIndicator struct {
	// Metric is a counter of requests, or the _count of a histogram. Default:
	// http_requests_total.
	Metric string `json:"metric,omitempty"`
	// CodeLabel is the label with the status code. Default: code.
	CodeLabel string `json:"codeLabel,omitempty"`
	// Errors is a regular expression of the codes that are errors. Default: 5..
	// (three characters).
	Errors string `json:"errors,omitempty"`
	// Labels are further labels of the series, beside the app's namespace and job.
	// Namespace and job can be replaced, and an empty value removes one.
	Labels map[string]string `json:"labels,omitempty"`
}

// GRPCIndicator counts gRPC calls.
type GRPCIndicator struct {
	// Metric is a counter of calls. Default: grpc_server_handled_total.
	Metric string `json:"metric,omitempty"`
	// CodeLabel is the label with the status code. Default: grpc_code.
	CodeLabel string `json:"codeLabel,omitempty"`
	// Errors is a regular expression of the codes that are errors. Default: those
	// that are the server's fault,
	// Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss.
	Errors string `json:"errors,omitempty"`
	// Labels are further labels of the series, as of an HTTPIndicator: grpc_service,
	// for example.
	Labels map[string]string `json:"labels,omitempty"`
}

// RatioIndicator counts by PromQL expressions, whose series are added up. In them,
// $window is the range, as in sum(rate(jobs_total{namespace="$namespace"}[$window])),
// and $namespace the namespace of the app. Exactly one of Good and Errors is set.
type RatioIndicator struct {
	// Good counts the good events.
	Good string `json:"good,omitempty" oneof:"true"`
	// Errors counts the bad events.
	Errors string `json:"errors,omitempty" oneof:"true"`
	// Total counts all events.
	Total string `json:"total,omitempty"`
}

// Alert is an alert about the app.
type Alert struct {
	// Name is the alert's name, such as QueueTooLong.
	Name string `json:"name"`
	// Expr is a PromQL expression: the alert fires for each series that it returns.
	// In it, $namespace is the namespace of the app.
	Expr string `json:"expr,omitempty"`
	// For is how long Expr returns the series before the alert fires, in units of
	// Prometheus, as in 10m. Default: 0s.
	For string `json:"for,omitempty"`
	// Severity is the value of the label severity. Default: warning.
	Severity string `json:"severity,omitempty"`
	// Labels are further labels of the alert.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are shown with the alert, such as summary and description.
	Annotations map[string]string `json:"annotations,omitempty"`
	// Runbook is the address of a page that says what to do.
	Runbook string `json:"runbook,omitempty"`
}

// Dashboard is a Grafana dashboard, in a ConfigMap of its own. Grafana shows one
// dashboard for each uid: where several environments share a Grafana, declare it
// in one of them.
type Dashboard struct {
	// Name is the dashboard's name, a DNS label.
	Name string `json:"name"`
	// JSON is the dashboard as Grafana exports it, at most 1 MiB.
	JSON string `json:"json,omitempty"`
	// Folder is the folder in Grafana, if the sidecar reads the annotation
	// grafana_folder. Default: that of the sidecar.
	Folder string `json:"folder,omitempty"`
	// Labels are those by which the sidecar finds ConfigMaps. Default:
	// grafana_dashboard: "1".
	Labels map[string]string `json:"labels,omitempty"`
}
