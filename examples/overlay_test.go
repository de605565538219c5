package examples_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/explain"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var edits = flag.Int("edits", 20, "how many random edits TestMutation makes")

// rendered renders an example.
func rendered(t testing.TB, name string, opts ...render.Option) *render.Result {
	t.Helper()
	result, err := render.Fleet(context.Background(), loadFleet(t, name).Fleet, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// with returns the files of a tree with one of them replaced.
func with(t *testing.T, from *tree.Tree, changed tree.File) *tree.Tree {
	t.Helper()
	files := slices.Clone(from.Files())
	for i := range files {
		if files[i].Path == changed.Path {
			files[i] = changed
		}
	}
	out, err := tree.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// builds returns what a directory builds, as text.
func builds(files []tree.File, dir string) (string, error) {
	objects, err := kustomize.Build(files, dir)
	if err != nil {
		return "", err
	}
	object.Sort(objects)
	var b strings.Builder
	for _, o := range objects {
		b.Write(o.YAML())
	}
	return b.String(), nil
}

// TestMinimal takes every entry of every overlay's kustomization, of its merge
// patches and of the operations of its JSON patches away, one at a time, and
// sees the build change or fail.
func TestMinimal(t *testing.T) {
	tried := map[string]int{}
	for name, fleet := range allFleets(t) {
		if base := path.Base(name); base != "fleet" && base != "autoscaling" && base != "monitoring" {
			continue // the examples, and what has JSON patches
		}
		result, err := render.Fleet(context.Background(), fleet, render.WithoutProof())
		if err != nil {
			t.Fatal(err)
		}
		full := result.Tree
		for _, f := range full.Files() {
			dir := path.Dir(f.Path)
			place, ok := layout.ParseDir(dir)
			if !ok || path.Base(f.Path) != layout.Kustomization && !isPatch(full, f) {
				continue
			}
			before, err := builds(full.Under(place.Unit), dir)
			if err != nil {
				t.Fatal(err)
			}
			v, err := object.ParseValue(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			kind := kindOf(f, v)
			without(v, "", func(what string, v any) {
				tried[kind]++
				changed := with(t, full, tree.File{Path: f.Path, Data: object.Marshal(v), Owner: f.Owner})
				if after, err := builds(changed.Under(place.Unit), dir); err == nil && after == before {
					t.Errorf("%s: %s is superfluous", f.Path, what)
				}
			})
		}
	}
	t.Logf("took entries away: %v", tried)
	for _, kind := range []string{"kustomization", "merge", "operations"} {
		if tried[kind] == 0 {
			t.Errorf("nothing was taken away from any %s", kind)
		}
	}
}

// kindOf tells what a file of an overlay is: its kustomization, a strategic
// merge patch, or the operations of a JSON patch.
func kindOf(f tree.File, v any) string {
	if _, ok := v.([]any); ok {
		return "operations"
	}
	if path.Base(f.Path) == layout.Kustomization {
		return "kustomization"
	}
	return "merge"
}

// isPatch reports whether the kustomization of a file's directory has it as a patch.
func isPatch(in *tree.Tree, f tree.File) bool {
	k, _ := in.Get(path.Join(path.Dir(f.Path), layout.Kustomization))
	v, err := object.ParseValue(k.Data)
	m, _ := v.(map[string]any)
	patches, _ := m["patches"].([]any)
	return err == nil && slices.ContainsFunc(patches, func(p any) bool {
		entry, _ := p.(map[string]any)
		return entry["path"] == path.Base(f.Path)
	})
}

// without calls f with v less each field, entry of a list and field or entry
// below them in turn. What is taken away is put back.
func without(v any, at string, f func(what string, v any)) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			below := fmt.Sprintf("%s[%d]", at, i)
			f(below, slices.Delete(slices.Clone(v), i, i+1))
			without(e, below, func(what string, e any) {
				c := slices.Clone(v)
				c[i] = e
				f(what, c)
			})
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below := at + "." + key
			if below == ".apiVersion" || below == ".kind" || strings.HasSuffix(at, ".target") {
				continue // what names a thing is whole, although a part would do today
			}
			c := maps.Clone(v)
			delete(c, key)
			f(below, c)
			without(v[key], below, func(what string, e any) {
				c := maps.Clone(v)
				if c[key] = e; empty(e) {
					delete(c, key)
				}
				f(what, c)
			})
		}
	}
}

// empty reports whether a collection has lost its last entry.
func empty(v any) bool {
	m, isMap := v.(map[string]any)
	l, isList := v.([]any)
	return isMap && len(m) == 0 || isList && len(l) == 0
}

// token matches a word of a file, and punctuation by itself.
var token = regexp.MustCompile(`[^\s:,{}\[\]"]+|[:,{}\[\]"]|\n +`)

// TestMutation replaces single tokens of owned files at random, by others of the
// same file or by none; verify has to name the target wherever the edit changes
// what is built.
func TestMutation(t *testing.T) {
	full := rendered(t, "guestbook", render.WithoutProof())
	l := loadFleet(t, "guestbook")
	r := rand.New(rand.NewPCG(1, 2))
	var files []tree.File
	for _, f := range full.Tree.Files() {
		if !strings.HasPrefix(f.Path, layout.Inventories) {
			files = append(files, f)
		}
	}
	changing := 0
	for i := range *edits {
		f := files[r.IntN(len(files))]
		tokens := token.FindAllIndex(f.Data, -1)
		old, other := tokens[r.IntN(len(tokens))], tokens[r.IntN(len(tokens))]
		text := f.Data[other[0]:other[1]]
		if r.IntN(8) == 0 {
			text = nil
		}
		at := old[0]
		f.Data = slices.Concat(f.Data[:at], text, f.Data[old[1]:])
		mutant := with(t, full.Tree, f)
		named := map[string]bool{}
		result, err := render.Fleet(context.Background(), l.Fleet, render.WithProofOf(mutant))
		if err != nil {
			t.Fatal(err)
		}
		for _, failure := range result.Failures {
			named[failure.Dir] = true
		}
		for _, target := range full.Targets {
			before, err := builds(full.Tree.Under(target.Unit), target.Dir)
			if err != nil {
				t.Fatal(err)
			}
			after, err := builds(mutant.Under(target.Unit), target.Dir)
			changes := err != nil || after != before
			if changes {
				changing++
			}
			if changes != named[target.Dir] {
				t.Errorf("edit %d of %s at %d: the build of %s changes: %t, verify names it: %t", i, f.Path, at, target.Dir, changes, named[target.Dir])
			}
		}
	}
	t.Logf("%d edits changed %d builds", *edits, changing)
	if changing == 0 {
		t.Error("no edit changed a build")
	}
}

// TestExplain explains every field of every target of the boutique: each has a
// source, and those that name a value of the model name a line.
func TestExplain(t *testing.T) {
	l := loadFleet(t, "boutique")
	resolver := resolve.New(l.Fleet, features.Default())
	layers := map[string]int{}
	for _, app := range resolver.Apps() {
		for _, scope := range resolver.Scopes(app) {
			fields, err := explain.Target(explain.Input{
				Resolver: resolver, App: app, Scope: scope, Positions: l.Positions,
				Objects: func(t *view.Target) ([]object.Object, error) {
					return render.TargetObjects(t, resolver.View())
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range fields {
				s := f.Sources[0]
				layers[strings.Split(s.Layer, "/")[0]]++
				if s.Path != "" && s.Position.IsZero() {
					t.Errorf("%s %s: %s has no position", f.Object, f.Path, s.Path)
				}
			}
		}
	}
	t.Logf("sources by layer: %v", layers)
	for _, want := range []string{"app", "fleet", "environment", "rule", "generator"} {
		if layers[want] == 0 {
			t.Errorf("no field comes from the layer %s: %v", want, fmt.Sprint(layers))
		}
	}
}

// TestRendered renders the boutique as built objects: what stands there is what
// the overlays build, one file for each object.
func TestRendered(t *testing.T) {
	l := loadFleet(t, "boutique")
	overlays := rendered(t, "boutique").Tree
	fleet := *l.Fleet
	fleet.Repository.Layout = "rendered"
	result, err := render.Fleet(context.Background(), &fleet)
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range result.Targets {
		dir := layout.Cluster(target.Unit, target.Environment, target.Cluster)
		if _, ok := overlays.Get(path.Join(dir, layout.Kustomization)); !ok {
			dir = layout.Overlay(target.Unit, target.Environment)
		}
		want, err := kustomize.Build(overlays.Under(target.Unit), dir)
		if err != nil {
			t.Fatal(err)
		}
		got := result.Tree.Under(target.Dir)
		if len(got) != len(want) {
			t.Errorf("%s holds %d files, %s builds %d objects", target.Dir, len(got), dir, len(want))
		}
		built := map[string]bool{}
		for _, f := range got {
			built[string(f.Data)] = true
		}
		for _, o := range want {
			if !built[string(o.YAML())] {
				t.Errorf("%s: %s is not what is built", target.Dir, o.ID())
			}
		}
	}
	if _, err := disk.Write(context.Background(), t.TempDir(), result); err != nil {
		t.Error(err)
	}
}
