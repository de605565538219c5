package kustomize

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Hashed returns the objects as kustomize names them when it builds: generated
// ConfigMaps with the hash of their content, and the references to them in
// Kubernetes' own kinds renamed along.
func Hashed(objects []object.Object) ([]object.Object, error) {
	renamed := map[string]string{}
	for _, o := range objects {
		if o.Generated() {
			h, err := configMapHash(o)
			if err != nil {
				return nil, err
			}
			renamed[o.Name()] = o.Name() + "-" + h
		}
	}
	if len(renamed) == 0 {
		return objects, nil
	}
	out := make([]object.Object, len(objects))
	for i, o := range objects {
		c := o.Clone()
		if o.Generated() {
			c.Map()["metadata"].(map[string]any)["name"] = renamed[o.Name()]
		} else if builtin(o.Group()) {
			renameReferences(o.Kind(), c.Map(), renamed)
		}
		out[i] = c
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

// renameReferences renames ConfigMaps wherever kustomize follows their names:
// in pod specs, and in the rules of roles.
func renameReferences(kind string, v any, renamed map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			ref, isMap := e.(map[string]any)
			switch {
			case isMap && (key == "configMapRef" || key == "configMapKeyRef" || key == "configMap"):
				if name, ok := ref["name"].(string); ok && renamed[name] != "" {
					ref["name"] = renamed[name]
				}
			case key == "resourceNames" && (kind == "Role" || kind == "ClusterRole"):
				names, _ := e.([]any)
				for i, n := range names {
					if s, ok := n.(string); ok && renamed[s] != "" {
						names[i] = renamed[s]
					}
				}
			}
			renameReferences(kind, e, renamed)
		}
	case []any:
		for _, e := range v {
			renameReferences(kind, e, renamed)
		}
	}
}
