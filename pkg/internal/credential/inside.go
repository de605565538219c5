package credential

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDecoded bounds a text that is decoded as JSON or YAML, in bytes: the most that
// a ConfigMap holds.
const maxDecoded = 1 << 20

// maxNesting bounds how deep a document is walked.
const maxNesting = 64

// hasNames reports whether a text may have the name of a credential in it.
func hasNames(text string) bool {
	return strings.ContainsAny(text, "=:>- \t") && hasStem(strings.ToLower(text))
}

// judgeInside returns what is found in a text when it is decoded: as a document, as
// a text in quotes, percent-encoded, or in base64.
func judgeInside(text string, named bool, depth int) Verdict {
	var unsure Verdict
	try := func(v Verdict, where string) bool {
		if v.What != "" && (v.Sure || unsure.What == "") {
			unsure = Verdict{v.What + where, v.Sure}
		}
		return unsure.Sure
	}
	escaped := strings.Contains(text, `\`)
	if strings.ContainsAny(text, ":[") && (named || escaped || strings.Contains(text, "kty") || strings.Contains(text, "Secret")) && len(text) <= maxDecoded {
		w := &walker{depth: depth}
		if w.documents(text); try(w.verdict, "") {
			return unsure
		}
	}
	if escaped {
		if plain := unescaped(text); plain != text && try(judge("", plain, depth+1), "") {
			return unsure
		}
	}
	if strings.Contains(text, "%") {
		if plain, err := url.PathUnescape(text); err == nil && plain != text && try(judge("", plain, depth+1), ", percent-encoded") {
			return unsure
		}
	}
	for _, inner := range decoded(text) {
		if try(judge("", inner, depth+1), ", in base64") {
			return unsure
		}
	}
	return unsure
}

// unescaped returns a text as it is without the quotes around it.
var unescaped = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\n`, "\n", `\t`, "\t", `\/`, `/`, `\r`, "").Replace

// walker looks at the values of documents.
type walker struct {
	depth   int
	verdict Verdict
}

func (w *walker) note(v Verdict) {
	if !w.verdict.Sure && v.What != "" && (v.Sure || w.verdict.What == "") {
		w.verdict = v
	}
}

// documents walks a text that is JSON or YAML; others are passed.
func (w *walker) documents(text string) {
	if t := strings.TrimSpace(text); t != "" && (t[0] == '{' || t[0] == '[') {
		d := json.NewDecoder(strings.NewReader(t))
		d.UseNumber()
		var v any
		if d.Decode(&v) == nil {
			w.walk("", v, 0)
			return
		}
	}
	if !strings.Contains(text, ":") || !strings.ContainsAny(text, "\n{ ") {
		return
	}
	d := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	for !w.verdict.Sure {
		var n yaml.Node
		if d.Decode(&n) != nil {
			return
		}
		w.walk("", plain(&n, 0), 0)
	}
}

// plain returns a node as JSON would be decoded. Aliases are left out, so that no
// document grows: what they stand for is walked where it is written.
func plain(n *yaml.Node, nesting int) any {
	if nesting > maxNesting {
		return nil
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return plain(n.Content[0], nesting)
		}
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1], nesting+1)
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, e := range n.Content {
			l[i] = plain(e, nesting+1)
		}
		return l
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!str", "!!int", "!!float":
			return n.Value
		}
	}
	return nil
}

// walk looks at a value below a name.
func (w *walker) walk(name string, v any, nesting int) {
	if w.verdict.Sure || nesting > maxNesting {
		return
	}
	switch v := v.(type) {
	case string:
		w.note(judge(name, v, w.depth+1))
	case json.Number:
		w.note(judge(name, v.String(), w.depth+1))
	case []any:
		w.list(name, v, nesting)
	case map[string]any:
		w.object(v, nesting)
	}
}

// list looks at the entries of a list, which may be the arguments of a command.
func (w *walker) list(name string, l []any, nesting int) {
	args := make([]string, 0, len(l))
	for _, e := range l {
		own := name
		if s, ok := e.(string); ok {
			if n := len(args); n > 0 && !strings.HasPrefix(s, "-") {
				own = cmp.Or(Option(args[n-1]), name)
			}
			args = append(args, s)
		}
		w.walk(own, e, nesting+1)
	}
	if w.verdict.What == "" && len(args) > 1 && len(args) == len(l) {
		w.note(judge("", strings.Join(args, " "), w.depth+1))
	}
}

// object looks at the fields of an object, and at the object as a whole.
func (w *walker) object(m map[string]any, nesting int) {
	w.note(judgeObject(m))
	named := nameIn(m)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		e := m[k]
		if named != "" && (k == "value" || k == "Value") {
			k = named
		}
		if k != "encryptedData" {
			w.walk(k, e, nesting+1)
		}
	}
}

// nameIn returns the name that an object gives to the value in it, as entries of env do.
func nameIn(m map[string]any) string {
	for _, k := range []string{"name", "Name", "key", "Key"} {
		if s, ok := m[k].(string); ok {
			return s
		}
	}
	return ""
}

// judgeObject returns what an object is as a whole: a private JSON web key, or a
// Secret of Kubernetes with values.
func judgeObject(m map[string]any) Verdict {
	if m["kty"] != nil {
		for _, k := range []string{"d", "k"} {
			if s, _ := m[k].(string); len(s) >= 20 && !isPlaceholder(s) && !isReference(s) {
				return Verdict{"a private JSON web key", true}
			}
		}
	}
	if m["kind"] != "Secret" {
		return Verdict{}
	}
	for _, k := range []string{"data", "stringData"} {
		values, _ := m[k].(map[string]any)
		for _, v := range values {
			if s, ok := v.(string); ok && s != "" && !isPlaceholder(s) && !isReference(s) {
				return Verdict{keyObject, true}
			}
		}
	}
	return Verdict{}
}
