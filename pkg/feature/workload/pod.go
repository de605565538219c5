package workload

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// template returns the pod template of a workload.
func template(t *view.Target) corev1.PodTemplateSpec {
	s, p := t.Spec, t.Spec.Pod
	labels := part.Labels(t)
	maps.Copy(labels, p.Labels)
	spec := corev1.PodSpec{
		ServiceAccountName: s.ServiceAccount.Name, AutomountServiceAccountToken: p.AutomountToken,
		SecurityContext: p.SecurityContext, TerminationGracePeriodSeconds: p.TerminationGracePeriodSeconds,
		PriorityClassName: p.PriorityClass, RuntimeClassName: p.RuntimeClass, NodeSelector: p.NodeSelector, Affinity: p.Affinity,
		Tolerations: p.Tolerations, TopologySpreadConstraints: p.TopologySpread, HostAliases: p.HostAliases, DNSPolicy: p.DNSPolicy,
		ShareProcessNamespace: p.ShareProcessNamespace, EnableServiceLinks: p.EnableServiceLinks,
		HostNetwork: p.HostNetwork != nil && *p.HostNetwork,
		Volumes:     slices.DeleteFunc(volumes(t), func(v corev1.Volume) bool { return ofHooks(t, v) }),
	}
	for _, name := range p.ImagePullSecrets {
		spec.ImagePullSecrets = append(spec.ImagePullSecrets, corev1.LocalObjectReference{Name: part.Secret(t, name)})
	}
	for _, c := range s.InitContainers {
		spec.InitContainers = append(spec.InitContainers, container(t, c.Name, c.ContainerSpec))
	}
	for _, c := range s.Sidecars {
		sidecar := container(t, c.Name, c.ContainerSpec)
		always := corev1.ContainerRestartPolicyAlways
		sidecar.RestartPolicy = &always
		spec.InitContainers = append(spec.InitContainers, sidecar)
	}
	spec.Containers = append(spec.Containers, mainContainer(t))
	for _, c := range s.Containers {
		spec.Containers = append(spec.Containers, container(t, c.Name, c.ContainerSpec))
	}
	return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: p.Annotations}, Spec: spec}
}

// mainContainer returns the main container, with what Config and Volumes mount
// into it.
func mainContainer(t *view.Target) corev1.Container {
	c := container(t, t.Spec.ContainerName, t.Spec.ContainerSpec)
	for _, x := range t.Spec.Config {
		if x.Env != nil && *x.Env {
			c.EnvFrom = append(c.EnvFrom, corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: part.ConfigMap(t.App, x.Name)}}})
		}
		if x.MountPath != "" {
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: x.Name, MountPath: x.MountPath, ReadOnly: true})
		}
	}
	for _, x := range t.Spec.Secrets {
		if x.Env != nil && *x.Env {
			c.EnvFrom = append(c.EnvFrom, corev1.EnvFromSource{SecretRef: &corev1.SecretEnvSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: x.Target}}})
		}
		if x.MountPath != "" {
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: x.Name, MountPath: x.MountPath, ReadOnly: true})
		}
	}
	for _, v := range t.Spec.Volumes {
		if v.MountPath != "" {
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{
				Name: v.Name, MountPath: v.MountPath, SubPath: v.SubPath, ReadOnly: v.ReadOnly != nil && *v.ReadOnly})
		}
	}
	c.VolumeMounts = firstOf(c.VolumeMounts, func(m corev1.VolumeMount) string { return m.MountPath }, t.First)
	return c
}

func container(t *view.Target, name string, s model.ContainerSpec) corev1.Container {
	c := corev1.Container{
		Name: name, Image: s.Image, ImagePullPolicy: s.ImagePullPolicy, Command: s.Command, Args: s.Args, WorkingDir: s.WorkingDir,
		ReadinessProbe: s.Readiness, LivenessProbe: s.Liveness, StartupProbe: s.Startup, Lifecycle: s.Lifecycle, SecurityContext: s.SecurityContext,
	}
	if s.Resources != nil {
		c.Resources = *s.Resources
	}
	for _, p := range s.Ports {
		c.Ports = append(c.Ports, corev1.ContainerPort{Name: p.Name, ContainerPort: p.Port, Protocol: p.Protocol})
	}
	for _, e := range s.Env {
		c.Env = append(c.Env, envVar(t, e))
	}
	for _, m := range s.Mounts {
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{
			Name: m.Volume, MountPath: m.MountPath, SubPath: m.SubPath, ReadOnly: m.ReadOnly != nil && *m.ReadOnly})
	}
	return c
}

func envVar(t *view.Target, e model.EnvVar) corev1.EnvVar {
	out := corev1.EnvVar{Name: e.Name}
	switch {
	case e.FromConfig != nil:
		out.ValueFrom = &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: part.ConfigMap(t.App, e.FromConfig.Name)},
			Key:                  e.FromConfig.Key, Optional: e.FromConfig.Optional}}
	case e.FromSecret != nil:
		out.ValueFrom = &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: part.Secret(t, e.FromSecret.Name)},
			Key:                  e.FromSecret.Key, Optional: e.FromSecret.Optional}}
	case e.FromField != "":
		out.ValueFrom = &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: e.FromField}}
	case e.FromResource != "":
		out.ValueFrom = &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: e.FromResource}}
	default:
		out.Value = *e.Value
	}
	return out
}

// volumes returns the pod's volumes. A StatefulSet's claims are no volumes: they
// come from its templates.
func volumes(t *view.Target) []corev1.Volume {
	var out []corev1.Volume
	for _, c := range t.Spec.Config {
		if c.MountPath != "" || mounted(t, c.Name) {
			out = append(out, corev1.Volume{Name: c.Name, VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: part.ConfigMap(t.App, c.Name)}}}})
		}
	}
	for _, x := range t.Spec.Secrets {
		if x.MountPath != "" || mounted(t, x.Name) {
			out = append(out, corev1.Volume{Name: x.Name, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: x.Target}}})
		}
	}
	for _, v := range t.Spec.Volumes {
		source := corev1.VolumeSource{
			EmptyDir: v.EmptyDir, Secret: v.Secret, ConfigMap: v.ConfigMap, Projected: v.Projected, HostPath: v.HostPath, CSI: v.CSI, NFS: v.NFS}
		claim := v.ExistingClaim
		if v.Claim != nil {
			if t.Spec.Kind == model.StatefulSet {
				continue
			}
			claim = part.Claim(t.App, v.Name)
		}
		if claim != "" {
			source.PersistentVolumeClaim = &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim}
		}
		out = append(out, corev1.Volume{Name: v.Name, VolumeSource: source})
	}
	return firstOf(out, func(v corev1.Volume) string { return v.Name }, t.First)
}

// ofHooks reports whether a volume is scratch space that only hooks use.
func ofHooks(t *view.Target, v corev1.Volume) bool {
	used := slices.ContainsFunc(t.Spec.Volumes, func(x model.Volume) bool { return x.Name == v.Name && x.MountPath != "" })
	return v.EmptyDir != nil && !used && !mounted(t, v.Name) && slices.ContainsFunc(t.Spec.Hooks, func(h model.Hook) bool { return mounts(h.ContainerSpec, v.Name) })
}

// mounted reports whether a container mounts a volume by itself.
func mounted(t *view.Target, volume string) bool {
	specs := []model.ContainerSpec{t.Spec.ContainerSpec}
	for _, list := range [][]model.Container{t.Spec.InitContainers, t.Spec.Sidecars, t.Spec.Containers} {
		for _, c := range list {
			specs = append(specs, c.ContainerSpec)
		}
	}
	return slices.ContainsFunc(specs, func(s model.ContainerSpec) bool { return mounts(s, volume) })
}

func mounts(s model.ContainerSpec, volume string) bool {
	return slices.ContainsFunc(s.Mounts, func(m model.Mount) bool { return m.Volume == volume })
}
