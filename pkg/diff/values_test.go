package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
)

// TestValues compares the lists of objects: by key, as sets, or in order.
func TestValues(t *testing.T) {
	tests := map[string]struct {
		reason   string
		from, to string
		want     []string
	}{
		"Whitelist": {
			reason: "A kind in front of others moves none of them.",
			from:   "spec: {namespaceResourceWhitelist: [{group: apps, kind: Deployment}, {group: '', kind: Service}]}",
			to:     "spec: {namespaceResourceWhitelist: [{group: '', kind: ConfigMap}, {group: apps, kind: Deployment}, {group: '', kind: Service}]}",
			want:   []string{`spec.namespaceResourceWhitelist[ConfigMap]: + {"group":"","kind":"ConfigMap"}`},
		},
		"Destinations": {
			reason: "A destination is its cluster and namespace.",
			from:   "spec: {destinations: [{name: one, namespace: a}, {name: two, namespace: a}]}",
			to:     "spec: {destinations: [{name: two, namespace: a}]}",
			want:   []string{`spec.destinations[one/a]: - {"name":"one","namespace":"a"}`},
		},
		"Peers": {
			reason: "The peers of a policy are a set, also in another order.",
			from:   "spec: {ingress: [{from: [{podSelector: {a: b}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80, protocol: TCP}]}]}",
			to:     "spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {c: d}}, {podSelector: {a: b}}], ports: [{port: 80, protocol: TCP}]}]}",
			want:   []string{`spec.ingress[80/TCP].from: + {"podSelector":{"c":"d"}}`},
		},
		"Rules": {
			reason: "A rule in front of others moves none of them, and one that changes is compared with what it was.",
			from:   "spec: {egress: [{to: [{podSelector: {a: b}}], ports: [{port: 1}]}, {ports: [{port: 53, protocol: UDP}]}]}",
			to:     "spec: {egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 2}]}, {ports: [{port: 53, protocol: UDP}]}, {to: [{podSelector: {a: b}}], ports: [{port: 3}]}]}",
			want: []string{
				`spec.egress[b].ports[1]: - {"port":1}`,
				`spec.egress[b].ports[3]: + {"port":3}`,
				`spec.egress: + {"ports":[{"port":2}],"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}`,
			},
		},
		"Order": {
			reason: "A set in another order is the same.",
			from:   "rules: [{apiGroups: ['', apps], resources: [pods], verbs: [get, list]}, {apiGroups: [batch], resources: [jobs], verbs: [get]}]",
			to:     "rules: [{apiGroups: [batch], resources: [jobs], verbs: [get]}, {apiGroups: [apps, ''], resources: [pods], verbs: [list, get]}]",
		},
		"RBAC": {
			reason: "A verb comes, and that is all.",
			from:   "rules: [{apiGroups: [''], resources: [pods], verbs: [get, list]}]",
			to:     "rules: [{apiGroups: [''], resources: [pods], verbs: [create, get, list]}]",
			want:   []string{`rules[pods].verbs: + "create"`},
		},
		"RouteRules": {
			reason: "The rules of a route have an order.",
			from:   "spec: {rules: [{timeout: 1}, {timeout: 2}]}",
			to:     "spec: {rules: [{timeout: 2}, {timeout: 1}]}",
			want:   []string{`spec.rules[0]: - {"timeout":1}`, `spec.rules[1]: + {"timeout":1}`},
		},
		"Tolerations": {
			reason: "Tolerations are a set.",
			from:   "spec: {template: {spec: {tolerations: [{key: a, operator: Exists}]}}}",
			to:     "spec: {template: {spec: {tolerations: [{key: b, operator: Equal, value: c}, {key: a, operator: Exists}]}}}",
			want:   []string{`spec.template.spec.tolerations: + {"key":"b","operator":"Equal","value":"c"}`},
		},
		"ContainerPorts": {
			reason: "Ports without names are known by their numbers.",
			from:   "spec: {containers: [{name: x, ports: [{containerPort: 80, protocol: TCP}]}]}",
			to:     "spec: {containers: [{name: x, ports: [{containerPort: 9, protocol: TCP}, {containerPort: 80, protocol: TCP, hostPort: 80}]}]}",
			want: []string{
				"spec.containers[x].ports[80/TCP].hostPort: + 80",
				`spec.containers[x].ports[9/TCP]: + {"containerPort":9,"protocol":"TCP"}`,
			},
		},
		"Mounts": {
			reason: "A volume that is mounted twice is known by where.",
			from:   "spec: {containers: [{name: x, volumeMounts: [{mountPath: /a, name: v}, {mountPath: /b, name: v}]}]}",
			to:     "spec: {containers: [{name: x, volumeMounts: [{mountPath: /a, name: v, readOnly: true}, {mountPath: /b, name: v}]}]}",
			want:   []string{"spec.containers[x].volumeMounts[/a].readOnly: + true"},
		},
		"Environment": {
			reason: "Variables may refer to those before: their order counts.",
			from:   "spec: {containers: [{name: x, env: [{name: A, value: a}, {name: B, value: b}]}]}",
			to:     "spec: {containers: [{name: x, env: [{name: B, value: b}, {name: A, value: c}]}]}",
			want: []string{
				`spec.containers[x].env[A].value: "a" -> "c"`,
				`spec.containers[x].env: order only: A at the end`,
			},
		},
		"Numbers": {
			reason: "A number of a set is not its text.",
			from:   "rules: [{a: 1.5}]",
			to:     "rules: [{a: '1.5'}]",
			want:   []string{`rules: - {"a":1.5}`, `rules: + {"a":"1.5"}`},
		},
		"Arguments": {
			reason: "An argument in front of others moves none of them.",
			from:   "args: [serve, -v, --port=80]",
			to:     "args: [--debug, serve, -v, --port=81]",
			want:   []string{`args[0]: + "--debug"`, `args[2]: "--port=80" -> "--port=81"`},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range diff.Values("", parse(t, "v1", "Any", tc.from).Map(), parse(t, "v1", "Any", tc.to).Map()) {
				got = append(got, f.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
