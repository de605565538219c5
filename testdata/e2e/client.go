package e2e

import (
	"context"
	"fmt"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

var namespaces = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}

// client sends objects to the server. Its methods are for one goroutine.
type client struct {
	dynamic  dynamic.Interface
	mapper   *restmapper.DeferredDiscoveryRESTMapper
	warnings *warnings
}

// warnings keeps what the server warned about: deprecated versions, and pods
// that the namespace's pod security level would refuse.
type warnings struct {
	mu   sync.Mutex
	list []string
}

// HandleWarningHeader implements rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, text)
}

// take returns the warnings since the last call.
func (w *warnings) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.list
	w.list = nil
	return list
}

func newClient(config *rest.Config) (*client, error) {
	w := &warnings{}
	config = rest.CopyConfig(config)
	config.WarningHandler = w
	dyn, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	disco, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(disco))
	return &client{dynamic: dyn, mapper: mapper, warnings: w}, nil
}

// prepare creates for real what other objects cannot be sent without: their
// namespaces, with the labels that the objects say, and the definitions of their
// kinds.
func (c *client) prepare(ctx context.Context, objects []*unstructured.Unstructured) error {
	for _, o := range objects {
		if o.GetAPIVersion() == "v1" && o.GetKind() == "Namespace" {
			if _, err := c.apply(ctx, o); err != nil {
				return err
			}
		}
	}
	for _, o := range objects {
		if o.GetKind() == "CustomResourceDefinition" {
			if _, err := c.apply(ctx, o); err != nil {
				return err
			}
			if err := c.waitServed(ctx, o); err != nil {
				return err
			}
		}
	}
	var names []string
	for _, o := range objects {
		names = append(names, o.GetNamespace())
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if name == "" {
			continue
		}
		ns := &unstructured.Unstructured{}
		ns.SetAPIVersion("v1")
		ns.SetKind("Namespace")
		ns.SetName(name)
		_, err := c.dynamic.Resource(namespaces).Create(ctx, ns, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("creating namespace %s: %w", name, err)
		}
	}
	return nil
}

// apply sends o as a strict server-side apply and returns what the server
// warned about. A dry run is asked for by dryRun: []string{metav1.DryRunAll}.
func (c *client) apply(ctx context.Context, o *unstructured.Unstructured, dryRun ...string) ([]string, error) {
	gvk := o.GroupVersionKind()
	mapping, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if err != nil {
		return nil, err
	}
	var resource dynamic.ResourceInterface = c.dynamic.Resource(mapping.Resource)
	switch namespaced := mapping.Scope.Name() == meta.RESTScopeNameNamespace; {
	case namespaced && o.GetNamespace() == "":
		return nil, fmt.Errorf("%s %s has no namespace", o.GetKind(), o.GetName())
	case !namespaced && o.GetNamespace() != "":
		return nil, fmt.Errorf("%s %s has a namespace although its kind is of the cluster", o.GetKind(), o.GetName())
	case namespaced:
		resource = c.dynamic.Resource(mapping.Resource).Namespace(o.GetNamespace())
	}
	data, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	force := true
	_, err = resource.Patch(ctx, o.GetName(), types.ApplyPatchType, data, metav1.PatchOptions{
		DryRun: dryRun, Force: &force, FieldManager: "gitopsgen-e2e", FieldValidation: metav1.FieldValidationStrict,
	})
	return c.warnings.take(), err
}
