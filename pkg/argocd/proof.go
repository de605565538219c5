package argocd

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Expand returns the Applications that an ApplicationSet among the files of a
// tree makes, in every instance that has one of the name. Complete adds to what
// the set looks at, such as pull requests; it may be nil.
func (m *Model) Expand(name string, files []tree.File, complete func(*expand.World)) ([]object.Object, error) {
	var out []object.Object
	found := false
	for i := range m.instances {
		made, ok, err := m.expand(&m.instances[i], name, files, complete)
		if err != nil {
			return nil, err
		}
		out, found = append(out, made...), found || ok
	}
	if !found {
		return nil, fmt.Errorf("there is no ApplicationSet %s; the delivery strategy of the app may be %s", name, model.Applications)
	}
	return out, nil
}

// expand is Expand for one instance, and reports whether it has such a set.
func (m *Model) expand(a *model.ArgoCD, name string, files []tree.File, complete func(*expand.World)) (made []object.Object, found bool, err error) {
	at := layout.ApplicationSet(m.dir(a), name)
	i := slices.IndexFunc(files, func(f tree.File) bool { return f.Path == at })
	if i < 0 {
		return nil, false, nil
	}
	sets, err := object.Parse(files[i].Data)
	if err != nil {
		return nil, true, fmt.Errorf("%s: %w", at, err)
	}
	w := m.world(a, files)
	if complete != nil {
		complete(&w)
	}
	if made, err = expand.Applications(sets[0], w); err != nil {
		return nil, true, fmt.Errorf("%s: %w", at, err)
	}
	return made, true, nil
}

// world returns what the ApplicationSets of an instance look at: the model's
// clusters as they are registered, and the files of a tree.
func (m *Model) world(a *model.ArgoCD, files []tree.File) expand.World {
	w := expand.World{Repo: func(url, revision string) (fs.FS, error) { return m.repository(files, url, revision) }}
	for _, c := range m.fleet.Clusters {
		if !slices.Contains(a.Clusters, c.Name) {
			continue
		}
		labels := map[string]string{}
		for k, v := range m.clusterLabels(c) {
			labels[k] = v.(string)
		}
		w.Clusters = append(w.Clusters, expand.Cluster{Name: c.Name, Server: address(a, c), Labels: labels})
	}
	return w
}

// repository returns the files that a branch of the fleet's repository holds.
func (m *Model) repository(files []tree.File, url, revision string) (fs.FS, error) {
	if url != m.fleet.Repository.URL {
		return nil, fmt.Errorf("%s is not the repository of the fleet", url)
	}
	var out []tree.File
	for _, f := range files {
		if f.Owner.Environment == "" || m.branch(f.Owner.Environment) == revision {
			f.Path = path.Join(m.fleet.Repository.Path, f.Path)
			out = append(out, f)
		}
	}
	return tree.New(out)
}

// Prove expands the ApplicationSets of an app, given the files of its targets,
// and compares what they make with the Applications that the strategy
// applications would write. It is an error where they differ in more than this:
//
//   - a set that asks Argo CD for its clusters names a destination by its address;
//   - rolling syncs take automated syncing away;
//   - a set that preserves resources gives its Applications no finalizer;
//   - waves, and what a root shall not delete, concern no set.
func (m *Model) Prove(app string, targets []Target, files []tree.File) error {
	a := m.apps[app]
	if a == nil {
		return nil
	}
	if m.delivery(a).Strategy == model.Applications {
		return nil
	}
	for i := range m.instances {
		own := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return m.instance(t.Cluster) != &m.instances[i] })
		made, _, err := m.expand(&m.instances[i], app, files, nil)
		if err != nil {
			return err
		}
		if err := m.same(&m.instances[i], m.delivery(a), own, made); err != nil {
			return err
		}
	}
	return nil
}

// same compares what a set of an instance makes with what it stands for.
func (m *Model) same(a *model.ArgoCD, d model.Delivery, targets []Target, made []object.Object) error {
	byName := map[string]object.Object{}
	for _, o := range made {
		byName[o.Name()] = o
	}
	for _, t := range targets {
		wanted := m.application(a, t)
		o, ok := byName[wanted.Name]
		if !ok {
			return fmt.Errorf("the ApplicationSet does not create the Application %s", wanted.Name)
		}
		delete(byName, wanted.Name)
		want, err := object.From(wanted)
		if err != nil {
			return err
		}
		if patch := mergePatch(m.comparable(a, d, o), m.comparable(a, d, want)); len(patch) > 0 {
			return fmt.Errorf("the ApplicationSet creates a different Application %s; it lacks:\n%s", wanted.Name, object.Marshal(patch))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		return fmt.Errorf("the ApplicationSet creates the Application %s, which has no target", name)
	}
	return nil
}

// comparable returns an Application without that in which sets may differ.
func (m *Model) comparable(a *model.ArgoCD, d model.Delivery, o object.Object) map[string]any {
	v := o.Clone().Map()
	sub := func(path ...string) map[string]any {
		at := v
		for _, p := range path {
			at, _ = at[p].(map[string]any)
		}
		return at
	}
	delete(v, "apiVersion")
	delete(v, "kind")
	metadata := sub("metadata")
	delete(metadata, "finalizers")
	if d.Rolling != nil && *d.Rolling {
		delete(sub("spec", "syncPolicy"), "automated")
	}
	destination := sub("spec", "destination")
	for _, c := range m.fleet.Clusters {
		if destination["server"] == address(a, c) && slices.Contains(a.Clusters, c.Name) {
			destination["name"] = c.Name
		}
	}
	delete(destination, "server")
	return v
}

// address returns the address of a cluster as an instance has it.
func address(a *model.ArgoCD, c model.Cluster) string {
	if c.Name == a.Cluster {
		return inCluster
	}
	return strings.TrimSuffix(c.Server, "/")
}
