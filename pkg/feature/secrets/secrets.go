// Package secrets makes what the External Secrets Operator reads: the
// ExternalSecrets, generators and PushSecrets of an app, and the stores and
// shared Secrets of an environment. No value of a secret passes through it.
package secrets

import (
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the ExternalSecrets, generators and PushSecrets of an app. In
// the base, those whose store or place depends on the environment are not made:
// they stand in the overlays as a whole.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	var typed []*resource
	for i := range t.Spec.Secrets {
		if s := &t.Spec.Secrets[i]; placed(t, s) {
			typed = append(typed, &resource{
				TypeMeta:   metav1.TypeMeta{APIVersion: apiVersion, Kind: "ExternalSecret"},
				ObjectMeta: part.Meta(t, s.Target),
				Spec:       spec(s),
			})
		}
	}
	for i := range t.Spec.SecretGenerators {
		if g := generator(t, &t.Spec.SecretGenerators[i]); g != nil {
			typed = append(typed, g)
		}
	}
	for i := range t.Spec.PushSecrets {
		if p := &t.Spec.PushSecrets[i]; pushPlaced(t, p) {
			typed = append(typed, push(t, p))
		}
	}
	return object.FromAll(typed...)
}

// placed reports whether store and places of a Secret are known. A Secret that
// is made by generators alone needs no store.
func placed(t *view.Target, s *model.Secret) bool {
	remote := false
	known := func(place string) bool {
		remote = true
		return t.Environment != "" || !strings.Contains(place, "{env}")
	}
	for i := range s.Keys {
		if k := &s.Keys[i]; k.Key == "" || !known(k.Key) {
			return false
		}
	}
	for _, x := range s.From {
		if x.Extract != nil && (x.Extract.Key == "" || !known(x.Extract.Key)) || x.Find != nil && !known(x.Find.Path) {
			return false
		}
	}
	return s.StoreRef != nil || !remote
}

// spec returns the spec of the ExternalSecret of a Secret.
func spec(s *model.Secret) externalSecretSpec {
	out := externalSecretSpec{
		RefreshPolicy: s.RefreshPolicy, RefreshInterval: interval(s.RefreshInterval),
		Target: target{Name: s.Target, CreationPolicy: s.CreationPolicy, DeletionPolicy: s.DeletionPolicy,
			Immutable: s.Immutable != nil && *s.Immutable, Template: templateOf(s.Template)},
	}
	if s.StoreRef != nil {
		out.SecretStoreRef = &storeRef{string(s.StoreRef.Kind), s.StoreRef.Name}
	}
	for _, k := range s.Keys {
		out.Data = append(out.Data, data{k.Name, remote(&k.RemoteRef)})
	}
	for _, f := range s.From {
		out.DataFrom = append(out.DataFrom, from(f))
	}
	return out
}

func from(f model.SecretSource) dataFrom {
	var out dataFrom
	switch {
	case f.Extract != nil:
		ref := remote(f.Extract)
		out.Extract = &ref
	case f.Find != nil:
		out.Find = &find{Path: f.Find.Path, Tags: f.Find.Tags, ConversionStrategy: f.Find.Conversion, DecodingStrategy: f.Find.Decoding}
		if f.Find.Name != "" {
			out.Find.Name = &findName{f.Find.Name}
		}
	case f.Generator != nil:
		out.SourceRef = source(f.Generator)
	}
	for _, r := range f.Rewrite {
		out.Rewrite = append(out.Rewrite, rewriteOf(r))
	}
	return out
}

func rewriteOf(r model.SecretRewrite) rewrite {
	switch {
	case r.Regexp != nil:
		return rewrite{Regexp: &rewriteRegexp{r.Regexp.Source, r.Regexp.Target}}
	case r.Merge != nil:
		m := r.Merge
		return rewrite{Merge: &rewriteMerge{m.Into, m.Priority, m.PriorityPolicy, m.ConflictPolicy, m.Strategy}}
	}
	return rewrite{Transform: &rewriteTransform{r.Transform}}
}

func source(g *model.GeneratorRef) *sourceRef {
	return &sourceRef{generatorRef{generatorAPIVersion, g.Kind, g.Name}}
}

func remote(r *model.RemoteRef) remoteRef {
	out := remoteRef{Key: r.Key, Version: r.Version, ConversionStrategy: r.Conversion, DecodingStrategy: r.Decoding, MetadataPolicy: r.Metadata}
	if r.Property != nil {
		out.Property = *r.Property
	}
	return out
}

// interval returns a duration in the spelling of the API server, which else
// would differ from what is written.
func interval(s string) string {
	d, err := time.ParseDuration(s)
	if err != nil {
		return s // a finding says so
	}
	return d.String()
}

func pushPlaced(t *view.Target, p *model.PushSecret) bool {
	return p.StoreRef != nil && !slices.ContainsFunc(p.Keys, func(k model.PushKey) bool {
		return k.Key == "" || t.Environment == "" && strings.Contains(k.Key, "{env}")
	})
}

func push(t *view.Target, p *model.PushSecret) *resource {
	spec := pushSecretSpec{RefreshInterval: interval(p.RefreshInterval), UpdatePolicy: p.UpdatePolicy, DeletionPolicy: p.DeletionPolicy,
		SecretStoreRefs: []storeRef{{string(p.StoreRef.Kind), p.StoreRef.Name}}}
	spec.Selector.Secret.Name = part.Secret(t, p.Secret)
	for _, k := range p.Keys {
		d := pushData{ConversionStrategy: k.Conversion, Match: pushMatch{k.Name, pushRemote{RemoteKey: k.Key}}}
		if k.Property != nil {
			d.Match.RemoteRef.Property = *k.Property
		}
		spec.Data = append(spec.Data, d)
	}
	return &resource{TypeMeta: metav1.TypeMeta{APIVersion: pushVersion, Kind: "PushSecret"}, ObjectMeta: part.Meta(t, t.App+"-"+p.Name), Spec: spec}
}
