package diff

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// likeness tells how alike what targets build is, whatever they are called.
type likeness struct {
	ids     [32]byte              // of the identities of all objects
	content [32]byte              // of the objects
	each    map[[32]byte][32]byte // the content of each object, by its identity
}

// likenessOf returns the likeness of what a target builds.
func likenessOf(t Target, all []object.Object) *likeness {
	n := t.names()
	l := &likeness{each: map[[32]byte][32]byte{}}
	var ids, contents []string
	for _, o := range all {
		id, content := n.hide(o.ID().String()), encode(eachText(o.Map(), n.hide))
		l.each[sha256.Sum256([]byte(id))] = sha256.Sum256([]byte(content))
		ids, contents = append(ids, id), append(contents, content)
	}
	slices.Sort(ids)
	slices.Sort(contents)
	l.ids, l.content = sha256.Sum256([]byte(strings.Join(ids, "\x00"))), sha256.Sum256([]byte(strings.Join(contents, "\x00")))
	return l
}

// shared returns how many objects are equal, of how many.
func (l *likeness) shared(other *likeness) (equal, all int) {
	for id, content := range l.each {
		if other.each[id] == content {
			equal++
		}
	}
	return equal, len(l.each)
}

func (t Target) names() names {
	return namesOf(site{t.Unit, t.Environment, t.Cluster}, t.namespace)
}

// mover finds targets that go in one place and come in another: an app that is
// renamed, or an environment.
type mover struct {
	from, to *tree.Tree
	gone     map[movable][]int // of targets that go, by what they could have become
	targets  []Target
	likes    []*likeness // of those that come or go
}

// movable is what a target that comes has in common with one that went.
type movable struct {
	unit, env, cluster string // either the unit, or the environment and cluster
	ids                [32]byte
}

func movables(t Target, l *likeness) []movable {
	return []movable{{env: t.Environment, cluster: t.Cluster, ids: l.ids}, {unit: t.Unit, ids: l.ids}}
}

// mostCandidates bounds the targets that one is compared with.
const mostCandidates = 8

// moved returns the targets with those that moved as one.
func (m *mover) moved() ([]Target, error) {
	m.gone = map[movable][]int{}
	for i, t := range m.targets {
		if t.Kind == Removed {
			for _, key := range movables(t, m.likes[i]) {
				m.gone[key] = append(m.gone[key], i)
			}
		}
	}
	taken := map[int]bool{}
	for i, t := range m.targets {
		if t.Kind != Added || len(m.gone) == 0 {
			continue
		}
		old := m.candidate(i, taken)
		if old < 0 {
			continue
		}
		taken[old] = true
		if err := m.join(&m.targets[i], m.targets[old]); err != nil {
			return nil, err
		}
	}
	var out []Target
	for i, t := range m.targets {
		if !taken[i] {
			out = append(out, t)
		}
	}
	return out, nil
}

// candidate returns the target that went and is most like one that comes: at least
// half of its objects are equal but for their names. It is -1 where there is none.
func (m *mover) candidate(i int, taken map[int]bool) int {
	best, most := -1, 0
	for _, key := range movables(m.targets[i], m.likes[i]) {
		seen := 0
		for _, j := range m.gone[key] {
			if taken[j] {
				continue
			}
			if seen++; seen > mostCandidates {
				break
			}
			if n, all := m.likes[i].shared(m.likes[j]); n > most && 2*n >= all {
				best, most = j, n
			}
		}
		for len(m.gone[key]) > 0 && taken[m.gone[key][0]] {
			m.gone[key] = m.gone[key][1:]
		}
	}
	return best
}

// join makes a target that comes the one that went.
func (m *mover) join(t *Target, old Target) error {
	before, err := objects(m.from, old.Dir)
	if err != nil {
		return err
	}
	after, err := objects(m.to, t.Dir)
	if err != nil {
		return err
	}
	t.Kind, t.MovedFrom = Moved, old.Dir
	was, is := old.names(), t.names()
	named := map[string]object.Object{}
	for _, o := range before {
		named[was.hide(o.ID().String())] = o
	}
	t.Objects = nil
	for _, o := range after {
		b := named[is.hide(o.ID().String())]
		id := b.ID()
		var changed []Field
		for _, f := range Values("", eachText(b.Map(), was.hide), eachText(o.Map(), is.hide)) {
			f.Path = fieldpath.Path(is.show(string(f.Path)))
			f.shown = fieldpath.Path(is.show(f.path()))
			f.From, f.To = eachText(f.From, was.show), eachText(f.To, is.show)
			if f.Kind != Changed || !object.Equal(f.From, f.To) { // it may have had this name already
				changed = append(changed, f)
			}
		}
		t.Objects = append(t.Objects, Object{ID: o.ID(), From: &id, Kind: Moved, Fields: redact(changed)})
	}
	slices.SortFunc(t.Objects, func(a, b Object) int { return a.ID.Compare(b.ID) })
	return nil
}

// renamed returns the objects of a target in which one that goes and one that
// comes are the same but for name and namespace, as one that moves.
func renamed(all []Object, before, after map[object.ID]object.Object) []Object {
	content := func(o object.Object) string {
		return o.Group() + "\x00" + encode(eachText(o.Map(), names{namespace: o.Namespace(), app: o.Name()}.hide))
	}
	gone := map[string][]object.ID{}
	for _, o := range all {
		if o.Kind == Removed {
			key := content(before[o.ID])
			gone[key] = append(gone[key], o.ID)
		}
	}
	if len(gone) == 0 {
		return all
	}
	moved := map[object.ID]bool{}
	for i, o := range all {
		if o.Kind != Added {
			continue
		}
		key := content(after[o.ID])
		if ids := gone[key]; len(ids) == 1 {
			all[i].Kind, all[i].From = Moved, &ids[0]
			moved[ids[0]] = true
			delete(gone, key)
		}
	}
	return slices.DeleteFunc(all, func(o Object) bool { return o.Kind == Removed && moved[o.ID] })
}
