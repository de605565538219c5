package kustomize_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

var cases = flag.Int("cases", 200, "how many random overlays TestRandomOverlays computes")

// world makes random objects, and random changes of them.
type world struct{ *rand.Rand }

func (w world) pick(of ...string) string { return of[w.IntN(len(of))] }

func (w world) some(of ...string) []string {
	var out []string
	for _, s := range of {
		if w.IntN(2) == 0 {
			out = append(out, s)
		}
	}
	return out
}

func (w world) texts(n int) map[string]any {
	m := map[string]any{}
	for range w.IntN(n) {
		m[w.pick("a", "team", "x.io.b", "LEVEL", "file.conf")] = w.pick("1", "yes", "", "a b", "x\ny\n", "plain", "0x1f", `say "hi"`, "{}", " lead")
	}
	return m
}

func (w world) labels() map[string]any {
	m := map[string]any{"app.kubernetes.io/name": "app"}
	for range w.IntN(3) {
		m[w.pick("team", "tier", "env")] = w.pick("a", "b", "1", "true")
	}
	return m
}

func (w world) meta(name string) map[string]any {
	m := map[string]any{"name": name, "labels": w.labels()}
	if w.IntN(3) == 0 {
		if a := w.texts(3); len(a) > 0 {
			m["annotations"] = a
		}
	}
	return m
}

func list[T any](in []T, f func(T) any) []any {
	var out []any
	for _, e := range in {
		out = append(out, f(e))
	}
	return out
}

func (w world) container(name string) any {
	c := map[string]any{"name": name, "image": w.pick("web", "ghcr.io/acme/web", "redis") + ":" + w.pick("1", "2", "1.2.3", "1e3")}
	if env := list(w.some("A", "B", "C", "D"), func(n string) any {
		if w.IntN(4) == 0 {
			return map[string]any{"name": n, "valueFrom": map[string]any{"configMapKeyRef": map[string]any{"name": "app-conf", "key": "a"}}}
		}
		return map[string]any{"name": n, "value": w.pick("x", "1", "yes", "a: b", "$(A)")}
	}); env != nil {
		if w.IntN(3) == 0 {
			slices.Reverse(env)
		}
		c["env"] = env
	}
	if ports := list(w.some("8080", "9090", "53"), func(n string) any {
		return map[string]any{"name": "p" + n, "containerPort": int64(len(n)), "protocol": w.pick("TCP", "UDP")}
	}); ports != nil && len(ports) < 2 {
		c["ports"] = ports
	}
	if w.IntN(2) == 0 {
		c["args"] = list(w.some("a", "b", "c", "1"), func(s string) any { return s })
		if c["args"].([]any) == nil {
			delete(c, "args")
		}
	}
	if w.IntN(2) == 0 {
		c["resources"] = map[string]any{"requests": map[string]any{"cpu": w.pick("100m", "1", "2"), "memory": w.pick("64Mi", "1Gi")}}
	}
	if w.IntN(4) == 0 {
		c["envFrom"] = []any{map[string]any{"configMapRef": map[string]any{"name": "app-conf"}}}
	}
	return c
}

func (w world) pod() map[string]any {
	names := append([]string{"main"}, w.some("log", "proxy")...)
	spec := map[string]any{"containers": list(names, w.container)}
	if v := list(w.some("data", "tmp", "conf"), func(n string) any {
		return map[string]any{"name": n, "emptyDir": map[string]any{}}
	}); v != nil {
		spec["volumes"] = v
	}
	if w.IntN(3) == 0 {
		spec["tolerations"] = list(w.some("a", "b"), func(k string) any { return map[string]any{"key": k, "operator": "Exists"} })
		if spec["tolerations"].([]any) == nil {
			delete(spec, "tolerations")
		}
	}
	if w.IntN(2) == 0 {
		spec["securityContext"] = map[string]any{"runAsNonRoot": w.IntN(2) == 0}
	}
	return map[string]any{"metadata": map[string]any{"labels": w.labels()}, "spec": spec}
}

func (w world) object(kind string) map[string]any {
	o := map[string]any{"apiVersion": "v1", "kind": kind, "metadata": w.meta("app")}
	switch kind {
	case "Deployment", "StatefulSet":
		o["apiVersion"] = "apps/v1"
		spec := map[string]any{"selector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": "app"}}, "template": w.pod()}
		if w.IntN(3) > 0 {
			spec["replicas"] = int64(w.IntN(4))
		}
		o["spec"] = spec
	case "CronJob":
		o["apiVersion"] = "batch/v1"
		o["spec"] = map[string]any{"schedule": w.pick("* * * * *", "5 4 * * *"), "jobTemplate": map[string]any{
			"metadata": map[string]any{"labels": w.labels()}, "spec": map[string]any{"template": w.pod()}}}
	case "Service":
		ports := list(w.some("80", "443", "53"), func(n string) any {
			return map[string]any{"name": "p" + n, "port": int64(len(n) + w.IntN(2)*10), "targetPort": "p" + n, "protocol": "TCP"}
		})
		o["spec"] = map[string]any{"type": w.pick("ClusterIP", "NodePort"), "selector": map[string]any{"app.kubernetes.io/name": "app"}}
		if len(ports) == 1 {
			o["spec"].(map[string]any)["ports"] = ports
		}
	case "ConfigMap":
		o["metadata"] = map[string]any{"name": "app-conf", "labels": map[string]any{"app.kubernetes.io/name": "app"}}
		if d := w.texts(5); len(d) > 0 {
			o["data"] = d
		}
	case "Rollout":
		o["apiVersion"] = "argoproj.io/v1alpha1"
		o["spec"] = map[string]any{"template": w.pod(), "steps": list(w.some("1", "2"), func(s string) any { return map[string]any{"setWeight": s} })}
		if o["spec"].(map[string]any)["steps"].([]any) == nil {
			delete(o["spec"].(map[string]any), "steps")
		}
	case "NetworkPolicy":
		o["apiVersion"] = "networking.k8s.io/v1"
		o["spec"] = map[string]any{"podSelector": map[string]any{}, "ingress": list(append([]string{"z"}, w.some("a", "b")...), func(s string) any {
			return map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": s}}}},
				"ports": []any{map[string]any{"port": int64(w.IntN(3)), "protocol": "TCP"}}}
		})}
	case "HorizontalPodAutoscaler":
		o["apiVersion"] = "autoscaling/v2"
		o["spec"] = map[string]any{"maxReplicas": int64(w.IntN(9)), "metrics": list(append([]string{"cpu"}, w.some("memory")...), func(s string) any {
			return map[string]any{"type": "Resource", "resource": map[string]any{"name": s, "target": map[string]any{"averageUtilization": int64(w.IntN(9))}}}
		})}
	case "RoleBinding":
		o["apiVersion"] = "rbac.authorization.k8s.io/v1"
		o["roleRef"] = map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "app"}
		o["subjects"] = []any{map[string]any{"kind": "ServiceAccount", "name": "app"}}
	case "ServiceAccount":
		if s := list(w.some("pull", "push"), func(s string) any { return map[string]any{"name": s} }); s != nil {
			o["imagePullSecrets"] = s
		}
	}
	return o
}

// kinds are those of random objects; a ServiceAccount is always among them.
var kinds = []string{"Deployment", "StatefulSet", "CronJob", "Service", "ConfigMap", "Rollout", "NetworkPolicy", "HorizontalPodAutoscaler", "RoleBinding"}

// objects makes a random set of objects, in a namespace if it is not "".
func (w world) objects(t *testing.T, kinds []string, namespace string) []object.Object {
	t.Helper()
	var out []object.Object
	for _, k := range kinds {
		m := w.object(k)
		if namespace != "" {
			m["metadata"].(map[string]any)["namespace"] = namespace
			if subjects, ok := m["subjects"].([]any); ok && slices.Contains(kinds, "ServiceAccount") {
				subjects[0].(map[string]any)["namespace"] = namespace
			} else if ok {
				delete(m, "subjects")
			}
		} else if !slices.Contains(kinds, "ServiceAccount") {
			delete(m, "subjects")
		}
		o, err := object.FromMap(m)
		if err != nil {
			t.Fatal(err)
		}
		if k == "ConfigMap" {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	object.Sort(out)
	return out
}

// mutated keeps most objects as they are and makes the others anew.
func (w world) mutated(t *testing.T, from []object.Object, namespace string) []object.Object {
	t.Helper()
	fresh := w.objects(t, append(w.some(kinds...), "ServiceAccount"), namespace)
	out := slices.Clone(fresh)
	for i, f := range fresh {
		for _, o := range from {
			if o.Kind() == f.Kind() && w.IntN(2) == 0 {
				c := o.Clone()
				meta := c.Map()["metadata"].(map[string]any)
				if delete(meta, "namespace"); namespace != "" {
					meta["namespace"] = namespace
				}
				if s, ok := c.Map()["subjects"].([]any); ok && namespace != "" {
					s[0].(map[string]any)["namespace"] = namespace
				}
				w.edit(c)
				out[i] = c
			}
		}
	}
	return out
}

// edit makes some small edits of the pods of an object, as environments do: of their
// keyed lists, in which what is new stands first.
func (w world) edit(o object.Object) {
	spec, _ := o.Map()["spec"].(map[string]any)
	template, _ := spec["template"].(map[string]any)
	pod, _ := template["spec"].(map[string]any)
	for pod != nil && w.IntN(3) > 0 {
		c := pod["containers"].([]any)[0].(map[string]any)
		switch w.IntN(6) {
		case 0, 1:
			c["env"] = w.first(c["env"], "name", map[string]any{"name": w.pick("A", "B", "E", "F"), "value": w.pick("x", "1", "$(A)")})
		case 2:
			pod["volumes"] = w.first(pod["volumes"], "name", map[string]any{"name": w.pick("tmp", "cache"), "emptyDir": map[string]any{}})
		case 3:
			c["ports"] = w.first(c["ports"], "containerPort", map[string]any{"name": "extra", "containerPort": int64(1 + w.IntN(3)), "protocol": "TCP"})
		case 4:
			c["volumeMounts"] = w.first(c["volumeMounts"], "mountPath", map[string]any{"name": "tmp", "mountPath": w.pick("/tmp", "/cache")})
		case 5:
			pod["topologySpreadConstraints"] = w.first(pod["topologySpreadConstraints"], "topologyKey",
				map[string]any{"topologyKey": w.pick("zone", "rack"), "whenUnsatisfiable": "ScheduleAnyway", "maxSkew": int64(1 + w.IntN(2))})
		}
	}
}

// first puts an entry before the others of a list, in place of that with its key.
func (w world) first(list any, key string, entry map[string]any) []any {
	old, _ := list.([]any)
	return append([]any{entry}, slices.DeleteFunc(slices.Clone(old), func(e any) bool { return e.(map[string]any)[key] == entry[key] })...)
}

// beside makes objects that name their namespace in every directory: another
// one, with the names of the app's own objects, or that of the overlay.
func (w world) beside(t *testing.T) []object.Object {
	t.Helper()
	var out []object.Object
	for _, k := range w.some("Deployment", "Service", "ConfigMap", "RoleBinding", "NetworkPolicy") {
		for _, namespace := range w.some("kube-system", "app-prod") {
			m, name := w.object(k), "app"
			if namespace == "app-prod" {
				name = "beside"
			}
			meta := m["metadata"].(map[string]any)
			if meta["namespace"] = namespace; k != "ConfigMap" || name != "app" {
				meta["name"] = name
			}
			if s, ok := m["subjects"].([]any); ok {
				s[0].(map[string]any)["namespace"] = w.pick("app-prod", "kube-system")
			}
			o, err := object.FromMap(m)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, o)
		}
	}
	return out
}

func place(files []kustomize.File, dir string) []tree.File {
	var out []tree.File
	for _, f := range files {
		out = append(out, tree.File{Path: path.Join(dir, f.Name), Data: f.Data})
	}
	return out
}

// idioms are what overlays are made of; patches and removals of all kinds.
var idioms = []string{"namespace:", "replicas:", "images:", "labels:", "behavior: merge", "$patch: delete",
	"op: add", "op: remove", "op: replace", "files:", "literals:", "resources:", ": null", "unsetOnly:"}

// TestRandomOverlays computes overlays, and overlays of overlays, of random
// objects and lets kustomize judge them.
func TestRandomOverlays(t *testing.T) {
	reached := map[string]int{}
	for i := range *cases {
		count(reached, checkOverlays(t, world{rand.New(rand.NewPCG(uint64(i), 7))}))
		if t.Failed() {
			t.Fatalf("in case %d", i)
		}
	}
	for _, idiom := range idioms {
		if reached[idiom] == 0 {
			t.Errorf("no case reached %s", idiom)
		}
	}
	t.Logf("%d cases reached %v", *cases, reached)
}

// FuzzOverlay lets the fuzzer make the choices of TestRandomOverlays, a byte each.
func FuzzOverlay(f *testing.F) {
	for i := range uint64(8) {
		choices := make([]byte, 300)
		r := rand.New(rand.NewPCG(i, 11))
		for j := range choices {
			choices[j] = byte(r.Uint32())
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		checkOverlays(t, world{rand.New(&bytesSource{choices, rand.NewPCG(1, 2)})})
	})
}

// bytesSource is a source of choices that are known beforehand.
type bytesSource struct {
	choices []byte
	*rand.PCG
}

// Uint64 returns the next byte eight times over, as it decides the highest bits,
// and takes to chance after the last.
func (s *bytesSource) Uint64() uint64 {
	if len(s.choices) == 0 {
		return s.PCG.Uint64()
	}
	b := s.choices[0]
	s.choices = s.choices[1:]
	return uint64(b)*0x0101010101010101 + 1
}

// checkOverlays makes a base, an overlay and an overlay of that, lets kustomize
// judge them, and returns the files of the overlays.
func checkOverlays(t *testing.T, w world) []kustomize.File {
	t.Helper()
	base := w.objects(t, append(w.some(kinds...), "ServiceAccount"), "")
	env := w.mutated(t, base, "app-prod")
	cluster := w.mutated(t, env, "app-prod")
	if w.IntN(4) == 0 {
		base, env, cluster = append(base, w.beside(t)...), append(env, w.beside(t)...), append(cluster, w.beside(t)...)
		for _, objects := range [][]object.Object{base, env, cluster} {
			object.Sort(objects)
		}
	}
	const unit = "apps/app"
	overlay, deeper := layout.Overlay(unit, "prod"), layout.Cluster(unit, "prod", "tokyo")

	b, err := kustomize.Base(unit, base)
	if err != nil {
		t.Fatalf("Base: %v", err)
	}
	o, err := kustomize.Overlay{Unit: unit, Parent: layout.Relative(overlay, layout.Base(unit)), Namespace: "app-prod", From: base, To: env}.Files()
	if err != nil {
		t.Fatalf("Overlay: %v", err)
	}
	c, err := kustomize.Overlay{Unit: unit, Parent: layout.Relative(deeper, overlay), Inherited: kustomize.Inherited("app-prod", base), From: env, To: cluster}.Files()
	if err != nil {
		t.Fatalf("cluster Overlay: %v", err)
	}
	files := slices.Concat(place(b, layout.Base(unit)), place(o, overlay), place(c, deeper))
	for dir, want := range map[string][]object.Object{layout.Base(unit): base, overlay: env, deeper: cluster} {
		differences, err := kustomize.Prove(files, dir, want)
		if err != nil || len(differences) > 0 {
			t.Fatalf("%s: %v %v\n%s", dir, err, differences, dump(files, differences))
		}
	}
	return slices.Concat(o, c)
}

func count(reached map[string]int, files []kustomize.File) {
	for _, f := range files {
		for _, idiom := range idioms {
			if strings.Contains(string(f.Data), idiom) {
				reached[idiom]++
			}
		}
	}
}

// dump returns the files that concern a difference.
func dump(files []tree.File, differences []kustomize.Difference) string {
	kinds := map[string]bool{"kustomization": true}
	for _, d := range differences {
		kinds[strings.ToLower(d.Object.Kind)] = true
	}
	var b strings.Builder
	for _, f := range files {
		for _, k := range slices.Sorted(maps.Keys(kinds)) {
			if strings.HasPrefix(path.Base(f.Path), k) {
				fmt.Fprintf(&b, "## %s\n%s", f.Path, f.Data)
			}
		}
	}
	return b.String()
}
