package model

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// UpdateStrategy is how the pods of a Deployment, StatefulSet or DaemonSet are
// replaced.
type UpdateStrategy struct {
	// Type is RollingUpdate, Recreate (Deployment) or OnDelete (StatefulSet,
	// DaemonSet). Default: RollingUpdate.
	Type string `json:"type,omitempty" was:"strategy"`
	// MaxSurge is a number or percentage of pods above Replicas; Deployment and
	// DaemonSet. Default for a Deployment: 25%.
	MaxSurge *intstr.IntOrString `json:"maxSurge,omitempty"`
	// MaxUnavailable is a number or percentage of pods below Replicas. Default
	// for a Deployment: 0.
	MaxUnavailable *intstr.IntOrString `json:"maxUnavailable,omitempty"`
	// Partition excludes the pods of a StatefulSet below this ordinal from updates.
	Partition *int32 `json:"partition,omitempty"`
	// PodManagement is OrderedReady or Parallel; StatefulSet. Default: OrderedReady.
	PodManagement string `json:"podManagement,omitempty"`
	// MinReadySeconds is how long a new pod must be ready to be available, in
	// seconds.
	MinReadySeconds *int32 `json:"minReadySeconds,omitempty"`
	// ProgressDeadlineSeconds is the time after which the update of a Deployment is
	// reported as failed. Kubernetes' default: 600.
	ProgressDeadlineSeconds *int32 `json:"progressDeadlineSeconds,omitempty"`
	// RevisionHistoryLimit is the number of old revisions to keep. Default: 3.
	RevisionHistoryLimit *int32 `json:"revisionHistoryLimit,omitempty"`
}

// StatefulSetSpec holds the settings that only a StatefulSet has.
type StatefulSetSpec struct {
	// ServiceName names the headless Service that governs the StatefulSet: its pods
	// have their own DNS names there, as in mysql-0.mysql. It is the app's Service,
	// one of Services, or one that is generated with this name. It cannot be changed
	// in an existing StatefulSet. Default: the app's Service if that is headless,
	// else NAME-headless.
	ServiceName string `json:"serviceName,omitempty"`
}

// JobSpec holds the settings of a Job, and of each job of a CronJob.
type JobSpec struct {
	// BackoffLimit is the number of retries. Default: 3.
	BackoffLimit *int32 `json:"backoffLimit,omitempty"`
	// ActiveDeadlineSeconds terminates the job after this time, in seconds. Default:
	// 3600.
	ActiveDeadlineSeconds *int64 `json:"activeDeadlineSeconds,omitempty"`
	// Completions is the desired number of successful pods. Kubernetes' default: 1.
	Completions *int32 `json:"completions,omitempty"`
	// Parallelism is the number of pods that run at the same time. Kubernetes'
	// default: 1.
	Parallelism *int32 `json:"parallelism,omitempty"`
	// TTLSecondsAfterFinished deletes the finished job after this time, in
	// seconds. A Job that Argo CD manages would be created again: use it in
	// CronJobs only. Default: never.
	TTLSecondsAfterFinished *int32 `json:"ttlSecondsAfterFinished,omitempty"`
	// RestartPolicy is Never or OnFailure. Default: Never.
	RestartPolicy corev1.RestartPolicy `json:"restartPolicy,omitempty"`
}

// Schedule is when a CronJob runs.
type Schedule struct {
	// Cron is a schedule of five fields, as in "15 3 * * *".
	Cron string `json:"cron,omitempty"`
	// TimeZone is an IANA time zone. Default: Etc/UTC.
	TimeZone string `json:"timeZone,omitempty"`
	// ConcurrencyPolicy is Allow, Forbid or Replace. Default: Forbid.
	ConcurrencyPolicy string `json:"concurrencyPolicy,omitempty"`
	// StartingDeadlineSeconds is how late a run can start, in seconds. Default: 300.
	StartingDeadlineSeconds *int64 `json:"startingDeadlineSeconds,omitempty"`
	// SuccessfulJobsHistoryLimit is the number of finished jobs to keep. Default: 3.
	SuccessfulJobsHistoryLimit *int32 `json:"successfulJobsHistoryLimit,omitempty"`
	// FailedJobsHistoryLimit is the number of failed jobs to keep. Default: 1.
	FailedJobsHistoryLimit *int32 `json:"failedJobsHistoryLimit,omitempty"`
	// Suspend stops new runs. Default: false.
	Suspend *bool `json:"suspend,omitempty"`
}

// Autoscaling is a HorizontalPodAutoscaler (autoscaling/v2) of a Deployment or
// StatefulSet. It owns the number of replicas.
type Autoscaling struct {
	// MinReplicas is the minimum number of pods. Default: 2.
	MinReplicas *int32 `json:"minReplicas,omitempty"`
	// MaxReplicas is the maximum number of pods. Required.
	MaxReplicas int32 `json:"maxReplicas,omitempty"`
	// CPU is the target for the average utilization, in percent of the request.
	// Default: 80 if neither Memory nor Metrics is set.
	CPU *int32 `json:"cpu,omitempty"`
	// Memory is the target for the average utilization, in percent of the request.
	Memory *int32 `json:"memory,omitempty"`
	// Metrics are further metrics.
	Metrics []autoscalingv2.MetricSpec `json:"metrics,omitempty"`
	// Behavior configures the speed of scaling. Default: a window of 300 seconds
	// before scaling down.
	Behavior *autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior,omitempty"`
}

// Disruption is the PodDisruptionBudget (policy/v1) of a Deployment or
// StatefulSet. At most one of MinAvailable and MaxUnavailable is set.
type Disruption struct {
	// Enabled enables or disables the budget. Default: true with two or more
	// replicas.
	Enabled *bool `json:"enabled,omitempty"`
	// MinAvailable is a number or percentage of pods that must stay available.
	MinAvailable *intstr.IntOrString `json:"minAvailable,omitempty" oneof:"true"`
	// MaxUnavailable is a number or percentage of pods that can be evicted. Default:
	// 1.
	MaxUnavailable *intstr.IntOrString `json:"maxUnavailable,omitempty" oneof:"true"`
}

// PodSpec holds the settings of the pod as a whole.
type PodSpec struct {
	// Labels are added to the pods only.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are added to the pods only.
	Annotations map[string]string `json:"annotations,omitempty"`
	// SafeToEvict tells the cluster autoscaler whether it can evict the pods to remove
	// a node. Default: it decides itself, and keeps nodes with pods that have local
	// storage or no controller.
	SafeToEvict *bool `json:"safeToEvict,omitempty"`
	// SafeToEvictLocalVolumes names volumes whose data can be lost when the cluster
	// autoscaler evicts the pods. Default: none.
	SafeToEvictLocalVolumes []string `json:"safeToEvictLocalVolumes,omitempty"`
	// SecurityContext is the pod's. Default: the restricted pod security standard.
	SecurityContext *corev1.PodSecurityContext `json:"securityContext,omitempty"`
	// ImagePullSecrets names entries of Secrets, or Secrets in the namespace.
	ImagePullSecrets []string `json:"imagePullSecrets,omitempty"`
	// TerminationGracePeriodSeconds is the time that the pod has to terminate, in
	// seconds. Kubernetes' default: 30.
	TerminationGracePeriodSeconds *int64 `json:"terminationGracePeriodSeconds,omitempty"`
	// PriorityClass names a PriorityClass of the cluster.
	PriorityClass string `json:"priorityClass,omitempty"`
	// RuntimeClass names a RuntimeClass of the cluster.
	RuntimeClass *string `json:"runtimeClass,omitempty"`
	// NodeSelector are labels that the node must have.
	NodeSelector map[string]string `json:"nodeSelector,omitempty"`
	// Affinity are the pod's affinities. Default: none.
	Affinity *corev1.Affinity `json:"affinity,omitempty"`
	// Tolerations are the taints that the pod tolerates.
	Tolerations []corev1.Toleration `json:"tolerations,omitempty"`
	// TopologySpread spreads the pods. A constraint without labelSelector gets that
	// of the app. Default with two or more replicas: over zones and hosts,
	// ScheduleAnyway.
	TopologySpread []corev1.TopologySpreadConstraint `json:"topologySpread,omitempty" merge:"topologyKey"`
	// HostAliases are added to /etc/hosts.
	HostAliases []corev1.HostAlias `json:"hostAliases,omitempty"`
	// DNSPolicy is the pod's DNS policy. Kubernetes' default: ClusterFirst.
	DNSPolicy corev1.DNSPolicy `json:"dnsPolicy,omitempty"`
	// HostNetwork runs the pod in the node's network. Default: false.
	HostNetwork *bool `json:"hostNetwork,omitempty"`
	// ShareProcessNamespace shares one process namespace among the containers.
	ShareProcessNamespace *bool `json:"shareProcessNamespace,omitempty"`
	// AutomountToken mounts the token of the service account into the pods,
	// regardless of the setting of the account. Default: as
	// ServiceAccount.AutomountToken.
	AutomountToken *bool `json:"automountToken,omitempty"`
	// EnableServiceLinks adds environment variables for every Service. Default:
	// false.
	EnableServiceLinks *bool `json:"enableServiceLinks,omitempty"`
}

// PodSecurity is a level of the pod security standards, and why it is needed.
type PodSecurity struct {
	// Level is restricted, baseline or privileged. Required.
	Level PodSecurityLevel `json:"level,omitempty"`
	// Reason is why the app needs it. Required.
	Reason string `json:"reason,omitempty"`
}

// ServiceAccount is what the pods run as.
type ServiceAccount struct {
	// Name is an existing account's name when Create is false. Default: the app's name.
	Name string `json:"name,omitempty"`
	// Create generates the account. Default: true.
	Create *bool `json:"create,omitempty"`
	// Annotations are the account's, such as a cloud role.
	Annotations map[string]string `json:"annotations,omitempty"`
	// AutomountToken mounts the API token into pods that run as the account and do
	// not set AutomountToken themselves. Default: true if Rules are set, false
	// otherwise.
	AutomountToken *bool `json:"automountToken,omitempty"`
	// Rules are what the account can do in its namespace: a Role and its binding.
	Rules []rbacv1.PolicyRule `json:"rules,omitempty"`
}
