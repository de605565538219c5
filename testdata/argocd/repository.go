package argocd

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/argoproj/argo-cd/v3/applicationset/services"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
)

// repository is a git repository on disk, which stands for all.
type repository struct {
	dir    string
	client git.Client
}

var _ services.Repos = (*repository)(nil)

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
func (r *repository) GetFiles(_ context.Context, _, _, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	if pattern == "" {
		pattern = "."
	}
	names, err := r.client.LsFiles(pattern, false)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(filepath.Join(r.dir, name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// GetDirectories implements services.Repos as the repository server does:
// hidden directories and the root are left out.
func (r *repository) GetDirectories(context.Context, string, string, string, bool, *v1alpha1.SourceIntegrity) ([]string, error) {
	var out []string
	err := filepath.WalkDir(r.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || p == r.dir {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		name, err := filepath.Rel(r.dir, p)
		out = append(out, name)
		return err
	})
	return out, err
}
