package kind

import "slices"

// Claim is the kind of claims, of which a controller may make some for its pods.
var Claim = Name{"", "PersistentVolumeClaim"}

var (
	pod      = Name{"", "Pod"}
	revision = Name{"apps", "ControllerRevision"}
)

// Paths that several kinds have.
var (
	template    = []string{"spec", "template"}
	jobTemplate = []string{"spec", "jobTemplate", "spec", "template"}
	replicas    = []string{"spec", "replicas"}
	onDelete    = []string{"spec", "updateStrategy", "type"}
	paused      = []string{"spec", "paused"}
)

// dnsLabel is the reason for names that are used as DNS labels.
const dnsLabel = "which is a DNS label"

// described are the kinds about which more than the scope is known. What is fixed
// is from the validation of updates in Kubernetes 1.36; definitions of well-known
// operators follow below.
var described = slices.Concat(workloads, configuration, network, storage, access, classes, operated)

var workloads = []Kind{
	{
		Name:    Name{"apps", "Deployment"},
		Creates: []Name{{"apps", "ReplicaSet"}, pod}, PodTemplate: template, Replicas: replicas, Serves: true,
		Rollout: &Rollout{HeldBy: paused, Held: true},
		Fixed:   fixed(RenameOrOutage, "spec.selector"),
	},
	{
		Name:    Name{"apps", "StatefulSet"},
		Creates: []Name{revision, pod, Claim}, PodTemplate: template, Replicas: replicas, Serves: true,
		Rollout: &Rollout{HeldBy: onDelete, Held: "OnDelete", Partition: []string{"spec", "updateStrategy", "rollingUpdate", "partition"}},
		Claims:  &Claims{[]string{"spec", "volumeClaimTemplates"}, []string{"spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"}},
		Limit:   NameLimit{Most: 52, Why: "which its pods carry as a label, with a hash of 11"},
		Fixed: Fixed{Remedy: Orphan, Fields: []Field{{Path: "spec", Except: []string{"spec.replicas", "spec.template", "spec.updateStrategy",
			"spec.minReadySeconds", "spec.ordinals", "spec.revisionHistoryLimit", "spec.persistentVolumeClaimRetentionPolicy"}}}},
	},
	{
		Name:    Name{"apps", "DaemonSet"},
		Creates: []Name{revision, pod}, PodTemplate: template, Serves: true,
		Rollout: &Rollout{HeldBy: onDelete, Held: "OnDelete", PerNode: true},
		Fixed:   fixed(RenameOrOutage, "spec.selector"),
	},
	{
		Name: Name{"apps", "ReplicaSet"}, PodTemplate: template, Replicas: replicas, Serves: true,
		Fixed: fixed(Recreate, "spec.selector"),
	},
	{Name: Name{"", "ReplicationController"}, PodTemplate: template, Replicas: replicas, Serves: true},
	{
		Name:    Name{"batch", "CronJob"},
		Creates: []Name{{"batch", "Job"}, pod}, PodTemplate: jobTemplate,
		Limit: NameLimit{Most: 52, Why: "to which its Jobs add 11"},
	},
	{
		Name:    Name{"batch", "Job"},
		Creates: []Name{pod}, PodTemplate: template,
		Limit: NameLimit{Most: 63, Why: "which its pods carry as a label"},
		Fixed: fixed(Rerun, "spec.selector", "spec.completionMode", "spec.podFailurePolicy", "spec.backoffLimitPerIndex", "spec.managedBy", "spec.successPolicy").
			with(Field{Path: "spec.template", When: notSuspended}, Field{Path: "spec.completions", When: notIndexed}),
	},
	{
		Name: pod, PodTemplate: []string{}, Serves: true,
		Fixed: Fixed{Remedy: Recreate, Fields: []Field{{Path: "spec", Except: []string{"spec.containers.image", "spec.initContainers.image",
			"spec.activeDeadlineSeconds", "spec.tolerations"}}}},
	},
	{Name: Name{"", "PodTemplate"}, PodTemplate: []string{"template"}},
	{Name: Name{"autoscaling", "HorizontalPodAutoscaler"}, Scaler: &Scaler{Least: []string{"spec", "minReplicas"}}},
}

var configuration = []Kind{
	{Name: Name{"", "Namespace"}, Limit: NameLimit{Most: 63, Why: dnsLabel, Form: Label1123}},
	{Name: Name{"", "Secret"}, Fixed: fixed(Recreate, "type").ifImmutable("data", "stringData", "immutable")},
	{Name: Name{"", "ConfigMap"}, Fixed: fixed(Rename).ifImmutable("data", "binaryData", "immutable")},
	{
		Name:      Name{"apiextensions.k8s.io", "CustomResourceDefinition"},
		HoldsData: true, // all objects of its kind
		Fixed:     fixed(RenameOrLoss, "spec.group", "spec.scope", "spec.names.kind", "spec.names.plural"),
	},
}

var network = []Kind{
	{
		Name:  Name{"", "Service"},
		Limit: NameLimit{Most: 63, Why: dnsLabel, Form: Label1035},
		Fixed: Fixed{Remedy: Recreate, Fields: []Field{
			{Path: "spec.clusterIP", When: inCluster}, {Path: "spec.clusterIPs", When: otherAddress}, {Path: "spec.ipFamilies", When: otherFamily},
			{Path: "spec.loadBalancerClass", When: stays("type", "LoadBalancer")},
			{Path: "spec.healthCheckNodePort", When: stays("externalTrafficPolicy", "Local")},
		}},
	},
	{Name: Name{"discovery.k8s.io", "EndpointSlice"}, Fixed: fixed(Recreate, "addressType")},
	{Name: Name{"networking.k8s.io", "NetworkPolicy"}, Lists: policyLists},
	{Name: Name{"extensions", "NetworkPolicy"}, Lists: policyLists},
	{Name: Name{gatewayAPI, "HTTPRoute"}, Lists: hostnames},
	{Name: Name{gatewayAPI, "GRPCRoute"}, Lists: hostnames},
	{Name: Name{gatewayAPI, "TLSRoute"}, Lists: hostnames},
}

const gatewayAPI = "gateway.networking.k8s.io"

var hostnames = map[string]List{"spec.hostnames": set()}

var policyLists = map[string]List{
	"spec.policyTypes": set(), "spec.ingress": set(), "spec.ingress.from": set(), "spec.ingress.ports": set("port", "protocol"),
	"spec.egress": set(), "spec.egress.to": set(), "spec.egress.ports": set("port", "protocol"),
}

var storage = []Kind{
	{
		Name: Claim, HoldsData: true,
		Fixed: Fixed{Remedy: CopyData, Fields: []Field{
			{Path: "spec", Except: []string{"spec.resources.requests.storage", "spec.volumeAttributesClassName"}},
			{Path: "spec.resources.requests.storage", When: shrinks},
		}},
	},
	{
		Name: Name{"", "PersistentVolume"}, HoldsData: true,
		Fixed: Fixed{Remedy: CopyData, Fields: []Field{{Path: "spec", Except: []string{"spec.capacity", "spec.accessModes", "spec.claimRef",
			"spec.persistentVolumeReclaimPolicy", "spec.storageClassName", "spec.mountOptions", "spec.volumeAttributesClassName"}}}},
	},
}

var access = []Kind{
	{Name: Name{rbac, "Role"}, Limit: NameLimit{Form: Segment}, Lists: ruleLists},
	{Name: Name{rbac, "ClusterRole"}, Limit: NameLimit{Form: Segment}, Lists: ruleLists},
	{Name: Name{rbac, "RoleBinding"}, Limit: NameLimit{Form: Segment}, Fixed: fixed(Recreate, "roleRef"), Lists: subjects},
	{Name: Name{rbac, "ClusterRoleBinding"}, Limit: NameLimit{Form: Segment}, Fixed: fixed(Recreate, "roleRef"), Lists: subjects},
}

const rbac = "rbac.authorization.k8s.io"

var (
	ruleLists = map[string]List{"rules": set(), "rules.apiGroups": set(), "rules.resources": set(), "rules.resourceNames": set(),
		"rules.verbs": set(), "rules.nonResourceURLs": set()}
	subjects = map[string]List{"subjects": set("kind", "namespace", "name")}
)

var classes = []Kind{
	{Name: Name{"storage.k8s.io", "StorageClass"}, Fixed: fixed(Recreate, "provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")},
	{Name: Name{"storage.k8s.io", "VolumeAttributesClass"}, Fixed: fixed(Rename, "driverName", "parameters")},
	{Name: Name{"storage.k8s.io", "CSIDriver"}, Fixed: fixed(Recreate, "spec.attachRequired", "spec.volumeLifecycleModes")},
	{Name: Name{"scheduling.k8s.io", "PriorityClass"}, Fixed: fixed(Recreate, "value", "preemptionPolicy")},
	{Name: Name{"node.k8s.io", "RuntimeClass"}, Fixed: fixed(Recreate, "handler")},
	{Name: Name{"networking.k8s.io", "IngressClass"}, Fixed: fixed(Recreate, "spec.controller")},
}

// operated are kinds of operators.
var operated = []Kind{
	{Name: Name{"argoproj.io", "AppProject"}, Lists: map[string]List{
		"spec.sourceRepos": set(), "spec.destinations": set("server", "name", "namespace"), "spec.syncWindows": set(),
		"spec.clusterResourceWhitelist": set("group", "kind", "name"), "spec.namespaceResourceWhitelist": set("group", "kind"),
		"spec.clusterResourceBlacklist": set("group", "kind", "name"), "spec.namespaceResourceBlacklist": set("group", "kind"),
		"spec.roles.policies": set(), "spec.roles.groups": set(),
	}},
	{Name: Name{"argoproj.io", "Application"}, Lists: applicationLists},
	{Name: Name{"argoproj.io", "ApplicationSet"}, Lists: applicationLists},
	{Name: Name{"cert-manager.io", "Certificate"}, Lists: dnsNames},
	{Name: Name{"acme.cert-manager.io", "Order"}, Lists: dnsNames},
	{Name: Name{"networking.istio.io", "Sidecar"}, Lists: map[string]List{"spec.ingress": set(), "spec.egress": set()}},
	{Name: Name{"argoproj.io", "Rollout"}, PodTemplate: template, Replicas: replicas, Serves: true, Rollout: &Rollout{HeldBy: paused, Held: true}},
	{Name: Name{"keda.sh", "ScaledObject"}, Creates: []Name{{"autoscaling", "HorizontalPodAutoscaler"}}, Scaler: &Scaler{Least: []string{"spec", "minReplicaCount"}, Target: "Deployment"}},
	{Name: Name{"keda.sh", "ScaledJob"}, Creates: []Name{{"batch", "Job"}, pod}, PodTemplate: []string{"spec", "jobTargetRef", "template"}},
	{Name: Name{"snapshot.storage.k8s.io", "VolumeSnapshot"}, HoldsData: true},
	{Name: Name{"snapshot.storage.k8s.io", "VolumeSnapshotContent"}, HoldsData: true},
}

var dnsNames = map[string]List{"spec.dnsNames": set()}

var applicationLists = map[string]List{
	"syncPolicy.syncOptions": set(), "spec.ignoreDifferences": set("group", "kind", "namespace", "name"), "ignoreDifferences.jsonPointers": set(),
}
