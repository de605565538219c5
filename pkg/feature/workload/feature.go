package workload

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns what runs the pods of an app.
func Feature() feature.Feature {
	return feature.Feature{
		Name:        "workload",
		Rules:       documentation,
		Defaults:    slices.Concat(podDefaults(), kindDefaults()),
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Facts:       workloadFacts,
		Objects:     feature.Generators(Generate, Hooks),
		CheckFleet:  checkFleet,
	}
}

// podDefaults returns the defaults of the kind, of containers and of all pods.
func podDefaults() []feature.Default {
	return []feature.Default{
		{ID: "workload-kind",
			Doc:   "An app is a Deployment unless it sets another kind. It has no workload if it has objects and no layer sets an image.",
			Apply: deriveKind},
		{ID: "container-name",
			Doc:   "The main container has the name of the app.",
			After: []string{"workload-kind"},
			Apply: deriveContainerName},
		{ID: "hook",
			Doc:   "A hook runs before the sync, with the image and the resources of the main container, and times out after ten minutes. Before the first sync and after the app is deleted, the service account of the app does not exist, so PreSync and PostDelete hooks run as the service account default.",
			After: []string{"workload-kind"},
			Apply: deriveHooks},
		{ID: "no-value",
			Doc:   "An environment variable without a source is the empty string.",
			After: []string{"hook"},
			Apply: eachContainer(deriveEnv)},
		{ID: "port-protocol",
			Doc:   "The protocol of a port is TCP.",
			After: []string{"hook"},
			Apply: eachContainer(derivePorts)},
		{ID: "memory-limit",
			Doc:   "The memory limit equals the request, because memory cannot be reclaimed from a running container. There is no CPU limit, which would only slow pods down.",
			After: []string{"hook"},
			Apply: eachContainer(deriveMemory)},
		{ID: "restricted-container",
			Doc:   "Containers meet the restricted pod security standard: no privilege escalation, no capabilities and a read-only root file system.",
			After: []string{"hook"},
			Apply: eachContainer(deriveSecurity)},
		{ID: "writable",
			Doc:   "A writable path is an emptyDir volume, named after the path, unless something is already mounted there.",
			After: []string{"hook"},
			Apply: eachContainer(deriveWritable)},
		{ID: "restricted-pod",
			Doc:   "Pods meet the restricted pod security standard: they do not run as root, and use the seccomp profile RuntimeDefault.",
			After: []string{"restricted-container"},
			Apply: derivePodSecurity},
		{ID: "no-service-links",
			Doc:   "Pods get no environment variables for the Services of the namespace.",
			After: []string{"hook"},
			Apply: deriveServiceLinks},
	}
}

// kindDefaults returns the defaults of workloads of some kinds.
func kindDefaults() []feature.Default {
	return []feature.Default{
		{ID: "replicas",
			Doc:   "There is one replica. The number is omitted if an autoscaler owns it, or if the kind of workload has none.",
			After: []string{"autoscaling"},
			Apply: deriveReplicas},
		{ID: "update-strategy",
			Doc:   "A Deployment replaces a quarter of its pods at a time, without unavailable pods, and keeps three old revisions. A strategy other than RollingUpdate has no numbers.",
			After: []string{"workload-kind"},
			Apply: deriveUpdateStrategy},
		{ID: "topology-spread",
			Doc:   "With two or more replicas, pods are spread over zones and hosts where possible. Those of a Deployment are spread among the pods of their own revision, from Kubernetes 1.27 on, so that an update does not leave them unevenly spread.",
			After: []string{"replicas"},
			Apply: deriveSpread},
		{ID: "list-order",
			Doc:   "In lists of pods whose order means nothing (environment variables, ports, volumes, mounts, topology spreads), what layers of a cluster say stands first, then what those of the environment say, then the rest: the order that a strategic merge patch gives them. It depends on the layers of the target alone, never on values. A variable takes those along that its value refers to.",
			After: []string{"writable", "topology-spread"},
			Apply: deriveOrder},
		{ID: "job",
			Doc:   "Jobs retry three times, time out after an hour, and run each attempt in a new pod.",
			After: []string{"workload-kind"},
			Apply: deriveJob},
		{ID: "schedule",
			Doc:   "Runs of a CronJob never overlap, can start up to five minutes late, and are scheduled in UTC; three successful runs and one failed run are kept.",
			After: []string{"workload-kind"},
			Apply: deriveSchedule},
		{ID: "job-replaced",
			Doc:   "Argo CD replaces a Job when any of its fields changes: the pods of a Job cannot be changed, so the Job is deleted, even while it runs, and created again. It keeps its name, because a new name for each image would hide the image from the overlays; the pods and logs of the last run are deleted with it. Argo CD compares such an app itself instead of asking the API server, which would reject the comparison.",
			After: []string{"workload-kind", "sync"},
			Apply: deriveReplaced},
	}
}
