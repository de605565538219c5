package resolve

import (
	"cmp"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// factsKey names the target of some facts.
type factsKey struct {
	app string
	view.Scope
}

// Facts returns what an app states in a scope, and whether it runs there. In the
// base, every app does. What others see of an app in a preview is what it is in
// the environment that the preview is like.
func (r *Resolver) Facts(app string, s view.Scope) (*view.Facts, bool) {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return nil, false
	}
	if s.Preview.App != app {
		s = s.Like()
	}
	key := factsKey{app, s}
	if known, ok := r.facts.Load(key); ok {
		return known.(*view.Facts), true
	}
	t := r.Target(app, s)
	known, _ := r.facts.LoadOrStore(key, factsOf(&t))
	return known.(*view.Facts), true
}

// factsOf returns what a target states.
func factsOf(t *view.Target) *view.Facts {
	f := &view.Facts{App: t.App, Namespace: t.Namespace}
	networkFacts(t, f)
	workloadFacts(t, f)
	routeFacts(t, f)
	certificateFacts(t, f)
	secretFacts(t, f)
	for _, o := range t.Spec.Objects {
		f.Objects = append(f.Objects, view.RawObject{App: t.App, Namespace: t.Namespace, Object: o})
	}
	return f
}

func networkFacts(t *view.Target, f *view.Facts) {
	f.Ports, f.Peers = view.PortsOf(&t.Spec), t.Spec.TalksTo
	for i := range t.Spec.Hooks {
		f.Hooks = append(f.Hooks, t.Spec.Hooks[i].Name)
	}
	f.HasPods = t.Spec.Kind != model.NoWorkload || len(t.Spec.Hooks) > 0
	if t.Spec.Mesh != nil {
		f.Mesh = t.Spec.Mesh.Mode
	}
}

func routeFacts(t *view.Target, f *view.Facts) {
	for _, route := range t.Spec.Routes {
		f.Routes = append(f.Routes, view.AppRoute{App: t.App, Namespace: t.Namespace, Route: route, Hosts: t.Platform.Hosts(&route)})
	}
	for _, record := range t.Spec.DNS {
		f.Records = append(f.Records, view.AppDNSRecord{App: t.App, Record: record})
	}
}

// certificateFacts needs the facts about routes.
func certificateFacts(t *view.Target, f *view.Facts) {
	if t.Platform == nil {
		return // certificates are the environments'
	}
	for _, c := range t.Spec.Certificates {
		issuer, _ := t.Platform.IssuerNamed(c.Issuer)
		f.Certificates = append(f.Certificates, view.AppCertificate{App: t.App, Namespace: t.Namespace, Certificate: c, Issuer: issuer})
	}
	for _, route := range f.Routes {
		if c, ok, byAnnotation := t.Platform.IngressCertificate(&route.Route); ok {
			issuer, _ := t.Platform.IssuerNamed(c.Issuer)
			f.Certificates = append(f.Certificates, view.AppCertificate{App: t.App, Namespace: t.Namespace, Route: route.Route.Host,
				Certificate: c, Issuer: issuer, ByAnnotation: byAnnotation})
		}
	}
}

func secretFacts(t *view.Target, f *view.Facts) {
	f.ExistingSecrets = t.Spec.ExistingSecrets
	used := map[string]bool{}
	note := func(store string, ref *model.StoreRef) {
		if store != "" && ref != nil && ref.Name == StoreObject(store, t.Environment) {
			used[store] = true
		}
	}
	for i := range t.Spec.Secrets {
		note(t.Spec.Secrets[i].Store, t.Spec.Secrets[i].StoreRef)
	}
	for i := range t.Spec.PushSecrets {
		note(t.Spec.PushSecrets[i].Store, t.Spec.PushSecrets[i].StoreRef)
	}
	f.Stores = slices.Sorted(maps.Keys(used))
}

func workloadFacts(t *view.Target, f *view.Facts) {
	f.UserUnknown, f.SyncTime = userUnknown(&t.Spec), syncTime(&t.Spec)
	if t.Platform == nil {
		return
	}
	f.PodSecurity = view.Level{App: t.App, Namespace: t.Namespace, Level: t.Platform.PodSecurity}
	if p := t.Spec.PodSecurity; p != nil && p.Level != "" {
		f.PodSecurity.Level, f.PodSecurity.Own = p.Level, true
	}
}

// userUnknown reports whether a container runs as the user of its image although
// it must not be root.
func userUnknown(s *model.AppSpec) bool {
	var pod corev1.PodSecurityContext
	if s.Pod != nil && s.Pod.SecurityContext != nil {
		pod = *s.Pod.SecurityContext
	}
	if pod.RunAsUser != nil {
		return false
	}
	unknown := false
	eachContainer(func(c containerDerivation) {
		own := c.SecurityContext
		if own == nil {
			own = &corev1.SecurityContext{}
		}
		nonRoot := cmp.Or(own.RunAsNonRoot, pod.RunAsNonRoot)
		unknown = unknown || own.RunAsUser == nil && (nonRoot == nil || *nonRoot)
	})(&derivation{spec: s})
	return unknown
}

// syncTime returns how long a sync may take: what its hooks may, one after another,
// and its rollout or its Job.
func syncTime(s *model.AppSpec) view.SyncTime {
	var hooks time.Duration
	waits := false
	for _, h := range s.Hooks {
		if h.Phase == model.PostDelete {
			continue
		}
		hooks += jobTime(h.Job, hookDeadline)
		waits = waits || h.Phase == model.SyncPhase || h.Phase == model.PostSync
	}
	out := view.SyncTime{Sync: hooks, Healthy: hooks + workloadTime(s)}
	if waits {
		out.Sync = out.Healthy
	}
	return out
}

// workloadTime returns how long an app's workload may take until it is healthy.
func workloadTime(s *model.AppSpec) time.Duration {
	if s.Kind == model.Job {
		return jobTime(s.Job, jobDeadline)
	}
	seconds := int32(rolloutDeadline)
	if u := s.UpdateStrategy; u != nil && u.ProgressDeadlineSeconds != nil {
		seconds = *u.ProgressDeadlineSeconds
	}
	return time.Duration(seconds) * time.Second
}

// jobTime returns the deadline of a Job.
func jobTime(j *model.JobSpec, otherwise int64) time.Duration {
	if j == nil {
		j = &model.JobSpec{}
	}
	return time.Duration(*cmp.Or(j.ActiveDeadlineSeconds, &otherwise)) * time.Second
}

// ObjectPath returns the place of a whole object of an app in a scope: in the last
// layer that has it, or where the app's own layer is, if some patch made it.
func (r *Resolver) ObjectPath(app string, s view.Scope, id object.ID) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range slices.Backward(layers) {
		for i, o := range l.spec.Objects {
			meta, _ := o["metadata"].(map[string]any)
			if view.KindOf(o) == id.KindName() && meta["name"] == id.Name {
				return l.path(app, s).Field("objects").Index(i)
			}
		}
	}
	return fieldpath.Path("apps").Key(app)
}
