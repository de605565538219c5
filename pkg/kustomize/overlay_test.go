package kustomize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// deployment returns a Deployment with a pod's spec, as YAML in one line.
func deployment(pod string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: " + pod + "}}}\n"
}

// TestOverlayTraps holds what kustomize makes of some objects, when a patch or
// a transformer that does not even name the field walks them.
func TestOverlayTraps(t *testing.T) {
	const main = "containers: [{name: main, image: web:1}]"
	thing := func(fields string) string {
		return "{apiVersion: example.com/v1, kind: Thing, metadata: {name: web}, " + fields + "}\n"
	}
	configMap := func(fields string) string { return "{apiVersion: v1, kind: ConfigMap, " + fields + "}\n" }
	service := func(fields string) string {
		return "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {" + fields + "}}\n"
	}
	webhooks := func(list string) string {
		return "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: web}, webhooks: " + list + "}\n"
	}
	replicas := func(apiVersion, kind string, n int) string {
		return fmt.Sprintf("{apiVersion: %s, kind: %s, metadata: {name: web}, spec: {replicas: %d}}\n", apiVersion, kind, n)
	}
	for name, tc := range map[string]struct {
		reason   string
		from, to string
	}{
		"TwinPorts": {
			reason: "a merge makes one of two ports with one number, although it changes something else",
			from:   deployment("{dnsPolicy: a, containers: [{name: main, ports: [{containerPort: 53, name: a, protocol: UDP}, {containerPort: 53, name: b, protocol: UDP}]}]}"),
			to:     deployment("{dnsPolicy: b, containers: [{name: main, ports: [{containerPort: 53, name: a, protocol: UDP}, {containerPort: 53, name: b, protocol: UDP}]}]}"),
		},
		"TwinPortsBehind": {
			reason: "so it does in a container that stands behind the one that changes",
			from:   deployment("{containers: [{name: a, args: [a]}, {name: b, ports: [{containerPort: 53, name: a}, {containerPort: 53}]}]}"),
			to:     deployment("{containers: [{name: a, args: [b]}, {name: b, ports: [{containerPort: 53, name: a}, {containerPort: 53}]}]}"),
		},
		"TwinConstraints": {
			reason: "and of two topology constraints with the same keys",
			from:   deployment("{dnsPolicy: a, topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1}, {topologyKey: zone, maxSkew: 2}]}"),
			to:     deployment("{dnsPolicy: b, topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1}, {topologyKey: zone, maxSkew: 2}]}"),
		},
		"TwinVariables": {
			reason: "and of two variables with one name, which Kubernetes allows",
			from:   deployment("{dnsPolicy: a, containers: [{name: main, env: [{name: A, value: x}, {name: A, value: y}]}]}"),
			to:     deployment("{dnsPolicy: b, containers: [{name: main, env: [{name: A, value: x}, {name: A, value: y}]}]}"),
		},
		"TwinFinalizers": {
			reason: "and of two finalizers that are alike",
			from:   "{apiVersion: v1, kind: Secret, metadata: {name: web, finalizers: [a, a]}, type: a}\n",
			to:     "{apiVersion: v1, kind: Secret, metadata: {name: web, finalizers: [a, a]}, type: b}\n",
		},
		"ServicePorts": {
			reason: "the ports of a Service merge, also where none has a target",
			from:   service("ports: [{port: 80, protocol: TCP}, {port: 81, protocol: TCP}]"),
			to:     service("ports: [{port: 82, protocol: TCP}, {port: 81, protocol: TCP}]"),
		},
		"Webhooks": {
			reason: "webhooks merge by name, so that one that goes has to be deleted",
			from:   webhooks("[{name: a, timeoutSeconds: 1, sideEffects: None}, {name: b}]"),
			to:     webhooks("[{name: a, timeoutSeconds: 2}]"),
		},
		"EmptyMaps": {
			reason: "a map without fields arrives, however deep",
			from:   thing("spec: {x: 1}") + "---\n" + deployment("{"+main+"}"),
			to:     thing("spec: {x: 1, a: {}, b: {c: {}}, d: [{}, {e: {}}]}") + "---\n" + deployment("{affinity: {}, containers: [{name: main, image: web:1, securityContext: {}}], volumes: [{name: tmp, emptyDir: {}}]}"),
		},
		"TypesOfScalars": {
			reason: "a word takes the place of a number, and a number that of a word",
			from:   deployment("{containers: [{name: main, livenessProbe: {httpGet: {port: 80}}, readinessProbe: {httpGet: {port: http}}}], tolerations: [{key: a}]}") + "---\n" + thing("spec: {a: true, b: 1, c: x, d: 'true'}"),
			to:     deployment("{containers: [{name: main, livenessProbe: {httpGet: {port: http}}, readinessProbe: {httpGet: {port: 80}}}], tolerations: [{key: b}]}") + "---\n" + thing("spec: {a: x, b: word, c: 7, d: false}"),
		},
		"SwappedPorts": {
			reason: "ports merge by number and protocol, and stay in place",
			from:   deployment("{containers: [{name: main, ports: [{containerPort: 1, protocol: TCP}, {containerPort: 2, protocol: TCP}, {containerPort: 3, protocol: TCP}]}]}"),
			to:     deployment("{containers: [{name: main, ports: [{containerPort: 4, protocol: UDP}, {containerPort: 3, protocol: TCP, name: c}, {containerPort: 1, protocol: TCP}]}]}"),
		},
		"FewerPorts": {
			reason: "ports that go are deleted, those that come stand first",
			from:   deployment("{containers: [{name: main, ports: [{containerPort: 1, protocol: TCP}, {containerPort: 2, protocol: TCP}, {containerPort: 3, protocol: TCP}]}]}"),
			to:     deployment("{containers: [{name: main, ports: [{containerPort: 5, protocol: UDP}, {containerPort: 4, protocol: UDP}, {containerPort: 1, protocol: TCP, name: a}, {containerPort: 3, protocol: TCP}]}]}"),
		},
		"Replicas": {
			reason: "replicas reach a ReplicationController of the same name too",
			from:   replicas("apps/v1", "Deployment", 1) + "---\n" + replicas("v1", "ReplicationController", 1),
			to:     replicas("apps/v1", "Deployment", 2) + "---\n" + replicas("v1", "ReplicationController", 1),
		},
		"LabelsOfOtherGroups": {
			reason: "labels reach the templates of a StatefulSet only in its own group",
			from:   "{apiVersion: apps.kruise.io/v1, kind: StatefulSet, metadata: {name: web}, spec: {template: {metadata: {labels: {a: b}}}}}\n",
			to:     "{apiVersion: apps.kruise.io/v1, kind: StatefulSet, metadata: {name: web, labels: {c: d}}, spec: {template: {metadata: {labels: {a: b, c: d}}}}}\n",
		},
		"NamelessField": {
			reason: "a merge takes a field without a name for the map itself",
			from:   thing(`spec: {"": 1, a: 1}`),
			to:     thing(`spec: {"": 1, a: 2}`),
		},
		"GeneratedAnnotations": {
			reason: "the mark that a name is to be hashed is an annotation, which goes with all others",
			from:   configMap("metadata: {name: conf, annotations: {a: b}}, data: {a: b}"),
			to:     configMap("metadata: {name: conf}, data: {a: b}"),
		},
		"GeneratedQuotes": {
			reason: "a generator quotes nothing, so that a merge leaves no quotes either",
			from:   configMap("metadata: {name: conf, annotations: {a: 'true', b: b}}, data: {a: b}"),
			to:     configMap("metadata: {name: conf, labels: {a: 'false', b: b}}, data: {a: b}"),
		},
		"ImageOfTextContainers": {
			reason: "images fail on a custom resource whose containers are names",
			from:   deployment("{"+main+"}") + "---\n" + thing("spec: {containers: [main]}"),
			to:     deployment("{containers: [{name: main, image: web:2}]}") + "---\n" + thing("spec: {containers: [main]}"),
		},
		"ImageOfDeepContainers": {
			reason: "however deep they stand",
			from:   deployment("{"+main+"}") + "---\n" + thing("spec: {a: [{initContainers: [main]}]}"),
			to:     deployment("{containers: [{name: main, image: web:2}]}") + "---\n" + thing("spec: {a: [{initContainers: [main]}]}"),
		},
		"ImageVolume": {
			reason: "images reach the references of image volumes too",
			from:   deployment("{" + main + ", volumes: [{name: a, image: {reference: web:1}}]}"),
			to:     deployment("{containers: [{name: main, image: web:2}], volumes: [{name: a, image: {reference: web:1}}]}"),
		},
		"ImagePattern": {
			reason: "the name of an image is a pattern, which does not match itself here",
			from:   deployment("{containers: [{name: main, image: '[::1]/web:1'}]}"),
			to:     deployment("{containers: [{name: main, image: '[::1]/web:2'}]}"),
		},
		"LabelsOfLists": {
			reason: "labels that are no texts are compared without a panic",
			from:   thing("spec: 1"),
			to:     "{apiVersion: example.com/v1, kind: Thing, metadata: {name: web, labels: {a: [b]}}, spec: 1}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := traps(t, tc.from), traps(t, tc.to)
			b, err := kustomize.Base("apps/app", from)
			if err != nil {
				t.Fatal(err)
			}
			o, err := kustomize.Overlay{Unit: "apps/app", Parent: "../../base", From: from, To: to}.Files()
			if err != nil {
				t.Fatal(err)
			}
			files := slices.Concat(place(b, "apps/app/base"), place(o, "apps/app/overlays/prod"))
			differences, err := kustomize.Prove(files, "apps/app/overlays/prod", to)
			if err != nil || len(differences) > 0 {
				t.Errorf("%s: %v %v\n%s", tc.reason, err, differences, dump(files, differences))
			}
		})
	}
}

// traps reads objects; a ConfigMap is a generated one.
func traps(t *testing.T, data string) []object.Object {
	t.Helper()
	var out []object.Object
	for _, document := range strings.Split(data, "---\n") {
		v, err := object.ParseValue([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		o, err := object.FromMap(v.(map[string]any))
		if err != nil {
			t.Fatal(err)
		}
		if o.Kind() == "ConfigMap" {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	object.Sort(out)
	return out
}

// TestApplyPatches applies patches that leave out what their target says.
func TestApplyPatches(t *testing.T) {
	policy := `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web, labels: {app: web}}, spec: {}}`
	for name, tc := range map[string]struct {
		reason string
		patch  model.Patch
		want   map[string]any
	}{
		"Merge": {
			reason: "a target needs no kind and no name in the patch",
			patch:  model.Patch{Target: &model.PatchTarget{Kind: "NetworkPolicy"}, Merge: map[string]any{"spec": map[string]any{"podSelector": map[string]any{}}}},
			want:   map[string]any{"name": "web", "labels": map[string]any{"app": "web"}},
		},
		"MergeMetadata": {
			reason: "nor a name beside other metadata",
			patch:  model.Patch{Target: &model.PatchTarget{Kind: "NetworkPolicy"}, Merge: map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "b"}}}},
			want:   map[string]any{"name": "web", "labels": map[string]any{"app": "web", "a": "b"}},
		},
		"JSON": {
			reason: "operations may copy",
			patch:  model.Patch{Target: &model.PatchTarget{Kind: "NetworkPolicy"}, JSON: []model.JSONOperation{{Op: "copy", From: "/metadata/name", Path: "/metadata/labels/b"}}},
			want:   map[string]any{"name": "web", "labels": map[string]any{"app": "web", "b": "web"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := kustomize.ApplyPatches(traps(t, policy), []model.Patch{tc.patch})
			if err != nil || len(got) != 1 {
				t.Fatalf("%s: %v, %v", tc.reason, got, err)
			}
			if diff := cmp.Diff(tc.want, got[0].Map()["metadata"]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
