package secrets

import (
	"slices"

	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/report"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// mostCalls is the number of calls in a month from which on there is a warning.
const mostCalls = 1_000_000

// place is a Secret's place: its namespace on a cluster, and its name.
type place struct{ cluster, namespace, secret string }

// secretTargets are the targets of apps that have Secrets or refer to some.
func (a auditor) secretTargets() []*view.Target {
	var out []*view.Target
	for _, app := range a.fleet.Apps() {
		if a.fleet.HasSecrets(app) {
			for _, s := range a.fleet.Clusters(app) {
				t := a.fleet.Target(app, s)
				out = append(out, &t)
			}
		}
	}
	return out
}

// auditor checks the Secrets of all targets.
type auditor struct {
	*feature.Report
	fleet view.Fleet
}

// checkFleet checks who makes and who reads the Secrets of all namespaces.
func checkFleet(r *feature.Report, f view.Fleet) {
	a := auditor{r, f}
	targets := a.secretTargets()
	a.environmentStores()
	made := a.madeSecrets(targets)
	a.platformSecrets(made)
	a.restarts(targets)
	for _, t := range targets {
		a.missingStores(t)
		a.hooks(t)
		for _, u := range append(uses(t), objectUses(t)...) {
			if !made[place{t.Cluster, t.Namespace, u.secret}] {
				a.Warnf("unprovided-secret", u.at, "add it to secrets, or to existingSecrets if it is created elsewhere",
					"nothing creates the Secret %s in namespace %s", u.secret, t.Namespace)
			}
		}
	}
	a.statedUses(made)
	var reads []report.Read
	for _, t := range targets {
		reads = append(reads, report.OfTarget(a.fleet, t)...)
	}
	a.budget(reads)
}

// statedUses finds Secrets that apps say are read for them, and nothing creates.
func (a auditor) statedUses(made map[place]bool) {
	for _, app := range a.fleet.Apps() {
		for _, scope := range a.fleet.Clusters(app) {
			f, _ := a.fleet.Facts(app, scope)
			for _, u := range f.SecretUses {
				if !made[place{scope.Cluster, u.Namespace, u.Name}] {
					a.Warnf("unprovided-secret", u.Path, "add it to secrets, or to existingSecrets if it is created elsewhere",
						"nothing creates the Secret %s in namespace %s", u.Name, u.Namespace)
				}
			}
		}
	}
}

// madeSecrets returns the Secrets that something makes, and finds those that two
// apps make. An app that brings objects along, or is generated for by others,
// is asked for its own.
func (a auditor) madeSecrets(targets []*view.Target) map[place]bool {
	made, owner := map[place]bool{}, map[place]string{}
	for _, t := range targets {
		for i := range t.Spec.Secrets {
			s := &t.Spec.Secrets[i]
			p := place{t.Cluster, t.Namespace, s.Target}
			if s.CreationPolicy != "Owner" && s.CreationPolicy != "Orphan" {
				continue
			}
			if o := owner[p]; o != "" && o != t.App {
				a.Errorf("duplicate-target", specOf(t).Field("secrets").Key(s.Name), "give one of them another target, or the creationPolicy Merge",
					"apps %s and %s both write the Secret %s in namespace %s", o, t.App, s.Target, t.Namespace)
			}
			made[p], owner[p] = true, t.App
		}
	}
	for _, app := range a.fleet.Apps() {
		for _, scope := range a.fleet.Clusters(app) {
			f, _ := a.fleet.Facts(app, scope)
			for _, name := range outside(f) {
				made[place{scope.Cluster, f.Namespace, name}] = true
			}
		}
	}
	for _, s := range a.fleet.Environments() {
		site := a.fleet.Environment(s)
		for _, m := range site.SecretsMade() {
			made[place{s.Cluster, m.Namespace, m.Name}] = true
		}
		for _, namespace := range site.Namespaces {
			for _, x := range site.SharedSecrets {
				made[place{s.Cluster, namespace, x.Target}] = true
			}
			for _, name := range site.Model.ExistingSecrets {
				made[place{s.Cluster, namespace, name}] = true
			}
		}
	}
	return made
}

// platformSecrets finds Secrets that routes, gateways, certificates and issuers
// read and nobody makes. Those of the platform's own namespaces stand in
// existingSecrets of the environment.
func (a auditor) platformSecrets(made map[place]bool) {
	reported := map[view.SecretUse]bool{}
	for _, s := range a.fleet.Environments() {
		site := a.fleet.Environment(s)
		for _, u := range site.SecretsRead() {
			if reported[u] || made[place{s.Cluster, u.Namespace, u.Name}] || slices.Contains(site.Model.ExistingSecrets, u.Name) {
				continue
			}
			reported[u] = true
			a.Warnf("unprovided-secret", u.Path, "create it, or add it to existingSecrets of the environment if it is created elsewhere",
				"nothing creates the Secret %s in namespace %s", u.Name, u.Namespace)
		}
	}
}

// outside returns the Secrets that an app says others make, and those that its
// extra objects make.
func outside(f *view.Facts) []string {
	names := slices.Clone(f.ExistingSecrets)
	for _, o := range f.Objects {
		if name := madeBy(o.Object); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// madeBy returns the name of the Secret that an extra object makes, or "".
func madeBy(o model.RawObject) string {
	switch view.Text(o, "kind") {
	case "Secret", "SealedSecret":
		return view.Text(o, "metadata", "name")
	case "Certificate":
		return view.Text(o, "spec", "secretName")
	case "ExternalSecret":
		if name := view.Text(o, "spec", "target", "name"); name != "" {
			return name
		}
		return view.Text(o, "metadata", "name")
	}
	return ""
}

// use is a reference to a Secret.
type use struct {
	secret string
	at     fieldpath.Path
}

// uses returns the Secrets that the pods of a target need, with where it says so.
func uses(t *view.Target) []use {
	var out []use
	at := specOf(t)
	literal := func(name string, at fieldpath.Path, optional *bool) {
		if name != "" && (optional == nil || !*optional) {
			out = append(out, use{name, at})
		}
	}
	add := func(name string, at fieldpath.Path, optional *bool) { literal(part.Secret(t, name), at, optional) }
	container := func(at fieldpath.Path, s *model.ContainerSpec) {
		for _, e := range s.Env {
			if e.FromSecret != nil {
				add(e.FromSecret.Name, at.Field("env").Key(e.Name).Field("fromSecret"), e.FromSecret.Optional)
			}
		}
	}
	for _, x := range part.Containers(at, &t.Spec) {
		container(x.Path, x.Spec)
	}
	for i := range t.Spec.Hooks {
		container(at.Field("hooks").Key(t.Spec.Hooks[i].Name), &t.Spec.Hooks[i].ContainerSpec)
	}
	if t.Spec.Pod != nil {
		for i, name := range t.Spec.Pod.ImagePullSecrets {
			add(name, at.Field("pod").Field("imagePullSecrets").Index(i), nil)
		}
	}
	for _, v := range t.Spec.Volumes {
		below := at.Field("volumes").Key(v.Name)
		if v.Secret != nil {
			literal(v.Secret.SecretName, below.Field("secret"), v.Secret.Optional)
		}
		if v.Projected != nil {
			for _, s := range v.Projected.Sources {
				if s.Secret != nil {
					literal(s.Secret.Name, below.Field("projected"), s.Secret.Optional)
				}
			}
		}
	}
	return append(out, valueUses(t, at)...)
}

// valueUses returns the Secrets that stand behind Secrets of a target: those
// that are pushed, and those that generators and own Secrets without an owner need.
func valueUses(t *view.Target, at fieldpath.Path) []use {
	var out []use
	for _, p := range t.Spec.PushSecrets {
		out = append(out, use{part.Secret(t, p.Secret), at.Field("pushSecrets").Key(p.Name).Field("secret")})
	}
	for _, g := range t.Spec.SecretGenerators {
		if g.GitHub != nil {
			out = append(out, use{part.Secret(t, g.GitHub.PrivateKey.Name), at.Field("secretGenerators").Key(g.Name).Field("github").Field("privateKey")})
		}
	}
	for _, s := range t.Spec.Secrets {
		mounted := s.MountPath != "" || s.Env != nil && *s.Env
		if s.CreationPolicy == "Merge" || s.CreationPolicy == "None" && mounted {
			out = append(out, use{s.Target, at.Field("secrets").Key(s.Name)})
		}
	}
	return out
}

func specOf(t *view.Target) fieldpath.Path {
	return fieldpath.Path("apps").Key(t.App).Field("spec")
}

// missingStores finds Secrets of a target that no store is known for.
func (a auditor) missingStores(t *view.Target) {
	fix := "set secretStore on environment " + t.Environment + ", or set store here"
	for i := range t.Spec.Secrets {
		s := &t.Spec.Secrets[i]
		if view.ReadsStore(s) && s.StoreRef == nil {
			a.Errorf("missing-store", specOf(t).Field("secrets").Key(s.Name), fix, "the Secret has no store in environment %s", t.Environment)
		}
	}
	for _, p := range t.Spec.PushSecrets {
		if p.StoreRef == nil {
			a.Errorf("missing-store", specOf(t).Field("pushSecrets").Key(p.Name), fix, "the push has no store in environment %s", t.Environment)
		}
	}
}

// budget finds stores that are asked more often than they should.
func (a auditor) budget(reads []report.Read) {
	for _, u := range report.Uses(reads) {
		most := int64(mostCalls)
		if s := a.fleet.Store(u.Store); s != nil && s.CallsPerMonth != nil {
			most = *s.CallsPerMonth
		}
		if u.CallsPerMonth > most {
			a.Warnf("call-budget", fieldpath.Path("environments").Key(u.Environment), "raise refreshInterval, combine keys of one entry with extract, or raise callsPerMonth",
				"the Secrets of environment %s call the store %s about %d times a month, more than %d", u.Environment, u.Store, u.CallsPerMonth, most)
		}
	}
}

// environmentStores checks what the stores of each environment are used for.
func (a auditor) environmentStores() {
	for i := range a.Fleet.Environments {
		env := &a.Fleet.Environments[i]
		at := fieldpath.Path("environments").Key(env.Name)
		site := a.fleet.Environment(view.Scope{Environment: env.Name})
		a.fakeStores(at, env)
		for j := range site.SharedSecrets {
			s, below := &site.SharedSecrets[j], at.Field("sharedSecrets").Key(site.SharedSecrets[j].Name)
			if view.ReadsStore(&s.Secret) && s.StoreRef == nil {
				a.Errorf("missing-store", below, "set secretStore on the environment, or set store here", "the Secret has no store")
			}
			if s.StoreRef != nil && s.StoreRef.Kind == model.NamespacedStore && s.NamespaceSelector != nil {
				a.Errorf("store-across-namespaces", below, "use a ClusterSecretStore", "the SecretStore may be missing in some of the selected namespaces")
			}
		}
	}
	a.storeNames()
}

// fakeStores finds stores of made-up values that an environment which people
// depend on uses, on all of its clusters or on one.
func (a auditor) fakeStores(at fieldpath.Path, env *model.Environment) {
	reported := map[string]bool{}
	for _, cluster := range append([]string{""}, env.Clusters...) {
		site := a.fleet.Environment(view.Scope{Environment: env.Name, Cluster: cluster})
		for i := range site.SecretStores {
			s := &site.SecretStores[i]
			if s.Fake == nil || !site.Production || reported[s.Name] {
				continue
			}
			reported[s.Name] = true
			a.Errorf("fake-store", at, "use another store, or set production: false",
				"environment %s uses the store %s, whose values are fake and readable in the repository", env.Name, s.Name)
		}
	}
}

// storeNames finds two stores whose objects would bear one name on a cluster.
func (a auditor) storeNames() {
	seen := map[string]string{}
	for _, s := range a.fleet.Environments() {
		site := a.fleet.Environment(s)
		for _, x := range site.SecretStores {
			id := strings.Join([]string{s.Cluster, view.StoreObject(x.Name, s.Environment)}, "/")
			who := fmt.Sprintf("%s of %s", x.Name, s.Environment)
			if other := seen[id]; other != "" && other != who {
				a.Errorf("duplicate-name", fieldpath.Path("secretStores").Key(x.Name), "rename one of them", "the stores %s and %s would have the same name on cluster %s", other, who, s.Cluster)
			}
			seen[id] = who
		}
	}
}
