package kustomize

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Hashed returns the objects as kustomize names them when it builds: generated
// ConfigMaps with the hash of their content, and the references to them renamed
// along, where kustomize follows them. The objects given stay as they are.
func Hashed(objects []object.Object) ([]object.Object, error) {
	renamed := renames{}
	for _, o := range objects {
		if o.Generated() {
			h, err := configMapHash(o)
			if err != nil {
				return nil, err
			}
			renamed[at(o.Namespace(), o.Name())] = o.Name() + "-" + h
		}
	}
	if len(renamed) == 0 {
		return objects, nil
	}
	out := make([]object.Object, len(objects))
	for i, o := range objects {
		switch paths := kind.Kustomize(o.KindName()).ConfigMaps; {
		case o.Generated():
			c := o.Clone()
			c.Map()["metadata"].(map[string]any)["name"] = renamed[at(o.Namespace(), o.Name())]
			out[i] = c
		case len(paths) > 0:
			c := o.Clone()
			for _, p := range paths {
				renamed.follow(referrer{o.Kind(), o.Namespace()}, c.Map(), p)
			}
			out[i] = c
		default:
			out[i] = o
		}
	}
	return out, nil
}

// configMapHash is kustomize's hash of a ConfigMap: the first ten hexadecimal
// digits of the SHA-256 of its content, spelt without vowels and lookalikes.
// The name in it is always empty (kustomize api/hasher).
func configMapHash(o object.Object) (string, error) {
	content := map[string]any{"kind": "ConfigMap", "name": "", "data": ""}
	for _, field := range []string{"data", "binaryData"} {
		if v, ok := o.Get(field); ok {
			if _, err := textMap(o, field); err != nil {
				return "", err
			}
			content[field] = v
		}
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.ID(), err)
	}
	sum := sha256.Sum256(encoded)
	return strings.NewReplacer("0", "g", "1", "h", "3", "k", "a", "m", "e", "t").Replace(hex.EncodeToString(sum[:])[:10]), nil
}

// place is where the name of a ConfigMap counts.
type place struct{ namespace, name string }

// at returns a place; an object without a namespace is one of the default one.
func at(namespace, name string) place {
	if namespace == "default" {
		namespace = ""
	}
	return place{namespace, name}
}

// renames holds the new names of ConfigMaps.
type renames map[place]string

// referrer is an object whose references are renamed.
type referrer struct{ kind, namespace string }

// name returns the new name for a reference, or the old one. A ClusterRole
// reaches into all namespaces.
func (r renames) name(by referrer, name string) string {
	if by.kind != "ClusterRole" {
		if to, ok := r[at(by.namespace, name)]; ok {
			return to
		}
		return name
	}
	found := name
	for p, to := range r {
		if p.name != name || found == to {
			continue
		}
		if found != name {
			return name // kustomize gives up too
		}
		found = to
	}
	return found
}

// follow renames what stands at a path below v, in every entry of lists.
func (r renames) follow(by referrer, v any, path []string) {
	if l, ok := v.([]any); ok {
		for i, e := range l {
			if s, isText := e.(string); isText && len(path) == 0 {
				l[i] = r.name(by, s)
				continue
			}
			r.follow(by, e, path)
		}
		return
	}
	m, ok := v.(map[string]any)
	if !ok || len(path) == 0 {
		return
	}
	if s, isText := m[path[0]].(string); isText && len(path) == 1 {
		m[path[0]] = r.name(by, s)
		return
	}
	r.follow(by, m[path[0]], path[1:])
}
