// Package generate turns a resolved target into Kubernetes objects. There is a
// package for each concern; a generator translates and decides nothing: what
// depends on other values was derived by package resolve.
package generate

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/generate/access"
	"github.com/gitopsgen/gitopsgen/pkg/generate/certificate"
	"github.com/gitopsgen/gitopsgen/pkg/generate/config"
	"github.com/gitopsgen/gitopsgen/pkg/generate/dns"
	"github.com/gitopsgen/gitopsgen/pkg/generate/extra"
	"github.com/gitopsgen/gitopsgen/pkg/generate/namespace"
	"github.com/gitopsgen/gitopsgen/pkg/generate/network"
	"github.com/gitopsgen/gitopsgen/pkg/generate/part"
	"github.com/gitopsgen/gitopsgen/pkg/generate/scaling"
	"github.com/gitopsgen/gitopsgen/pkg/generate/secrets"
	"github.com/gitopsgen/gitopsgen/pkg/generate/storage"
	"github.com/gitopsgen/gitopsgen/pkg/generate/traffic"
	"github.com/gitopsgen/gitopsgen/pkg/generate/workload"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generator makes objects of a target. It is pure: the same target and index
// give the same objects. Objects of the base have no namespace, all others have
// the target's.
type Generator interface {
	Generate(t view.Target, v *view.View) ([]object.Object, error)
}

// Func is a function that is a Generator.
type Func func(t view.Target, v *view.View) ([]object.Object, error)

// Generate calls f.
func (f Func) Generate(t view.Target, v *view.View) ([]object.Object, error) {
	return f(t, v)
}

// Default returns gitopsgen's own generators.
func Default() []Generator {
	return []Generator{
		Func(access.Generate), Func(config.Generate), Func(storage.Generate), Func(workload.Generate), Func(workload.Hooks),
		Func(network.Services), Func(network.Policies), Func(scaling.Generate), Func(extra.Generate),
		Func(secrets.Generate),
		Func(traffic.Routes), Func(traffic.Mesh), Func(certificate.Generate), Func(dns.Generate),
	}
}

// Preview returns the objects of a preview: those of the target, which are given,
// and all that the environment's components make for it elsewhere.
func Preview(objects []object.Object, t view.Target, r *resolve.Resolver) ([]object.Object, error) {
	previews, _, _ := r.Previews(t.App)
	site := r.Site(t.Scope)
	own, err := namespace.OfPreview(site, t, previews)
	if err != nil {
		return nil, err
	}
	stores, err := secrets.OfPreview(site)
	if err != nil {
		return nil, err
	}
	neighbours, err := network.Neighbours(t, r.View())
	if err != nil {
		return nil, err
	}
	out := slices.Concat(objects, own, stores, neighbours)
	object.Sort(out)
	return out, Unique(t.Spec.Objects, out)
}

// Component is a part of the platform that belongs to no app.
type Component struct {
	// Name is the component's name, a DNS label: its directory is platform/NAME.
	Name string
	// Objects makes the component's objects for an environment, and for each of
	// its clusters where what they need differs. It is pure. No objects, no
	// component.
	Objects func(view.Site) ([]object.Object, error)
}

// Components returns the platform's components, sorted by name.
func Components() []Component {
	return []Component{
		{layout.Gateways, traffic.Gateways},
		{layout.Issuers, certificate.Issuers},
		{layout.Namespaces, namespace.Objects},
		{layout.Stores, secrets.Stores},
	}
}

// Objects returns the objects that generators make of a target, sorted by
// identity; those that hold data are kept by Argo CD. It is an error where two
// are the same object. Errors are a finding.AllWrong.
func Objects(t view.Target, v *view.View, generators []Generator) ([]object.Object, error) {
	var out []object.Object
	var wrong finding.AllWrong
	for _, g := range generators {
		objects, err := g.Generate(t, v)
		wrong.Add(err, "fix the generator")
		out = append(out, objects...)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	object.Sort(out)
	return part.Keep(out), Unique(t.Spec.Objects, out)
}

// Unique returns an error where some of sorted objects are the same: a
// finding.AllWrong, about those of the whole objects that are among them.
func Unique(whole []model.RawObject, objects []object.Object) error {
	var wrong finding.AllWrong
	for i := 1; i < len(objects); i++ {
		if objects[i].ID() == objects[i-1].ID() {
			wrong = append(wrong, duplicate(whole, objects[i]))
		}
	}
	return wrong.Err()
}

// duplicate returns the error about an object that there are two of.
func duplicate(whole []model.RawObject, o object.Object) *finding.Wrong {
	id := o.ID()
	id.Namespace = ""
	wrong := &finding.Wrong{Err: fmt.Errorf("two objects are %s", id), Fix: "rename or remove one of them"}
	for i, raw := range whole {
		if own, err := object.FromMap(raw); err == nil && own.Kind() == o.Kind() && own.Group() == o.Group() && own.Name() == o.Name() {
			wrong.Path = fieldpath.Path("objects").Index(i)
			break
		}
	}
	return wrong
}
