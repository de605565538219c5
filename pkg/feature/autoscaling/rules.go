package autoscaling

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/rules"
)

// Where rules come from.
const (
	objectDocs   = "https://keda.sh/docs/latest/reference/scaledobject-spec/"
	jobDocs      = "https://keda.sh/docs/latest/reference/scaledjob-spec/"
	scalerDocs   = "https://keda.sh/docs/latest/scalers/"
	verticalDocs = "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/"
)

// documentation returns the rules of autoscalers.
func documentation() []rules.Rule { return slices.Concat(kedaRules(), podRules()) }

// kedaRules returns the rules of what KEDA scales.
func kedaRules() []rules.Rule {
	return []rules.Rule{
		{ID: "keda-bounds",
			Reason: "KEDA rejects a ScaledObject whose maximum is below its minimum, or whose idle replicas are not below it; and the HorizontalPodAutoscaler that it makes supports no other number of idle replicas than 0.",
			Fix:    "keep idleReplicas at 0, below minReplicas, and minReplicas at or below maxReplicas",
			Source: objectDocs},
		{ID: "keda-budget",
			Reason: "A budget that keeps as many pods as KEDA keeps at least allows no eviction when there is little to do, and a node cannot be drained until somebody changes the budget.",
			Fix:    "use maxUnavailable: 1, or raise minReplicas",
			Source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"},
		{ID: "keda-cron",
			Reason: "A cron trigger asks for a number of pods from one time to another; without a schedule, a later end or a number, it never scales.",
			Fix:    "write start and end as five fields, and the number of pods between them",
			Source: scalerDocs + "cron/"},
		{ID: "keda-fallback",
			Reason: "KEDA falls back when it cannot read a trigger, and it does not read cpu and memory itself.",
			Fix:    "remove the fallback, or add another trigger",
			Source: objectDocs + "#fallback"},
		{ID: "keda-formula",
			Reason: "A formula uses the names of triggers as variables, and reads a dash in one as a subtraction.",
			Fix:    "write the name without dashes",
			Source: objectDocs + "#scalingmodifiers"},
		{ID: "keda-job",
			Reason: "A ScaledJob makes Jobs and has no HorizontalPodAutoscaler, so what configures one has no effect, and there is no use of cpu or memory to scale by.",
			Fix:    "remove the field",
			Source: jobDocs},
		{ID: "keda-job-config",
			Reason: "Kustomize adds a hash to the names of ConfigMaps, and changes the references to them only in kinds that it knows. The Jobs of a ScaledJob would not find theirs.",
			Fix:    "set stableName: true on the entry of config",
			Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/"},
		{ID: "keda-kafka-topic",
			Reason: "Without a topic, KEDA asks the consumer group for its topics. A group without consumers has only those that it has committed to, so an app that was scaled to zero may stay there.",
			Fix:    "name the topic, or keep one pod",
			Source: scalerDocs + "apache-kafka/"},
		{ID: "keda-no-trigger",
			Reason: "KEDA rejects an object without triggers, and nothing else scales the workload.",
			Fix:    "add a trigger",
			Source: objectDocs + "#triggers"},
		{ID: "keda-paused",
			Reason: "KEDA does not scale while it is paused, whatever the load is, and nothing on the cluster reports it.",
			Fix:    "remove paused once the reason is gone",
			Source: "https://keda.sh/docs/latest/concepts/scaling-deployments/#pause-autoscaling"},
		{ID: "keda-secret-key",
			Reason: "The Secret does not have the key, so KEDA could not authenticate itself and would not scale.",
			Fix:    "use one of those that the finding lists",
			Source: "https://keda.sh/docs/latest/concepts/authentication/"},
		{ID: "keda-zero",
			Reason: "Pods that do not exist use no cpu or memory, so these alone never scale from zero, and KEDA rejects the object.",
			Fix:    "keep one pod, or add another trigger",
			Source: scalerDocs + "cpu/"},
		{ID: "keda-zero-route",
			Reason: "A request does not start pods: while there are none, clients get an error.",
			Fix:    "keep one pod",
			Source: "https://keda.sh/docs/latest/concepts/scaling-deployments/"},
	}
}

// podRules returns the rules of the requests of pods.
func podRules() []rules.Rule {
	return []rules.Rule{
		{ID: "scaling-without-request",
			Reason: "The use is measured in percent of the request; without one, KEDA rejects the object or never scales.",
			Fix:    "add the request, or use averageValue",
			Source: scalerDocs + "cpu/"},
		{ID: "unknown-container",
			Reason: "The pods do not have a container with the name, so the entry has no effect.",
			Fix:    "use one of those that the finding lists",
			Source: "https://kubernetes.io/docs/concepts/workloads/pods/"},
		{ID: "vertical-bounds",
			Reason: "No recommendation is within bounds whose maximum is below the minimum.",
			Fix:    "raise maxAllowed, or lower minAllowed",
			Source: verticalDocs + "api.md"},
		{ID: "vertical-one-replica",
			Reason: "By default, the updater evicts pods only of workloads with two replicas or more, so the recommendations for a single pod are not applied until it restarts for another reason.",
			Fix:    "run two replicas, use Initial, or set minReplicas to 1 and accept the outage",
			Source: verticalDocs + "known-limitations.md"},
		{ID: "vertical-target",
			Reason: "The recommender finds pods through a workload that it knows, and the Jobs of a ScaledJob are made one by one.",
			Fix:    "remove verticalAutoscaling",
			Source: verticalDocs + "known-limitations.md"},
	}
}
