package cli

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

func (a *app) setCmd() *cobra.Command {
	var in input
	cmd := &cobra.Command{
		Use:   "set APP:FIELD=VALUE... -f DIR",
		Short: "Set single values in the model's YAML",
		Long: `Set changes values in the files of the model in place and preserves comments,
order and formatting. With --env, and --cluster, it changes the override there.
FIELD is a path in the spec of the app; VALUE is read as YAML. It prints each
change with its position. If the changed fleet would not be valid, nothing is
written.`,
		Example: `  gitopsgen set image frontend=ghcr.io/acme/frontend:5.1.0 -f fleet
  gitopsgen set image frontend=:5.1.0 --env prod -f fleet
  gitopsgen set replicas frontend=6 --env prod -f fleet
  gitopsgen set 'frontend:env[LOG_LEVEL].value=debug' -f fleet`,
		Args:              takes(1, many, "APP:FIELD=VALUE"),
		ValidArgsFunction: a.completeArgs(&in, assignable(":"), cobra.ShellCompDirectiveNoSpace, many),
		RunE:              func(cmd *cobra.Command, args []string) error { return a.set(cmd.Context(), in, args, parseField) },
	}
	image := &cobra.Command{
		Use: "image APP=IMAGE... -f DIR", Short: "Set images; :TAG or @DIGEST keeps the name", Args: takes(1, many, "APP=IMAGE"),
		Long: `Set image changes the images of apps in the files of the model. :TAG and @DIGEST
keep the name of the image. With --env, and --cluster, it changes the override there.`,
		Example: `  gitopsgen set image frontend=ghcr.io/acme/frontend:5.1.0 -f fleet
  gitopsgen set image frontend=:5.1.0 cart=:2.0.3 --env prod -f fleet`,
		ValidArgsFunction: a.completeArgs(&in, assignable("="), cobra.ShellCompDirectiveNoSpace, many),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.set(cmd.Context(), in, args, parseNamed("image"))
		},
	}
	replicas := &cobra.Command{
		Use: "replicas APP=N... -f DIR", Short: "Set numbers of replicas", Args: takes(1, many, "APP=N"),
		Long: `Set replicas changes the numbers of replicas of apps in the files of the model.
With --env, and --cluster, it changes the override there. It is an error if an
autoscaler sets the number.`,
		Example:           `  gitopsgen set replicas frontend=6 cart=2 --env prod -f fleet`,
		ValidArgsFunction: a.completeArgs(&in, assignable("="), cobra.ShellCompDirectiveNoSpace, many),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.set(cmd.Context(), in, args, parseNamed("replicas"))
		},
	}
	for _, c := range []*cobra.Command{cmd, image, replicas} {
		a.bind(&in, c, false)
		a.bindScope(&in, c)
	}
	cmd.AddCommand(image, replicas)
	return cmd
}

// many is how many assignments are completed: all of them.
const many = math.MaxInt

// assignment is one value to set.
type assignment struct {
	app   string
	path  fieldpath.Path
	value string
}

// The errors of assignments do not tell those: they may hold a credential.
var (
	errNoField = errors.New("this is not an assignment (write APP:FIELD=VALUE)")
	errNoValue = errors.New("this is not an assignment (write APP=VALUE)")
)

// parseField reads APP:FIELD=VALUE.
func parseField(arg string) (assignment, error) {
	app, rest, ok := strings.Cut(arg, ":")
	end := strings.LastIndexByte(rest, ']') // a key may hold an equals sign
	i := strings.IndexByte(rest[end+1:], '=')
	if !ok || i < 0 || app == "" || strings.Contains(app, "=") {
		return assignment{}, errNoField
	}
	i += end + 1
	return assignment{app, fieldpath.Path(rest[:i]), rest[i+1:]}, nil
}

// parseNamed reads APP=VALUE for a fixed field.
func parseNamed(field fieldpath.Path) func(string) (assignment, error) {
	return func(arg string) (assignment, error) {
		app, value, ok := strings.Cut(arg, "=")
		if !ok || app == "" || value == "" {
			return assignment{}, errNoValue
		}
		return assignment{app, field, value}, nil
	}
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
