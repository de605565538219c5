// Package source is the door for what gitopsgen does not generate: where else the
// objects of a target come from.
//
// By default, features make the objects of a target from the model. An app whose
// spec names a source has no workload of its own; its source yields objects in
// place of it. What features make beside a workload (Secrets, certificates, routes,
// hooks, the namespace) they make as ever, and patches, filters, the proof, the
// projects, diffs, ownership and narrowed runs see all objects alike: they read what
// was yielded, and not where it is from.
//
// A Source belongs to a feature, which brings along its checks, rules and facts. A
// new one is such a feature and a field of model.AppSpec with the tag oneof. It is
// pure: what it needs of the world, such as the bytes of files, is in the spec, or in
// the Source itself, before a fleet is rendered. What is in the spec is part of the
// keys of caches, and is searched for credentials; of anything else that changes what
// is yielded, the Version of the feature says so.
//
// What Argo CD is told about an app follows from its objects and its spec; a source
// says nothing to it.
package source

import (
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Source is where the objects of some targets come from. Its functions are pure, and
// several goroutines call them at once.
type Source struct {
	// Names reports whether a spec, of one layer or merged, names the source.
	Names func(s *model.AppSpec) bool
	// Defines returns the objects that a layer shows as it was written, if it names
	// the source: the kinds that they define are known in the whole fleet. Default:
	// none.
	Defines func(s *model.AppSpec) []model.RawObject
	// Yield returns the objects of a target whose spec names the source and has
	// nothing left to fill in, before patches: without namespaces of the target, which
	// are filled in later, in any order. Errors are a finding.AllWrong with paths of
	// the spec.
	Yield func(t *view.Target) ([]view.WholeObject, error)
}
