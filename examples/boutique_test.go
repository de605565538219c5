package examples_test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// facts is what the public demo says about one workload and its Services.
type facts struct {
	InitContainers []containerFacts `json:"initContainers,omitempty"`
	Containers     []containerFacts `json:"containers"`
	GracePeriod    *int64           `json:"terminationGracePeriodSeconds,omitempty"`
	Services       []serviceFacts   `json:"services,omitempty"`
}

// containerFacts is what it says about a container. Ports are written as
// 8080/TCP and variables as NAME=VALUE, both in their order.
type containerFacts struct {
	Name      string                      `json:"name"`
	Image     string                      `json:"image"`
	Ports     []string                    `json:"ports,omitempty"`
	Env       []string                    `json:"env,omitempty"`
	Resources corev1.ResourceRequirements `json:"resources,omitzero"`
	Readiness *corev1.Probe               `json:"readiness,omitempty"`
	Liveness  *corev1.Probe               `json:"liveness,omitempty"`
}

// serviceFacts is what it says about a Service. Ports are written as
// http 80 -> 8080/TCP, a named target as the number that it stands for.
type serviceFacts struct {
	Name  string             `json:"name"`
	Type  corev1.ServiceType `json:"type"`
	Ports []string           `json:"ports"`
}

// TestBoutiqueFacts holds the boutique's apps, before any environment changes them,
// against the table of the public demo's facts. What every environment does without
// is in no base of the tree, so the objects are those of the model.
func TestBoutiqueFacts(t *testing.T) {
	data, err := os.ReadFile(path.Join("..", "testdata", "boutique", "facts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]facts
	if err := yaml.UnmarshalStrict(data, &want); err != nil {
		t.Fatal(err)
	}

	files, err := load.FS(os.DirFS(path.Join("boutique", "fleet")), "")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	resolver, got := resolve.New(loaded.Fleet, features.Default()), map[string]facts{}
	for _, app := range loaded.Fleet.Apps {
		target := resolver.Target(app.Name, view.Scope{})
		objects, err := render.TargetObjects(&target, resolver.View())
		if err != nil {
			t.Fatal(err)
		}
		if got[app.Name], err = factsOf(objects); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("facts of the apps (-want +got):\n%s", diff)
	}
}

// factsOf reads the facts back from an app's objects.
func factsOf(objects []object.Object) (facts, error) {
	var deployment appsv1.Deployment
	var services []corev1.Service
	for _, o := range objects {
		var err error
		switch o.Kind() {
		case "Deployment":
			err = yaml.UnmarshalStrict(o.YAML(), &deployment)
		case "Service":
			services = append(services, corev1.Service{})
			err = yaml.UnmarshalStrict(o.YAML(), &services[len(services)-1])
		}
		if err != nil {
			return facts{}, fmt.Errorf("reading %s: %w", o.ID(), err)
		}
	}

	pod := deployment.Spec.Template.Spec
	f := facts{
		InitContainers: containersOf(pod.InitContainers),
		Containers:     containersOf(pod.Containers),
		GracePeriod:    pod.TerminationGracePeriodSeconds,
	}
	for _, s := range services {
		f.Services = append(f.Services, serviceOf(s, pod.Containers))
	}
	slices.SortFunc(f.Services, func(a, b serviceFacts) int { return strings.Compare(a.Name, b.Name) })
	return f, nil
}

func containersOf(containers []corev1.Container) []containerFacts {
	var out []containerFacts
	for _, c := range containers {
		f := containerFacts{
			Name: c.Name, Image: c.Image, Resources: c.Resources,
			Readiness: c.ReadinessProbe, Liveness: c.LivenessProbe,
		}
		for _, p := range c.Ports {
			f.Ports = append(f.Ports, fmt.Sprintf("%d/%s", p.ContainerPort, protocol(p.Protocol)))
		}
		for _, e := range c.Env {
			f.Env = append(f.Env, e.Name+"="+e.Value)
		}
		out = append(out, f)
	}
	return out
}

func serviceOf(s corev1.Service, containers []corev1.Container) serviceFacts {
	f := serviceFacts{Name: s.Name, Type: s.Spec.Type}
	for _, p := range s.Spec.Ports {
		f.Ports = append(f.Ports, fmt.Sprintf("%s %d -> %s/%s",
			p.Name, p.Port, number(p.TargetPort, containers), protocol(p.Protocol)))
	}
	return f
}

// number returns the container port that a Service's target port stands for.
func number(target intstr.IntOrString, containers []corev1.Container) string {
	for _, c := range containers {
		for _, p := range c.Ports {
			if target.Type == intstr.String && p.Name == target.StrVal {
				return fmt.Sprint(p.ContainerPort)
			}
		}
	}
	return target.String()
}

func protocol(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}
