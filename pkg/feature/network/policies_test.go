package network_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/feature/namespaces"
	"github.com/gitopsgen/gitopsgen/pkg/feature/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// policies returns what decides about connections in a scope of a fleet: the
// policies of all of its apps and components.
func policies(t *testing.T, r *resolve.Resolver, s view.Scope) netpoltest.Cluster {
	t.Helper()
	var c netpoltest.Cluster
	add := func(objects []object.Object, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if o.Kind() != "NetworkPolicy" {
				continue
			}
			var p networkingv1.NetworkPolicy
			if err := yaml.UnmarshalStrict(o.YAML(), &p); err != nil {
				t.Fatal(err)
			}
			c.Policies = append(c.Policies, p)
		}
	}
	for _, app := range r.Apps() {
		add(featurestest.TargetObjects(r, app, s))
	}
	for _, component := range r.Set().Components() {
		add(component.Objects(r.Environment(s)))
	}
	return c
}

// peer returns a pod that bears the labels of an app, in a namespace.
func peer(namespace, app string) netpoltest.End {
	return netpoltest.End{Namespace: namespace, Labels: view.Selector(app)}
}

// labelled returns a pod with one label.
func labelled(namespace, key, value string) netpoltest.End {
	return netpoltest.End{Namespace: namespace, Labels: map[string]string{key: value}}
}

func address(s string) netpoltest.End { return netpoltest.End{Addr: netip.MustParseAddr(s)} }

// oneCluster returns a fleet of one cluster, lab, and one environment, dev.
func oneCluster(c model.Cluster, apps ...model.App) *model.Fleet {
	c.Name = "lab"
	return &model.Fleet{Name: "shop", Clusters: []model.Cluster{c}, Apps: apps,
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}, Domain: "dev.example.com"}}}
}

var lab = view.Scope{Environment: "dev", Cluster: "lab"}

// TestDNS asks, for each way in which clusters look up names, whether an app and
// its hook may, and whether they may do no more than that.
func TestDNS(t *testing.T) {
	const usual = 53
	kubeDNS := labelled("kube-system", "k8s-app", "kube-dns")
	type server struct {
		at   netpoltest.End
		port int32
	}
	tests := map[string]struct {
		reason       string
		cluster      model.Cluster
		open, closed []server
	}{
		"Default": {
			reason: "Where a cluster says nothing, the servers in kube-system answer, or a cache on the node or the metadata server.",
			open: []server{{kubeDNS, usual}, {address("169.254.20.10"), usual}, {address("169.254.25.10"), usual},
				{address("169.254.169.254"), usual}},
			closed: []server{{kubeDNS, 5353}, {address("169.254.169.254"), 80}, {address("10.96.0.10"), usual},
				{labelled("openshift-dns", "dns.operator.openshift.io/daemonset-dns", "default"), 5353}},
		},
		"EKS": {
			reason:  "EKS runs CoreDNS in kube-system.",
			cluster: model.Cluster{Platform: model.EKS},
			open:    []server{{kubeDNS, usual}, {address("169.254.20.10"), usual}},
		},
		"AKS": {
			reason:  "LocalDNS answers at two addresses of the node.",
			cluster: model.Cluster{Platform: model.AKS},
			open:    []server{{kubeDNS, usual}, {address("169.254.10.10"), usual}, {address("169.254.10.11"), usual}},
		},
		"OpenShift": {
			reason:  "DNS is in a namespace of its own, at a port of its own.",
			cluster: model.Cluster{Platform: model.OpenShift},
			open:    []server{{labelled("openshift-dns", "dns.operator.openshift.io/daemonset-dns", "default"), 5353}},
			closed:  []server{{labelled("openshift-dns", "a", "b"), usual}, {kubeDNS, usual}, {address("169.254.20.10"), usual}},
		},
		"GKE": {
			reason:  "With Cloud DNS, a cache on the node or the metadata server answers; with Dataplane V2, a pod.",
			cluster: model.Cluster{Platform: model.GKE},
			open:    []server{{labelled("kube-system", "k8s-app", "node-local-dns"), usual}, {address("169.254.20.10"), usual}, {address("169.254.169.254"), usual}},
		},
		"GKEService": {
			reason:  "In iptables mode, the cache answers at the address of the Service.",
			cluster: model.Cluster{Platform: model.GKE, DNS: &model.ClusterDNS{Addresses: []string{"34.118.224.10/32"}}},
			open:    []server{{address("34.118.224.10"), usual}, {kubeDNS, usual}},
			closed:  []server{{address("34.118.224.11"), usual}, {address("34.118.224.10"), 443}},
		},
		"Own": {
			reason: "What a cluster says of its servers counts, each field by itself; addresses answer at the usual port.",
			cluster: model.Cluster{DNS: &model.ClusterDNS{Port: new(int32(1053)), Addresses: []string{"192.0.2.0/28", "2001:db8::53/128"},
				Pods: []model.Pods{{Namespace: "names", Labels: map[string]string{"app": "dns"}}, {Namespace: "more"}}}},
			open: []server{{labelled("names", "app", "dns"), 1053}, {labelled("more", "app", "any"), 1053}, {address("192.0.2.5"), usual}, {address("2001:db8::53"), usual}},
			closed: []server{{labelled("names", "app", "other"), 1053}, {labelled("names", "app", "dns"), usual}, {kubeDNS, usual},
				{address("192.0.2.5"), 1053}, {address("169.254.20.10"), usual}},
		},
		"OpenShiftAddress": {
			reason:  "A server outside has the usual port also where the pods do not.",
			cluster: model.Cluster{Platform: model.OpenShift, DNS: &model.ClusterDNS{Addresses: []string{"192.0.2.1/32"}}},
			open:    []server{{labelled("openshift-dns", "a", "b"), 5353}, {address("192.0.2.1"), usual}},
			closed:  []server{{address("192.0.2.1"), 5353}},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			app := model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}, Hooks: []model.Hook{{Name: "migrate"}}}}
			net := policies(t, resolve.New(oneCluster(tc.cluster, app), features.Default()), lab)
			for want, servers := range map[bool][]server{true: tc.open, false: tc.closed} {
				for _, s := range servers {
					for _, client := range []string{"web", "web-migrate"} {
						for _, protocol := range []corev1.Protocol{corev1.ProtocolUDP, corev1.ProtocolTCP} {
							if got := net.Allows(peer("shop-dev", client), s.at, protocol, s.port); got != want {
								t.Errorf("%s\n%s to %+v by %s at %d: allowed is %t, want %t", tc.reason, client, s.at, protocol, s.port, got, want)
							}
						}
					}
				}
			}
		})
	}
}

// TestDNSOfCluster renders two clusters of one environment, which look up names
// in different ways: what they share has none of one alone.
func TestDNSOfCluster(t *testing.T) {
	f := oneCluster(model.Cluster{}, model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}})
	f.Clusters = append(f.Clusters, model.Cluster{Name: "red", Platform: model.OpenShift})
	f.Environments[0].Clusters = []string{"lab", "red"}
	r := resolve.New(f, features.Default())
	openshift := labelled("openshift-dns", "a", "b")
	for scope, want := range map[view.Scope]bool{lab: false, {Environment: "dev", Cluster: "red"}: true} {
		if got := policies(t, r, scope).Allows(peer("shop-dev", "web"), openshift, corev1.ProtocolUDP, 5353); got != want {
			t.Errorf("on %s, DNS of OpenShift is open: %t, want %t", scope.Cluster, got, want)
		}
	}
}

// TestHosts asks at which addresses a host outside may lie.
func TestHosts(t *testing.T) {
	app := model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"},
		TalksTo: []model.Peer{{Host: "api.example.org", Port: new(intstr.FromInt32(443))}}}}
	net := policies(t, resolve.New(oneCluster(model.Cluster{}, app), features.Default()), lab)
	for to, want := range map[string]bool{
		"203.0.113.7": true, "2606:4700::1111": true, "2a00:1450::1": true,
		"10.1.2.3": false, "172.20.1.1": false, "192.168.1.1": false, "100.64.0.1": false, "169.254.169.254": false,
		"fd12:3456::1": false, "fc00::1": false, "fe80::1": false,
	} {
		if got := net.Allows(peer("shop-dev", "web"), address(to), corev1.ProtocolTCP, 443); got != want {
			t.Errorf("%s: allowed is %t, want %t", to, got, want)
		}
		if net.Allows(peer("shop-dev", "web"), address(to), corev1.ProtocolTCP, 80) {
			t.Errorf("%s is open at another port", to)
		}
	}
}

// TestReplicas asks whether the pods of a workload reach each other.
func TestReplicas(t *testing.T) {
	for kind, want := range map[model.WorkloadKind]bool{model.StatefulSet: true, model.Deployment: false, model.DaemonSet: false} {
		spec := model.AppSpec{Kind: kind, ContainerSpec: model.ContainerSpec{Image: "db:1",
			Ports: []model.Port{{Name: "sql", Port: 5432}, {Name: "peer", Port: 7000, Private: new(true)}}}}
		net := policies(t, resolve.New(oneCluster(model.Cluster{}, model.App{Name: "db", Spec: spec}, model.App{Name: "web", Spec: spec}), features.Default()), lab)
		for _, port := range []int32{5432, 7000} {
			if got := net.Allows(peer("shop-dev", "db"), peer("shop-dev", "db"), corev1.ProtocolTCP, port); got != want {
				t.Errorf("replicas of a %s at %d: allowed is %t, want %t", kind, port, got, want)
			}
			if net.Allows(peer("shop-dev", "web"), peer("shop-dev", "db"), corev1.ProtocolTCP, port) {
				t.Errorf("another %s may call at %d", kind, port)
			}
		}
	}
}

// TestSourceRanges asks who may call the ports of a Service from outside.
func TestSourceRanges(t *testing.T) {
	ranges := []string{"192.0.2.0/24", "2001:db8::/32"}
	type ask struct {
		from string
		port int32
	}
	for name, tc := range map[string]struct {
		reason       string
		service      model.ServiceSpec
		open, closed []ask
	}{
		"All": {"Without ranges, the world may call.", model.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer},
			[]ask{{"198.51.100.1", 8080}, {"2001:db8::1", 8080}}, []ask{{"198.51.100.1", 9090}}},
		"Ranges": {"The ranges of a load balancer narrow the policy.", model.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, LoadBalancerSourceRanges: ranges},
			[]ask{{"192.0.2.1", 8080}, {"2001:db8::1", 8080}}, []ask{{"198.51.100.1", 8080}, {"192.0.2.1", 9090}, {"10.0.0.1", 8080}}},
		"Cluster": {"Nodes hide who calls, so the load balancer alone can narrow.",
			model.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, LoadBalancerSourceRanges: ranges, ExternalTrafficPolicy: corev1.ServiceExternalTrafficPolicyCluster},
			[]ask{{"192.0.2.1", 8080}, {"10.0.0.1", 8080}}, []ask{{"10.0.0.1", 9090}}},
		"NodePort":  {"Kubernetes knows ranges of load balancers only.", model.ServiceSpec{Type: corev1.ServiceTypeNodePort, LoadBalancerSourceRanges: ranges}, []ask{{"198.51.100.1", 8080}}, nil},
		"ClusterIP": {"Nobody outside calls.", model.ServiceSpec{LoadBalancerSourceRanges: ranges}, nil, []ask{{"192.0.2.1", 8080}}},
	} {
		t.Run(name, func(t *testing.T) {
			app := model.App{Name: "web", Spec: model.AppSpec{Service: &model.Service{ServiceSpec: tc.service}, ContainerSpec: model.ContainerSpec{Image: "web:1",
				Ports: []model.Port{{Name: "http", Port: 8080, ServicePort: new(int32(80))}, {Name: "metrics", Port: 9090, Private: new(true)}}}}}
			net := policies(t, resolve.New(oneCluster(model.Cluster{}, app), features.Default()), lab)
			for want, asks := range map[bool][]ask{true: tc.open, false: tc.closed} {
				for _, a := range asks {
					if got := net.Allows(address(a.from), peer("shop-dev", "web"), corev1.ProtocolTCP, a.port); got != want {
						t.Errorf("%s\n%s at %d: allowed is %t, want %t", tc.reason, a.from, a.port, got, want)
					}
				}
			}
		})
	}
}

// TestMeshPolicies asks what the proxies of a service mesh may do. Web calls api.
func TestMeshPolicies(t *testing.T) {
	web, api, other := peer("shop-dev", "web"), peer("shop-dev", "api"), peer("shop-dev", "other")
	istiod, aks := labelled("istio-system", "app", "istiod"), labelled("aks-istio-system", "app", "istiod")
	prometheus, probes := labelled("monitoring", "app", "prometheus"), address("169.254.7.127")
	type ask struct {
		from, to netpoltest.End
		port     int32
	}
	ambient := []ask{{web, api, 15008}, {prometheus, api, 15008}}
	control := []ask{{web, istiod, 15012}, {web, istiod, 15017}, {api, istiod, 15012}, {peer("shop-dev", "web-migrate"), istiod, 15012}}
	for name, tc := range map[string]struct {
		reason       string
		mesh         *model.Mesh
		cluster      model.Cluster
		open, closed []ask
	}{
		"None":    {reason: "Outside of the mesh, nothing is open for it.", closed: append([]ask{{probes, api, 8080}}, append(ambient, control...)...)},
		"Sidecar": {reason: "Sidecars call istiod.", mesh: &model.Mesh{}, open: control, closed: append([]ask{{web, istiod, 443}, {web, labelled("istio-system", "app", "other"), 15012}}, ambient...)},
		"Elsewhere": {reason: "A cluster says where istiod is.", mesh: &model.Mesh{},
			cluster: model.Cluster{Istiod: &model.Pods{Namespace: "aks-istio-system", Labels: map[string]string{"app": "istiod"}}},
			open:    []ask{{web, aks, 15012}}, closed: control},
		"Ambient": {reason: "Calls between apps go through the tunnel, and those of the node come from an address of their own.", mesh: &model.Mesh{Mode: model.Ambient},
			open:   append([]ask{{probes, api, 8080}}, ambient...),
			closed: append([]ask{{other, api, 15008}, {web, other, 15008}, {address("198.51.100.1"), api, 15008}}, control...)},
	} {
		t.Run(name, func(t *testing.T) {
			container := model.ContainerSpec{Image: "app:1", Ports: []model.Port{{Name: "http", Port: 8080}}}
			spec := model.AppSpec{ContainerSpec: container, Mesh: tc.mesh}
			calling, called := spec, spec
			calling.TalksTo, calling.Hooks = []model.Peer{{App: "api"}}, []model.Hook{{Name: "migrate"}}
			called.AcceptsFrom = []model.Caller{{Monitoring: new(true)}}
			f := oneCluster(tc.cluster, model.App{Name: "web", Spec: calling}, model.App{Name: "api", Spec: called}, model.App{Name: "other", Spec: spec})
			net := policies(t, resolve.New(f, features.Default()), lab)
			for want, asks := range map[bool][]ask{true: append(tc.open, ask{web, api, 8080}), false: append(tc.closed, ask{other, api, 8080})} {
				for _, a := range asks {
					if got := net.Allows(a.from, a.to, corev1.ProtocolTCP, a.port); got != want {
						t.Errorf("%s\n%+v to %+v at %d: allowed is %t, want %t", tc.reason, a.from, a.to, a.port, got, want)
					}
				}
			}
		})
	}
}

// TestMeshNamespaces checks which label lets the pods of a namespace join the mesh.
func TestMeshNamespaces(t *testing.T) {
	sidecar, ambient := &model.Mesh{MTLS: "STRICT"}, &model.Mesh{Mode: model.Ambient}
	for name, tc := range map[string]struct {
		reason   string
		web, api *model.Mesh
		given    map[string]string
		want     map[string]string
	}{
		"None":     {reason: "Nobody asks for a mesh.", want: map[string]string{}},
		"Sidecar":  {reason: "All are in it.", web: sidecar, api: sidecar, want: map[string]string{"istio-injection": "enabled"}},
		"Ambient":  {reason: "All are in it.", web: ambient, api: ambient, want: map[string]string{"istio.io/dataplane-mode": "ambient"}},
		"One":      {reason: "The other's pods must not join.", web: sidecar, want: map[string]string{}},
		"Mixed":    {reason: "There is no label for both.", web: sidecar, api: ambient, want: map[string]string{}},
		"Revision": {reason: "The user's label counts.", web: sidecar, api: sidecar, given: map[string]string{"istio.io/rev": "1-28"}, want: map[string]string{"istio.io/rev": "1-28"}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := func(m *model.Mesh) model.AppSpec {
				return model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "app:1"}, Mesh: m}
			}
			objects := model.AppSpec{Objects: []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "a"}}}}
			f := oneCluster(model.Cluster{}, model.App{Name: "web", Spec: spec(tc.web)}, model.App{Name: "api", Spec: spec(tc.api)}, model.App{Name: "texts", Spec: objects})
			f.Environments[0].Namespaces.Labels = tc.given
			made, err := namespaces.Objects(resolve.New(f, features.Default()).Environment(lab))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, o := range made {
				labels, _ := o.Get("metadata", "labels")
				for k, v := range labels.(map[string]any) {
					if o.Kind() == "Namespace" && strings.HasPrefix(k, "istio") {
						got[k] = v.(string)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: labels (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestScraping asks who may call the port of the metrics of an app.
func TestScraping(t *testing.T) {
	web, other, prometheus := peer("shop-dev", "web"), peer("shop-dev", "other"), labelled("observability", "app", "prometheus")
	pods := &model.Pods{Namespace: "observability", Labels: map[string]string{"app": "prometheus"}}
	type ask struct {
		from netpoltest.End
		port int32
	}
	strangers := []ask{{other, 9090}, {labelled("observability", "app", "grafana"), 9090}, {labelled("monitoring", "app", "prometheus"), 9090}, {prometheus, 8080}, {other, 8080}}
	for name, tc := range map[string]struct {
		reason       string
		spec         model.AppSpec
		open, closed []ask
	}{
		"None":    {reason: "Nothing is scraped.", closed: append([]ask{{prometheus, 9090}}, strangers...)},
		"Scraped": {reason: "The port is open to the monitoring pods alone.", spec: model.AppSpec{Monitoring: &model.Monitoring{}}, open: []ask{{prometheus, 9090}}, closed: strangers},
		"Off":     {reason: "Nothing is scraped.", spec: model.AppSpec{Monitoring: &model.Monitoring{Scrape: &model.Scrape{Enabled: new(false)}}}, closed: append([]ask{{prometheus, 9090}}, strangers...)},
		"Port":    {reason: "Another port is scraped.", spec: model.AppSpec{Monitoring: &model.Monitoring{Scrape: &model.Scrape{Port: "http"}}}, open: []ask{{prometheus, 8080}}, closed: []ask{{prometheus, 9090}, {other, 8080}}},
		"Job":     {reason: "The pods of a CronJob are scraped too.", spec: model.AppSpec{Kind: model.CronJob, Schedule: &model.Schedule{Cron: "15 3 * * *"}, Monitoring: &model.Monitoring{}}, open: []ask{{prometheus, 9090}}, closed: strangers},
		"Mesh":    {reason: "In a mesh without sidecars, scraping goes through the tunnel too.", spec: model.AppSpec{Mesh: &model.Mesh{Mode: model.Ambient}, Monitoring: &model.Monitoring{}}, open: []ask{{prometheus, 9090}, {prometheus, 15008}}, closed: append([]ask{{other, 15008}}, strangers...)},
	} {
		t.Run(name, func(t *testing.T) {
			tc.spec.ContainerSpec = model.ContainerSpec{Image: "web:1", Ports: []model.Port{{Name: "http", Port: 8080}, {Name: "metrics", Port: 9090, Private: new(true)}}}
			f := oneCluster(model.Cluster{Monitoring: pods}, model.App{Name: "web", Spec: tc.spec},
				model.App{Name: "other", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "other:1"}}})
			net := policies(t, resolve.New(f, features.Default()), lab)
			for want, asks := range map[bool][]ask{true: tc.open, false: tc.closed} {
				for _, a := range asks {
					if got := net.Allows(a.from, web, corev1.ProtocolTCP, a.port); got != want {
						t.Errorf("%s\n%+v at %d: allowed is %t, want %t", tc.reason, a.from, a.port, got, want)
					}
				}
			}
		})
	}
}
