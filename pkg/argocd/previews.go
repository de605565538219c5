package argocd

import (
	"cmp"
	"path"
	"regexp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Preview is what the previews of an app build: the objects of the pull request
// that stands in the tree, and those of one that is marked, so that the places
// which depend on the pull request are found.
type Preview struct {
	// Dir is the directory that Argo CD builds, and Reads are the others that its
	// build reads.
	Dir   string
	Reads []string
	// Example and Marked are sorted by identity.
	Example, Marked []object.Object
}

// Mark is the pull request of an app that Preview.Marked is of. Neither number
// nor commit are in any model.
func Mark(app string) view.Preview {
	return view.Preview{App: app, Number: "918273645", Commit: "918273645c0ffee918273645c0ffee918273645c"}
}

// previewSetName returns the name of the ApplicationSet of an app's previews.
func previewSetName(app string) string { return app + "-previews" }

// requiredLabels returns the labels that a pull request must have.
func requiredLabels(p model.Previews) []string {
	if p.Labels == nil {
		return []string{"preview"}
	}
	return p.Labels
}

// previews returns the file of the ApplicationSet that makes an environment for
// each pull request of an app, if there is to be one.
func (m *Model) previews(app string, preview *Preview, targets []Target) ([]tree.File, error) {
	p, scope, ok := m.resolver.Previews(app)
	if !ok || preview == nil {
		return nil, nil
	}
	for _, t := range targets {
		a := m.instance(t.Cluster)
		if t.Scope != scope || a == nil {
			continue
		}
		t.Dir, t.Reads = preview.Dir, preview.Reads
		patches, err := preview.patches(app)
		if err != nil {
			return nil, err
		}
		f, err := file(layout.ApplicationSet(m.dir(a), previewSetName(app)), tree.Owner{Unit: layout.App(app)}, m.previewSet(a, app, p, t, patches))
		return []tree.File{f}, err
	}
	return nil, nil
}

// IsPreviewSet reports whether a file is the ApplicationSet of an app's previews.
func IsPreviewSet(file, app string) bool {
	return path.Base(path.Dir(file)) == "appsets" && path.Base(file) == previewSetName(app)+".yaml"
}

// patches returns what puts the pull request in its places.
func (p *Preview) patches(app string) ([]KustomizePatch, error) {
	mark := Mark(app)
	patches, err := kustomize.Inline(
		kustomize.Overlay{Namespace: view.PreviewName(app, view.Example), To: p.Example},
		kustomize.Overlay{Namespace: view.PreviewName(app, mark.Number), To: p.Marked})
	if err != nil {
		return nil, err
	}
	fill := strings.NewReplacer(mark.Commit, "{{.head_sha}}", mark.Number, "{{.number}}")
	var out []KustomizePatch
	for _, x := range patches {
		out = append(out, KustomizePatch{
			Target: PatchTarget{Group: x.Object.Group, Kind: x.Object.Kind, Name: regexp.QuoteMeta(x.Object.Name)},
			Patch:  fill.Replace(escape(string(object.Marshal(x.Operations))))})
	}
	return out, nil
}

// previewSet returns that set: the environment's Application with the image of
// the pull request in a namespace of its own, which is one of its objects and so
// goes with the pull request.
func (m *Model) previewSet(a *model.ArgoCD, app string, p model.Previews, t Target, patches []KustomizePatch) *ApplicationSet {
	like, name := m.application(a, t), view.PreviewName(app, "{{.number}}")
	like.Spec.Source.Kustomize = &SourceKustomize{Namespace: name, Images: []string{m.previewImage(app, p, t) + ":{{.head_sha}}"}, Patches: patches}
	like.Spec.Destination.Namespace = name
	like.Spec.Info = eachInfo(like.Spec.Info, escape)
	var options []string
	for _, o := range like.Spec.SyncPolicy.SyncOptions {
		if !strings.HasPrefix(o, "CreateNamespace=") && o != "Delete=confirm" {
			options = append(options, o)
		}
	}
	like.Spec.SyncPolicy.SyncOptions = options
	like.Spec.SyncPolicy.Automated = &Automated{Prune: true, SelfHeal: true} // nobody waits for a preview
	labels := each(like.Labels, escape)
	labels[view.PullRequestLabel] = "{{.number}}"
	return &ApplicationSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiVersion, Kind: "ApplicationSet"},
		ObjectMeta: metav1.ObjectMeta{Name: previewSetName(app), Namespace: a.Namespace, Labels: like.Labels},
		Spec: ApplicationSetSpec{
			GoTemplate: true, GoTemplateOptions: []string{"missingkey=error"},
			Generators: []Generator{{PullRequest: requests(p)}},
			Template: SetTemplate{
				Metadata: SetTemplateMeta{Name: name, Labels: labels,
					Annotations: each(like.Annotations, escape), Finalizers: like.Finalizers},
				Spec: like.Spec,
			},
		},
	}
}

// previewImage returns the image that a pull request builds, without a tag, as
// kustomize is told to put it in the place of the environment's.
func (m *Model) previewImage(app string, p model.Previews, t Target) string {
	ref, err := imageref.Parse(m.resolver.Target(app, t.Scope).Spec.Image)
	switch {
	case err != nil:
		return app // refused before
	case p.Image != "" && p.Image != ref.Name:
		return ref.Name + "=" + p.Image
	}
	return ref.Name
}

// requests returns what asks a forge for pull requests.
func requests(p model.Previews) *PullRequestGenerator {
	labels := requiredLabels(p)
	out := &PullRequestGenerator{RequeueAfterSeconds: cmp.Or(p.RequeueAfterSeconds, new(int64(1800)))}
	switch {
	case p.GitHub != nil:
		out.GitHub = &GitHubRequests{API: p.GitHub.API, Owner: p.GitHub.Owner, Repo: p.GitHub.Repo, TokenRef: token(p.GitHub), Labels: labels}
	case p.GitLab != nil:
		out.GitLab = &GitLabRequests{API: p.GitLab.API, Project: path.Join(p.GitLab.Owner, p.GitLab.Repo), TokenRef: token(p.GitLab), Labels: labels, PullRequestState: "opened"}
	case p.Gitea != nil:
		out.Gitea = &GiteaRequests{API: p.Gitea.API, Owner: p.Gitea.Owner, Repo: p.Gitea.Repo, TokenRef: token(p.Gitea), Labels: labels}
	}
	return out
}

func token(f *model.Forge) *SecretRef {
	if f.TokenSecret == nil {
		return nil
	}
	return &SecretRef{SecretName: f.TokenSecret.Name, Key: f.TokenSecret.Key}
}
