package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/templates"
)

func (a *app) initCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a small fleet to start with",
		Long: `Init writes a fleet of one app, two environments and one cluster into DIR (by
default fleet), as a starting point. It does not overwrite anything.`,
		Example: `  gitopsgen init fleet
  gitopsgen render -f fleet --output-dir out`,
		Args: takes(0, 1, "a DIR"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "fleet"
			if len(args) > 0 {
				dir = args[0]
			}
			return a.scaffold(dir)
		},
	}
}

func (a *app) scaffold(dir string) error {
	const from = "init"
	files, err := fs.Glob(templates.FS, path.Join(from, "*.yaml"))
	if err != nil {
		return err
	}
	for _, f := range files {
		to := filepath.Join(dir, path.Base(f))
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s already exists; init does not overwrite anything", to)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		data, err := fs.ReadFile(templates.FS, f)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, path.Base(f))
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return err
		}
		a.Out.Printf("%s\n", to)
	}
	a.report("now run: gitopsgen render -f %s --output-dir out\n", dir)
	return nil
}
