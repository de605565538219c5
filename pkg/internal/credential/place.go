package credential

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// Place is where a value stands in a document: what the names around it say about
// it. The zero value is the document itself.
type Place struct {
	// name is the name that the value stands below.
	name string
	// secret tells that the value is one of a Secret of Kubernetes, whatever its name.
	secret bool
}

// PlaceOf returns the place at a path, as far as a path shows it.
func PlaceOf(path fieldpath.Path) Place {
	var p Place
	steps, err := path.Steps()
	if err != nil {
		return p
	}
	for _, s := range steps {
		if s.Bracket || s.Name != "value" {
			p.name = s.Name
		}
	}
	return p
}

// Key returns the place of the value of a key of m, which is at p. The value of an
// entry that has a name, as those of env do, stands below that name.
func (p Place) Key(m map[string]any, key string) Place {
	switch {
	case p.secret, m["kind"] == "Secret" && (key == "data" || key == "stringData"):
		return Place{key, true}
	case strings.EqualFold(key, "value"):
		if name := nameIn(m); name != "" {
			return Place{name: name}
		}
		return p
	case key == "secretKey" && (m["remoteRef"] != nil || m["sourceRef"] != nil):
		return Place{} // in an ExternalSecret, it names the key that is written
	}
	return Place{name: key}
}

// Index returns the place of an entry of l, which is at p. An argument that follows
// an option stands below the option's name.
func (p Place) Index(l []any, i int) Place {
	if i > 0 {
		option, _ := l[i-1].(string)
		if s, ok := l[i].(string); ok && !strings.HasPrefix(s, "-") && Option(option) != "" {
			return Place{name: Option(option)}
		}
	}
	return p
}

// Redact returns a value, or a copy in which Redacted stands for all texts and numbers
// that may be secret: those that hold a credential, those below its name, and those
// of a Secret.
func (p Place) Redact(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case string:
		if p.redacts(v) {
			return Redacted
		}
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = p.Key(v, k).Redact(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = p.Index(v, i).Redact(e)
		}
		return out
	}
	if p.redacts(fmt.Sprint(v)) {
		return Redacted
	}
	return v
}

// redacts reports whether a text is not to be printed.
func (p Place) redacts(text string) bool {
	return Judge(p.name, text).What != "" || p.secret && text != "" && !isReference(text) && !isPlaceholder(text)
}

// RedactValue is Place.Redact of a whole document.
func RedactValue(v any) any { return Place{}.Redact(v) }
