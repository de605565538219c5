package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestMergeCallers adds to each fleet, on two branches, an app that calls the same third
// one. Plain git merges the branches, and the result is what the fleet with both
// apps renders.
func TestMergeCallers(t *testing.T) {
	for name, fleet := range allFleets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			callee := called(fleet)
			// Neighbours in every list that is sorted, so that their lines meet.
			one, two := callerOf(callee, "caller-a"), callerOf(callee, "caller-b")
			repo := repository{t, t.TempDir()}
			repo.git("init", "-q", "-b", "main")
			repo.commit(treeOf(t, fleet), "before")
			for _, caller := range []model.App{one, two} {
				repo.git("checkout", "-q", "-b", caller.Name, "main")
				repo.commit(treeOf(t, fleet, caller), "add "+caller.Name)
			}
			repo.git("checkout", "-q", "main")
			repo.git("merge", "-q", "--no-ff", "-m", "one", one.Name)
			repo.git("merge", "-q", "--no-ff", "-m", "two", two.Name)
			repo.commit(treeOf(t, fleet, one, two), "both")
			if changed := repo.git("log", "-1", "--format=", "--name-status"); changed != "" {
				t.Errorf("a render of both changes what git merged:\n%s", changed)
			}
			for _, change := range strings.Split(repo.git("diff", "--name-status", "main~1^2~1", "main~1^2"), "\n") {
				if how, file, _ := strings.Cut(change, "\t"); how != "A" && !strings.HasPrefix(file, "argocd/projects/") && !strings.HasPrefix(file, ".gitopsgen/argocd/") {
					t.Errorf("a new caller of %s changes %s", callee.Name, file)
				}
			}
		})
	}
}

// called returns an app of a fleet that others can call, one with ports if there is one.
func called(f *model.Fleet) *model.App {
	var out *model.App
	for i := range f.Apps {
		a := &f.Apps[i]
		switch a.Spec.Kind {
		case "", model.Deployment, model.StatefulSet:
			if out == nil || len(out.Spec.Ports) == 0 && len(a.Spec.Ports) > 0 {
				out = a
			}
		}
	}
	return out
}

// callerOf returns an app that calls another, and runs where that one does. It has no
// previews: a project names the namespaces of each app's.
func callerOf(callee *model.App, name string) model.App {
	return model.App{Name: name, Project: callee.Project, RunsIn: callee.RunsIn, Spec: model.AppSpec{
		Kind: model.Deployment, TalksTo: []model.Peer{{App: callee.Name}},
		ContainerSpec: model.ContainerSpec{Image: "registry.example.com/" + name + ":1.0.0", Ports: []model.Port{{Name: "http", Port: 8080}}}}}
}

// treeOf renders a fleet with more apps.
func treeOf(t *testing.T, fleet *model.Fleet, more ...model.App) *tree.Tree {
	t.Helper()
	f := *fleet
	f.Apps = slices.Concat(fleet.Apps, more)
	result, err := render.Fleet(t.Context(), &f, render.WithoutProof())
	if err != nil {
		t.Fatal(err)
	}
	return result.Tree
}

// repository is a directory with a git repository.
type repository struct {
	*testing.T
	dir string
}

// git runs git and returns what it says.
func (r repository) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %s: %v\n%s%s", strings.Join(args, " "), err, out, r.conflicts())
	}
	return strings.TrimSpace(string(out))
}

// conflicts returns what git could not merge.
func (r repository) conflicts() string {
	cmd := exec.Command("git", "diff")
	cmd.Dir = r.dir
	out, _ := cmd.Output()
	return string(out)
}

// commit commits a tree in place of the one that is there.
func (r repository) commit(t *tree.Tree, message string) {
	r.Helper()
	r.git("rm", "-rfq", "--ignore-unmatch", ".")
	for _, f := range t.Files() {
		p := filepath.Join(r.dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			r.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o644); err != nil {
			r.Fatal(err)
		}
	}
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
}
