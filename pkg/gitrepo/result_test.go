package gitrepo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// shop returns a fleet of apps in two environments, with an image.
func shop(image string, apps ...string) *model.Fleet {
	f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"home"}}, {Name: "prod", Clusters: []string{"home"}, PromotedFrom: "dev"}}}
	for _, name := range apps {
		f.Apps = append(f.Apps, model.App{Name: name, Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: image}}})
	}
	return f
}

// onBranches puts production on a branch of its own, in a directory.
func onBranches(f *model.Fleet) *model.Fleet {
	f.Repository.Path, f.Environments[1].Branch = "deploy", "production"
	return f
}

// rendered returns a result.
func rendered(t testing.TB, f *model.Fleet, opts ...render.Option) *render.Result {
	t.Helper()
	result, err := render.Fleet(context.Background(), f, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// byPerson commits a text in addition to what a file has.
func byPerson(t testing.TB, repo, file string) {
	t.Helper()
	dir := clone(t, repo)
	data, _ := os.ReadFile(dir + "/" + file)
	write(t, dir, file, string(data)+"# mine\n")
	git(t, dir, "add", "-A")
	git(t, dir, "-c", "user.name=jane", "-c", "user.email=jane@example.com", "commit", "-q", "-m", "mine", "--date", "1700000000 +0000")
	git(t, dir, "push", "-q")
}

// TestPublishIsTheCommand publishes what a program renders, and lets the command
// publish the same: the files of all branches, the messages and the errors are the
// same, although the program says nothing of guards, owners and branches.
func TestPublishIsTheCommand(t *testing.T) {
	all := []string{"api", "web", "worker"}
	dev := render.Selection{Environments: []string{"dev"}}
	for name, tc := range map[string]struct {
		reason        string
		before, fleet *model.Fleet
		edited        string // by a person
		narrowed      render.Selection
		options       []gitrepo.Option
		flags         []string
		want          string // in the error, or none
	}{
		"Again":    {reason: "A second run commits nothing.", before: shop("web:1", all...), fleet: shop("web:1", all...)},
		"Changed":  {reason: "A change is a commit.", before: shop("web:1", all...), fleet: shop("web:2", all...)},
		"Edited":   {reason: "What a person edited is kept.", before: shop("web:1", all...), fleet: shop("web:1", all...), edited: "apps/web/base/deployment.yaml", want: "apps/web/base/deployment.yaml: this file was edited by hand"},
		"Forced":   {reason: "Unless it is forced.", before: shop("web:1", all...), fleet: shop("web:1", all...), edited: "apps/web/base/deployment.yaml", options: []gitrepo.Option{gitrepo.WithForce()}, flags: []string{"--force"}},
		"Foreign":  {reason: "Unmanaged files survive.", before: shop("web:1", all...), fleet: shop("web:2", all...), edited: "README.md"},
		"TooMuch":  {reason: "The guard has a default.", before: shop("web:1", all...), fleet: shop("web:1", "web"), want: "more than 30%"},
		"Allowed":  {reason: "It can be lifted.", before: shop("web:1", all...), fleet: shop("web:1", "web"), options: []gitrepo.Option{gitrepo.WithAllowDelete()}, flags: []string{"--allow-delete"}},
		"Narrowed": {reason: "What is not selected stays.", before: shop("web:1", all...), fleet: shop("web:2", all...), narrowed: dev},
		"Branches": {reason: "Each environment is on its branch.", before: onBranches(shop("web:1", all...)), fleet: onBranches(shop("web:2", all...))},
		"OneOfTwo": {reason: "A narrowed run commits to the branches that it concerns.", before: onBranches(shop("web:1", all...)), fleet: onBranches(shop("web:2", all...)), narrowed: dev},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, meta := context.Background(), gitrepo.CommitMeta{Time: time.Unix(1700000000, 0).UTC(), Revision: gitrepo.Revision{Hash: "1.2.3"}}
			library, command := bare(t), bare(t)
			for _, repo := range []string{library, command} {
				if _, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: repo}, rendered(t, tc.before), gitrepo.WithCommit(meta)); err != nil {
					t.Fatal(err)
				}
				if tc.edited != "" {
					byPerson(t, repo, tc.edited)
				}
			}
			branches, err := gitrepo.OpenBranches(gitrepo.Remote{URL: library}, tc.fleet)
			if err != nil {
				t.Fatal(err)
			}
			prior, err := branches.Tree(ctx)
			if err != nil {
				t.Fatal(err)
			}
			result := rendered(t, tc.fleet, render.WithSelection(tc.narrowed), render.WithPrior(prior))
			_, err = gitrepo.Publish(ctx, gitrepo.Remote{URL: library}, result, append(tc.options, gitrepo.WithCommit(meta))...)

			args := append([]string{"publish", "--repo", command, "--revision", "1.2.3", "--cache-dir", "none"}, tc.flags...)
			for _, env := range tc.narrowed.Environments {
				args = append(args, "--env", env)
			}
			var errs strings.Builder
			code := cli.Program{Fleet: tc.fleet, Version: "devel"}.Run(ctx, args, cli.Streams{Out: &errs, Err: &errs, Getenv: func(key string) string {
				return map[string]string{"SOURCE_DATE_EPOCH": "1700000000"}[key]
			}})
			if diff := cmp.Diff(history(t, command), history(t, library)); diff != "" {
				t.Errorf("%s (-command +library):\n%s", tc.reason, diff)
			}
			said := fmt.Sprint(err)
			if (err != nil) != (code != cli.ExitClean) || (err != nil) != (tc.want != "") || !strings.Contains(said, tc.want) || !strings.Contains(errs.String(), tc.want) {
				t.Errorf("%s: got %q, want %q; the command says\n%s", tc.reason, said, tc.want, errs.String())
			}
		})
	}
}

// history returns the messages and the trees of all branches.
func history(t testing.TB, repo string) []string {
	t.Helper()
	return strings.Split(git(t, repo, "log", "--branches", "--format=%D %T%n%an <%ae> %cn <%ce>%n%B"), "\n")
}

// TestPublishRefuses hands in what must not be published: the branch stays.
func TestPublishRefuses(t *testing.T) {
	ctx, old, fleet := context.Background(), shop("web:1", "api", "web"), shop("web:2", "api", "web")
	dev := render.WithSelection(render.Selection{Environments: []string{"dev"}})
	for name, tc := range map[string]struct {
		reason  string
		result  *render.Result
		options []gitrepo.Option
		stale   bool
		want    string
	}{
		"Nil":      {reason: "There is no result where a render fails.", want: "no result"},
		"Zero":     {reason: "A result comes from a render.", result: &render.Result{Tree: rendered(t, fleet).Tree}, want: "no result"},
		"Unproved": {reason: "Nothing is published that was not proved.", result: rendered(t, fleet, render.WithoutProof()), want: "what was proved"},
		"NoPrior":  {reason: "A narrowed run that knows of no tree would delete the rest.", result: rendered(t, fleet, dev), stale: true, want: "WithPrior"},
		"Stale":    {reason: "Nor may one that knows another tree overwrite this one.", result: rendered(t, fleet, dev, render.WithPrior(rendered(t, shop("web:0", "web")).Tree)), stale: true, want: "WithPrior"},
		"Message":  {reason: "Nothing forges a trailer.", result: rendered(t, fleet), options: []gitrepo.Option{gitrepo.WithCommit(gitrepo.CommitMeta{Subject: "a\n\nGitopsgen-Revision: 0"})}, want: "line break"},
		"Render": {reason: "The error of rendering again is returned.", result: rendered(t, fleet, dev), options: []gitrepo.Option{gitrepo.WithRender(func(context.Context, *tree.Tree) (*render.Result, error) {
			return nil, errors.New("the fleet is gone")
		})}, want: "the fleet is gone"},
		"RenderNil": {reason: "So is that of none.", result: rendered(t, fleet, dev), options: []gitrepo.Option{gitrepo.WithRender(func(context.Context, *tree.Tree) (*render.Result, error) {
			return nil, nil
		})}, want: "no result"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := bare(t)
			if _, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: repo}, rendered(t, old), nil); err != nil {
				t.Fatal(err)
			}
			before := history(t, repo)
			_, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: repo}, tc.result, append(tc.options, gitrepo.WithForce(), gitrepo.WithAllowDelete())...)
			if err == nil || !strings.Contains(err.Error(), tc.want) || errors.Is(err, render.ErrStale) != tc.stale {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
			if diff := cmp.Diff(before, history(t, repo)); diff != "" {
				t.Errorf("%s (-before +after):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRenderAgain publishes a narrowed result after somebody else has pushed.
func TestRenderAgain(t *testing.T) {
	ctx, repo := context.Background(), bare(t)
	remote := gitrepo.Remote{URL: repo}
	if _, err := gitrepo.Publish(ctx, remote, rendered(t, shop("web:1", "web"))); err != nil {
		t.Fatal(err)
	}
	fleet := shop("web:3", "web")
	branches, err := gitrepo.OpenBranches(remote, fleet)
	if err != nil {
		t.Fatal(err)
	}
	prior, err := branches.Tree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	narrow := func(_ context.Context, prior *tree.Tree) (*render.Result, error) {
		return render.Fleet(ctx, fleet, render.WithSelection(render.Selection{Environments: []string{"dev"}}), render.WithPrior(prior))
	}
	result, err := narrow(ctx, prior)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gitrepo.Publish(ctx, remote, rendered(t, shop("web:2", "web"))); err != nil {
		t.Fatal(err)
	}
	if _, err := branches.Publish(ctx, result); !errors.Is(err, render.ErrStale) {
		t.Errorf("got %v, want %v", err, render.ErrStale)
	}
	if _, err := branches.Publish(ctx, result, gitrepo.WithRender(narrow)); err != nil {
		t.Error(err)
	}
	images := map[string]bool{}
	for _, l := range strings.Split(git(t, repo, "grep", "-h", "-E", "newTag|image:", "main", "--", "apps"), "\n") {
		images[strings.TrimSpace(l)] = true
	}
	if diff := cmp.Diff(map[string]bool{"image: web:3": true, `newTag: "2"`: true}, images); diff != "" {
		t.Errorf("dev has the new image, and prod what the other push has (-want +got):\n%s", diff)
	}
}

// TestPlanNarrowed plans again what a narrowed publish did: nothing is left to do on
// its branch, and others are no matter of it, although the base changed for all.
func TestPlanNarrowed(t *testing.T) {
	ctx, remote := context.Background(), gitrepo.Remote{URL: bare(t)}
	if _, err := gitrepo.Publish(ctx, remote, rendered(t, onBranches(shop("web:1", "web")))); err != nil {
		t.Fatal(err)
	}
	fleet := onBranches(shop("web:2", "web"))
	for _, want := range []bool{false, true} {
		branches, err := gitrepo.OpenBranches(remote, fleet)
		if err != nil {
			t.Fatal(err)
		}
		prior, err := branches.Tree(ctx)
		if err != nil {
			t.Fatal(err)
		}
		result := rendered(t, fleet, render.WithSelection(render.Selection{Environments: []string{"dev"}}), render.WithPrior(prior))
		plan, err := branches.Plan(ctx, result)
		if err != nil || plan.IsEmpty() != want {
			t.Errorf("there is nothing to do: got %v, want %v: %v, %v", plan.IsEmpty(), want, plan, err)
		}
		if _, err := branches.Publish(ctx, result); err != nil {
			t.Fatal(err)
		}
	}
}
