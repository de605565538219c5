package cli

import (
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/spf13/cobra"
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
	f.StringVar(&out.dir, "output-dir", "", "`DIR` of the tree")
	f.StringVar(&out.cacheDir, "cache-dir", "", "`DIR` for cached proofs, or none (default: the user's cache directory)")
	f.BoolVar(&out.force, "force", false, "overwrite files that were edited by hand or are unmanaged")
	f.BoolVar(&out.allowDelete, "allow-delete", false, "delete more than the guard of the fleet allows")
}

// options are what a run may do to the directory.
func (out output) options() []disk.Option {
	var opts []disk.Option
	if out.force {
		opts = append(opts, disk.WithForce())
	}
	if out.allowDelete {
		opts = append(opts, disk.WithAllowDelete())
	}
	return opts
}
