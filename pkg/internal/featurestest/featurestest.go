// Package featurestest has fleets in which nothing is wrong, for tests of features,
// which change them, and tells which rules a fleet breaks.
package featurestest

import (
	"maps"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// Fleet returns a fleet of two environments and three clusters in which nothing
// is wrong: every rule is kept.
func Fleet() *model.Fleet {
	app := func(name string, routes ...model.Route) model.App {
		return model.App{Name: name, Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Image: name + ":1", Ports: []model.Port{{Name: "http", Port: 8080}}}, Routes: routes}}
	}
	return &model.Fleet{
		Name:     "shop",
		Defaults: model.AppSpec{Pod: &model.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}}},
		Gateways: []model.Gateway{
			{Name: "public", Class: "proxy"},
			{Name: "mesh", Kind: model.IstioGateway, Issuer: "own"},
		},
		Issuers: []model.Issuer{
			{Name: "acme", ACME: &model.ACME{Solvers: []model.Solver{{HTTP01: &model.HTTP01{}}, {Zones: []string{"dns.example.com"}, Cloudflare: &model.Cloudflare{}}}}},
			{Name: "root", SelfSigned: &model.SelfSigned{}},
			{Name: "own", CA: &model.CA{From: "root"}},
		},
		Clusters: []model.Cluster{{Name: "lab"}, {Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{
			{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com", Gateway: "public", Issuer: "acme", ExistingSecrets: []string{"a", "cert"}},
			{Name: "prod", PromotedFrom: "dev", Clusters: []string{"one"}, Domain: "example.com", Gateway: "public", Issuer: "acme", ExistingSecrets: []string{"a", "cert"}},
		},
		Apps: []model.App{
			app("web", model.Route{Host: "shop"}, model.Route{Host: "inner", Gateway: "mesh"}),
			app("api", model.Route{Host: "shop", Rules: []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/api"}}}}}),
		},
	}
}

// Routed returns a fleet of one app with a route on a gateway, in which nothing
// is wrong.
func Routed(route model.Route) *model.Fleet {
	return &model.Fleet{
		Name:         "shop",
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Issuers:      []model.Issuer{{Name: "own", SelfSigned: &model.SelfSigned{}}},
		Clusters:     []model.Cluster{{Name: "lab"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com"}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{Routes: []model.Route{route},
			ContainerSpec: model.ContainerSpec{Image: "web:1", Ports: []model.Port{{Name: "http", Port: 8080}}}}}},
	}
}

// Validated returns the findings about a fleet as it was written and about each of
// its targets.
func Validated(f *model.Fleet) finding.List {
	list, r := validate.Fleet(f, features.Default(), nil), resolve.New(f, features.Default())
	for _, app := range r.Apps() {
		for _, s := range r.Clusters(app) {
			t := r.Target(app, s)
			list = append(list, validate.Target(fieldpath.Path("apps").Key(app).Field("spec"), &t, features.Default(), nil)...)
		}
	}
	return list
}

// CheckValidated checks which rules a fleet breaks by Validated, and that each
// finding has its path, its reason and its fix.
func CheckValidated(t *testing.T, reason string, f *model.Fleet, want []string) {
	t.Helper()
	list := Validated(f)
	for _, x := range list {
		if x.Fix == "" || x.Reason == "" || x.Path == "" {
			t.Errorf("%+v lacks its path, its reason or its fix", x)
		}
	}
	if diff := cmp.Diff(want, Rules(list)); diff != "" {
		t.Errorf("%s: rules (-want +got):\n%s", reason, diff)
	}
}

// Audited returns the findings that only all targets of a fleet show together.
func Audited(f *model.Fleet) finding.List {
	return validate.Resolved(resolve.New(f, features.Default()), nil)
}

// Broken returns the rules that a fleet breaks as it was written and as a whole,
// sorted.
func Broken(f *model.Fleet) []string {
	return Rules(append(validate.Fleet(f, features.Default(), nil), Audited(f)...))
}

// Rules returns the rules of findings, each once, sorted.
func Rules(list finding.List) []string {
	ids := map[string]bool{}
	for _, x := range list {
		ids[x.Rule] = true
	}
	return slices.Sorted(maps.Keys(ids))
}
