package routes

import (
	"maps"
	"net/netip"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Gateways makes the gateways that routes of an environment are attached to:
// each with its namespace, its certificates, and the redirect of plain HTTP to
// HTTPS.
func Gateways(s view.Environment) ([]object.Object, error) {
	var managed []view.GatewayBinding
	for _, e := range s.GatewayBindings() {
		if e.Managed() {
			managed = append(managed, e)
		}
	}
	out, err := namespaces(s, managed)
	if err != nil {
		return nil, err
	}
	for _, e := range managed {
		objects, err := entrance(s, e)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	grants, err := secretGrants(s, managed)
	return append(out, grants...), err
}

// namespaces makes the namespaces of gateways that are the environment's own,
// where no app brings them along.
func namespaces(s view.Environment, entrances []view.GatewayBinding) ([]object.Object, error) {
	n := s.Model.Namespaces
	if !s.ManagesNamespaces() {
		return nil, nil
	}
	var out []object.Object
	done := slices.Clone(s.Namespaces)
	for _, e := range entrances {
		if !e.OwnNamespace || slices.Contains(done, e.Namespace) {
			continue
		}
		done = append(done, e.Namespace)
		typed := []runtime.Object{part.Namespace(n, e.Namespace, s.KubernetesVersion)}
		if !s.Platform.EntersFrom(e.Namespace) {
			typed = append(typed, part.Denial(s, e.Namespace)...)
		}
		objects, err := object.FromAll(typed...)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	return out, nil
}

// entrance makes one gateway and what belongs to it.
func entrance(s view.Environment, e view.GatewayBinding) ([]object.Object, error) {
	meta := metav1.ObjectMeta{Name: e.Name, Namespace: e.Namespace, Labels: part.PlatformLabels()}
	annotated := meta
	annotated.Annotations = part.DNSAnnotations(s.Platform, map[string]string{"target": e.DNSTarget})
	if isTrue(e.ByAnnotation) && e.CertificateSecret == nil {
		maps.Copy(annotated.Annotations, part.IssuerAnnotations(e.Issuer))
	}
	maps.Copy(annotated.Annotations, e.Annotations)
	var out []object.Object
	add := func(o object.Object, err error) error {
		out = append(out, o)
		return err
	}
	if e.Kind == model.IstioGateway {
		if err := add(part.Custom(istioNetworking, "Gateway", annotated, istioGateway(e))); err != nil {
			return nil, err
		}
	} else if err := gatewayAPI(s, e, annotated, add); err != nil {
		return nil, err
	}
	if isTrue(e.ByAnnotation) {
		return out, nil
	}
	for _, c := range e.Certificates() {
		at := metav1.ObjectMeta{Name: c.Name, Namespace: e.CertificateNamespace(), Labels: part.PlatformLabels()}
		if err := add(part.Certificate(at, c, e.Issuer)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// gatewayAPI makes a Gateway of the Gateway API, its class where it is ours, and
// the redirect to HTTPS.
func gatewayAPI(s view.Environment, e view.GatewayBinding, meta metav1.ObjectMeta, add func(object.Object, error) error) error {
	class := e.Class
	if e.Controller != "" {
		class = s.Model.Name + "-" + e.Class
		if err := add(part.Custom(gatewayGroup+"/v1", "GatewayClass", metav1.ObjectMeta{Name: class, Labels: part.PlatformLabels()},
			part.Map{"controllerName": e.Controller})); err != nil {
			return err
		}
	}
	if err := add(part.Custom(gatewayGroup+"/v1", "Gateway", meta, part.Fields(part.Map{
		"gatewayClassName": class, "addresses": addresses(e.Addresses), "listeners": listeners(s, e)}))); err != nil {
		return err
	}
	if isTrue(e.PlainHTTP) {
		return nil
	}
	return add(part.Custom(gatewayGroup+"/v1", "HTTPRoute",
		metav1.ObjectMeta{Name: e.Name + "-to-https", Namespace: e.Namespace, Labels: part.PlatformLabels()}, part.Map{
			"parentRefs": part.List{parentRef(e.Gateway, view.PlainListener)},
			"rules": part.List{part.Map{
				"matches": part.List{part.Map{"path": part.Map{"type": "PathPrefix", "value": "/"}}},
				"filters": part.List{part.Map{"type": "RequestRedirect", "requestRedirect": part.Map{"scheme": "https", "statusCode": 301}}},
			}},
		}))
}

func addresses(list []string) part.List {
	var out part.List
	for _, a := range list {
		kind := "Hostname"
		if _, err := netip.ParseAddr(a); err == nil {
			kind = "IPAddress"
		}
		out = append(out, part.Map{"type": kind, "value": a})
	}
	return out
}

// listeners returns the listener for plain HTTP, and those of the hosts.
func listeners(s view.Environment, e view.GatewayBinding) part.List {
	out := part.List{part.Map{"name": view.PlainListener, "port": 80, "protocol": "HTTP", "allowedRoutes": allowed(e, append([]string{e.Namespace}, e.Plain...))}}
	for _, l := range e.Listeners {
		x := part.Map{"name": l.Name, "hostname": l.Host, "port": 443, "protocol": "HTTPS", "allowedRoutes": allowed(e, l.Namespaces)}
		if l.Previews {
			x["allowedRoutes"] = allowedPreviews(s.Model.Name)
		}
		switch {
		case l.Passthrough:
			x["protocol"], x["tls"] = "TLS", part.Map{"mode": "Passthrough"}
		case l.Secret != "":
			ref := part.Map{"group": "", "kind": "Secret", "name": l.Secret}
			if c := e.CertificateSecret; c != nil && c.Namespace != "" && c.Namespace != e.Namespace {
				ref["namespace"] = c.Namespace
			}
			x["tls"] = part.Map{"mode": "Terminate", "certificateRefs": part.List{ref}}
		}
		out = append(out, x)
	}
	return out
}

// allowed lets routes of some namespaces in.
func allowed(e view.GatewayBinding, from []string) part.Map {
	from = slices.Compact(slices.Sorted(slices.Values(from)))
	if len(from) == 1 && from[0] == e.Namespace {
		return part.Map{"namespaces": part.Map{"from": "Same"}}
	}
	names := part.List{}
	for _, n := range from {
		names = append(names, n)
	}
	return part.Map{"namespaces": part.Map{"from": "Selector", "selector": part.Map{"matchExpressions": part.List{
		part.Map{"key": "kubernetes.io/metadata.name", "operator": "In", "values": names}}}}}
}

// allowedPreviews lets routes of the previews of an environment in.
func allowedPreviews(env string) part.Map {
	return part.Map{"namespaces": part.Map{"from": "Selector", "selector": part.Map{
		"matchLabels":      part.Map{view.EnvironmentLabel: env},
		"matchExpressions": part.List{part.Map{"key": view.PreviewLabel, "operator": "Exists"}}}}}
}

func isTrue(b *bool) bool { return b != nil && *b }
