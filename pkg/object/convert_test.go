package object_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Embedded is what odd has from others.
type Embedded struct {
	Count uint16 `json:"count"`
	Ratio float64
}

// odd has the fields that no type of Kubernetes has.
type odd struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	*Embedded
	Omitted    Embedded                     `json:"omitted,omitzero"`
	Time       metav1.Time                  `json:"time,omitzero"`
	Never      string                       `json:"-"`
	Any        any                          `json:"any,omitempty"`
	Raw        json.RawMessage              `json:"raw,omitempty"`
	Schema     map[string]any               `json:"openAPIV3Schema"`
	Quantities map[string]resource.Quantity `json:"quantities,omitempty"`
	Pointers   []*int32                     `json:"pointers"`
	Wait       *metav1.Duration             `json:"wait"`
}

// TestFromEqualsConverter fills objects at random and converts them as apimachinery does.
func TestFromEqualsConverter(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme,
		corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme, storagev1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	types := scheme.AllKnownTypes()
	types[schema.GroupVersionKind{Group: "test", Version: "v1", Kind: "Odd"}] = reflect.TypeFor[odd]()
	for _, gvk := range slices.SortedFunc(maps.Keys(types), func(a, b schema.GroupVersionKind) int { return strings.Compare(a.String(), b.String()) }) {
		if strings.HasSuffix(gvk.Kind, "Options") || strings.HasSuffix(gvk.Kind, "List") || !isObject(types[gvk]) {
			continue
		}
		t.Run(gvk.Group+"."+gvk.Kind, func(t *testing.T) {
			for seed := range int64(20) {
				typed := reflect.New(types[gvk])
				filler(seed).Fill(typed.Interface())
				typed.Elem().FieldByName("TypeMeta").Set(reflect.ValueOf(metav1.TypeMeta{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind}))
				typed.Elem().FieldByName("ObjectMeta").FieldByName("Name").SetString("name")
				content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed.Interface())
				if err != nil {
					t.Fatal(err)
				}
				want, err := object.From(&unstructured.Unstructured{Object: content})
				if err != nil {
					t.Fatal(err)
				}
				got, err := object.From(typed.Interface())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want.Map(), got.Map()); diff != "" {
					t.Fatalf("seed %d: From (-apimachinery +got):\n%s", seed, diff)
				}
			}
		})
	}
}

// isObject reports whether a type has the metadata of an object.
func isObject(t reflect.Type) bool {
	f, ok := t.FieldByName("ObjectMeta")
	return ok && f.Type == reflect.TypeFor[metav1.ObjectMeta]()
}

// filler fills values at random, with half of what is optional.
func filler(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).NilChance(0.5).NumElements(0, 3).MaxDepth(12).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = resource.MustParse([]string{"0", "100m", "1.5Gi", "0.1", "1e3", "128Mi", "1000k"}[c.Intn(7)])
		},
		func(i *intstr.IntOrString, c randfill.Continue) {
			*i = intstr.FromInt32(c.Int31())
			if c.Bool() {
				*i = intstr.FromString(c.String(0))
			}
		},
		func(e *Embedded, c randfill.Continue) { e.Count = uint16(c.Intn(2)) },
		func(t *metav1.Time, c randfill.Continue) {
			if c.Bool() {
				*t = metav1.Unix(c.Int63n(1e9), 0)
			}
		},
		func(r *runtime.RawExtension, c randfill.Continue) { r.Raw = someJSON(c) },
		func(r *json.RawMessage, c randfill.Continue) { *r = someJSON(c) },
		func(f *metav1.FieldsV1, c randfill.Continue) { f.SetRawBytes([]byte(`{"f:a":{}}`)) },
		func(a *any, c randfill.Continue) {
			*a = []any{nil, "text", true, 1, 1.5, []any{int32(1), nil}, map[string]any{"a": []string{"b"}, "resources": map[string]any{}}, &Embedded{Count: 1}}[c.Intn(8)]
		},
		func(n *int64, c randfill.Continue) { *n = int64(c.Uint64()) },
		func(m map[string]string, c randfill.Continue) { m[fmt.Sprint("key", c.Intn(3))] = c.String(0) },
	)
}

func someJSON(c randfill.Continue) []byte {
	return []byte([]string{`null`, `"text"`, `true`, `{"a": [1, 1.50, 1e3, null, 12345678901234567890], "resources": {}}`, `[{"status": {}, "spec": {}}]`, `-3`}[c.Intn(6)])
}

// BenchmarkFrom compares with apimachinery's converter.
func BenchmarkFrom(b *testing.B) {
	typed := deployment()
	b.Run("From", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := object.From(typed); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Apimachinery", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := object.FromMap(content); err != nil {
				b.Fatal(err)
			}
		}
	})
}
