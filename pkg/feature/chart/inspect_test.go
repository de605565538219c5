package chart_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// TestInspected checks what is reported of values that nothing reads, and of templates
// that differ from render to render.
func TestInspected(t *testing.T) {
	const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n"
	const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData:\n"
	for name, tc := range map[string]struct {
		reason, template, spec string
		want                   []string
	}{
		"Read": {"All values are read.", configMap + "  a: {{ .Values.replicas }}\n", "  chart: {path: odd, values: {replicas: x}}\n", nil},
		"Unread": {"A typo is found in the layer that has it.", configMap + "  a: {{ .Values.replicas }}\n",
			"  chart: {path: odd}\n  environments:\n    prod:\n      chart: {values: {replicsa: x}}\n",
			[]string{"f/fleet.yaml:27:34: warning: apps[web].environments[prod].chart.values[replicsa]: no template of the chart reads replicsa: nothing changes without it (did you mean replicas?)"}},
		"Perhaps": {"A template looks values up by a name that only it knows.", configMap + "  a: {{ index .Values.ports .Release.Name | default \"x\" }}\n",
			"  chart: {path: odd, values: {ports: {wbe: x}}}\n",
			[]string{"f/fleet.yaml:24:44: warning: apps[web].spec.chart.values[ports][wbe]: perhaps no template of the chart reads ports.wbe: nothing changes without it (did you mean ports.web?)"}},
		"Random": {"What is random would change the tree.", configMap + "  a: {{ uuidv4 }}\n", "  chart: {path: odd}\n",
			[]string{"f/fleet.yaml:24:10: apps[web].spec.chart: uuidv4 of odd/templates/t.yaml:5 is random: ConfigMap web has it in data.a (set a value of the chart in its place, or remove the field by a patch)"}},
		"Patched": {"A patch may set it.", configMap + "  a: {{ now }}\n", "  chart: {path: odd}\n  patches: [{merge: {apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: x}}}]\n",
			[]string{"f/fleet.yaml:24:10: warning: apps[web].spec.chart: now of odd/templates/t.yaml:5 depends on the time: ConfigMap web has it in data.a (set a value of the chart in its place, or remove the field by a patch)"}},
		"Cluster": {"What a cluster would say is the same in all renders here.", configMap + "  a: {{ with lookup \"v1\" \"Namespace\" \"\" \"x\" }}{{ .kind }}x{{ else }}none{{ end }}\n", "  chart: {path: odd}\n",
			[]string{"f/fleet.yaml:24:10: warning: apps[web].spec.chart: lookup of odd/templates/t.yaml:5 asks a cluster or the network, and nothing answers here: ConfigMap web has it in data.a (set a value that decides it, or check that the objects are right)"}},
		"Replaced": {"A secret of the app replaces a generated one.", secret + "  password: {{ randAlphaNum 20 }}\n",
			"  chart: {path: odd}\n  secrets: [{name: web, store: vault, keys: [{name: password}]}]\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := loaded(t, fstest.MapFS{
				"fleet.yaml":           {Data: []byte(platform + app + tc.spec)},
				"odd/Chart.yaml":       {Data: []byte("apiVersion: v2\nname: odd\nversion: 1.0.0\n")},
				"odd/values.yaml":      {Data: []byte("replicas: \"1\"\nports: {web: \"80\"}\n")},
				"odd/templates/t.yaml": {Data: []byte(tc.template)},
			})
			result, err := rendered(l)
			var list finding.List
			if wrong := new(finding.ValidationError); errors.As(err, &wrong) {
				list = wrong.List
			} else if err != nil {
				t.Fatal(err)
			} else {
				list = result.Findings
			}
			if diff := cmp.Diff(tc.want, texts(list, "chart")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
