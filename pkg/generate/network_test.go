package generate_test

import (
	"net/netip"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/generate"
	"github.com/gitopsgen/gitopsgen/pkg/generate/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// policies returns what decides about connections in a scope of a fleet: the
// policies of all of its apps and components.
func policies(t *testing.T, r *resolve.Resolver, s resolve.Scope) netpoltest.Cluster {
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
		add(generate.Objects(r.Target(app, s), r.Index(), generate.Default()))
	}
	for _, component := range generate.Components() {
		add(component.Objects(r.Site(s)))
	}
	return c
}

// peer returns a pod that bears the labels of an app, in a namespace.
func peer(namespace, app string) netpoltest.End {
	return netpoltest.End{Namespace: namespace, Labels: resolve.Selector(app)}
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

var lab = resolve.Scope{Environment: "dev", Cluster: "lab"}

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
			cluster: model.Cluster{DNS: &model.ClusterDNS{Port: model.Ptr[int32](1053), Addresses: []string{"192.0.2.0/28", "2001:db8::53/128"},
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
			net := policies(t, resolve.New(oneCluster(tc.cluster, app)), lab)
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
	r := resolve.New(f)
	openshift := labelled("openshift-dns", "a", "b")
	for scope, want := range map[resolve.Scope]bool{lab: false, {Environment: "dev", Cluster: "red"}: true} {
		if got := policies(t, r, scope).Allows(peer("shop-dev", "web"), openshift, corev1.ProtocolUDP, 5353); got != want {
			t.Errorf("on %s, DNS of OpenShift is open: %t, want %t", scope.Cluster, got, want)
		}
	}
}

// TestHosts asks at which addresses a host outside may lie.
func TestHosts(t *testing.T) {
	app := model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"},
		TalksTo: []model.Peer{{Host: "api.example.org", Port: model.Ptr(intstr.FromInt32(443))}}}}
	net := policies(t, resolve.New(oneCluster(model.Cluster{}, app)), lab)
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
