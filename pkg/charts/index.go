package charts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// maxWhole bounds an index that has to be parsed as a whole, in bytes. It takes many
// times its size in memory.
const maxWhole = 16 << 20

// index is the index of a chart repository. Those of large repositories have more than
// twenty megabytes, of which one chart is a small part: only that is parsed, where the
// index has the form in which Helm and all known servers write it.
type index struct {
	data []byte
	// parts are the YAML of the charts, by name; nil where all had to be parsed.
	parts map[string][]byte
	whole map[string][]published
}

// published is a version of a chart in an index.
type published struct {
	Version string   `json:"version" yaml:"version"`
	URLs    []string `json:"urls" yaml:"urls"`
	Digest  string   `json:"digest" yaml:"digest"`
}

// parseIndex reads an index.
func parseIndex(data []byte) (*index, error) {
	i := &index{data: data}
	if parts, ok := partsOf(data); ok {
		i.parts = parts
		return i, nil
	}
	return i, i.parseAll()
}

// names returns the names of all charts, sorted.
func (i *index) names() []string {
	if i.parts != nil {
		return slices.Sorted(maps.Keys(i.parts))
	}
	return slices.Sorted(maps.Keys(i.whole))
}

// chart returns the versions of a chart; ok is false if there is none of the name.
func (i *index) chart(name string) (versions []published, ok bool, err error) {
	if i.parts != nil {
		part, ok := i.parts[name]
		if !ok {
			return nil, false, nil
		}
		err := decodeLoosely(part, &versions)
		if err == nil {
			return versions, true, nil
		}
		if err := i.parseAll(); err != nil { // it may refer to another part
			return nil, false, err
		}
		i.parts = nil
	}
	versions, ok = i.whole[name]
	return versions, ok, nil
}

// parseAll reads all charts.
func (i *index) parseAll() error {
	var doc struct {
		APIVersion string                 `json:"apiVersion" yaml:"apiVersion"`
		Entries    map[string][]published `json:"entries" yaml:"entries"`
	}
	var err error
	switch {
	case len(bytes.TrimSpace(i.data)) == 0:
		return errors.New("the index of the repository is empty")
	case json.Valid(i.data):
		err = json.Unmarshal(i.data, &doc)
	case len(i.data) > maxWhole:
		return fmt.Errorf("the index of the repository has more than %d MiB, and not the form in which helm repo index writes it", maxWhole>>20)
	default:
		err = decodeLoosely(i.data, &doc)
	}
	if err != nil || doc.APIVersion == "" && doc.Entries == nil {
		return errors.New("what the server sends is not the index of a chart repository")
	}
	i.whole = doc.Entries
	return nil
}

// decodeLoosely reads YAML, and passes over values of other types, as an index may have
// them in charts that nobody asks for.
func decodeLoosely(data []byte, into any) error {
	err := yaml.Unmarshal(data, into)
	if t := (*yaml.TypeError)(nil); errors.As(err, &t) {
		return nil
	}
	return err
}

// keyOf matches the line of a chart's name.
var keyOf = regexp.MustCompile(`^(?:([A-Za-z0-9][A-Za-z0-9._/-]*)|"([A-Za-z0-9._/-]+)"|'([A-Za-z0-9._/-]+)'):[ ]*(\[\])?$`)

// partsOf returns the YAML of each chart of an index that has the usual form: a line
// entries:, and below it the names of charts in lines of their own, all of the same
// indentation, each with a list below it.
func partsOf(data []byte) (map[string][]byte, bool) {
	parts := map[string][]byte{}
	name, start, indent, inside, found := "", 0, 0, false, false
	end := func(at int) {
		if name != "" {
			parts[name] = data[start:at]
		}
		name = ""
	}
	for at := 0; at < len(data); {
		next := len(data)
		if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		line := bytes.TrimRight(data[at:next], " \r\n")
		text := bytes.TrimLeft(line, " ")
		depth := len(line) - len(text)
		switch {
		case len(text) == 0 || text[0] == '#':
		case text[0] == '\t':
			return nil, false
		case depth == 0:
			end(at)
			if inside = string(line) == "entries:"; inside && found {
				return nil, false
			}
			found = found || inside
			indent = 0
		case inside && (indent == 0 || depth == indent && text[0] != '-'):
			end(at)
			m := keyOf.FindSubmatch(text)
			if m == nil || text[0] == '-' {
				return nil, false
			}
			indent, name, start = depth, string(m[1])+string(m[2])+string(m[3]), next
			if parts[name] != nil {
				return nil, false
			}
		case inside && depth < indent:
			return nil, false
		}
		at = next
	}
	end(len(data))
	return parts, found
}
