package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// policies returns network policies for the pods of web, and the workload of these
// unless there is none: what stands in each spec after the selector.
func policies(t *testing.T, workload string, specs ...string) []object.Object {
	t.Helper()
	var out []object.Object
	if workload != "" {
		out = append(out, parse(t, "apps/v1", "Deployment", fmt.Sprintf("{metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: %s}}}}}", workload)))
	}
	for i, spec := range specs {
		if spec == "" {
			continue
		}
		if !strings.HasPrefix(spec, "podSelector: ") {
			spec = "podSelector: {matchLabels: {app: web}}, " + spec
		}
		out = append(out, parse(t, "networking.k8s.io/v1", "NetworkPolicy", fmt.Sprintf("{metadata: {name: p%d, namespace: shop}, spec: {%s}}", i, spec)))
	}
	return out
}

// TestNetwork says which changes of network policies open more.
func TestNetwork(t *testing.T) {
	const none = "policyTypes: [Ingress, Egress]"
	in := func(rules string) string { return none + ", ingress: [" + rules + "]" }
	out := func(rules string) string { return none + ", egress: [" + rules + "]" }
	from := func(peers string) string { return in("{from: [" + peers + "], ports: [{port: 80}]}") }
	const a, b = "{podSelector: {matchLabels: {app: a}}}", "{podSelector: {matchLabels: {app: b}}}"
	tests := map[string]struct {
		reason        string
		before, after []string // policies
		had, has      string   // the workload
		want          []string // the paths of fields, or names of objects
	}{
		"Rule":            {reason: "A rule more.", before: []string{none}, after: []string{from(a)}, want: []string{"spec.ingress"}},
		"Peer":            {reason: "A peer more.", before: []string{from(a)}, after: []string{from(a + "," + b)}, want: []string{"spec.ingress[0].from[1]"}},
		"PeerLess":        {reason: "A peer less.", before: []string{from(a + "," + b)}, after: []string{from(a)}},
		"RuleLess":        {reason: "No rule any more: nothing gets through.", before: []string{from(a)}, after: []string{none}},
		"AnyPeer":         {reason: "Without peers, a rule is for all.", before: []string{from(a)}, after: []string{in("{ports: [{port: 80}]}")}, want: []string{"spec.ingress[0].from"}},
		"SomePeers":       {reason: "With peers, it is for these.", before: []string{in("{ports: [{port: 80}]}")}, after: []string{from(a)}},
		"Split":           {reason: "Two rules say what one said.", before: []string{from(a + "," + b)}, after: []string{in("{from: [" + a + "], ports: [{port: 80}]}, {from: [" + b + "], ports: [{port: 80}]}")}},
		"Moved":           {reason: "Another policy says what one said.", before: []string{from(a + "," + b)}, after: []string{from(a), from(b)}},
		"Second":          {reason: "Another policy says more.", before: []string{from(a)}, after: []string{from(a), from(b)}, want: []string{"p1"}},
		"Empty":           {reason: "A policy for all pods is over those of web too.", before: []string{from(a)}, after: []string{from(a), "podSelector: {}, " + from(b)}, want: []string{"p1"}},
		"Port":            {reason: "Another port.", before: []string{in("{ports: [{port: 80}]}")}, after: []string{in("{ports: [{port: 81}]}")}, want: []string{"spec.ingress[0]"}},
		"AllPorts":        {reason: "All ports.", before: []string{in("{ports: [{port: 80}]}")}, after: []string{in("{}")}, want: []string{"spec.ingress[0]"}},
		"Range":           {reason: "A range has more ports.", before: []string{in("{ports: [{port: 80}]}")}, after: []string{in("{ports: [{port: 80, endPort: 90}]}")}, want: []string{"spec.ingress[0]"}},
		"InRange":         {reason: "One of a range.", before: []string{in("{ports: [{port: 80, endPort: 90}]}")}, after: []string{in("{ports: [{port: 85}]}")}},
		"Protocol":        {reason: "Another protocol.", before: []string{in("{ports: [{port: 53, protocol: TCP}]}")}, after: []string{in("{ports: [{port: 53, protocol: UDP}]}")}, want: []string{"spec.ingress[0]"}},
		"DefaultProtocol": {reason: "TCP is the default.", before: []string{in("{ports: [{port: 53}]}")}, after: []string{in("{ports: [{port: 53, protocol: TCP}]}")}},
		"Block":           {reason: "More addresses.", before: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/16}}]}")}, after: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}")}, want: []string{"spec.egress[0]"}},
		"Narrower":        {reason: "Fewer addresses.", before: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}")}, after: []string{out("{to: [{ipBlock: {cidr: 10.1.0.0/16}}]}")}},
		"Except":          {reason: "What was left out is not any more.", before: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}")}, after: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}")}, want: []string{"spec.egress[0]"}},
		"Beside":          {reason: "What was left out is elsewhere.", before: []string{out("{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}")}, after: []string{out("{to: [{ipBlock: {cidr: 10.2.0.0/16}}]}")}},
		"Labels":          {reason: "A label less selects more.", before: []string{from("{podSelector: {matchLabels: {app: a, tier: x}}}")}, after: []string{from(a)}, want: []string{"spec.ingress[0].from[0]"}},
		"MoreLabels":      {reason: "A label more selects fewer.", before: []string{from(a)}, after: []string{from("{podSelector: {matchLabels: {app: a, tier: x}}}")}},
		"Expression":      {reason: "An expression says what a label said.", before: []string{from(a)}, after: []string{from("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}}")}},
		"Namespace":       {reason: "Pods of other namespaces.", before: []string{from(a)}, after: []string{from("{namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}")}, want: []string{"spec.ingress[0].from[0].namespaceSelector"}},
		"NotIsolated":     {reason: "Without the type, all gets through.", before: []string{none}, after: []string{"policyTypes: [Ingress]"}, want: []string{"spec.policyTypes[1]"}},
		"Isolated":        {reason: "With it, nothing does.", before: []string{"policyTypes: [Ingress]"}, after: []string{none}},
		"Gone":            {reason: "Without a policy, all gets through.", before: []string{from(a)}, after: []string{""}, want: []string{"p0"}},
		"GoneWithPods":    {reason: "Nothing is reached that is gone.", before: []string{from(a)}, after: []string{""}, had: "web", has: "none"},
		"OneOfTwo":        {reason: "The other one isolates.", before: []string{none, from(a)}, after: []string{none}},
		"First":           {reason: "Before the first policy, all got through.", before: []string{""}, after: []string{from(a)}},
		"OwnNew":          {reason: "An app that comes has its policy.", before: []string{""}, after: []string{from(a)}, had: "none", has: "web"},
		"Nonsense":        {reason: "Nobody checked what is compared.", before: []string{"policyTypes: [{}, Ingress], ingress: [{from: [{podSelector: {matchLabels: {a: []}}}], ports: [{port: {}}]}, {from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [{}]}]}}, {ipBlock: {cidr: 7}}]}]"}, after: []string{"policyTypes: [{}, Ingress], ingress: [{from: [{podSelector: {matchLabels: {a: []}}}], ports: [{port: {}}]}, {from: [{podSelector: {matchLabels: {a: {}}}}, {ipBlock: {cidr: 7}}]}]"}, want: []string{"spec.ingress[1]"}},
		"Others":          {reason: "A policy for pods of another app opens those.", before: []string{""}, after: []string{"podSelector: {matchLabels: {app: other}}, " + from(a)}, want: []string{"p0"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			had, has := tc.had, tc.has
			if had == "" {
				had, has = "web", "web"
			}
			workload := func(s string) string { return strings.TrimPrefix(s, "none") }
			var got []string
			for _, o := range diff.Objects(policies(t, workload(had), tc.before...), policies(t, workload(has), tc.after...)) {
				if o.Risk == diff.RiskNetwork {
					got = append(got, o.ID.Name)
				}
				for _, f := range o.Fields {
					if f.Risk == diff.RiskNetwork {
						got = append(got, string(f.Path))
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
