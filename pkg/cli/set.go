package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/edit"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func (a *app) setCmd() *cobra.Command {
	var in input
	cmd := &cobra.Command{
		Use:   "set APP:FIELD=VALUE... -f DIR",
		Short: "Set single values in the model's YAML",
		Long: `Set changes values in the files of the model in place; comments, order and
formatting stay. With --env, and --cluster, the override there is changed.
FIELD is a path in the app's spec; VALUE is read as YAML.

  gitopsgen set image frontend=ghcr.io/acme/frontend:5.1.0 -f fleet
  gitopsgen set image frontend=:5.1.0 --env prod -f fleet
  gitopsgen set replicas frontend=6 --env prod -f fleet
  gitopsgen set 'frontend:env[LOG_LEVEL].value=debug' -f fleet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.set(in, args, parseField) },
	}
	image := &cobra.Command{
		Use: "image APP=IMAGE...", Short: "Set images; :TAG or @DIGEST keeps the name", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.set(in, args, parseNamed("image")) },
	}
	replicas := &cobra.Command{
		Use: "replicas APP=N...", Short: "Set numbers of replicas", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.set(in, args, parseNamed("replicas")) },
	}
	for _, c := range []*cobra.Command{cmd, image, replicas} {
		in.bind(c, false)
		in.bindScope(c)
	}
	cmd.AddCommand(image, replicas)
	return cmd
}

// assignment is one value to set.
type assignment struct {
	app   string
	path  fieldpath.Path
	value string
}

// parseField reads APP:FIELD=VALUE.
func parseField(arg string) (assignment, error) {
	app, rest, ok := strings.Cut(arg, ":")
	end := strings.LastIndexByte(rest, ']') // a key may hold an equals sign
	i := strings.IndexByte(rest[end+1:], '=')
	if !ok || i < 0 || app == "" || strings.Contains(app, "=") {
		return assignment{}, fmt.Errorf("%q is no assignment (write APP:FIELD=VALUE)", arg)
	}
	i += end + 1
	return assignment{app, fieldpath.Path(rest[:i]), rest[i+1:]}, nil
}

// parseNamed reads APP=VALUE for a fixed field.
func parseNamed(field fieldpath.Path) func(string) (assignment, error) {
	return func(arg string) (assignment, error) {
		app, value, ok := strings.Cut(arg, "=")
		if !ok || app == "" || value == "" {
			return assignment{}, fmt.Errorf("%q is no assignment (write APP=VALUE)", arg)
		}
		return assignment{app, field, value}, nil
	}
}

// set edits the files, reads the fleet again, and writes what changed only if
// all of it loads.
func (a *app) set(in input, args []string, parse func(string) (assignment, error)) error {
	var files []load.File
	for _, name := range in.files {
		if name == "-" {
			return errors.New("set changes files: name them with -f")
		}
		read, err := a.read(name)
		if err != nil {
			return err
		}
		files = append(files, read...)
	}
	fleet, err := load.Fleet(a.Fleet, files...)
	if err != nil {
		return err
	}
	changed := map[int]bool{}
	for _, arg := range args {
		x, err := parse(arg)
		if err != nil {
			return err
		}
		if x.path == "image" {
			if x.value, err = fullImage(fleet, x.app, in, x.value); err != nil {
				return err
			}
		}
		i, err := assign(files, x, in)
		if err != nil {
			return err
		}
		changed[i] = true
	}
	if _, err := load.Fleet(a.Fleet, files...); err != nil {
		return err
	}
	for i := range files {
		if changed[i] {
			if err := replaceFile(files[i].Name, files[i].Data); err != nil {
				return err
			}
			fmt.Fprintln(a.Out, files[i].Name)
		}
	}
	return nil
}

// assign edits the file that holds the app and returns its index.
func assign(files []load.File, x assignment, in input) (int, error) {
	value, err := object.ParseValue([]byte(x.value))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", x.path, err)
	}
	if x.path == "image" {
		value = x.value
	}
	for i := range files {
		data, err := edit.Set(files[i].Data, edit.Place{App: x.app, Environment: in.env, Cluster: in.cluster, Path: x.path}, value)
		if errors.Is(err, edit.ErrNoApp) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", files[i].Name, err)
		}
		files[i].Data = data
		return i, nil
	}
	return 0, fmt.Errorf("no file holds the app %s", strconv.Quote(x.app))
}

// fullImage completes :TAG and @DIGEST by the name of the image that stands there.
func fullImage(l *load.Result, app string, in input, image string) (string, error) {
	if image[0] == ':' || image[0] == '@' {
		for _, x := range l.Fleet.Apps {
			if x.Name != app {
				continue
			}
			current := x.Spec.Image
			if o := x.Environments[in.env]; o.Image != "" {
				current = o.Image
			}
			ref, err := imageref.Parse(current)
			if err != nil {
				return "", fmt.Errorf("%s has no image whose name could stay: %w", app, err)
			}
			image = ref.Name + image
		}
	}
	_, err := imageref.Parse(image)
	return image, err
}

// replaceFile replaces a file's content in one step, and keeps its mode. A
// symbolic link stays one: the file behind it is replaced.
func replaceFile(name string, data []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".gitopsgen-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(info.Mode()), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
