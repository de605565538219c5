package resolve

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// merged lays all layers over each other.
func merged(layers ...model.AppSpec) model.AppSpec {
	var out model.AppSpec
	for i := range layers {
		overlay(&out, &layers[i])
	}
	return out
}

func container(c model.ContainerSpec) model.AppSpec { return model.AppSpec{ContainerSpec: c} }

func env(vars ...model.EnvVar) model.AppSpec {
	return container(model.ContainerSpec{Env: vars})
}

func literal(name, value string) model.EnvVar { return model.EnvVar{Name: name, Value: &value} }

func quantities(pairs ...string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

func httpGet(port int32) corev1.ProbeHandler {
	return corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(port)}}
}

func TestMergeValues(t *testing.T) {
	cases := map[string]struct {
		reason string
		layers []model.AppSpec
		want   model.AppSpec
	}{
		"ScalarReplaced": {
			reason: "The later layer wins.",
			layers: []model.AppSpec{container(model.ContainerSpec{Image: "a:1"}), container(model.ContainerSpec{Image: "a:2"})},
			want:   container(model.ContainerSpec{Image: "a:2"}),
		},
		"ScalarKept": {
			reason: "What a later layer does not say is inherited.",
			layers: []model.AppSpec{container(model.ContainerSpec{Image: "a:1"}), {Kind: model.Job}},
			want:   model.AppSpec{Kind: model.Job, ContainerSpec: model.ContainerSpec{Image: "a:1"}},
		},
		"ZeroIsAValue": {
			reason: "A pointer to zero is a value like any other.",
			layers: []model.AppSpec{{Replicas: new(int32(3))}, {Replicas: new(int32(0))}},
			want:   model.AppSpec{Replicas: new(int32(0))},
		},
		"FalseIsAValue": {
			reason: "So is a pointer to false.",
			layers: []model.AppSpec{
				{Pod: &model.PodSpec{HostNetwork: new(true)}}, {Pod: &model.PodSpec{HostNetwork: new(false)}}},
			want: model.AppSpec{Pod: &model.PodSpec{HostNetwork: new(false)}},
		},
		"EmptyTextIsAValue": {
			reason: "So is a pointer to the empty text.",
			layers: []model.AppSpec{{Pod: &model.PodSpec{RuntimeClass: new("x")}}, {Pod: &model.PodSpec{RuntimeClass: new("")}}},
			want:   model.AppSpec{Pod: &model.PodSpec{RuntimeClass: new("")}},
		},
		"StructsRecurse": {
			reason: "A struct merges field by field.",
			layers: []model.AppSpec{
				{UpdateStrategy: &model.UpdateStrategy{Type: "Recreate", MinReadySeconds: new(int32(5))}},
				{UpdateStrategy: &model.UpdateStrategy{MinReadySeconds: new(int32(9))}}},
			want: model.AppSpec{UpdateStrategy: &model.UpdateStrategy{Type: "Recreate", MinReadySeconds: new(int32(9))}},
		},
		"EmptyStructIsAValue": {
			reason: "An empty struct makes an absent one present and takes nothing away.",
			layers: []model.AppSpec{{Autoscaling: &model.Autoscaling{}}, {Disruption: &model.Disruption{}}, {Autoscaling: &model.Autoscaling{}}},
			want:   model.AppSpec{Autoscaling: &model.Autoscaling{}, Disruption: &model.Disruption{}},
		},
		"MapsByKey": {
			reason: "Maps merge key by key; an empty text is a value.",
			layers: []model.AppSpec{{Labels: map[string]string{"a": "1", "b": "1"}}, {Labels: map[string]string{"b": "", "c": "2"}}},
			want:   model.AppSpec{Labels: map[string]string{"a": "1", "b": "", "c": "2"}},
		},
		"QuantitiesAreScalars": {
			reason: "A type with its own encoding is replaced as a whole, inside of a map too.",
			layers: []model.AppSpec{
				container(model.ContainerSpec{Resources: &corev1.ResourceRequirements{Requests: quantities("cpu", "100m", "memory", "1Gi")}}),
				container(model.ContainerSpec{Resources: &corev1.ResourceRequirements{Requests: quantities("cpu", "2")}})},
			want: container(model.ContainerSpec{Resources: &corev1.ResourceRequirements{Requests: quantities("cpu", "2", "memory", "1Gi")}}),
		},
		"IntOrStringIsAScalar": {
			reason: "Nothing of the text 25% is left beside the number.",
			layers: []model.AppSpec{
				{UpdateStrategy: &model.UpdateStrategy{MaxSurge: new(intstr.FromString("25%"))}}, {UpdateStrategy: &model.UpdateStrategy{MaxSurge: new(intstr.FromInt32(0))}}},
			want: model.AppSpec{UpdateStrategy: &model.UpdateStrategy{MaxSurge: new(intstr.FromInt32(0))}},
		},
		"UntaggedListReplaced": {
			reason: "A list without names is replaced as a whole.",
			layers: []model.AppSpec{container(model.ContainerSpec{Args: []string{"a", "b"}}), container(model.ContainerSpec{Args: []string{"c"}})},
			want:   container(model.ContainerSpec{Args: []string{"c"}}),
		},
		"EmptyUntaggedListReplaces": {
			reason: "A list that is there and empty is a value; a nil one says nothing.",
			layers: []model.AppSpec{container(model.ContainerSpec{Args: []string{"a"}}), container(model.ContainerSpec{Args: []string{}}), {}},
			want:   container(model.ContainerSpec{Args: []string{}}),
		},
		"ListInsideKubernetesType": {
			reason: "The lists of Kubernetes' own types have no tags.",
			layers: []model.AppSpec{
				{ServiceAccount: &model.ServiceAccount{Name: "a"}, Pod: &model.PodSpec{Tolerations: []corev1.Toleration{{Key: "a"}, {Key: "b"}}}},
				{Pod: &model.PodSpec{Tolerations: []corev1.Toleration{{Key: "c"}}}}},
			want: model.AppSpec{ServiceAccount: &model.ServiceAccount{Name: "a"}, Pod: &model.PodSpec{Tolerations: []corev1.Toleration{{Key: "c"}}}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, merged(tc.layers...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestMergeLists(t *testing.T) {
	object := func(version, name, value string) model.RawObject {
		return model.RawObject{"apiVersion": version, "kind": "Thing", "metadata": map[string]any{"name": name}, "value": value}
	}
	patch := func(name string) model.Patch {
		return model.Patch{Target: &model.PatchTarget{Kind: "Service", Name: name}}
	}
	cases := map[string]struct {
		reason string
		layers []model.AppSpec
		want   model.AppSpec
	}{
		"KeyedMerges": {
			reason: "Known entries merge in place, new ones are appended.",
			layers: []model.AppSpec{
				container(model.ContainerSpec{Ports: []model.Port{{Name: "http", Port: 80, Protocol: "TCP"}, {Name: "grpc", Port: 90}}}),
				container(model.ContainerSpec{Ports: []model.Port{{Name: "debug", Port: 1}, {Name: "http", Port: 8080}}})},
			want: container(model.ContainerSpec{Ports: []model.Port{
				{Name: "http", Port: 8080, Protocol: "TCP"}, {Name: "grpc", Port: 90}, {Name: "debug", Port: 1}}}),
		},
		"KeyedByOtherThanName": {
			reason: "The tag says which field names an entry.",
			layers: []model.AppSpec{
				container(model.ContainerSpec{Mounts: []model.Mount{{MountPath: "/a", Volume: "x", SubPath: "s"}}}),
				container(model.ContainerSpec{Mounts: []model.Mount{{MountPath: "/a", Volume: "y"}}})},
			want: container(model.ContainerSpec{Mounts: []model.Mount{{MountPath: "/a", Volume: "y", SubPath: "s"}}}),
		},
		"KeyedNested": {
			reason: "Named lists merge inside of the entries of named lists.",
			layers: []model.AppSpec{
				{Sidecars: []model.Container{{Name: "proxy", ContainerSpec: model.ContainerSpec{Image: "p:1", Env: []model.EnvVar{literal("A", "1")}}}}},
				{Sidecars: []model.Container{{Name: "proxy", ContainerSpec: model.ContainerSpec{Env: []model.EnvVar{literal("B", "2")}}}}}},
			want: model.AppSpec{Sidecars: []model.Container{{Name: "proxy", ContainerSpec: model.ContainerSpec{
				Image: "p:1", Env: []model.EnvVar{literal("A", "1"), literal("B", "2")}}}}},
		},
		"KeyedReplaced": {
			reason: "An environment variable is replaced as a whole: a source never stands beside an inherited value.",
			layers: []model.AppSpec{
				env(literal("A", "1"), literal("B", "2")),
				env(model.EnvVar{Name: "A", FromSecret: &model.KeySelector{Name: "s", Key: "k"}})},
			want: env(model.EnvVar{Name: "A", FromSecret: &model.KeySelector{Name: "s", Key: "k"}}, literal("B", "2")),
		},
		"NamelessNeverMeet": {
			reason: "Entries without a name, which validation refuses, are kept apart.",
			layers: []model.AppSpec{
				container(model.ContainerSpec{Ports: []model.Port{{Port: 1}}}), container(model.ContainerSpec{Ports: []model.Port{{Port: 2}}})},
			want: container(model.ContainerSpec{Ports: []model.Port{{Port: 1}, {Port: 2}}}),
		},
		"EmptyKeyedListSaysNothing": {
			reason: "A named list merges, so that one without entries changes nothing.",
			layers: []model.AppSpec{env(literal("A", "1")), env([]model.EnvVar{}...)},
			want:   env(literal("A", "1")),
		},
		"Appended": {
			reason: "Patches of all layers apply, earlier layers first, equal ones too.",
			layers: []model.AppSpec{{Patches: []model.Patch{patch("a")}}, {Patches: []model.Patch{patch("b"), patch("a")}}},
			want:   model.AppSpec{Patches: []model.Patch{patch("a"), patch("b"), patch("a")}},
		},
		"ObjectsByIdentity": {
			reason: "An object of the same group, kind, namespace and name is replaced as a whole, whatever its version.",
			layers: []model.AppSpec{
				{Objects: []model.RawObject{object("x.io/v1", "a", "1"), object("x.io/v1", "b", "1")}},
				{Objects: []model.RawObject{object("x.io/v2", "a", "2"), object("y.io/v1", "a", "3")}}},
			want: model.AppSpec{Objects: []model.RawObject{
				object("x.io/v2", "a", "2"), object("x.io/v1", "b", "1"), object("y.io/v1", "a", "3")}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, merged(tc.layers...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestMergeOneOf(t *testing.T) {
	probe := func(p corev1.Probe) model.AppSpec { return container(model.ContainerSpec{Readiness: &p}) }
	stop := func(h corev1.LifecycleHandler) model.AppSpec {
		return container(model.ContainerSpec{Lifecycle: &corev1.Lifecycle{PreStop: &h}})
	}
	volume := func(v model.Volume) model.AppSpec { v.Name = "data"; return model.AppSpec{Volumes: []model.Volume{v}} }
	cases := map[string]struct {
		reason string
		layers []model.AppSpec
		want   model.AppSpec
	}{
		"ProbeSwitches": {
			reason: "Another way to probe drops the inherited one and keeps the times.",
			layers: []model.AppSpec{
				probe(corev1.Probe{ProbeHandler: httpGet(80), PeriodSeconds: 7}),
				probe(corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 90}}})},
			want: probe(corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 90}}, PeriodSeconds: 7}),
		},
		"ProbeKept": {
			reason: "A layer that only changes the times keeps the way to probe.",
			layers: []model.AppSpec{probe(corev1.Probe{ProbeHandler: httpGet(80)}), probe(corev1.Probe{PeriodSeconds: 3})},
			want:   probe(corev1.Probe{ProbeHandler: httpGet(80), PeriodSeconds: 3}),
		},
		"ProbeMerges": {
			reason: "The same way to probe merges.",
			layers: []model.AppSpec{
				probe(corev1.Probe{ProbeHandler: httpGet(80)}),
				probe(corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz"}}})},
			want: probe(corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromInt32(80)}}}),
		},
		"HookSwitches": {
			reason: "A sleep replaces a command.",
			layers: []model.AppSpec{
				stop(corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"x"}}}),
				stop(corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}})},
			want: stop(corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}}),
		},
		"VolumeSwitches": {
			reason: "Another source drops the inherited one and keeps the mount.",
			layers: []model.AppSpec{
				volume(model.Volume{MountPath: "/data", EmptyDir: &corev1.EmptyDirVolumeSource{}}),
				volume(model.Volume{ExistingClaim: "shared"})},
			want: volume(model.Volume{MountPath: "/data", ExistingClaim: "shared"}),
		},
		"EmptyMemberSwitches": {
			reason: "A member without fields is a choice too.",
			layers: []model.AppSpec{volume(model.Volume{ExistingClaim: "shared"}), volume(model.Volume{EmptyDir: &corev1.EmptyDirVolumeSource{}})},
			want:   volume(model.Volume{EmptyDir: &corev1.EmptyDirVolumeSource{}}),
		},
		"DisruptionSwitches": {
			reason: "At most one bound is set; the switch is no part of the choice.",
			layers: []model.AppSpec{
				{Disruption: &model.Disruption{Enabled: new(true), MinAvailable: new(intstr.FromInt32(2))}},
				{Disruption: &model.Disruption{MaxUnavailable: new(intstr.FromInt32(0))}}},
			want: model.AppSpec{Disruption: &model.Disruption{Enabled: new(true), MaxUnavailable: new(intstr.FromInt32(0))}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, merged(tc.layers...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestUnset(t *testing.T) {
	base := func() model.AppSpec {
		s := env(literal("DEBUG", "1"), literal("MODE", "x"))
		s.Resources = &corev1.ResourceRequirements{Limits: quantities("cpu", "1")}
		s.Readiness = &corev1.Probe{ProbeHandler: httpGet(80), PeriodSeconds: 3}
		s.Replicas = new(int32(3))
		s.Labels = map[string]string{"a.b/c": "1", "d": "2"}
		s.Args = []string{"a", "b"}
		s.Objects = []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "x"}}}
		return s
	}
	cases := map[string]struct {
		reason string
		layer  model.AppSpec
		want   func(*model.AppSpec)
	}{
		"Field":           {"A field is gone.", model.AppSpec{Unset: []fieldpath.Path{"replicas"}}, func(s *model.AppSpec) { s.Replicas = nil }},
		"EmbeddedField":   {"Embedded structs have no name of their own.", model.AppSpec{Unset: []fieldpath.Path{"env"}}, func(s *model.AppSpec) { s.Env = nil }},
		"NestedField":     {"The rest of the struct stays.", model.AppSpec{Unset: []fieldpath.Path{"readiness.httpGet"}}, func(s *model.AppSpec) { s.Readiness.HTTPGet = nil }},
		"NamedEntry":      {"The other entries stay.", model.AppSpec{Unset: []fieldpath.Path{"env[DEBUG]"}}, func(s *model.AppSpec) { s.Env = s.Env[1:] }},
		"FieldOfEntry":    {"The entry stays.", model.AppSpec{Unset: []fieldpath.Path{"env[MODE].value"}}, func(s *model.AppSpec) { s.Env[1].Value = nil }},
		"MapKey":          {"The other keys stay.", model.AppSpec{Unset: []fieldpath.Path{"labels[a.b/c]"}}, func(s *model.AppSpec) { delete(s.Labels, "a.b/c") }},
		"MapKeyAfterADot": {"A key without dots may follow a dot.", model.AppSpec{Unset: []fieldpath.Path{"labels.d"}}, func(s *model.AppSpec) { delete(s.Labels, "d") }},
		"LastMapKey":      {"A map without entries is absent.", model.AppSpec{Unset: []fieldpath.Path{"resources.limits[cpu]"}}, func(s *model.AppSpec) { s.Resources.Limits = nil }},
		"Index":           {"Lists without names go by index.", model.AppSpec{Unset: []fieldpath.Path{"args[0]"}}, func(s *model.AppSpec) { s.Args = []string{"b"} }},
		"Object":          {"Whole objects go by kind and name.", model.AppSpec{Unset: []fieldpath.Path{"objects[ConfigMap/x]"}}, func(s *model.AppSpec) { s.Objects = nil }},
		"Nowhere":         {"What nobody set need not be removed.", model.AppSpec{Unset: []fieldpath.Path{"pod.hostNetwork", "env[NONE]", "labels[x]", "a..b"}}, func(*model.AppSpec) {}},
		"ThenSet": {"A layer first removes what it inherits, then sets its own.",
			model.AppSpec{Unset: []fieldpath.Path{"labels"}, Labels: map[string]string{"new": "1"}},
			func(s *model.AppSpec) { s.Labels = map[string]string{"new": "1"} }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			want := base()
			tc.want(&want)
			if diff := cmp.Diff(want, merged(base(), tc.layer)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestUnsetOwnLayer(t *testing.T) {
	l := env(literal("A", "1"))
	l.Unset = []fieldpath.Path{"env[A]"}
	if diff := cmp.Diff(env(literal("A", "1")), merged(l)); diff != "" {
		t.Errorf("Unset concerns what is inherited, not the layer's own values (-want +got):\n%s", diff)
	}
}

func TestCheckUnset(t *testing.T) {
	cases := map[string]struct {
		path fieldpath.Path
		want string
	}{
		"Field":        {"disruption", ""},
		"Embedded":     {"readiness.httpGet.port", ""},
		"Entry":        {"sidecars[proxy].env[DEBUG].value", ""},
		"MapKey":       {"pod.annotations[a.b/c]", ""},
		"DottedKey":    {"resources.limits.cpu", ""},
		"Index":        {"talksTo[0].port", ""},
		"Object":       {"objects[ConfigMap/x]", ""},
		"Free":         {"patches[0].merge.spec.replicas", ""},
		"TopologyKey":  {"pod.topologySpread[kubernetes.io/hostname].maxSkew", ""},
		"Root":         {"", "the path is empty"},
		"Malformed":    {"env[A", `path "env[A": the bracket at offset 3 is not closed`},
		"Misspelt":     {"replica", "there is no field replica: did you mean replicas?"},
		"Unknown":      {"pod.zzz", "pod has no field zzz"},
		"Unset":        {"unset", "there is no field unset"},
		"BelowScalar":  {"image.tag", "image is a single value and has no fields"},
		"BelowPointer": {"replicas.x", "replicas is a single value and has no fields"},
		"DotInList":    {"env.DEBUG", "env is a list: put the name of the entry in brackets, as in env[NAME]"},
		"BracketField": {"pod[hostNetwork]", "pod[hostNetwork]: write a field without brackets"},
		"NoIndex":      {"args[x]", `the entries of args have no names: remove the whole list, or use an index, not "x"`},
		"DotsInKey":    {"labels.a.b", "labels.a is a single value and has no fields"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := CheckUnset(tc.path, nil); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("CheckUnset(%q) (-want +got):\n%s", tc.path, diff)
			}
		})
	}
}
