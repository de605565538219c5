// Package feature is the type of a capability: everything that gitopsgen knows
// about one thing, such as autoscaling, in one place.
//
// A Feature fills in defaults, checks layers and targets, states facts about a
// target, and makes objects, of apps and of the platform. What it has to tell
// others it states as facts: no feature imports another. Those of gitopsgen are
// listed in package features, and a program adds its own by render.WithFeature.
//
//	var Cost = feature.Feature{
//		Name: "cost",
//		Objects: func(t *view.Target, v *view.View) ([]object.Object, error) {
//			…
//		},
//	}
package feature

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Feature is a capability. All of its functions are optional and pure: the same
// arguments give the same results. Several goroutines call them at once.
type Feature struct {
	// Name is the name, unique in a Set.
	Name string
	// Version is part of the key of what is remembered of apps: change it when the
	// feature comes to other results, or its settings have other fields. Where a
	// feature of a user's own has none, nothing is remembered.
	Version string
	// Kinds are those that the feature's objects have, or its operator makes, and that
	// package kind does not know.
	Kinds []kind.Kind
	// Settings is a nil pointer of the type of the feature's settings, as in
	// (*Cost)(nil): extensions.NAME holds them in every layer of an app, and SettingsOf
	// returns them. All fields of the struct have json tags; the tags merge and oneof
	// say how layers meet, as in package model, the tag was holds the name of a field
	// in earlier versions, and doc what the JSON schema says of it. Default: none.
	Settings any
	// Rules document the findings of the feature's checks.
	Rules []rules.Rule
	// Defaults fill in what no layer said.
	Defaults []Default
	// CheckModel checks what the fleet says outside of apps, as it was written;
	// r.Fleet is the fleet.
	CheckModel func(r *Report)
	// CheckLayer checks one layer of an app as it was written, which is at a path of
	// the fleet; of a PlatformComponent, what it has like an app: its objects, its
	// patches and its sync.
	CheckLayer func(r *Report, at fieldpath.Path, s *model.AppSpec)
	// CheckTarget checks a target with nothing left to fill in. At is the path of the
	// app's own layer.
	CheckTarget func(r *Report, at fieldpath.Path, t *view.Target)
	// CheckFleet checks what only all targets show together.
	CheckFleet func(r *Report, f view.Fleet)
	// CheckObjects checks the objects of a target, once patches and filters were
	// applied.
	CheckObjects func(r *Report, at fieldpath.Path, t *view.Target, objects []object.Object)
	// Source is where the objects of targets come from whose spec names it.
	Source *source.Source
	// Facts states what others may know of a target with nothing left to fill in.
	// It sees the facts of features that come before it in the Set.
	Facts func(t *view.Target, f *view.Facts)
	// Objects makes objects of a target. Those of the base have no namespace, all
	// others have the target's.
	Objects func(t *view.Target, v *view.View) ([]object.Object, error)
	// Replace returns what takes the place of an object that a feature made, such as
	// a ScaledJob that of a Job, or the object itself. It comes before the user's
	// patches.
	Replace func(t *view.Target, o object.Object) (object.Object, error)
	// Preview makes what the preview of a pull request needs beside the objects of
	// its target, and what the environment has once for all apps.
	Preview func(t *view.Target, site view.Environment, v *view.View) ([]object.Object, error)
	// Filter changes the objects of a target after those of all features and the
	// user's patches were made. The objects are shared: it changes clones.
	Filter func(t *view.Target, objects []object.Object) ([]object.Object, error)
	// Components are parts of the platform that belong to no app.
	Components []Component
}

// Component is a part of the platform that belongs to no app.
type Component struct {
	// Name is the component's name, a DNS label: its directory is platform/NAME.
	Name string
	// Objects makes the component's objects for an environment, and for each of
	// its clusters where what they need differs. No objects, no component.
	Objects func(view.Environment) ([]object.Object, error)
}

// Generators returns a function for Objects that makes the objects of several.
func Generators(list ...func(*view.Target, *view.View) ([]object.Object, error)) func(*view.Target, *view.View) ([]object.Object, error) {
	return func(t *view.Target, v *view.View) ([]object.Object, error) {
		var out []object.Object
		for _, generate := range list {
			objects, err := generate(t, v)
			if err != nil {
				return nil, err
			}
			out = append(out, objects...)
		}
		return out, nil
	}
}
