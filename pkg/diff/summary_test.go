package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestSummary counts what changes, with what makes the labels of a pull request.
func TestSummary(t *testing.T) {
	tc := changes["risks"]
	before, after := mall(), mall()
	tc.setup(before)
	tc.setup(after)
	tc.change(after)
	report, err := diff.Trees(render1(t, before), render1(t, after), diff.WithFleet(after))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"dev", "acceptance", "production"}
	want := diff.Summary{
		Apps: 5, Environments: all, Targets: 14, Objects: diff.Counts{Added: 3, Changed: 12, Removed: 3}, Files: len(report.Files),
		Risks: []diff.Risk{
			{Kind: diff.RiskDeletion, Count: 6, Environments: all[2:]},
			{Kind: diff.RiskImmutable, Count: 3, Environments: all},
			{Kind: diff.RiskReplacement, Count: 3, Environments: all},
			{Kind: diff.RiskPermissions, Count: 4, Environments: all},
			{Kind: diff.RiskReplicas, Count: 6, Environments: all},
			{Kind: diff.RiskRestart, Count: 18, Environments: all[2:]},
		},
	}
	if diff := cmp.Diff(want, report.Summary()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRisks says what changes of fields risk.
func TestRisks(t *testing.T) {
	const rbac = "rbac.authorization.k8s.io/v1"
	pod := func(spec string) string { return "spec: {template: {spec: {" + spec + "}}}" }
	container := func(c string) string { return pod("containers: [{name: a, securityContext: {" + c + "}}]") }
	tests := map[string]struct {
		reason, apiVersion, kind, from, to string
		want                               diff.RiskKind
	}{
		"Verb":        {"A verb more.", rbac, "Role", "rules: [{resources: [pods], verbs: [get]}]", "rules: [{resources: [pods], verbs: [get, list]}]", diff.RiskPermissions},
		"FewerVerbs":  {"A verb less.", rbac, "Role", "rules: [{resources: [pods], verbs: [get, list]}]", "rules: [{resources: [pods], verbs: [get]}]", ""},
		"Names":       {"A rule for some names is for all.", rbac, "ClusterRole", "rules: [{resources: [pods], verbs: [get], resourceNames: [a]}]", "rules: [{resources: [pods], verbs: [get]}]", diff.RiskPermissions},
		"OneMoreName": {"It is for one more.", rbac, "ClusterRole", "rules: [{resources: [pods], verbs: [get], resourceNames: [a]}]", "rules: [{resources: [pods], verbs: [get], resourceNames: [a, b]}]", diff.RiskPermissions},
		"FewerNames":  {"It is for fewer.", rbac, "ClusterRole", "rules: [{resources: [pods], verbs: [get]}]", "rules: [{resources: [pods], verbs: [get], resourceNames: [a]}]", ""},
		"Subject":     {"Somebody else may do it.", rbac, "RoleBinding", "subjects: [{kind: User, name: a}]", "subjects: [{kind: User, name: a}, {kind: User, name: b}]", diff.RiskPermissions},
		"Label":       {"A label permits nothing.", rbac, "Role", "metadata: {name: x, labels: {a: b}}", "metadata: {name: x, labels: {a: c}}", ""},
		"Kind":        {"A project permits a kind more.", "argoproj.io/v1alpha1", "AppProject", "spec: {clusterResourceWhitelist: []}", "spec: {clusterResourceWhitelist: [{group: '', kind: Node}]}", diff.RiskPermissions},
		"Denied":      {"It denies one kind less.", "argoproj.io/v1alpha1", "AppProject", "spec: {clusterResourceBlacklist: [{group: '', kind: Node}]}", "spec: {clusterResourceBlacklist: []}", diff.RiskPermissions},
		"Line":        {"A role of a project may do more.", "argoproj.io/v1alpha1", "AppProject", "spec: {roles: [{name: dev, policies: ['p, proj:x:dev, applications, get, x/*, allow']}]}", "spec: {roles: [{name: dev, policies: ['p, proj:x:dev, applications, get, x/*, allow', 'p, proj:x:dev, applications, sync, x/*, allow']}]}", diff.RiskPermissions},
		"Deny":        {"It may do less.", "argoproj.io/v1alpha1", "AppProject", "spec: {roles: [{name: dev, policies: []}]}", "spec: {roles: [{name: dev, policies: ['p, proj:x:dev, applications, get, x/a, deny']}]}", ""},
		"NotDenied":   {"Nothing is denied any more.", "argoproj.io/v1alpha1", "AppProject", "spec: {roles: [{name: dev, policies: ['p, proj:x:dev, applications, get, x/a, deny']}]}", "spec: {roles: [{name: dev, policies: []}]}", diff.RiskPermissions},
		"Description": {"A description permits nothing.", "argoproj.io/v1alpha1", "AppProject", "spec: {description: a}", "spec: {description: b}", ""},
		"Privileged":  {"A container gets its node.", "apps/v1", "Deployment", container("privileged: false"), container("privileged: true"), diff.RiskPermissions},
		"Capability":  {"It may do more.", "apps/v1", "Deployment", container("capabilities: {drop: [ALL]}"), container("capabilities: {drop: [ALL], add: [SYS_ADMIN]}"), diff.RiskPermissions},
		"NotDropped":  {"It keeps more.", "apps/v1", "Deployment", container("capabilities: {drop: [ALL]}"), container(""), diff.RiskPermissions},
		"Dropped":     {"It may do less.", "apps/v1", "Deployment", container(""), container("capabilities: {drop: [ALL]}"), ""},
		"Root":        {"It may be root.", "apps/v1", "DaemonSet", pod("securityContext: {runAsNonRoot: true}"), pod("securityContext: {runAsNonRoot: false}"), diff.RiskPermissions},
		"HostPath":    {"It reads files of its node.", "batch/v1", "CronJob", "spec: {jobTemplate: {spec: {template: {spec: {volumes: []}}}}}", "spec: {jobTemplate: {spec: {template: {spec: {volumes: [{name: a, hostPath: {path: /}}]}}}}}", diff.RiskPermissions},
		"Container":   {"A container that comes may bring it.", "apps/v1", "Deployment", pod("containers: []"), pod("containers: [{name: a, securityContext: {privileged: true}}]"), diff.RiskPermissions},
		"Harmless":    {"Another one does not.", "apps/v1", "Deployment", pod("containers: []"), pod("containers: [{name: a, securityContext: {privileged: false}}]"), ""},
		"Level":       {"A namespace lets pods do more.", "v1", "Namespace", "metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: restricted}}", "metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: baseline}}", diff.RiskPermissions},
		"Stricter":    {"It lets them do less.", "v1", "Namespace", "metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: privileged}}", "metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: baseline}}", ""},
		"FewerPods":   {"Fewer pods serve.", "apps/v1", "Deployment", "spec: {replicas: 3}", "spec: {replicas: 2}", diff.RiskReplicas},
		"MorePods":    {"More pods serve.", "apps/v1", "Deployment", "spec: {replicas: 2}", "spec: {replicas: 3}", ""},
		"NoReplicas":  {"Without the field there is one.", "apps/v1", "Deployment", "spec: {replicas: 3}", "spec: {}", diff.RiskReplicas},
		"Least":       {"An autoscaler may leave fewer.", "autoscaling/v2", "HorizontalPodAutoscaler", "spec: {minReplicas: 3}", "spec: {minReplicas: 2}", diff.RiskReplicas},
		"LosesClaims": {"Claims go with the pods.", "apps/v1", "StatefulSet", "spec: {replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}}", "spec: {replicas: 2, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}}", diff.RiskData},
		"KeepsClaims": {"They stay.", "apps/v1", "StatefulSet", "spec: {replicas: 3}", "spec: {replicas: 2}", diff.RiskReplicas},
		"ReplacedData": {"A claim that is replaced is empty.", "v1", "PersistentVolumeClaim",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/sync-options: 'Replace=true,Force=true'}}, spec: {storageClassName: a}}",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/sync-options: 'Replace=true,Force=true'}}, spec: {storageClassName: b}}", diff.RiskData},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			changed := diff.Objects([]object.Object{parse(t, tc.apiVersion, tc.kind, tc.from)}, []object.Object{parse(t, tc.apiVersion, tc.kind, tc.to)})
			if len(changed) != 1 {
				t.Fatalf("%d objects change, want one", len(changed))
			}
			got := changed[0].Risk
			for _, f := range changed[0].Fields {
				if f.Risk != "" {
					got = f.Risk
				}
			}
			if got != tc.want {
				t.Errorf("%s: the risk is %q, want %q: %v", tc.reason, got, tc.want, changed[0].Fields)
			}
		})
	}
}

// TestScaled says that an autoscaler that takes over leaves as many pods.
func TestScaled(t *testing.T) {
	before := []object.Object{parse(t, "apps/v1", "Deployment", "spec: {replicas: 3}")}
	after := []object.Object{
		parse(t, "apps/v1", "Deployment", "spec: {}"),
		parse(t, "autoscaling/v2", "HorizontalPodAutoscaler", "spec: {minReplicas: 3, scaleTargetRef: {kind: Deployment, name: x}}"),
	}
	for _, o := range diff.Objects(before, after) {
		for _, f := range o.Fields {
			if f.Risk != "" {
				t.Errorf("%s of %s is a risk: %s", f.Path, o.ID, f.Risk)
			}
		}
	}
}
