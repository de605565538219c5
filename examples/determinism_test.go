package examples_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestSameBytes renders with different numbers of processors and workers, from
// different directories, with the files in different orders.
func TestSameBytes(t *testing.T) {
	files, err := load.FS(os.DirFS("boutique/fleet"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want map[string]string
	for i := range 50 {
		runtime.GOMAXPROCS(1 + i%4)
		shuffled := make([]load.File, len(files))
		for j, k := range rand.New(rand.NewPCG(uint64(i), 1)).Perm(len(files)) {
			shuffled[j] = files[k]
			shuffled[j].Name = fmt.Sprintf("dir-%d/%d.yaml", i, j)
		}
		l, err := load.Fleet(nil, shuffled...)
		if err != nil {
			t.Fatal(err)
		}
		opts := []render.Option{render.WithPositions(l.Positions), render.WithWorkers(1 + i%7)}
		if i > 2 {
			opts = append(opts, render.WithoutProof()) // proved by the first runs
		}
		result, err := render.Fleet(context.Background(), l.Fleet, opts...)
		if err != nil {
			t.Fatal(err)
		}
		got := contents(result.Tree)
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("run %d differs (-first +now):\n%s", i, diff)
		}
	}
}

func contents(t *tree.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range t.Files() {
		out[f.Path] = string(f.Data)
	}
	return out
}

// TestLocality changes the model for one environment, or adds one, and checks
// whose files change: the environment's own, and the projects that must allow it.
func TestLocality(t *testing.T) {
	before := loadFleet(t, "boutique").Fleet
	tests := map[string]struct {
		reason string
		change func(*model.Fleet)
		env    string
	}{
		"ProdOnly": {"An override for prod is prod's alone.", func(f *model.Fleet) {
			o := f.Apps[0].Environments["prod"]
			o.Annotations = map[string]string{"changed": "yes"}
			f.Apps[0].Environments = map[string]model.Override{"prod": o}
			for name, x := range before.Apps[0].Environments {
				if name != "prod" {
					f.Apps[0].Environments[name] = x
				}
			}
		}, "prod"},
		"NewEnvironment": {"A new environment touches no other.", func(f *model.Fleet) {
			f.Environments = append(f.Environments, model.Environment{Name: "demo", Clusters: []string{f.Clusters[0].Name},
				Domain: "demo.example.com", Issuer: "lab", SecretStore: "made-up"})
			for i := range f.Apps {
				if len(f.Apps[i].RunsIn) > 0 {
					f.Apps[i].RunsIn = append(append([]string{}, f.Apps[i].RunsIn...), "demo")
				}
			}
		}, "demo"},
	}
	first, err := render.Fleet(context.Background(), before)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			fleet := *loadFleet(t, "boutique").Fleet
			tc.change(&fleet)
			second, err := render.Fleet(context.Background(), &fleet)
			if err != nil {
				t.Fatal(err)
			}
			changes := tree.Changes(first.Tree, second.Tree)
			if len(changes) == 0 {
				t.Error("nothing changed")
			}
			for _, c := range changes {
				f, ok := second.Tree.Get(c.Path)
				if !ok {
					f, _ = first.Tree.Get(c.Path)
				}
				if f.Owner.Environment != tc.env && path.Dir(f.Owner.Unit) != "argocd" {
					t.Errorf("%s: %s was %s", tc.reason, c.Path, c.Kind)
				}
			}
		})
	}
}

// TestMerge makes two branches from one tree, each with a change to another app
// or another environment, and lets git merge them.
func TestMerge(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	set := func(f *model.Fleet, app int, env string, note string) {
		o := f.Apps[app].Environments[env]
		o.Annotations = map[string]string{"note": note}
		if f.Apps[app].Environments == nil {
			f.Apps[app].Environments = map[string]model.Override{}
		}
		f.Apps[app].Environments[env] = o
	}
	for name, tc := range map[string]struct{ a, b func(*model.Fleet) }{
		"TwoApps":         {func(f *model.Fleet) { set(f, 0, "prod", "a") }, func(f *model.Fleet) { set(f, 1, "prod", "b") }},
		"TwoEnvironments": {func(f *model.Fleet) { set(f, 0, "prod", "a") }, func(f *model.Fleet) { set(f, 0, "staging", "b") }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			git := func(args ...string) {
				t.Helper()
				cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("git %v: %v\n%s", args, err, out)
				}
			}
			write := func(changes ...func(*model.Fleet)) *render.Result {
				t.Helper()
				f := loadFleet(t, "boutique").Fleet
				for _, c := range changes {
					c(f)
				}
				result, err := render.Fleet(context.Background(), f, render.WithoutProof())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := disk.Apply(context.Background(), dir, result.Tree, ownership.Options{MaxDeletePercent: 30}); err != nil {
					t.Fatal(err)
				}
				git("add", "-A")
				git("commit", "-qm", "render")
				return result
			}
			git("init", "-q", "-b", "main")
			write()
			git("checkout", "-qb", "a")
			write(tc.a)
			git("checkout", "-q", "main")
			git("checkout", "-qb", "b")
			write(tc.b)
			git("merge", "-q", "-m", "merge", "a")
			f := loadFleet(t, "boutique").Fleet
			tc.a(f)
			tc.b(f)
			want, err := render.Fleet(context.Background(), f)
			if err != nil {
				t.Fatal(err)
			}
			merged, err := disk.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := merged.Plan(want)
			if err != nil {
				t.Fatal(err)
			}
			if !plan.IsEmpty() || len(plan.Conflicts) > 0 {
				t.Errorf("the merged tree differs from the render of both changes: %+v", plan)
			}
		})
	}
}
