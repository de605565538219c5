package render

import (
	"fmt"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// preview adds to the plan of an app the overlay of its previews, and returns
// what they build; nil where the app has none, or theirs are not selected.
func (r *renderer) preview(app string, p *plan, c *composed) (*argocd.Preview, error) {
	_, like, ok := r.resolver.Previews(app)
	if !ok || !r.selected(like) {
		return nil, nil
	}
	number := view.Preview{App: app, Number: view.Example}
	example, findings, err := r.previewObjects(number, r.view(c))
	scope, _ := r.resolver.PreviewScope(number)
	if wrong, err := r.wrong(err, "a preview", r.writtenIn(app, scope)); err != nil || wrong != nil {
		c.findings = append(c.findings, wrong...)
		return nil, err
	}
	names, err := r.previewNames(app, r.view(c))
	if err != nil {
		return nil, err
	}
	c.findings = slices.Concat(c.findings, findings, names)
	if len(findings.Errors()) > 0 || len(names.Errors()) > 0 {
		return nil, nil
	}
	marked, _, err := r.previewObjects(argocd.Mark(app), r.view(c))
	if err != nil {
		return nil, err
	}
	namespace := view.PreviewName(app, view.Example)
	p.envs = append(p.envs, &envPlan{scoped: scoped{view.Scope{Environment: like.Environment}, namespace, example}, preview: true})
	return &argocd.Preview{Dir: layout.Preview(p.unit, like.Environment), Reads: []string{layout.Base(p.unit)}, Example: example, Marked: marked}, nil
}

// previewObjects makes all objects of the preview of a pull request.
func (r *renderer) previewObjects(p view.Preview, v *view.View) ([]object.Object, finding.List, error) {
	scope, _ := r.resolver.PreviewScope(p)
	t := r.resolver.Target(p.App, scope)
	objects, _, err := r.objects(&t, v) // checked with the environment's
	if err != nil {
		return nil, nil, err
	}
	objects = slices.DeleteFunc(objects, r.isOnce) // the environment's, which all previews share
	findings := r.notIsolated(t, objects)
	objects, err = r.set.Preview(objects, &t, v.Environment(scope), v)
	return objects, findings, err
}

// previewNames checks the names of a preview of a pull request with a long number.
func (r *renderer) previewNames(app string, v *view.View) (finding.List, error) {
	p := view.Preview{App: app, Number: view.LongExample}
	objects, _, err := r.previewObjects(p, v)
	if err != nil {
		return nil, err
	}
	scope, _ := r.resolver.PreviewScope(p)
	t := r.resolver.Target(app, scope)
	return validate.Names(fieldpath.Path("apps").Key(app).Field("spec"), &t, objects, r.writtenIn(app, scope), r.positions), nil
}

// notIsolated finds objects of an app that its previews would share with the
// environment, and with each other.
func (r *renderer) notIsolated(t view.Target, objects []object.Object) finding.List {
	var out finding.List
	for _, o := range objects {
		if o.Namespace() == t.Namespace {
			continue
		}
		at := fieldpath.Path("apps").Key(t.App)
		out = append(out, finding.Finding{Rule: "preview-shared-object", Severity: finding.Error, Path: at, Position: r.positions.At(at),
			Reason: fmt.Sprintf("each preview of app %s would deploy %s, which is outside of its namespace", t.App, o.ID()),
			Fix:    "move the object into a separate app, or remove the previews"})
	}
	return out
}

// provePreview lets kustomize build the preview of a pull request, as Argo CD
// does, and compares.
func (r *renderer) provePreview(app string, files []tree.File) error {
	pull := expand.PullRequest{Number: 7, Title: "a change", Branch: "change", TargetBranch: "main", HeadSHA: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"}
	dir, changed, err := r.argo.PreviewFiles(app, files, pull)
	if err != nil {
		return err
	}
	want, _, err := r.previewObjects(view.Preview{App: app, Number: fmt.Sprint(pull.Number), Commit: pull.HeadSHA}, r.resolver.View())
	if err != nil {
		return err
	}
	differences, err := kustomize.Prove(changed, dir, want)
	if err != nil || len(differences) == 0 {
		return err
	}
	return fmt.Errorf("the preview of a pull request does not match the model: %s", differences[0])
}

// currentPreviews returns the ApplicationSet of an app's previews as it stands,
// in a run that does not select the environment that they are like.
func (r *renderer) currentPreviews(unit string, files []tree.File) ([]tree.File, error) {
	if r.selection.IsZero() {
		return nil, nil
	}
	for _, f := range r.priorOf(unit) {
		if !argocd.IsPreviewSet(f.Path, path.Base(unit)) || slices.ContainsFunc(files, func(x tree.File) bool { return x.Path == f.Path }) {
			continue
		}
		sets, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		if env := sets[0].Text("metadata", "labels", view.EnvironmentLabel); !r.selected(view.Scope{Environment: env}) {
			return []tree.File{f}, nil
		}
	}
	return nil, nil
}
