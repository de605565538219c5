package render_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

var cases = flag.Int("cases", 20, "how many random fleets TestRandomFleets renders")

// maker makes random parts of a model.
type maker struct{ *rand.Rand }

func (m maker) yes() bool                { return m.IntN(3) == 0 }
func (m maker) pick(of ...string) string { return of[m.IntN(len(of))] }

func (m maker) texts(keys ...string) map[string]string {
	out := map[string]string{}
	for _, k := range keys {
		if m.yes() {
			out[k] = m.pick("a", "1", "true", "b-c", "x.y")
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (m maker) container(image bool) model.ContainerSpec {
	var c model.ContainerSpec
	if image || m.yes() {
		c.Image = m.pick("web", "ghcr.io/acme/api", "redis") + m.pick(":1.0", ":2.0", ":2.0@sha256:"+strings.Repeat("ab", 32))
	}
	if m.yes() {
		c.ImagePullPolicy = corev1.PullAlways
	}
	if m.yes() {
		c.Command, c.Args, c.WorkingDir = []string{"/bin/app"}, []string{m.pick("--a", "--b"), "1"}, "/srv"
	}
	for _, name := range []string{"A", "B", "C"} {
		if !m.yes() {
			continue
		}
		e := model.EnvVar{Name: name}
		switch m.IntN(5) {
		case 0:
			e.Value = new(m.pick("", "x", "1", "$(A)"))
		case 1:
			e.FromSecret = &model.KeySelector{Name: "s", Key: "k", Optional: new(m.yes())}
		case 2:
			e.FromField = "metadata.namespace"
		case 3:
			e.FromResource = "limits.memory"
		case 4:
			e.FromConfig = &model.KeySelector{Name: "settings", Key: "LEVEL"}
		}
		c.Env = append(c.Env, e)
	}
	if m.yes() {
		c.Resources = &corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(m.pick("64Mi", "1Gi")), corev1.ResourceCPU: resource.MustParse(m.pick("100m", "1"))}}
	}
	for _, p := range []**corev1.Probe{&c.Readiness, &c.Liveness, &c.Startup} {
		if m.yes() {
			*p = &corev1.Probe{InitialDelaySeconds: int32(m.IntN(2)), ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}}
			if m.yes() {
				(*p).ProbeHandler = corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: m.pick("/a", "/b"), Port: intstr.FromInt32(80)}}
			}
		}
	}
	if m.yes() {
		c.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"sleep", m.pick("1", "5")}}}}
	}
	if m.yes() {
		c.SecurityContext = &corev1.SecurityContext{ReadOnlyRootFilesystem: new(m.yes()), RunAsUser: new(int64(1000 + m.IntN(2)))}
	}
	return c
}

// spec returns a random layer. A base layer has what every app needs.
func (m maker) spec(base bool) model.AppSpec {
	s := m.known(base)
	m.sampled(&s)
	return s
}

// known returns a random layer of the fields that there is code for here.
func (m maker) known(base bool) model.AppSpec {
	s := model.AppSpec{ContainerSpec: m.container(base), Labels: m.texts("team", "tier"), Annotations: m.texts("note", "other")}
	if base {
		s.Kind = model.WorkloadKind(m.pick("Deployment", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"))
		s.ContainerName = m.pick("", "main")
		s.Schedule = &model.Schedule{Cron: "5 4 * * *"}
		s.Config = []model.Config{{Name: "settings", Data: map[string]string{"LEVEL": "info"}}}
		s.Ports = []model.Port{{Name: "http", Port: 80}}
		s.Mounts = []model.Mount{{MountPath: "/conf", Volume: "settings", SubPath: "LEVEL", ReadOnly: new(m.yes())}}
	}
	if m.yes() {
		s.Ports = append(s.Ports, model.Port{Name: "extra", Port: 90, ServicePort: new(int32(91 + m.IntN(2))), Private: new(m.yes()), AppProtocol: new("http")})
		if m.IntN(8) == 0 { // rarely: environments that share a cluster may not have one port of it
			s.Ports[len(s.Ports)-1].NodePort = new(int32(30090))
		}
	}
	if m.yes() {
		s.Config = append(s.Config, model.Config{Name: "files", MountPath: "/etc/files", Data: map[string]string{"a.conf": m.pick("x\ny\n", `"q"`, "plain")}, Env: new(false), StableName: new(true)})
	}
	if m.yes() {
		s.Volumes = []model.Volume{{Name: "data", MountPath: "/data", Claim: &model.Claim{Size: resource.MustParse(m.pick("1Gi", "2Gi")), StorageClass: new(m.pick("", "fast"))}}}
	}
	if m.yes() {
		s.Volumes = append(s.Volumes, model.Volume{Name: "tmp", MountPath: "/tmp", SubPath: "x", ReadOnly: new(m.yes()), EmptyDir: &corev1.EmptyDirVolumeSource{}})
	}
	for i, list := range []struct {
		to   *[]model.Container
		name string
	}{{&s.Containers, "side"}, {&s.InitContainers, "init"}, {&s.Sidecars, "proxy"}} {
		if m.yes() && base {
			c := m.container(true)
			c.Ports = []model.Port{{Name: list.name, Port: 7000, ServicePort: new(int32(7000 + i)), Private: new(m.yes())}}
			*list.to = []model.Container{{Name: list.name, ContainerSpec: c}}
		}
	}
	if m.IntN(4) == 0 {
		s.Writable = []string{m.pick("/var/cache", "/run")}
	}
	if m.IntN(8) == 0 { // rarely: all layers of a namespace have to agree
		s.PodSecurity = &model.PodSecurity{Level: model.Baseline, Reason: "the base image wants capabilities"}
	}
	if m.yes() {
		s.Replicas = new(int32(m.IntN(4)))
	}
	if m.yes() {
		s.Autoscaling = &model.Autoscaling{MaxReplicas: int32(5 + m.IntN(3)), Memory: new(int32(70))}
	}
	if m.yes() {
		s.Disruption = &model.Disruption{MinAvailable: new(intstr.FromInt32(int32(m.IntN(2))))}
	}
	if m.yes() {
		s.UpdateStrategy = &model.UpdateStrategy{Type: "RollingUpdate", RevisionHistoryLimit: new(int32(m.IntN(4)))}
	}
	if m.yes() {
		s.StatefulSet = &model.StatefulSetSpec{ServiceName: m.pick("pods", "more")}
	}
	if m.yes() {
		s.Job = &model.JobSpec{BackoffLimit: new(int32(m.IntN(2)))}
	}
	m.surroundings(&s)
	m.traffic(&s)
	return s
}

// surroundings adds what stands around the containers.
func (m maker) surroundings(s *model.AppSpec) {
	m.secrets(s)
	if m.yes() {
		s.Pod = &model.PodSpec{Labels: m.texts("pod"), Annotations: m.texts("scrape"), NodeSelector: m.texts("zone"), TerminationGracePeriodSeconds: new(int64(m.IntN(2) * 30)),
			Tolerations: []corev1.Toleration{{Key: m.pick("a", "b"), Operator: corev1.TolerationOpExists}}, ImagePullSecrets: []string{"pull"}}
	}
	if m.yes() {
		s.ServiceAccount = &model.ServiceAccount{Annotations: m.texts("role"), Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{m.pick("get", "list")}}}}
	}
	if m.yes() {
		s.Service = &model.Service{Enabled: new(m.yes()), ServiceSpec: model.ServiceSpec{Annotations: m.texts("lb"), Type: corev1.ServiceType(m.pick("ClusterIP", "LoadBalancer"))}}
	}
	if m.yes() {
		s.Services = []model.NamedService{{Name: "more", ServiceSpec: model.ServiceSpec{Headless: new(m.yes()), PublishNotReadyAddresses: new(m.yes())}}}
	}
	if m.yes() {
		s.TalksTo = []model.Peer{{App: "other"}, {Host: "api.example.com", Port: new(intstr.FromInt32(443))}, {CIDR: m.pick("10.0.0.0/8", "10.1.0.0/16")}}
	}
	if m.yes() {
		s.Hooks = []model.Hook{{Name: "migrate", Phase: model.HookPhase(m.pick("Sync", "PostSync")), Wave: new(int32(m.IntN(2))),
			ContainerSpec: model.ContainerSpec{Args: []string{m.pick("up", "down")}, Mounts: []model.Mount{{MountPath: "/conf", Volume: "settings"}}}}}
	}
	if m.yes() {
		s.Sync = &model.Sync{Automated: new(m.yes()), Labels: m.texts("tier"), Annotations: m.texts("note"), Info: []model.Info{{Name: "docs", Value: m.pick("a", "{{b}}")}},
			Options: map[string]string{"Validate": m.pick("true", "false")}, Retry: &model.Retry{Limit: new(int64(m.IntN(3)))}}
	}
	if m.yes() {
		s.AcceptsFrom = []model.Caller{{Namespace: "gateway", PodLabels: m.texts("gw")}}
	}
	if m.yes() {
		s.Objects = []model.RawObject{{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "thing"}, "spec": map[string]any{"size": int64(m.IntN(3))}}}
	}
	if m.yes() {
		s.Patches = []model.Patch{{Target: &model.PatchTarget{Kind: "NetworkPolicy"}, JSON: []model.JSONOperation{{Op: "add", Path: "/metadata/annotations", Value: map[string]any{"patched": m.pick("a", "b")}}}}}
	}
}

// removable are the paths that random overrides unset: parts of fields, and
// every field of a spec.
var removable = append([]fieldpath.Path{"env[A]", "labels[team]", "volumes[tmp]", "pod.tolerations", "config[files]", "ports[extra]"}, specFields()...)

// specFields returns the fields of a spec by their names in YAML.
func specFields() []fieldpath.Path {
	var out []fieldpath.Path
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.AppSpec]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && name != "" && name != "unset" {
			out = append(out, fieldpath.Path(name))
		}
	}
	return out
}

// override returns a random layer above another, with removals.
func (m maker) override() model.Override {
	o := model.Override{AppSpec: m.spec(false)}
	for _, p := range removable {
		if m.IntN(40) == 0 {
			o.Unset = append(o.Unset, p)
		}
	}
	return o
}

func (m maker) fleet() *model.Fleet {
	app := model.App{Name: "web", Spec: m.spec(true), Environments: map[string]model.Override{}}
	for _, env := range []string{"dev", "prod"} {
		if m.IntN(4) > 0 {
			o := m.override()
			if env == "prod" && m.yes() {
				o.Clusters = map[string]model.AppSpec{"two": m.override().AppSpec}
			}
			app.Environments[env] = o
		}
	}
	servable(&app)
	other := model.App{Name: "other", Spec: m.spec(true)}
	other.Spec.Routes = nil // both would claim the same hosts
	return &model.Fleet{
		Name: "random", Repository: model.Repository{URL: "https://git.example.com/random.git", Path: m.pick("", "deploy")},
		ArgoCD:       []model.ArgoCD{{Name: "hub", Cluster: "one"}},
		Delivery:     m.delivery(),
		Defaults:     model.AppSpec{Labels: m.texts("tier")},
		Clusters:     []model.Cluster{{Name: "one", KubernetesVersion: "1.35"}, {Name: "two", Defaults: model.AppSpec{Labels: m.texts("cluster")}}},
		SecretStores: randomStores,
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Issuers:      []model.Issuer{{Name: "own", SelfSigned: &model.SelfSigned{}}},
		Environments: []model.Environment{
			{Name: "dev", Namespace: "{app}-{env}", Clusters: []string{"one"}, SecretStore: "vault", Domain: "dev.example.com", Defaults: model.AppSpec{Labels: m.texts("env")}},
			{Name: "prod", Namespace: "{app}-{env}", Clusters: []string{"one", "two"}, SecretStore: "vault", Domain: "example.com"}},
		Apps: []model.App{app, other},
	}
}

// charge gives the layers of a fleet settings of the feature cost, which differ as the
// layers do.
func charge(f *model.Fleet) {
	settings := func(s *model.AppSpec) {
		if s.Extensions = nil; len(s.Env) > 0 {
			s.Extensions = model.Extensions{"cost": &costs{Center: s.Labels["team"], Alerts: []costAlert{{s.Env[0].Name, int32(len(s.Env))}}}}
		}
	}
	f.Defaults.Extensions = model.Extensions{"cost": &costs{Alerts: []costAlert{{"A", 50}}}}
	for i := range f.Apps {
		a := &f.Apps[i]
		settings(&a.Spec)
		for env, o := range a.Environments {
			settings(&o.AppSpec)
			for cluster, s := range o.Clusters {
				settings(&s)
				o.Clusters[cluster] = s
			}
			a.Environments[env] = o
		}
	}
}

// TestRandomFleets renders random fleets with the proof, again for the same
// bytes, and once more from the YAML that says the same.
func TestRandomFleets(t *testing.T) {
	reached, refused := map[string]int{}, 0
	if testing.Short() {
		*cases = min(*cases, 30)
	}
	chart, web := webChart(t, "")
	charts := render.WithCharts(local(web))
	for i := range *cases {
		random := maker{rand.New(rand.NewPCG(uint64(i), 3))}
		fleet, feature := random.fleet(), render.WithFeature(cost())
		fleet.Apps = append(fleet.Apps, random.sourced(), random.charted(*chart))
		charge(fleet)
		first, err := render.Fleet(context.Background(), fleet, feature, charts)
		var found *finding.ValidationError
		if errors.As(err, &found) {
			refused++ // without its image, say, an app is none
			continue
		}
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		again, err := render.Fleet(context.Background(), fleet, feature, charts, render.WithoutProof(), render.WithWorkers(1))
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		if changes := tree.Changes(first.Tree, again.Tree); len(changes) > 0 {
			t.Fatalf("case %d: rendering again changes %v", i, changes)
		}
		l, err := load.Loader{Settings: map[string]any{"cost": (*costs)(nil)}}.Fleet(yamlFile(t, fleet, web))
		if err != nil {
			t.Fatalf("case %d: %v\n%s", i, err, toYAML(t, fleet))
		}
		checkContents(t, first)
		twin, err := render.Fleet(context.Background(), l.Fleet, feature, charts, render.WithoutProof())
		if err != nil {
			t.Fatalf("case %d: YAML: %v", i, err)
		}
		for _, c := range tree.Changes(first.Tree, twin.Tree) {
			a, _ := first.Tree.Get(c.Path)
			b, _ := twin.Tree.Get(c.Path)
			t.Fatalf("case %d: %s differs (-Go +YAML):\n%s", i, c.Path, cmp.Diff(string(a.Data), string(b.Data)))
		}
		count(reached, reflect.ValueOf(*fleet))
	}
	var missed []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.AppSpec]()) {
		if !f.Anonymous && reached["AppSpec."+f.Name] == 0 && reached["ContainerSpec."+f.Name] == 0 {
			missed = append(missed, f.Name)
		}
	}
	kept := map[string]int{}
	var unremoved []fieldpath.Path
	for _, p := range removable {
		if kept[string(p)] = reached["unset "+string(p)]; kept[string(p)] == 0 {
			unremoved = append(unremoved, p)
		}
	}
	t.Logf("%d fleets, %d of them refused; removals: %v", *cases, refused, kept)
	t.Logf("fields that no case set: %v; that no case removed: %v", missed, unremoved)
	if len(missed) > 0 && !testing.Short() || refused*3 > *cases {
		t.Errorf("%d cases were refused; fields that no case set: %v", refused, missed)
	}
}

// count counts the fields that are set below v.
func count(reached map[string]int, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			count(reached, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			count(reached, v.Index(i))
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			count(reached, it.Value())
		}
	case reflect.Struct:
		if !strings.HasSuffix(v.Type().PkgPath(), "/pkg/model") {
			return
		}
		if o, ok := v.Interface().(model.AppSpec); ok {
			for _, p := range o.Unset {
				reached["unset "+string(p)]++
			}
		}
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				reached[v.Type().Name()+"."+v.Type().Field(i).Name]++
				count(reached, v.Field(i))
			}
		}
	}
}

// toYAML writes a fleet as documents.
func toYAML(t *testing.T, f *model.Fleet) []byte {
	t.Helper()
	generic := func(v any) map[string]any {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		m, err := object.ParseValue(data)
		if err != nil {
			t.Fatal(err)
		}
		return m.(map[string]any)
	}
	var out []byte
	document := func(kind, name string, spec map[string]any) {
		out = append(out, "---\n"...)
		out = append(out, object.Marshal(map[string]any{"apiVersion": model.APIVersion, "kind": kind, "metadata": map[string]any{"name": name}, "spec": spec})...)
	}
	spec := generic(f)
	for _, field := range []string{"name", "clusters", "environments", "apps"} {
		delete(spec, field)
	}
	document("Fleet", f.Name, spec)
	for _, c := range f.Clusters {
		spec := generic(c)
		delete(spec, "name")
		document("Cluster", c.Name, spec)
	}
	for _, e := range f.Environments {
		spec := generic(e)
		delete(spec, "name")
		document("Environment", e.Name, spec)
	}
	for _, a := range f.Apps {
		spec := generic(a.Spec)
		if m := generic(a); m["environments"] != nil {
			spec["environments"] = m["environments"]
		}
		withoutSourced(spec)
		document("App", a.Name, spec)
	}
	return out
}
