package argocd

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// PreviewFiles expands the ApplicationSet of an app's previews for a pull
// request, and returns the directory that its Application names and the files
// as Argo CD changes them before it lets kustomize build the directory.
func (m *Model) PreviewFiles(app string, files []tree.File, pull expand.PullRequest) (dir string, changed []tree.File, err error) {
	p, scope, ok := m.resolver.Previews(app)
	if !ok {
		return "", nil, fmt.Errorf("app %s has no previews", app)
	}
	pull.Labels = requiredLabels(p)
	made, _, err := m.expand(m.instance(scope.Cluster), previewSetName(app), files, func(w *expand.World) { w.PullRequests = []expand.PullRequest{pull} })
	if err != nil {
		return "", nil, err
	}
	if len(made) != 1 || made[0].Name() != view.PreviewName(app, fmt.Sprint(pull.Number)) {
		return "", nil, fmt.Errorf("the ApplicationSet %s creates %d Applications for a pull request", previewSetName(app), len(made))
	}
	dir = strings.TrimPrefix(strings.TrimPrefix(made[0].Text("spec", "source", "path"), m.fleet.Repository.Path), "/")
	at := path.Join(dir, layout.Kustomization)
	i := slices.IndexFunc(files, func(f tree.File) bool { return f.Path == at })
	if i < 0 {
		return "", nil, fmt.Errorf("the ApplicationSet %s refers to %s, which has no kustomization", previewSetName(app), dir)
	}
	changed = slices.Clone(files)
	changed[i].Data, err = customized(files[i].Data, made[0])
	return dir, changed, err
}

// customized returns a kustomization as Argo CD changes it for an Application: it
// sets the namespace and images, and appends patches.
func customized(kustomization []byte, application object.Object) ([]byte, error) {
	v, err := object.ParseValue(kustomization)
	if err != nil {
		return nil, err
	}
	k, _ := v.(map[string]any)
	options, _ := application.Get("spec", "source", "kustomize")
	wanted, _ := options.(map[string]any)
	if k == nil || wanted == nil {
		return nil, fmt.Errorf("%s does not change anything that kustomize builds", application.Name())
	}
	k["namespace"] = wanted["namespace"]
	list := func(v any) []any { l, _ := v.([]any); return l }
	k["patches"] = append(list(k["patches"]), list(wanted["patches"])...)
	if len(list(k["patches"])) == 0 {
		delete(k, "patches")
	}
	for _, image := range list(wanted["images"]) {
		old, to, renamed := strings.Cut(image.(string), "=")
		if !renamed {
			to = old
		}
		colon := strings.LastIndexByte(to, ':')
		entry := map[string]any{"name": old, "newName": to[:colon], "newTag": to[colon+1:]}
		if !renamed {
			entry["name"] = to[:colon]
		}
		images := slices.DeleteFunc(list(k["images"]), func(x any) bool { m, _ := x.(map[string]any); return m["name"] == entry["name"] })
		k["images"] = append(images, entry)
	}
	return object.Marshal(k), nil
}
