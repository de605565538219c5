package view

import (
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// The labels by which the pods of a namespace join the mesh.
const (
	InjectionLabel = "istio-injection"
	RevisionLabel  = "istio.io/rev"
	DataplaneLabel = "istio.io/dataplane-mode"
)

// JoinsMesh reports whether labels of a namespace say whether its pods join the
// mesh.
func JoinsMesh(labels map[string]string) bool {
	for _, label := range []string{InjectionLabel, RevisionLabel, DataplaneLabel} {
		if _, ok := labels[label]; ok {
			return true
		}
	}
	return false
}

// Meshed is what the apps of a namespace say about the service mesh.
type Meshed struct {
	// Mode is how the namespace's pods join; "" where its apps disagree.
	Mode model.MeshMode
	// Apps are the names of the apps with pods there, sorted, by their mode; ""
	// is the mode of those that are not in the mesh.
	Apps map[model.MeshMode][]string
}
