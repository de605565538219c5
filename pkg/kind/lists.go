package kind

import (
	"maps"
	"strings"
	"sync"
)

// List is how two versions of a list are compared.
type List struct {
	// Keys are alternatives: the first fields whose values tell all entries apart do
	// so.
	Keys [][]string
	// Unordered reports whether the order of the entries means nothing.
	Unordered bool
}

// set is a list of entries in any order, with the fields that tell them apart:
// their name, if there are none.
func set(keys ...string) List {
	if keys == nil {
		keys = byName
	}
	return List{Keys: [][]string{keys}, Unordered: true}
}

var byName = []string{"name"}

// List returns how the list at a path without keys, as in spec.ingress.from, is
// compared: as the kind says, or as in the types that many kinds share. A kind
// that is not in the table is taken to have lists like those that are.
func (k Kind) List(path string) List {
	lists := shared
	if k.Scope == Unknown {
		lists = conventions()
	}
	for rest, more := path, true; more; _, rest, more = strings.Cut(rest, ".") {
		if l, ok := k.Lists[rest]; ok {
			return l
		}
		if l, ok := lists[rest]; ok && (rest == path || !rooted[root(rest)]) {
			return l
		}
	}
	l := List{Keys: [][]string{byName}}
	field := path[strings.LastIndexByte(path, '.')+1:]
	if keys := mergeKeys[field]; keys != nil {
		l.Keys = append(l.Keys, keys)
	}
	if field == "ports" {
		l.Keys = append(l.Keys, servicePorts)
	}
	return l
}

// shared are the lists of types that many kinds have, by the end of their path.
var shared = map[string]List{
	"metadata.finalizers": set(), "matchExpressions": set(), "matchExpressions.values": set(),
	"spec.tolerations": set(), "spec.topologySpreadConstraints": set(), "spec.imagePullSecrets": set(),
	"capabilities.add": set(), "capabilities.drop": set(), "spec.accessModes": set(),
}

// conventions are the lists of all kinds, by the end of their path.
var conventions = sync.OnceValue(func() map[string]List {
	out := maps.Clone(shared)
	for _, k := range described {
		maps.Copy(out, k.Lists)
	}
	return out
})

// rooted are the fields of conventions at the root of an object: the rules of a
// route, which are below spec, have an order.
var rooted = map[string]bool{"rules": true, "subjects": true}

func root(path string) string {
	field, _, _ := strings.Cut(path, ".")
	return field
}

// mergeKeys are the merge keys of the lists of Kubernetes' own types, by field:
// the API server and kustomize merge entries by them. No field of this name merges
// by others, but for those that the column of kustomize names.
var mergeKeys = map[string][]string{
	"containers": byName, "initContainers": byName, "ephemeralContainers": byName, "env": byName, "volumes": byName,
	"volumeMounts": {"mountPath"}, "volumeDevices": {"devicePath"}, "imagePullSecrets": byName, "secrets": byName,
	"ports": {"containerPort", "protocol"}, "hostAliases": {"ip"}, "topologySpreadConstraints": {"topologyKey", "whenUnsatisfiable"},
	"ownerReferences": {"uid"}, "conditions": {"type"}, "podIPs": {"ip"}, "finalizers": {Itself},
}

// servicePorts are the merge keys of the ports of a Service.
var servicePorts = []string{"port", "protocol"}

// Itself is the merge key of a list whose entries are texts.
const Itself = ""

// MergeKeys returns the keys that tell apart the entries of a list of Kubernetes'
// own types, by its field; nil where it has none. Ports are those of containers.
func MergeKeys(field string) []string { return mergeKeys[field] }
