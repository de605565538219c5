package validate_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// sound is a fleet without a finding; a case replaces parts of it.
const sound = `
kind: Fleet
metadata: {name: shop}
spec:
  repository: {url: https://git.example.com/shop.git, branch: main}
  argoCD: [{name: hub, cluster: one}]
  delivery: {strategy: applications}
  projects: []
---
kind: Cluster
metadata: {name: one}
spec: {server: "https://one.example.com"}
---
kind: Cluster
metadata: {name: two}
spec: {server: "https://two.example.com"}
---
kind: Environment
metadata: {name: dev}
spec: {clusters: [one]}
---
kind: Environment
metadata: {name: prod}
spec: {clusters: [one, two]}
---
kind: App
metadata: {name: web}
spec:
  image: nginx:1.29.0
  sync: {}
  config: [{name: settings, data: {A: b}}]
---
kind: App
metadata: {name: api}
spec:
  image: nginx:1.29.0
`

// check returns the rules that a fleet breaks: as it is written, and resolved
// for prod.
func check(t *testing.T, text string) map[string]finding.Finding {
	t.Helper()
	var b strings.Builder
	for doc := range strings.SplitSeq(text, "\n---\n") {
		b.WriteString("---\napiVersion: gitopsgen.dev/v1alpha1\n" + strings.TrimPrefix(doc, "\n") + "\n")
	}
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(b.String())})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]finding.Finding{}
	list := validate.Fleet(l.Fleet, features.Default(), l.Positions)
	if len(list.Errors()) == 0 {
		r := resolve.New(l.Fleet, features.Default())
		for _, app := range r.Apps() {
			target := r.Target(app, view.Scope{Environment: "prod", Cluster: "one"})
			list = append(list, validate.Target("apps", &target, features.Default(), l.Positions)...)
		}
	}
	for _, f := range list {
		found[f.Rule] = f
	}
	return found
}

func TestSoundFleet(t *testing.T) {
	if found := check(t, sound); len(found) > 0 {
		t.Errorf("a fleet without a fault has findings: %v", found)
	}
}

// TestArgoCDRules breaks each rule about Argo CD by one change of a sound fleet,
// and keeps it by another that looks like it.
func TestArgoCDRules(t *testing.T) {
	tests := map[string]struct {
		rule, old, bad, good string
		warns                bool
	}{
		"NoInstance":         {"no-instance", "  argoCD: [{name: hub, cluster: one}]\n", "", "  argoCD: [{name: other, cluster: two}]\n", true},
		"NoRepository":       {"no-repository", "url: https://git.example.com/shop.git, ", "", "url: git@git.example.com:shop.git, ", false},
		"HEAD":               {"moving-revision", "branch: main", "branch: HEAD", "branch: head", false},
		"ManagedTwice":       {"managed-twice", "[{name: hub, cluster: one}]", "[{name: hub, cluster: one, clusters: [one, two]}, {name: b, cluster: two}]", "[{name: hub, cluster: one}, {name: b, cluster: two}]", false},
		"OneNamespace":       {"managed-twice", "[{name: hub, cluster: one}]", "[{name: hub, cluster: one, clusters: [one]}, {name: b, cluster: one, clusters: [two]}]", "[{name: hub, cluster: one, clusters: [one]}, {name: b, cluster: one, namespace: other, clusters: [two]}]", false},
		"Unmanaged":          {"unmanaged-cluster", "cluster: one}", "cluster: one, clusters: [one]}", "cluster: one, clusters: [one, two]}", false},
		"Version":            {"invalid-value", "cluster: one}", "cluster: one, version: '2.9'}", "cluster: one, version: v3.4.1}", false},
		"UserInterface":      {"invalid-value", "cluster: one}", "cluster: one, url: argocd.example.com}", "cluster: one, url: https://argocd.example.com}", false},
		"DefaultProject":     {"reserved-project", "metadata: {name: shop}", "metadata: {name: default}", "metadata: {name: defaults}", false},
		"RootProject":        {"reserved-project", "  sync: {}", "  project: shop-root", "  project: root", false},
		"UnusedProject":      {"unused-project", "projects: []", "projects: [{name: other}]", "projects: [{name: shop}]", true},
		"RoleWithoutGroup":   {"role-without-group", "projects: []", "projects: [{name: shop, roles: [{name: dev}]}]", "projects: [{name: shop, roles: [{name: dev, groups: [a]}]}]", true},
		"RoleAction":         {"invalid-value", "projects: []", "projects: [{name: shop, roles: [{name: dev, groups: [a], actions: [restart]}]}]", "projects: [{name: shop, roles: [{name: dev, groups: [a], actions: [action/apps/Deployment/restart]}]}]", false},
		"PermittedKind":      {"invalid-value", "projects: []", "projects: [{name: shop, alsoPermits: {kinds: [deployment]}}]", "projects: [{name: shop, alsoPermits: {kinds: [apps/Deployment, Service]}}]", false},
		"PermittedCluster":   {"unknown-cluster", "projects: []", "projects: [{name: shop, alsoPermits: {destinations: [{cluster: three, namespace: a}]}}]", "projects: [{name: shop, alsoPermits: {destinations: [{cluster: two, namespace: a}]}}]", false},
		"RoleEnvironment":    {"unknown-environment", "projects: []", "projects: [{name: shop, roles: [{name: dev, groups: [a], environments: [qa]}]}]", "projects: [{name: shop, roles: [{name: dev, groups: [a], environments: [dev]}]}]", false},
		"WindowSchedule":     {"invalid-window", "sync: {}", "sync: {windows: [{name: a, kind: deny, schedule: 0 99 * * *, duration: 1h}]}", "sync: {windows: [{name: a, kind: deny, schedule: 0 9 * * *, duration: 1h}]}", false},
		"WindowDuration":     {"invalid-window", "sync: {}", "sync: {windows: [{name: a, kind: deny, schedule: 0 9 * * *, duration: 1d}]}", "sync: {windows: [{name: a, kind: deny, schedule: 0 9 * * *, duration: 24h}]}", false},
		"WindowKind":         {"invalid-window", "sync: {}", "sync: {windows: [{name: a, kind: never, schedule: 0 9 * * *, duration: 1h}]}", "sync: {windows: [{name: a, kind: allow, schedule: 0 9 * * *, duration: 1h}]}", false},
		"WindowZone":         {"invalid-window", "sync: {}", "sync: {windows: [{name: a, kind: deny, schedule: 0 9 * * *, duration: 1h, timeZone: '+02:00'}]}", "sync: {windows: [{name: a, kind: deny, schedule: 0 9 * * *, duration: 1h, timeZone: Europe/Oslo}]}", false},
		"Replace":            {"replaces-everything", "sync: {}", "sync: {options: {Replace: 'true'}}", "sync: {options: {Replace: 'false'}}", true},
		"Force":              {"replaces-everything", "sync: {}", "sync: {options: {Force: 'true'}}", "sync: {options: {Validate: 'false'}}", true},
		"NamespaceTwice":     {"namespace-twice", "sync: {}", "sync: {options: {CreateNamespace: 'true'}}", "sync: {options: {CreateNamespace: 'false'}}", false},
		"Option":             {"invalid-value", "sync: {}", "sync: {options: {Validate=false: ''}}", "sync: {options: {PrunePropagationPolicy: foreground}}", false},
		"IgnoresNothing":     {"missing-value", "sync: {}", "sync: {ignoreDifferences: [{kind: Deployment, group: apps}]}", "sync: {ignoreDifferences: [{kind: Deployment, group: apps, jsonPointers: [/spec/replicas]}]}", false},
		"Pointer":            {"invalid-value", "sync: {}", "sync: {ignoreDifferences: [{kind: Deployment, group: apps, jsonPointers: [spec.replicas]}]}", "sync: {ignoreDifferences: [{kind: Deployment, group: apps, jqPathExpressions: [.spec.replicas]}]}", false},
		"IgnoredButHealed":   {"ignored-but-healed", "sync: {}", "sync: {ignoreDifferences: [{kind: Pod, jsonPointers: [/spec]}], options: {RespectIgnoreDifferences: 'false'}}", "sync: {selfHeal: false, ignoreDifferences: [{kind: Pod, jsonPointers: [/spec]}], options: {RespectIgnoreDifferences: 'false'}}", true},
		"Retry":              {"invalid-duration", "sync: {}", "sync: {retry: {duration: '5'}}", "sync: {retry: {duration: 5s}}", false},
		"UnknownService":     {"unknown-service", "sync: {}", "sync: {notify: [{service: slack, to: [ops]}]}", "sync: {notify: []}", false},
		"Secret":             {"secret-value", "cluster: one}", "cluster: one, notifications: {services: [{name: slack, settings: {token: hunter2}}]}}", "cluster: one, notifications: {services: [{name: slack, settings: {token: $slack-token}}]}}", false},
		"NoService":          {"missing-value", "cluster: one}", "cluster: one, notifications: {}}", "cluster: one, notifications: {services: [{name: slack}]}}", false},
		"UnknownTrigger":     {"unknown-trigger", "cluster: one}", "cluster: one, notifications: {services: [{name: slack}], notify: [{service: slack, on: [on-deploy]}]}}", "cluster: one, notifications: {services: [{name: slack}], notify: [{service: slack, on: [on-deployed]}]}}", false},
		"Rolling":            {"rolling-without-set", "{strategy: applications}", "{rolling: true}", "{rolling: false}", false},
		"RollingSettings":    {"settings-needed", "{strategy: applications}", "{strategy: list, rolling: true}", "{strategy: list}", true},
		"OrderSettings":      {"settings-needed", "sync: {}", "after: [api]", "after: []", true},
		"OrderOfSets":        {"order-of-sets", "{strategy: applications}\n  projects: []\n---\nkind: Cluster\nmetadata: {name: one}", "{strategy: list}\n  defaults: {}\n---\nkind: App\nmetadata: {name: late}\nspec: {image: 'a:1', after: [web]}\n---\nkind: Cluster\nmetadata: {name: one}", "{strategy: list}\n  projects: []\n---\nkind: Cluster\nmetadata: {name: one}", true},
		"OrderOfRolling":     {"order-of-sets", "sync: {}", "after: [api]\n  delivery: {strategy: list, rolling: true}", "after: [api]\n  delivery: {strategy: applications}", true},
		"PruneOption":        {"prune-confirm", "sync: {}", "sync: {options: {Prune: confirm}}", "sync: {options: {Prune: 'false'}}", true},
		"PruneApplication":   {"prune-confirm", "sync: {}", "sync: {annotations: {argocd.argoproj.io/sync-options: Prune=confirm}}", "sync: {annotations: {argocd.argoproj.io/sync-options: Prune=false}}", true},
		"PruneApp":           {"prune-confirm", "sync: {}", "annotations: {argocd.argoproj.io/sync-options: 'Delete=confirm, Prune=confirm'}", "annotations: {argocd.argoproj.io/sync-options: Delete=confirm}", true},
		"PruneObject":        {"prune-confirm", "sync: {}", "objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: Prune=confirm}}}]", "objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: Prune=false}}}]", true},
		"PruneNamespace":     {"prune-confirm", "{clusters: [one]}", "{clusters: [one], namespaces: {annotations: {argocd.argoproj.io/sync-options: Prune=confirm}}}", "{clusters: [one], namespaces: {annotations: {argocd.argoproj.io/sync-options: Prune=false}}}", true},
		"OrderCycle":         {"order-cycle", "sync: {}", "after: [web]", "after: [api]", false},
		"OrderUnknown":       {"unknown-app", "sync: {}", "after: [apy]", "after: [api]", false},
		"Strategy":           {"invalid-value", "{strategy: applications}", "{strategy: clusterz}", "{strategy: list}", false},
		"StrategyRemoved":    {"invalid-value", "{strategy: applications}", "{strategy: merge}", "{strategy: list}", false},
		"MaxUpdate":          {"invalid-value", "{strategy: applications}", "{strategy: list, maxUpdate: '0'}", "{strategy: list, maxUpdate: 50%}", false},
		"Unregistered":       {"unregistered-cluster", "{strategy: applications}", "{strategy: clusters}", "{strategy: list}", true},
		"Registration":       {"missing-value", `{server: "https://two.example.com"}`, `{server: "https://two.example.com", registration: {store: a, key: ""}}`, `{server: "https://two.example.com", registration: {store: a, key: b}}`, false},
		"Canary":             {"unknown-cluster", "{clusters: [one]}", "{clusters: [one], canary: two}", "{clusters: [one], canary: one}", false},
		"PreviewEnvironment": {"preview-environment", "sync: {}", "delivery: {previews: {environment: prod, github: {owner: a, repo: b}}}", "delivery: {previews: {environment: dev, github: {owner: a, repo: b}}}", false},
		"PreviewElsewhere":   {"preview-environment", "sync: {}", "runsIn: [prod]\n  delivery: {previews: {environment: dev, github: {owner: a, repo: b}}}", "runsIn: [dev]\n  delivery: {previews: {environment: dev, github: {owner: a, repo: b}}}", false},
		"PreviewDomain":      {"invalid-host", "sync: {}", "delivery: {previews: {environment: dev, domain: 'https://a.example.com', gitlab: {repo: a/b}}}", "delivery: {previews: {environment: dev, domain: a.example.com, gitlab: {repo: a/b}}}", false},
		"PreviewQuota":       {"invalid-value", "sync: {}", "delivery: {previews: {environment: dev, quota: {pods: '-1'}, gitlab: {repo: a/b}}}", "delivery: {previews: {environment: dev, quota: {pods: '1'}, gitlab: {repo: a/b}}}", false},
		"PreviewForge":       {"preview-forge", "sync: {}", "delivery: {previews: {environment: dev}}", "delivery: {previews: {environment: dev, gitlab: {repo: a/b}}}", false},
		"PreviewRendered":    {"preview-rendered", "shop.git, branch: main}\n  argoCD: [{name: hub, cluster: one}]\n  delivery: {strategy: applications}", "shop.git, branch: main, layout: rendered}\n  argoCD: [{name: hub, cluster: one}]\n  delivery: {previews: {environment: dev, gitlab: {repo: a/b}}}", "shop.git, branch: main, layout: overlays}\n  argoCD: [{name: hub, cluster: one}]\n  delivery: {previews: {environment: dev, gitlab: {repo: a/b}}}", false},
		"Hook":               {"invalid-value", "sync: {}", "hooks: [{name: a, phase: Before}]", "hooks: [{name: a, phase: PostSync}]", false},
		"HookTwice":          {"duplicate-name", "sync: {}", "hooks: [{name: a}, {name: a}]", "hooks: [{name: a}, {name: b}]", false},
		"HookNeedsConfig":    {"hook-needs-later", "sync: {}", "hooks: [{name: a, env: [{name: A, fromConfig: {name: settings, key: A}}]}]", "hooks: [{name: a, phase: Sync, env: [{name: A, fromConfig: {name: settings, key: A}}]}]", false},
		"HookNeedsVolume":    {"hook-needs-later", "sync: {}", "hooks: [{name: a, phase: Sync, wave: -1, mounts: [{mountPath: /a, volume: settings}]}]", "hooks: [{name: a, phase: PostSync, mounts: [{mountPath: /a, volume: settings}]}]", false},
		"HookNeedsAccount":   {"hook-needs-later", "sync: {}", "hooks: [{name: a, serviceAccount: web}]", "hooks: [{name: a, serviceAccount: migrator}]", true},
		"HookAfterDeletion":  {"hook-needs-later", "sync: {}", "hooks: [{name: a, phase: PostDelete, mounts: [{mountPath: /a, volume: settings}]}]", "hooks: [{name: a, phase: SyncFail, mounts: [{mountPath: /a, volume: settings}]}]", false},
		"HookPullSecret":     {"hook-needs-later", "sync: {}", "secrets: [{name: pull, path: pull}]\n  pod: {imagePullSecrets: [pull]}\n  hooks: [{name: a}]", "pod: {imagePullSecrets: [others]}\n  hooks: [{name: a}]", false},
		"HookKind":           {"hook-kind", "sync: {}", "objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {argocd.argoproj.io/hook: PreSync}}}]", "objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: '-1'}}}]", false},
		"OneName":            {"duplicate-application", "metadata: {name: api}", "metadata: {name: web-dev}\nspec: {runsIn: [dev]}\n---\nkind: Environment\nmetadata: {name: dev-dev}\nspec: {clusters: [one]}\n---\nkind: App\nmetadata: {name: api}", "metadata: {name: api}", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(sound, tc.old) {
				t.Fatalf("the sound fleet has no %q", tc.old)
			}
			f, ok := check(t, strings.Replace(sound, tc.old, tc.bad, 1))[tc.rule]
			if !ok || f.Fix == "" || f.Position.IsZero() || (f.Severity == finding.Warning) != tc.warns {
				t.Errorf("%s is not told, or without position and fix, or too loud: %+v", tc.rule, f)
			}
			if f, ok := check(t, strings.Replace(sound, tc.old, tc.good, 1))[tc.rule]; ok {
				t.Errorf("what is right is told: %v", f)
			}
		})
	}
}
