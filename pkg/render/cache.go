package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// appCache remembers what apps came out as. The key of an app is a hash of the app
// as it was written, of the fleet without apps, and of files; its value holds what
// was asked of the other apps meanwhile, with one hash of all answers, as build
// systems do. Where just these files stand in the prior tree, and the same
// questions have the same answers, the app needs not be composed again.
type appCache struct {
	cache prove.Cache
	// base is the hash of all but the apps, and of their order.
	base  []byte
	apps  map[string]*model.App
	prior map[string][]tree.File // by unit, without inventories
	r     *renderer
}

// outcome is what is remembered of an app beside its files.
type outcome struct {
	// Asked are questions about other apps, and Answers is the hash of the answers.
	Asked   []view.Question `json:"asked,omitempty"`
	Answers string          `json:"answers"`
	// Findings are warnings, without positions.
	Findings finding.List `json:"findings,omitempty"`
}

// newAppCache returns the cache of a run, or nil where nothing is remembered: it is
// narrowed, or not proved, or a feature of the user's has no version.
func (r *renderer) newAppCache() *appCache {
	if !r.caches() {
		return nil
	}
	bare := *r.fleet
	bare.Apps = order(r.fleet.Apps)
	base, err := digest([]any{bare, r.kinds(), r.known(), r.versions(), r.version})
	if err != nil {
		return nil
	}
	c := &appCache{cache: r.cache, base: base[:], r: r, apps: make(map[string]*model.App, len(r.fleet.Apps)), prior: map[string][]tree.File{}}
	for i := range r.fleet.Apps {
		c.apps[r.fleet.Apps[i].Name] = &r.fleet.Apps[i]
	}
	for _, f := range r.prior.Files() {
		if !inventory.IsPath(f.Path) {
			c.prior[f.Owner.Unit] = append(c.prior[f.Owner.Unit], f)
		}
	}
	return c
}

// caches reports whether the run remembers anything.
func (r *renderer) caches() bool {
	for _, f := range r.features {
		if f.Version == "" && slices.Contains(r.added, f.Name) {
			return false
		}
	}
	return r.cache != nil && r.proof && r.proofOf == nil && r.selection.IsZero()
}

// versions returns the names and versions of the features. Those of gitopsgen have
// its own: a cache belongs to one build.
func (r *renderer) versions() []string {
	var out []string
	for _, f := range r.features {
		out = append(out, f.Name, f.Version)
	}
	return out
}

// kinds returns the scopes of kinds, which apps may describe for each other.
func (r *renderer) kinds() map[string]string {
	out := map[string]string{}
	for name, scope := range r.resolver.Kinds() {
		out[name.String()] = string(scope)
	}
	return out
}

// known returns the credentials that the model is known to have, where objects are
// searched for others.
func (r *renderer) known() []string {
	patched := len(r.added) > 0
	resolve.Layers(r.fleet, func(_ fieldpath.Path, s *model.AppSpec) { patched = patched || len(s.Patches) > 0 })
	if !patched {
		return nil
	}
	return r.credentials().Known()
}

// order returns what the order of all apps follows from: their waves in Argo CD.
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

// key returns the hash of an app as it was written, of all that is no app, and of
// files.
func (c *appCache) key(app string, files []tree.File) (string, error) {
	own, err := digest(c.apps[app])
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write(append(append([]byte("app\x00"), c.base...), own[:]...))
	hashFiles(h.Write, files)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashFiles writes files to a hash, with their owners.
func hashFiles(write func([]byte) (int, error), files []tree.File) {
	var b []byte
	for _, f := range files {
		b = appendText(appendText(appendText(appendText(b[:0], f.Owner.Unit), f.Owner.Environment), f.Owner.Cluster), f.Path)
		_, _ = write(appendText(b, string(f.Data)))
	}
}

// lookup returns what an app comes out as, where that is known.
func (c *appCache) lookup(app string) (*composed, bool) {
	if c == nil {
		return nil, false
	}
	files := c.files(app)
	key, err := c.key(app, files)
	if len(files) == 0 || err != nil {
		return nil, false
	}
	text, ok := c.cache.Get(key)
	var o outcome
	if !ok || json.Unmarshal([]byte(text), &o) != nil {
		return nil, false
	}
	if answers, err := c.answers(o.Asked); err != nil || answers != o.Answers {
		return nil, false
	}
	return c.r.cached(files, o.Findings), true
}

// files returns what stands of an app, its cluster-scoped objects among it.
func (c *appCache) files(app string) []tree.File {
	files := c.prior[layout.App(app)]
	if layout.IsGenerated(app) || len(c.prior[layout.Component(app)]) == 0 {
		return files
	}
	return sorted(slices.Concat(files, c.prior[layout.Component(app)]))
}

func sorted(files []tree.File) []tree.File {
	out := slices.Clone(files)
	slices.SortFunc(out, func(a, b tree.File) int { return compare(a.Path, b.Path) })
	return out
}

// add remembers what an app came out as, if all holds.
func (c *appCache) add(app string, done *composed) {
	if c == nil || len(done.findings.Errors()) > 0 || len(done.proof.Failures) > 0 {
		return
	}
	o := outcome{Asked: done.asked, Findings: unplaced(done.findings)}
	done.asked = nil
	key, err := c.key(app, sorted(done.files))
	if err != nil {
		return
	}
	if o.Answers, err = c.answers(o.Asked); err != nil {
		return
	}
	if text, err := json.Marshal(o); err == nil {
		c.cache.Put(key, string(text))
	}
}

// answers returns the hash of the answers to some questions.
func (c *appCache) answers(asked []view.Question) (string, error) {
	h, v := sha256.New(), c.r.resolver.View()
	for _, q := range asked {
		answer, err := digest(v.Answer(q))
		if err != nil {
			return "", err
		}
		h.Write(answer[:])
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unplaced returns findings without their positions, which change by themselves.
func unplaced(list finding.List) finding.List {
	out := slices.Clone(list)
	for i := range out {
		out[i].Position = finding.Position{}
	}
	return out
}

// placed returns findings with the positions of their paths.
func (r *renderer) placed(list finding.List) finding.List {
	for i := range list {
		list[i].Position = r.positions.At(list[i].Path)
	}
	return list
}

// cached returns what was composed when some files were remembered.
func (r *renderer) cached(files []tree.File, findings finding.List) *composed {
	c := &composed{files: files, findings: r.placed(findings)}
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
