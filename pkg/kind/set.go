package kind

import "fmt"

// Set is a set of kinds: those that [Lookup] knows, and more. The zero value has no
// more.
type Set struct{ more map[Name]*Kind }

// NewSet returns a set with the kinds that an operator's package brings. A scope
// may be left out where Lookup knows it. It returns an error for a kind that is
// described twice: by two of these, or by Lookup already, unless that knows
// nothing but the scope; and for one without a scope.
func NewSet(more ...Kind) (*Set, error) {
	s := &Set{map[Name]*Kind{}}
	for _, k := range more {
		scope := Of(k.Name)
		switch {
		case k.Name.Kind == "":
			return nil, fmt.Errorf("a kind of the group %q has no name", k.Name.Group)
		case s.more[k.Name] != nil || IsBuiltin(k.Name) || isDescribed(k.Name):
			return nil, fmt.Errorf("the kind %s is described twice", k.Name)
		case k.Scope == Unknown:
			k.Scope = scope
		}
		if k.Scope == Unknown {
			return nil, fmt.Errorf("the kind %s has no scope", k.Name)
		}
		if scope != Unknown && k.Scope != scope {
			return nil, fmt.Errorf("the kind %s is %s, and not %s", k.Name, scope, k.Scope)
		}
		s.more[k.Name] = &k
	}
	return s, nil
}

// Lookup returns what is known of a kind, as the function Lookup does.
func (s *Set) Lookup(n Name) Kind {
	if k, ok := s.more[n]; ok {
		return *k
	}
	return Lookup(n)
}

// Scopes returns the scopes of the kinds that the set has beside those that the
// function Lookup knows.
func (s *Set) Scopes() map[Name]Scope {
	out := make(map[Name]Scope, len(s.more))
	for n, k := range s.more {
		out[n] = k.Scope
	}
	return out
}

// isDescribed reports whether the table knows more of a kind than its scope.
func isDescribed(n Name) bool {
	for _, k := range described {
		if k.Name == n {
			return true
		}
	}
	return false
}
