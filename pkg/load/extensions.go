package load

import (
	"maps"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

var extensions = reflect.TypeFor[model.Extensions]()

// extensions reads the settings of features, each into the type that its feature has.
func (d *decoder) extensions(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer) {
	fields, ok := d.fields(n, at, at.Key, nil)
	if !ok {
		return
	}
	if len(fields) == 0 {
		l.unset()
		return
	}
	known, out := slices.Collect(maps.Keys(d.settings)), model.Extensions{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		node, where := fields[name], at.Key(name)
		d.positions[where] = d.at(node)
		settings := d.settings[name]
		if settings == nil {
			reason, fix := finding.UnknownExtension(credential.Redact(name), known)
			d.errorf("unknown-extension", keyNode(n, name), at.Key(credential.Redact(name)), fix, "%s", reason)
			continue
		}
		into := reflect.New(reflect.TypeOf(settings)).Elem()
		if d.value(node, into, where, l.key(name), ""); !into.IsNil() {
			out[name] = into.Interface()
		}
	}
	if len(out) > 0 {
		v.Set(reflect.ValueOf(out))
	}
}

// keyNode returns where a key of a mapping stands.
func keyNode(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i]
		}
	}
	return n
}
