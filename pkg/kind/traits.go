package kind

// Traits are what is known of a kind beside its scope. The zero value is that of
// a kind about which nothing is known.
type Traits struct {
	// Creates are the kinds of what its controller creates, and of what the
	// controllers of those create.
	Creates []Name
	// Rollout is how its pods are replaced; nil where they are not.
	Rollout *Rollout
	// HoldsData tells that deleting an object deletes what nobody can make anew.
	HoldsData bool
	// Name bounds the names of its objects.
	Name NameLimit
	// Fixed are the fields that the API server refuses to change.
	Fixed Fixed
}

// Rollout is how a controller replaces pods when the template in spec.template
// changes.
type Rollout struct {
	// HeldBy is a field that makes it leave all pods alone while it has the value
	// Held.
	HeldBy []string
	Held   any
	// Partition is a field that holds how many pods are left alone.
	Partition []string
	// PerNode tells that there is a pod on each node, whatever replicas says.
	PerNode bool
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

// The forms, by the number of the RFC that describes them.
const (
	Label1035 Form = "RFC 1035 label"
	Label1123 Form = "RFC 1123 label"
)

// Fixed are fields that cannot be changed in place.
type Fixed struct {
	// Fields are paths without keys, as in spec.template; all below is meant.
	Fields []string
	// Except are paths below them that can be changed.
	Except []string
	// Remedy is what to do in place of the change.
	Remedy Remedy
}

// Remedy is what to do where a field cannot be changed.
type Remedy string

// The remedies.
const (
	// Recreate deletes the object and creates it anew: nothing else is lost.
	Recreate Remedy = "Recreate"
	// Rename gives the changed object another name.
	Rename Remedy = "Rename"
	// RenameOrOutage is Rename, or Recreate with an outage.
	RenameOrOutage Remedy = "RenameOrOutage"
	// RenameOrLoss is Rename: deleting the object deletes others.
	RenameOrLoss Remedy = "RenameOrLoss"
	// Orphan deletes the object without its pods, which the new one adopts.
	Orphan Remedy = "Orphan"
	// Rerun replaces the object, which has ended or starts from the beginning.
	Rerun Remedy = "Rerun"
	// CopyData makes another object and moves the data.
	CopyData Remedy = "CopyData"
)

// TraitsOf returns what is known of a kind.
func TraitsOf(n Name) Traits { return traits[n] }

// HoldsData reports whether objects of a kind hold data that goes with them.
func HoldsData(n Name) bool { return traits[n].HoldsData }
