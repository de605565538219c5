package main

import (
	"fmt"
	"strconv"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Cost are the settings of the feature cost: extensions.cost in any layer of an app.
type Cost struct {
	Center string      `json:"center,omitempty" doc:"Center is the cost center that pays. Default: the project of the app."`
	Budget *int32      `json:"budget,omitempty" doc:"Budget is what an environment may cost in a month, in euros. Default: no limit."`
	Alerts []CostAlert `json:"alerts,omitempty" merge:"name" doc:"Alerts are when the owner is notified."`
}

// CostAlert is a part of the budget.
type CostAlert struct {
	Name    string `json:"name" doc:"Name is the name of the alert."`
	Percent int32  `json:"percent,omitempty" doc:"Percent is the part of the budget, from 1 to 100."`
}

// cost writes what each app may cost into a ConfigMap, which the billing reads.
var cost = feature.Feature{
	Name:     "cost",
	Version:  "1",
	Settings: (*Cost)(nil),
	Rules:    []rules.Rule{{ID: "cost-alert", Reason: "The billing ignores an alert beyond the budget.", Fix: "set percent to a number from 1 to 100", Source: "the billing's manual"}},
	Defaults: []feature.Default{{ID: "cost-center", Doc: "An app without a cost center is paid by its project.", Apply: func(d *feature.Derivation) {
		if c := feature.SettingsFor[Cost](d, "cost"); c.Center == "" {
			c.Center = d.Project
		}
	}}},
	CheckLayer: checkCost,
	Objects:    costObjects,
}

// checkCost finds alerts that never fire, in the layer that says so.
func checkCost(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := feature.SettingsIn[Cost](s, "cost")
	if c == nil {
		return
	}
	for _, a := range c.Alerts {
		if a.Percent < 0 || a.Percent > 100 {
			where := at.Field("extensions").Key("cost").Field("alerts").Key(a.Name).Field("percent")
			r.Errorf("cost-alert", where, "use a number from 1 to 100", "%d is not a valid percentage", a.Percent)
		}
	}
}

func costObjects(t *view.Target, _ *view.View) ([]object.Object, error) {
	c := feature.SettingsOf[Cost](t, "cost")
	data := map[string]any{"center": c.Center}
	if c.Budget != nil {
		data["budget"] = strconv.Itoa(int(*c.Budget))
	}
	for _, a := range c.Alerts {
		data["alert-"+a.Name] = fmt.Sprintf("%d%%", a.Percent)
	}
	metadata := map[string]any{"name": t.App + "-cost"}
	if t.Namespace != "" {
		metadata["namespace"] = t.Namespace
	}
	o, err := object.FromMap(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
	return []object.Object{o}, err
}
