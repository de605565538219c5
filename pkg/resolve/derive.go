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
	{RuleDoc{"workload-kind", "An app is a Deployment unless it says otherwise, and no workload where it brings objects along and no layer names an image."}, deriveKind},
	{RuleDoc{"container-name", "The main container bears the app's name."}, deriveContainerName},
	{RuleDoc{"hook", "A hook runs before the sync, with the image and the resources of the main container, and ends after ten minutes. Before the first sync, and after everything was deleted, there is no account of its own: it runs as default."}, deriveHooks},
	{RuleDoc{"no-value", "An environment variable without a source is the empty text."}, eachContainer(deriveEnv)},
	{RuleDoc{"port-protocol", "Ports are TCP."}, eachContainer(derivePorts)},
	{RuleDoc{"memory-limit", "The memory limit equals the request: memory that was given cannot be taken back. There is no CPU limit, which would only slow pods down."}, eachContainer(deriveMemory)},
	{RuleDoc{"restricted-container", "Containers meet the restricted pod security standard: no more privileges than at the start, no capabilities, a root file system that cannot be written."}, eachContainer(deriveSecurity)},
	{RuleDoc{"writable", "A path that a container may write to is an empty directory, named after the path, where nothing is mounted already."}, eachContainer(deriveWritable)},
	{RuleDoc{"restricted-pod", "Pods meet the restricted pod security standard: not as root, and with the runtime's seccomp profile."}, derivePodSecurity},
	{RuleDoc{"no-service-links", "Pods get no variables for the Services of the namespace."}, deriveServiceLinks},
	{RuleDoc{"own-service-account", "Pods run as an account of their own, whose token is mounted only where rules are given; the pods do as the account says."}, deriveAccount},
	{RuleDoc{"service", "There is a Service where there are ports that are not private; its type is ClusterIP. A load balancer that lets only some networks in keeps the address of the caller, which the network policy checks."}, deriveService},
	{RuleDoc{"governing-service", "A StatefulSet's pods get their names from the app's Service where that is headless, and else from one that is made for them, NAME-headless."}, deriveGoverning},
	{RuleDoc{"autoscaling", "An autoscaler keeps two pods at least, aims at 80 % of the CPU request, and waits 300 s before it scales down. Only a Deployment or StatefulSet has one."}, deriveAutoscaling},
	{RuleDoc{"replicas", "There is one replica. There is no number where an autoscaler owns it, or where the kind of workload has none."}, deriveReplicas},
	{RuleDoc{"update-strategy", "A quarter of a Deployment's pods is replaced at a time, and none is missing; three old revisions are kept. A strategy other than RollingUpdate has no numbers."}, deriveUpdateStrategy},
	{RuleDoc{"disruption-budget", "From two replicas on, one pod at a time may be evicted. Only a Deployment or StatefulSet has a budget."}, deriveDisruption},
	{RuleDoc{"topology-spread", "From two replicas on, pods spread over zones and hosts where they can."}, deriveSpread},
	{RuleDoc{"job", "Jobs retry three times, end after an hour, and run in new pods."}, deriveJob},
	{RuleDoc{"schedule", "Runs of a CronJob never overlap, may start five minutes late, and are timed in UTC; three good and one failed run are kept."}, deriveSchedule},
	{RuleDoc{"sync", "Argo CD syncs by itself, prunes, heals and tries again five times; in production it asks a person before it deletes."}, deriveSync},
	{RuleDoc{"job-replaced", "Argo CD replaces a Job that changes in any field: Kubernetes cannot change its pods, so it is deleted, also while it runs, and created anew. The name stays, since a new one for each image would hide the image from the overlays; the pods and logs of the last run go with it. Argo CD compares such an app by itself instead of asking the API server, which would refuse the comparison."}, deriveReplaced},
	{RuleDoc{"autoscaler-owns-replicas", "Argo CD does not compare the replicas of what an autoscaler scales."}, deriveIgnored},
	{RuleDoc{"secret-place", "Secrets lie in the environment's store, in an entry by environment, app and name; a key of a Secret is a property there. What names the environment is not part of the base."}, deriveSecretPlaces},
	{RuleDoc{"secret-policy", "Secrets are owned by their ExternalSecret, kept when the value goes away, and read again every hour."}, deriveSecretPolicies},
	{RuleDoc{"route", "A route's hosts are completed by the environment's domain; it is attached to the gateway or ingress class of the cluster, of the environment, or the only one of the fleet; its first port is served, and it is HTTP. The base has no routes: they are the environment's."}, deriveRoutes},
	{RuleDoc{"route-rules", "Everything under a host is served by the app itself, by prefixes of the path, and all backends alike."}, deriveRouteRules},
	{RuleDoc{"certificate", "A certificate is the environment's issuer's; its key is ECDSA of 256 bits and changes at each renewal. From a public issuer, it is renewed when a third of its life is left; from a private one, it lives 90 days and is renewed 30 days before the end."}, deriveCertificates},
	{RuleDoc{"dns-record", "Names of records are completed by the environment's domain; a record is a CNAME."}, deriveDNS},
	{RuleDoc{"mesh", "Pods join the service mesh by a sidecar."}, deriveMesh},
	{RuleDoc{"claim-mode", "Claims are mounted by one node."}, deriveClaims},
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
		production: r.Production(t.Environment), platform: r.platformIn(t.Scope), r: r}
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
