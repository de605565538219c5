package render_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// previewsFleet returns the fleet of testdata whose apps have previews.
func previewsFleet(t *testing.T) *model.Fleet {
	t.Helper()
	files, err := load.FS(os.DirFS("../../testdata/fleets/previews"), "previews")
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	return l.Fleet
}

// previewOf returns what kustomize builds of the preview of pull request 42 of an
// app, as Argo CD asks it to, by kind and name.
func previewOf(t *testing.T, f *model.Fleet, files []tree.File, app string) map[string]object.Object {
	t.Helper()
	pull := expand.PullRequest{Number: 42, Branch: "b", TargetBranch: "main", HeadSHA: strings.Repeat("a", 40)}
	dir, changed, err := argocd.New(f, resolve.New(f, features.Default())).PreviewFiles(app, files, pull)
	if err != nil {
		t.Fatal(err)
	}
	built, err := kustomize.Build(changed, dir)
	if err != nil {
		t.Fatal(err)
	}
	return byName(built)
}

func byName(list []object.Object) map[string]object.Object {
	out := map[string]object.Object{}
	for _, o := range list {
		out[o.Kind()+"/"+o.Name()] = o
	}
	return out
}

// builtAt returns what kustomize builds of a directory of a tree, by kind and name.
func builtAt(t *testing.T, r *render.Result, unit, dir string) map[string]object.Object {
	t.Helper()
	built, err := kustomize.Build(r.Tree.Under(unit), dir)
	if err != nil {
		t.Fatal(err)
	}
	return byName(built)
}

// yaml returns a field of an object as YAML.
func yaml(o object.Object, fields ...string) string {
	v, ok := o.Get(fields...)
	if !ok {
		return "nothing"
	}
	return strings.TrimSpace(string(object.Marshal(v)))
}

// TestPreview holds what Argo CD deploys for a pull request to what a preview is:
// isolated, limited, and reached by hosts of its own.
func TestPreview(t *testing.T) {
	f := previewsFleet(t)
	r, err := render.Fleet(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	web, admin := previewOf(t, f, r.Tree.Files(), "web"), previewOf(t, f, r.Tree.Files(), "admin")
	platform := func(component string) map[string]object.Object {
		unit := layout.Component(component)
		return builtAt(t, r, unit, layout.Overlay(unit, "staging"))
	}
	gateway, stores := platform(layout.Gateways), platform("stores")
	caller := builtAt(t, r, layout.App("web"), layout.Overlay(layout.App("web"), "staging"))
	const previews = "matchExpressions:\n- key: gitopsgen.dev/preview\n  operator: Exists\nmatchLabels:\n  gitopsgen.dev/environment: staging"
	in := func(text string, indent string) string { return strings.ReplaceAll(text, "\n", "\n"+indent) }
	for name, tc := range map[string]struct {
		reason string
		object object.Object
		field  []string
		want   string
	}{
		"Labels": {"The namespace enforces pod security, and what lets previews in finds it.", web["Namespace/web-pr-42"], []string{"metadata", "labels"}, `app.kubernetes.io/managed-by: gitopsgen
gitopsgen.dev/environment: staging
gitopsgen.dev/preview: web
gitopsgen.dev/pull-request: "42"
pod-security.kubernetes.io/audit: restricted
pod-security.kubernetes.io/audit-version: v1.36
pod-security.kubernetes.io/enforce: restricted
pod-security.kubernetes.io/enforce-version: v1.36
pod-security.kubernetes.io/warn: restricted
pod-security.kubernetes.io/warn-version: v1.36`},
		"Deletion":     {"Nobody is asked before a preview goes.", web["Namespace/web-pr-42"], []string{"metadata", "annotations"}, "nothing"},
		"DefaultDeny":  {"What no policy allows is denied.", web["NetworkPolicy/default-deny"], []string{"spec"}, "podSelector: {}\npolicyTypes:\n- Ingress\n- Egress"},
		"DefaultQuota": {"There is a quota where the environment has none.", web["ResourceQuota/quota"], []string{"spec", "hard"}, `pods: "20"`},
		"Quota":        {"Previews have limits of their own.", admin["ResourceQuota/quota"], []string{"spec", "hard"}, `pods: "3"`},
		"Limits":       {"Limits are those of the environment.", web["LimitRange/limits"], []string{"spec", "limits"}, "- type: Container\n  default:\n    memory: 64Mi"},
		"Image":        {"It runs what the pull request built.", web["Deployment/web"], []string{"spec", "template", "spec", "containers"}, "ghcr.io/acme/web-builds:" + strings.Repeat("a", 40)},
		"Hosts":        {"It has hosts of its own.", web["HTTPRoute/web"], []string{"spec", "hostnames"}, "- web-pr-42.previews.staging.example.com\n- www-web-pr-42.previews.staging.example.com"},
		"Listener": {"One listener serves them, and no other namespace.", gateway["Gateway/public"], []string{"spec", "listeners"}, `- name: wildcard.previews.staging.example.com
  hostname: "*.previews.staging.example.com"
  port: 443
  protocol: HTTPS
  allowedRoutes:
    namespaces:
      from: Selector
      selector:
        ` + in(previews, "        ")},
		"ListenerOfEnvironment": {"The environment's listener does not let previews in.", gateway["Gateway/public"], []string{"spec", "listeners"}, `- name: web.staging.example.com
  hostname: web.staging.example.com
  port: 443
  protocol: HTTPS
  allowedRoutes:
    namespaces:
      from: Selector
      selector:
        matchExpressions:
        - key: kubernetes.io/metadata.name
          operator: In
          values:
          - shop-staging
  tls:`},
		"Certificate":        {"One certificate covers them.", gateway["Certificate/wildcard.previews.staging.example.com"], []string{"spec", "dnsNames"}, `- "*.previews.staging.example.com"`},
		"IngressHost":        {"An Ingress has a host of its own too,", admin["Ingress/admin"], []string{"spec", "rules"}, "host: admin-pr-42.builds.example.com"},
		"IngressCertificate": {"and a certificate.", admin["Certificate/admin"], []string{"spec", "dnsNames"}, "- admin-pr-42.builds.example.com"},
		"Record":             {"So has a record.", admin["DNSEndpoint/admin"], []string{"spec", "endpoints"}, "dnsName: console-admin-pr-42.builds.example.com"},
		"Store":              {"The store lets previews of the environment in.", stores["ClusterSecretStore/vault-staging"], []string{"spec", "conditions"}, "- namespaces:\n  - shop-staging\n- namespaceSelector:\n    " + in(previews, "    ")},
		"OtherStore":         {"A store in the namespace is there.", web["SecretStore/own-staging"], []string{"metadata", "namespace"}, "web-pr-42"},
		"SharedSecret":       {"Shared Secrets are there.", stores["ClusterExternalSecret/registry-staging"], []string{"spec", "namespaceSelectors"}, "- " + in(previews, "  ")},
		"Secret":             {"Its Secrets are read for it.", web["ExternalSecret/web-db"], []string{"metadata", "namespace"}, "web-pr-42"},
		"Push":               {"It does not overwrite what the environment pushes.", web["PushSecret/web-out"], []string{"metadata"}, "nothing"},
		"Role":               {"Its account has its role.", web["RoleBinding/web"], []string{"subjects"}, "- kind: ServiceAccount\n  name: web\n  namespace: web-pr-42"},
		"Hook":               {"A hook starts when the namespace is there.", web["Job/web-migrate"], []string{"metadata", "annotations"}, "argocd.argoproj.io/hook: Sync\nargocd.argoproj.io/hook-delete-policy: BeforeHookCreation"},
		"Egress": {"It calls whom the app calls, in the environment.", web["NetworkPolicy/web"], []string{"spec", "egress"}, `- to:
  - podSelector:
      matchLabels:
        app.kubernetes.io/name: api
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: shop-staging
  ports:
  - port: 8080
    protocol: TCP`},
		"Neighbour": {"The names of its neighbours are known.", web["Service/api"], []string{"spec"}, "type: ExternalName\nexternalName: api.shop-staging.svc.cluster.local"},
		"Ingress": {"Its gateway calls it, and nobody else.", web["NetworkPolicy/web"], []string{"spec", "ingress"}, `- from:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: gateway-staging
  ports:
  - port: 8080
    protocol: TCP`},
		"Callee": {"Whom it calls lets the previews of this app in, at the same port.", caller["NetworkPolicy/api.from.web"], []string{"spec", "ingress"}, `  - podSelector:
      matchLabels:
        app.kubernetes.io/name: web
    namespaceSelector:
      matchLabels:
        gitopsgen.dev/environment: staging
        gitopsgen.dev/preview: web
`},
	} {
		t.Run(name, func(t *testing.T) {
			got := "nothing"
			if !tc.object.IsZero() {
				got = yaml(tc.object, tc.field...)
			}
			if tc.want == "nothing" && got != tc.want || !strings.Contains(got, tc.want) {
				t.Errorf("%s (-want +got):\n%s", tc.reason, cmp.Diff(tc.want, got))
			}
		})
	}
}

// TestPreviewPodSecurity checks that a preview has the level of its app.
func TestPreviewPodSecurity(t *testing.T) {
	f := previewsFleet(t)
	f.Defaults.PodSecurity = &model.PodSecurity{Level: model.Baseline, Reason: "the base image wants capabilities"}
	r, err := render.Fleet(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	ns := previewOf(t, f, r.Tree.Files(), "web")["Namespace/web-pr-42"]
	if got := ns.Text("metadata", "labels", "pod-security.kubernetes.io/enforce"); got != "baseline" {
		t.Errorf("the preview enforces %q, want baseline", got)
	}
}

// TestPreviewPermissions checks that the project permits the namespaces of previews
// by their names, and no Namespace among the objects of a namespace.
func TestPreviewPermissions(t *testing.T) {
	r, err := render.Fleet(context.Background(), previewsFleet(t))
	if err != nil {
		t.Fatal(err)
	}
	f, _ := r.Tree.Get(layout.AppProject("argocd", "shop"))
	projects, err := object.Parse(f.Data)
	if err != nil || len(projects) != 1 {
		t.Fatalf("%d projects: %v", len(projects), err)
	}
	const want = `- kind: Namespace
  group: ""
  name: admin-pr-*
- kind: Namespace
  group: ""
  name: web-pr-*`
	if diff := cmp.Diff(want, yaml(projects[0], "spec", "clusterResourceWhitelist")); diff != "" {
		t.Errorf("what is permitted of the cluster (-want +got):\n%s", diff)
	}
	if got := yaml(projects[0], "spec", "namespaceResourceWhitelist"); strings.Contains(got, "kind: Namespace\n") || !strings.Contains(got, "kind: ResourceQuota\n") {
		t.Errorf("what is permitted in namespaces:\n%s", got)
	}
}

// TestPreviewsOpenNothingElse finds all objects that let previews in. They are
// those that the model asks for, and none of production.
func TestPreviewsOpenNothingElse(t *testing.T) {
	r, err := render.Fleet(context.Background(), previewsFleet(t))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, target := range r.Targets {
		for name, o := range builtAt(t, r, target.Unit, target.Dir) {
			if strings.Contains(string(o.YAML()), view.PreviewLabel) {
				got[target.Environment+" "+name] = true
			}
		}
	}
	want := map[string]bool{
		"staging Gateway/public": true, "staging NetworkPolicy/api.from.web": true,
		"staging ClusterSecretStore/vault-staging": true, "staging ClusterExternalSecret/registry-staging": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects that let previews in (-want +got):\n%s", diff)
	}
}

// TestSharedPreview refuses previews that would deploy one object several times.
func TestSharedPreview(t *testing.T) {
	_, err := render.Fleet(context.Background(), previewsFleet(t), render.WithFeature(feature.Feature{Name: "reader", Filter: func(target *view.Target, objects []object.Object) ([]object.Object, error) {
		if target.App != "admin" || target.Environment == "" {
			return objects, nil
		}
		reader, err := object.FromMap(map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": map[string]any{"name": "reader", "namespace": "kube-system"}})
		return append(objects, reader), err
	}}))
	const want = "each preview of app admin would deploy Role.rbac.authorization.k8s.io kube-system/reader"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want an error that says that %s, got %v", want, err)
	}
}

// TestPreviewNames refuses what fits the environment, and not the preview of a pull
// request with a long number.
func TestPreviewNames(t *testing.T) {
	long := strings.Repeat("x", 63-len("web-pr-999999"))
	for name, tc := range map[string]struct {
		reason, suffix, want string
	}{
		"Fits":    {"A label of 63 characters fits.", long, ""},
		"TooLong": {"64 are one too many.", long + "x", "has 64 characters, and the value of a label has at most 63"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render.Fleet(context.Background(), previewsFleet(t), render.WithFeature(feature.Feature{Name: "namer", Filter: func(target *view.Target, objects []object.Object) ([]object.Object, error) {
				if target.App != "web" || !target.IsPreview() {
					return objects, nil
				}
				o, err := object.FromMap(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{
					"name": "settings", "namespace": target.Namespace, "labels": map[string]any{"preview": target.Namespace + tc.suffix}}})
				return append(objects, o), err
			}}))
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}

// TestHeldPreviews renders one environment, after the base and the previews have
// changed: what the previews of the other build stays.
func TestHeldPreviews(t *testing.T) {
	f := previewsFleet(t)
	before, err := render.Fleet(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*model.Fleet){
		"Nothing": func(*model.Fleet) {},
		"Base":    func(f *model.Fleet) { appOf(f, "web").Spec.Args = []string{"serve"} },
		"Domain":  func(f *model.Fleet) { appOf(f, "web").Delivery.Previews.Domain = "other.example.com" },
		"Both": func(f *model.Fleet) {
			appOf(f, "web").Spec.Args, appOf(f, "web").Delivery.Previews.Domain = []string{"serve"}, "other.example.com"
		},
		"Removed": func(f *model.Fleet) {
			appOf(f, "web").Spec.Args, appOf(f, "web").Delivery.Previews = []string{"serve"}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := previewsFleet(t)
			change(f)
			after, err := render.Fleet(context.Background(), f, render.WithPrior(before.Tree), render.WithSelection(render.Selection{Environments: []string{"prod"}}))
			if err != nil {
				t.Fatal(err)
			}
			old := previewsFleet(t)
			if diff := cmp.Diff(yamls(previewOf(t, old, before.Tree.Files(), "web")), yamls(previewOf(t, old, after.Tree.Files(), "web"))); diff != "" {
				t.Errorf("the previews that are not selected (-before +after):\n%s", diff)
			}
		})
	}
}

// appOf returns an app of a fleet.
func appOf(f *model.Fleet, name string) *model.App {
	return &f.Apps[slices.IndexFunc(f.Apps, func(a model.App) bool { return a.Name == name })]
}

func yamls(objects map[string]object.Object) map[string]string {
	out := map[string]string{}
	for name, o := range objects {
		out[name] = string(o.YAML())
	}
	return out
}
