package feature

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Set is some features that go together. It never changes.
type Set struct {
	features   []Feature
	defaults   []Default
	rules      []rules.Rule
	components []Component
	kinds      *kind.Set
	settings   map[string]any
}

// NewSet returns a set of features. The order of features is that of their facts;
// their defaults are ordered by what they come after and before, and otherwise as
// they are given. It is an error where settings are not a pointer to a struct that
// YAML can be read into, where two features, defaults, rules, components or kinds
// have one name, where a default names another that there is not, or where
// defaults wait for each other.
func NewSet(list ...Feature) (*Set, error) {
	s := &Set{features: slices.Clone(list), settings: map[string]any{}}
	var wrong []error
	var kinds []kind.Kind
	names := map[string]bool{}
	unique := func(what, name string) {
		if names[what+" "+name] {
			wrong = append(wrong, fmt.Errorf("two features have the %s %q", what, name))
		}
		names[what+" "+name] = true
	}
	for _, f := range list {
		if len(validation.IsDNS1123Label(f.Name)) > 0 {
			wrong = append(wrong, fmt.Errorf("%q is not a valid name of a feature: use lowercase letters, digits and dashes", f.Name))
		}
		unique("name", f.Name)
		for _, d := range f.Defaults {
			unique("default", d.ID)
			if d.Apply == nil {
				wrong = append(wrong, fmt.Errorf("the default %s of feature %s does nothing", d.ID, f.Name))
			}
		}
		for _, r := range f.Rules {
			unique("rule", r.ID)
		}
		for _, c := range f.Components {
			unique("component", c.Name)
		}
		if f.Settings != nil {
			s.settings[f.Name] = f.Settings
			if err := checkSettings(f.Settings); err != nil {
				wrong = append(wrong, fmt.Errorf("the settings of feature %s: %w", f.Name, err))
			}
		}
		kinds = append(kinds, f.Kinds...)
		s.defaults = append(s.defaults, f.Defaults...)
		s.rules = append(s.rules, f.Rules...)
		s.components = append(s.components, f.Components...)
	}
	slices.SortFunc(s.rules, func(a, b rules.Rule) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(s.components, func(a, b Component) int { return cmp.Compare(a.Name, b.Name) })
	var err error
	if s.defaults, err = ordered(s.defaults); err != nil {
		wrong = append(wrong, err)
	}
	if s.kinds, err = kind.NewSet(kinds...); err != nil {
		wrong = append(wrong, err)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return s, nil
}

// Features returns the features, in the order of their facts.
func (s *Set) Features() []Feature { return slices.Clone(s.features) }

// Defaults returns all defaults, in the order in which they apply.
func (s *Set) Defaults() []Default { return slices.Clone(s.defaults) }

// Rules returns what the features' findings are about, sorted by id.
func (s *Set) Rules() []rules.Rule { return slices.Clone(s.rules) }

// Settings returns the Settings of the features that have any, by their names.
func (s *Set) Settings() map[string]any { return maps.Clone(s.settings) }

// Kinds returns what is known of kinds, with those of the features.
func (s *Set) Kinds() *kind.Set { return s.kinds }

// Components returns the platform's components, sorted by name.
func (s *Set) Components() []Component { return slices.Clone(s.components) }

// Derive fills in the defaults of a target.
func (s *Set) Derive(d *Derivation) {
	for i := range s.defaults {
		s.defaults[i].Apply(d)
	}
}

// Facts returns what a target states, which has nothing left to fill in.
func (s *Set) Facts(t *view.Target) *view.Facts {
	f := &view.Facts{App: t.App, Project: t.Project, Namespace: t.Namespace}
	for i := range s.features {
		if state := s.features[i].Facts; state != nil {
			state(t, f)
		}
	}
	return f
}

// CheckModel lets the features check the fleet as it was written.
func (s *Set) CheckModel(r *Report) {
	for i := range s.features {
		if check := s.features[i].CheckModel; check != nil {
			check(r)
		}
	}
}

// CheckLayer lets the features check a layer as it was written.
func (s *Set) CheckLayer(r *Report, at fieldpath.Path, layer *model.AppSpec) {
	for i := range s.features {
		if check := s.features[i].CheckLayer; check != nil {
			check(r, at, layer)
		}
	}
}

// CheckTarget lets the features check a target with nothing left to fill in, and
// finds fields that two of them leave to different controllers.
func (s *Set) CheckTarget(r *Report, at fieldpath.Path, t *view.Target) {
	controlledTwice(r, at, t)
	for i := range s.features {
		if check := s.features[i].CheckTarget; check != nil {
			check(r, at, t)
		}
	}
}

// controlledTwice finds fields that two controllers write, which undo each other's
// changes. No feature knows the other's.
func controlledTwice(r *Report, at fieldpath.Path, t *view.Target) {
	owner := map[view.OwnedField]string{}
	for _, f := range t.Owned {
		by := f.By
		f.By = ""
		switch first, ok := owner[f]; {
		case !ok:
			owner[f] = by
		case first != by:
			r.Errorf("controlled-twice", at, "keep one of them", "%s and %s both control %s of the %s %s", first, by, f.Pointer, f.Kind, f.Name)
		}
	}
}

// CheckFleet lets the features check the whole fleet.
func (s *Set) CheckFleet(r *Report, f view.Fleet) {
	for i := range s.features {
		if check := s.features[i].CheckFleet; check != nil {
			check(r, f)
		}
	}
}

// ordered returns defaults so that each comes after those that it relies on, and
// otherwise in the given order.
func ordered(list []Default) ([]Default, error) {
	at, waits := map[string]int{}, make([][]int, len(list))
	for i, d := range list {
		at[d.ID] = i
	}
	var wrong []error
	other := func(d Default, id string) (int, bool) {
		i, ok := at[id]
		if !ok {
			wrong = append(wrong, fmt.Errorf("the default %s names %s, which no feature has", d.ID, id))
		}
		return i, ok
	}
	for i, d := range list {
		for _, id := range d.After {
			if j, ok := other(d, id); ok {
				waits[i] = append(waits[i], j)
			}
		}
		for _, id := range d.Before {
			if j, ok := other(d, id); ok {
				waits[j] = append(waits[j], i)
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	out, done := make([]Default, 0, len(list)), make([]bool, len(list))
	for len(out) < len(list) {
		next := -1
		for i := range list {
			if !done[i] && !slices.ContainsFunc(waits[i], func(j int) bool { return !done[j] }) {
				next = i
				break
			}
		}
		if next < 0 {
			var circle []string
			for i, d := range list {
				if !done[i] {
					circle = append(circle, d.ID)
				}
			}
			return nil, fmt.Errorf("the defaults %s wait for each other", strings.Join(circle, ", "))
		}
		out, done[next] = append(out, list[next]), true
	}
	return out, nil
}
