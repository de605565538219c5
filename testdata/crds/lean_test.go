package crds

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/feature/secrets"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// leans are the structs of the library for custom resources: each field of each
// has to be in the definitions of all releases.
var leans = []lean{
	{argocd.Application{}, "argoproj.io/v1alpha1", "Application", "", nil},
	{argocd.ApplicationSet{}, "argoproj.io/v1alpha1", "ApplicationSet", "", nil},
	{argocd.AppProject{}, "argoproj.io/v1alpha1", "AppProject", "", map[string]string{"spec.clusterResourceWhitelist[].name": "3.3"}},
}

func TestLeanStructs(t *testing.T) {
	judges, err := all()
	if err != nil {
		t.Fatal(err)
	}
	structs := slices.Clone(leans)
	for _, s := range secrets.Specs() {
		structs = append(structs, lean{s.Of, s.APIVersion, s.Kind, "spec", nil})
	}
	for _, l := range structs {
		concerned := judges.of(l.apiVersion, l.kind)
		if len(concerned) == 0 {
			t.Errorf("%T: no release defines %s %s", l.of, l.apiVersion, l.kind)
		}
		for _, j := range concerned {
			for _, m := range j.mismatches(l) {
				field, _, _ := strings.Cut(m, ": ")
				if since := l.newer[field]; since != "" && !view.AtLeast(j.release.minor, since) {
					continue
				}
				t.Errorf("%s: %T: %s", j.release, l.of, m)
			}
		}
	}
}

// right and wrong are structs for certificates.
type (
	right struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			SecretName  string           `json:"secretName"`
			Duration    *metav1.Duration `json:"duration,omitempty"`
			DNSNames    []string         `json:"dnsNames,omitempty"`
			IsCA        *bool            `json:"isCA,omitempty"`
			IssuerRef   rightRef         `json:"issuerRef"`
			unexported  int
			NotInJSON   chan int `json:"-"`
			SecretParts *struct {
				Labels map[string]string `json:"labels,omitempty"`
			} `json:"secretTemplate,omitempty"`
		} `json:"spec"`
	}
	rightRef struct {
		Name string `json:"name"`
	}
	wrong struct {
		SecretName     int               `json:"secretName"`
		DNSName        []string          `json:"dnsName"`
		DNSNames       []int             `json:"dnsNames"`
		PrivateKey     map[string]string `json:"privateKey"`
		SecretTemplate struct {
			Labels map[string]bool `json:"labels"`
		} `json:"secretTemplate"`
		Keystores []struct{} `json:"keystores"`
	}
	port struct {
		Port intstr.IntOrString `json:"port"`
	}
)

func TestMismatches(t *testing.T) {
	cases := map[string]struct {
		reason string
		lean   lean
		want   []string
	}{
		"Right": {
			reason: "embedded types, pointers, maps, and types that write themselves",
			lean:   lean{right{}, "cert-manager.io/v1", "Certificate", "", nil},
		},
		"Wrong": {
			reason: "one of each kind of mistake",
			lean:   lean{wrong{}, "cert-manager.io/v1", "Certificate", "spec", nil},
			want: []string{
				"spec.dnsName: the definition has no such field",
				"spec.dnsNames[]: int is written for type string",
				"spec.issuerRef: required, and not in the struct",
				"spec.keystores: []struct {} is written for type object",
				"spec.privateKey: a map is written for an object of fixed fields",
				"spec.secretName: int is written for type string",
				"spec.secretTemplate.labels{}: bool is written for type string",
			},
		},
		"Item": {
			reason: "a struct for the items of a list",
			lean:   lean{port{}, "cert-manager.io/v1", "Certificate", "spec.additionalOutputFormats[]", nil},
			want: []string{
				"spec.additionalOutputFormats[].port: the definition has no such field",
				"spec.additionalOutputFormats[].type: required, and not in the struct",
			},
		},
		"NoSuchPart": {
			reason: "a path that the definition does not have",
			lean:   lean{port{}, "cert-manager.io/v1", "Certificate", "spec.nothing", nil},
			want:   []string{"spec.nothing: no such part"},
		},
		"NoSuchKind": {
			reason: "a kind that nobody serves",
			lean:   lean{port{}, "cert-manager.io/v1", "Cert", "", nil},
			want:   []string{"cert-manager.io/v1 Cert is not served"},
		},
	}
	judges, err := all()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range judges.of("cert-manager.io/v1", "Certificate") {
		for name, tc := range cases {
			t.Run(j.release.minor+"/"+name, func(t *testing.T) {
				if diff := cmp.Diff(tc.want, j.mismatches(tc.lean)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
			})
		}
	}
}
