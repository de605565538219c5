package render_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestPatchedCredentials checks what is found of credentials that are none in the
// model, and are in the objects that it is built to.
func TestPatchedCredentials(t *testing.T) {
	const fleet = `apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
spec: {WAIVERS}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: home}
spec: {}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: prod}
spec: {clusters: [home]}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec:
  image: web:1
  env: [{name: DB_PASSWORD, value: $(PASSWORD)}]
  config: [{name: settings, mountPath: /etc/web, data: {mode: quick}}]
  patches:
    PATCH
`
	for name, tc := range map[string]struct {
		reason, patch, waivers string
		filter                 string
		want                   []string
	}{
		"Kind": {
			"A ConfigMap that a patch turns into a Secret is one.",
			`- {target: {kind: ConfigMap, name: web-settings}, json: [{op: add, path: /metadata/annotations, value: {a: b}}, {op: replace, path: /kind, value: Secret}]}`, "", "",
			[]string{"secret-value apps[web].spec.patches[0].json[1].value"},
		},
		"NoValue": {
			"A Secret without values is none.",
			`- {target: {kind: ConfigMap, name: web-settings}, json: [{op: replace, path: /kind, value: Secret}, {op: remove, path: /data}]}`, "", "",
			nil,
		},
		"Value": {
			"A value may get its name in the object.",
			`- {target: {kind: Deployment}, json: [{op: replace, path: /spec/template/spec/containers/0/env/0/value, value: hunter2}]}`, "", "",
			[]string{"secret-like apps[web].spec.patches[0].json[0].value"},
		},
		"Waived": {
			"A waiver lifts the rule there.",
			`- {target: {kind: Deployment}, json: [{op: replace, path: /spec/template/spec/containers/0/env/0/value, value: hunter2}]}`,
			`guards: {waivers: [{rule: secret-like, path: "apps[web].spec.patches[0].json[0].value", reason: an example}]}`, "",
			nil,
		},
		"OtherRule": {
			"A waiver of another rule does not.",
			`- {target: {kind: Deployment}, json: [{op: replace, path: /spec/template/spec/containers/0/env/0/value, value: hunter2}]}`,
			`guards: {waivers: [{rule: secret-value, path: "apps[web].spec.patches[0].json[0].value", reason: an example}]}`, "",
			[]string{"secret-like apps[web].spec.patches[0].json[0].value"},
		},
		"Name": {
			"A patch may rename the variable of a value that was harmless.",
			`- {target: {kind: Deployment}, json: [{op: add, path: /spec/template/spec/containers/0/env/-, value: {name: MODE, value: hunter2}}, {op: replace, path: /spec/template/spec/containers/0/env/1/name, value: API_TOKEN}]}`, "", "",
			[]string{"secret-like apps[web].spec.patches[0].json[0].value"},
		},
		"Once": {
			"What the model shows is reported once, there.",
			`- {target: {kind: Deployment}, json: [{op: add, path: /spec/template/spec/containers/0/env/-, value: {name: API_TOKEN, value: hunter2}}]}`, "", "",
			[]string{"secret-like apps[web].spec.patches[0].json[0].value[value]"},
		},
		"Filter":   {"A filter may add one.", "[]", "", "hunter2", []string{"secret-like apps[web]"}},
		"Harmless": {"Other patches are none.", `- {target: {kind: Deployment}, json: [{op: replace, path: /spec/replicas, value: 2}]}`, "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.NewReplacer("WAIVERS", tc.waivers, "PATCH", tc.patch).Replace(fleet)
			l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			options := []render.Option{render.WithPositions(l.Positions)}
			if tc.filter != "" {
				options = append(options, render.WithFeature(feature.Feature{Name: "adds", Filter: func(_ *view.Target, objects []object.Object) ([]object.Object, error) {
					for i, o := range objects {
						if o.Kind() == "ConfigMap" {
							objects[i] = o.Clone()
							objects[i].Map()["data"] = map[string]any{"password": tc.filter}
						}
					}
					return objects, nil
				}}))
			}
			result, err := render.Fleet(context.Background(), l.Fleet, options...)
			var found finding.List
			var errs *finding.ValidationError
			switch {
			case errors.As(err, &errs):
				found = errs.List
			case err != nil:
				t.Fatal(err)
			default:
				found = result.Findings
			}
			var got []string
			for _, f := range found {
				switch {
				case strings.HasPrefix(f.Rule, "secret-"):
					got = append(got, f.Rule+" "+string(f.Path))
				case f.Severity == finding.Error:
					t.Errorf("something else is wrong: %s", f)
				}
				if strings.Contains(f.String(), "hunter2") {
					t.Errorf("the finding shows the value: %s", f)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, d)
			}
		})
	}
}
