package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// RuleDoc describes a default that is filled in after the layers are merged.
type RuleDoc struct {
	// ID is the rule's stable id, as Origin.Rule has it.
	ID string
	// Doc says what the rule does, and why.
	Doc string
}

// Rules describes all rules, in the order in which they apply. A rule fills in
// what no layer said; the few that take something away, because Kubernetes
// refuses it beside what else was said, say so.
func Rules() []RuleDoc {
	out := make([]RuleDoc, len(rules))
	for i, r := range rules {
		out[i] = r.RuleDoc
	}
	return out
}

// rule is a RuleDoc and what it does. Applying it again changes nothing.
type rule struct {
	RuleDoc
	apply func(*derivation)
}

// rules are all rules. A rule may rely on what those before it filled in.
var rules = []rule{
	{RuleDoc{"workload-kind", "An app is a Deployment unless it sets another kind. It has no workload if it has objects and no layer sets an image."}, deriveKind},
	{RuleDoc{"container-name", "The main container has the name of the app."}, deriveContainerName},
	{RuleDoc{"hook", "A hook runs before the sync, with the image and the resources of the main container, and times out after ten minutes. Before the first sync and after the app is deleted, the service account of the app does not exist, so PreSync and PostDelete hooks run as the service account default."}, deriveHooks},
	{RuleDoc{"no-value", "An environment variable without a source is the empty string."}, eachContainer(deriveEnv)},
	{RuleDoc{"port-protocol", "The protocol of a port is TCP."}, eachContainer(derivePorts)},
	{RuleDoc{"memory-limit", "The memory limit equals the request, because memory cannot be reclaimed from a running container. There is no CPU limit, which would only slow pods down."}, eachContainer(deriveMemory)},
	{RuleDoc{"restricted-container", "Containers meet the restricted pod security standard: no privilege escalation, no capabilities and a read-only root file system."}, eachContainer(deriveSecurity)},
	{RuleDoc{"writable", "A writable path is an emptyDir volume, named after the path, unless something is already mounted there."}, eachContainer(deriveWritable)},
	{RuleDoc{"restricted-pod", "Pods meet the restricted pod security standard: they do not run as root, and use the seccomp profile RuntimeDefault."}, derivePodSecurity},
	{RuleDoc{"no-service-links", "Pods get no environment variables for the Services of the namespace."}, deriveServiceLinks},
	{RuleDoc{"own-service-account", "Pods run as their own service account, whose token is mounted only if the app sets rules; the pods use the setting of the account."}, deriveAccount},
	{RuleDoc{"service", "An app with ports that are not private has a Service of type ClusterIP. A load balancer that allows only some networks preserves the client address, which the network policy checks."}, deriveService},
	{RuleDoc{"governing-service", "The pods of a StatefulSet get their DNS names from the Service of the app if it is headless, and otherwise from a generated Service, NAME-headless."}, deriveGoverning},
	{RuleDoc{"autoscaling", "An autoscaler keeps at least two pods, has a target of 80% of the CPU request, and waits 300 seconds before it scales down. Only a Deployment or a StatefulSet has one."}, deriveAutoscaling},
	{RuleDoc{"replicas", "There is one replica. The number is omitted if an autoscaler owns it, or if the kind of workload has none."}, deriveReplicas},
	{RuleDoc{"update-strategy", "A Deployment replaces a quarter of its pods at a time, without unavailable pods, and keeps three old revisions. A strategy other than RollingUpdate has no numbers."}, deriveUpdateStrategy},
	{RuleDoc{"disruption-budget", "With two or more replicas, one pod at a time can be evicted. Only a Deployment or a StatefulSet has a disruption budget."}, deriveDisruption},
	{RuleDoc{"topology-spread", "With two or more replicas, pods are spread over zones and hosts where possible."}, deriveSpread},
	{RuleDoc{"job", "Jobs retry three times, time out after an hour, and run each attempt in a new pod."}, deriveJob},
	{RuleDoc{"schedule", "Runs of a CronJob never overlap, can start up to five minutes late, and are scheduled in UTC; three successful runs and one failed run are kept."}, deriveSchedule},
	{RuleDoc{"sync", "Argo CD syncs automatically, prunes, heals and retries five times; in production, a person has to confirm deletions."}, deriveSync},
	{RuleDoc{"job-replaced", "Argo CD replaces a Job when any of its fields changes: the pods of a Job cannot be changed, so the Job is deleted, even while it runs, and created again. It keeps its name, because a new name for each image would hide the image from the overlays; the pods and logs of the last run are deleted with it. Argo CD compares such an app itself instead of asking the API server, which would reject the comparison."}, deriveReplaced},
	{RuleDoc{"autoscaler-owns-replicas", "Argo CD does not compare the replicas of a workload with an autoscaler."}, deriveIgnored},
	{RuleDoc{"secret-place", "Secrets are read from the store of the environment, from an entry named after environment, app and Secret; each key of a Secret is a property of it. What names the environment is not part of the base."}, deriveSecretPlaces},
	{RuleDoc{"secret-policy", "Secrets are owned by their ExternalSecret, retained when the value is deleted from the store, and refreshed every hour."}, deriveSecretPolicies},
	{RuleDoc{"route", "The hosts of a route are completed with the domain of the environment. The route is attached to the gateway or ingress class of the cluster or the environment, or to the only one of the fleet; it serves the first port, with HTTP. The base has no routes, because they depend on the environment."}, deriveRoutes},
	{RuleDoc{"route-rules", "The app itself serves everything below a host; paths match by prefix, and all backends have the same weight."}, deriveRouteRules},
	{RuleDoc{"certificate", "A certificate comes from the issuer of the environment; its key is ECDSA with 256 bits and changes at each renewal. From a public issuer, it is renewed when a third of its lifetime is left; from a private one, it is valid for 90 days and renewed 30 days before it expires."}, deriveCertificates},
	{RuleDoc{"dns-record", "Names of DNS records are completed with the domain of the environment; the default type is CNAME."}, deriveDNS},
	{RuleDoc{"mesh", "Pods join the service mesh with a sidecar."}, deriveMesh},
	{RuleDoc{"claim-mode", "A claim can be mounted by one node."}, deriveClaims},
}

// derivation is a target that rules are applied to, and what they may know
// beside its spec.
type derivation struct {
	app, project string
	spec         *model.AppSpec
	// env is the environment of the scope, nil in the base; production tells that
	// people depend on it.
	env        *model.Environment
	production bool
	// platform is what the platform offers; nil in the base.
	platform *view.Platform
	r        *Resolver
	// objectsOnly tells that the app brings objects along and names no image, in
	// any layer of any scope, so that base and overlays agree on the kind.
	objectsOnly bool
	// removed are the paths that some layer unset: where nobody set them again,
	// and nothing is something that a user may want, nothing is derived.
	removed map[fieldpath.Path]bool
}

// derivation returns the derivation of a target that was merged from layers.
func (r *Resolver) derivation(t *view.Target, layers []layer) *derivation {
	d := &derivation{app: t.App, project: t.Project, spec: &t.Spec, env: r.envs[t.Environment],
		production: r.Production(t.Environment), platform: r.Platform(t.Scope), r: r}
	if t.Spec.Kind == "" && t.Spec.Image == "" {
		d.objectsOnly = r.objectsOnly(r.apps[t.App])
	}
	for _, l := range layers {
		for _, p := range l.spec.Unset {
			if d.removed == nil {
				d.removed = map[fieldpath.Path]bool{}
			}
			if steps, err := p.Steps(); err == nil {
				d.removed[canonical(steps)] = true
			}
		}
	}
	return d
}

// objectsOnly reports whether some layer of an app brings objects along and
// none names an image.
func (r *Resolver) objectsOnly(a *model.App) bool {
	objects := false
	for _, s := range append([]view.Scope{{}}, r.scopes...) {
		var buf [maxLayers]layer
		for _, l := range r.layers(buf[:0], a, s) {
			if l.spec.Image != "" {
				return false
			}
			objects = objects || len(l.spec.Objects) > 0
		}
	}
	return objects
}

// runs reports whether the target has a workload of one of these kinds, or of
// any where none is given.
func (d *derivation) runs(kinds ...model.WorkloadKind) bool {
	if len(kinds) == 0 {
		return d.spec.Kind != model.NoWorkload
	}
	return slices.Contains(kinds, d.spec.Kind)
}

// runsPods reports whether the target has a workload or hooks.
func (d *derivation) runsPods() bool { return d.runs() || len(d.spec.Hooks) > 0 }

// least returns the least number of pods that the target keeps.
func (d *derivation) least() int32 {
	switch {
	case d.spec.Autoscaling != nil:
		return *d.spec.Autoscaling.MinReplicas
	case d.spec.Replicas != nil:
		return *d.spec.Replicas
	}
	return 0
}

func deriveKind(d *derivation) {
	kind := model.Deployment
	if d.objectsOnly {
		kind = model.NoWorkload
	}
	fill.Zero(&d.spec.Kind, kind)
}
