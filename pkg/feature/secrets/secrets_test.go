package secrets_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature/secrets"
	"github.com/gitopsgen/gitopsgen/pkg/feature/workload"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// resolver returns the resolver of the fleet with every kind of Secret.
func resolver(t testing.TB) *resolve.Resolver {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/fleets/secrets/fleet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return resolve.New(l.Fleet, features.Default())
}

// TestObjects compares what is made of every kind of Secret, store and generator
// with a golden file.
func TestObjects(t *testing.T) {
	r := resolver(t)
	var b strings.Builder
	write := func(title string, objects []object.Object, err error) {
		if err != nil {
			t.Fatal(err)
		}
		object.Sort(objects)
		for _, o := range objects {
			b.WriteString("--- # " + title + "\n")
			b.Write(o.YAML())
		}
	}
	for _, scope := range r.Scopes("web") {
		if scope.Cluster != "" {
			continue
		}
		target := r.Target("web", scope)
		objects, err := secrets.Generate(&target, r.View())
		write("web in the scope "+scope.Environment, objects, err)
	}
	target := r.Target("web", view.Scope{Environment: "prod"})
	objects, err := workload.Generate(&target, r.View())
	write("workload", objects, err)
	for _, env := range []string{"dev", "prod"} {
		objects, err := secrets.Stores(r.Environment(view.Scope{Environment: env}))
		write("stores of "+env, objects, err)
	}
	if *update {
		if err := os.WriteFile("testdata/objects.yaml", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/objects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run go test ./pkg/feature/secrets -update and review (-want +got):\n%s", diff)
	}
}

// clusterKinds are the kinds of the operator that stand in no namespace.
var clusterKinds = []string{"ClusterSecretStore", "ClusterExternalSecret"}

// TestScopes checks that nothing of a cluster gets a namespace, that all else
// does, and that two environments on one cluster make no object twice.
func TestScopes(t *testing.T) {
	r := resolver(t)
	seen := map[string]string{}
	for _, component := range features.Default().Components() {
		for _, env := range []string{"dev", "prod"} {
			objects, err := component.Objects(r.Environment(view.Scope{Environment: env}))
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range objects {
				id := o.ID().String()
				if seen[id] != "" {
					t.Errorf("%s is made for %s and for %s", id, seen[id], env)
				}
				seen[id] = env
				cluster := o.Kind() == "Namespace" || o.Kind() == clusterKinds[0] || o.Kind() == clusterKinds[1]
				if strings.HasPrefix(o.APIVersion(), "external-secrets.io/") && cluster != (o.Namespace() == "") {
					t.Errorf("%s stands in the namespace %q", id, o.Namespace())
				}
			}
		}
	}
}
