package helm

import (
	"bytes"
	"encoding/json"
	"sync"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// maxParsed bounds the text of the documents that a chart remembers.
const maxParsed = 16 << 20

// documents are the values of YAML documents that a chart printed, by their text: most
// are the same in all environments. The zero value is empty.
type documents struct {
	mu     sync.Mutex
	values map[string]any
	size   int
}

// get returns the value of a document, which is shared and must not be changed.
func (d *documents) get(text string) (any, error) {
	d.mu.Lock()
	value, known := d.values[text]
	d.mu.Unlock()
	if known {
		return value, nil
	}
	value, err := parse(text + "\n") // Helm prints an end of line behind each document
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.size+len(text) <= maxParsed {
		if d.values == nil {
			d.values = map[string]any{}
		}
		d.values[text] = value
		d.size += len(text)
	}
	return value, nil
}

// parse returns the value of a YAML document as Kubernetes reads it, in the form of
// package object.
func parse(text string) (any, error) {
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var out any
	if err := dec.Decode(&out); err != nil {
		return nil, err
	}
	return object.Normalize(out)
}
