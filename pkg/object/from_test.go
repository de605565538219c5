package object_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func meta(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

func TestFrom(t *testing.T) {
	replicas := int32(0)
	pod := corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "c", Image: "i"}},
		Volumes:    []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	}}
	podYAML := func(indent string) string {
		s := ""
		for _, l := range []string{"template:", "  spec:", "    containers:", "    - name: c", "      image: i", "    volumes:", "    - name: v", "      emptyDir: {}"} {
			s += indent + l + "\n"
		}
		return s
	}
	for name, tc := range map[string]struct {
		reason string
		in     runtime.Object
		want   string
	}{
		"Deployment": {"Nobody set the strategy, the status, the resources or the pod's metadata; the empty volume was set, and so were no replicas.",
			&appsv1.Deployment{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: meta("d"),
				Spec: appsv1.DeploymentSpec{Replicas: &replicas, Template: pod}},
			"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: 0\n" + podYAML("  ")},
		"StatefulSet": {"Claim templates have a status of their own.",
			&appsv1.StatefulSet{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"}, ObjectMeta: meta("s"),
				Spec: appsv1.StatefulSetSpec{ServiceName: "svc", Template: pod, VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{Spec: corev1.PersistentVolumeClaimSpec{AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"}}}}}},
			"apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: s\nspec:\n  serviceName: svc\n" + podYAML("  ") + "  volumeClaimTemplates:\n  - spec:\n      accessModes:\n      - ReadWriteOnce\n"},
		"CronJob": {"The metadata of jobs and their pods are pruned alike.",
			&batchv1.CronJob{TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"}, ObjectMeta: meta("c"),
				Spec: batchv1.CronJobSpec{Schedule: "*/5 * * * *", JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: pod}}}},
			"apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: c\nspec:\n  schedule: \"*/5 * * * *\"\n  jobTemplate:\n    spec:\n" + podYAML("      ")},
		"NetworkPolicy": {"Empty selectors select everything, and stay.",
			&networkingv1.NetworkPolicy{TypeMeta: metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"}, ObjectMeta: meta("net"),
				Spec: networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{}}}}, {}}}},
			"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: net\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n    - namespaceSelector: {}\n  - {}\n"},
		"Budget": {"A selector that was set to nothing stays too.",
			&policyv1.PodDisruptionBudget{TypeMeta: metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"}, ObjectMeta: meta("b"),
				Spec: policyv1.PodDisruptionBudgetSpec{Selector: &metav1.LabelSelector{}}},
			"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: b\nspec:\n  selector: {}\n"},
		"Namespace": {"An empty spec says nothing.",
			&corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: meta("net")},
			"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: net\n"},
		"ConfigMap": {"Data is the user's: keys and values stay as they are.",
			&corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: meta("c"), Data: map[string]string{"status": "", "resources": "{}", "on": "null"}},
			"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  \"on\": \"null\"\n  resources: \"{}\"\n  status: \"\"\n"},
		"Quantities": {"Quantities are text.",
			&corev1.LimitRange{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "LimitRange"}, ObjectMeta: meta("l"),
				Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{Type: "Container", Default: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("64Mi")}}}}},
			"apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: l\nspec:\n  limits:\n  - type: Container\n    default:\n      cpu: \"1\"\n      memory: 64Mi\n"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := object.From(tc.in)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, string(o.YAML())); diff != "" {
				t.Errorf("%s: From (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	if _, err := object.From(&corev1.Pod{ObjectMeta: meta("p")}); fmt.Sprint(err) != `object "/p": apiVersion is missing or not a string` {
		t.Errorf("without TypeMeta: got %v", err)
	}
}

func TestFromMap(t *testing.T) {
	with := func(v any) map[string]any {
		return map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": "a"}, "spec": v}
	}
	for name, tc := range map[string]struct {
		reason string
		in     any
		want   any
		err    string
	}{
		"Ints":     {"Go's integers are one type.", []any{1, int8(2), int16(3), int32(4), uint(5), uint8(6), uint16(7), uint32(8), uint64(9)}, []any{int64(1), int64(2), int64(3), int64(4), int64(5), int64(6), int64(7), int64(8), int64(9)}, ""},
		"Floats":   {"Whole numbers are integers, as in JSON.", []any{1.0, 1.5, float32(0.1), 1e300}, []any{int64(1), object.Number("1.5"), object.Number("0.1"), object.Number("1e+300")}, ""},
		"Nested":   {"Values are reached at any depth.", map[string]any{"a": []any{map[string]any{"b": 1}}}, map[string]any{"a": []any{map[string]any{"b": int64(1)}}}, ""},
		"BigInt":   {"Large integers keep their digits.", uint64(18446744073709551615), object.Number("18446744073709551615"), ""},
		"NoNumber": {"JSON has no NaN.", map[string]any{"a": []any{nan()}}, nil, "spec: a: [0]: NaN is not a JSON number"},
		"NoValue":  {"Other types have no place.", []any{struct{}{}}, nil, "spec: [0]: a Kubernetes object cannot contain a value of type struct {}"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := object.FromMap(with(tc.in))
			if tc.err != "" {
				if diff := cmp.Diff(tc.err, fmt.Sprint(err)); diff != "" {
					t.Errorf("%s: FromMap (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			got, _ := o.Get("spec")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: FromMap (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestEqual(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		a, b   any
		want   bool
	}{
		"Order":      {"Maps have no order.", map[string]any{"a": int64(1), "b": nil}, map[string]any{"b": nil, "a": int64(1)}, true},
		"Lists":      {"Lists have one.", []any{"a", "b"}, []any{"b", "a"}, false},
		"Null":       {"Null is not absent.", map[string]any{"a": nil}, map[string]any{}, false},
		"OtherKey":   {"Null is not another key's null.", map[string]any{"a": nil}, map[string]any{"b": nil}, false},
		"Empty":      {"Empty collections differ.", map[string]any{}, []any{}, false},
		"EmptyNull":  {"Nor are they null.", nil, []any{}, false},
		"TextNumber": {"A number is not its text.", object.Number("1.5"), "1.5", false},
		"Numbers":    {"Numbers are compared as text.", object.Number("1.5"), object.Number("1.50"), false},
		"ScalarMap":  {"A scalar is no map.", "a", map[string]any{"a": "a"}, false},
		"Deep":       {"All levels count.", []any{map[string]any{"a": []any{int64(1)}}}, []any{map[string]any{"a": []any{int64(2)}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := object.Equal(tc.a, tc.b); got != tc.want || object.Equal(tc.b, tc.a) != got {
				t.Errorf("%s: Equal(%v, %v): got %v, want %v, both ways", tc.reason, tc.a, tc.b, got, tc.want)
			}
			if !object.Equal(tc.a, object.Copy(tc.a)) {
				t.Errorf("Copy(%v) differs", tc.a)
			}
		})
	}
}

func TestClone(t *testing.T) {
	o, err := object.FromMap(map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": "a"}, "list": []any{map[string]any{"x": "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	before := string(o.YAML())
	c := o.WithGenerator().Clone()
	c.Map()["list"].([]any)[0].(map[string]any)["x"] = "z"
	if diff := cmp.Diff(before, string(o.YAML())); diff != "" {
		t.Errorf("changing a clone changed the object (-want +got):\n%s", diff)
	}
	if !c.Generated() || o.Generated() {
		t.Errorf("Generated: the clone %v, the object %v; want true, false", c.Generated(), o.Generated())
	}
}

func TestSort(t *testing.T) {
	objects, err := object.Parse([]byte(`
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: x}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
---
{apiVersion: v1, kind: Service, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: z}}
`))
	if err != nil {
		t.Fatal(err)
	}
	object.Sort(objects)
	var got []string
	for _, o := range objects {
		got = append(got, o.ID().String())
	}
	if diff := cmp.Diff([]string{"ConfigMap z", "Service a", "Service x/a", "Deployment.apps a"}, got); diff != "" {
		t.Errorf("Sort (-want +got):\n%s", diff)
	}
}
