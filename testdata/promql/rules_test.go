package promql

import (
	"os"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/rulefmt"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

const fleet = "../fleets/monitoring"

// rules returns the groups of rules of the fleet, as Prometheus reads them, by
// environment and name.
func rules(t *testing.T) map[string]rulefmt.RuleGroup {
	t.Helper()
	files, err := load.FS(os.DirFS(fleet), fleet)
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	l.Fleet.Repository.Layout = model.Rendered // whole objects, and no patches
	result, err := render.Fleet(t.Context(), l.Fleet)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]rulefmt.RuleGroup{}
	for _, f := range result.Tree.Files() {
		if !strings.HasPrefix(f.Path, "rendered/") {
			continue
		}
		objects, err := object.Parse(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		for _, o := range objects {
			if o.Kind() != "PrometheusRule" {
				continue
			}
			spec, _ := o.Get("spec")
			text, err := yaml.Marshal(spec)
			if err != nil {
				t.Fatal(err)
			}
			read, wrong := rulefmt.Parse(text, false)
			for _, err := range wrong {
				t.Errorf("%s: %v", f.Path, err)
			}
			for _, g := range read.Groups {
				out[strings.TrimPrefix(o.Namespace(), "shop-")+" "+g.Name] = g
			}
		}
	}
	return out
}

// TestRules lets Prometheus read all rules: their expressions, labels, durations
// and templates.
func TestRules(t *testing.T) {
	groups, recorded, alerts := rules(t), 0, 0
	for _, g := range groups {
		for _, r := range g.Rules {
			if r.Record != "" {
				recorded++
			} else {
				alerts++
			}
		}
	}
	if len(groups) < 16 || recorded < 80 || alerts < 40 {
		t.Errorf("%d groups with %d recording rules and %d alerts are fewer than the fleet has", len(groups), recorded, alerts)
	}
}
