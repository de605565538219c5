package resolve

import (
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

func deriveContainerName(d *derivation) {
	if d.runs() {
		fill.Zero(&d.spec.ContainerName, d.app)
	}
}

// containerDerivation is a container that a rule is applied to.
type containerDerivation struct {
	*model.ContainerSpec
	// spec is the app's, and name the container's; "" for the main one.
	spec *model.AppSpec
	name string
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
			f(containerDerivation{&s.Hooks[i].ContainerSpec, s, s.Hooks[i].Name, pod, removed("hooks", s.Hooks[i].Name)})
		}
		if !d.runs() {
			return
		}
		f(containerDerivation{&s.ContainerSpec, s, "", pod, func(p fieldpath.Path) bool { return d.removed[p] }})
		for _, l := range []struct {
			field fieldpath.Path
			list  []model.Container
		}{{"initContainers", s.InitContainers}, {"sidecars", s.Sidecars}, {"containers", s.Containers}} {
			for i := range l.list {
				f(containerDerivation{&l.list[i].ContainerSpec, s, l.list[i].Name, pod, removed(l.field, l.list[i].Name)})
			}
		}
	}
}

func deriveEnv(c containerDerivation) {
	for i := range c.Env {
		e := &c.Env[i]
		if e.FromConfig == nil && e.FromSecret == nil && e.FromField == "" && e.FromResource == "" {
			fill.Nil(&e.Value, "")
		}
	}
}

func derivePorts(c containerDerivation) {
	for i := range c.Ports {
		fill.Zero(&c.Ports[i].Protocol, corev1.ProtocolTCP)
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
	s := fill.Struct(&c.SecurityContext)
	var added []corev1.Capability
	if s.Capabilities != nil {
		added = s.Capabilities.Add
	}
	privileged := s.Privileged != nil && *s.Privileged
	if !privileged && !slices.Contains(added, "CAP_SYS_ADMIN") {
		fill.Nil(&s.AllowPrivilegeEscalation, false)
	}
	if s.RunAsUser != nil && *s.RunAsUser == 0 && (c.pod == nil || c.pod.RunAsNonRoot == nil) {
		fill.Nil(&s.RunAsNonRoot, false) // what restricted-pod says would keep it from starting
	}
	fill.Nil(&s.ReadOnlyRootFilesystem, true)
	if !privileged && !slices.Contains(added, "ALL") && !c.removed("securityContext.capabilities.drop") {
		if s.Capabilities == nil || s.Capabilities.Drop == nil {
			fill.Struct(&s.Capabilities).Drop = []corev1.Capability{"ALL"}
		}
	}
}

// deriveWritable mounts empty directories. Each container has its own: what one
// writes to /tmp is nobody else's business.
func deriveWritable(c containerDerivation) {
	for _, p := range c.Writable {
		if c.mounts(p) {
			continue
		}
		name := c.scratch(p)
		c.spec.Volumes = append(c.spec.Volumes, model.Volume{Name: name, EmptyDir: &corev1.EmptyDirVolumeSource{}})
		c.Mounts = append(c.Mounts, model.Mount{MountPath: p, Volume: name})
	}
}

// mounts reports whether something is mounted at a path of the container.
func (c containerDerivation) mounts(p string) bool {
	s := c.spec
	return slices.ContainsFunc(c.Mounts, func(m model.Mount) bool { return m.MountPath == p }) ||
		c.name == "" && (slices.ContainsFunc(s.Volumes, func(v model.Volume) bool { return v.MountPath == p }) ||
			slices.ContainsFunc(s.Config, func(x model.Config) bool { return x.MountPath == p }) ||
			slices.ContainsFunc(s.Secrets, func(x model.Secret) bool { return x.MountPath == p }))
}

// notInLabels are runs of characters that a DNS label does not have.
var notInLabels = regexp.MustCompile(`[^a-z0-9]+`)

// scratch returns a name for the volume at a path, as in var-cache; further
// containers put theirs before it.
func (c containerDerivation) scratch(p string) string {
	name := strings.Trim(notInLabels.ReplaceAllString(strings.ToLower(c.name+"-"+p), "-"), "-")
	taken := func(name string) bool {
		return slices.ContainsFunc(c.spec.Volumes, func(v model.Volume) bool { return v.Name == name }) ||
			slices.ContainsFunc(c.spec.Config, func(x model.Config) bool { return x.Name == name }) ||
			slices.ContainsFunc(c.spec.Secrets, func(x model.Secret) bool { return x.Name == name })
	}
	for taken(name) {
		name = "writable-" + name
	}
	return name
}
