package argocd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/metrics"
	"github.com/argoproj/argo-cd/v3/applicationset/services/github_app_auth"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/db"
	"github.com/argoproj/argo-cd/v3/util/settings"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubefake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// theirs returns the Applications that Argo CD's controller makes of an
// ApplicationSet, sorted by name, each with its metadata and its spec. Where it
// also returns an error, that is what the controller tells in the status, and
// the Applications are those that it makes all the same.
func theirs(ctx context.Context, set map[string]any, w World) ([]map[string]any, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir, err := os.MkdirTemp("", "repository-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	repos, err := newRepositories(ctx, dir, w)
	if err != nil {
		return nil, err
	}
	forge := newForge(w.Pulls)
	defer forge.Close()
	object, err := typed(set, w, forge.URL)
	if err != nil {
		return nil, err
	}
	c, err := reconcile(ctx, object, w, repos)
	if err != nil {
		return nil, err
	}
	return results(ctx, c, object)
}

// typed returns the set as Argo CD reads it. Unlike an API server, it does not
// mind unknown fields.
func typed(set map[string]any, w World, forge string) (*v1alpha1.ApplicationSet, error) {
	set = runtime.DeepCopyJSON(set)
	askForge(set, forge)
	out := &v1alpha1.ApplicationSet{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(set, out); err != nil {
		return nil, fmt.Errorf("reading the ApplicationSet: %w", err)
	}
	out.Namespace = w.namespace()
	return out, nil
}

// reconcile runs the controller once, and returns the API that it left.
func reconcile(ctx context.Context, set *v1alpha1.ApplicationSet, w World, repos repositories) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := errors.Join(v1alpha1.AddToScheme(scheme), corev1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).WithObjects(set).WithStatusSubresource(set).
		WithIndex(&v1alpha1.Application{}, ".metadata.controller", func(o client.Object) []string {
			if owner := metav1.GetControllerOf(o); owner != nil {
				return []string{owner.Name}
			}
			return nil
		})
	for _, s := range slices.Concat(w.secrets(), w.tokens(set)) {
		builder = builder.WithObjects(s)
	}
	for _, p := range w.projects() {
		builder = builder.WithObjects(p)
	}
	c, clientset := builder.Build(), w.clientset()
	scm := generators.NewSCMConfig("", nil, true, false, github_app_auth.Credentials(nil), false)
	r := controllers.ApplicationSetReconciler{
		Client:          c,
		Scheme:          scheme,
		Recorder:        record.NewFakeRecorder(1000),
		Renderer:        &utils.Render{},
		Generators:      generators.GetGenerators(ctx, c, clientset, w.namespace(), repos, nil, scm, nil),
		ArgoDB:          w.database(ctx, clientset),
		KubeClientset:   clientset,
		ArgoCDNamespace: w.namespace(),
		Metrics:         metrics.NewFakeAppsetMetrics(),
	}
	if _, err := r.Reconcile(ctx, ctrl.Request{NamespacedName: client.ObjectKeyFromObject(set)}); err != nil {
		// It has recovered from a panic, whose text is only in its log.
		return nil, fmt.Errorf("the controller stopped: %w", err)
	}
	return c, nil
}

// clientset returns the API with Argo CD's own settings and the clusters.
func (w World) clientset() *kubefake.Clientset {
	kube := []runtime.Object{
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "argocd-cm", Namespace: w.namespace(), Labels: partOf}},
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "argocd-secret", Namespace: w.namespace(), Labels: partOf}},
	}
	for _, s := range w.secrets() {
		kube = append(kube, s)
	}
	return kubefake.NewClientset(kube...)
}

// database returns Argo CD's view of the clusters.
func (w World) database(ctx context.Context, clientset *kubefake.Clientset) db.ArgoDB {
	return db.NewDB(w.namespace(), settings.NewSettingsManager(ctx, clientset, w.namespace()), clientset)
}

// tokens returns the Secrets with which a set asks a forge.
func (w World) tokens(set *v1alpha1.ApplicationSet) []*corev1.Secret {
	var out []*corev1.Secret
	add := func(ref *v1alpha1.SecretRef) {
		if ref != nil {
			out = append(out, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: ref.SecretName, Namespace: w.namespace()},
				Data: map[string][]byte{ref.Key: []byte("token")}})
		}
	}
	for _, g := range set.Spec.Generators {
		if p := g.PullRequest; p != nil && p.Github != nil {
			add(p.Github.TokenRef)
		} else if p != nil && p.GitLab != nil {
			add(p.GitLab.TokenRef)
		} else if p != nil && p.Gitea != nil {
			add(p.Gitea.TokenRef)
		}
	}
	return out
}

// partOf is the label of what belongs to Argo CD itself.
var partOf = map[string]string{"app.kubernetes.io/part-of": "argocd"}

// results returns the Applications, and as an error what the set's status says.
func results(ctx context.Context, c client.Client, set *v1alpha1.ApplicationSet) ([]map[string]any, error) {
	var apps v1alpha1.ApplicationList
	if err := c.List(ctx, &apps); err != nil {
		return nil, err
	}
	var out []map[string]any
	for _, app := range apps.Items {
		m, err := plain(&app)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	if err := c.Get(ctx, client.ObjectKeyFromObject(set), set); err != nil {
		return nil, err
	}
	for _, condition := range set.Status.Conditions {
		if condition.Type == v1alpha1.ApplicationSetConditionErrorOccurred && condition.Status == v1alpha1.ApplicationSetConditionStatusTrue {
			return out, errors.New(condition.Message)
		}
	}
	return out, nil
}

// plain returns an Application without what only a cluster knows.
func plain(app *v1alpha1.Application) (map[string]any, error) {
	app.ResourceVersion, app.OwnerReferences = "", nil
	m, err := runtime.DefaultUnstructuredConverter.ToUnstructured(app)
	if err != nil {
		return nil, err
	}
	metadata, ok := m["metadata"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s has no metadata", app.Name)
	}
	delete(metadata, "creationTimestamp")
	return map[string]any{"metadata": metadata, "spec": m["spec"]}, nil
}
