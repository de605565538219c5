package resolve_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// shop is a fleet in which every layer says something about the app web.
func shop() *model.Fleet {
	said := func(layer string) model.AppSpec {
		return model.AppSpec{Labels: map[string]string{layer: "yes", "last": layer}}
	}
	web := said("app")
	web.Image, web.Replicas = "web:1", new(int32(1))
	web.Ports = []model.Port{{Name: "http", Port: 8080}}
	web.TalksTo = []model.Peer{{App: "db"}, {Host: "api.example.org", Port: new(intstr.FromInt32(443))}}
	web.Resources = &corev1.ResourceRequirements{Requests: corev1.ResourceList{"memory": resource.MustParse("64Mi")}}
	web.Objects = []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "x"}, "data": map[string]any{"a": "1"}}}
	web.Readiness = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("http")}}}
	return &model.Fleet{
		Name: "shop", Defaults: said("fleet"),
		Clusters: []model.Cluster{
			{Name: "tokyo", KubernetesVersion: "1.36.2", Defaults: said("cluster")}, {Name: "osaka", KubernetesVersion: "v1.9"}, {Name: "lab"}},
		Environments: []model.Environment{
			{Name: "prod", Clusters: []string{"tokyo", "osaka"}, Defaults: said("environment"), Namespace: "{env}-{project}-{app}"},
			{Name: "dev", Clusters: []string{"lab"}}},
		Apps: []model.App{
			{Name: "web", Spec: web, Environments: map[string]model.Override{"prod": {
				AppSpec: said("app/prod"), Clusters: map[string]model.AppSpec{"tokyo": said("app/prod/tokyo")}}}},
			{Name: "db", Project: "data", RunsIn: []string{"prod", "unknown"}, Spec: model.AppSpec{
				Kind: model.StatefulSet, ContainerSpec: model.ContainerSpec{Image: "db:1", Ports: []model.Port{{Name: "sql", Port: 5432}}},
				TalksTo: []model.Peer{{App: "db"}}}},
		},
	}
}

func TestTargetLayers(t *testing.T) {
	r := resolve.New(shop(), features.Default())
	cases := map[string]struct {
		reason string
		scope  view.Scope
		want   map[string]string
	}{
		"Base": {"The base knows neither environments nor clusters.", view.Scope{},
			map[string]string{"fleet": "yes", "app": "yes", "last": "app"}},
		"Environment": {"The app's own layers win over the environment's.", view.Scope{Environment: "prod"},
			map[string]string{"fleet": "yes", "environment": "yes", "app": "yes", "app/prod": "yes", "last": "app/prod"}},
		"Cluster": {"Cluster layers win over environment layers.", view.Scope{Environment: "prod", Cluster: "tokyo"},
			map[string]string{"fleet": "yes", "environment": "yes", "cluster": "yes", "app": "yes", "app/prod": "yes", "app/prod/tokyo": "yes", "last": "app/prod/tokyo"}},
		"OtherEnvironment": {"Another environment's layers do not count.", view.Scope{Environment: "dev"},
			map[string]string{"fleet": "yes", "app": "yes", "last": "app"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, r.Target("web", tc.scope).Spec.Labels); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestTargetNames(t *testing.T) {
	r := resolve.New(shop(), features.Default())
	type names struct{ Project, Namespace, Version string }
	cases := map[string]struct {
		reason string
		app    string
		scope  view.Scope
		want   names
	}{
		"Base":        {"The base is in no namespace.", "web", view.Scope{}, names{"shop", "", ""}},
		"Rule":        {"The environment's rule makes the namespace.", "db", view.Scope{Environment: "prod"}, names{"data", "prod-data-db", "1.9"}},
		"DefaultRule": {"The default rule is project and environment; no cluster, no version.", "web", view.Scope{Environment: "dev"}, names{"shop", "shop-dev", ""}},
		"Cluster":     {"A cluster has a version of its own.", "web", view.Scope{Environment: "prod", Cluster: "tokyo"}, names{"shop", "prod-shop-web", "1.36.2"}},
		"Unknown":     {"There is nothing to say of an app that is not there.", "none", view.Scope{Environment: "prod"}, names{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := r.Target(tc.app, tc.scope)
			if diff := cmp.Diff(tc.want, names{got.Project, got.Namespace, got.KubernetesVersion}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestScopes(t *testing.T) {
	r := resolve.New(shop(), features.Default())
	want := map[string][]view.Scope{
		"web":  {{}, {Environment: "dev"}, {Environment: "dev", Cluster: "lab"}, {Environment: "prod"}, {Environment: "prod", Cluster: "osaka"}, {Environment: "prod", Cluster: "tokyo"}},
		"db":   {{}, {Environment: "prod"}, {Environment: "prod", Cluster: "osaka"}, {Environment: "prod", Cluster: "tokyo"}},
		"none": nil,
	}
	got := map[string][]view.Scope{}
	for app := range want {
		got[app] = r.Scopes(app)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Scopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"db", "web"}, r.Apps()); diff != "" {
		t.Errorf("Apps (-want +got):\n%s", diff)
	}
}

// scramble changes every value that can be reached from v.
func scramble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			scramble(v.Elem())
		} else if k := v.Elem().Kind(); k == reflect.Map || k == reflect.Slice {
			scramble(v.Elem())
		}
	case reflect.Struct:
		if q, ok := v.Addr().Interface().(*resource.Quantity); ok {
			q.Add(resource.MustParse("1"))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				scramble(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scramble(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			e := reflect.New(v.Type().Elem()).Elem()
			e.Set(v.MapIndex(k))
			scramble(e)
			v.SetMapIndex(k, reflect.Value{})
		}
	case reflect.String:
		v.SetString("scrambled")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(v.Int() + 1)
	}
}

func TestTargetIsItsOwn(t *testing.T) {
	f, untouched := shop(), shop()
	r := resolve.New(f, features.Default())
	for _, app := range r.Apps() {
		for _, s := range r.Scopes(app) {
			want := r.Target(app, s)
			for range 2 {
				got := r.Target(app, s)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s %v: an earlier result's changes are seen (-want +got):\n%s", app, s, diff)
				}
				scramble(reflect.ValueOf(&got.Spec).Elem())
			}
		}
	}
	if diff := cmp.Diff(untouched, f); diff != "" {
		t.Errorf("changing results changed the fleet (-want +got):\n%s", diff)
	}
}

func TestTargetConcurrently(t *testing.T) {
	r := resolve.New(shop(), features.Default())
	s := view.Scope{Environment: "prod", Cluster: "tokyo"}
	want := r.Target("web", s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, r.Target("web", s)); diff != "" {
				t.Errorf("concurrent result (-want +got):\n%s", diff)
			}
			r.View().Callers("db", s)
		})
	}
	wg.Wait()
}

func TestExplainedIsTarget(t *testing.T) {
	r := resolve.New(shop(), features.Default())
	for _, app := range r.Apps() {
		for _, s := range r.Scopes(app) {
			explained, origins, _ := r.Explained(app, s)
			if diff := cmp.Diff(r.Target(app, s), explained); diff != "" {
				t.Errorf("%s %v: (-target +explained):\n%s", app, s, diff)
			}
			got := []fieldpath.Path{}
			for _, p := range resolve.Leaves(&explained.Spec) {
				if _, ok := origins[p]; !ok {
					t.Errorf("%s %v: no origin of %s", app, s, p)
				}
				got = append(got, p)
			}
			if len(got) != len(origins) {
				t.Errorf("%s %v: %d leaves, %d origins", app, s, len(got), len(origins))
			}
		}
	}
}

func TestExplainedOrigins(t *testing.T) {
	f := shop()
	web := &f.Apps[0]
	web.Spec.Env = []model.EnvVar{{Name: "A", Value: new("1")}, {Name: "B", Value: new("1")}}
	web.Spec.Args = []string{"a", "b"}
	f.Defaults.Patches = []model.Patch{{Target: &model.PatchTarget{Kind: "Service"}}}
	web.Spec.Patches = []model.Patch{{Target: &model.PatchTarget{Kind: "Role"}}}
	prod := web.Environments["prod"]
	prod.Env = []model.EnvVar{{Name: "A", FromField: "metadata.name"}}
	prod.Args = []string{"c"}
	prod.Readiness = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(1)}}}
	prod.Objects = []model.RawObject{
		{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "new"}},
		{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "x"}}}
	prod.Unset = []fieldpath.Path{"labels[fleet]"}
	web.Environments["prod"] = prod
	_, origins, _ := resolve.New(f, features.Default()).Explained("web", view.Scope{Environment: "prod"})
	cases := map[fieldpath.Path]resolve.Origin{
		"image":                                {Layer: "app", Path: "apps[web].spec.image"},
		"labels[last]":                         {Layer: "app/prod", Path: "apps[web].environments[prod].labels[last]"},
		"labels[environment]":                  {Layer: "environment/prod", Path: "environments[prod].defaults.labels[environment]"},
		"labels[fleet]":                        {},
		"env[A].fromField":                     {Layer: "app/prod", Path: "apps[web].environments[prod].env[A].fromField"},
		"env[A].value":                         {},
		"env[B].value":                         {Layer: "app", Path: "apps[web].spec.env[B].value"},
		"args[0]":                              {Layer: "app/prod", Path: "apps[web].environments[prod].args[0]"},
		"args[1]":                              {},
		"readiness.tcpSocket.port":             {Layer: "app/prod", Path: "apps[web].environments[prod].readiness.tcpSocket.port"},
		"readiness.httpGet.port":               {},
		"patches[0].target.kind":               {Layer: "fleet", Path: "defaults.patches[0].target.kind"},
		"patches[1].target.kind":               {Layer: "app", Path: "apps[web].spec.patches[0].target.kind"},
		"objects[0][metadata][name]":           {Layer: "app/prod", Path: "apps[web].environments[prod].objects[1][metadata][name]"},
		"objects[1][metadata][name]":           {Layer: "app/prod", Path: "apps[web].environments[prod].objects[0][metadata][name]"},
		"objects[0][data][a]":                  {},
		"resources.requests[memory]":           {Layer: "app", Path: "apps[web].spec.resources.requests[memory]"},
		"resources.limits[memory]":             {Layer: "rule", Rule: "memory-limit"},
		"kind":                                 {Layer: "rule", Rule: "workload-kind"},
		"ports[http].protocol":                 {Layer: "rule", Rule: "port-protocol"},
		"securityContext.capabilities.drop[0]": {Layer: "rule", Rule: "restricted-container"},
	}
	for p, want := range cases {
		if diff := cmp.Diff(want, origins[p]); diff != "" {
			t.Errorf("origin of %s (-want +got):\n%s", p, diff)
		}
	}
}

func TestView(t *testing.T) {
	v := resolve.New(shop(), features.Default()).View()
	prod, tokyo, dev := view.Scope{Environment: "prod"}, view.Scope{Environment: "prod", Cluster: "tokyo"}, view.Scope{Environment: "dev"}
	callers := func(s view.Scope) (out []string) {
		for _, p := range v.Callers("db", s) {
			out = append(out, p.Namespace+"/"+p.App)
		}
		return out
	}
	for s, want := range map[view.Scope][]string{
		{}: {"/db", "/web"}, prod: {"prod-data-db/db", "prod-shop-web/web"}, tokyo: {"prod-data-db/db", "prod-shop-web/web"}, dev: nil,
	} {
		if diff := cmp.Diff(want, callers(s)); diff != "" {
			t.Errorf("callers of db in %v, which may call itself (-want +got):\n%s", s, diff)
		}
	}
	got, ok := v.App("db", prod)
	sql := []view.Port{{Name: "sql", Number: 5432, Container: 5432, Target: intstr.FromString("sql"), Protocol: "TCP", At: "ports[sql]"}}
	want := view.Peer{App: "db", Project: "data", Namespace: "prod-data-db", HasWorkload: true, PodLabels: view.Selector("db"), Ports: view.Ports{Pods: sql, Main: "db",
		Services: []view.Service{{Name: "db", Spec: model.ServiceSpec{Type: "ClusterIP"}, Ports: sql},
			{Name: "db-headless", Spec: model.ServiceSpec{Type: "ClusterIP", Headless: new(true), PublishNotReadyAddresses: new(true)}, Ports: sql, Made: true}}}}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("App (-want +got):\n%s", diff)
	}
	for _, absent := range []view.Scope{dev, {Environment: "prod", Cluster: "lab"}, {Environment: "unknown"}} {
		if _, ok := v.App("db", absent); ok {
			t.Errorf("db does not run in %v", absent)
		}
	}
}

func TestViewFollowsLayers(t *testing.T) {
	f := shop()
	prod := f.Apps[0].Environments["prod"]
	prod.Unset = []fieldpath.Path{"talksTo"}
	prod.Clusters["osaka"] = model.AppSpec{TalksTo: []model.Peer{{App: "db", Port: new(intstr.FromInt32(1))}, {App: "db", Port: new(intstr.FromInt32(2))}}}
	f.Apps[0].Environments["prod"] = prod
	v := resolve.New(f, features.Default()).View()
	for s, want := range map[view.Scope]int{{}: 2, {Environment: "prod"}: 1, {Environment: "prod", Cluster: "osaka"}: 3} {
		if got := len(v.Callers("db", s)); got != want {
			t.Errorf("%d edges to db in %v, want %d", got, s, want)
		}
	}
}

func TestViewRecords(t *testing.T) {
	var got []view.Question
	v := resolve.New(shop(), features.Default()).View().Recording(func(r view.Question) { got = append(got, r) })
	s := view.Scope{Environment: "prod"}
	v.App("db", s)
	v.Callers("web", s)
	want := []view.Question{{Kind: view.AskedApp, App: "db", Scope: s}, {Kind: view.AskedCallers, App: "web", Scope: s}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

func ExampleResolver_Target() {
	fleet := &model.Fleet{
		Name:         "guestbook",
		Environments: []model.Environment{{Name: "dev"}, {Name: "prod"}},
		Apps: []model.App{{
			Name: "frontend",
			Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "frontend:5.0.1"}},
			Environments: map[string]model.Override{
				"prod": {AppSpec: model.AppSpec{Replicas: new(int32(6))}},
			},
		}},
	}
	r := resolve.New(fleet, features.Default())
	for _, scope := range r.Scopes("frontend") {
		t := r.Target("frontend", scope)
		budget, _ := json.Marshal(t.Spec.Disruption)
		fmt.Printf("%q in %q: %d replicas, budget %s\n", scope.Environment, t.Namespace, *t.Spec.Replicas, budget)
	}
	// Output:
	// "" in "": 1 replicas, budget null
	// "dev" in "guestbook-dev": 1 replicas, budget null
	// "prod" in "guestbook-prod": 6 replicas, budget {"enabled":true,"maxUnavailable":1}
}

func ExampleResolver_Explained() {
	fleet := &model.Fleet{Name: "guestbook", Environments: []model.Environment{{Name: "prod"}}}
	fleet.Defaults.Replicas = new(int32(2))
	fleet.Apps = []model.App{{Name: "frontend"}}
	_, origins, _ := resolve.New(fleet, features.Default()).Explained("frontend", view.Scope{Environment: "prod"})
	fmt.Println(origins["replicas"].Layer, origins["replicas"].Path)
	fmt.Println(origins["disruption.maxUnavailable"].Layer, origins["disruption.maxUnavailable"].Rule)
	// Output:
	// fleet defaults.replicas
	// rule disruption-budget
}

func ExampleCheckUnset() {
	fmt.Println(resolve.CheckUnset("env[DEBUG]", nil))
	fmt.Println(resolve.CheckUnset("disruptions", nil))
	// Output:
	// <nil>
	// there is no field disruptions: did you mean disruption?
}

func ExampleResolver_View() {
	fleet := &model.Fleet{Name: "guestbook", Apps: []model.App{
		{Name: "frontend", Project: "web", Spec: model.AppSpec{TalksTo: []model.Peer{{App: "redis"}}}}, {Name: "redis"}}}
	for _, peer := range resolve.New(fleet, features.Default()).View().Callers("redis", view.Scope{}) {
		fmt.Println(peer.App)
	}
	// Output: frontend
}
