// Package report tells what a fleet asks of others: which app reads which entry
// of which secret store, how often, and what it may cost. It is pure, and knows
// places of values only.
//
// An estimate assumes that each key and each source of a Secret is a call at
// each refresh on each cluster, that a month has 730 hours, and the providers'
// list prices of prices.go.
package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Month is the length of a month in estimates.
const Month = 730 * time.Hour

// Read is one entry of a store that a Secret of an app reads, or what one of the
// app's generators makes for it.
type Read struct {
	// App is the app's name; "" for a Secret that a whole environment shares.
	App string `json:"app,omitempty"`
	// Environment, Cluster and Namespace are where it is read.
	Environment string `json:"environment"`
	Cluster     string `json:"cluster"`
	Namespace   string `json:"namespace,omitempty"`
	// Secret is the name of the Secret that the values go to.
	Secret string `json:"secret"`
	// Store is the store's name in the fleet, or that of a foreign object, and
	// Provider its kind of provider, such as aws; "" for a foreign one.
	Store    string `json:"store"`
	Provider string `json:"provider,omitempty"`
	// Key, Property and Version name what is read. Of a search, Key is the path
	// and Find is true.
	Key      string `json:"key"`
	Property string `json:"property,omitempty"`
	Version  string `json:"version,omitempty"`
	Find     bool   `json:"find,omitempty"`
	// Generator is the model's name of the app's generator. It has no store;
	// Provider is its kind, and Key what it asks for.
	Generator string `json:"generator,omitempty"`
	// Write tells that the entry is written.
	Write bool `json:"write,omitempty"`
	// CallsPerMonth is an estimate.
	CallsPerMonth int64 `json:"callsPerMonth"`
}

// compare orders reads by place, then by what is read.
func (r Read) compare(o Read) int {
	return cmp.Or(cmp.Compare(r.Environment, o.Environment), cmp.Compare(r.Cluster, o.Cluster), cmp.Compare(r.App, o.App),
		cmp.Compare(r.Secret, o.Secret), cmp.Compare(r.Key, o.Key), cmp.Compare(r.Property, o.Property))
}

// Reads returns what the Secrets of a fleet read, sorted.
func Reads(r view.Fleet) []Read {
	var out []Read
	for _, app := range r.Apps() {
		if !r.HasSecrets(app) {
			continue
		}
		for _, s := range r.Clusters(app) {
			t := r.Target(app, s)
			out = append(out, OfTarget(r, &t)...)
		}
	}
	for _, s := range r.Environments() {
		site := r.Environment(s)
		for i := range site.SharedSecrets {
			for _, namespace := range site.Namespaces {
				at := Read{Environment: s.Environment, Cluster: s.Cluster, Namespace: namespace}
				out = append(out, ofSecret(r, at, &site.SharedSecrets[i].Secret)...)
			}
		}
	}
	slices.SortStableFunc(out, Read.compare)
	return out
}

// OfTarget returns what the Secrets of a target read and write.
func OfTarget(r view.Fleet, t *view.Target) []Read {
	var out []Read
	at := Read{App: t.App, Environment: t.Environment, Cluster: t.Cluster, Namespace: t.Namespace}
	for i := range t.Spec.Secrets {
		out = append(out, ofSecret(r, at, &t.Spec.Secrets[i])...)
		out = append(out, ofGenerators(at, &t.Spec, &t.Spec.Secrets[i])...)
	}
	for i := range t.Spec.PushSecrets {
		p := &t.Spec.PushSecrets[i]
		x := at
		x.Write, x.Secret = true, target(&t.Spec, p.Secret)
		x.Store, x.Provider = store(r, p.Store, p.StoreRef)
		x.CallsPerMonth = Calls("Periodic", p.RefreshInterval)
		for _, k := range p.Keys {
			x.Key, x.Property = k.Key, text(k.Property)
			out = append(out, x)
		}
	}
	return out
}

// target returns the name of the Secret that one of the app's Secrets becomes; a
// name that is none of these is that of a Secret already.
func target(s *model.AppSpec, name string) string {
	for i := range s.Secrets {
		if s.Secrets[i].Name == name {
			return s.Secrets[i].Target
		}
	}
	return name
}

func ofSecret(r view.Fleet, at Read, s *model.Secret) []Read {
	if !view.ReadsStore(s) {
		return nil
	}
	at.Secret = s.Target
	at.Store, at.Provider = store(r, s.Store, s.StoreRef)
	at.CallsPerMonth = Calls(s.RefreshPolicy, s.RefreshInterval)
	var out []Read
	add := func(ref *model.RemoteRef) {
		x := at
		x.Key, x.Property, x.Version = ref.Key, text(ref.Property), ref.Version
		out = append(out, x)
	}
	for i := range s.Keys {
		add(&s.Keys[i].RemoteRef)
	}
	for _, f := range s.From {
		switch {
		case f.Extract != nil:
			add(f.Extract)
		case f.Find != nil:
			x := at
			x.Key, x.Find = f.Find.Path, true
			out = append(out, x)
		}
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// store returns the name of a store and its provider.
func store(r view.Fleet, name string, ref *model.StoreRef) (store, provider string) {
	if s := r.Store(name); s != nil && ref != nil {
		return name, Provider(s)
	}
	if ref != nil {
		return ref.Name, ""
	}
	return name, ""
}

// Provider returns the name of a store's provider: that of its field, and
// aws/parameters for the Parameter Store.
func Provider(s *model.SecretStore) string {
	switch {
	case s.AWS != nil && s.AWS.Service == "ParameterStore":
		return "aws/parameters"
	case s.AWS != nil:
		return "aws"
	case s.GCP != nil:
		return "gcp"
	case s.Azure != nil:
		return "azure"
	case s.Vault != nil:
		return "vault"
	case s.OnePassword != nil:
		return "onePassword"
	case s.Kubernetes != nil:
		return "kubernetes"
	case s.Fake != nil:
		return "fake"
	}
	return ""
}

// Calls returns the calls in a month that a refresh takes: none that matter
// where it happens once or on a change.
func Calls(policy, interval string) int64 {
	d, err := time.ParseDuration(interval)
	if err != nil || d <= 0 || policy != "" && policy != "Periodic" {
		return 0
	}
	return int64(Month / d)
}
