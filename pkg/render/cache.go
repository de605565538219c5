package render

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// unitCache remembers that an app, under a hash of all that it depends on, came
// out as certain files and was proved. Where just these files stand in the prior
// tree, the app needs not be composed again.
type unitCache struct {
	cache prove.Cache
	near  func(app string) []string
	fleet [sha256.Size]byte            // of all but the apps, and of their order
	apps  map[string][sha256.Size]byte // by name
	prior map[string][]tree.File       // by unit, without inventories
}

// unitCache returns the cache of a run, or nil where nothing is remembered:
// what generators, filters and checks of the user's own depend on is not known.
func (r *renderer) unitCache() *unitCache {
	if r.cache == nil || !r.proof || r.proofOf != nil || !r.selection.IsZero() || len(r.features) > len(features.All()) {
		return nil
	}
	bare := *r.fleet
	bare.Apps = order(r.fleet.Apps)
	m := &unitCache{cache: r.cache, near: r.resolver.Near,
		apps: make(map[string][sha256.Size]byte, len(r.fleet.Apps)), prior: map[string][]tree.File{}}
	var err error
	kinds := map[string]string{} // which apps may describe for each other
	for name, scope := range r.resolver.Kinds() {
		kinds[name.String()] = string(scope)
	}
	if m.fleet, err = digest([]any{bare, kinds}); err != nil {
		return nil
	}
	for _, app := range r.fleet.Apps {
		if m.apps[app.Name], err = digest(app); err != nil {
			return nil
		}
	}
	for _, f := range r.prior.Files() {
		if !strings.HasPrefix(f.Path, layout.Inventories+"/") {
			m.prior[f.Owner.Unit] = append(m.prior[f.Owner.Unit], f)
		}
	}
	return m
}

// order returns what the order of all apps follows from. An app's place in it
// depends on apps that are not near.
func order(apps []model.App) []model.App {
	named := map[string]bool{}
	for _, a := range apps {
		for _, name := range a.After {
			named[a.Name], named[name] = true, true
		}
	}
	var out []model.App
	for _, a := range apps {
		if named[a.Name] {
			out = append(out, model.App{Name: a.Name, RunsIn: a.RunsIn, After: a.After, Delivery: a.Delivery})
		}
	}
	return out
}

// key returns the hash of all that an app depends on, and of files.
func (m *unitCache) key(app string, files []tree.File) string {
	b := append([]byte("unit\x00"), m.fleet[:]...)
	for _, name := range append([]string{app}, m.near(app)...) {
		d := m.apps[name]
		b = append(appendText(b, name), d[:]...)
	}
	h := sha256.New()
	h.Write(b)
	for _, f := range files {
		b = appendText(appendText(appendText(b[:0], f.Owner.Environment), f.Owner.Cluster), f.Path)
		h.Write(appendText(b, string(f.Data)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// lookup returns the files of an app in the prior tree where they are known to
// be what the app comes out as.
func (m *unitCache) lookup(app string) ([]tree.File, bool) {
	if m == nil {
		return nil, false
	}
	files := m.files(app)
	return files, len(files) > 0 && m.cache.Has(m.key(app, files))
}

// files returns what stands of an app, its cluster-scoped objects among it.
func (m *unitCache) files(app string) []tree.File {
	files := m.prior[layout.App(app)]
	if layout.IsGenerated(app) || len(m.prior[layout.Component(app)]) == 0 {
		return files
	}
	files = slices.Concat(files, m.prior[layout.Component(app)])
	slices.SortFunc(files, func(a, b tree.File) int { return compare(a.Path, b.Path) })
	return files
}

// add remembers what an app came out as, if all holds and nothing is to be said.
func (m *unitCache) add(app string, c *composed) {
	if m == nil || len(c.findings) > 0 || len(c.proof.Failures) > 0 {
		return
	}
	files := slices.Clone(c.files)
	slices.SortFunc(files, func(a, b tree.File) int { return compare(a.Path, b.Path) })
	m.cache.Add(m.key(app, files))
}

// cached returns what was composed when the files were remembered.
func (r *renderer) cached(files []tree.File) *composed {
	c := &composed{files: files}
	var dirs []Target
	for _, f := range files {
		dir := path.Dir(f.Path)
		if p, ok := layout.ParseDir(dir); ok && (len(dirs) == 0 || dirs[len(dirs)-1].Dir != dir) {
			dirs = append(dirs, Target{p.Unit, p.Environment, p.Cluster, dir})
		}
	}
	c.targets = dirs
	if r.fleet.Repository.Layout != model.Rendered {
		c.targets = targets(dirs, r.clustersOf)
	}
	c.proof.Remembered = len(c.targets)
	return c
}
