package argocd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// ours returns the Applications that the library makes of an ApplicationSet, as
// theirs does.
func ours(_ context.Context, set map[string]any, w World) ([]map[string]any, error) {
	o, err := toObject(set)
	if err != nil {
		return nil, err
	}
	made, err := expand.Applications(o, w.expandable())
	if err != nil {
		return nil, err
	}
	return normalize(made)
}

// expandable returns the world as the library has it.
func (w World) expandable() expand.World {
	out := expand.World{Repo: func(string, string) (fs.FS, error) { return w.Files, nil }}
	for _, c := range w.Clusters {
		out.Clusters = append(out.Clusters, expand.Cluster(c))
	}
	for _, p := range w.Pulls {
		out.PullRequests = append(out.PullRequests, expand.PullRequest{
			Number: int64(p.Number), Title: p.Title, Branch: p.Branch, TargetBranch: p.Target,
			HeadSHA: p.Commit, Author: p.Author, Labels: p.Labels,
		})
	}
	return out
}

// normalize returns Applications as Argo CD writes them: read by its types, with
// the defaults of their specs, sorted by name. The library leaves those out.
func normalize(apps []object.Object) ([]map[string]any, error) {
	var out []map[string]any
	for _, o := range slices.SortedFunc(slices.Values(apps), func(a, b object.Object) int { return cmp.Compare(a.Name(), b.Name()) }) {
		app := new(v1alpha1.Application)
		if err := yaml.Unmarshal(o.YAML(), app); err != nil { // it minds no unknown fields, as an API server
			return nil, err
		}
		app.Spec = *argo.NormalizeApplicationSpec(&app.Spec)
		m, err := plain(app)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// toObject returns an object of the library.
func toObject(v any) (object.Object, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return object.Object{}, err
	}
	objects, err := object.Parse(data)
	if err != nil {
		return object.Object{}, err
	}
	if len(objects) != 1 {
		return object.Object{}, fmt.Errorf("there are %d objects, not one", len(objects))
	}
	return objects[0], nil
}

// nameOf returns the name of an Application.
func nameOf(app map[string]any) string {
	metadata, _ := app["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return name
}
