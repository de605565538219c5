package model

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/api/resource"
)

// KEDA scales by events: a ScaledObject (keda.sh) of a Deployment or StatefulSet,
// whose replicas it owns, or a ScaledJob in place of a Job. KEDA must be installed
// on the clusters.
type KEDA struct {
	// MinReplicas is the minimum number of pods, or of Jobs that are always there.
	// With 0, there are no pods until a trigger is active. Default: 0, or 1 if all
	// triggers are cpu or memory, which cannot scale from zero.
	MinReplicas *int32 `json:"minReplicas,omitempty"`
	// MaxReplicas is the maximum number of pods, or of Jobs that run at the same
	// time. Required.
	MaxReplicas int32 `json:"maxReplicas,omitempty"`
	// IdleReplicas is the number of pods while no trigger is active. It is less than
	// MinReplicas, and KEDA supports only 0. Default: MinReplicas.
	IdleReplicas *int32 `json:"idleReplicas,omitempty"`
	// PollingInterval is the time between two checks of the triggers, in seconds.
	// KEDA's default: 30.
	PollingInterval *int32 `json:"pollingInterval,omitempty"`
	// CooldownPeriod is the time from the last active trigger until KEDA scales to
	// zero, in seconds. KEDA's default: 300.
	CooldownPeriod *int32 `json:"cooldownPeriod,omitempty"`
	// InitialCooldownPeriod is the time from the creation until KEDA first scales to
	// zero, in seconds. KEDA's default: 0.
	InitialCooldownPeriod *int32 `json:"initialCooldownPeriod,omitempty"`
	// Triggers are what KEDA scales by; the one that asks for the most pods wins. At
	// least one is required.
	Triggers []KEDATrigger `json:"triggers,omitempty" merge:"name"`
	// Fallback is the number of pods while KEDA cannot read a trigger; not of a Job.
	// Default: the number stays as it is.
	Fallback *KEDAFallback `json:"fallback,omitempty"`
	// ScalingModifiers compose the triggers into one metric; not of a Job. Default:
	// each trigger counts by itself.
	ScalingModifiers *KEDAScalingModifiers `json:"scalingModifiers,omitempty"`
	// Behavior configures the speed of scaling between one pod and MaxReplicas; not
	// of a Job. Kubernetes' default: a window of 300 seconds before scaling down.
	Behavior *autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior,omitempty"`
	// Paused stops scaling, and leaves the number of pods as it is. Default: false.
	Paused *bool `json:"paused,omitempty"`
	// Jobs holds the settings that only a ScaledJob has.
	Jobs *KEDAJobs `json:"jobs,omitempty"`
}

// KEDAFallback is what KEDA does when it cannot read a trigger.
type KEDAFallback struct {
	// FailureThreshold is the number of failed checks after which it applies.
	// Default: 3.
	FailureThreshold *int32 `json:"failureThreshold,omitempty"`
	// Replicas is the number of pods. Required.
	Replicas *int32 `json:"replicas,omitempty"`
	// Behavior is static, currentReplicas, currentReplicasIfHigher,
	// currentReplicasIfLower or scalingModifiers. KEDA's default: static.
	Behavior string `json:"behavior,omitempty"`
}

// KEDAScalingModifiers compose triggers into one metric.
type KEDAScalingModifiers struct {
	// Formula is an expression of the names of triggers, as in "orders + returns".
	// Required.
	Formula string `json:"formula,omitempty"`
	// Target is the value of the formula for each pod, a number as in "10.5".
	// Required.
	Target string `json:"target,omitempty"`
	// ActivationTarget is the value above which KEDA scales from zero. KEDA's
	// default: 0.
	ActivationTarget string `json:"activationTarget,omitempty"`
	// MetricType is AverageValue or Value. KEDA's default: AverageValue.
	MetricType string `json:"metricType,omitempty"`
}

// KEDAJobs holds the settings of a ScaledJob.
type KEDAJobs struct {
	// Rollout is gradual, which lets running Jobs finish when the ScaledJob changes,
	// or immediate, which deletes them. Default: gradual.
	Rollout string `json:"rollout,omitempty"`
	// ScalingStrategy is default, accurate or eager. KEDA's default: default.
	ScalingStrategy string `json:"scalingStrategy,omitempty"`
	// MultipleScalersCalculation is how several triggers are counted: max, min, avg
	// or sum. KEDA's default: max.
	MultipleScalersCalculation string `json:"multipleScalersCalculation,omitempty"`
	// SuccessfulJobsHistoryLimit is the number of finished Jobs to keep. Default: 5.
	SuccessfulJobsHistoryLimit *int32 `json:"successfulJobsHistoryLimit,omitempty"`
	// FailedJobsHistoryLimit is the number of failed Jobs to keep. Default: 5.
	FailedJobsHistoryLimit *int32 `json:"failedJobsHistoryLimit,omitempty"`
}

// KEDATrigger is something that KEDA scales by. Exactly one of CPU, Memory, Cron,
// Prometheus, Kafka, RabbitMQ, AWSSQS and Type is set.
type KEDATrigger struct {
	// Name is unique in the list, and a DNS label. Formulas use it.
	Name string `json:"name"`
	// CPU is the use of CPU; not of a Job.
	CPU *KEDAResource `json:"cpu,omitempty" oneof:"true"`
	// Memory is the use of memory; not of a Job.
	Memory *KEDAResource `json:"memory,omitempty" oneof:"true"`
	// Cron is a time of the day or week.
	Cron *KEDACron `json:"cron,omitempty" oneof:"true"`
	// Prometheus is the result of a query.
	Prometheus *KEDAPrometheus `json:"prometheus,omitempty" oneof:"true"`
	// Kafka is the lag of a consumer group.
	Kafka *KEDAKafka `json:"kafka,omitempty" oneof:"true"`
	// RabbitMQ is a queue of RabbitMQ.
	RabbitMQ *KEDARabbitMQ `json:"rabbitmq,omitempty" oneof:"true"`
	// AWSSQS is a queue of Amazon SQS.
	AWSSQS *KEDASQS `json:"awsSQS,omitempty" oneof:"true"`
	// Type is the type of any other trigger, as KEDA calls it, as in redis.
	Type string `json:"type,omitempty" oneof:"true"`
	// Metadata are further parameters of the trigger, by KEDA's names.
	Metadata map[string]string `json:"metadata,omitempty"`
	// MetricType is AverageValue, which is divided by the number of pods, or Value;
	// not of cpu and memory. KEDA's default: AverageValue.
	MetricType string `json:"metricType,omitempty"`
	// UseCachedMetrics asks the source only once in a PollingInterval. Default:
	// false.
	UseCachedMetrics *bool `json:"useCachedMetrics,omitempty"`
	// Authentication is how KEDA authenticates itself to the source. Default: not
	// at all.
	Authentication *KEDAAuthentication `json:"authentication,omitempty"`
}

// KEDAAuthentication is how KEDA authenticates itself to a source. Secrets and
// PodIdentity are a TriggerAuthentication named APP-TRIGGER.
type KEDAAuthentication struct {
	// Secrets are parameters of the trigger that are keys of Secrets.
	Secrets []KEDASecret `json:"secrets,omitempty" merge:"parameter"`
	// PodIdentity is an identity of the cloud.
	PodIdentity *KEDAPodIdentity `json:"podIdentity,omitempty"`
	// Existing names an object on the cluster, instead of the other fields.
	Existing *KEDAAuthenticationRef `json:"existing,omitempty"`
}

// KEDASecret is a parameter of a trigger that is a key of a Secret.
type KEDASecret struct {
	// Parameter is the parameter, as in password.
	Parameter string `json:"parameter"`
	// SecretKeySelector names an entry of the app's Secrets, or a Secret of the
	// namespace, and its key.
	SecretKeySelector `json:",inline"`
}

// KEDAPodIdentity is an identity of the cloud.
type KEDAPodIdentity struct {
	// Provider is aws, azure-workload or gcp. Required.
	Provider string `json:"provider,omitempty"`
	// IdentityID is the client id of the identity; azure-workload. Default: that of
	// KEDA.
	IdentityID string `json:"identityID,omitempty"`
	// RoleARN is the role to assume; aws. At most one of RoleARN and IdentityOwner
	// is set.
	RoleARN string `json:"roleARN,omitempty" oneof:"true"`
	// IdentityOwner is keda, or workload for the role of the app's service account;
	// aws. KEDA's default: keda.
	IdentityOwner string `json:"identityOwner,omitempty" oneof:"true"`
}

// KEDAAuthenticationRef names an object on the cluster that is created elsewhere.
type KEDAAuthenticationRef struct {
	// Name is the object's name.
	Name string `json:"name"`
	// Kind is TriggerAuthentication or ClusterTriggerAuthentication. Default:
	// ClusterTriggerAuthentication.
	Kind string `json:"kind,omitempty"`
}

// KEDAResource is a target for CPU or memory. At most one of Utilization and
// AverageValue is set.
type KEDAResource struct {
	// Utilization is the average use, in percent of the request. Default: 80 if
	// AverageValue is not set.
	Utilization *int32 `json:"utilization,omitempty" oneof:"true"`
	// AverageValue is the average use of a pod, as in 500m or 1Gi.
	AverageValue *resource.Quantity `json:"averageValue,omitempty" oneof:"true"`
	// Container is the only container that counts. Default: all of the pod.
	Container string `json:"container,omitempty"`
}

// KEDACron is a time of the day or week with a number of pods.
type KEDACron struct {
	// TimeZone is an IANA time zone. Default: Etc/UTC.
	TimeZone string `json:"timeZone,omitempty"`
	// Start and End are schedules of five fields, as in "0 6 * * 1-5". Required, and
	// they differ.
	Start string `json:"start,omitempty"`
	// End is when the time ends.
	End string `json:"end,omitempty"`
	// DesiredReplicas is the number of pods from Start to End. Required.
	DesiredReplicas int32 `json:"desiredReplicas,omitempty"`
}

// KEDAPrometheus is a query of Prometheus.
type KEDAPrometheus struct {
	// ServerAddress is the URL of the server, as in http://prometheus.monitoring:9090.
	// Required.
	ServerAddress string `json:"serverAddress,omitempty"`
	// Query is the PromQL query; its result is a single number. Required.
	Query string `json:"query,omitempty"`
	// Threshold is the value for each pod, a number as in "100.5". Required.
	Threshold string `json:"threshold,omitempty"`
	// ActivationThreshold is the value above which KEDA scales from zero. KEDA's
	// default: 0.
	ActivationThreshold string `json:"activationThreshold,omitempty"`
	// Namespace is the namespace of queries that have one, such as those of Thanos.
	Namespace string `json:"namespace,omitempty"`
	// IgnoreNullValues takes a query without a result as 0, which also scales down
	// when Prometheus has lost its targets. KEDA's default: true.
	IgnoreNullValues *bool `json:"ignoreNullValues,omitempty"`
	// AuthModes are bearer, basic, tls and custom, whose parameters Authentication
	// has.
	AuthModes []string `json:"authModes,omitempty"`
}

// KEDAKafka is the lag of a consumer group of Kafka.
type KEDAKafka struct {
	// BootstrapServers are the addresses of brokers, as in kafka.kafka:9092.
	// Required.
	BootstrapServers []string `json:"bootstrapServers,omitempty"`
	// ConsumerGroup is the group. Required.
	ConsumerGroup string `json:"consumerGroup,omitempty"`
	// Topic is the topic. Default: all topics of the group.
	Topic string `json:"topic,omitempty"`
	// LagThreshold is the number of messages for each pod. KEDA's default: 10.
	LagThreshold *int64 `json:"lagThreshold,omitempty"`
	// ActivationLagThreshold is the number of messages above which KEDA scales from
	// zero. KEDA's default: 0.
	ActivationLagThreshold *int64 `json:"activationLagThreshold,omitempty"`
	// OffsetResetPolicy is latest or earliest. KEDA's default: latest.
	OffsetResetPolicy string `json:"offsetResetPolicy,omitempty"`
	// AllowIdleConsumers allows more pods than the topic has partitions. Default:
	// false.
	AllowIdleConsumers *bool `json:"allowIdleConsumers,omitempty"`
	// ExcludePersistentLag leaves out partitions whose offset does not move.
	// Default: false.
	ExcludePersistentLag *bool `json:"excludePersistentLag,omitempty"`
	// Version is the version of the brokers. KEDA's default: 1.0.0.
	Version string `json:"version,omitempty"`
	// SASL is plaintext, scram_sha256, scram_sha512, gssapi or oauthbearer; its
	// parameters are in Authentication. Default: none.
	SASL string `json:"sasl,omitempty"`
	// TLS encrypts the connection. Default: false.
	TLS *bool `json:"tls,omitempty"`
}

// KEDARabbitMQ is a queue of RabbitMQ. Its host is the parameter host of
// Authentication, HostFromEnv, or Host where it holds no password.
type KEDARabbitMQ struct {
	// Host is the URL, as in http://rabbitmq.queues:15672/.
	Host string `json:"host,omitempty" oneof:"true"`
	// HostFromEnv names the environment variable of the main container that holds
	// the URL.
	HostFromEnv string `json:"hostFromEnv,omitempty" oneof:"true"`
	// QueueName is the queue. Required.
	QueueName string `json:"queueName,omitempty"`
	// VHostName is the virtual host. Default: that of the URL.
	VHostName string `json:"vhostName,omitempty"`
	// Protocol is auto, http or amqp. KEDA's default: auto.
	Protocol string `json:"protocol,omitempty"`
	// Mode is QueueLength, MessageRate, DeliverGetRate, PublishedToDeliveredRatio or
	// ExpectedQueueConsumptionTime; all but the first need http. Default:
	// QueueLength.
	Mode string `json:"mode,omitempty"`
	// Value is the value for each pod, a number as in "20". Required.
	Value string `json:"value,omitempty"`
	// ActivationValue is the value above which KEDA scales from zero. KEDA's
	// default: 0.
	ActivationValue string `json:"activationValue,omitempty"`
	// ExcludeUnacknowledged counts ready messages only; it needs http. Default:
	// false.
	ExcludeUnacknowledged *bool `json:"excludeUnacknowledged,omitempty"`
}

// KEDASQS is a queue of Amazon SQS.
type KEDASQS struct {
	// QueueURL is the URL or the name of the queue.
	QueueURL string `json:"queueURL,omitempty" oneof:"true"`
	// QueueURLFromEnv names the environment variable of the main container that
	// holds the URL.
	QueueURLFromEnv string `json:"queueURLFromEnv,omitempty" oneof:"true"`
	// AWSRegion is the region of the queue, as in eu-west-1. Required.
	AWSRegion string `json:"awsRegion,omitempty"`
	// QueueLength is the number of messages for each pod. KEDA's default: 5.
	QueueLength *int64 `json:"queueLength,omitempty"`
	// ActivationQueueLength is the number of messages above which KEDA scales from
	// zero. KEDA's default: 0.
	ActivationQueueLength *int64 `json:"activationQueueLength,omitempty"`
	// ScaleOnInFlight counts messages that are being processed. KEDA's default: true.
	ScaleOnInFlight *bool `json:"scaleOnInFlight,omitempty"`
	// ScaleOnDelayed counts messages that are delayed. KEDA's default: false.
	ScaleOnDelayed *bool `json:"scaleOnDelayed,omitempty"`
}
