package crds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFindings shows that the judge is as strict as the suite needs it.
func TestFindings(t *testing.T) {
	cases := map[string]struct {
		reason string
		object string
		want   []string
	}{
		"Right": {
			reason: "nothing to be said, and a default outside of lists is no finding",
			object: `{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a, namespace: b}, spec: {selfSigned: {}}}`,
		},
		"UnknownField": {
			reason: "a field that the schema does not have",
			object: `{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a, namespace: b}, spec: {selfSigned: {}, size: 1}}`,
			want:   []string{"spec.size: unknown field"},
		},
		"UnknownMetadata": {
			reason: "a field that no metadata have",
			object: `{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a, namespace: b, label: {}}, spec: {selfSigned: {}}}`,
			want:   []string{"metadata.label: unknown field"},
		},
		"WrongType": {
			reason: "a text where the schema wants a number",
			object: `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: b}, spec: {
				project: a, destination: {}, revisionHistoryLimit: "ten"}}`,
			want: []string{`spec.revisionHistoryLimit: Invalid value: "string": spec.revisionHistoryLimit in body must be of type integer: "string"`},
		},
		"Missing": {
			reason: "a required field",
			object: `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: b}, spec: {destination: {}}}`,
			want:   []string{"spec.project: Required value"},
		},
		"Enum": {
			reason: "a word that is not among those of the schema",
			object: `{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a, namespace: b}, spec: {
				secretName: a, issuerRef: {name: a}, privateKey: {rotationPolicy: Sometimes}}}`,
			want: []string{`spec.privateKey.rotationPolicy: Unsupported value: "Sometimes": supported values: "Never", "Always"`},
		},
		"Rule": {
			reason: "a CEL rule: a port is wanted with a Service",
			object: `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: b}, spec: {rules: [{
				matches: [{path: {type: PathPrefix, value: /}}],
				backendRefs: [{group: "", kind: Service, name: a, weight: 1}]}]}}`,
			want: []string{"spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference"},
		},
		"DefaultInItem": {
			reason: "what the server adds inside an item of a list, at any depth",
			object: `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: b}, spec: {
				rules: [{backendRefs: [{group: "", name: a, port: 80, weight: 1}]}]}}`,
			want: []string{
				`spec.rules[0].backendRefs[0].kind: would be added inside a list: "Service"`,
				`spec.rules[0].matches: would be added inside a list: [{"path":{"type":"PathPrefix","value":"/"}}]`,
			},
		},
		"NullInItem": {
			reason: "null inside an item, which the server drops",
			object: `{apiVersion: externaldns.k8s.io/v1alpha1, kind: DNSEndpoint, metadata: {name: a, namespace: b}, spec: {
				endpoints: [{dnsName: a.example.com, labels: null}]}}`,
			want: []string{"spec.endpoints[0].labels: would be dropped inside a list"},
		},
		"TwinsInKeyedList": {
			reason: "two items of a list with one key",
			object: `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a, namespace: b}, spec: {
				gatewayClassName: a, listeners: [
				{name: x, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Same}}},
				{name: x, port: 81, protocol: HTTP, allowedRoutes: {namespaces: {from: Same}}}]}}`,
			want: []string{`spec.listeners[1]: Duplicate value: {"name":"x"}`},
		},
		"NoNamespace": {
			reason: "an object that would land in whatever namespace is the default",
			object: `{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a}, spec: {selfSigned: {}}}`,
			want:   []string{"metadata.namespace: missing"},
		},
		"NamespaceOfCluster": {
			reason: "a kind of the cluster in a namespace",
			object: `{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: a, namespace: b}, spec: {selfSigned: {}}}`,
			want:   []string{"metadata.namespace: the kind is of the cluster"},
		},
		"OldVersion": {
			reason: "a version that is defined and no more served",
			object: `{apiVersion: external-secrets.io/v1beta1, kind: ExternalSecret, metadata: {name: a, namespace: b}}`,
			want:   []string{"external-secrets.io/v1beta1 ExternalSecret is not served"},
		},
	}
	judges, err := all()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			objects, err := decode([]byte(tc.object))
			if err != nil || len(objects) != 1 {
				t.Fatal(len(objects), err)
			}
			concerned := judges.of(objects[0].GetAPIVersion(), objects[0].GetKind())
			if len(concerned) == 0 {
				t.Fatal("nobody judges the object")
			}
			got := concerned[0].findings(t.Context(), objects[0])
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
