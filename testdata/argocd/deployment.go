package argocd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo"
	"github.com/argoproj/argo-cd/v3/util/glob"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// deployment is an Application, the cluster that Argo CD finds for it, and what
// its path builds.
type deployment struct {
	*v1alpha1.Application
	cluster *v1alpha1.Cluster
	objects []object.Object
}

// deployments returns those of an instance: the roots, the Applications that
// stand in the tree, and those that its sets make.
func (i instance) deployments(ctx context.Context) ([]deployment, error) {
	apps, err := i.applications(ctx)
	if err != nil {
		return nil, err
	}
	w, err := i.world(nil)
	if err != nil {
		return nil, err
	}
	registered, err := i.objects("ExternalSecret")
	if err != nil {
		return nil, err
	}
	w.Clusters = slices.DeleteFunc(w.Clusters, func(c Cluster) bool {
		return c.Name == i.Cluster && !slices.ContainsFunc(registered, func(o object.Object) bool { return o.Name() == "cluster-"+c.Name })
	})
	database := w.database(ctx, w.clientset())
	var out []deployment
	for _, app := range apps {
		d := deployment{Application: app}
		if d.cluster, err = argo.GetDestinationCluster(ctx, app.Spec.Destination, database); err != nil {
			return nil, fmt.Errorf("%s: %w", app.Name, err)
		}
		if d.objects, err = i.build(app); err != nil {
			return nil, fmt.Errorf("%s: %w", app.Name, err)
		}
		out = append(out, d)
	}
	return out, nil
}

func (i instance) applications(ctx context.Context) ([]*v1alpha1.Application, error) {
	plainly, err := i.objects("Application")
	if err != nil {
		return nil, err
	}
	roots, err := i.bootstrap("Application")
	if err != nil {
		return nil, err
	}
	var out []*v1alpha1.Application
	for _, o := range slices.Concat(roots, plainly) {
		app, err := fromObject[v1alpha1.Application](o)
		if err != nil {
			return nil, err
		}
		out = append(out, app)
	}
	sets, err := i.objects("ApplicationSet")
	if err != nil {
		return nil, err
	}
	w, err := i.world(pulls)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		made, err := theirs(ctx, set.Map(), w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.Name(), err)
		}
		for _, m := range made {
			app := new(v1alpha1.Application)
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(m, app); err != nil {
				return nil, err
			}
			out = append(out, app)
		}
	}
	return out, nil
}

// bootstrap returns what is applied once, of a kind.
func (i instance) bootstrap(kind string) ([]object.Object, error) {
	var out []object.Object
	for _, f := range i.files {
		if path.Dir(f.Path) != layout.Bootstrap(i.Cluster) || !strings.HasPrefix(path.Base(f.Path), i.ArgoCD.Name+"-") {
			continue
		}
		objects, err := object.Parse(f.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(objects, func(o object.Object) bool { return o.Kind() != kind })...)
	}
	return out, nil
}

// build returns what Argo CD builds of an Application's source: what kustomize
// makes of it, or the files as they are.
func (i instance) build(app *v1alpha1.Application) ([]object.Object, error) {
	source := app.Spec.GetSource()
	files := i.at(source.TargetRevision)
	kustomization := path.Join(source.Path, layout.Kustomization)
	at := slices.IndexFunc(files, func(f tree.File) bool { return f.Path == kustomization })
	if at >= 0 && source.Kustomize != nil {
		data, err := edited(files[at].Data, source.Kustomize)
		if err != nil {
			return nil, err
		}
		files[at].Data = data
	}
	if at >= 0 {
		return kustomize.Build(files, source.Path)
	}
	if source.Kustomize != nil {
		return nil, fmt.Errorf("%s is no kustomization, and Argo CD shall build it as one", source.Path)
	}
	directory := source.Directory
	if directory == nil {
		directory = &v1alpha1.ApplicationSourceDirectory{}
	}
	var out []object.Object
	for _, f := range files {
		rest, ok := strings.CutPrefix(f.Path, source.Path+"/")
		if !ok || !directory.Recurse && strings.Contains(rest, "/") || glob.Match(directory.Exclude, rest) {
			continue
		}
		objects, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		out = append(out, objects...)
	}
	return out, nil
}

// permitted returns why a project does not let Argo CD deploy d, or nil.
func (d deployment) permitted(p *v1alpha1.AppProject) error {
	if p.Name != d.Spec.Project {
		return fmt.Errorf("the project is %s", d.Spec.Project)
	}
	if !p.IsSourcePermitted(d.Spec.GetSource()) {
		return fmt.Errorf("the source is not permitted")
	}
	if err := d.reaches(p, d.Spec.Destination.Namespace); err != nil {
		return err
	}
	for _, o := range d.objects {
		namespaced := isNamespaced(o)
		if !p.IsGroupKindNamePermitted(schema.GroupKind{Group: o.Group(), Kind: o.Kind()}, o.Name(), namespaced) {
			return fmt.Errorf("%s is not permitted", o.ID())
		}
		if !namespaced {
			continue
		}
		if err := d.reaches(p, d.namespaceOf(o)); err != nil {
			return fmt.Errorf("%s: %w", o.ID(), err)
		}
	}
	creates := d.Spec.SyncPolicy != nil && slices.Contains(d.Spec.SyncPolicy.SyncOptions, "CreateNamespace=true")
	if creates && !p.IsGroupKindNamePermitted(schema.GroupKind{Kind: "Namespace"}, d.Spec.Destination.Namespace, false) {
		return fmt.Errorf("its namespace may not be created")
	}
	return nil
}

// namespaceOf returns the namespace into which Argo CD applies an object.
func (d deployment) namespaceOf(o object.Object) string {
	if o.Namespace() != "" {
		return o.Namespace()
	}
	return d.Spec.Destination.Namespace
}

func (d deployment) reaches(p *v1alpha1.AppProject, namespace string) error {
	ok, err := p.IsDestinationPermitted(d.cluster, namespace, func(string) ([]*v1alpha1.Cluster, error) { return nil, nil })
	if err == nil && !ok {
		err = fmt.Errorf("the namespace %s of %s is not permitted", namespace, d.cluster.Name)
	}
	return err
}

// isNamespaced reports whether an object lives in a namespace. Of the operators'
// kinds, the library knows; testdata/crds holds it to the definitions.
func isNamespaced(o object.Object) bool {
	namespaced, known := openapi.IsNamespaceScoped(kyaml.TypeMeta{APIVersion: o.APIVersion(), Kind: o.Kind()})
	if !known {
		return kind.Of(o.KindName()) != kind.Cluster
	}
	return namespaced
}
