package diff

import (
	"encoding/json"
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// Field is one field that comes, goes or changes.
type Field struct {
	// Path is the field's path; entries of named lists stand by name, and entries of
	// sets by their index, which is that of From where it is there.
	Path fieldpath.Path `json:"path"`
	Kind Kind           `json:"kind"`
	// From and To are the values before and after, in JSON form.
	From any `json:"from,omitempty"`
	To   any `json:"to,omitempty"`
	// Order tells that the entries of a list are the same in another order; From and
	// To are their names then.
	Order bool `json:"order,omitempty"`
	// Immutable tells that Kubernetes does not change the field in place.
	Immutable bool `json:"immutable,omitempty"`
	// Risk is what the change of this field risks; "" where that is nothing special.
	Risk RiskKind `json:"risk,omitempty"`

	// shown is the path for people, in which entries of sets have no index: their
	// place means nothing, and differs between targets that change alike. "" is Path.
	shown fieldpath.Path
}

// MarshalJSON returns the field with its numbers as they are.
func (f Field) MarshalJSON() ([]byte, error) {
	type plain Field
	f.From, f.To = numbers(f.From), numbers(f.To)
	return json.Marshal(plain(f))
}

// path returns the path for people.
func (f Field) path() string {
	if f.shown != "" {
		return string(f.shown)
	}
	return string(f.Path)
}

// String returns the field's change in one line, as in "spec.replicas: 3 -> 6".
// Long values are shortened around what differs, and a field that cannot be
// changed in place is marked.
func (f Field) String() string {
	switch f.Kind {
	case Added:
		return fmt.Sprintf("%s: + %s%s", f.path(), short(f.To), f.mark())
	case Removed:
		return fmt.Sprintf("%s: - %s%s", f.path(), short(f.From), f.mark())
	}
	return f.path() + ": " + f.values()
}

// values returns what the field has become, and from what.
func (f Field) values() string {
	switch f.Kind {
	case Added:
		return short(f.To) + f.mark()
	case Removed:
		return short(f.From) + f.mark()
	}
	if f.Order {
		return "order only: " + moves(f.From, f.To) + f.mark()
	}
	from, to := shortPair(f.From, f.To)
	return from + " -> " + to + f.mark()
}

func (f Field) mark() string {
	if f.Immutable {
		return " (immutable)"
	}
	return ""
}

// each returns the field with its texts replaced.
func (f Field) each(replace func(string) string) Field {
	f.shown = fieldpath.Path(replace(f.path()))
	f.From, f.To = eachText(f.From, replace), eachText(f.To, replace)
	return f
}
