package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestImmutable marks what the API server refuses to change in place. The cases
// are those of Kubernetes' own validation of updates.
func TestImmutable(t *testing.T) {
	tests := map[string]struct {
		reason           string
		apiVersion, kind string
		from, to         string
		marked, free     []string
	}{
		"JobTemplate": {"A Job's template is fixed; how many pods run at once is not.", "batch/v1", "Job",
			"spec: {parallelism: 1, template: {spec: {containers: [{name: a, image: 'a:1'}]}}}",
			"spec: {parallelism: 2, template: {spec: {containers: [{name: a, image: 'a:2'}]}}}",
			[]string{"spec.template.spec.containers[a].image"}, []string{"spec.parallelism"}},
		"Hook": {"A hook is made anew for each sync.", "batch/v1", "Job",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/hook: PreSync}}, spec: {template: a}}",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/hook: PreSync}}, spec: {template: b}}",
			nil, []string{"spec.template"}},
		"SuspendedJob": {"A Job that is suspended has not begun.", "batch/v1", "Job",
			"spec: {suspend: true, template: {spec: {nodeSelector: {a: b}}}}", "spec: {suspend: true, template: {spec: {nodeSelector: {a: c}}}}",
			nil, []string{"spec.template.spec.nodeSelector.a"}},
		"IndexedJob": {"An indexed Job may get more pods, another one may not.", "batch/v1", "Job",
			"spec: {completionMode: Indexed, completions: 1}", "spec: {completionMode: Indexed, completions: 2}",
			nil, []string{"spec.completions"}},
		"Completions": {"An indexed Job may get more pods, another one may not.", "batch/v1", "Job",
			"spec: {completions: 1}", "spec: {completions: 2}", []string{"spec.completions"}, nil},
		"CronJob": {"A CronJob makes new Jobs.", "batch/v1", "CronJob",
			"spec: {jobTemplate: {spec: {template: {a: b}}}}", "spec: {jobTemplate: {spec: {template: {a: c}}}}",
			nil, []string{"spec.jobTemplate.spec.template.a"}},
		"StatefulSet": {"All but a few fields of a StatefulSet are fixed.", "apps/v1", "StatefulSet",
			"spec: {replicas: 1, serviceName: a, podManagementPolicy: Parallel, template: {a: b}, minReadySeconds: 1, volumeClaimTemplates: [{metadata: {name: d}, spec: {resources: {requests: {storage: 1Gi}}}}]}",
			"spec: {replicas: 2, serviceName: b, podManagementPolicy: OrderedReady, template: {a: c}, minReadySeconds: 2, volumeClaimTemplates: [{metadata: {name: d}, spec: {resources: {requests: {storage: 2Gi}}}}]}",
			[]string{"spec.podManagementPolicy", "spec.serviceName", "spec.volumeClaimTemplates[0].spec.resources.requests.storage"},
			[]string{"spec.minReadySeconds", "spec.replicas", "spec.template.a"}},
		"Selector": {"A Deployment's selector is fixed.", "apps/v1", "Deployment",
			"spec: {replicas: 1, selector: {matchLabels: {a: b}}}", "spec: {replicas: 2, selector: {matchLabels: {a: c}}}",
			[]string{"spec.selector.matchLabels.a"}, []string{"spec.replicas"}},
		"ClaimGrows": {"A claim grows.", "v1", "PersistentVolumeClaim",
			"spec: {resources: {requests: {storage: 900Mi}}}", "spec: {resources: {requests: {storage: 1Gi}}}",
			nil, []string{"spec.resources.requests.storage"}},
		"ClaimShrinks": {"It does not shrink, however it is written.", "v1", "PersistentVolumeClaim",
			"spec: {resources: {requests: {storage: 1Gi}}}", "spec: {resources: {requests: {storage: 1000M}}}",
			[]string{"spec.resources.requests.storage"}, nil},
		"ClaimClass": {"Its class is fixed, its attributes are not.", "v1", "PersistentVolumeClaim",
			"spec: {storageClassName: a, volumeAttributesClassName: a, accessModes: [ReadWriteOnce]}",
			"spec: {storageClassName: b, volumeAttributesClassName: b, accessModes: [ReadWriteMany]}",
			[]string{"spec.accessModes[0]", "spec.accessModes[0]", "spec.storageClassName"}, []string{"spec.volumeAttributesClassName"}},
		"Headless": {"A Service with an address cannot lose it.", "v1", "Service",
			"spec: {ports: [{port: 80}]}", "spec: {clusterIP: None, ports: [{port: 81}]}",
			[]string{"spec.clusterIP"}, []string{"spec.ports[80]", "spec.ports[81]"}},
		"ExternalName": {"One without pods has none.", "v1", "Service",
			"spec: {type: ExternalName}", "spec: {type: ClusterIP, clusterIP: None}", nil, []string{"spec.clusterIP", "spec.type"}},
		"SecondAddress": {"A second address may come.", "v1", "Service",
			"spec: {clusterIPs: [10.0.0.1], ipFamilies: [IPv4]}", "spec: {clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6]}",
			nil, []string{"spec.clusterIPs[1]", "spec.ipFamilies[1]"}},
		"OtherFamily": {"The first family is fixed.", "v1", "Service",
			"spec: {ipFamilies: [IPv4]}", "spec: {ipFamilies: [IPv6]}", []string{"spec.ipFamilies[0]"}, nil},
		"LoadBalancerClass": {"Who balances is fixed while it is a balancer.", "v1", "Service",
			"spec: {type: LoadBalancer, loadBalancerClass: a}", "spec: {type: LoadBalancer, loadBalancerClass: b}",
			[]string{"spec.loadBalancerClass"}, nil},
		"ConfigMap": {"A ConfigMap that says so is fixed, its labels are not.", "v1", "ConfigMap",
			"{immutable: true, data: {a: b}, metadata: {name: x, labels: {a: b}}}", "{immutable: true, data: {a: c}, metadata: {name: x, labels: {a: c}}}",
			[]string{"data.a"}, []string{"metadata.labels.a"}},
		"OpenConfigMap": {"Others are not.", "v1", "ConfigMap", "data: {a: b}", "data: {a: c}", nil, []string{"data.a"}},
		"RoleRef": {"A binding's role is fixed, its subjects are not.", "rbac.authorization.k8s.io/v1", "RoleBinding",
			"{roleRef: {name: a}, subjects: [{kind: User, name: a}]}", "{roleRef: {name: b}, subjects: [{kind: User, name: b}]}",
			[]string{"roleRef.name"}, []string{"subjects[User/a]", "subjects[User/b]"}},
		"StorageClass": {"A class is fixed, but for growing.", "storage.k8s.io/v1", "StorageClass",
			"{provisioner: a, allowVolumeExpansion: false}", "{provisioner: b, allowVolumeExpansion: true}",
			[]string{"provisioner"}, []string{"allowVolumeExpansion"}},
		"PriorityClass": {"A priority is fixed.", "scheduling.k8s.io/v1", "PriorityClass",
			"{value: 1, description: a}", "{value: 2, description: b}", []string{"value"}, []string{"description"}},
		"IngressClass": {"A controller is fixed.", "networking.k8s.io/v1", "IngressClass",
			"spec: {controller: a}", "spec: {controller: b}", []string{"spec.controller"}, nil},
		"Definition": {"A definition's scope is fixed, its versions are not.", "apiextensions.k8s.io/v1", "CustomResourceDefinition",
			"spec: {scope: Cluster, names: {kind: A, shortNames: [a]}}", "spec: {scope: Namespaced, names: {kind: B, shortNames: [b]}}",
			[]string{"spec.names.kind", "spec.scope"}, []string{"spec.names.shortNames[0]"}},
		"OtherGroup": {"A kind of this name in another group is another kind.", "example.com/v1", "Job",
			"spec: {template: a}", "spec: {template: b}", nil, []string{"spec.template"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			changed := diff.Objects([]object.Object{parse(t, tc.apiVersion, tc.kind, tc.from)}, []object.Object{parse(t, tc.apiVersion, tc.kind, tc.to)})
			if len(changed) != 1 {
				t.Fatalf("%d objects change, want one", len(changed))
			}
			var marked, free []string
			for _, f := range changed[0].Fields {
				if f.Immutable {
					marked = append(marked, string(f.Path))
				} else {
					free = append(free, string(f.Path))
				}
			}
			if diff := cmp.Diff([][]string{tc.marked, tc.free}, [][]string{marked, free}); diff != "" {
				t.Errorf("%s: fields that are fixed, and others (-want +got):\n%s", tc.reason, diff)
			}
			if means := changed[0].Immutable; (means != nil) != (tc.marked != nil) {
				t.Errorf("%s: it means %v", tc.reason, means)
			}
		})
	}
}

// parse returns an object of a kind with the fields that text says.
func parse(t *testing.T, apiVersion, kind, text string) object.Object {
	t.Helper()
	var m map[string]any
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	m["apiVersion"], m["kind"] = apiVersion, kind
	if m["metadata"] == nil {
		m["metadata"] = map[string]any{"name": "x", "namespace": "shop"}
	}
	o, err := object.FromMap(m)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestImmutableEffect says what Argo CD does, and what to do instead.
func TestImmutableEffect(t *testing.T) {
	tests := map[string]struct {
		reason, apiVersion, kind, from, to, want string
	}{
		"Replaced": {"Argo CD is told to replace it.", "batch/v1", "Job",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/sync-options: 'Force=true, Replace=true'}}, spec: {template: a}}",
			"{metadata: {name: x, annotations: {argocd.argoproj.io/sync-options: 'Force=true, Replace=true'}}, spec: {template: b}}",
			"Argo CD deletes it and creates it again"},
		"Labelled": {"So it is with any change, which runs it again.", "batch/v1", "Job",
			"{metadata: {name: x, labels: {a: b}, annotations: {argocd.argoproj.io/sync-options: 'Replace=true,Force=true'}}}",
			"{metadata: {name: x, labels: {a: c}, annotations: {argocd.argoproj.io/sync-options: 'Replace=true,Force=true'}}}",
			"Argo CD deletes it and creates it again"},
		"Refused": {"Else the Application waits, and the command is printed.", "rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef: {name: a}", "roleRef: {name: b}",
			"Kubernetes rejects the change, and its Application is not synced until this is resolved; delete it once the change is merged, and Argo CD creates it again: " +
				"kubectl --context=CLUSTER --namespace=shop delete rolebinding.rbac.authorization.k8s.io x"},
		"StatefulSet": {"The pods of a StatefulSet go on.", "apps/v1", "StatefulSet", "spec: {serviceName: a}", "spec: {serviceName: b}",
			"Kubernetes rejects the change, and its Application is not synced until this is resolved; once the change is merged, delete it without its pods, which the new one adopts: " +
				"kubectl --context=CLUSTER --namespace=shop delete statefulset.apps x --cascade=orphan; existing claims are not changed"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			changed := diff.Objects([]object.Object{parse(t, tc.apiVersion, tc.kind, tc.from)}, []object.Object{parse(t, tc.apiVersion, tc.kind, tc.to)})
			if diff := cmp.Diff(tc.want, changed[0].Immutable.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestJobApp changes the image of a Job app: Argo CD is told to replace it, and
// the report says so in each format.
func TestJobApp(t *testing.T) {
	job := func(image string) *model.Fleet {
		f := shop()
		f.Apps = f.Apps[:1]
		f.Apps[0].RunsIn, f.Apps[0].Spec.Kind, f.Apps[0].Spec.Image = []string{"dev"}, model.Job, image
		return f
	}
	report, err := diff.Trees(render1(t, job("api:1")), render1(t, job("api:2")))
	if err != nil {
		t.Fatal(err)
	}
	for format, want := range map[diff.Format]string{
		diff.Text:     "Will be replaced:\n  apps/api in dev: Job.batch shop-dev/api: Argo CD deletes it and creates it again\n",
		diff.Markdown: "#### Will be replaced\n\n- `apps/api in dev: Job.batch shop-dev/api: Argo CD deletes it and creates it again`\n",
		diff.JSON:     `"immutable": true`,
	} {
		var out strings.Builder
		if err := report.Write(&out, format); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s lacks %q:\n%s", format, want, out.String())
		}
		if mark := `"api:2" (immutable)`; format != diff.JSON && !strings.Contains(out.String(), mark) {
			t.Errorf("%s lacks %q:\n%s", format, mark, out.String())
		}
	}
}
