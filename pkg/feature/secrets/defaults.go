package secrets

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// place fills in where something lies: the store's object and the path. The base
// knows no environment, and so mostly neither.
func (d secretDerivation) place(ref **model.StoreRef, store, path *string, secret string) {
	if d.Platform != nil && *ref == nil {
		fill.Zero(store, d.Platform.SecretStore)
	}
	known := d.Store(*store)
	if *ref == nil && known != nil && d.Platform != nil {
		*ref = &model.StoreRef{Name: view.StoreObject(*store, d.Environment), Kind: known.Kind}
	}
	if *ref != nil {
		fill.Zero(&(*ref).Kind, model.ClusterStore)
	}
	if d.Platform != nil {
		fill.Zero(path, cmp.Or(d.Platform.SecretPath, view.DefaultSecretPath(known)))
	}
	*path = d.placed(*path, secret)
}

// placed replaces the placeholders of a place; without an environment, {env} stays.
func (d secretDerivation) placed(place, secret string) string {
	if !strings.Contains(place, "{") {
		return place
	}
	pairs := []string{"{app}", d.App, "{project}", d.Project, "{secret}", secret}
	if d.Platform != nil {
		pairs = append(pairs, "{env}", d.Environment)
	}
	return strings.NewReplacer(pairs...).Replace(place)
}

// secretDerivation is a target whose Secrets are completed.
type secretDerivation struct{ *feature.Derivation }

func deriveSecretPlaces(derivation *feature.Derivation) {
	d := secretDerivation{derivation}
	for i := range d.Spec.Secrets {
		s := &d.Spec.Secrets[i]
		fill.Zero(&s.Target, d.App+"-"+s.Name)
		if len(s.Keys)+len(s.From) == 0 {
			s.From = []model.SecretSource{{Extract: &model.RemoteRef{}}}
		}
		if view.ReadsStore(s) {
			d.place(&s.StoreRef, &s.Store, &s.Path, s.Name)
		}
		d.secretValues(s)
	}
	for i := range d.Spec.PushSecrets {
		p := &d.Spec.PushSecrets[i]
		d.place(&p.StoreRef, &p.Store, &p.Path, p.Name)
		for j := range p.Keys {
			k := &p.Keys[j]
			if k.Key == "" && k.Property == nil {
				k.Property = new(k.Name)
			}
			fill.Zero(&k.Key, p.Path)
			k.Key = d.placed(k.Key, p.Name)
			fill.Zero(&k.Conversion, "None")
		}
	}
}

// secretValues fills in where the values of a Secret lie.
func (d secretDerivation) secretValues(s *model.Secret) {
	for i := range s.Keys {
		k := &s.Keys[i]
		if k.Key == "" && k.Property == nil {
			k.Property = new(k.Name)
		}
		d.remote(&k.RemoteRef, s)
	}
	for i := range s.From {
		x := &s.From[i]
		for j := range x.Rewrite {
			d.merge(x.Rewrite[j].Merge)
		}
		switch {
		case x.Generator != nil:
			d.generator(x.Generator)
		case x.Extract != nil:
			d.remote(x.Extract, s)
		case x.Find != nil:
			x.Find.Path = d.placed(x.Find.Path, s.Name)
			reading(&x.Find.Reading)
		}
	}
}

// merge fills in how values are joined. PriorityPolicy is younger than the rest.
func (d secretDerivation) merge(m *model.RewriteMerge) {
	if m == nil {
		return
	}
	fill.Zero(&m.ConflictPolicy, "Error")
	fill.Zero(&m.Strategy, "Extract")
	if d.Platform == nil || view.AtLeast(d.Platform.ExternalSecrets, "0.20") {
		fill.Zero(&m.PriorityPolicy, "Strict")
	}
}

func (d secretDerivation) remote(ref *model.RemoteRef, s *model.Secret) {
	fill.Zero(&ref.Key, s.Path)
	ref.Key = d.placed(ref.Key, s.Name)
	fill.Zero(&ref.Metadata, "None")
	reading(&ref.Reading)
}

func reading(r *model.Reading) {
	fill.Zero(&r.Decoding, "None")
	fill.Zero(&r.Conversion, "Default")
}

// generator fills in which object a generator of the app is.
func (d secretDerivation) generator(ref *model.GeneratorRef) {
	if ref.Kind != "" {
		return
	}
	for i := range d.Spec.SecretGenerators {
		if g := &d.Spec.SecretGenerators[i]; g.Name == ref.Name {
			ref.Name, ref.Kind = d.App+"-"+g.Name, view.GeneratorKind(g)
			return
		}
	}
}

func deriveSecretPolicies(d *feature.Derivation) {
	for i := range d.Spec.Secrets {
		p := &d.Spec.Secrets[i].SecretPolicy
		fill.Zero(&p.CreationPolicy, "Owner")
		fill.Zero(&p.DeletionPolicy, "Retain")
		fill.Zero(&p.RefreshPolicy, "Periodic")
		fill.Zero(&p.RefreshInterval, "1h")
	}
	for i := range d.Spec.PushSecrets {
		p := &d.Spec.PushSecrets[i]
		fill.Zero(&p.UpdatePolicy, "Replace")
		fill.Zero(&p.DeletionPolicy, "None")
		fill.Zero(&p.RefreshInterval, "1h")
	}
}

func secretFacts(t *view.Target, f *view.Facts) {
	f.ExistingSecrets = t.Spec.ExistingSecrets
	used := map[string]bool{}
	note := func(store string, ref *model.StoreRef) {
		if store != "" && ref != nil && ref.Name == view.StoreObject(store, t.Environment) {
			used[store] = true
		}
	}
	for i := range t.Spec.Secrets {
		note(t.Spec.Secrets[i].Store, t.Spec.Secrets[i].StoreRef)
	}
	for i := range t.Spec.PushSecrets {
		note(t.Spec.PushSecrets[i].Store, t.Spec.PushSecrets[i].StoreRef)
	}
	f.Stores = slices.Sorted(maps.Keys(used))
}
