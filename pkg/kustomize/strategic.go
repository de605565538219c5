package kustomize

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// strategic computes a strategic merge patch from base to target. It is only
// exact where ok is true: then kustomize, applying it to base, gives target with
// every list in order. Keyed lists merge in Kubernetes' own kinds; elsewhere a
// list is replaced.
func strategic(base object.Object, target map[string]any) (patch map[string]any, ok bool) {
	s := newMerger(base)
	patch = s.mapping("", base.Map(), target)
	return patch, s.exact
}

func newMerger(base object.Object) merger {
	return merger{own: kind.Kustomize(base.KindName()).Merge, generated: base.Generated(), schema: builtin(base.Group()), exact: true}
}

type merger struct {
	own       map[string][]string // the merge keys of lists that differ from those of other kinds
	generated bool                // whether the object comes from a generator, which quotes nothing
	schema    bool                // whether keyed lists merge
	exact     bool
	// at is the path of the map that is merged: the fields below the object, which
	// is "", with "" for an entry of a list.
	at []string
}

// enter notes that a field's map is merged, until leave is called.
func (s *merger) enter(field string) { s.at = append(s.at, field) }

func (s *merger) leave() { s.at = s.at[:len(s.at)-1] }

// mapping returns the patch of a field's map; it is empty where nothing changes.
func (s *merger) mapping(field string, base, target map[string]any) map[string]any {
	s.enter(field)
	defer s.leave()
	s.nameless(base)
	s.nameless(target)
	patch := map[string]any{}
	for key := range base {
		if _, ok := target[key]; !ok {
			patch[key] = nil
		}
	}
	for key, v := range target {
		old, had := base[key]
		switch {
		case !had:
			s.addable(key, v)
			patch[key] = v
		case !object.Equal(old, v):
			patch[key] = s.value(key, old, v)
		default:
			s.kept(key, v)
		}
	}
	return patch
}

// nameless notes a field without a name: kustomize takes it for the map itself.
func (s *merger) nameless(m map[string]any) {
	if _, ok := m[""]; ok {
		s.exact = false
	}
}

// kept notes where a value that stands in base and target would not stay:
// kustomize walks all of an object that it patches, and makes one of the entries
// of a keyed list that are alike.
func (s *merger) kept(field string, v any) {
	switch v := v.(type) {
	case map[string]any:
		s.enter(field)
		defer s.leave()
		s.nameless(v)
		for k, e := range v {
			s.kept(k, e)
		}
	case []any:
		keys := s.keys(field, v)
		if keys == nil {
			return
		}
		if !distinct(keys, v) {
			s.exact = false
		}
		for _, e := range v {
			s.kept("", e)
		}
	}
}

// value returns the patch of a value that changes.
func (s *merger) value(key string, old, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if old, ok := old.(map[string]any); ok {
			return s.mapping(key, old, v)
		}
	case []any:
		if old, ok := old.([]any); ok {
			return s.list(key, old, v)
		}
	case string, int64, bool:
		if s.keepsQuotes(old, v) {
			return v
		}
	}
	s.exact = false
	return v
}

// keepsQuotes reports whether a scalar arrives although kustomize keeps the quotes, or
// the lack of them, of the one that it takes the place of. A generator quotes nothing.
// A text that takes the place of another stays one, so that kustomize quotes what else
// would be a number: that needs no quotes before.
func (s *merger) keepsQuotes(old, v any) bool {
	switch old.(type) {
	case string, int64, bool:
	default:
		return false
	}
	isQuoted := func(v any) bool { text, ok := v.(string); return ok && !object.IsPlain(text) }
	if _, isText := v.(string); isText {
		_, wasText := old.(string)
		return !isQuoted(v) || !s.generated && (isQuoted(old) || wasText && isQuotedAlways(v.(string)))
	}
	return !isQuoted(old)
}

// isQuotedAlways reports whether kustomize quotes a text that it knows to be one,
// because it would be read as a number, a boolean or nothing. It writes the words
// bare that are booleans to YAML 1.1 only, such as no.
func isQuotedAlways(text string) bool {
	if len(text) > 64 { // no number that people write is longer
		return false
	}
	v, err := object.ParseValue([]byte(text))
	switch v.(type) {
	case nil:
		return err == nil
	case bool:
		return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
	case int64, object.Number:
		return true
	}
	return false
}

// list returns the patch of a list that changes.
func (s *merger) list(field string, old, list []any) any {
	if len(list) == 0 {
		s.exact = false
		return list
	}
	keys := s.keys(field, old, list)
	if slices.Equal(keys, itself) {
		s.exact = false
		return list
	}
	if keys == nil {
		s.addableList("", list)
		return list
	}
	before, okA := identities(keys, old)
	after, okB := identities(keys, list)
	if !okA || !okB {
		s.exact = false
		return list
	}
	if len(keys) > 1 {
		return s.pairs(keys, old, list, before, after)
	}
	return s.keyed(keys[0], old, list, before, after)
}

// removed returns the entries that delete what a keyed list loses.
func removed(keys []string, old []any, before, after []string) []any {
	var out []any
	for i, id := range before {
		if slices.Contains(after, id) {
			continue
		}
		entry := map[string]any{"$patch": "delete"}
		for _, k := range keys {
			entry[k] = old[i].(map[string]any)[k]
		}
		out = append(out, entry)
	}
	return out
}

// keyed returns the patch of a list that merges by one key. Kustomize puts the
// entries of a patch first, in the patch's order; so the patch mentions the
// shortest prefix of the target behind which all else is unchanged and in the
// order of the base.
func (s *merger) keyed(key string, old, list []any, before, after []string) any {
	n := len(list)
	for n > 0 {
		i := slices.Index(before, after[n-1])
		if i < 0 || !object.Equal(old[i], list[n-1]) {
			break
		}
		if n < len(list) && i > slices.Index(before, after[n]) {
			break
		}
		n--
	}
	for _, e := range list[n:] {
		s.kept("", e)
	}
	var patch []any
	for i := range n {
		entry := map[string]any{key: list[i].(map[string]any)[key]}
		if j := slices.Index(before, after[i]); j < 0 {
			s.addable("", list[i])
			entry = list[i].(map[string]any)
		} else {
			for k, v := range s.mapping("", old[j].(map[string]any), list[i].(map[string]any)) {
				entry[k] = v
			}
		}
		patch = append(patch, entry)
	}
	return append(patch, removed([]string{key}, old, before, after)...)
}

// pairs returns the patch of a list that merges by two keys. Kustomize puts new
// entries first and leaves the others in place; a list of another order is replaced.
func (s *merger) pairs(keys []string, old, list []any, before, after []string) any {
	added := slices.IndexFunc(after, func(id string) bool { return slices.Contains(before, id) })
	if added < 0 {
		added = len(after)
	}
	kept := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return !slices.Contains(after, id) })
	if !slices.Equal(kept, after[added:]) {
		s.addableList("", list)
		return append([]any{map[string]any{"$patch": "replace"}}, list...)
	}
	var patch []any
	for i := range list {
		j := slices.Index(before, after[i])
		if j < 0 {
			s.addable("", list[i])
			patch = append(patch, list[i])
			continue
		}
		if object.Equal(old[j], list[i]) {
			s.kept("", list[i])
			continue
		}
		target := list[i].(map[string]any)
		entry := s.mapping("", old[j].(map[string]any), target)
		for _, k := range keys {
			entry[k] = target[k]
		}
		patch = append(patch, entry)
	}
	return append(patch, removed(keys, old, before, after)...)
}

// addable notes where a value that base does not have would not arrive as it is.
func (s *merger) addable(field string, v any) {
	switch v := v.(type) {
	case nil:
		s.exact = false
	case map[string]any:
		s.enter(field)
		defer s.leave()
		s.nameless(v)
		for k, e := range v {
			if strings.HasPrefix(k, "$") {
				s.exact = false
			}
			s.addable(k, e)
		}
	case []any:
		s.addableList(field, v)
	}
}

func (s *merger) addableList(field string, list []any) {
	if len(list) == 0 {
		s.exact = false
	}
	if keys := s.keys(field, list, list); keys != nil {
		if _, ok := identities(keys, list); !ok {
			s.exact = false
		}
	}
	for _, e := range list {
		s.addable("", e)
	}
}

// keys returns the merge keys of a list by its field, or nil where the list is
// replaced as a whole.
func (s *merger) keys(field string, lists ...[]any) []string {
	if !s.schema {
		return nil
	}
	if len(s.own) > 0 {
		if keys, ok := s.own[strings.Join(append(s.at[1:len(s.at):len(s.at)], field), ".")]; ok {
			return keys
		}
	}
	if field == "ports" && !slices.ContainsFunc(lists, ofContainer) {
		return nil // those of network policies, and of anything else
	}
	return kind.MergeKeys(field)
}

// ofContainer reports whether a list of ports is a container's.
func ofContainer(ports []any) bool {
	return slices.ContainsFunc(ports, func(e any) bool {
		m, _ := e.(map[string]any)
		_, ok := m["containerPort"]
		return ok
	})
}

// itself is the key of a list whose entries are texts that merge.
var itself = []string{kind.Itself}

// distinct reports whether kustomize keeps all entries of a list apart. To it,
// an entry without the second key is like those that have any.
func distinct(keys []string, list []any) bool {
	if _, ok := identities(keys[:1], list); ok {
		return true
	}
	_, ok := identities(keys, list)
	return ok && len(keys) > 1
}

// identities returns the values of the keys of each entry, and whether all have
// all keys and no two are alike.
func identities(keys []string, list []any) ([]string, bool) {
	out := make([]string, 0, len(list))
	for _, e := range list {
		m, ok := e.(map[string]any)
		if word, isWord := e.(string); isWord && slices.Equal(keys, itself) {
			m, ok = map[string]any{kind.Itself: word}, true
		}
		if !ok {
			return nil, false
		}
		id := ""
		for _, k := range keys {
			v, ok := m[k]
			if !ok {
				return nil, false
			}
			if text, ok := v.(string); ok && object.IsPlain(text) { // as Marshal has it
				id += text + "\n\x00"
			} else {
				id += string(object.Marshal(v)) + "\x00"
			}
		}
		if slices.Contains(out, id) {
			return nil, false
		}
		out = append(out, id)
	}
	return out, true
}
