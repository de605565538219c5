package cli

import (
	"context"
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// buildSet prints the Applications that an ApplicationSet will make. Where the
// set asks a forge for pull requests, the answer is taken from a file.
func (a *app) buildSet(ctx context.Context, in input, name, pullRequests string) error {
	l, err := a.load(in)
	if err != nil {
		return err
	}
	result, err := a.fleet(ctx, l, in)
	if err != nil {
		return err
	}
	var requests []expand.PullRequest
	if pullRequests != "" {
		data, err := disk.ReadNamed(pullRequests, load.MaxFile)
		if err != nil {
			return err
		}
		if err := yaml.UnmarshalStrict(data, &requests); err != nil {
			return fmt.Errorf("%s: %w", pullRequests, err)
		}
	}
	made, err := argocd.New(l.Fleet, resolve.New(l.Fleet, a.features)).Expand(name, result.Tree.Files(), func(w *expand.World) {
		w.PullRequests = requests
	})
	if err != nil {
		return err
	}
	if len(made) == 0 {
		a.Err.Printf("the ApplicationSet %s creates no Applications; the ApplicationSet of the previews of an app uses the pull requests in --pull-requests that have all of its labels\n", name)
	}
	return a.printObjects(made)
}
