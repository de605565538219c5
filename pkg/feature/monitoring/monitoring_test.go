package monitoring_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature/monitoring"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestObjects compares what is made of a fleet that is scraped in each way, with
// SLOs, alerts and dashboards, with a golden file.
func TestObjects(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/fleets/monitoring/fleet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	r := resolve.New(l.Fleet, features.Default())
	var b strings.Builder
	for _, app := range r.Apps() {
		for _, scope := range r.Scopes(app) {
			if scope.Cluster != "" {
				continue
			}
			target := r.Target(app, scope)
			for _, o := range made(t, r, &target) {
				b.WriteString("--- # " + app + " in the scope " + scope.Environment + "\n")
				b.Write(o.YAML())
			}
		}
	}
	if *update {
		if err := os.WriteFile("testdata/objects.yaml", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/objects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run go test ./pkg/feature/monitoring -update and review (-want +got):\n%s", diff)
	}
}

// made returns the objects that the room makes of a target, sorted.
func made(t *testing.T, r *resolve.Resolver, target *view.Target) []object.Object {
	t.Helper()
	objects, err := monitoring.Feature().Objects(target, r.View())
	if err != nil {
		t.Fatal(err)
	}
	object.Sort(objects)
	return objects
}

// resolver returns the resolver of a fleet with one app, web, which has a port for
// metrics.
func resolver(m *model.Monitoring) *resolve.Resolver {
	return resolve.New(&model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "lab"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{Monitoring: m, ContainerSpec: model.ContainerSpec{
			Image: "web:1", Ports: []model.Port{{Name: "metrics", Port: 9090}}}}}}}, features.Default())
}

// TestPreview checks that the previews of pull requests are scraped, and alert
// nobody.
func TestPreview(t *testing.T) {
	r := resolver(&model.Monitoring{
		SLO:        []model.SLO{{Name: "availability", Objective: "99.9", Indicator: model.Indicator{HTTP: &model.HTTPIndicator{}}}},
		Alerts:     []model.Alert{{Name: "Absent", Expr: "absent(up)"}},
		Dashboards: []model.Dashboard{{Name: "web", JSON: "{}"}},
	})
	for name, tc := range map[string]struct {
		scope view.Scope
		want  []string
	}{
		"Environment": {view.Scope{Environment: "dev"}, []string{"ConfigMap web-dashboard-web", "PrometheusRule web-alerts", "PrometheusRule web-slo", "ServiceMonitor web"}},
		"Preview":     {view.Scope{Environment: "dev", Preview: view.Preview{App: "web", Number: "7"}}, []string{"ServiceMonitor web"}},
		"Base":        {view.Scope{}, []string{"ConfigMap web-dashboard-web", "PrometheusRule web-alerts", "ServiceMonitor web"}},
	} {
		t.Run(name, func(t *testing.T) {
			target := r.Target("web", tc.scope)
			var got []string
			for _, o := range made(t, r, &target) {
				got = append(got, o.Kind()+" "+o.Name())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEdge asks who may call the port that is scraped, and who says so.
func TestEdge(t *testing.T) {
	edge := func(name string, ports ...string) model.Caller {
		return model.Caller{Name: name, Monitoring: new(true), Ports: ports}
	}
	for name, tc := range map[string]struct {
		reason string
		given  []model.Caller
		spec   func(*model.AppSpec)
		want   []model.Caller
		rule   string
	}{
		"Added":  {reason: "The port is opened.", want: []model.Caller{edge("monitoring", "metrics")}, rule: "scrape-edge"},
		"Given":  {reason: "The port is open already.", given: []model.Caller{edge("", "metrics", "other")}, want: []model.Caller{edge("monitoring", "metrics", "other")}},
		"All":    {reason: "All ports are open already.", given: []model.Caller{edge("")}, want: []model.Caller{edge("monitoring")}},
		"Other":  {reason: "Another port is open.", given: []model.Caller{edge("", "other")}, want: []model.Caller{edge("monitoring", "other"), edge("monitoring:metrics", "metrics")}},
		"Unset":  {reason: "A layer removes the entry.", spec: func(s *model.AppSpec) { s.Unset = append(s.Unset, "acceptsFrom[monitoring]") }},
		"Off":    {reason: "Nothing is scraped.", spec: func(s *model.AppSpec) { s.Monitoring.Scrape = &model.Scrape{Enabled: new(false)} }},
		"NoPort": {reason: "There is nothing to open.", spec: func(s *model.AppSpec) { s.Monitoring.Scrape = &model.Scrape{Enabled: new(true), Port: "stats"} }},
	} {
		t.Run(name, func(t *testing.T) {
			r := resolver(&model.Monitoring{})
			spec := &r.Model().Apps[0].Spec
			spec.AcceptsFrom = tc.given
			if tc.spec != nil {
				tc.spec(spec)
			}
			r = resolve.New(r.Model(), features.Default())
			target, origins, _ := r.Explained("web", view.Scope{Environment: "dev"})
			if diff := cmp.Diff(tc.want, target.Spec.AcceptsFrom); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if got := origins["acceptsFrom[monitoring].monitoring"].Rule; got != tc.rule {
				t.Errorf("%s: the rule of the entry is %q, want %q", tc.reason, got, tc.rule)
			}
		})
	}
}
