package kind

import (
	"maps"
	"slices"
	"strings"
)

// Kind is what is known of a kind. Where nothing is known, a field is its zero
// value.
type Kind struct {
	Name  Name
	Scope Scope
	// Creates are the kinds of what its controller creates, and of what the
	// controllers of those create.
	Creates []Name
	// PodTemplate is the path of the template of its pods, which has their metadata
	// and spec. It is empty in a pod, and nil where there is no template.
	PodTemplate []string
	// Replicas is the path of the number of its pods, which an autoscaler may
	// change; nil where there is none.
	Replicas []string
	// Serves reports whether its pods run until they are deleted, as those do that
	// serve traffic. Those of a Job end.
	Serves bool
	// Rollout is how its pods are replaced; nil where they are not.
	Rollout *Rollout
	// Claims are the claims that its controller makes for its pods; nil without.
	Claims *Claims
	// Scaler is how it scales others; nil where it does not.
	Scaler *Scaler
	// HoldsData reports whether deleting an object deletes what nobody can make anew.
	HoldsData bool
	// Limit bounds the names of its objects.
	Limit NameLimit
	// Fixed are the fields that the API server refuses to change.
	Fixed Fixed
	// Lists are its lists whose order means nothing, or whose entries have keys of
	// their own, by the end of their path without keys, as in spec.ingress.from.
	// Those of pods, and of other types that many kinds share, are known for all
	// kinds: see List.
	Lists map[string]List
}

// PodSpec returns the path of the spec of its pods; nil where it has none.
func (k Kind) PodSpec() []string {
	if k.PodTemplate == nil {
		return nil
	}
	return append(k.PodTemplate[:len(k.PodTemplate):len(k.PodTemplate)], "spec")
}

// PodTemplates returns the paths at which an object of the kind may have a template
// of pods. Where the table has none, they are those of Kubernetes' own workloads:
// many operators follow them.
func (k Kind) PodTemplates() [][]string {
	if k.PodTemplate != nil {
		return [][]string{k.PodTemplate}
	}
	return [][]string{template, jobTemplate}
}

// Fields returns the paths of all fields that the description names, as in
// spec.template. A kind's schema has each of them.
func (k Kind) Fields() []string {
	steps := [][]string{k.PodTemplate, k.Replicas}
	if r := k.Rollout; r != nil {
		steps = append(steps, r.HeldBy, r.Partition)
	}
	if c := k.Claims; c != nil {
		steps = append(steps, c.Templates, c.Policy)
	}
	if s := k.Scaler; s != nil {
		steps = append(steps, s.Least, []string{"spec", "scaleTargetRef", "name"})
	}
	out := slices.Collect(maps.Keys(k.Lists))
	for _, path := range steps {
		if len(path) > 0 {
			out = append(out, strings.Join(path, "."))
		}
	}
	for _, f := range k.Fixed.Fields {
		out = append(append(out, f.Path), f.Except...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Rollout is how a controller replaces pods when their template changes.
type Rollout struct {
	// HeldBy is a field that makes it leave all pods alone while it has the value
	// Held.
	HeldBy []string
	Held   any
	// Partition is a field that holds how many pods are left alone.
	Partition []string
	// PerNode reports whether there is a pod on each node, whatever replicas says.
	PerNode bool
}

// Claims are PersistentVolumeClaims that a controller makes, and that stay when
// the object goes.
type Claims struct {
	// Templates is the path of the list of their templates.
	Templates []string
	// Policy is the path of a field that makes them go along: with the value
	// Delete.
	Policy []string
}

// Scaler is how an autoscaler scales what its spec.scaleTargetRef names.
type Scaler struct {
	// Least is the path of the least number of pods.
	Least []string
	// Target is the kind that it scales where the reference names none.
	Target string
}

// NameLimit is what a name may be where other objects have a DNS subdomain of
// 253 characters.
type NameLimit struct {
	// Most is the number of characters, and Why the reason; 0 is no limit of its own.
	Most int
	Why  string
	// Form is what the name has to be; "" is a DNS subdomain.
	Form Form
}

// Form is the form of a name.
type Form string

// The forms. All but the last are named after the RFC that describes them.
const (
	Label1035 Form = "RFC 1035 label"
	Label1123 Form = "RFC 1123 label"
	Segment   Form = "path segment"
)
