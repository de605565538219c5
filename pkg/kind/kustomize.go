package kind

import (
	"slices"
	"strings"
	"sync"
)

// Kustomized is what kustomize makes of a kind: the column of its own
// configuration and schema, which do not follow Kubernetes. It hardly looks at the
// group.
type Kustomized struct {
	// Replicas reports whether its field replicas reaches spec.replicas.
	Replicas bool
	// Labels are the paths, beside the object itself, of what has labels that its
	// field labels reaches with includeTemplates.
	Labels [][]string
	// ConfigMaps are the paths of names of ConfigMaps that it follows. Those below a
	// list are in every entry.
	ConfigMaps [][]string
	// Merge are the merge keys of lists that differ from MergeKeys, by path; nil
	// where a list is replaced.
	Merge map[string][]string
}

// Kustomize returns what kustomize makes of a kind.
func Kustomize(n Name) Kustomized {
	k := kustomized()[n.Kind]
	if only, ok := labelled[n.Kind]; ok && n.Group != only {
		k.Labels = nil
	}
	return k
}

// labelled are the kinds whose templates labels reaches in one group only.
var labelled = map[string]string{"StatefulSet": "apps", "Job": "batch", "CronJob": "batch"}

// kustomized are the kinds of which kustomize knows more than the scope.
var kustomized = sync.OnceValue(func() map[string]Kustomized {
	out := map[string]Kustomized{
		"Role":        {ConfigMaps: [][]string{{"rules", "resourceNames"}}},
		"ClusterRole": {ConfigMaps: [][]string{{"rules", "resourceNames"}}},
		"Ingress":     {ConfigMaps: [][]string{{"metadata", "annotations", "nginx.ingress.kubernetes.io/fastcgi-params-configmap"}}},
		"Service":     {Merge: map[string][]string{"spec.ports": servicePorts}},
		// Those of an account are replaced, unlike a pod's.
		"ServiceAccount":    {Merge: map[string][]string{"imagePullSecrets": nil}},
		"Namespace":         {Merge: map[string][]string{"spec.finalizers": nil}},
		"PodSecurityPolicy": {Merge: map[string][]string{"spec.volumes": nil}},

		"MutatingWebhookConfiguration":   {Merge: map[string][]string{"webhooks": byName}},
		"ValidatingWebhookConfiguration": {Merge: map[string][]string{"webhooks": byName}},
		"CSINode":                        {Merge: map[string][]string{"spec.drivers": byName}},
		"Node":                           {Merge: map[string][]string{"spec.podCIDRs": {Itself}}},
	}
	for _, k := range workloads {
		if k.PodTemplate == nil {
			continue
		}
		x := Kustomized{Replicas: slices.Equal(k.Replicas, replicas)}
		if len(k.PodTemplate) > 1 {
			x.Labels = [][]string{k.PodTemplate}
		}
		if k.Name.Kind != "ReplicationController" { // whose references it does not follow
			x.ConfigMaps = configMaps(k.PodSpec())
		}
		out[k.Name.Kind] = x
	}
	job := out["CronJob"]
	job.Labels = slices.Insert(job.Labels, 0, []string{"spec", "jobTemplate"})
	out["CronJob"] = job
	return out
})

// KustomizePods returns the paths of the specs of pods that kustomize's field
// images reaches in objects of any kind.
func KustomizePods() [][]string {
	var out [][]string
	for _, k := range workloads {
		isAt := func(path []string) bool { return slices.Equal(path, k.PodSpec()) }
		if k.PodTemplate != nil && len(k.PodTemplate) != 1 && !slices.ContainsFunc(out, isAt) {
			out = append(out, k.PodSpec())
		}
	}
	return out
}

// configMaps returns the paths of the names of ConfigMaps in a pod.
func configMaps(pod []string) [][]string {
	var out [][]string
	for _, p := range []string{
		"volumes/configMap/name", "volumes/projected/sources/configMap/name",
		"containers/env/valueFrom/configMapKeyRef/name", "initContainers/env/valueFrom/configMapKeyRef/name",
		"containers/envFrom/configMapRef/name", "initContainers/envFrom/configMapRef/name",
	} {
		out = append(out, slices.Concat(pod, strings.Split(p, "/")))
	}
	return out
}
