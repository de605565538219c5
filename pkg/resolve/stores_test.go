package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestStoresOfEnvironment checks that each scope has the stores that its Secrets use.
func TestStoresOfEnvironment(t *testing.T) {
	from := func(name, store string) []model.Secret { return []model.Secret{{Name: name, Store: store}} }
	onZ := func(env string, spec model.AppSpec) map[string]model.Override {
		return map[string]model.Override{env: {Clusters: map[string]model.AppSpec{"z": spec}}}
	}
	for name, tc := range map[string]struct {
		reason string
		app    model.App
		shared []model.SharedSecret
		// env, y and z are the stores of prod, of each of its clusters, and other
		// those of dev, which has a single cluster, y.
		env, y, z, other []string
	}{
		"Own": {reason: "An environment's own store is there before anybody reads it.",
			env: []string{"one"}, y: []string{"one"}, z: []string{"one"}, other: nil},
		"Spec": {reason: "What all targets use is everywhere.", app: model.App{Spec: model.AppSpec{Secrets: from("db", "two")}},
			env: []string{"one", "two"}, y: []string{"one", "two"}, z: []string{"one", "two"}, other: []string{"two"}},
		"Cluster": {reason: "A store of one cluster is on that cluster alone.",
			app: model.App{Spec: model.AppSpec{Secrets: []model.Secret{{Name: "db"}}}, Environments: onZ("prod", model.AppSpec{Secrets: from("db", "two")})},
			env: []string{"one"}, y: []string{"one"}, z: []string{"one", "two"}},
		"Push": {reason: "A push of one cluster needs the store there, and not the one that it gave up.", app: model.App{Spec: model.AppSpec{PushSecrets: []model.PushSecret{{Name: "back", Store: "two"}}},
			Environments: onZ("prod", model.AppSpec{PushSecrets: []model.PushSecret{{Name: "back", Store: "three"}}})},
			env: []string{"one", "two"}, y: []string{"one", "two"}, z: []string{"one", "three"}, other: []string{"two"}},
		"Overridden": {reason: "A store that no target is left to use is not made.",
			app: model.App{Spec: model.AppSpec{Secrets: from("db", "two")}, Environments: map[string]model.Override{"prod": {AppSpec: model.AppSpec{Secrets: from("db", "one")}}}},
			env: []string{"one"}, y: []string{"one"}, z: []string{"one"}, other: []string{"two"}},
		"Generated": {reason: "A Secret that is generated reads no store.",
			app: model.App{Spec: model.AppSpec{Secrets: []model.Secret{{Name: "db", Store: "two", From: []model.SecretSource{{Generator: &model.GeneratorRef{Name: "g"}}}}}}},
			env: []string{"one"}, y: []string{"one"}, z: []string{"one"}},
		"Foreign": {reason: "Somebody else makes the object that a Secret refers to.",
			app: model.App{Spec: model.AppSpec{Secrets: []model.Secret{{Name: "db", Store: "two", StoreRef: &model.StoreRef{Name: "central"}}}}},
			env: []string{"one"}, y: []string{"one"}, z: []string{"one"}},
		"Single": {reason: "An environment with one cluster has what that cluster uses.",
			app: model.App{Environments: map[string]model.Override{"dev": {Clusters: map[string]model.AppSpec{"y": {Secrets: from("db", "two")}}}}},
			env: []string{"one"}, y: []string{"one"}, z: []string{"one"}, other: []string{"two"}},
		"Shared": {reason: "Shared Secrets are on all clusters.", shared: []model.SharedSecret{{Secret: model.Secret{Name: "ca", Store: "three"}}},
			env: []string{"one", "three"}, y: []string{"one", "three"}, z: []string{"one", "three"}},
	} {
		tc.app.Name = "web"
		r := resolve.New(&model.Fleet{Name: "shop", SecretStores: []model.SecretStore{{Name: "one"}, {Name: "two"}, {Name: "three"}},
			Clusters: []model.Cluster{{Name: "y"}, {Name: "z"}}, Apps: []model.App{tc.app},
			Environments: []model.Environment{{Name: "dev", Clusters: []string{"y"}},
				{Name: "prod", Clusters: []string{"y", "z"}, SecretStore: "one", SharedSecrets: tc.shared}}}, features.Default())
		for scope, want := range map[view.Scope][]string{
			{Environment: "prod"}: tc.env, {Environment: "prod", Cluster: "y"}: tc.y, {Environment: "prod", Cluster: "z"}: tc.z,
			{Environment: "dev"}: tc.other, {Environment: "dev", Cluster: "y"}: tc.other,
		} {
			var got []string
			for _, s := range r.Environment(scope).SecretStores {
				got = append(got, s.Name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s In %v (-want +got):\n%s", name, tc.reason, scope, diff)
			}
		}
	}
}
