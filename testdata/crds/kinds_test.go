package crds

import (
	"archive/zip"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	kinds "github.com/gitopsgen/gitopsgen/pkg/kind"
)

// TestKinds checks that every field that the table of kinds names is in a
// definition that the operator publishes.
func TestKinds(t *testing.T) {
	missing := map[kinds.Name][]string{}
	for n := range kinds.All() {
		if fields := kinds.Lookup(n).Fields(); fields != nil && !kinds.IsBuiltin(n) {
			missing[n] = fields
		}
	}
	if len(missing) < 10 {
		t.Errorf("the table describes only %d kinds of operators", len(missing))
	}
	for _, r := range slices.Concat(releases, others) {
		definitions, err := r.definitions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range definitions {
			n := kinds.Name{Group: d.Spec.Group, Kind: d.Spec.Names.Kind}
			for _, v := range d.Spec.Versions {
				if len(missing[n]) == 0 || v.Schema == nil {
					continue
				}
				eachField("", v.Schema.OpenAPIV3Schema, func(path string) {
					missing[n] = slices.DeleteFunc(missing[n], func(end string) bool { return path == end || strings.HasSuffix(path, "."+end) })
				})
			}
		}
	}
	for n, fields := range missing {
		if len(fields) > 0 {
			t.Errorf("no definition of %s has %v", n, fields)
		}
	}
}

// eachField calls f for every path below a schema, through lists and maps.
func eachField(path string, s *apiextensionsv1.JSONSchemaProps, f func(path string)) {
	f(path)
	for name, below := range s.Properties {
		eachField(strings.TrimPrefix(path+"."+name, "."), &below, f)
	}
	if s.Items != nil && s.Items.Schema != nil {
		eachField(path, s.Items.Schema, f)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		eachField(path, s.AdditionalProperties.Schema, f)
	}
}

// property is one of a type in Kubernetes' OpenAPI document.
type property struct {
	Type     string
	Strategy string   `json:"x-kubernetes-patch-strategy"`
	Key      string   `json:"x-kubernetes-patch-merge-key"`
	Keys     []string `json:"x-kubernetes-list-map-keys"`
}

// newer are lists that Kubernetes merges, and kustomize, which has an older
// schema, replaces.
var newer = []string{"matchConditions", "resourceClaims", "schedulingGates", "variables", "x-kubernetes-validations"}

// elsewhere are lists that merge in kinds that the column of kustomize names.
var elsewhere = []string{"drivers", "podCIDRs", "webhooks"}

// TestMergeKeys holds the merge keys of lists to Kubernetes' OpenAPI document.
func TestMergeKeys(t *testing.T) {
	compared := map[string]bool{}
	for of, properties := range openAPI(t) {
		if strings.HasSuffix(of, "Status") {
			continue // which nobody writes
		}
		for name, p := range properties {
			if !strings.HasPrefix(p.Strategy, "merge") || p.Type != "array" || slices.Contains(newer, name) || slices.Contains(elsewhere, name) {
				continue
			}
			want := p.Keys
			if want == nil {
				want = []string{p.Key}
			}
			got := kinds.MergeKeys(name)
			if strings.HasSuffix(of, ".ServiceSpec") {
				got = kinds.Kustomize(kinds.Name{Kind: "Service"}).Merge["spec."+name]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %s (-Kubernetes +table):\n%s", name, of, diff)
			}
			compared[name] = true
		}
	}
	if len(compared) < 12 {
		t.Errorf("only %d lists were compared", len(compared))
	}
}

// openAPI returns the properties of Kubernetes' types.
func openAPI(t *testing.T) map[string]map[string]property {
	t.Helper()
	archive, err := kubernetes.download(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	f, err := files.Open(kubernetes.module + "@" + kubernetes.version + "/api/openapi-spec/swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var document struct {
		Definitions map[string]struct{ Properties map[string]property }
	}
	if err := json.NewDecoder(f).Decode(&document); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]property{}
	for name, d := range document.Definitions {
		out[name] = d.Properties
	}
	return out
}
