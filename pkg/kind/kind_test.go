package kind_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// types returns the Go types of Kubernetes' own kinds.
func types(t *testing.T) map[kind.Name]reflect.Type {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		admissionregistrationv1.AddToScheme, appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme,
		discoveryv1.AddToScheme, networkingv1.AddToScheme, nodev1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme,
		schedulingv1.AddToScheme, storagev1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	out := map[kind.Name]reflect.Type{}
	for gvk, of := range scheme.AllKnownTypes() {
		if n := (kind.Name{Group: gvk.Group, Kind: gvk.Kind}); kind.IsBuiltin(n) {
			out[n] = of
		}
	}
	if len(out) < 50 {
		t.Fatalf("there are types of %d kinds only", len(out))
	}
	return out
}

// field returns the type of a JSON field, through pointers, lists and maps.
func field(of reflect.Type, name string) (reflect.Type, bool) {
	for i := range of.NumField() {
		f := of.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && tag == "" {
			if found, ok := field(f.Type, name); ok {
				return found, true
			}
		}
		if tag == name {
			return element(f.Type), true
		}
	}
	return nil, false
}

func element(of reflect.Type) reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	return of
}

// at returns the type of what is at a path.
func at(of reflect.Type, path []string) (reflect.Type, bool) {
	for _, name := range path {
		switch of.Kind() {
		case reflect.Map:
			of = element(of.Elem())
		case reflect.Struct:
			f, ok := field(of, name)
			if !ok {
				return nil, false
			}
			of = f
		default:
			return nil, false
		}
	}
	return of, true
}

// TestPods holds the places of pods and of their number to the types of
// Kubernetes: no kind that has pods is missing.
func TestPods(t *testing.T) {
	podTemplate := reflect.TypeFor[corev1.PodTemplateSpec]()
	var withPods []string
	for n, of := range types(t) {
		var template, replicas []string
		for _, path := range [][]string{{"template"}, {"spec", "template"}, {"spec", "jobTemplate", "spec", "template"}} {
			if found, ok := at(of, path); ok && found == podTemplate {
				template = path
			}
		}
		if of == reflect.TypeFor[corev1.Pod]() {
			template = []string{}
		}
		if _, ok := at(of, []string{"spec", "replicas"}); ok {
			replicas = []string{"spec", "replicas"}
		}
		got := kind.Lookup(n)
		if diff := cmp.Diff([][]string{template, replicas}, [][]string{got.PodTemplate, got.Replicas}); diff != "" {
			t.Errorf("%s: the template of its pods, and their number (-Kubernetes +table):\n%s", n, diff)
		}
		if template != nil {
			withPods = append(withPods, fmt.Sprint(n, got.Serves))
			if _, ok := at(of, got.PodSpec()); !ok {
				t.Errorf("%s has no %v", n, got.PodSpec())
			}
		}
	}
	slices.Sort(withPods)
	want := []string{"CronJob.batch false", "DaemonSet.apps true", "Deployment.apps true", "Job.batch false", "Pod true", "PodTemplate false",
		"ReplicaSet.apps true", "ReplicationController true", "StatefulSet.apps true"}
	if diff := cmp.Diff(want, withPods); diff != "" {
		t.Errorf("kinds with pods, and whether these serve (-want +got):\n%s", diff)
	}
}

// TestFields checks that every field that the table names is one of the kind.
func TestFields(t *testing.T) {
	named := 0
	for n, of := range types(t) {
		for _, path := range kind.Lookup(n).Fields() {
			named++
			if _, ok := at(of, strings.Split(path, ".")); !ok {
				t.Errorf("%s has no field %s", n, path)
			}
		}
	}
	if named < 100 {
		t.Errorf("the table names only %d fields", named)
	}
}

// TestTable checks that each kind is there once, with a scope, and that what it
// names is in the table too.
func TestTable(t *testing.T) {
	for n, scope := range kind.All() {
		k := kind.Lookup(n)
		if scope == kind.Unknown || k.Scope != scope || k.Name != n {
			t.Errorf("%s is %s %q", n, k.Name, scope)
		}
		for _, child := range k.Creates {
			if kind.Of(child) == kind.Unknown {
				t.Errorf("%s creates %s, which is not in the table", n, child)
			}
		}
		if k.Rollout != nil && (k.PodTemplate == nil || !k.Serves) {
			t.Errorf("%s replaces pods, and has no template of any, or none that stay", n)
		}
		if (k.Fixed.Fields != nil) != (k.Fixed.Remedy != "") {
			t.Errorf("%s has the fields %v fixed, and the remedy %q", n, k.Fixed.Fields, k.Fixed.Remedy)
		}
	}
}

// TestLists checks which lists have an order, and what tells entries apart.
func TestLists(t *testing.T) {
	tests := map[string]struct {
		reason string
		group  string
		kind   string
		path   string
		want   string
	}{
		"Set":         {"The peers of a policy are a set.", "networking.k8s.io", "NetworkPolicy", "spec.ingress.from", "[[name]] true"},
		"Keys":        {"Its ports have keys.", "networking.k8s.io", "NetworkPolicy", "spec.egress.ports", "[[port protocol]] true"},
		"Containers":  {"Containers have an order, and names.", "apps", "Deployment", "spec.template.spec.containers", "[[name] [name]] false"},
		"Ports":       {"Ports have a name, or are told apart as a container's or a Service's.", "", "Service", "spec.ports", "[[name] [containerPort protocol] [port protocol]] false"},
		"Tolerations": {"A pod's tolerations are a set wherever the pod is.", "batch", "CronJob", "spec.jobTemplate.spec.template.spec.tolerations", "[[name]] true"},
		"Rules":       {"The rules of a role are a set.", "rbac.authorization.k8s.io", "Role", "rules", "[[name]] true"},
		"Route":       {"Those of a route have an order.", "gateway.networking.k8s.io", "HTTPRoute", "spec.rules", "[[name]] false"},
		"Other":       {"A list of another kind is not the policy's.", "networking.k8s.io", "Ingress", "spec.ingress", "[[name]] false"},
		"Unknown":     {"A kind that nobody knows has lists like others.", "example.com", "Firewall", "spec.ingress", "[[name]] true"},
		"UnknownRule": {"Rules below spec have an order there too.", "example.com", "Firewall", "spec.rules", "[[name]] false"},
		"UnknownRoot": {"At the root they have none.", "example.com", "Firewall", "rules.verbs", "[[name]] true"},
		"Application": {"An ApplicationSet has the lists of an Application.", "argoproj.io", "ApplicationSet", "spec.template.spec.ignoreDifferences",
			"[[group kind namespace name]] true"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := kind.Lookup(kind.Name{Group: tc.group, Kind: tc.kind}).List(tc.path)
			if diff := cmp.Diff(tc.want, fmt.Sprint(got.Keys, got.Unordered)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
