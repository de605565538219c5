package secrets_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// parts are the parts of a fleet that a case changes, in YAML; what is empty is
// as in the fleet that nothing is wrong with.
type parts struct{ store, env, app, other string }

// yaml returns the fleet.
func (p parts) yaml() []byte {
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\nkind: "
	out := head + "Fleet\nmetadata: {name: shop}\nspec:\n  secretStores:\n  - " +
		or(p.store, `{name: vault, vault: {server: "https://vault.example.com", kubernetes: {role: web}}}`) + "\n" +
		head + "Cluster\nmetadata: {name: home}\nspec: {}\n" +
		head + "Environment\nmetadata: {name: prod}\nspec: {clusters: [home], " + or(p.env, "secretStore: vault") + "}\n" +
		head + "App\nmetadata: {name: web}\nspec: {image: \"web:1\", " + or(p.app, "secrets: [{name: db, mountPath: /db}]") + "}\n"
	if p.other != "" {
		out += head + "App\nmetadata: {name: other}\nspec: {image: \"web:1\", " + p.other + "}\n"
	}
	return []byte(out)
}

// findings returns the findings about a fleet, warnings among them.
func findings(t *testing.T, p parts) finding.List {
	t.Helper()
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: p.yaml()})
	if err != nil {
		t.Fatalf("%v\n%s", err, p.yaml())
	}
	result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
	var found *finding.ValidationError
	switch {
	case errors.As(err, &found):
		return found.List
	case err != nil:
		t.Fatal(err)
	}
	return result.Findings
}

// secretRules has, for each rule about secrets, parts that break it, and parts
// that come close and do not.
var secretRules = map[string]struct{ breaks, keeps parts }{
	"call-budget": {
		parts{store: `{name: vault, callsPerMonth: 700, vault: {server: "https://vault.example.com", kubernetes: {role: web}}}`},
		parts{store: `{name: vault, callsPerMonth: 730, vault: {server: "https://vault.example.com", kubernetes: {role: web}}}`},
	},
	"delete-not-owned": {
		parts{app: "existingSecrets: [web-db], secrets: [{name: db, mountPath: /db, creationPolicy: Merge, deletionPolicy: Delete}]"},
		parts{app: "secrets: [{name: db, mountPath: /db, deletionPolicy: Delete}]"},
	},
	"duplicate-target": {
		parts{other: "secrets: [{name: x, target: web-db}]"},
		parts{other: "secrets: [{name: x, target: web-db, creationPolicy: Merge}]"},
	},
	"fake-store": {
		parts{store: "{name: vault, fake: {data: []}}", env: "secretStore: vault, production: true"},
		parts{store: "{name: vault, fake: {data: []}}", env: "secretStore: vault, production: false"},
	},
	"invalid-template": {
		parts{app: `secrets: [{name: db, mountPath: /db, template: {data: {dsn: "{{ .user"}}}]`},
		parts{app: `secrets: [{name: db, mountPath: /db, template: {data: {dsn: "{{ .user }}"}}}]`},
	},
	"missing-store": {
		parts{env: "branch: prod"},
		parts{env: "branch: prod", app: "secrets: [{name: db, storeRef: {name: central}}]"},
	},
	"never-refreshed": {
		parts{app: `secrets: [{name: db, mountPath: /db, refreshInterval: "0"}]`},
		parts{app: `secrets: [{name: db, mountPath: /db, refreshInterval: "0", refreshPolicy: CreatedOnce}]`},
	},
	"no-restart": {
		parts{app: "secrets: [{name: db}], env: [{name: X, fromSecret: {name: db, key: x}}]"},
		parts{app: "secrets: [{name: db, restartOnChange: true}], env: [{name: X, fromSecret: {name: db, key: x}}]"},
	},
	"open-store": {
		parts{store: `{name: vault, conditions: [{namespaceRegexes: [".*"]}], vault: {server: "https://vault.example.com", kubernetes: {role: web}}}`},
		parts{store: `{name: vault, conditions: [{namespaceRegexes: ["^shop-"]}], vault: {server: "https://vault.example.com", kubernetes: {role: web}}}`},
	},
	"password-rotates": {
		parts{app: "secretGenerators: [{name: p, password: {length: 30}}], secrets: [{name: db, from: [{generator: {name: p}}]}]"},
		parts{app: "secretGenerators: [{name: p, password: {length: 30}}], secrets: [{name: db, refreshPolicy: CreatedOnce, from: [{generator: {name: p}}]}]"},
	},
	"plain-http-store": {
		parts{store: `{name: vault, vault: {server: "http://vault.example.com", kubernetes: {role: web}}}`},
		parts{store: `{name: vault, vault: {server: "https://vault.example.com:8200", kubernetes: {role: web}}}`},
	},
	"presync-secret": {
		parts{app: "kind: Job, annotations: {argocd.argoproj.io/hook: PreSync}, secrets: [{name: db, mountPath: /db}]"},
		parts{app: "kind: Job, annotations: {argocd.argoproj.io/hook: Sync}, secrets: [{name: db, mountPath: /db}]"},
	},
	"short-refresh": {
		parts{app: "secrets: [{name: db, mountPath: /db, refreshInterval: 4m59s}]"},
		parts{app: "secrets: [{name: db, mountPath: /db, refreshInterval: 5m}]"},
	},
	"static-credential": {
		parts{store: "{name: vault, kind: SecretStore, aws: {region: eu-central-1, keys: {accessKeyID: {name: a, key: id}, secretAccessKey: {name: a, key: word}}}}"},
		parts{store: "{name: vault, kind: SecretStore, aws: {region: eu-central-1, serviceAccount: {name: a}}}"},
	},
	"store-across-namespaces": {
		parts{store: "{name: vault, kind: SecretStore, aws: {region: eu-central-1, serviceAccount: {name: a, namespace: b}}}"},
		parts{store: "{name: vault, aws: {region: eu-central-1, serviceAccount: {name: a, namespace: b}}}"},
	},
	"store-ref-namespace": {
		parts{store: "{name: vault, aws: {region: eu-central-1, serviceAccount: {name: a}}}"},
		parts{store: "{name: vault, aws: {region: eu-central-1}}"},
	},
	"template-key": {
		parts{app: `secrets: [{name: db, mountPath: /db, keys: [{name: user}], template: {data: {dsn: "{{ .user }}:{{ .word }}"}}}]`},
		parts{app: `secrets: [{name: db, mountPath: /db, keys: [{name: user}, {name: word}], template: {data: {dsn: "{{ .user }}:{{ .word | trim }}"}}}]`},
	},
	"unknown-generator": {
		parts{app: "secrets: [{name: db, from: [{generator: {name: p}}]}]"},
		parts{app: "secrets: [{name: db, from: [{generator: {name: p, kind: UUID}}]}]"},
	},
	"unknown-store": {
		parts{env: "secretStore: valut"},
		parts{env: "secretStore: vault"},
	},
	"unprovided-secret": {
		parts{app: "env: [{name: X, fromSecret: {name: elsewhere, key: x}}]"},
		parts{app: "env: [{name: X, fromSecret: {name: elsewhere, key: x}}], existingSecrets: [elsewhere]"},
	},
}

// TestSecretRules checks that each rule about secrets is found where it is
// broken, and only there.
func TestSecretRules(t *testing.T) {
	has := func(list finding.List, rule string) bool {
		for _, f := range list {
			if f.Rule == rule {
				return true
			}
		}
		return false
	}
	for rule, tc := range secretRules {
		if list := findings(t, tc.breaks); !has(list, rule) {
			t.Errorf("%s is not found; found are %v", rule, list)
		}
		if list := findings(t, tc.keeps); has(list, rule) {
			t.Errorf("%s is found where it is kept: %v", rule, list)
		}
	}
}

// TestObjectUses checks which references of extra objects count.
func TestObjectUses(t *testing.T) {
	for name, tc := range map[string]struct {
		object string
		rule   string
	}{
		"a pod":                     {"{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: x, env: [{name: A, valueFrom: {secretKeyRef: {name: tls, key: a}}}]}]}}", "unprovided-secret"},
		"a pod that may do without": {"{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: x, env: [{name: A, valueFrom: {secretKeyRef: {name: tls, key: a, optional: true}}}]}]}}", ""},
		"a volume":                  {"{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {volumes: [{name: v, secret: {secretName: tls}}]}}", "unprovided-secret"},
		"an Ingress":                {"{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {tls: [{secretName: tls}]}}", "unprovided-secret"},
		"a Gateway":                 {"{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x}, spec: {listeners: [{name: a, tls: {certificateRefs: [{name: tls}]}}]}}", "unprovided-secret"},
		"an Issuer":                 {"{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: x}, spec: {acme: {privateKeySecretRef: {name: account}, solvers: [{dns01: {cloudflare: {apiTokenSecretRef: {name: tls, key: a}}}}]}}}", "unprovided-secret"},
		"an account's own key":      {"{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: x}, spec: {acme: {privateKeySecretRef: {name: account}}}}", ""},
		"a hook":                    {"{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {argocd.argoproj.io/hook: PreSync}}, spec: {volumes: [{name: v, secret: {secretName: web-db}}]}}", "presync-secret"},
		"a later hook":              {"{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {argocd.argoproj.io/hook: PostSync}}, spec: {volumes: [{name: v, secret: {secretName: web-db}}]}}", ""},
	} {
		var got []string
		for _, f := range findings(t, parts{env: "secretStore: vault, namespaces: {defaultDeny: false}", app: "pod: {securityContext: {runAsUser: 1000}}, secrets: [{name: db, mountPath: /db}], objects: [" + tc.object + "]"}) {
			got = append(got, f.Rule)
		}
		if tc.rule == "" && len(got) > 0 || tc.rule != "" && (len(got) != 1 || got[0] != tc.rule) {
			t.Errorf("%s: found %v, want %q", name, got, tc.rule)
		}
	}
}

// TestProvided checks what counts as making a Secret.
func TestProvided(t *testing.T) {
	const needs = "env: [{name: X, fromSecret: {name: tls, key: tls.crt}}]"
	for reason, p := range map[string]parts{
		"a Secret of another app in the namespace": {app: needs, other: "secrets: [{name: x, target: tls}]"},
		"a Certificate":                              {app: needs + ", objects: [{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c}, spec: {secretName: tls}}]"},
		"an ExternalSecret that is written out":      {app: needs + ", objects: [{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: tls}, spec: {}}]"},
		"what the environment says others make":      {app: needs, env: "secretStore: vault, existingSecrets: [tls]"},
		"a Secret that the environment shares":       {app: needs, env: "secretStore: vault, sharedSecrets: [{name: tls}]"},
		"a reference that may come to nothing":       {app: "env: [{name: X, fromSecret: {name: tls, key: tls.crt, optional: true}}]"},
		"an own Secret, by its name":                 {app: "pod: {imagePullSecrets: [pull]}, secrets: [{name: pull}]"},
		"an own Secret, by the name of its target":   {app: "volumes: [{name: v, mountPath: /v, secret: {secretName: web-pull}}], secrets: [{name: pull}]"},
		"a Secret that the cluster's users make":     {app: "pod: {imagePullSecrets: [pull]}, existingSecrets: [pull]"},
		"a Secret that a sealed one becomes":         {app: needs + ", objects: [{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: tls}, spec: {}}]"},
		"an ExternalSecret with a target of its own": {app: needs + ", objects: [{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: x}, spec: {target: {name: tls}}}]"},
	} {
		for _, f := range findings(t, p) {
			if f.Rule == "unprovided-secret" {
				t.Errorf("%s is no Secret: %v", reason, f)
			}
		}
	}
}

// TestRestarts checks when a Secret that another app makes needs a restart of
// those who read it.
func TestRestarts(t *testing.T) {
	const env = "env: [{name: X, fromSecret: {name: shared, key: x}}]"
	const other = "secrets: [{name: x, target: shared, mountPath: /x}]"
	for name, tc := range map[string]struct {
		reason string
		parts  parts
		want   int
	}{
		"Env":        {"A variable keeps its value until a restart.", parts{app: env, other: other}, 1},
		"Sidecar":    {"So does that of another container.", parts{app: "sidecars: [{name: s, image: 's:1', " + env + "}]", other: other}, 1},
		"Files":      {"Files follow the Secret.", parts{app: "volumes: [{name: v, mountPath: /v, secret: {secretName: shared}}]", other: other}, 0},
		"Reload":     {"Reloader restarts for the Secrets that the annotation names.", parts{app: env + ", annotations: {secret.reloader.stakater.com/reload: 'a, shared'}", other: other}, 0},
		"ReloadElse": {"For others it does not.", parts{app: env + ", annotations: {secret.reloader.stakater.com/reload: 'not-shared'}", other: other}, 1},
		"Auto":       {"It may restart for all.", parts{app: env + ", annotations: {reloader.stakater.com/auto: 'true'}", other: other}, 0},
		"Once":       {"A Secret that is made once does not change.", parts{app: env, other: "secrets: [{name: x, target: shared, mountPath: /x, refreshPolicy: CreatedOnce}]"}, 0},
		"Said":       {"The app that makes it may say that no restart is needed.", parts{app: env, other: "secrets: [{name: x, target: shared, mountPath: /x, restartOnChange: false}]"}, 0},
		"Theirs":     {"A restart of the pods of that app is none of these.", parts{app: env, other: "secrets: [{name: x, target: shared, mountPath: /x, restartOnChange: true}]"}, 1},
		"Job":        {"A Job reads the value each time.", parts{app: "kind: Job, " + env, other: other}, 0},
		"Outside":    {"Of what others make nothing is known.", parts{app: env + ", existingSecrets: [shared]"}, 0},
		"Own":        {"An own Secret is reported once.", parts{app: env + ", secrets: [{name: shared}]"}, 1},
	} {
		got := 0
		for _, f := range findings(t, tc.parts) {
			if f.Rule == "no-restart" {
				got++
			}
		}
		if got != tc.want {
			t.Errorf("%s: %s Found %d times, want %d", name, tc.reason, got, tc.want)
		}
	}
}
