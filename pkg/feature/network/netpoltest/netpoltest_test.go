package netpoltest

import (
	"net/netip"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

// pod returns a pod of an app in a namespace, with a port named http.
func pod(namespace, app string) End {
	return End{Namespace: namespace, Labels: map[string]string{"app": app},
		Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}, {Name: "dns", ContainerPort: 53, Protocol: corev1.ProtocolUDP}}}
}

func addr(s string) End { return End{Addr: netip.MustParseAddr(s)} }

// at returns a pod with an address.
func at(e End, address string) End {
	e.Addr = netip.MustParseAddr(address)
	return e
}

// call is a connection; TCP where it does not say otherwise.
type call struct {
	from, to End
	protocol corev1.Protocol
	port     int32
}

// TestAllows holds the evaluator to what the API reference says of each field.
// Policies are of the namespace a, and select the pods of web there.
func TestAllows(t *testing.T) {
	web, db, other := pod("a", "web"), pod("a", "db"), pod("b", "web")
	tests := map[string]struct {
		reason   string
		policies []string // specs
		open     []call
		closed   []call
	}{
		"None": {
			reason: "Without a policy, pods are not isolated.",
			open:   []call{{from: db, to: web, port: 1}, {from: addr("1.1.1.1"), to: web, port: 1}, {from: web, to: addr("1.1.1.1"), port: 1}},
		},
		"DenyAll": {
			reason:   "An empty pod selector selects all pods of the policy's namespace, and no others.",
			policies: []string{`{podSelector: {}, policyTypes: [Ingress, Egress]}`},
			open:     []call{{from: other, to: other, port: 1}, {from: other, to: addr("1.1.1.1"), port: 1}},
			closed:   []call{{from: web, to: db, port: 1}, {from: other, to: web, port: 1}, {from: web, to: other, port: 1}, {from: web, to: addr("1.1.1.1"), port: 1}},
		},
		"SelectedOnly": {
			reason:   "Deny by default holds for the selected pods only.",
			policies: []string{`{podSelector: {matchLabels: {app: web}}}`},
			open:     []call{{from: web, to: db, port: 1}, {from: other, to: db, port: 1}},
			closed:   []call{{from: db, to: web, port: 1}},
		},
		"TypesIngress": {
			reason:   "Without policyTypes, a policy without egress rules is about ingress.",
			policies: []string{`{podSelector: {}, ingress: [], egress: []}`},
			open:     []call{{from: web, to: addr("1.1.1.1"), port: 1}},
			closed:   []call{{from: addr("1.1.1.1"), to: web, port: 1}},
		},
		"TypesBoth": {
			reason:   "Without policyTypes, a policy with an egress rule is about both.",
			policies: []string{`{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 1.1.1.0/24}}]}]}`},
			open:     []call{{from: web, to: addr("1.1.1.1"), port: 1}},
			closed:   []call{{from: web, to: addr("2.1.1.1"), port: 1}, {from: addr("1.1.1.1"), to: web, port: 1}},
		},
		"TypesEgressOnly": {
			reason:   "A policy about egress alone leaves ingress open, and its ingress rules count for nothing.",
			policies: []string{`{podSelector: {}, policyTypes: [Egress]}`},
			open:     []call{{from: addr("1.1.1.1"), to: web, port: 1}},
			closed:   []call{{from: web, to: addr("1.1.1.1"), port: 1}},
		},
		"BothEnds": {
			reason: "The sender's egress and the receiver's ingress both have to allow a connection.",
			policies: []string{`{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}`,
				`{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]}`},
			open:   []call{{from: web, to: db, port: 5432}, {from: other, to: db, port: 5432}},
			closed: []call{{from: web, to: db, port: 5433}, {from: web, to: other, port: 5432}},
		},
		"Union": {
			reason: "Policies add up: one that allows is enough.",
			policies: []string{`{podSelector: {}}`, `{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 1}]}]}`,
				`{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 2}]}]}`},
			open:   []call{{from: db, to: web, port: 1}, {from: db, to: web, port: 2}},
			closed: []call{{from: db, to: web, port: 3}, {from: web, to: db, port: 1}},
		},
		"EmptyRule": {
			reason:   "A rule without peers and ports allows everything.",
			policies: []string{`{podSelector: {}, ingress: [{}]}`},
			open:     []call{{from: addr("1.1.1.1"), to: web, port: 9, protocol: corev1.ProtocolSCTP}, {from: other, to: db, port: 1}},
		},
		"EmptyLists": {
			reason:   "Empty lists of peers and ports mean the same as absent ones.",
			policies: []string{`{podSelector: {}, ingress: [{from: [], ports: []}]}`},
			open:     []call{{from: addr("1.1.1.1"), to: web, port: 9}, {from: other, to: db, port: 1}},
		},
		"PodSelector": {
			reason:   "A pod selector alone selects pods of the policy's own namespace.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}`},
			open:     []call{{from: web, to: db, port: 1}},
			closed:   []call{{from: other, to: db, port: 1}, {from: db, to: web, port: 1}, {from: addr("1.1.1.1"), to: db, port: 1}},
		},
		"EmptyPodSelector": {
			reason:   "An empty pod selector in a peer is all pods of the policy's namespace.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}`},
			open:     []call{{from: web, to: db, port: 1}, {from: db, to: web, port: 1}},
			closed:   []call{{from: other, to: db, port: 1}, {from: addr("1.1.1.1"), to: db, port: 1}},
		},
		"NamespaceSelector": {
			reason:   "A namespace selector alone selects all pods of the namespaces, by labels of these and their own name.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]}`},
			open:     []call{{from: other, to: web, port: 1}, {from: pod("b", "z"), to: web, port: 1}, {from: db, to: web, port: 1}},
			closed:   []call{{from: pod("c", "web"), to: web, port: 1}},
		},
		"EmptyNamespaceSelector": {
			reason:   "An empty namespace selector is all pods of the cluster, and nobody outside of it.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}`},
			open:     []call{{from: pod("c", "z"), to: web, port: 1}, {from: web, to: db, port: 1}},
			closed:   []call{{from: addr("10.0.0.1"), to: web, port: 1}},
		},
		"And": {
			reason:   "Both selectors in one peer have to match.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchLabels: {app: web}}}]}]}`},
			open:     []call{{from: other, to: db, port: 1}},
			closed:   []call{{from: web, to: db, port: 1}, {from: pod("b", "db"), to: db, port: 1}},
		},
		"Or": {
			reason:   "Of two peers, one has to match.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}, {podSelector: {matchLabels: {app: web}}}]}]}`},
			open:     []call{{from: web, to: db, port: 1}, {from: pod("b", "db"), to: db, port: 1}},
			closed:   []call{{from: db, to: web, port: 1}, {from: pod("c", "web"), to: db, port: 1}},
		},
		"Block": {
			reason:   "An ipBlock is its network without the exceptions.",
			policies: []string{`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16]}}]}]}`},
			open:     []call{{from: web, to: addr("1.1.1.1"), port: 1}},
			closed:   []call{{from: web, to: addr("10.1.1.1"), port: 1}, {from: web, to: addr("169.254.20.10"), port: 1}, {from: web, to: addr("2001:db8::1"), port: 1}},
		},
		"Block6": {
			reason:   "IPv6 has blocks of its own.",
			policies: []string{`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "::/0", except: ["fc00::/7"]}}]}]}`},
			open:     []call{{from: web, to: addr("2001:db8::1"), port: 1}},
			closed:   []call{{from: web, to: addr("fd00::1"), port: 1}, {from: web, to: addr("1.1.1.1"), port: 1}},
		},
		"BlockOfPod": {
			reason:   "A pod is matched by a block where it has an address, as some plug-ins see it, and else is not, as others do.",
			policies: []string{`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}`},
			open:     []call{{from: web, to: at(other, "10.1.1.1"), port: 1}},
			closed:   []call{{from: web, to: other, port: 1}, {from: web, to: at(other, "11.1.1.1"), port: 1}},
		},
		"Protocol": {
			reason:   "A port without a protocol is TCP.",
			policies: []string{`{podSelector: {}, ingress: [{ports: [{port: 53}, {port: 54, protocol: UDP}]}]}`},
			open:     []call{{from: other, to: web, port: 53}, {from: other, to: web, port: 54, protocol: corev1.ProtocolUDP}},
			closed:   []call{{from: other, to: web, port: 53, protocol: corev1.ProtocolUDP}, {from: other, to: web, port: 54}},
		},
		"ProtocolOnly": {
			reason:   "A protocol without a port is all of its ports.",
			policies: []string{`{podSelector: {}, ingress: [{ports: [{protocol: UDP}]}]}`},
			open:     []call{{from: other, to: web, port: 1, protocol: corev1.ProtocolUDP}},
			closed:   []call{{from: other, to: web, port: 1}, {from: other, to: web, port: 1, protocol: corev1.ProtocolSCTP}},
		},
		"Range": {
			reason:   "A range holds both of its ends.",
			policies: []string{`{podSelector: {}, ingress: [{ports: [{port: 10, endPort: 12}]}]}`},
			open:     []call{{from: other, to: web, port: 10}, {from: other, to: web, port: 11}, {from: other, to: web, port: 12}},
			closed:   []call{{from: other, to: web, port: 9}, {from: other, to: web, port: 13}, {from: other, to: web, port: 11, protocol: corev1.ProtocolUDP}},
		},
		"NamedIngress": {
			reason:   "A name is that of a container's port, with its protocol.",
			policies: []string{`{podSelector: {}, ingress: [{ports: [{port: http}, {port: dns, protocol: UDP}]}]}`},
			open:     []call{{from: other, to: web, port: 8080}, {from: other, to: web, port: 53, protocol: corev1.ProtocolUDP}},
			closed:   []call{{from: other, to: web, port: 8081}, {from: other, to: web, port: 53}, {from: other, to: End{Namespace: "a"}, port: 8080}},
		},
		"NamedEgress": {
			reason:   "A name in an egress rule is that of the receiver's port; addresses have none.",
			policies: []string{`{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}`},
			open:     []call{{from: web, to: db, port: 8080}},
			closed:   []call{{from: web, to: db, port: 80}, {from: web, to: addr("1.1.1.1"), port: 8080}},
		},
		"PeersAndPorts": {
			reason:   "One rule has to match both peer and port.",
			policies: []string{`{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}, {from: [{namespaceSelector: {}}], ports: [{port: 2}]}]}`},
			open:     []call{{from: db, to: web, port: 1}, {from: other, to: web, port: 2}},
			closed:   []call{{from: other, to: web, port: 1}},
		},
		"Expressions": {
			reason: "matchExpressions and matchLabels all have to hold.",
			policies: []string{`{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}, {key: old, operator: DoesNotExist}]},
				ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}, {key: app, operator: Exists}]}}]}]}`},
			open:   []call{{from: db, to: web, port: 1}, {from: web, to: db, port: 1}, {from: web, to: End{Namespace: "a", Labels: map[string]string{"app": "web", "old": ""}}, port: 1}},
			closed: []call{{from: web, to: web, port: 1}, {from: End{Namespace: "a"}, to: web, port: 1}},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := Cluster{Namespaces: map[string]map[string]string{"a": nil, "b": {"team": "x"}, "c": {"team": "y"}}}
			for _, spec := range tc.policies {
				p := networkingv1.NetworkPolicy{}
				p.Namespace = "a"
				if err := yaml.UnmarshalStrict([]byte(spec), &p.Spec); err != nil {
					t.Fatal(err)
				}
				c.Policies = append(c.Policies, p)
			}
			for want, calls := range map[bool][]call{true: tc.open, false: tc.closed} {
				for i, x := range calls {
					if x.protocol == "" {
						x.protocol = corev1.ProtocolTCP
					}
					if got := c.Allows(x.from, x.to, x.protocol, x.port); got != want {
						t.Errorf("%s\nconnection %d, %+v: allowed is %t, want %t", tc.reason, i, x, got, want)
					}
				}
			}
		})
	}
}
