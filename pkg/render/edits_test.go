package render_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var edits = flag.Int("edits", 30, "how many fleets of small edits are rendered")

// edited returns an app as people write it, in three environments of which the last
// has two clusters. What is particular to them is left to small edits.
func edited() *model.Fleet {
	literal := func(name, value string) model.EnvVar { return model.EnvVar{Name: name, Value: &value} }
	app := model.App{Name: "web", Spec: model.AppSpec{
		ContainerSpec: model.ContainerSpec{
			Image: "ghcr.io/acme/web:1.0",
			Ports: []model.Port{{Name: "http", Port: 8080, ServicePort: new(int32(80))}, {Name: "metrics", Port: 9090, Private: new(true)}},
			Env: []model.EnvVar{literal("HOST", "db"), literal("PORT", "5432"), literal("URL", "pg://$(HOST):$(PORT)/web"),
				literal("LEVEL", "info"), {Name: "TOKEN", FromSecret: &model.KeySelector{Name: "token", Key: "token"}}, literal("MODE", "fast")},
			Resources: &corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("64Mi")}},
			Writable:  []string{"/tmp"},
		},
		Sidecars: []model.Container{{Name: "proxy", ContainerSpec: model.ContainerSpec{Image: "envoy:1.30", Env: []model.EnvVar{literal("UPSTREAM", "web"), literal("LEVEL", "warn")}}}},
		Config:   []model.Config{{Name: "settings", MountPath: "/etc/settings", Data: map[string]string{"a.conf": "x"}}},
		Volumes:  []model.Volume{{Name: "data", MountPath: "/data", EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		Hooks:    []model.Hook{{Name: "migrate", Phase: "Sync", ContainerSpec: model.ContainerSpec{Args: []string{"up"}, Env: []model.EnvVar{literal("HOST", "db"), literal("LEVEL", "info")}}}},
		Pod:      &model.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}},
	}, Environments: map[string]model.Override{}}
	return &model.Fleet{
		Name: "shop", Repository: model.Repository{URL: "https://git.example.com/shop.git"},
		ArgoCD:   []model.ArgoCD{{Name: "hub", Cluster: "one"}},
		Clusters: []model.Cluster{{Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}, {Name: "staging", PromotedFrom: "dev", Clusters: []string{"one"}},
			{Name: "prod", PromotedFrom: "staging", Clusters: []string{"one", "two"}}},
		Apps: []model.App{app},
	}
}

// editor makes small edits of layers.
type editor struct{ *rand.Rand }

func (e editor) pick(of ...string) string { return of[e.IntN(len(of))] }

// variable is one that all have, one with a reference, or a new one.
func (e editor) variable() model.EnvVar {
	return model.EnvVar{Name: e.pick("HOST", "PORT", "URL", "LEVEL", "TOKEN", "MODE", "NEW", "EXTRA", "REGION"),
		Value: new(e.pick("a", "b", "debug", "5432", "$(HOST):1", "info"))}
}

// edit makes one edit of a layer, as people make them in an environment.
func (e editor) edit(s *model.AppSpec) {
	switch e.IntN(14) {
	case 0, 1, 2, 3, 4:
		setEnv(&s.ContainerSpec, e.variable())
	case 5:
		if len(s.Sidecars) == 0 {
			s.Sidecars = []model.Container{{Name: "proxy"}}
		}
		setEnv(&s.Sidecars[0].ContainerSpec, e.variable())
	case 6:
		if len(s.Hooks) == 0 {
			s.Hooks = []model.Hook{{Name: "migrate"}}
		}
		setEnv(&s.Hooks[0].ContainerSpec, e.variable())
	case 7:
		s.Volumes = append(slices.DeleteFunc(s.Volumes, func(v model.Volume) bool { return v.Name == "cache" }),
			model.Volume{Name: "cache", MountPath: "/cache", EmptyDir: &corev1.EmptyDirVolumeSource{}})
	case 8:
		s.Writable = []string{"/tmp", e.pick("/run", "/var/lib")}
	case 9:
		s.Ports = []model.Port{{Name: e.pick("admin", "grpc"), Port: int32(7000 + e.IntN(2)), Private: new(true)}}
	case 10:
		s.Config = []model.Config{{Name: e.pick("settings", "flags"), MountPath: e.pick("", "/etc/flags"), Data: map[string]string{"b.conf": "y"}}}
	case 11:
		s.Resources = &corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(e.pick("128Mi", "256Mi"))}}
	case 12:
		s.Replicas = new(int32(2 + e.IntN(2)))
	case 13:
		s.Pod = &model.PodSpec{TopologySpread: []corev1.TopologySpreadConstraint{{TopologyKey: e.pick("zone", "rack"), MaxSkew: int32(1 + e.IntN(2))}}}
	}
}

// setEnv sets a variable in a layer.
func setEnv(c *model.ContainerSpec, v model.EnvVar) {
	if i := slices.IndexFunc(c.Env, func(x model.EnvVar) bool { return x.Name == v.Name }); i >= 0 {
		c.Env[i] = v
		return
	}
	c.Env = append(c.Env, v)
}

// layer makes one edit of a layer of an environment.
func (e editor) layer(f *model.Fleet, env string) {
	app := &f.Apps[0]
	switch n := e.IntN(6); {
	case n == 0:
		e.edit(&f.Environments[slices.IndexFunc(f.Environments, func(x model.Environment) bool { return x.Name == env })].Defaults)
	case n == 1 && env == "prod":
		o := app.Environments["prod"]
		c := o.Clusters["two"]
		e.edit(&c)
		o.Clusters = map[string]model.AppSpec{"two": c}
		app.Environments["prod"] = o
	default:
		o := app.Environments[env]
		e.edit(&o.AppSpec)
		app.Environments[env] = o
	}
}

// built returns the objects of all scopes of an app in an environment.
func built(t *testing.T, f *model.Fleet, env string) map[view.Scope][]object.Object {
	t.Helper()
	r, out := resolve.New(f, features.Default()), map[view.Scope][]object.Object{}
	for _, s := range r.Scopes("web") {
		if s.Environment != env {
			continue
		}
		target := r.Target("web", s)
		objects, err := render.TargetObjects(&target, r.View())
		if err != nil {
			t.Fatal(err)
		}
		out[s] = objects
	}
	return out
}

// objects returns the objects of built that are of some kinds, or of any, as text.
func objects(built map[view.Scope][]object.Object, kinds ...string) map[view.Scope]string {
	out := map[view.Scope]string{}
	for s, list := range built {
		for _, o := range list {
			if kinds == nil || slices.Contains(kinds, o.Kind()) {
				out[s] += string(o.YAML())
			}
		}
	}
	return out
}

// catchUp makes the app's own spec say what prod's override says of some entry of a
// list, and returns the entry's path; "" where the override says nothing of the kind.
func (e editor) catchUp(app *model.App) fieldpath.Path {
	o := app.Environments["prod"]
	s := &app.Spec
	switch e.IntN(6) {
	case 0, 1:
		if len(o.Env) > 0 {
			v := o.Env[e.IntN(len(o.Env))]
			e.insert(&s.ContainerSpec, v)
			return fieldpath.Path("env").Key(v.Name)
		}
	case 2:
		if len(o.Sidecars) > 0 {
			v := o.Sidecars[0].Env[e.IntN(len(o.Sidecars[0].Env))]
			e.insert(&s.Sidecars[0].ContainerSpec, v)
			return fieldpath.Path("sidecars[proxy].env").Key(v.Name)
		}
	case 3:
		if len(o.Volumes) > 0 {
			s.Volumes = slices.Insert(s.Volumes, e.IntN(len(s.Volumes)+1), o.Volumes[0])
			return fieldpath.Path("volumes").Key(o.Volumes[0].Name)
		}
	case 4:
		if len(o.Writable) > 0 {
			s.Writable = slices.Clone(o.Writable)
			e.Shuffle(len(s.Writable), func(i, j int) { s.Writable[i], s.Writable[j] = s.Writable[j], s.Writable[i] })
			return "writable"
		}
	case 5:
		if len(o.Ports) > 0 {
			s.Ports = slices.Insert(slices.Clone(s.Ports), e.IntN(len(s.Ports)+1), o.Ports[0])
			return fieldpath.Path("ports").Key(o.Ports[0].Name)
		}
	}
	return ""
}

// insert sets a variable where it is, or anywhere, but behind what it refers to.
func (e editor) insert(c *model.ContainerSpec, v model.EnvVar) {
	c.Env = slices.Clone(c.Env)
	if strings.Contains(*v.Value, "$") || slices.ContainsFunc(c.Env, func(x model.EnvVar) bool { return x.Name == v.Name }) {
		setEnv(c, v)
		return
	}
	c.Env = slices.Insert(c.Env, e.IntN(len(c.Env)+1), v)
}

// smallEdits returns a fleet with a few edits of its layers.
func smallEdits(t *testing.T, i int) *model.Fleet {
	t.Helper()
	e, f := editor{rand.New(rand.NewPCG(uint64(i), 5))}, edited()
	for range 2 + e.IntN(5) {
		e.layer(f, e.pick("dev", "staging", "prod"))
	}
	if err := validate.Fleet(f, features.Default(), nil).Err(); err != nil {
		t.Fatalf("case %d: %v", i, err)
	}
	return f
}

// TestOrderOfOthers edits layers of one environment, and sees that no other builds
// anything else.
func TestOrderOfOthers(t *testing.T) {
	for i := range 10 * *edits {
		e, f := editor{rand.New(rand.NewPCG(uint64(i), 6))}, smallEdits(t, i)
		prod, dev := built(t, f, "prod"), built(t, f, "dev")
		e.layer(f, "staging")
		if diff := cmp.Diff([]map[view.Scope]string{objects(prod), objects(dev)}, []map[view.Scope]string{objects(built(t, f, "prod")), objects(built(t, f, "dev"))}); diff != "" {
			t.Fatalf("case %d: an edit of staging changes others (-before +after):\n%s", i, diff)
		}
	}
}

// TestCaughtUp lets the app's own spec say what prod's override says already, after
// some small edits: no pod of prod restarts, nor one of dev for anything else than
// what is new to it.
func TestCaughtUp(t *testing.T) {
	caught := map[fieldpath.Path]int{}
	for i := range 20 * *edits {
		before, after := smallEdits(t, i), smallEdits(t, i)
		p := editor{rand.New(rand.NewPCG(uint64(i), 6))}.catchUp(&after.Apps[0])
		if p == "" {
			continue
		}
		caught[p]++
		if diff := cmp.Diff(objects(built(t, before, "prod"), "Deployment", "Job"), objects(built(t, after, "prod"), "Deployment", "Job")); diff != "" {
			t.Fatalf("case %d: catching up with %s restarts pods of prod (-before +after):\n%s", i, p, diff)
		}
		for _, f := range []*model.Fleet{before, after} {
			f.Apps[0].Environments["dev"] = model.Override{AppSpec: model.AppSpec{Unset: []fieldpath.Path{p}}}
		}
		if diff := cmp.Diff(objects(built(t, before, "dev"), "Deployment", "Job"), objects(built(t, after, "dev"), "Deployment", "Job")); diff != "" {
			t.Fatalf("case %d: catching up with %s changes the order of others in dev (-before +after):\n%s", i, p, diff)
		}
	}
	t.Logf("caught up with %v", caught)
	if len(caught) < 12 {
		t.Errorf("only %v were caught up with", caught)
	}
}

// TestSmallEdits renders apps with some small edits for environments and clusters,
// with the proof, and sees that overlays are made of few JSON patches and entries that
// only keep an order.
func TestSmallEdits(t *testing.T) {
	overlays, operations, anchors := 0, 0, 0
	for i := range *edits {
		result, err := render.Fleet(context.Background(), smallEdits(t, i))
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		for _, f := range result.Tree.Files() {
			place, ok := layout.ParseDir(path.Dir(f.Path))
			switch {
			case !ok || place.Unit != "apps/web":
			case path.Base(f.Path) == layout.Kustomization:
				overlays++
			case strings.HasPrefix(string(f.Data), "- op:"):
				operations++
				t.Logf("case %d: %s:\n%s", i, f.Path, f.Data)
			default:
				v, err := object.ParseValue(f.Data)
				if err != nil {
					t.Fatal(err)
				}
				anchors += unchanged(v)
			}
		}
	}
	t.Logf("%d overlays: %d JSON patches, %d entries without a change", overlays, operations, anchors)
	if operations*20 > overlays || anchors*3 > overlays {
		t.Errorf("of %d overlays, %d need JSON patches, and there are %d entries without a change", overlays, operations, anchors)
	}
}

// unchanged counts the entries of keyed lists in a patch that have only their key.
func unchanged(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += unchanged(e)
		}
	case []any:
		for _, e := range v {
			m, ok := e.(map[string]any)
			if ok && len(m) == 1 && (m["name"] != nil || m["mountPath"] != nil) {
				n++
			}
			n += unchanged(e)
		}
	}
	return n
}
