package examples_test

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/generate/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// lookup is a DNS server, and the port at which it answers.
type lookup struct {
	at   netpoltest.End
	port int32
}

// servers are where clusters look up names.
var servers = map[string]lookup{
	"pods":      {netpoltest.End{Namespace: "kube-system", Labels: map[string]string{"k8s-app": "kube-dns"}}, 53},
	"node":      {netpoltest.End{Addr: netip.MustParseAddr("169.254.20.10")}, 53},
	"metadata":  {netpoltest.End{Addr: netip.MustParseAddr("169.254.169.254")}, 53},
	"aks":       {netpoltest.End{Addr: netip.MustParseAddr("169.254.10.11")}, 53},
	"service":   {netpoltest.End{Addr: netip.MustParseAddr("34.118.224.10")}, 53},
	"openshift": {netpoltest.End{Namespace: "openshift-dns", Labels: map[string]string{"dns.operator.openshift.io/daemonset-dns": "default"}}, 5353},
}

// setUps are ways in which clusters look up names, and the servers that answer.
var setUps = map[string]struct {
	platform model.Platform
	dns      *model.ClusterDNS
	answer   []string
}{
	"default":   {answer: []string{"pods", "node", "metadata"}},
	"gke":       {platform: model.GKE, dns: &model.ClusterDNS{Addresses: []string{"34.118.224.10/32"}}, answer: []string{"pods", "service"}},
	"eks":       {platform: model.EKS, answer: []string{"pods", "node", "metadata"}},
	"aks":       {platform: model.AKS, answer: []string{"pods", "node", "metadata", "aks"}},
	"openshift": {platform: model.OpenShift, answer: []string{"openshift"}},
}

// TestNetwork asks of every cluster of the examples and sample fleets, in every
// way of looking up names, whether the policies that are rendered let every pair
// of pods, and of pods and others, connect exactly where the model declares it.
// What is declared is read from the model here, by no code of the generator.
func TestNetwork(t *testing.T) {
	counts := map[string]int{}
	for name, fleet := range allFleets(t) {
		for _, title := range slices.Sorted(maps.Keys(setUps)) {
			t.Run(name+"/"+title, func(t *testing.T) {
				f := *fleet
				f.Repository.Layout = model.Rendered
				f.Clusters = slices.Clone(fleet.Clusters)
				for i := range f.Clusters {
					f.Clusters[i].Platform, f.Clusters[i].DNS = setUps[title].platform, setUps[title].dns
				}
				f.Apps = withoutPreviews(fleet.Apps)
				result, err := render.Fleet(context.Background(), &f, render.WithoutProof())
				if err != nil {
					t.Fatal(err)
				}
				r := resolve.New(&f)
				for _, c := range f.Clusters {
					net := netpoltest.Cluster{Policies: renderedPolicies(t, &f, result, c.Name)}
					n := network{T: t, Cluster: net, counts: counts, resolver: r, where: c.Name, pods: podsOn(r, &f, c.Name)}
					n.names(setUps[title].answer)
					n.between()
					n.incoming()
					n.outgoing()
				}
			})
		}
	}
	t.Logf("asked: %v", counts)
	for _, want := range []string{"DNS open", "DNS closed", "pods open", "pods closed", "in open", "in closed", "out open", "out closed"} {
		if counts[want] == 0 {
			t.Errorf("nothing was asked about %s", want)
		}
	}
}

// withoutPreviews returns apps less their previews, which need overlays.
func withoutPreviews(apps []model.App) []model.App {
	out := slices.Clone(apps)
	for i := range out {
		if d := out[i].Delivery; d != nil {
			plain := *d
			plain.Previews = nil
			out[i].Delivery = &plain
		}
	}
	return out
}

// renderedPolicies returns the policies of the rendered tree on a cluster.
func renderedPolicies(t *testing.T, f *model.Fleet, result *render.Result, cluster string) []networkingv1.NetworkPolicy {
	t.Helper()
	var out []networkingv1.NetworkPolicy
	for _, target := range result.Targets {
		i := slices.IndexFunc(f.Environments, func(e model.Environment) bool { return e.Name == target.Environment })
		if i < 0 || !slices.Contains(f.Environments[i].Clusters, cluster) || target.Cluster != "" && target.Cluster != cluster {
			continue
		}
		for _, file := range result.Tree.Under(target.Dir) {
			var p networkingv1.NetworkPolicy
			if !strings.Contains(string(file.Data), "\nkind: NetworkPolicy\n") {
				continue
			}
			if err := yaml.UnmarshalStrict(file.Data, &p); err != nil {
				t.Fatal(err)
			}
			out = append(out, p)
		}
	}
	return out
}

// pod is a pod of an app, or of one of its hooks.
type pod struct {
	netpoltest.End
	name   string
	hook   bool
	target resolve.Target
}

// podsOn returns a pod of each app and hook on a cluster, in all environments.
func podsOn(r *resolve.Resolver, f *model.Fleet, cluster string) []pod {
	var out []pod
	for _, e := range f.Environments {
		s := resolve.Scope{Environment: e.Name, Cluster: cluster}
		for _, app := range r.Apps() {
			if _, ok := r.Bare(app, s); !ok || !slices.Contains(e.Clusters, cluster) {
				continue
			}
			t := r.Target(app, s)
			end := func(name string) netpoltest.End {
				return netpoltest.End{Namespace: t.Namespace, Labels: map[string]string{"app.kubernetes.io/name": name}}
			}
			if t.Spec.Kind != model.NoWorkload {
				out = append(out, pod{end(app), app, false, t})
			}
			for _, h := range t.Spec.Hooks {
				name := app + "-" + h.Name
				out = append(out, pod{end(name), name, true, t})
			}
		}
	}
	return out
}

// network asks about one cluster.
type network struct {
	*testing.T
	netpoltest.Cluster
	counts   map[string]int
	resolver *resolve.Resolver
	where    string
	pods     []pod
}

// ask compares what policies allow with what is declared.
func (n network) ask(what, from, to string, a, b netpoltest.End, protocol corev1.Protocol, port int32, want bool) {
	n.counts[what+map[bool]string{true: " open", false: " closed"}[want]]++
	if got := n.Allows(a, b, protocol, port); got != want {
		n.Errorf("on %s, %s to %s by %s at %d: allowed is %t, declared is %t", n.where, from, to, protocol, port, got, want)
	}
}

// names asks whether every pod may look up names where they are answered.
func (n network) names(answer []string) {
	for _, p := range n.pods {
		for name, s := range servers {
			for _, protocol := range []corev1.Protocol{corev1.ProtocolUDP, corev1.ProtocolTCP} {
				n.ask("DNS", p.name, name, p.End, s.at, protocol, s.port, slices.Contains(answer, name))
			}
		}
	}
}

// asked are the ports to ask about of a pod: its own, and one that nobody has.
func (p pod) asked() []model.Port {
	return append(slices.Clone(p.target.Spec.Ports), model.Port{Name: "none", Port: 64999, Protocol: corev1.ProtocolTCP})
}

// between asks about every pair of pods.
func (n network) between() {
	for _, from := range n.pods {
		for _, to := range n.pods {
			for _, port := range to.asked() {
				n.ask("pods", from.target.Environment+"/"+from.name, to.target.Environment+"/"+to.name, from.End, to.End, port.Protocol, port.Port, declared(from, to, port))
			}
		}
	}
}

// other is a caller that is not an app of the fleet.
type other struct {
	netpoltest.End
	// name is what it is, in an environment.
	name, environment string
}

// incoming asks who may call the pods from outside of the fleet.
func (n network) incoming() {
	callers := []other{{End: netpoltest.End{Addr: netip.MustParseAddr("203.0.113.9")}, name: "the internet"},
		{End: netpoltest.End{Namespace: "stranger", Labels: map[string]string{"app": "any"}}, name: "a stranger"}}
	seen := map[string]bool{}
	for _, p := range n.pods {
		around := n.resolver.Index().Around(p.target.Scope)
		if seen[p.target.Environment] {
			continue
		}
		seen[p.target.Environment] = true
		callers = append(callers, other{End: endOf(around.Monitoring), name: "monitoring", environment: p.target.Environment})
		for _, g := range around.Gateways {
			callers = append(callers, other{End: endOf(*g.Pods), name: "gateway " + g.Name, environment: p.target.Environment})
		}
		if around.IngressController != nil {
			callers = append(callers, other{End: endOf(*around.IngressController), name: "the ingress controller", environment: p.target.Environment})
		}
	}
	for _, c := range callers {
		for _, p := range n.pods {
			for _, port := range p.asked() {
				n.ask("in", c.environment+"/"+c.name, p.target.Environment+"/"+p.name, c.End, p.End, port.Protocol, port.Port, !p.hook && n.lets(c, p, port))
			}
		}
	}
}

func endOf(p model.Pods) netpoltest.End {
	return netpoltest.End{Namespace: p.Namespace, Labels: p.Labels}
}

// outgoing asks whom the pods may call outside of the cluster.
func (n network) outgoing() {
	addresses := []string{"198.51.100.7", "2001:db8::7", "10.255.255.1", "192.168.7.7", "fd00::7", "192.0.2.77"}
	ports := []int32{443, 6443, 64999}
	for _, p := range n.pods {
		for _, e := range p.target.Spec.TalksTo {
			if prefix, err := netip.ParsePrefix(e.CIDR); err == nil {
				addresses = append(addresses, prefix.Addr().String())
			}
			if e.Port != nil && e.App == "" {
				ports = append(ports, e.Port.IntVal)
			}
		}
		for _, o := range p.target.Spec.Outside {
			addresses = append(addresses, o.Addresses...)
			for _, port := range o.Ports {
				ports = append(ports, port.Port)
			}
		}
	}
	slices.Sort(addresses)
	slices.Sort(ports)
	for _, p := range n.pods {
		for _, a := range slices.Compact(slices.Clone(addresses)) {
			for _, port := range slices.Compact(slices.Clone(ports)) {
				if port == 53 {
					continue // names asks about DNS
				}
				addr := netip.MustParseAddr(a)
				n.ask("out", p.target.Environment+"/"+p.name, a, p.End, netpoltest.End{Addr: addr}, corev1.ProtocolTCP, port, n.calls(p, addr, port))
			}
		}
	}
}
