package load

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// shape is what the decoder has to know about a struct.
type shape struct {
	members []member
	// known are the names of the members, sorted.
	known []string
	// renamed are the names of members by those of earlier versions: their was tags.
	renamed map[string]string
	// spec is the index of the layer, such as an AppSpec, that the struct embeds or,
	// if empty, is; nil where there is none.
	spec []int
}

// member is a field of a struct by its JSON name.
type member struct {
	name  string
	index []int
	// merge is the field's tag of that name.
	merge string
	// inSpec tells whether the field belongs to the layer of the struct.
	inSpec bool
}

var (
	appSpec         = reflect.TypeFor[model.AppSpec]()
	componentSpec   = reflect.TypeFor[model.ComponentSpec]()
	ofApp           = reflect.TypeFor[appDocument]()
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// shape returns the shape of a struct.
func (d *decoder) shape(t reflect.Type) *shape {
	if s := d.shapes[t]; s != nil {
		return s
	}
	s := &shape{renamed: map[string]string{}}
	if isLayer(t) {
		s.spec = []int{}
	}
	s.collect(t, nil, isLayer(t))
	s.complete()
	d.shapes[t] = s
	return s
}

// isLayer reports whether a struct has an Unset for what its document removes.
func isLayer(t reflect.Type) bool { return t == appSpec || t == componentSpec }

// collect adds the fields of a struct, those of embedded ones among them.
func (s *shape) collect(t reflect.Type, prefix []int, inSpec bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		index := append(slices.Clone(prefix), i)
		switch {
		case name == "-" || f.Tag.Get("load") == "-" || !f.IsExported():
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			if isLayer(f.Type) {
				s.spec = index
			}
			s.collect(f.Type, index, inSpec || isLayer(f.Type))
		case name != "":
			s.members = append(s.members, member{name, index, f.Tag.Get("merge"), inSpec})
			if was := f.Tag.Get("was"); was != "" {
				s.renamed[was] = name
			}
		}
	}
}

func (s *shape) complete() {
	s.known = make([]string, len(s.members))
	for i, m := range s.members {
		s.known[i] = m.name
	}
	slices.Sort(s.known)
}

// without returns the shape without some of its members.
func (s *shape) without(hidden []string) *shape {
	if len(hidden) == 0 {
		return s
	}
	out := &shape{spec: s.spec, renamed: s.renamed}
	for _, m := range s.members {
		if !slices.Contains(hidden, m.name) {
			out.members = append(out.members, m)
		}
	}
	out.complete()
	return out
}

// path returns the path of a field of a struct at a path. Unknown fields of an
// App's document count as fields of its AppSpec.
func (s *shape) path(t reflect.Type, at fieldpath.Path, name string) fieldpath.Path {
	if t == ofApp {
		i := slices.IndexFunc(s.members, func(m member) bool { return m.name == name })
		if (i < 0 || s.members[i].inSpec) && name != "spec" {
			at = at.Field("spec")
		}
	}
	return at.Field(name)
}

// selfDecoding reports whether a type reads its JSON or text itself.
func selfDecoding(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && (p.Implements(jsonUnmarshaler) || p.Implements(textUnmarshaler))
}
