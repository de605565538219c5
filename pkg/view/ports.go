package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Port is a port of an app's pods, and of the Services in front of them.
type Port struct {
	// Name is the port's name, the same in pod and Service.
	Name string
	// Number is the port of a Service: what callers, routes and backends use.
	Number int32
	// Container is the port of the pod behind it: what network policies see.
	Container int32
	// Target is how a Service refers to Container.
	Target intstr.IntOrString
	// Protocol is never empty.
	Protocol    corev1.Protocol
	AppProtocol *string
	// NodePort is the port that is asked for on the nodes, or nil.
	NodePort *int32
	// Private ports are not for other apps.
	Private bool
	// At is where the app's spec has it, as in sidecars[exporter].ports[metrics].
	At fieldpath.Path
}

// Service is a Service in front of an app's pods.
type Service struct {
	// Name is the Service's name.
	Name string
	// Spec is what the model says of it.
	Spec model.ServiceSpec
	// Ports are the ports that the Service has; none for an ExternalName.
	Ports []Port
	// Made tells that nobody asked for the Service: it is made to govern a
	// StatefulSet.
	Made bool
}

// Port returns the port with a number, or the first one where there is none.
func (s Service) Port(number *int32) (Port, bool) {
	i := slices.IndexFunc(s.Ports, func(p Port) bool { return number == nil || p.Number == *number })
	if i < 0 {
		return Port{}, false
	}
	return s.Ports[i], true
}

// OnNodes reports whether the Service has ports on the nodes.
func (s Service) OnNodes() bool {
	return s.Spec.Type == corev1.ServiceTypeNodePort || s.Spec.Type == corev1.ServiceTypeLoadBalancer
}

// PortNames returns the names of the Service's ports.
func (s Service) PortNames() []string {
	var out []string
	for _, p := range s.Ports {
		out = append(out, p.Name)
	}
	return out
}

// ListPorts lists ports for people, as in 80 (http), 9000 (grpc).
func ListPorts(ports []Port) string {
	var known []string
	for _, p := range ports {
		known = append(known, fmt.Sprintf("%d (%s)", p.Number, p.Name))
	}
	return strings.Join(known, ", ")
}

// Ports are the ports of an app: those of its pods, and those of its Services.
type Ports struct {
	// Pods are the ports that the containers of a pod listen on, the main one first.
	Pods []Port
	// Services are the Services in front of the pods: the main one, further ones,
	// and one that is made to govern a StatefulSet.
	Services []Service
	// Main is the name of the main Service; "" where there is none.
	Main string
	// Accepted are the names of the ports that AcceptsFrom names.
	Accepted []string
	// Unknown tells that objects of the app bring along pods, whose ports the
	// model does not name.
	Unknown bool
}

// PortsOf returns the ports of an app with a resolved spec.
func PortsOf(s *model.AppSpec) Ports {
	p := Ports{Pods: PodPorts(s)}
	p.Unknown = s.Kind == model.NoWorkload && len(p.Pods) == 0
	for _, c := range s.AcceptsFrom {
		p.Accepted = append(p.Accepted, c.Ports...)
	}
	switch s.Kind {
	case model.Deployment, model.StatefulSet, model.DaemonSet:
	default:
		return p // nobody calls a job
	}
	if s.Service != nil && s.Service.Enabled != nil && *s.Service.Enabled {
		p.Main = s.Service.Name
		p.serve(p.Main, s.Service.ServiceSpec)
	}
	for _, x := range s.Services {
		p.serve(x.Name, x.ServiceSpec)
	}
	if s.Kind == model.StatefulSet && s.StatefulSet != nil {
		if _, ok := p.Service(s.StatefulSet.ServiceName); !ok {
			p.serve(s.StatefulSet.ServiceName, model.ServiceSpec{Type: corev1.ServiceTypeClusterIP,
				Headless: new(true), PublishNotReadyAddresses: new(true)})
			p.Services[len(p.Services)-1].Made = true
		}
	}
	return p
}

// PodPorts returns the ports that the containers of a pod listen on. Services
// refer to those of sidecars by number: before Kubernetes 1.32, they find no names
// there.
func PodPorts(s *model.AppSpec) []Port {
	out := PortsFrom("ports", s.Ports)
	for _, c := range s.Sidecars {
		ports := PortsFrom(fieldpath.Path("sidecars").Key(c.Name).Field("ports"), c.Ports)
		for i := range ports {
			ports[i].Target = intstr.FromInt32(ports[i].Container)
		}
		out = append(out, ports...)
	}
	for _, c := range s.Containers {
		out = append(out, PortsFrom(fieldpath.Path("containers").Key(c.Name).Field("ports"), c.Ports)...)
	}
	return out
}

// PortsFrom returns the ports of a container, or of an outside Service, which are
// at a place in a spec.
func PortsFrom(at fieldpath.Path, list []model.Port) []Port {
	var out []Port
	for _, p := range list {
		port := Port{Name: p.Name, Number: p.Port, Container: p.Port, Target: intstr.FromString(p.Name),
			Protocol: cmp.Or(p.Protocol, corev1.ProtocolTCP), AppProtocol: p.AppProtocol, NodePort: p.NodePort,
			Private: p.Private != nil && *p.Private, At: at.Key(p.Name)}
		if p.ServicePort != nil {
			port.Number = *p.ServicePort
		}
		out = append(out, port)
	}
	return out
}

// serve adds a Service, with the ports that it names, or all that are not private.
func (p *Ports) serve(name string, s model.ServiceSpec) {
	out := Service{Name: name, Spec: s}
	for _, port := range p.Pods {
		if s.Type != corev1.ServiceTypeExternalName &&
			(slices.Contains(s.Ports, port.Name) || len(s.Ports) == 0 && !port.Private) {
			out.Ports = append(out.Ports, port)
		}
	}
	p.Services = append(p.Services, out)
}

// Service returns the Service with a name.
func (p Ports) Service(name string) (Service, bool) {
	i := slices.IndexFunc(p.Services, func(s Service) bool { return s.Name == name && name != "" })
	if i < 0 {
		return Service{}, false
	}
	return p.Services[i], true
}

// Called returns the ports that other apps may call: those of the Services that
// somebody asked for, or of the pods where none has any, that are not private.
func (p Ports) Called() []Port {
	served := map[string]bool{}
	for _, s := range p.Services {
		for _, port := range s.Ports {
			if !s.Made {
				served[port.Name] = true
			}
		}
	}
	var out []Port
	for _, port := range p.Pods {
		if !port.Private && (served[port.Name] || len(served) == 0) {
			out = append(out, port)
		}
	}
	return out
}

// Open returns the ports that the app opens to another app that declares an
// edge to it, and whether it opens any. No ports are all of them: nobody says
// which ones the pods have.
func (p Ports) Open(edge model.Peer) ([]Port, bool) {
	switch {
	case len(p.Pods) > 0:
		return meant(p.Called(), edge)
	case edge.Port == nil:
		return nil, true
	case p.Unknown && edge.Port.Type == intstr.Int:
		return []Port{{Number: edge.Port.IntVal, Container: edge.Port.IntVal, Protocol: cmp.Or(edge.Protocol, corev1.ProtocolTCP)}}, true
	}
	return nil, false
}

// Reach returns the ports that a caller may reach by an edge to the app, and
// whether there are any: those that the app opens to it, and one that the edge
// names where AcceptsFrom, which says who may call it, names it too.
func (p Ports) Reach(edge model.Peer) ([]Port, bool) {
	if ports, ok := p.Open(edge); ok || edge.Port == nil {
		return ports, ok
	}
	return meant(slices.DeleteFunc(slices.Clone(p.Pods), func(port Port) bool { return !slices.Contains(p.Accepted, port.Name) }), edge)
}

// meant returns those of some ports that an edge means, by name or by number.
func meant(ports []Port, edge model.Peer) ([]Port, bool) {
	var out []Port
	for _, p := range ports {
		if edge.Protocol != "" && edge.Protocol != p.Protocol {
			continue
		}
		if edge.Port == nil || *edge.Port == intstr.FromString(p.Name) || *edge.Port == intstr.FromInt32(p.Number) {
			out = append(out, p)
		}
	}
	return out, len(out) > 0
}
