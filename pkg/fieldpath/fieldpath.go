// Package fieldpath names a place inside a model or an object.
//
// A path is written as the YAML is nested: fields are joined by dots, entries
// of maps and of named lists stand in brackets, and so do list indexes:
//
//	apps[frontend].spec.env[GET_HOSTS_FROM].value
//	spec.template.spec.containers[0].image
//	metadata.labels[app.kubernetes.io/name]
//
// A bracket holds the key as it is; the characters ] and \ inside a key are
// escaped by a backslash. The package knows nothing about types: whether a
// bracket is an index, a map key or the name of an entry is up to its reader.
package fieldpath

import (
	"fmt"
	"strconv"
	"strings"
)

// Path is a field path in its written form. The zero value is the root.
type Path string

// Step is one step of a path.
type Step struct {
	// Name is the field's name, or the key or index inside the brackets.
	Name string
	// Bracket tells whether the step was written in brackets.
	Bracket bool
}

// Field returns the path of the field name below p.
func (p Path) Field(name string) Path {
	if p == "" {
		return Path(name)
	}
	return p + "." + Path(name)
}

// Key returns the path of the map entry or named list entry key below p.
func (p Path) Key(key string) Path {
	if strings.ContainsAny(key, `]\`) {
		key = strings.NewReplacer(`\`, `\\`, `]`, `\]`).Replace(key)
	}
	return p + "[" + Path(key) + "]"
}

// Index returns the path of the list entry i below p.
func (p Path) Index(i int) Path { return p + Path("["+strconv.Itoa(i)+"]") }

// Join returns the path of sub seen from p.
func (p Path) Join(sub Path) Path {
	if p == "" || sub == "" || strings.HasPrefix(string(sub), "[") {
		return p + sub
	}
	return p + "." + sub
}

// Steps takes p apart. An error says where p is malformed: an empty field
// name, a bracket that is not closed, or text behind a closing bracket.
func (p Path) Steps() ([]Step, error) {
	var steps []Step
	s := string(p)
	for i := 0; i < len(s); {
		if s[i] == '[' {
			key, next, err := bracket(s, i)
			if err != nil {
				return nil, err
			}
			steps = append(steps, Step{Name: key, Bracket: true})
			i = next
			if i < len(s) && s[i] != '.' && s[i] != '[' {
				return nil, fmt.Errorf("path %q: expected a dot or a bracket at offset %d", s, i)
			}
			continue
		}
		if s[i] == '.' {
			if i == 0 {
				return nil, fmt.Errorf("path %q: empty field name at offset 0", s)
			}
			i++
		}
		end := i
		for end < len(s) && s[end] != '.' && s[end] != '[' {
			end++
		}
		if end == i {
			return nil, fmt.Errorf("path %q: empty field name at offset %d", s, i)
		}
		steps = append(steps, Step{Name: s[i:end]})
		i = end
	}
	return steps, nil
}

// bracket reads the key that opens at s[start] and returns the offset behind
// its closing bracket.
func bracket(s string, start int) (key string, next int, err error) {
	var b strings.Builder
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
			if i < len(s) {
				b.WriteByte(s[i])
			}
		case ']':
			return b.String(), i + 1, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, fmt.Errorf("path %q: the bracket at offset %d is not closed", s, start)
}

// Of writes steps as a path; it is the inverse of Path.Steps.
func Of(steps ...Step) Path {
	var p Path
	for _, s := range steps {
		if s.Bracket {
			p = p.Key(s.Name)
		} else {
			p = p.Field(s.Name)
		}
	}
	return p
}
