package monitoring

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// dashboards makes a ConfigMap for each dashboard. Its key has the app's name, since
// the sidecar writes the dashboards of all apps into one directory. A preview has
// none: Grafana shows one dashboard for each uid.
func dashboards(t *view.Target, _ *view.View) ([]object.Object, error) {
	if t.Spec.Monitoring == nil || t.IsPreview() {
		return nil, nil
	}
	var out []*corev1.ConfigMap
	for _, d := range t.Spec.Monitoring.Dashboards {
		m := part.Meta(t, t.App+"-dashboard-"+d.Name)
		maps.Copy(m.Labels, d.Labels)
		if d.Folder != "" {
			m.Annotations = map[string]string{"grafana_folder": d.Folder}
		}
		out = append(out, &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: m,
			Data:       map[string]string{file(t.App, d.Name): d.JSON},
		})
	}
	return object.FromAll(out...)
}

// file returns the name of the file that the sidecar writes.
func file(app, dashboard string) string { return app + "-" + dashboard + ".json" }
