package render_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// small returns a fleet of one app.
func small() *model.Fleet {
	return &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "one"}}, Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}}}
}

// TestZeroOptions calls each option of the package with the zero values of its
// arguments: none of them panics, and neither does anything else that takes a pointer.
func TestZeroOptions(t *testing.T) {
	shop := small()
	zero := map[string]render.Option{
		"WithCache": render.WithCache(nil), "WithCharts": render.WithCharts(nil), "WithFeature": render.WithFeature(feature.Feature{}), "WithPositions": render.WithPositions(nil),
		"WithPrior": render.WithPrior(nil), "WithProgress": render.WithProgress(nil), "WithProofOf": render.WithProofOf(nil), "WithSelection": render.WithSelection(render.Selection{}),
		"WithVersion": render.WithVersion(""), "WithWorkers": render.WithWorkers(0), "WithoutProof": render.WithoutProof(), "nil": nil,
	}
	for _, name := range optionsOf(t) {
		if _, ok := zero[name]; !ok {
			t.Errorf("the option %s is not in this test", name)
		}
	}
	for name, option := range zero {
		_, err := render.Fleet(context.Background(), shop, option)
		if (err == nil) != (name != "WithFeature") {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none *render.Result
	if diff := cmp.Diff(ownership.Options{}, none.Ownership()); diff != "" {
		t.Errorf("nothing is allowed without a result (-want +got):\n%s", diff)
	}
	if none.CheckWrite(nil) == nil || render.Selection.Check(render.Selection{Apps: []string{"x"}}, nil) == nil {
		t.Error("nothing is not written, and has no apps")
	}
	if _, err := render.TargetObjects(nil, nil); err == nil {
		t.Error("no target has no objects")
	}
	if _, err := render.Features(nil); err != nil {
		t.Error(err)
	}
}

// optionsOf returns the names of the functions of the package that return an Option.
func optionsOf(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.IsExported() && d.Type.Results != nil {
				if result, ok := d.Type.Results.List[0].Type.(*ast.Ident); ok && result.Name == "Option" {
					out = append(out, d.Name.Name)
				}
			}
		}
	}
	if len(out) == 0 {
		t.Fatal("no options were found")
	}
	return out
}

// TestOptions checks that what a program hands in by mistake is an error, and
// neither a panic nor a tree that lacks everything.
func TestOptions(t *testing.T) {
	shop := small()
	for name, tc := range map[string]struct {
		reason string
		fleet  *model.Fleet
		option render.Option
		want   string
	}{
		"NoFleet":     {"There is nothing to render.", nil, render.WithWorkers(1), "the fleet is nil"},
		"Feature":     {"A feature has a name.", shop, render.WithFeature(feature.Feature{}), "is not a valid name of a feature"},
		"Twice":       {"No other feature has it.", shop, render.WithFeature(feature.Feature{Name: "workload"}), `two features have the name "workload"`},
		"Default":     {"A default that does nothing is a mistake.", shop, render.WithFeature(feature.Feature{Name: "cost", Defaults: []feature.Default{{ID: "cost"}}}), "the default cost of feature cost does nothing"},
		"App":         {"A selection of nothing would be an empty tree.", shop, render.WithSelection(render.Selection{Apps: []string{"wbe"}}), "the fleet has no app wbe"},
		"Environment": {"So would one of no environment.", shop, render.WithSelection(render.Selection{Environments: []string{"x"}}), "the fleet has no environment x"},
		"Cluster":     {"So would one of no cluster.", shop, render.WithSelection(render.Selection{Clusters: []string{"x"}}), "the fleet has no cluster x"},
		"Prior":       {"Without a prior tree nothing stands there.", shop, render.WithPrior(nil), ""},
		"Cache":       {"Without a cache everything is proved.", shop, render.WithCache(nil), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render.Fleet(context.Background(), tc.fleet, tc.option)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
	_, err := render.Fleet(context.Background(), shop, render.WithSelection(render.Selection{Apps: []string{"x"}, Clusters: []string{"y"}}))
	if found := new(finding.ValidationError); !errors.As(err, &found) || len(found.List) != 2 {
		t.Errorf("got %v, want a finding for each name", err)
	}
}
