package argocd

import (
	"cmp"
	"path"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// previewNamespace returns the namespace of the preview of a pull request.
func previewNamespace(app, number string) string { return app + "-pr-" + number }

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
func (m *Model) previews(app string, d model.Delivery, targets []Target) ([]tree.File, error) {
	if d.Previews == nil {
		return nil, nil
	}
	for _, t := range targets {
		a := m.instance(t.Cluster)
		if t.Environment != d.Previews.Environment || a == nil {
			continue
		}
		unit := layout.App(app)
		f, err := file(layout.ApplicationSet(m.dir(a), previewSetName(app)), tree.Owner{Unit: unit}, m.previewSet(a, app, *d.Previews, t))
		return []tree.File{f}, err
	}
	return nil, nil
}

// previewSet returns that set: the environment's Application with the image of
// the pull request in a namespace of its own, which goes with the pull request.
func (m *Model) previewSet(a *model.ArgoCD, app string, p model.Previews, t Target) *ApplicationSet {
	like := m.application(a, t)
	like.Spec.Source.Kustomize = &SourceKustomize{
		Namespace: previewNamespace(app, "{{.number}}"),
		Images:    []string{m.previewImage(app, p, t) + ":{{.head_sha}}"},
	}
	like.Spec.Destination.Namespace = previewNamespace(app, "{{.number}}")
	like.Spec.Info = eachInfo(like.Spec.Info, escape)
	options := []string{"CreateNamespace=true"}
	for _, o := range like.Spec.SyncPolicy.SyncOptions {
		if !strings.HasPrefix(o, "CreateNamespace=") && o != "Delete=confirm" {
			options = append(options, o)
		}
	}
	like.Spec.SyncPolicy.SyncOptions = options
	like.Spec.SyncPolicy.Automated = &Automated{Prune: true, SelfHeal: true} // nobody waits for a preview
	delete(like.Annotations, confirmAnnotation)
	delete(like.Annotations, waveAnnotation)
	labels := each(like.Labels, escape)
	labels["gitopsgen.dev/pull-request"] = "{{.number}}"
	return &ApplicationSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiVersion, Kind: "ApplicationSet"},
		ObjectMeta: metav1.ObjectMeta{Name: app + "-previews", Namespace: a.Namespace, Labels: like.Labels},
		Spec: ApplicationSetSpec{
			GoTemplate: true, GoTemplateOptions: []string{"missingkey=error"},
			Generators: []Generator{{PullRequest: requests(p)}},
			Template: SetTemplate{
				Metadata: SetTemplateMeta{Name: previewNamespace(app, "{{.number}}"), Labels: labels,
					Annotations: each(like.Annotations, escape), Finalizers: like.Finalizers},
				Spec: like.Spec,
			},
		},
	}
}

// previewImage returns the image that a pull request builds, without a tag.
func (m *Model) previewImage(app string, p model.Previews, t Target) string {
	if p.Image != "" {
		return p.Image
	}
	ref, err := imageref.Parse(m.resolver.Target(app, t.Scope).Spec.Image)
	if err != nil {
		return app // refused before
	}
	return ref.Name
}

// requests returns what asks a forge for pull requests.
func requests(p model.Previews) *PullRequestGenerator {
	labels := requiredLabels(p)
	out := &PullRequestGenerator{RequeueAfterSeconds: cmp.Or(p.RequeueAfterSeconds, model.Ptr(int64(1800)))}
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
