package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestRolesByPattern replaces the lines of a role, from one tree to another, and looks
// which are a risk: those with which somebody may do more to an Application.
func TestRolesByPattern(t *testing.T) {
	byName := []string{"get mall/cart-dev-one", "get mall/search-dev-one"}
	tests := map[string]struct {
		reason   string
		from, to []string
		delivery model.Delivery
		want     []string
	}{
		"Pattern":    {reason: "A pattern says what the names said.", from: byName, to: []string{"get mall/*-dev-one"}},
		"Names":      {reason: "Names say what a pattern said.", from: []string{"get mall/*-dev-one"}, to: byName},
		"All":        {reason: "So does one for all.", from: []string{"get mall/*"}, to: []string{"get mall/*-dev-one"}},
		"OneMissing": {reason: "A pattern that matches an app more is more.", from: byName[:1], to: []string{"get mall/*-dev-one"}, want: []string{"get mall/*-dev-one"}},
		"Wider":      {reason: "So is one for another environment.", from: byName, to: []string{"get mall/*"}, want: []string{"get mall/*"}},
		"Action":     {reason: "And one for another action.", from: byName, to: []string{"get mall/*-dev-one", "sync mall/*-dev-one"}, want: []string{"sync mall/*-dev-one"}},
		"AnyAction":  {reason: "Any action has been every action.", from: []string{"* mall/*-dev-one"}, to: []string{"sync mall/*-dev-one"}},
		"Unknown":    {reason: "What a pattern will match is not known where it matches nothing.", from: byName, to: []string{"get mall/*-pr-*"}, want: []string{"get mall/*-pr-*"}},
		"Sets":       {reason: "ApplicationSets have Applications too.", delivery: model.Delivery{Strategy: model.ListSet}, from: byName, to: []string{"get mall/*-dev-one"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			fleet := mall()
			fleet.Apps = slices.DeleteFunc(fleet.Apps, func(a model.App) bool { return a.Name != "cart" && a.Name != "search" })
			fleet.Projects = []model.Project{{Name: "mall", Roles: []model.ProjectRole{{Name: "dev", Groups: []string{"dev"}}}}}
			fleet.Delivery = tc.delivery
			rendered := render1(t, fleet)
			report, err := diff.Trees(withLines(t, rendered, tc.from), withLines(t, rendered, tc.to))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, target := range report.Targets {
				for _, o := range target.Objects {
					for _, f := range o.Fields {
						if f.Risk == diff.RiskPermissions {
							parts := strings.Split(fmt.Sprint(f.To), ", ")
							got = append(got, parts[3]+" "+parts[4])
						}
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || len(report.Targets) == 0 {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// withLines returns a tree whose project has other lines for its role.
func withLines(t *testing.T, in *tree.Tree, lines []string) *tree.Tree {
	t.Helper()
	files := slices.Clone(in.Files())
	for i, f := range files {
		if !strings.HasPrefix(f.Path, "argocd/projects/mall.") {
			continue
		}
		var b strings.Builder
		for _, l := range lines {
			action, object, _ := strings.Cut(l, " ")
			fmt.Fprintf(&b, "    - p, proj:mall:dev, applications, %s, %s, allow\n", action, object)
		}
		old := "    - p, proj:mall:dev, applications, get, mall/*, allow\n"
		if !strings.Contains(string(f.Data), old) {
			t.Fatalf("the project has no such line:\n%s", f.Data)
		}
		files[i].Data = []byte(strings.Replace(string(f.Data), old, b.String(), 1))
	}
	out, err := tree.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
