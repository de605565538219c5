package cli

import (
	"context"
	"path"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// output holds the flags that say where to write, and how.
type output struct {
	dir         string
	cacheDir    string
	force       bool
	allowDelete bool
}

func (out *output) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&out.dir, "output-dir", "", "directory of the tree")
	f.StringVar(&out.cacheDir, "cache-dir", "", "where proofs are remembered, or none (default: the user's cache directory)")
	f.BoolVar(&out.force, "force", false, "overwrite files that were edited by hand or are not ours")
	f.BoolVar(&out.allowDelete, "allow-delete", false, "delete more than the fleet's guard allows")
}

// priorTree returns the owned files of a directory as they stand.
func priorTree(dir string) (*tree.Tree, error) { return disk.Tree(dir) }

// apply brings the directory to the state of a result.
func (out output) apply(ctx context.Context, r *render.Result, maxDelete int) (disk.Plan, error) {
	return disk.Apply(ctx, path.Clean(out.dir), r.Tree, out.options(r, maxDelete))
}

func (out output) options(r *render.Result, maxDelete int) disk.Options {
	return disk.Options{Held: r.Held, Force: out.force, MaxDeletePercent: maxDelete, AllowDelete: out.allowDelete, Extensions: r.Extensions}
}
