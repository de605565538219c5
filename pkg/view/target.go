// Package view is what one part of a fleet may know of another: the resolved
// targets, what they state about themselves, and what the platform offers them.
package view

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Selector returns the labels that select an app's pods. They never change.
func Selector(app string) map[string]string {
	return map[string]string{"app.kubernetes.io/name": app}
}

// Target is an app in one scope.
type Target struct {
	// App and Project are names.
	App, Project string
	Scope
	// Namespace is where the target runs; "" for the base.
	Namespace string
	// KubernetesVersion is the cluster's, or the lowest of the environment's
	// clusters, as in 1.36; "" where none is known.
	KubernetesVersion string
	// Common is what all scopes of the base's app have in common; zero elsewhere.
	Common Common
	// Platform is what the platform offers there, shared; nil for the base.
	Platform *Platform
	// Spec is merged and complete: no layer is left to look into, and no default
	// to know. Its Unset is empty. It belongs to the caller.
	Spec model.AppSpec
	// MadeBy is the kind of the object that takes the workload's place and makes it,
	// as in ScaledJob; "" where the workload is an object of the app.
	MadeBy string
	// MinPods is the least number of pods that the workload keeps; 0 where it has no
	// number.
	MinPods int32
	// Owned are the fields that controllers write, and nobody else.
	Owned []OwnedField
	// First are the names of volumes, and the paths of mounts in the main container,
	// that stand before all others in pods, in this order: what only some environments
	// or clusters say of them.
	First []string
	// Sourced are the objects that the target's source yields, where its spec names
	// one, and SourceErr is why they are not complete. They are shared and must not be
	// changed.
	Sourced   []WholeObject
	SourceErr error
}

// Common is what a source may have to know that cannot yield the objects of a base
// without a place.
type Common struct {
	// Namespace is where the app runs, "" where that is not the same everywhere.
	Namespace string
	// KubernetesVersion is the lowest of its clusters, as in 1.36; "" where none is
	// known.
	KubernetesVersion string
}

// WholeObject is an object that a target brings along as a whole.
type WholeObject struct {
	// At is the path, in the target's spec, of what it comes from, as in objects[0].
	At fieldpath.Path
	// From is where in the source it is, as in podinfo/templates/service.yaml:3; ""
	// where At says it.
	From string
	// Object is shared and must not be changed.
	Object model.RawObject
}

// WholeObjects returns the objects of a list at a path of a spec.
func WholeObjects(at fieldpath.Path, list []model.RawObject) []WholeObject {
	out := make([]WholeObject, len(list))
	for i, o := range list {
		out[i] = WholeObject{At: at.Index(i), Object: o}
	}
	return out
}

// WholeObjects returns all objects that the target brings along as a whole: those of
// its spec, and those of its source.
func (t *Target) WholeObjects() []WholeObject {
	return append(WholeObjects("objects", t.Spec.Objects), t.Sourced...)
}

// OwnedField is a field of an object that a controller writes, or scales by. Pods
// of a workload have its name.
type OwnedField struct {
	// By is the kind of the object that tells the controller to, as in
	// HorizontalPodAutoscaler.
	By string
	// Group, Kind and Name are those of the object with the field.
	Group, Kind, Name string
	// Pointer is the field's JSON pointer, as in /spec/replicas.
	Pointer string
}

// The fields that autoscalers write: of a workload, and of all containers of its
// pods.
const (
	Replicas      = "/spec/replicas"
	CPURequest    = "/spec/containers/resources/requests/cpu"
	MemoryRequest = "/spec/containers/resources/requests/memory"
)

// Pod is the kind of pods.
const Pod = "Pod"
