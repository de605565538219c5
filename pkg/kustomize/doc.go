// Package kustomize writes bases and overlays, and lets kustomize build them.
//
// An overlay is computed: from the objects that its parent builds and those
// that it shall build, Overlay finds the idioms of kustomize that express the
// difference (namespace, labels, images, replicas, generated ConfigMaps) and
// small patches for the rest. Nothing of kustomize takes part in the
// computation. Build and Prove are the only callers of kustomize itself, which
// is the judge of what was computed.
//
//	base, err := kustomize.Base("apps/frontend", baseObjects)
//	overlay, err := kustomize.Overlay{
//		Unit: "apps/frontend", Parent: "../../base", Namespace: "guestbook-prod",
//		From: baseObjects, To: prodObjects,
//	}.Files()
package kustomize

// File is a file of one directory.
type File struct {
	// Name is the path from the directory, with slashes.
	Name string
	// Data is the content.
	Data []byte
}
