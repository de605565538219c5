package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestPodNames checks the labels and volumes of pods wherever a kind has them.
func TestPodNames(t *testing.T) {
	const bad = "metadata: {labels: {team: a b}}, spec: {volumes: [{name: A}]}"
	const label, volume = `"a b" is not a valid value of a label`, `"A" is not a valid name of a Volume`
	tests := map[string]struct {
		reason, object string
		want           []string
	}{
		"Deployment": {"Pods are in the template.", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {" + bad + "}}}", []string{label, volume}},
		"CronJob": {"They are deeper in a CronJob.", "{apiVersion: batch/v1, kind: CronJob, metadata: {name: web}, spec: {jobTemplate: {spec: {template: {" + bad + "}}}}}",
			[]string{label, volume}},
		"PodTemplate": {"A template has no spec.", "{apiVersion: v1, kind: PodTemplate, metadata: {name: web}, template: {" + bad + "}}", []string{label, volume}},
		"Pod":         {"A Pod is one, and its labels are named once.", "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {team: a b}}, spec: {volumes: [{name: A}]}}", []string{label, volume}},
		"Operator":    {"The workloads of operators follow Kubernetes'.", "{apiVersion: example.com/v1, kind: Server, metadata: {name: web}, spec: {template: {" + bad + "}}}", []string{label, volume}},
		"None":        {"Elsewhere there are none.", "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {pod: {" + bad + "}}}", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := object.ParseValue([]byte(tc.object))
			if err != nil {
				t.Fatal(err)
			}
			o, err := object.FromMap(v.(map[string]any))
			if err != nil {
				t.Fatal(err)
			}
			found := validate.Names("apps[web].spec", &view.Target{}, []object.Object{o}, func(p fieldpath.Path) fieldpath.Path { return p }, nil)
			if len(found) != len(tc.want) {
				t.Errorf("%s: want %q, got %v", tc.reason, tc.want, found)
			}
			for _, want := range tc.want {
				if !strings.Contains(fmt.Sprint(found), want) {
					t.Errorf("%s: want %q, got %v", tc.reason, want, found)
				}
			}
		})
	}
}
