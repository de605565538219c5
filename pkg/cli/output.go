package cli

import (
	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
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
	f.StringVar(&out.cacheDir, "cache-dir", "", "cache directory for proofs, or none (default: the user's cache directory)")
	f.BoolVar(&out.force, "force", false, "overwrite files that were edited by hand or are unmanaged")
	f.BoolVar(&out.allowDelete, "allow-delete", false, "delete more than the guard of the fleet allows")
}

// options are what a run may do to the directory, with the share of the owned
// files that it may delete.
func (out output) options(r *render.Result, maxDelete int) ownership.Options {
	return ownership.Options{Retained: r.Retained, Force: out.force, MaxDeletePercent: maxDelete, AllowDelete: out.allowDelete, Extensions: r.Extensions}
}
