package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// StoreObject returns the name of a store's object in an environment. Objects
// of stores belong to an environment, so that two of them may share a cluster.
func StoreObject(store, env string) string { return store + "-" + env }

// store returns a store of the fleet, or nil.
func (r *Resolver) store(name string) *model.SecretStore {
	for i := range r.fleet.SecretStores {
		if r.fleet.SecretStores[i].Name == name {
			return &r.fleet.SecretStores[i]
		}
	}
	return nil
}

// place fills in where something lies: the store's object and the path. The base
// knows no environment, and so mostly neither.
func (d *derivation) place(ref **model.StoreRef, store, path *string, secret string) {
	if d.env != nil && *ref == nil {
		fill.Zero(store, d.env.SecretStore)
	}
	known := d.r.store(*store)
	if *ref == nil && known != nil && d.env != nil {
		*ref = &model.StoreRef{Name: StoreObject(*store, d.env.Name), Kind: known.Kind}
	}
	if *ref != nil {
		fill.Zero(&(*ref).Kind, model.ClusterStore)
	}
	if d.env != nil {
		fill.Zero(path, cmp.Or(d.env.SecretPath, DefaultSecretPath(known)))
	}
	*path = d.placed(*path, secret)
}

// placed replaces the placeholders of a place; without an environment, {env} stays.
func (d *derivation) placed(place, secret string) string {
	if !strings.Contains(place, "{") {
		return place
	}
	pairs := []string{"{app}", d.app, "{project}", d.project, "{secret}", secret}
	if d.env != nil {
		pairs = append(pairs, "{env}", d.env.Name)
	}
	return strings.NewReplacer(pairs...).Replace(place)
}

// DefaultSecretPath returns the rule for where values lie in a store, where the
// environment has none. A nil store is one that is not of the fleet.
func DefaultSecretPath(s *model.SecretStore) string {
	const path = "{env}/{app}/{secret}"
	if s != nil && (s.GCP != nil || s.Azure != nil || s.OnePassword != nil || s.Kubernetes != nil) {
		return strings.ReplaceAll(path, "/", "-")
	}
	if s != nil && s.AWS != nil && s.AWS.Service == "ParameterStore" && s.AWS.Prefix == "" {
		return "/" + path // names of the Parameter Store with slashes begin with one
	}
	return path
}

func deriveSecretPlaces(d *derivation) {
	for i := range d.spec.Secrets {
		s := &d.spec.Secrets[i]
		fill.Zero(&s.Target, d.app+"-"+s.Name)
		if len(s.Keys)+len(s.From) == 0 {
			s.From = []model.SecretSource{{Extract: &model.RemoteRef{}}}
		}
		if ReadsStore(s) {
			d.place(&s.StoreRef, &s.Store, &s.Path, s.Name)
		}
		d.secretValues(s)
	}
	for i := range d.spec.PushSecrets {
		p := &d.spec.PushSecrets[i]
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

// ReadsStore reports whether a Secret reads a store: not all of it is generated.
func ReadsStore(s *model.Secret) bool {
	return len(s.Keys) > 0 || slices.ContainsFunc(s.From, func(x model.SecretSource) bool { return x.Generator == nil })
}

// secretValues fills in where the values of a Secret lie.
func (d *derivation) secretValues(s *model.Secret) {
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
func (d *derivation) merge(m *model.RewriteMerge) {
	if m == nil {
		return
	}
	fill.Zero(&m.ConflictPolicy, "Error")
	fill.Zero(&m.Strategy, "Extract")
	if !d.externalSecretsBefore("0.20") {
		fill.Zero(&m.PriorityPolicy, "Strict")
	}
}

// externalSecretsBefore reports whether a cluster of the environment runs an
// External Secrets Operator that is older than a version.
func (d *derivation) externalSecretsBefore(version string) bool {
	if d.env == nil {
		return false
	}
	for _, name := range d.env.Clusters {
		if c := d.r.clusters[name]; c != nil && !view.AtLeast(c.Operators.ExternalSecrets, version) {
			return true
		}
	}
	return false
}

func (d *derivation) remote(ref *model.RemoteRef, s *model.Secret) {
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
func (d *derivation) generator(ref *model.GeneratorRef) {
	if ref.Kind != "" {
		return
	}
	for i := range d.spec.SecretGenerators {
		if g := &d.spec.SecretGenerators[i]; g.Name == ref.Name {
			ref.Name, ref.Kind = d.app+"-"+g.Name, GeneratorKind(g)
			return
		}
	}
}

// GeneratorKind returns the kind of a generator's object, or "" where it has none.
func GeneratorKind(g *model.SecretGenerator) string {
	switch {
	case g.Password != nil:
		return "Password"
	case g.ECR != nil:
		return "ECRAuthorizationToken"
	case g.GCR != nil:
		return "GCRAccessToken"
	case g.GitHub != nil:
		return "GithubAccessToken"
	case g.Vault != nil:
		return "VaultDynamicSecret"
	}
	return ""
}

func deriveSecretPolicies(d *derivation) {
	for i := range d.spec.Secrets {
		p := &d.spec.Secrets[i].SecretPolicy
		fill.Zero(&p.CreationPolicy, "Owner")
		fill.Zero(&p.DeletionPolicy, "Retain")
		fill.Zero(&p.RefreshPolicy, "Periodic")
		fill.Zero(&p.RefreshInterval, "1h")
	}
	for i := range d.spec.PushSecrets {
		p := &d.spec.PushSecrets[i]
		fill.Zero(&p.UpdatePolicy, "Replace")
		fill.Zero(&p.DeletionPolicy, "None")
		fill.Zero(&p.RefreshInterval, "1h")
	}
}

// sharedSecrets returns the shared Secrets of an environment, complete as the
// Secrets of a target are.
func (r *Resolver) sharedSecrets(env *model.Environment) []model.SharedSecret {
	spec := model.AppSpec{}
	for i := range env.SharedSecrets {
		s := env.SharedSecrets[i].Secret
		fill.Zero(&s.Target, s.Name)
		if s.Path == "" && env.SecretPath == "" {
			s.Path = strings.NewReplacer("{app}/", "", "{app}-", "").Replace(DefaultSecretPath(r.store(cmp.Or(s.Store, env.SecretStore))))
		}
		spec.Secrets = append(spec.Secrets, s)
	}
	var own model.AppSpec
	overlay(&own, &spec)
	d := &derivation{spec: &own, env: env, r: r, project: r.fleet.Name, app: "shared"}
	deriveSecretPlaces(d)
	deriveSecretPolicies(d)
	out := make([]model.SharedSecret, len(own.Secrets))
	for i := range own.Secrets {
		out[i] = model.SharedSecret{Secret: own.Secrets[i], NamespaceSelector: env.SharedSecrets[i].NamespaceSelector}
	}
	return out
}
