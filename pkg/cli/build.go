package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) buildCmd() *cobra.Command {
	var in input
	var spec bool
	var pullRequests string
	cmd := &cobra.Command{
		Use:   "build (app/NAME --env ENV [--cluster CLUSTER] | platform/NAME [--env ENV] [--cluster CLUSTER] | appset/NAME)",
		Short: "Print what a target builds, or what an ApplicationSet will create",
		Long: `Build prints the objects that kustomize builds for one target, as YAML. With
--spec it prints the resolved AppSpec instead: all layers merged, all defaults
derived. Values that may be credentials are printed as (redacted).

For appset/NAME it prints the Applications that Argo CD will create from the
ApplicationSet. For the ApplicationSet of an app's previews,
appset/NAME-previews, the pull requests are read from --pull-requests, a list
such as

    - {number: 7, branch: faster-search, headSHA: 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567, labels: [preview]}

A pull request without all of the labels of the ApplicationSet gets no preview.`,
		Example: `  # The objects of an app in production
  gitopsgen build app/web --env prod -f fleet

  # Its spec, after all layers and defaults
  gitopsgen build app/web --env prod --spec -f fleet

  # The namespaces of an environment, and what an ApplicationSet creates
  gitopsgen build platform/namespaces --env dev -f fleet
  gitopsgen build appset/web -f fleet`,
		ValidArgsFunction: a.completeArgs(&in, a.buildable, 0, 1),
		Args:              takes(1, 1, "app/NAME, platform/NAME or appset/NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if name, ok := strings.CutPrefix(args[0], "appset/"); ok {
				return a.buildSet(cmd.Context(), in, name, pullRequests)
			}
			if strings.HasPrefix(args[0], "platform/") && !spec {
				return a.buildComponent(cmd.Context(), in, args[0])
			}
			if spec {
				return a.printSpec(in, args[0])
			}
			return a.build(cmd.Context(), in, args[0])
		},
	}
	a.bind(&in, cmd, false)
	a.bindScope(&in, cmd)
	cmd.Flags().StringVar(&pullRequests, "pull-requests", "", "`FILE` with the pull requests that a forge would return")
	cmd.Flags().BoolVar(&spec, "spec", false, "print the resolved spec instead of the objects")
	return cmd
}

func (a *app) build(ctx context.Context, in input, arg string) error {
	loaded, app, scope, err := a.target(in, arg)
	if err != nil {
		return err
	}
	in.selection = render.Selection{Apps: []string{app}}
	result, err := a.fleet(ctx, loaded, in)
	if err != nil {
		return err
	}
	dir, err := targetDir(result, app, scope.Environment, scope.Cluster)
	if err != nil {
		return err
	}
	return a.printTarget(result, layout.App(app), dir)
}

// buildComponent prints what a component of the platform builds, in an
// environment or, for one that runs once per cluster, on a cluster.
func (a *app) buildComponent(ctx context.Context, in input, unit string) error {
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	result, err := a.fleet(ctx, loaded, in)
	if err != nil {
		return err
	}
	var dirs []string
	for _, t := range result.Targets {
		if t.Unit == unit && (in.env == "" || t.Environment == in.env) && (in.cluster == "" || t.Cluster == in.cluster) {
			dirs = append(dirs, t.Dir)
		}
	}
	switch len(dirs) {
	case 0:
		return fmt.Errorf("%s builds nothing for %s", unit, cmp.Or(strings.Trim(in.env+"/"+in.cluster, "/"), "any cluster"))
	case 1:
		return a.printTarget(result, unit, dirs[0])
	}
	return fmt.Errorf("%s builds %s; choose one with --cluster or --env", unit, strings.Join(dirs, ", "))
}

// printTarget prints what a directory of a unit builds.
func (a *app) printTarget(result *render.Result, unit, dir string) error {
	if !strings.HasPrefix(dir, "rendered/") {
		objects, err := kustomize.Build(result.Tree.Under(unit), dir)
		if err != nil {
			return err
		}
		return a.printObjects(objects)
	}
	var objects []object.Object
	for _, f := range result.Tree.Under(dir) {
		parsed, err := object.Parse(f.Data)
		if err != nil {
			return err
		}
		objects = append(objects, parsed...)
	}
	return a.printObjects(objects)
}

// targetDir returns the directory of an app's target: the cluster's own, or the
// environment's.
func targetDir(r *render.Result, app, env, cluster string) (string, error) {
	found, own := "", 0
	for _, t := range r.Targets {
		if t.Unit != layout.App(app) || t.Environment != env {
			continue
		}
		if t.Cluster == cluster {
			return t.Dir, nil
		}
		if own++; t.Cluster == "" || cluster == "" {
			found = t.Dir
		}
	}
	if cluster == "" && own > 1 {
		found = "" // several clusters, each with its own
	}
	if found == "" {
		return "", fmt.Errorf("app %s builds nothing for %s; if clusters differ, choose one with --cluster", app, strings.Trim(env+"/"+cluster, "/"))
	}
	return found, nil
}

func (a *app) printObjects(objects []object.Object) error {
	values := make([]any, len(objects))
	for i, o := range objects {
		values[i] = o.Map()
	}
	return a.printYAML(values...)
}

// printYAML prints values as documents of YAML. What may be secret is redacted: the
// output of builds stands in the logs of CI systems.
func (a *app) printYAML(values ...any) error {
	n := 0
	for i, v := range values {
		if i > 0 {
			a.Out.Printf("---\n")
		}
		shown := credential.RedactValue(v)
		n += redacted(shown) - redacted(v)
		if _, err := a.Out.Write(object.Print(shown)); err != nil {
			return err
		}
	}
	if n > 0 {
		a.Err.Printf("%s redacted, which may be credentials\n", finding.Count(n, "value"))
	}
	return nil
}

// redacted counts the texts of a value that were redacted.
func redacted(v any) int {
	n := 0
	switch v := v.(type) {
	case string:
		if v == credential.Redacted {
			n++
		}
	case map[string]any:
		for _, e := range v {
			n += redacted(e)
		}
	case []any:
		for _, e := range v {
			n += redacted(e)
		}
	}
	return n
}
