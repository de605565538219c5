package kind

var (
	pod      = Name{"", "Pod"}
	revision = Name{"apps", "ControllerRevision"}
	claim    = Name{"", "PersistentVolumeClaim"}

	onDelete = []string{"spec", "updateStrategy", "type"}
	paused   = []string{"spec", "paused"}
)

// dnsLabel is the reason for names that are used as DNS labels.
const dnsLabel = "which is a DNS label"

// traits are the kinds about which more than the scope is known. What is fixed is
// from the validation of updates in Kubernetes 1.36; definitions of well-known
// operators follow below.
var traits = map[Name]Traits{
	{"apps", "Deployment"}: {
		Creates: []Name{{"apps", "ReplicaSet"}, pod},
		Rollout: &Rollout{HeldBy: paused, Held: true},
		Fixed:   Fixed{Fields: []string{"spec.selector"}, Remedy: RenameOrOutage},
	},
	{"apps", "StatefulSet"}: {
		Creates: []Name{revision, pod, claim},
		Rollout: &Rollout{HeldBy: onDelete, Held: "OnDelete", Partition: []string{"spec", "updateStrategy", "rollingUpdate", "partition"}},
		Name:    NameLimit{Most: 52, Why: "which its pods carry as a label, with a hash of 11"},
		Fixed: Fixed{Fields: []string{"spec"}, Except: []string{"spec.replicas", "spec.template", "spec.updateStrategy", "spec.minReadySeconds",
			"spec.ordinals", "spec.revisionHistoryLimit", "spec.persistentVolumeClaimRetentionPolicy"}, Remedy: Orphan},
	},
	{"apps", "DaemonSet"}: {
		Creates: []Name{revision, pod},
		Rollout: &Rollout{HeldBy: onDelete, Held: "OnDelete", PerNode: true},
		Fixed:   Fixed{Fields: []string{"spec.selector"}, Remedy: RenameOrOutage},
	},
	{"apps", "ReplicaSet"}: {
		Fixed: Fixed{Fields: []string{"spec.selector"}, Remedy: Recreate},
	},
	{"batch", "CronJob"}: {
		Creates: []Name{{"batch", "Job"}, pod},
		Name:    NameLimit{Most: 52, Why: "to which its Jobs add 11"},
	},
	{"batch", "Job"}: {
		Creates: []Name{pod},
		Name:    NameLimit{Most: 63, Why: "which its pods carry as a label"},
		Fixed: Fixed{Fields: []string{"spec.template", "spec.selector", "spec.completions", "spec.completionMode", "spec.podFailurePolicy",
			"spec.backoffLimitPerIndex", "spec.managedBy", "spec.successPolicy"}, Remedy: Rerun},
	},
	pod: {
		Fixed: Fixed{Fields: []string{"spec"}, Except: []string{"spec.containers.image", "spec.initContainers.image", "spec.activeDeadlineSeconds",
			"spec.tolerations"}, Remedy: Recreate},
	},
	{"", "Namespace"}: {Name: NameLimit{Most: 63, Why: dnsLabel, Form: Label1123}},
	{"", "Service"}: {
		Name:  NameLimit{Most: 63, Why: dnsLabel, Form: Label1035},
		Fixed: Fixed{Fields: []string{"spec.clusterIP", "spec.clusterIPs", "spec.loadBalancerClass", "spec.healthCheckNodePort"}, Remedy: Recreate},
	},
	{"", "Secret"}:    {Fixed: Fixed{Fields: []string{"type"}, Remedy: Recreate}},
	{"", "ConfigMap"}: {Fixed: Fixed{Remedy: Rename}}, // where it says that it is immutable
	claim: {
		HoldsData: true,
		Fixed:     Fixed{Fields: []string{"spec"}, Except: []string{"spec.resources.requests.storage", "spec.volumeAttributesClassName"}, Remedy: CopyData},
	},
	{"", "PersistentVolume"}: {
		HoldsData: true,
		Fixed: Fixed{Fields: []string{"spec"}, Except: []string{"spec.capacity", "spec.accessModes", "spec.claimRef", "spec.persistentVolumeReclaimPolicy",
			"spec.storageClassName", "spec.mountOptions", "spec.volumeAttributesClassName"}, Remedy: CopyData},
	},
	{"discovery.k8s.io", "EndpointSlice"}:               {Fixed: Fixed{Fields: []string{"addressType"}, Remedy: Recreate}},
	{"rbac.authorization.k8s.io", "RoleBinding"}:        {Fixed: Fixed{Fields: []string{"roleRef"}, Remedy: Recreate}},
	{"rbac.authorization.k8s.io", "ClusterRoleBinding"}: {Fixed: Fixed{Fields: []string{"roleRef"}, Remedy: Recreate}},
	{"storage.k8s.io", "StorageClass"}: {
		Fixed: Fixed{Fields: []string{"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"}, Remedy: Recreate},
	},
	{"storage.k8s.io", "VolumeAttributesClass"}: {Fixed: Fixed{Fields: []string{"driverName", "parameters"}, Remedy: Rename}},
	{"storage.k8s.io", "CSIDriver"}:             {Fixed: Fixed{Fields: []string{"spec.attachRequired", "spec.volumeLifecycleModes"}, Remedy: Recreate}},
	{"scheduling.k8s.io", "PriorityClass"}:      {Fixed: Fixed{Fields: []string{"value", "preemptionPolicy"}, Remedy: Recreate}},
	{"node.k8s.io", "RuntimeClass"}:             {Fixed: Fixed{Fields: []string{"handler"}, Remedy: Recreate}},
	{"networking.k8s.io", "IngressClass"}:       {Fixed: Fixed{Fields: []string{"spec.controller"}, Remedy: Recreate}},
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: {
		HoldsData: true, // all objects of its kind
		Fixed:     Fixed{Fields: []string{"spec.group", "spec.scope", "spec.names.kind", "spec.names.plural"}, Remedy: RenameOrLoss},
	},

	{"argoproj.io", "Rollout"}:                           {Rollout: &Rollout{HeldBy: paused, Held: true}},
	{"snapshot.storage.k8s.io", "VolumeSnapshot"}:        {HoldsData: true},
	{"snapshot.storage.k8s.io", "VolumeSnapshotContent"}: {HoldsData: true},
}
