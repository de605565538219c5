// Package kind is the table of kinds of objects: whether they live in a namespace,
// where the template of their pods is, what their controllers create, what cannot
// be changed, how their lists merge, and what kustomize makes of them. What is
// true of all objects of a kind is a column of [Kind], and nowhere else.
//
// The built-in kinds are those that the API server of a recent Kubernetes
// discovers, with those that older ones had. Kinds of well-known operators come
// from the definitions that they publish. For all others, a fleet brings along
// the CustomResourceDefinition or declares the scope.
//
// The package imports nothing of this module.
package kind

import (
	"slices"
	"strings"
	"sync"
)

// Name is a kind, whatever its version. The core group is "".
type Name struct{ Group, Kind string }

// String returns the name as in "Deployment.apps".
func (n Name) String() string {
	if n.Group == "" {
		return n.Kind
	}
	return n.Kind + "." + n.Group
}

// Scope tells whether objects of a kind live in a namespace.
type Scope string

// The scopes, as a CustomResourceDefinition has them. Unknown is that of a kind
// that nobody described.
const (
	Unknown    Scope = ""
	Namespaced Scope = "Namespaced"
	Cluster    Scope = "Cluster"
)

// Group returns the group of an apiVersion, "" for the core group.
func Group(apiVersion string) string {
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// constraints is the group of Gatekeeper's constraints, all of which are
// cluster-scoped: users make their kinds by templates.
const constraints = "constraints.gatekeeper.sh"

// Of returns the scope of a built-in kind, or of one of a well-known operator.
func Of(n Name) Scope { return Lookup(n).Scope }

// HoldsData reports whether objects of a kind hold data that goes with them.
func HoldsData(n Name) bool { return Lookup(n).HoldsData }

// Lookup returns what is known of a built-in kind, or of one of a well-known
// operator. Of any other, little but the name is known. The slices and maps are
// those of the table, and must not be changed.
func Lookup(n Name) Kind {
	if k, ok := known()[n]; ok {
		return *k
	}
	k := Kind{Name: n}
	if n.Group == constraints {
		k.Scope = Cluster
	}
	if strings.HasSuffix(n.Group, "openshift.io") {
		k.Limit.Form = Segment
	}
	return k
}

// IsBuiltin reports whether a kind is one of Kubernetes' own.
func IsBuiltin(n Name) bool {
	return builtinGroups()[n.Group] && Of(n) != Unknown
}

// Table holds the scopes of the kinds that a fleet describes, beside those that
// Of knows. The zero value holds none.
type Table map[Name]Scope

// Scope returns the scope of a kind. What the fleet says wins.
func (t Table) Scope(n Name) Scope {
	if s := t[n]; s != Unknown {
		return s
	}
	return Of(n)
}

// group are the kinds of an API group, each list separated by spaces.
type group struct{ name, cluster, namespaced string }

// removed are built-in kinds that Kubernetes no longer has.
var removed = []group{
	{"extensions", "PodSecurityPolicy", "DaemonSet Deployment Ingress NetworkPolicy ReplicaSet"},
	{"policy", "PodSecurityPolicy", ""},
	{"auditregistration.k8s.io", "AuditSink", ""},
	{"settings.k8s.io", "", "PodPreset"},
}

// known are the kinds that Lookup knows.
var known = sync.OnceValue(func() map[Name]*Kind {
	out := map[Name]*Kind{}
	for _, g := range slices.Concat(builtin, removed, operators) {
		for k := range strings.FieldsSeq(g.cluster) {
			out[Name{g.name, k}] = &Kind{Name: Name{g.name, k}, Scope: Cluster}
		}
		for k := range strings.FieldsSeq(g.namespaced) {
			out[Name{g.name, k}] = &Kind{Name: Name{g.name, k}, Scope: Namespaced}
		}
	}
	for _, k := range described {
		if generated := out[k.Name]; generated != nil {
			k.Scope = generated.Scope
		}
		out[k.Name] = &k
	}
	return out
})

var builtinGroups = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, g := range slices.Concat(builtin, removed) {
		out[g.name] = true
	}
	return out
})

// All returns the kinds that Of knows, in no order.
func All() map[Name]Scope {
	out := make(map[Name]Scope, len(known()))
	for n, k := range known() {
		out[n] = k.Scope
	}
	return out
}

// IsSystemNamespace reports whether a namespace is the platform's own: the API
// server makes it, or Kubernetes or OpenShift reserve its prefix.
func IsSystemNamespace(name string) bool {
	return name == "default" || name == "openshift" || strings.HasPrefix(name, "kube-") || strings.HasPrefix(name, "openshift-")
}
