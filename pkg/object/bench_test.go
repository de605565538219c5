package object_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// deployment returns a Deployment of the size that people have.
func deployment() *appsv1.Deployment {
	labels := map[string]string{"app.kubernetes.io/name": "frontend", "app.kubernetes.io/part-of": "boutique", "app.kubernetes.io/managed-by": "gitopsgen"}
	replicas, yes, no := int32(3), true, false
	probe := &corev1.Probe{PeriodSeconds: 5, ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromString("http")}}}
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "frontend", Namespace: "boutique-prod", Labels: labels},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": "frontend"}},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
				ServiceAccountName: "frontend", AutomountServiceAccountToken: &no,
				SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: &yes},
				Containers: []corev1.Container{{
					Name: "frontend", Image: "registry.example.com/boutique/frontend:v0.10.1",
					Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: "TCP"}},
					Env: []corev1.EnvVar{{Name: "PORT", Value: "8080"}, {Name: "CART_ADDR", Value: "cartservice:7070"}, {Name: "TRACING", Value: "on"},
						{Name: "TOKEN", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "frontend"}, Key: "token"}}}},
					Resources:       corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("64Mi")}, Limits: corev1.ResourceList{"memory": resource.MustParse("128Mi")}},
					ReadinessProbe:  probe,
					LivenessProbe:   probe,
					SecurityContext: &corev1.SecurityContext{ReadOnlyRootFilesystem: &yes, AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
					VolumeMounts:    []corev1.VolumeMount{{Name: "tmp", MountPath: "/tmp"}},
				}},
				Volumes: []corev1.Volume{{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
			}},
		},
	}
}

// BenchmarkYAML compares ways from a typed object, and from one in flight, to
// its YAML.
func BenchmarkYAML(b *testing.B) {
	typed := deployment()
	o, err := object.From(typed)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Object", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			o.YAML()
		}
	})
	b.Run("Typed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			o, err := object.From(typed)
			if err != nil {
				b.Fatal(err)
			}
			o.YAML()
		}
	})
	b.Run("SigsObject", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := yaml.Marshal(o.Map()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("SigsTyped", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := yaml.Marshal(typed); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	o, err := object.From(deployment())
	if err != nil {
		b.Fatal(err)
	}
	data := o.YAML()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := object.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
