package diff

import (
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// project is what an AppProject permits, as gitopsgen writes them: without
// patterns.
type project struct {
	name         string
	destinations map[[2]string]bool // by cluster and namespace
	kinds        map[object.ID]bool // without namespace; without name where any is permitted
}

// projects are projects by their files.
type projects map[string]*project

// of returns a project of a tree; nil where there is none, which then goes after
// its last Application, and permits what it did.
func (p projects) of(t *tree.Tree, file string) *project {
	if known, ok := p[file]; ok {
		return known
	}
	p[file] = nil
	f, ok := t.Get(file)
	if !ok {
		return nil
	}
	objects, err := object.Parse(f.Data)
	if err != nil || len(objects) != 1 {
		return nil
	}
	p[file] = newProject(objects[0])
	return p[file]
}

func newProject(o object.Object) *project {
	p := &project{o.Name(), map[[2]string]bool{}, map[object.ID]bool{}}
	each(o, "destinations", func(text func(string) string) {
		p.destinations[[2]string{text("name") + text("server"), text("namespace")}] = true
	})
	for _, list := range []string{"namespaceResourceWhitelist", "clusterResourceWhitelist"} {
		each(o, list, func(text func(string) string) {
			p.kinds[object.ID{Group: text("group"), Kind: text("kind"), Name: text("name")}] = true
		})
	}
	return p
}

// each calls f for each entry of a list in an object's spec.
func each(o object.Object, list string, f func(text func(string) string)) {
	v, _ := o.Get("spec", list)
	entries, _ := v.([]any)
	for _, e := range entries {
		m, _ := e.(map[string]any)
		f(func(key string) string { s, _ := m[key].(string); return s })
	}
}

// permits reports whether the project permits an object on a cluster.
func (p *project) permits(cluster string, id object.ID) bool {
	if !p.kinds[object.ID{Group: id.Group, Kind: id.Kind}] && !p.kinds[object.ID{Group: id.Group, Kind: id.Kind, Name: id.Name}] {
		return false
	}
	return id.Namespace == "" || p.destinations[[2]string{cluster, id.Namespace}]
}
