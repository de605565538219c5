package monitoring_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/rules"

	"github.com/gitopsgen/gitopsgen/pkg/feature/monitoring"
)

// fleet is a fleet of one app, web, whose spec a case completes.
const fleet = `
apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
spec:
  defaults:
    image: web:1.0.0
    pod: {securityContext: {runAsUser: 1000}}
    resources: {requests: {memory: 32Mi}}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: lab}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec: {clusters: [lab]}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec:
`

// TestChecks breaks each rule, and keeps it.
func TestChecks(t *testing.T) {
	const ports = "  ports: [{name: http, port: 8080}, {name: metrics, port: 9090, private: true}]\n"
	with := func(monitoring string) string { return ports + "  monitoring: " + monitoring + "\n" }
	slo := func(rest string) string {
		return with("{slo: [{name: a, " + rest + "}]}")
	}
	for name, tc := range map[string]struct {
		reason, spec string
		want         []string // rule and path below the app's spec.monitoring
	}{
		"Least":         {"The least that there is to say.", with("{}"), nil},
		"NoPort":        {"An app asks for monitoring and has no port.", "  ports: [{name: http, port: 8080}]\n  monitoring: {}\n", []string{"monitoring-without-port "}},
		"Named":         {"It names another port.", "  ports: [{name: http, port: 8080}]\n  monitoring: {scrape: {port: http}}\n", nil},
		"Unknown":       {"It names a port that there is not.", with("{scrape: {port: stats, enabled: true}}"), []string{"monitoring-without-port scrape"}},
		"NoPods":        {"Nothing runs that could be scraped.", "  kind: None\n  objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]\n" + with("{scrape: {enabled: true}}"), []string{"monitoring-without-port scrape"}},
		"NotServed":     {"No Service has the port.", with("{scrape: {kind: ServiceMonitor}}"), []string{"monitoring-without-port scrape.kind"}},
		"Served":        {"A Service has the port.", with("{scrape: {kind: ServiceMonitor, port: http}}"), nil},
		"Off":           {"Nothing is to be scraped.", "  monitoring: {scrape: {enabled: false}}\n", nil},
		"OnlyAlerts":    {"Alerts need no port.", "  monitoring: {alerts: [{name: A, expr: absent(up)}]}\n", nil},
		"Timeout":       {"A timeout is at most the interval.", with("{scrape: {interval: 30s, timeout: 31s}}"), []string{"scrape-timeout scrape.timeout"}},
		"Equal":         {"It may be the interval.", with("{scrape: {interval: 1m, timeout: 60s}}"), nil},
		"Durations":     {"Durations are those of Prometheus.", with("{scrape: {interval: 1.5m, timeout: 0s}, alerts: [{name: A, expr: up, for: soon}]}"), []string{"invalid-duration scrape.interval", "invalid-duration scrape.timeout", "invalid-duration alerts[A].for"}},
		"Scrape":        {"What has few values has one of them.", with("{scrape: {kind: Probe, scheme: ftp, path: metrics, metricRelabelings: [{action: delete, regex: '('}]}}"), []string{"invalid-value scrape.kind", "invalid-value scrape.scheme", "invalid-value scrape.path", "invalid-value scrape.metricRelabelings[0].action", "invalid-value scrape.metricRelabelings[0].regex"}},
		"Labels":        {"Labels of objects are those of Kubernetes.", with("{labels: {release: 'a b', app.kubernetes.io/name: x}}"), []string{"invalid-value labels[release]", "reserved-label labels[app.kubernetes.io/name]"}},
		"Objective100":  {"An objective of 100 leaves no budget.", slo("objective: 100, indicator: {http: {}}"), []string{"slo-objective slo[a].objective"}},
		"Objective0":    {"One of 0 is always met.", slo("objective: 0.0, indicator: {http: {}}"), []string{"slo-objective slo[a].objective"}},
		"ObjectiveSign": {"A percentage has no sign.", slo("objective: -1, indicator: {http: {}}"), []string{"slo-objective slo[a].objective"}},
		"ObjectiveText": {"A percentage is a number.", slo("objective: 99.9%, indicator: {http: {}}"), []string{"slo-objective slo[a].objective"}},
		"Objective":     {"Text is a number too.", slo("objective: '99.999', indicator: {http: {}}"), nil},
		"NoObjective":   {"There is no default.", slo("indicator: {http: {}}"), []string{"missing-value slo[a].objective"}},
		"NoIndicator":   {"Something is counted.", slo("objective: 99"), []string{"one-of slo[a].indicator"}},
		"TwoIndicators": {"One thing is counted.", slo("objective: 99, indicator: {http: {}, grpc: {}}"), []string{"one-of slo[a].indicator"}},
		"ShortWindow":   {"The window is longer than the ranges.", slo("objective: 99, window: 3d, indicator: {http: {}}"), []string{"slo-window slo[a].window"}},
		"LongWindow":    {"Prometheus has samples of the window.", slo("objective: 99, window: 14w, indicator: {http: {}}"), []string{"slo-window slo[a].window"}},
		"HourWindow":    {"A window has days or weeks.", slo("objective: 99, window: 200h, indicator: {http: {}}"), []string{"slo-window slo[a].window"}},
		"Window":        {"Four weeks have as many weekends.", slo("objective: 99, window: 4w, indicator: {http: {}}"), nil},
		"NoTotal":       {"A ratio has two sides.", slo("objective: 99, indicator: {ratio: {good: 'a[$window]'}}"), []string{"missing-value slo[a].indicator.ratio"}},
		"BothSides":     {"What is good is no error.", slo("objective: 99, indicator: {ratio: {good: 'a[$window]', errors: 'b[$window]', total: 'c[$window]'}}"), []string{"one-of slo[a].indicator.ratio"}},
		"NoRange":       {"Each window has a range of its own.", slo("objective: 99, indicator: {ratio: {good: 'rate(a[5m])', total: 'rate(b[$window])'}}"), []string{"slo-range slo[a].indicator.ratio.good"}},
		"Ratio":         {"Both have the range.", slo("objective: 99, indicator: {ratio: {good: 'rate(a[$window])', total: 'rate(b[$window])'}}"), nil},
		"Counter":       {"Names are those of Prometheus.", slo("objective: 99, indicator: {http: {metric: a-b, codeLabel: 'c d', errors: '[', labels: {e-f: g}}}"), []string{"invalid-value slo[a].indicator.http.metric", "invalid-value slo[a].indicator.http.codeLabel", "invalid-value slo[a].indicator.http.errors", "invalid-key slo[a].indicator.http.labels[e-f]"}},
		"SLOName":       {"The name is a label.", with("{slo: [{name: A B, objective: 99, indicator: {http: {}}}]}"), []string{"invalid-name slo[A B].name"}},
		"Runbook":       {"A runbook is a page.", slo("objective: 99, indicator: {http: {}}, runbook: wiki"), []string{"invalid-value slo[a].runbook"}},
		"RunbookHTTPS":  {"A runbook is a page.", slo("objective: 99, indicator: {http: {}}, runbook: 'https://runbooks.example.com/a#b'"), nil},
		"Reserved":      {"gitopsgen sets some labels.", slo("objective: 99, indicator: {http: {}}, labels: {severity: page, team: shop}"), []string{"reserved-label slo[a].labels[severity]"}},
		"Twice":         {"Names are unique.", with("{alerts: [{name: A, expr: up}, {name: A, expr: up}]}"), []string{"duplicate-name alerts[A]"}},
		"AlertName":     {"An alert has a name.", with("{alerts: [{name: a b, expr: up}]}"), []string{"invalid-name alerts[a b].name"}},
		"NoExpr":        {"An alert has an expression.", with("{alerts: [{name: A}]}"), []string{"missing-value alerts[A].expr"}},
		"AlertLabel":    {"The severity has a field.", with("{alerts: [{name: A, expr: up, labels: {severity: page}}]}"), []string{"reserved-label alerts[A].labels[severity]"}},
		"Dashboard":     {"A dashboard is a JSON object.", with("{dashboards: [{name: a, json: '{\"title\": \"A\"}'}]}"), nil},
		"NoJSON":        {"Text is not.", with("{dashboards: [{name: a, json: 'title: A'}]}"), []string{"dashboard-json dashboards[a].json"}},
		"JSONList":      {"Nor is a list.", with("{dashboards: [{name: a, json: '[]'}]}"), []string{"dashboard-json dashboards[a].json"}},
		"JSONNull":      {"Nor is null.", with("{dashboards: [{name: a, json: 'null'}]}"), []string{"dashboard-json dashboards[a].json"}},
		"Inputs":        {"Nobody imports it.", with("{dashboards: [{name: a, json: '{\"__inputs\": []}'}]}"), []string{"dashboard-inputs dashboards[a].json"}},
		"Empty":         {"A dashboard has content.", with("{dashboards: [{name: a}]}"), []string{"missing-value dashboards[a].json"}},
		"Large":         {"A ConfigMap holds 1 MiB.", with("{dashboards: [{name: a, json: '{\"a\": \"" + strings.Repeat("x y ", 1<<18) + "\"}'}]}"), []string{"too-large dashboards[a].json"}},
		"Full":          {"Less fits.", with("{dashboards: [{name: a, json: '{\"a\": \"" + strings.Repeat("x y ", 1<<18-10) + "\"}'}]}"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range findings(t, fleet+tc.spec) {
				path := strings.TrimPrefix(string(f.Path), "apps[web].spec.monitoring")
				got = append(got, f.Rule+" "+strings.TrimPrefix(path, "."))
				if f.Reason == "" || f.Fix == "" || f.Position.Line == 0 {
					t.Errorf("%v: a reason, a fix and a position are expected", f)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// findings returns what is wrong with a fleet.
func findings(t *testing.T, text string) finding.List {
	t.Helper()
	var wrong *finding.ValidationError
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(text)})
	if errors.As(err, &wrong) {
		return wrong.List
	} else if err != nil {
		t.Fatal(err)
	}
	result, err := render.Fleet(t.Context(), l.Fleet, render.WithPositions(l.Positions), render.WithoutProof())
	if errors.As(err, &wrong) {
		return wrong.List
	} else if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// TestDefaultsMonitorAll checks that an app which only inherits monitoring may have
// nothing to monitor.
func TestDefaultsMonitorAll(t *testing.T) {
	text := strings.Replace(fleet, "    image: web:1.0.0\n", "    image: web:1.0.0\n    monitoring: {labels: {release: p}}\n", 1)
	if got := findings(t, text+"  ports: [{name: http, port: 8080}]\n"); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// TestRules checks that the documented rules are those of this feature alone.
func TestRules(t *testing.T) {
	for _, r := range monitoring.Feature().Rules {
		if _, ok := rules.Find(r.ID); ok || r.Reason == "" || r.Fix == "" || r.Source == "" {
			t.Errorf("%+v: a reason, a fix and a source are expected, of a rule that others do not have", r)
		}
	}
}
