package argocd

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/argoproj/argo-cd/v3/applicationset/services"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
)

// repositories are git repositories on disk, each of which stands for all at one
// revision, and that of "" for all revisions that are not there.
type repositories map[string]*repository

var _ services.Repos = repositories(nil)

// repository is a git repository on disk.
type repository struct {
	dir    string
	client git.Client
}

// newRepositories writes the repositories of a world below dir.
func newRepositories(ctx context.Context, dir string, w World) (repositories, error) {
	out := repositories{}
	revisions := map[string]fs.FS{"": w.Files}
	maps.Copy(revisions, w.Branches)
	for revision, files := range revisions {
		at, err := os.MkdirTemp(dir, "")
		if err != nil {
			return nil, err
		}
		if out[revision], err = newRepository(ctx, at, files); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r repositories) at(revision string) *repository {
	if at, ok := r[revision]; ok {
		return at
	}
	return r[""]
}

// newRepository writes files to a repository in the empty directory dir.
func newRepository(ctx context.Context, dir string, files fs.FS) (*repository, error) {
	if files != nil {
		if err := os.CopyFS(dir, files); err != nil {
			return nil, err
		}
	}
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all", "--force"}} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	client, err := git.NewClientExt("https://git.example.com/config.git", dir, git.NopCreds{}, false, false, "", "")
	if err != nil {
		return nil, err
	}
	return &repository{dir: dir, client: client}, nil
}

// GetFiles implements services.Repos as the repository server does, where the
// controller has no option that lets other patterns than git's own be used.
func (r repositories) GetFiles(_ context.Context, _, revision, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	at := r.at(revision)
	if pattern == "" {
		pattern = "."
	}
	names, err := at.client.LsFiles(pattern, false)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(filepath.Join(at.dir, name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// GetDirectories implements services.Repos as the repository server does:
// hidden directories and the root are left out.
func (r repositories) GetDirectories(_ context.Context, _, revision, _ string, _ bool, _ *v1alpha1.SourceIntegrity) ([]string, error) {
	var out []string
	dir := r.at(revision).dir
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || p == dir {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		name, err := filepath.Rel(dir, p)
		out = append(out, name)
		return err
	})
	return out, err
}
