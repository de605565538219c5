package resolve

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

func deriveContainerName(d *derivation) {
	if d.runs() {
		fillZero(&d.spec.ContainerName, d.app)
	}
}

// containerDerivation is a container that a rule is applied to.
type containerDerivation struct {
	*model.ContainerSpec
	// pod is the pod's security context as the layers have it; it may be nil.
	pod *corev1.PodSecurityContext
	// removed reports whether a layer unset a path of the container.
	removed func(fieldpath.Path) bool
}

// eachContainer makes a rule of a function on one container.
func eachContainer(f func(containerDerivation)) func(*derivation) {
	return func(d *derivation) {
		if !d.runsPods() {
			return
		}
		s := d.spec
		var pod *corev1.PodSecurityContext
		if s.Pod != nil {
			pod = s.Pod.SecurityContext
		}
		removed := func(list fieldpath.Path, name string) func(fieldpath.Path) bool {
			return func(p fieldpath.Path) bool { return d.removed != nil && d.removed[list.Key(name).Join(p)] }
		}
		for i := range s.Hooks {
			f(containerDerivation{&s.Hooks[i].ContainerSpec, pod, removed("hooks", s.Hooks[i].Name)})
		}
		if !d.runs() {
			return
		}
		f(containerDerivation{&s.ContainerSpec, pod, func(p fieldpath.Path) bool { return d.removed[p] }})
		for _, l := range []struct {
			field fieldpath.Path
			list  []model.Container
		}{{"initContainers", s.InitContainers}, {"sidecars", s.Sidecars}, {"containers", s.Containers}} {
			for i := range l.list {
				f(containerDerivation{&l.list[i].ContainerSpec, pod, removed(l.field, l.list[i].Name)})
			}
		}
	}
}

func deriveEnv(c containerDerivation) {
	for i := range c.Env {
		e := &c.Env[i]
		if e.FromConfig == nil && e.FromSecret == nil && e.FromField == "" && e.FromResource == "" {
			fill(&e.Value, "")
		}
	}
}

func derivePorts(c containerDerivation) {
	for i := range c.Ports {
		fillZero(&c.Ports[i].Protocol, corev1.ProtocolTCP)
	}
}

// deriveMemory leaves a limit out that a layer removed: memory without a limit
// is something that a user may want.
func deriveMemory(c containerDerivation) {
	if c.Resources == nil {
		return
	}
	request, ok := c.Resources.Requests[corev1.ResourceMemory]
	if _, limited := c.Resources.Limits[corev1.ResourceMemory]; !ok || limited ||
		c.removed("resources.limits[memory]") || c.removed("resources.limits") {
		return
	}
	if c.Resources.Limits == nil {
		c.Resources.Limits = corev1.ResourceList{}
	}
	c.Resources.Limits[corev1.ResourceMemory] = request.DeepCopy()
}

// deriveSecurity fills in what no layer said, and nothing that the API server
// refuses beside what a layer said.
func deriveSecurity(c containerDerivation) {
	s := ensure(&c.SecurityContext)
	var added []corev1.Capability
	if s.Capabilities != nil {
		added = s.Capabilities.Add
	}
	privileged := s.Privileged != nil && *s.Privileged
	if !privileged && !slices.Contains(added, "CAP_SYS_ADMIN") {
		fill(&s.AllowPrivilegeEscalation, false)
	}
	if s.RunAsUser != nil && *s.RunAsUser == 0 && (c.pod == nil || c.pod.RunAsNonRoot == nil) {
		fill(&s.RunAsNonRoot, false) // what restricted-pod says would keep it from starting
	}
	fill(&s.ReadOnlyRootFilesystem, true)
	if !privileged && !slices.Contains(added, "ALL") && !c.removed("securityContext.capabilities.drop") {
		if s.Capabilities == nil || s.Capabilities.Drop == nil {
			ensure(&s.Capabilities).Drop = []corev1.Capability{"ALL"}
		}
	}
}
