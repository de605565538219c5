package gitrepo_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestAttributes asks git what is marked as generated: all inventories, and nothing else.
func TestAttributes(t *testing.T) {
	dir := clone(t, published(t, onBranches(shop("web:1", "web"))).URL)
	files := strings.Split(git(t, dir, "ls-files"), "\n")
	for _, line := range strings.Split(git(t, dir, append([]string{"check-attr", "linguist-generated", "--"}, files...)...), "\n") {
		file, value, _ := strings.Cut(line, ": linguist-generated: ")
		if want := inventory.IsPath(strings.TrimPrefix(file, "deploy/")); (value == "set") != want {
			t.Errorf("linguist-generated of %s is %s", file, value)
		}
	}
}

// branchesWith publishes a fleet to two branches, from which people then remove the
// guide, as if an earlier version had written them.
func branchesWith(t *testing.T, fleet *model.Fleet) gitrepo.Remote {
	t.Helper()
	remote := published(t, fleet)
	for _, branch := range []string{"main", "production"} {
		dir := clone(t, remote.URL)
		git(t, dir, "checkout", "-q", branch)
		git(t, dir, "rm", "-rq", "deploy/.gitopsgen/guide", "deploy/"+layout.Guide, "deploy/"+layout.Attributes)
		git(t, dir, "commit", "-q", "-m", "as before")
		git(t, dir, "push", "-q", "origin", branch)
	}
	return remote
}

// TestGuideOnBranches publishes to branches without a guide, first narrowed to an
// environment: the guide is on a branch once that is published, and not before.
func TestGuideOnBranches(t *testing.T) {
	ctx, fleet := context.Background(), onBranches(shop("web:1", "api", "web"))
	remote := branchesWith(t, fleet)
	publish := func(reason string, s render.Selection, before, want []string) {
		t.Helper()
		branches, err := gitrepo.OpenBranches(remote, fleet)
		if err != nil {
			t.Fatal(err)
		}
		prior, err := branches.Tree(ctx)
		if err != nil {
			t.Fatal(err)
		}
		result := rendered(t, fleet, render.WithSelection(s), render.WithPrior(prior))
		plan, err := branches.Plan(ctx, result)
		if err != nil {
			t.Fatal(err)
		}
		var writes []string
		for _, f := range plan.Writes {
			writes = append(writes, f.Path)
		}
		if diff := cmp.Diff(before, writes); diff != "" || len(plan.Deletes)+len(plan.Conflicts) > 0 {
			t.Errorf("%s: the plan is %v (-want +got):\n%s", reason, plan, diff)
		}
		outcomes, err := branches.Publish(ctx, result)
		if err != nil {
			t.Fatal(err)
		}
		var subjects []string
		for _, o := range outcomes {
			if o.Commit != "" {
				subjects = append(subjects, o.Branch+": "+git(t, remote.URL, "show", "-s", "--format=%s", o.Commit))
			}
		}
		if diff := cmp.Diff(want, subjects); diff != "" {
			t.Errorf("%s: the commits (-want +got):\n%s", reason, diff)
		}
	}
	all, dev := render.Selection{}, render.Selection{Environments: []string{"dev"}}
	guide := []string{layout.Attributes, layout.Guide, ".gitopsgen/guide/base.yaml"}
	publish("A narrowed run concerns its branch.", dev, guide, []string{"main: Update .gitopsgen"})
	publish("Then that one is up to date.", dev, nil, nil)
	publish("The other gets the guide with the next run that concerns it.", all, guide, []string{"production: Update .gitopsgen"})
	fleet.Apps[1].Spec.Image = "web:2"
	result := rendered(t, fleet)
	if _, err := gitrepo.Publish(ctx, remote, result); err != nil {
		t.Fatal(err)
	}
	for _, branch := range []string{"main", "production"} {
		if changed := git(t, remote.URL, "show", "--format=", "--name-only", branch); strings.Contains(changed, layout.Guide) || !strings.Contains(changed, "apps/web/") {
			t.Errorf("a change of an app changes on %s:\n%s", branch, changed)
		}
	}
}

// TestGuideIsKept publishes over a page that a person wrote, or edited.
func TestGuideIsKept(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		remote func(t *testing.T) gitrepo.Remote
		want   string
	}{
		"Foreign": {"A person had the path first.", func(t *testing.T) gitrepo.Remote { return branchesWith(t, onBranches(shop("web:1", "web"))) }, "gitopsgen does not manage this file"},
		"Edited":  {"A person edited the page.", func(t *testing.T) gitrepo.Remote { return published(t, onBranches(shop("web:1", "web"))) }, "this file was edited by hand"},
	} {
		t.Run(name, func(t *testing.T) {
			remote := tc.remote(t)
			byPerson(t, remote.URL, "deploy/"+layout.Guide)
			before := history(t, remote.URL)
			_, err := gitrepo.Publish(context.Background(), remote, rendered(t, onBranches(shop("web:2", "web"))))
			if err == nil || !strings.Contains(err.Error(), layout.Guide+": "+tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
			if diff := cmp.Diff(before, history(t, remote.URL)); diff != "" {
				t.Errorf("%s (-before +after):\n%s", tc.reason, diff)
			}
		})
	}
}

// published returns a repository with a fleet.
func published(t *testing.T, fleet *model.Fleet) gitrepo.Remote {
	t.Helper()
	remote := gitrepo.Remote{URL: bare(t)}
	if _, err := gitrepo.Publish(context.Background(), remote, rendered(t, fleet)); err != nil {
		t.Fatal(err)
	}
	return remote
}
