package resolve_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// derived resolves the base of an app named web.
func derived(s model.AppSpec) model.AppSpec {
	f := &model.Fleet{Name: "shop", Apps: []model.App{{Name: "web", Spec: s}}}
	return resolve.New(f, features.Default()).Target("web", view.Scope{}).Spec
}

func image(s model.AppSpec) model.AppSpec { s.Image = "web:1"; return s }

func number(n int32) *intstr.IntOrString      { return new(intstr.FromInt32(n)) }
func percent(s string) *intstr.IntOrString    { return new(intstr.FromString(s)) }
func replicas(n int32) model.AppSpec          { return image(model.AppSpec{Replicas: &n}) }
func kind(k model.WorkloadKind) model.AppSpec { return image(model.AppSpec{Kind: k}) }

// example looks at one part of what is derived from a spec.
type example struct {
	reason string
	spec   model.AppSpec
	part   func(model.AppSpec) any
	want   any
}

func check(t *testing.T, cases map[string]example) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.part(derived(tc.spec))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDeriveKind(t *testing.T) {
	part := func(s model.AppSpec) any { return s.Kind }
	objects := []model.RawObject{{"kind": "ConfigMap"}}
	check(t, map[string]example{
		"Default":       {"An app is a Deployment.", model.AppSpec{}, part, model.Deployment},
		"Said":          {"A layer's word stands.", kind(model.Job), part, model.Job},
		"ObjectsAlone":  {"An app of objects alone has no workload.", model.AppSpec{Objects: objects}, part, model.NoWorkload},
		"ObjectsBeside": {"An image makes a workload.", image(model.AppSpec{Objects: objects}), part, model.Deployment},
	})
}

func TestDeriveKindAgrees(t *testing.T) {
	f := &model.Fleet{Environments: []model.Environment{{Name: "prod"}}, Apps: []model.App{{
		Name: "web", Spec: model.AppSpec{Objects: []model.RawObject{{"kind": "ConfigMap"}}},
		Environments: map[string]model.Override{"prod": {AppSpec: image(model.AppSpec{})}},
	}}}
	if got := resolve.New(f, features.Default()).Target("web", view.Scope{}).Spec.Kind; got != model.Deployment {
		t.Errorf("an image that only one environment names makes the base a workload too, got %s", got)
	}
}

func TestDeriveContainers(t *testing.T) {
	main := func(s model.AppSpec) any { return s.ContainerSpec }
	secure := &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true),
		Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
	memory := func(pairs ...string) model.AppSpec {
		r := &corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("1Gi")}}
		for i := 0; i < len(pairs); i += 2 {
			r.Limits = corev1.ResourceList{corev1.ResourceName(pairs[i]): resource.MustParse(pairs[i+1])}
		}
		return image(model.AppSpec{ContainerSpec: model.ContainerSpec{Resources: r}})
	}
	limits := func(s model.AppSpec) any {
		out := map[string]string{}
		for k, v := range s.Resources.Limits {
			out[string(k)] = v.String()
		}
		return out
	}
	unlimited := memory()
	unlimited.Unset = []fieldpath.Path{"resources.limits.memory"}
	every := image(model.AppSpec{})
	other := []model.Container{{Name: "x", ContainerSpec: model.ContainerSpec{Ports: []model.Port{{Name: "a"}}, Env: []model.EnvVar{{Name: "A"}}}}}
	every.Containers, every.InitContainers, every.Sidecars = other, other, other
	check(t, map[string]example{
		"Name":      {"The main container has the name of the app.", image(model.AppSpec{}), func(s model.AppSpec) any { return s.ContainerName }, "web"},
		"NameSaid":  {"A layer's word stands.", image(model.AppSpec{ContainerName: "x"}), func(s model.AppSpec) any { return s.ContainerName }, "x"},
		"Security":  {"The main container is restricted.", image(model.AppSpec{}), main, model.ContainerSpec{Image: "web:1", SecurityContext: secure}},
		"Limit":     {"The memory limit is the request, and there is no CPU limit.", memory(), limits, map[string]string{"memory": "1Gi"}},
		"LimitKept": {"A limit that a layer set stands.", memory("memory", "2Gi"), limits, map[string]string{"memory": "2Gi"}},
		"OtherLimit": {"A limit of something else does not count.", memory("cpu", "2"), limits,
			map[string]string{"cpu": "2", "memory": "1Gi"}},
		"LimitRemoved": {"A limit that a layer removed is not derived again.", unlimited, limits, map[string]string{}},
		"Every": {"All containers get the same.", every,
			func(s model.AppSpec) any { return [][]model.Container{s.Containers, s.InitContainers, s.Sidecars} },
			func() any {
				c := []model.Container{{Name: "x", ContainerSpec: model.ContainerSpec{SecurityContext: secure,
					Ports: []model.Port{{Name: "a", Protocol: "TCP"}}, Env: []model.EnvVar{{Name: "A", Value: new("")}}}}}
				return [][]model.Container{c, c, c}
			}()},
		"SourceKept": {"A variable with a source gets no value.",
			image(model.AppSpec{ContainerSpec: model.ContainerSpec{Env: []model.EnvVar{{Name: "A", FromField: "metadata.name"}}}}),
			func(s model.AppSpec) any { return s.Env }, []model.EnvVar{{Name: "A", FromField: "metadata.name"}}},
		"ProtocolKept": {"A protocol that a layer set stands.",
			image(model.AppSpec{ContainerSpec: model.ContainerSpec{Ports: []model.Port{{Name: "dns", Protocol: "UDP"}}}}),
			func(s model.AppSpec) any { return s.Ports }, []model.Port{{Name: "dns", Protocol: "UDP"}}},
	})
}

func TestDeriveSecurity(t *testing.T) {
	with := func(c corev1.SecurityContext) model.AppSpec {
		return image(model.AppSpec{ContainerSpec: model.ContainerSpec{SecurityContext: &c}})
	}
	pod := func(c corev1.PodSecurityContext) model.AppSpec {
		return image(model.AppSpec{Pod: &model.PodSpec{SecurityContext: &c}})
	}
	keptAll := with(corev1.SecurityContext{})
	keptAll.Unset = []fieldpath.Path{"securityContext.capabilities.drop"}
	yes, no, zero := true, false, int64(0)
	all := []corev1.Capability{"ALL"}
	runtime := &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}
	container := func(s model.AppSpec) any { return s.SecurityContext }
	podContext := func(s model.AppSpec) any { return s.Pod.SecurityContext }
	check(t, map[string]example{
		"FieldByField": {"What a layer said stands beside what is derived.", with(corev1.SecurityContext{ReadOnlyRootFilesystem: &no}), container,
			&corev1.SecurityContext{ReadOnlyRootFilesystem: &no, AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: all}}},
		"Added": {"A capability may be added to none.", with(corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"NET_BIND_SERVICE"}}}), container,
			&corev1.SecurityContext{ReadOnlyRootFilesystem: &yes, AllowPrivilegeEscalation: &no,
				Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"NET_BIND_SERVICE"}, Drop: all}}},
		"NothingDropped": {"An empty list is a value.", with(corev1.SecurityContext{Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{}}}), container,
			&corev1.SecurityContext{ReadOnlyRootFilesystem: &yes, AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{}}}},
		"DropRemoved": {"YAML's empty list is an Unset, and means the same.", keptAll, container,
			&corev1.SecurityContext{ReadOnlyRootFilesystem: &yes, AllowPrivilegeEscalation: &no}},
		"Privileged": {"The API server refuses a privileged container that may not gain privileges.", with(corev1.SecurityContext{Privileged: &yes}), container,
			&corev1.SecurityContext{Privileged: &yes, ReadOnlyRootFilesystem: &yes}},
		"SysAdmin": {"It refuses the same with CAP_SYS_ADMIN.", with(corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"CAP_SYS_ADMIN"}}}), container,
			&corev1.SecurityContext{ReadOnlyRootFilesystem: &yes, Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"CAP_SYS_ADMIN"}, Drop: all}}},
		"RootContainer": {"A container that runs as root would not start in a pod that may not.", with(corev1.SecurityContext{RunAsUser: &zero}), container,
			&corev1.SecurityContext{RunAsUser: &zero, RunAsNonRoot: &no, ReadOnlyRootFilesystem: &yes, AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: all}}},
		"RootRefused": {"A pod that a layer forbids to run as root stays so.", image(model.AppSpec{
			Pod:           &model.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: &yes}},
			ContainerSpec: model.ContainerSpec{SecurityContext: &corev1.SecurityContext{RunAsUser: &zero}}}),
			func(s model.AppSpec) any { return s.SecurityContext.RunAsNonRoot }, (*bool)(nil)},
		"Pod": {"The pod is restricted.", image(model.AppSpec{}), podContext,
			&corev1.PodSecurityContext{RunAsNonRoot: &yes, SeccompProfile: runtime}},
		"PodFieldByField": {"What a layer said stands.", pod(corev1.PodSecurityContext{RunAsNonRoot: &no, FSGroup: &zero}), podContext,
			&corev1.PodSecurityContext{RunAsNonRoot: &no, FSGroup: &zero, SeccompProfile: runtime}},
		"RootPod": {"User 0 contradicts runAsNonRoot.", pod(corev1.PodSecurityContext{RunAsUser: &zero}), podContext,
			&corev1.PodSecurityContext{RunAsUser: &zero, SeccompProfile: runtime}},
		"ServiceLinks": {"There are no variables for Services.", image(model.AppSpec{}), func(s model.AppSpec) any { return s.Pod.EnableServiceLinks }, &no},
		"ServiceLinksKept": {"A layer's word stands.", image(model.AppSpec{Pod: &model.PodSpec{EnableServiceLinks: &yes}}),
			func(s model.AppSpec) any { return s.Pod.EnableServiceLinks }, &yes},
	})
}

func TestDeriveScaling(t *testing.T) {
	type numbers struct {
		Replicas, Min, CPU *int32
		Budget             *model.Disruption
		Spread             int
	}
	part := func(s model.AppSpec) any {
		n := numbers{Replicas: s.Replicas, Budget: s.Disruption, Spread: len(s.Pod.TopologySpread)}
		if a := s.Autoscaling; a != nil {
			n.Min, n.CPU = a.MinReplicas, a.CPU
		}
		return n
	}
	with := func(s model.AppSpec, f func(*model.AppSpec)) model.AppSpec { f(&s); return s }
	on := &model.Disruption{Enabled: new(true), MaxUnavailable: number(1)}
	off := &model.Disruption{Enabled: new(false), MaxUnavailable: number(1)}
	i := func(n int32) *int32 { return &n }
	check(t, map[string]example{
		"One":   {"One replica has neither budget nor spread.", image(model.AppSpec{}), part, numbers{Replicas: i(1)}},
		"None":  {"Zero replicas are a value.", replicas(0), part, numbers{Replicas: i(0)}},
		"Two":   {"From two replicas on there are a budget and a spread over zones and hosts.", replicas(2), part, numbers{Replicas: i(2), Budget: on, Spread: 2}},
		"State": {"A StatefulSet is no different.", with(replicas(2), func(s *model.AppSpec) { s.Kind = model.StatefulSet }), part, numbers{Replicas: i(2), Budget: on, Spread: 2}},
		"Autoscaled": {"An autoscaler owns the number; two pods at least.",
			with(replicas(5), func(s *model.AppSpec) { s.Autoscaling = &model.Autoscaling{MaxReplicas: 9} }), part,
			numbers{Min: i(2), CPU: i(80), Budget: on, Spread: 2}},
		"AutoscaledFromOne": {"An autoscaler that may go down to one has no budget: it would block every drain.",
			image(model.AppSpec{Autoscaling: &model.Autoscaling{MinReplicas: i(1), Memory: i(70)}}), part, numbers{Min: i(1)}},
		"BudgetOff":  {"A budget can be switched off.", with(replicas(2), func(s *model.AppSpec) { s.Disruption = &model.Disruption{Enabled: new(false)} }), part, numbers{Replicas: i(2), Budget: off, Spread: 2}},
		"BudgetIdle": {"A budget that is merely tuned waits for the second replica.", with(replicas(1), func(s *model.AppSpec) { s.Disruption = &model.Disruption{} }), part, numbers{Replicas: i(1), Budget: off}},
		"BudgetMin": {"The other bound is left alone.", with(replicas(3), func(s *model.AppSpec) { s.Disruption = &model.Disruption{MinAvailable: percent("50%")} }), part,
			numbers{Replicas: i(3), Budget: &model.Disruption{Enabled: new(true), MinAvailable: percent("50%")}, Spread: 2}},
		"SpreadRemoved": {"A spread that a layer removed is not derived.", with(replicas(2), func(s *model.AppSpec) { s.Unset = []fieldpath.Path{"pod.topologySpread"} }), part, numbers{Replicas: i(2), Budget: on}},
		"DaemonSet": {"A DaemonSet has a pod on each node: inherited numbers do not count.",
			with(replicas(3), func(s *model.AppSpec) {
				s.Kind, s.Autoscaling, s.Disruption = model.DaemonSet, &model.Autoscaling{}, &model.Disruption{}
			}), part, numbers{}},
		"Job": {"A Job neither.", with(replicas(3), func(s *model.AppSpec) { s.Kind, s.Autoscaling = model.Job, &model.Autoscaling{} }), part, numbers{}},
	})
}

func TestDeriveSpreadConstraints(t *testing.T) {
	app := &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": "web"}}
	others := &metav1.LabelSelector{MatchLabels: map[string]string{"tier": "web"}}
	revision := []string{"pod-template-hash"}
	part := func(s model.AppSpec) any { return s.Pod.TopologySpread }
	own := func(c ...corev1.TopologySpreadConstraint) model.AppSpec {
		s := replicas(2)
		s.Pod = &model.PodSpec{TopologySpread: c}
		return s
	}
	stateful := replicas(2)
	stateful.Kind = model.StatefulSet
	check(t, map[string]example{
		"Default": {"Zones and hosts, where it can be.", replicas(2), part, []corev1.TopologySpreadConstraint{
			{MaxSkew: 1, TopologyKey: "topology.kubernetes.io/zone", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: app, MatchLabelKeys: revision},
			{MaxSkew: 1, TopologyKey: "kubernetes.io/hostname", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: app, MatchLabelKeys: revision}}},
		"Stateful": {"The pods of a StatefulSet have no hash of their template.", stateful, part, []corev1.TopologySpreadConstraint{
			{MaxSkew: 1, TopologyKey: "topology.kubernetes.io/zone", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: app},
			{MaxSkew: 1, TopologyKey: "kubernetes.io/hostname", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: app}}},
		"Others": {"Pods that a layer selects may be of other revisions.", own(corev1.TopologySpreadConstraint{TopologyKey: "rack", LabelSelector: others}), part,
			[]corev1.TopologySpreadConstraint{{MaxSkew: 1, TopologyKey: "rack", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: others}}},
		"Completed": {"A layer's constraint is completed, and no other added.", own(corev1.TopologySpreadConstraint{TopologyKey: "rack", MaxSkew: 2}), part,
			[]corev1.TopologySpreadConstraint{{MaxSkew: 2, TopologyKey: "rack", WhenUnsatisfiable: "ScheduleAnyway", LabelSelector: app, MatchLabelKeys: revision}}},
		"Empty": {"An empty list is a value.", own([]corev1.TopologySpreadConstraint{}...), part, []corev1.TopologySpreadConstraint{}},
	})
}

func TestDeriveAutoscaling(t *testing.T) {
	i := func(n int32) *int32 { return &n }
	metric := []autoscalingv2.MetricSpec{{Type: "External"}}
	down := func(n int32) *autoscalingv2.HorizontalPodAutoscalerBehavior {
		return &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleDown: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: &n}}
	}
	part := func(s model.AppSpec) any { return s.Autoscaling }
	with := func(a model.Autoscaling) model.AppSpec { return image(model.AppSpec{Autoscaling: &a}) }
	check(t, map[string]example{
		"Defaults": {"Two pods, 80 % CPU, 300 s.", with(model.Autoscaling{MaxReplicas: 4}), part,
			&model.Autoscaling{MinReplicas: i(2), MaxReplicas: 4, CPU: i(80), Behavior: down(300)}},
		"Metrics": {"Another metric replaces the CPU.", with(model.Autoscaling{Metrics: metric}), part,
			&model.Autoscaling{MinReplicas: i(2), Metrics: metric, Behavior: down(300)}},
		"CPUKept": {"A layer's number stands beside others.", with(model.Autoscaling{CPU: i(50), Memory: i(60)}), part,
			&model.Autoscaling{MinReplicas: i(2), CPU: i(50), Memory: i(60), Behavior: down(300)}},
		"NoWindow": {"Zero seconds are a value.", with(model.Autoscaling{Behavior: down(0)}), part,
			&model.Autoscaling{MinReplicas: i(2), CPU: i(80), Behavior: down(0)}},
	})
}

func TestDeriveUpdateStrategy(t *testing.T) {
	i := func(n int32) *int32 { return &n }
	part := func(s model.AppSpec) any { return s.UpdateStrategy }
	with := func(k model.WorkloadKind, r model.UpdateStrategy) model.AppSpec {
		return image(model.AppSpec{Kind: k, UpdateStrategy: &r})
	}
	check(t, map[string]example{
		"Deployment": {"A quarter at a time, none missing.", image(model.AppSpec{}), part,
			&model.UpdateStrategy{Type: "RollingUpdate", MaxSurge: percent("25%"), MaxUnavailable: number(0), RevisionHistoryLimit: i(3)}},
		"NoSurge": {"Both zero is refused, so that one may be missing.", with(model.Deployment, model.UpdateStrategy{MaxSurge: percent("0%")}), part,
			&model.UpdateStrategy{Type: "RollingUpdate", MaxSurge: percent("0%"), MaxUnavailable: number(1), RevisionHistoryLimit: i(3)}},
		"Recreate": {"Recreate has no numbers, inherited ones neither.", with(model.Deployment, model.UpdateStrategy{Type: "Recreate", MaxSurge: number(1)}), part,
			&model.UpdateStrategy{Type: "Recreate", RevisionHistoryLimit: i(3)}},
		"StatefulSet": {"A StatefulSet keeps its order.", with(model.StatefulSet, model.UpdateStrategy{Partition: i(0), RevisionHistoryLimit: i(0)}), part,
			&model.UpdateStrategy{Type: "RollingUpdate", Partition: i(0), RevisionHistoryLimit: i(0)}},
		"OnDelete":  {"OnDelete has no numbers.", with(model.DaemonSet, model.UpdateStrategy{Type: "OnDelete", MaxUnavailable: number(1)}), part, &model.UpdateStrategy{Type: "OnDelete", RevisionHistoryLimit: i(3)}},
		"DaemonSet": {"A DaemonSet has Kubernetes' numbers.", kind(model.DaemonSet), part, &model.UpdateStrategy{Type: "RollingUpdate", RevisionHistoryLimit: i(3)}},
		"Job":       {"A Job is not rolled out.", kind(model.Job), part, (*model.UpdateStrategy)(nil)},
	})
}

func TestDeriveServices(t *testing.T) {
	type service struct {
		Enabled bool
		Name    string
		Type    corev1.ServiceType
	}
	part := func(s model.AppSpec) any {
		if s.Service == nil {
			return nil
		}
		return service{*s.Service.Enabled, s.Service.Name, s.Service.Type}
	}
	ports := func(s model.AppSpec, p ...model.Port) model.AppSpec { s.Ports = p; return image(s) }
	http, metrics := model.Port{Name: "http"}, model.Port{Name: "metrics", Private: new(true)}
	off := model.AppSpec{Service: &model.Service{Enabled: new(false), Name: "x", ServiceSpec: model.ServiceSpec{Type: "NodePort"}}}
	named := model.AppSpec{Service: &model.Service{ServiceSpec: model.ServiceSpec{Ports: []string{"metrics"}}}}
	check(t, map[string]example{
		"Ports":     {"There is a Service where there are ports.", ports(model.AppSpec{}, http), part, service{true, "web", "ClusterIP"}},
		"NoPorts":   {"And none where there are none.", ports(model.AppSpec{}), part, service{false, "web", "ClusterIP"}},
		"Private":   {"Private ports do not count.", ports(model.AppSpec{}, metrics), part, service{false, "web", "ClusterIP"}},
		"Named":     {"They do where the Service names them.", ports(named, metrics), part, service{true, "web", "ClusterIP"}},
		"Said":      {"A layer's word stands.", ports(off, http), part, service{false, "x", "NodePort"}},
		"Job":       {"Nobody calls a Job.", ports(model.AppSpec{Kind: model.Job}, http), part, nil},
		"Inherited": {"What a Job inherits is switched off.", ports(model.AppSpec{Kind: model.Job, Service: &model.Service{}}, http), part, service{}},
		"Further": {"Further Services have the same type.", ports(model.AppSpec{Services: []model.NamedService{{Name: "a"}}}, http),
			func(s model.AppSpec) any { return s.Services[0].Type }, corev1.ServiceTypeClusterIP},
	})
}

func TestDeriveGoverningService(t *testing.T) {
	set := func(service *model.Service, name string) model.AppSpec {
		s := image(model.AppSpec{Kind: model.StatefulSet, Service: service})
		s.Ports = []model.Port{{Name: "sql", Port: 1}}
		if name != "" {
			s.StatefulSet = &model.StatefulSetSpec{ServiceName: name}
		}
		return s
	}
	own := model.Service{Name: "db", ServiceSpec: model.ServiceSpec{Headless: new(true)}}
	off := own
	off.Enabled = new(false)
	part := func(s model.AppSpec) any {
		if s.StatefulSet == nil {
			return nil
		}
		return s.StatefulSet.ServiceName
	}
	check(t, map[string]example{
		"Default":    {"Pods get their names from a Service of their own.", set(nil, ""), part, "web-headless"},
		"Headless":   {"Or from the app's, where it is headless.", set(&own, ""), part, "db"},
		"Off":        {"And exists.", set(&off, ""), part, "web-headless"},
		"Said":       {"A layer's word stands.", set(&own, "db-pods"), part, "db-pods"},
		"Deployment": {"Pods of a Deployment have no names.", image(model.AppSpec{Service: &own}), part, nil},
	})
}

func TestDeriveOthers(t *testing.T) {
	rules := model.AppSpec{ServiceAccount: &model.ServiceAccount{Rules: []rbacv1.PolicyRule{{Verbs: []string{"get"}}}}}
	forever := kind(model.CronJob)
	forever.Unset = []fieldpath.Path{"job.activeDeadlineSeconds", "schedule.startingDeadlineSeconds"}
	i32, i64 := func(n int32) *int32 { return &n }, func(n int64) *int64 { return &n }
	token := func(s model.AppSpec) any { return *s.ServiceAccount.AutomountToken }
	claim := model.AppSpec{Kind: model.NoWorkload, Volumes: []model.Volume{{Name: "a", Claim: &model.Claim{}}, {Name: "b"}}}
	check(t, map[string]example{
		"Account": {"Pods run as an account of their own without a token.", image(model.AppSpec{}), func(s model.AppSpec) any { return s.ServiceAccount },
			&model.ServiceAccount{Name: "web", Create: new(true), AutomountToken: new(false)}},
		"AccountKept": {"A layer's word stands.", image(model.AppSpec{ServiceAccount: &model.ServiceAccount{Name: "x", Create: new(false)}}),
			func(s model.AppSpec) any { return s.ServiceAccount }, &model.ServiceAccount{Name: "x", Create: new(false), AutomountToken: new(false)}},
		"Token":       {"Rules need a token.", image(rules), token, true},
		"TokenOfPods": {"The pods do as the account says.", image(rules), func(s model.AppSpec) any { return *s.Pod.AutomountToken }, true},
		"TokenApart": {"They may say something else.", image(model.AppSpec{ServiceAccount: rules.ServiceAccount, Pod: &model.PodSpec{AutomountToken: new(false)}}),
			func(s model.AppSpec) any { return []bool{*s.ServiceAccount.AutomountToken, *s.Pod.AutomountToken} }, []bool{true, false}},
		"Job": {"Three retries, one hour, new pods.", kind(model.Job), func(s model.AppSpec) any { return s.Job },
			&model.JobSpec{BackoffLimit: i32(3), ActiveDeadlineSeconds: i64(3600), RestartPolicy: "Never"}},
		"JobReplaced": {"Argo CD deletes a Job that changes, and creates it anew.", kind(model.Job), func(s model.AppSpec) any { return s.Annotations },
			map[string]string{"argocd.argoproj.io/sync-options": "Replace=true,Force=true"}},
		"JobKept": {"A layer's word stands.", image(model.AppSpec{Kind: model.Job, Annotations: map[string]string{"argocd.argoproj.io/sync-options": "Prune=false"}}),
			func(s model.AppSpec) any { return s.Annotations }, map[string]string{"argocd.argoproj.io/sync-options": "Prune=false"}},
		"CronJob": {"A CronJob changes in place.", kind(model.CronJob), func(s model.AppSpec) any { return s.Annotations }, map[string]string(nil)},
		"JobZero": {"No retry is a value.", image(model.AppSpec{Kind: model.CronJob, Job: &model.JobSpec{BackoffLimit: i32(0), RestartPolicy: "OnFailure"}}),
			func(s model.AppSpec) any { return s.Job }, &model.JobSpec{BackoffLimit: i32(0), ActiveDeadlineSeconds: i64(3600), RestartPolicy: "OnFailure"}},
		"Schedule": {"Runs do not overlap.", kind(model.CronJob), func(s model.AppSpec) any { return s.Schedule },
			&model.Schedule{TimeZone: "Etc/UTC", ConcurrencyPolicy: "Forbid", StartingDeadlineSeconds: i64(300), SuccessfulJobsHistoryLimit: i32(3), FailedJobsHistoryLimit: i32(1)}},
		"NoDeadlines": {"Deadlines that a layer removed are not derived.", forever,
			func(s model.AppSpec) any {
				return []*int64{s.Job.ActiveDeadlineSeconds, s.Schedule.StartingDeadlineSeconds}
			}, []*int64{nil, nil}},
		"NoSchedule": {"A Deployment has no jobs.", image(model.AppSpec{}), func(s model.AppSpec) any { return s.Job == nil && s.Schedule == nil }, true},
		"Claim": {"Claims are objects also where nothing runs.", claim, func(s model.AppSpec) any { return s.Volumes },
			[]model.Volume{{Name: "a", Claim: &model.Claim{AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"}}}, {Name: "b"}}},
		"NoWorkload": {"Where nothing runs, nothing is derived.", model.AppSpec{Kind: model.NoWorkload, Labels: map[string]string{"a": "b"}},
			func(s model.AppSpec) any { return s }, model.AppSpec{Kind: model.NoWorkload, Labels: map[string]string{"a": "b"}}},
	})
}

func TestDeriveWritable(t *testing.T) {
	tmp := func(s model.AppSpec) model.AppSpec { s.Writable = []string{"/tmp"}; return image(s) }
	mounts := func(c model.ContainerSpec) (out []string) {
		for _, m := range c.Mounts {
			out = append(out, m.Volume+" at "+m.MountPath)
		}
		return out
	}
	names := func(s model.AppSpec) (out []string) {
		for _, v := range s.Volumes {
			out = append(out, v.Name)
		}
		return out
	}
	main := func(s model.AppSpec) any { return mounts(s.ContainerSpec) }
	all := func(s model.AppSpec) any { return names(s) }
	several := model.AppSpec{
		Sidecars: []model.Container{{Name: "proxy", ContainerSpec: model.ContainerSpec{Image: "p:1", Writable: []string{"/tmp", "/var/Cache_x"}}}},
		Hooks:    []model.Hook{{Name: "migrate", ContainerSpec: model.ContainerSpec{Writable: []string{"/tmp"}}}}}
	check(t, map[string]example{
		"Main":    {"A path is a volume.", tmp(model.AppSpec{}), main, []string{"tmp at /tmp"}},
		"Several": {"Each container has its own.", tmp(several), all, []string{"migrate-tmp", "tmp", "proxy-tmp", "proxy-var-cache-x"}},
		"Mounted": {"What is mounted there stays.", tmp(model.AppSpec{Volumes: []model.Volume{{Name: "scratch", MountPath: "/tmp", EmptyDir: &corev1.EmptyDirVolumeSource{}}}}), all, []string{"scratch"}},
		"Taken":   {"A name that is taken is not used.", tmp(model.AppSpec{Config: []model.Config{{Name: "tmp"}}}), main, []string{"writable-tmp at /tmp"}},
	})
}

func TestDeriveIdempotent(t *testing.T) {
	for name, spec := range map[string]model.AppSpec{
		"deployment": replicas(3), "statefulset": kind(model.StatefulSet), "daemonset": kind(model.DaemonSet),
		"cronjob": kind(model.CronJob), "none": {Kind: model.NoWorkload},
		"autoscaled": image(model.AppSpec{Autoscaling: &model.Autoscaling{MaxReplicas: 5}}),
	} {
		once := derived(spec)
		if diff := cmp.Diff(once, derived(once)); diff != "" {
			t.Errorf("%s: deriving again changes the spec (-once +twice):\n%s", name, diff)
		}
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range features.Default().Defaults() {
		if r.ID == "" || r.Doc == "" || seen[r.ID] {
			t.Errorf("rule %q needs a text and an id of its own", r.ID)
		}
		seen[r.ID] = true
	}
	data, err := json.Marshal(derived(replicas(2)))
	if err != nil || len(data) == 0 {
		t.Errorf("a complete spec has a JSON form, got %v", err)
	}
}
