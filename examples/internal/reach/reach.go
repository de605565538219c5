// Package reach asks, in tests, whether the network policies of a fleet allow
// exactly the connections that its model declares. What is declared is read from the
// model here, by no code of the generators.
package reach

import (
	"maps"
	"net/netip"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/feature/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
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

// Counts says how often something was asked, as in "pods open".
type Counts map[string]int

// Ask asks of every cluster of a fleet, in every way of looking up names, whether
// the policies that are rendered let every pair of pods, and of pods and others,
// connect exactly where the model declares it; pods of previews are among them. It
// fails the test where they do not.
func Ask(t *testing.T, fleet *model.Fleet, opts ...render.Option) Counts {
	t.Helper()
	counts := Counts{}
	for _, title := range slices.Sorted(maps.Keys(setUps)) {
		t.Run(title, func(t *testing.T) {
			f := *fleet
			f.Clusters = slices.Clone(fleet.Clusters)
			for i := range f.Clusters {
				f.Clusters[i].Platform, f.Clusters[i].DNS = setUps[title].platform, setUps[title].dns
			}
			r := resolve.New(&f, features.Default())
			if !slices.ContainsFunc(r.Apps(), func(app string) bool { _, _, ok := r.Previews(app); return ok }) {
				f.Repository.Layout = model.Rendered // nothing has to be built
			}
			result, err := render.Fleet(t.Context(), &f, append(slices.Clone(opts), render.WithoutProof())...)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range f.Clusters {
				n := network{T: t, Cluster: rendered(t, &f, result, c.Name), counts: counts, resolver: r, where: c.Name, pods: podsOn(r, &f, c.Name)}
				n.names(setUps[title].answer)
				n.between()
				n.incoming()
				n.outgoing()
			}
		})
	}
	return counts
}

// rendered returns the policies of the rendered tree on a cluster, and the labels of
// its namespaces.
func rendered(t *testing.T, f *model.Fleet, result *render.Result, cluster string) netpoltest.Cluster {
	t.Helper()
	out := netpoltest.Cluster{Namespaces: map[string]map[string]string{}}
	for _, dir := range dirsOn(f, result, cluster) {
		objects, err := objectsIn(f, result, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			switch o.Kind() {
			case "Namespace":
				var n corev1.Namespace
				err = yaml.UnmarshalStrict(o.YAML(), &n)
				out.Namespaces[n.Name] = n.Labels
			case "NetworkPolicy":
				var p networkingv1.NetworkPolicy
				err = yaml.UnmarshalStrict(o.YAML(), &p)
				out.Policies = append(out.Policies, p)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// dirsOn returns the directories that are synced to a cluster, with those of the
// previews of its environments.
func dirsOn(f *model.Fleet, result *render.Result, cluster string) []string {
	var dirs []string
	for _, target := range result.Targets {
		i := slices.IndexFunc(f.Environments, func(e model.Environment) bool { return e.Name == target.Environment })
		if i < 0 || !slices.Contains(f.Environments[i].Clusters, cluster) || target.Cluster != "" && target.Cluster != cluster {
			continue
		}
		dirs = append(dirs, target.Dir)
		if dir := layout.Preview(target.Unit, target.Environment); len(result.Tree.Under(dir)) > 0 {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// objectsIn returns the objects of a directory of the tree.
func objectsIn(f *model.Fleet, result *render.Result, dir string) ([]object.Object, error) {
	if f.Repository.Layout != model.Rendered {
		return kustomize.Build(result.Tree.Files(), dir)
	}
	var out []object.Object
	for _, file := range result.Tree.Under(dir) {
		objects, err := object.Parse(file.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	return out, nil
}

// pod is a pod of an app, or of one of its hooks.
type pod struct {
	netpoltest.End
	name   string
	hook   bool
	target view.Target
}

// podsOn returns a pod of each app and hook on a cluster, in all environments and in
// a preview of each app that has some.
func podsOn(r *resolve.Resolver, f *model.Fleet, cluster string) []pod {
	var out []pod
	for _, e := range f.Environments {
		s := view.Scope{Environment: e.Name, Cluster: cluster}
		for _, app := range r.Apps() {
			if _, ok := r.TargetIdentity(app, s); !ok || !slices.Contains(e.Clusters, cluster) {
				continue
			}
			out = append(out, podsOf(r.Target(app, s))...)
			if _, like, ok := r.Previews(app); ok && like == s {
				preview, _ := r.PreviewScope(view.Preview{App: app, Number: view.Example})
				out = append(out, podsOf(r.Target(app, preview))...)
			}
		}
	}
	return out
}

// podsOf returns a pod of an app, and of each of its hooks.
func podsOf(t view.Target) []pod {
	end := func(name string) netpoltest.End {
		return netpoltest.End{Namespace: t.Namespace, Labels: map[string]string{"app.kubernetes.io/name": name}}
	}
	var out []pod
	if t.Spec.Kind != model.NoWorkload {
		out = append(out, pod{end(t.App), t.App, false, t})
	}
	for _, h := range t.Spec.Hooks {
		name := t.App + "-" + h.Name
		out = append(out, pod{end(name), name, true, t})
	}
	return out
}

// String returns the pod's place and name.
func (p pod) String() string { return p.Namespace + "/" + p.name }

// network asks about one cluster.
type network struct {
	*testing.T
	netpoltest.Cluster
	counts   Counts
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
				n.ask("DNS", p.String(), name, p.End, s.at, protocol, s.port, slices.Contains(answer, name))
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
		what := "pods"
		if from.target.IsPreview() {
			what = "from previews"
		}
		for _, to := range n.pods {
			for _, port := range to.asked() {
				n.ask(what, from.String(), to.String(), from.End, to.End, port.Protocol, port.Port, declared(from, to, port))
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
		for _, cidr := range cidrsOf(p) {
			callers = append(callers, other{End: netpoltest.End{Addr: netip.MustParsePrefix(cidr).Addr().Next()}, name: cidr})
		}
		platform := n.resolver.View().Platform(p.target.Scope)
		if seen[p.target.Environment] {
			continue
		}
		seen[p.target.Environment] = true
		callers = append(callers, other{End: endOf(platform.Monitoring), name: "monitoring", environment: p.target.Environment})
		for _, g := range platform.Gateways {
			callers = append(callers, other{End: endOf(*g.Pods), name: "gateway " + g.Name, environment: p.target.Environment})
		}
		if platform.IngressController != nil {
			callers = append(callers, other{End: endOf(*platform.IngressController), name: "the ingress controller", environment: p.target.Environment})
		}
	}
	for _, c := range callers {
		what := "in"
		if c.Addr.IsValid() {
			what = "from networks"
		}
		for _, p := range n.pods {
			for _, port := range p.asked() {
				n.ask(what, c.environment+"/"+c.name, p.String(), c.End, p.End, port.Protocol, port.Port, !p.hook && n.lets(c, p, port))
			}
		}
	}
}

// cidrsOf returns the networks that may call a pod.
func cidrsOf(p pod) []string {
	var out []string
	for _, e := range p.target.Spec.AcceptsFrom {
		if e.CIDR != "" {
			out = append(out, e.CIDR)
		}
	}
	for _, s := range services(p.target) {
		out = append(out, s.LoadBalancerSourceRanges...)
	}
	return out
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
				n.ask("out", p.String(), a, p.End, netpoltest.End{Addr: addr}, corev1.ProtocolTCP, port, n.reaches(p, addr, port))
			}
		}
	}
}
