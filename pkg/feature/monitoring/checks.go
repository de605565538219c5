package monitoring

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker collects findings about monitoring.
type checker struct{ *feature.Report }

var (
	decimal    = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,9})?$`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)
	durations  = regexp.MustCompile(`^(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$`)
)

// units are those of durations, in the order in which Prometheus reads them.
var units = []time.Duration{365 * 24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second, time.Millisecond}

// duration reads a duration as Prometheus does, such as 1d12h.
func duration(s string) (time.Duration, bool) {
	found := durations.FindStringSubmatch(s)
	if found == nil || s == "" || len(s) > 20 {
		return 0, false
	}
	var sum time.Duration
	for i, number := range found[1:] {
		n, err := strconv.Atoi("0" + number)
		if err != nil || n > 1_000_000 {
			return 0, false
		}
		sum += time.Duration(n) * units[i]
	}
	return sum, sum > 0
}

// maxDashboard is how much a ConfigMap holds, in bytes.
const maxDashboard = 1 << 20

// reserved are labels of alerts that gitopsgen or Prometheus sets.
var reserved = []string{"alertname", "app", "long", "namespace", "severity", "short", "slo"}

// actions are those of relabelings.
var actions = []string{"replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase", "keepequal", "dropequal"}

// checkLayer checks what can be judged in one layer by itself.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	m := s.Monitoring
	if m == nil {
		return
	}
	c := checker{r}
	at = at.Field("monitoring")
	c.Metadata(at.Field("labels"), m.Labels, true)
	if m.Scrape != nil {
		c.scrape(at.Field("scrape"), m.Scrape)
	}
	seen := map[string]bool{}
	for i := range m.SLO {
		below := feature.EntryAt(at.Field("slo"), m.SLO[i].Name, i)
		c.Unique(seen, below, m.SLO[i].Name)
		c.slo(below, &m.SLO[i])
	}
	clear(seen)
	for i := range m.Alerts {
		below := feature.EntryAt(at.Field("alerts"), m.Alerts[i].Name, i)
		c.Unique(seen, below, m.Alerts[i].Name)
		c.alert(below, &m.Alerts[i])
	}
	clear(seen)
	for i := range m.Dashboards {
		below := feature.EntryAt(at.Field("dashboards"), m.Dashboards[i].Name, i)
		c.Unique(seen, below, m.Dashboards[i].Name)
		c.dashboard(below, &m.Dashboards[i])
	}
}

func (c checker) scrape(at fieldpath.Path, s *model.Scrape) {
	c.oneOf(at.Field("kind"), "kind of monitor", string(s.Kind), string(model.ServiceMonitor), string(model.PodMonitor))
	c.oneOf(at.Field("scheme"), "scheme", s.Scheme, "http", "https")
	c.duration(at.Field("interval"), s.Interval)
	c.duration(at.Field("timeout"), s.Timeout)
	if s.Path != "" && !strings.HasPrefix(s.Path, "/") {
		c.Errorf("invalid-value", at.Field("path"), "start it with a slash", "%q is not a valid path", s.Path)
	}
	for i, r := range s.MetricRelabelings {
		below := at.Field("metricRelabelings").Index(i)
		c.oneOf(below.Field("action"), "action", r.Action, actions...)
		c.regex(below.Field("regex"), r.Regex)
	}
}

// oneOf checks a value that has few.
func (c checker) oneOf(at fieldpath.Path, what, value string, known ...string) {
	if value != "" {
		c.Known("invalid-value", what, at, value, known)
	}
}

func (c checker) duration(at fieldpath.Path, s string) {
	if _, ok := duration(s); s != "" && !ok {
		c.Errorf("invalid-duration", at, "write it as Prometheus does, as in 30s, 1m30s or 1d", "%q is not a valid duration", s)
	}
}

func (c checker) regex(at fieldpath.Path, s string) {
	if _, err := regexp.Compile(s); err != nil {
		c.Errorf("invalid-value", at, "write it in the syntax of RE2", "%q is not a valid regular expression", s)
	}
}

func (c checker) runbook(at fieldpath.Path, s string) {
	if u, err := url.Parse(s); s != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		c.Errorf("invalid-value", at, "write it as https://runbooks.example.com/page", "the address of the runbook is not valid")
	}
}

// labels checks labels of series or alerts, of which some are not for users.
func (c checker) labels(at fieldpath.Path, labels map[string]string, reserved ...string) {
	for _, name := range feature.SortedKeys(labels) {
		switch {
		case !labelName.MatchString(name) || strings.HasPrefix(name, "__"):
			c.Errorf("invalid-key", at.Key(name), "use letters, digits and underscores, and start with a letter", "%q is not a valid name of a label of Prometheus", name)
		case slices.Contains(reserved, name):
			c.Errorf("reserved-label", at.Key(name), "remove it", "gitopsgen sets this label, or Prometheus does")
		}
	}
}

func (c checker) slo(at fieldpath.Path, s *model.SLO) {
	c.Label(at.Field("name"), s.Name, 63)
	if _, ok := percentage(s.Objective); s.Objective != "" && !ok {
		c.Errorf("slo-objective", at.Field("objective"), "write a percentage such as 99.9", "%q is not a percentage of more than 0 and less than 100", string(s.Objective))
	}
	if w, ok := duration(s.Window); s.Window != "" && (!ok || strings.Trim(s.Window, "0123456789dw") != "" || w < 7*24*time.Hour || w > 90*24*time.Hour) {
		c.Errorf("slo-window", at.Field("window"), "write days or weeks, as in 30d or 4w", "%q is not a window of 7 to 90 days", s.Window)
	}
	c.runbook(at.Field("runbook"), s.Runbook)
	c.labels(at.Field("labels"), s.Labels, reserved...)
	in := at.Field("indicator")
	c.ExactlyOne(in, "one", map[string]bool{"http": s.Indicator.HTTP != nil, "grpc": s.Indicator.GRPC != nil, "ratio": s.Indicator.Ratio != nil}, 0)
	if h := s.Indicator.HTTP; h != nil {
		c.counter(in.Field("http"), h.Metric, h.CodeLabel, h.Errors, h.Labels)
	}
	if g := s.Indicator.GRPC; g != nil {
		c.counter(in.Field("grpc"), g.Metric, g.CodeLabel, g.Errors, g.Labels)
	}
	if r := s.Indicator.Ratio; r != nil {
		c.ExactlyOne(in.Field("ratio"), "one", map[string]bool{"good": r.Good != "", "errors": r.Errors != ""}, 0)
		for _, x := range []struct{ field, expr string }{{"good", r.Good}, {"errors", r.Errors}, {"total", r.Total}} {
			if x.expr != "" && !strings.Contains(x.expr, "$window") {
				c.Errorf("slo-range", in.Field("ratio").Field(x.field), "write the range as [$window], as in rate(jobs_total[$window])", "the expression does not contain $window")
			}
		}
	}
}

// counter checks an indicator that counts a metric.
func (c checker) counter(at fieldpath.Path, metric, code, errors string, labels map[string]string) {
	if metric != "" && !metricName.MatchString(metric) {
		c.Errorf("invalid-value", at.Field("metric"), "use letters, digits, underscores and colons", "%q is not a valid name of a metric", metric)
	}
	if code != "" && !labelName.MatchString(code) {
		c.Errorf("invalid-value", at.Field("codeLabel"), "use letters, digits and underscores", "%q is not a valid name of a label of Prometheus", code)
	}
	c.regex(at.Field("errors"), errors)
	c.labels(at.Field("labels"), labels)
}

func (c checker) alert(at fieldpath.Path, a *model.Alert) {
	switch {
	case a.Name == "":
		c.Errorf("missing-name", at.Field("name"), "add a name", "the name is missing")
	case !labelName.MatchString(a.Name):
		c.Errorf("invalid-name", at.Field("name"), "use letters and digits, as in QueueTooLong", "%q is not a valid name of an alert", a.Name)
	}
	c.duration(at.Field("for"), a.For)
	c.runbook(at.Field("runbook"), a.Runbook)
	c.labels(at.Field("labels"), a.Labels, "alertname", "severity")
	c.labels(at.Field("annotations"), a.Annotations)
}

func (c checker) dashboard(at fieldpath.Path, d *model.Dashboard) {
	c.Label(at.Field("name"), d.Name, 63)
	c.Metadata(at.Field("labels"), d.Labels, true)
	if d.JSON == "" {
		return
	}
	below := at.Field("json")
	if len(d.JSON) > maxDashboard {
		c.Errorf("too-large", below, "split the dashboard", "the dashboard has %d bytes, more than the limit of %d", len(d.JSON), maxDashboard)
		return
	}
	var content map[string]json.RawMessage
	if err := json.Unmarshal([]byte(d.JSON), &content); err != nil || content == nil {
		c.Errorf("dashboard-json", below, "export the dashboard from Grafana as JSON", "the text is not a JSON object")
		return
	}
	if _, ok := content["__inputs"]; ok {
		c.Errorf("dashboard-inputs", below, "export it again without sharing it externally, or replace the placeholders of data sources", "the dashboard asks for data sources when a person imports it")
	}
}

// checkTarget checks that what has no default is there.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	m := t.Spec.Monitoring
	if m == nil {
		return
	}
	at = at.Field("monitoring")
	c := checker{r}
	if scraped(&t.Spec) {
		c.complete(at.Field("scrape"), t)
	}
	for i := range m.SLO {
		s, below := &m.SLO[i], at.Field("slo").Key(m.SLO[i].Name)
		if s.Objective == "" {
			c.Errorf("missing-value", below.Field("objective"), "add a percentage such as 99.9", "the SLO has no objective")
		}
		in := s.Indicator
		if in.HTTP == nil && in.GRPC == nil && in.Ratio == nil {
			c.Errorf("one-of", below.Field("indicator"), "set one of http, grpc, ratio", "none is set")
		}
		if x := in.Ratio; x != nil && (x.Total == "" || x.Good == "" && x.Errors == "") {
			c.Errorf("missing-value", below.Field("indicator").Field("ratio"), "add total, and one of good and errors", "the ratio has only one side")
		}
	}
	for i := range m.Alerts {
		if strings.TrimSpace(m.Alerts[i].Expr) == "" {
			c.Errorf("missing-value", at.Field("alerts").Key(m.Alerts[i].Name).Field("expr"), "add an expression", "the alert has no expression")
		}
	}
	for i := range m.Dashboards {
		if m.Dashboards[i].JSON == "" {
			c.Errorf("missing-value", at.Field("dashboards").Key(m.Dashboards[i].Name).Field("json"), "add the JSON of the dashboard", "the dashboard has no content")
		}
	}
}

// complete checks that what is scraped is there.
func (c checker) complete(at fieldpath.Path, t *view.Target) {
	s, ports := t.Spec.Monitoring.Scrape, view.PortsOf(&t.Spec)
	var known []string
	for _, p := range ports.Pods {
		if t.Spec.Kind != model.NoWorkload {
			known = append(known, p.Name)
		}
	}
	switch {
	case !slices.Contains(known, s.Port):
		c.Errorf("monitoring-without-port", at, "add the port "+s.Port+" to ports, or set scrape.port to one of those of the app", "no container has a port named %s", s.Port)
	case s.Kind == model.ServiceMonitor && len(servicesWith(ports, s.Port)) == 0:
		c.Errorf("monitoring-without-port", at.Field("kind"), "use PodMonitor, or add the port to a Service", "no Service of the app has the port %s", s.Port)
	}
	interval, known1 := duration(s.Interval)
	timeout, known2 := duration(s.Timeout)
	if known1 && known2 && timeout > interval {
		c.Errorf("scrape-timeout", at.Field("timeout"), "lower it, or raise the interval", "the timeout of %s is longer than the interval of %s", s.Timeout, s.Interval)
	}
}

// checkFleet finds apps that ask for monitoring themselves, and get none anywhere.
// An app that inherits it from defaults may have nothing to monitor.
func checkFleet(r *feature.Report, f view.Fleet) {
	r.EachApp(func(at fieldpath.Path, a *model.App) {
		own := a.Spec.Monitoring
		if own == nil || own.Scrape != nil && own.Scrape.Enabled != nil {
			return
		}
		port := ""
		for _, s := range f.Clusters(a.Name) {
			t := f.Target(a.Name, s)
			m := t.Spec.Monitoring
			if m == nil || scraped(&t.Spec) || len(m.SLO)+len(m.Alerts)+len(m.Dashboards) > 0 {
				return
			}
			port = m.Scrape.Port
		}
		if port != "" {
			r.Errorf("monitoring-without-port", at.Field("spec").Field("monitoring"),
				"add the port "+port+" to ports, set scrape.port to one of those of the app, or add an SLO, an alert or a dashboard",
				"nothing is monitored: no container has a port named %s", port)
		}
	})
}
