package monitoring

import (
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

const apiVersion = "monitoring.coreos.com/v1"

// monitors makes the ServiceMonitor or PodMonitor of an app.
func monitors(t *view.Target, _ *view.View) ([]object.Object, error) {
	if !scraped(&t.Spec) {
		return nil, nil
	}
	s := t.Spec.Monitoring.Scrape
	endpoint := part.Map{"port": s.Port, "path": s.Path, "scheme": s.Scheme, "interval": s.Interval, "scrapeTimeout": s.Timeout,
		"metricRelabelings": relabelings(s.MetricRelabelings)}
	list := "podMetricsEndpoints"
	if s.Kind == model.ServiceMonitor {
		list = "endpoints"
		endpoint["relabelings"] = relabelings(oneService(t))
	}
	o, err := part.Custom(apiVersion, string(s.Kind), meta(t, t.App), part.Fields(part.Map{
		"selector": part.Map{"matchLabels": part.Fields(part.Map{"labels": view.Selector(t.App)})["labels"]},
		list:       part.List{part.Fields(endpoint)},
	}))
	return []object.Object{o}, err
}

// meta returns the metadata of an object that Prometheus selects by its labels.
func meta(t *view.Target, name string) metav1.ObjectMeta {
	m := part.Meta(t, name)
	maps.Copy(m.Labels, t.Spec.Monitoring.Labels)
	return m
}

// oneService keeps the targets of one Service where the monitor, which selects by
// labels, would find the same pods behind several.
func oneService(t *view.Target) []model.Relabeling {
	port := t.Spec.Monitoring.Scrape.Port
	services := servicesWith(view.PortsOf(&t.Spec), port)
	found := len(services)
	for _, o := range t.Spec.Outside {
		if slices.ContainsFunc(o.Ports, func(p model.Port) bool { return p.Name == port }) {
			found++
		}
	}
	if found < 2 || len(services) == 0 {
		return nil
	}
	return []model.Relabeling{{SourceLabels: []string{"__meta_kubernetes_service_name"}, Regex: services[0].Name, Action: "keep"}}
}

func relabelings(list []model.Relabeling) part.List {
	var out part.List
	for _, r := range list {
		step := part.Fields(part.Map{"sourceLabels": r.SourceLabels, "targetLabel": r.TargetLabel, "regex": r.Regex, "modulus": r.Modulus, "action": r.Action})
		for key, text := range map[string]*string{"separator": r.Separator, "replacement": r.Replacement} {
			if text != nil { // "" is a value
				step[key] = *text
			}
		}
		out = append(out, step)
	}
	return out
}

// job returns the value of the label job of the app's metrics.
func job(t *view.Target) string {
	if t.Spec.Monitoring.Scrape.Kind == model.PodMonitor {
		return t.Namespace + "/" + t.App
	}
	if services := servicesWith(view.PortsOf(&t.Spec), t.Spec.Monitoring.Scrape.Port); len(services) > 0 {
		return services[0].Name
	}
	return t.App
}
