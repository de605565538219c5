package disk_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// shop returns a fleet of apps in two environments, with an image.
func shop(image string, apps ...string) *model.Fleet {
	f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"home"}}, {Name: "prod", Clusters: []string{"home"}, PromotedFrom: "dev"}}}
	for _, name := range apps {
		f.Apps = append(f.Apps, model.App{Name: name, Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: image}}})
	}
	return f
}

// rendered returns a result.
func rendered(t testing.TB, f *model.Fleet, opts ...render.Option) *render.Result {
	t.Helper()
	result, err := render.Fleet(context.Background(), f, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestWriteIsTheCommand writes what a program renders, and lets the command write
// the same: the outcomes and the errors are the same, although the program says
// nothing of guards and owners.
func TestWriteIsTheCommand(t *testing.T) {
	three, dev := shop("web:1", "api", "web", "worker"), render.Selection{Environments: []string{"dev"}}
	guarded := shop("web:1", "web")
	guarded.Guards.MaxDeletePercent = new(int32(90))
	monitor := render.WithFeature(feature.Feature{Name: "monitors", Objects: func(*view.Target, *view.View) ([]object.Object, error) { return nil, nil }})
	edit := func(p string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { write(t, dir, p, read(t, dir)[p]+"# mine\n") }
	}
	for name, tc := range map[string]struct {
		reason   string
		before   []render.Option // of the first run
		prepare  func(t *testing.T, dir string)
		fleet    *model.Fleet
		narrowed render.Selection
		options  []disk.Option
		flags    []string
		want     string // in the error, or none
	}{
		"Again":      {reason: "A second run changes nothing.", fleet: three},
		"Changed":    {reason: "A change is written.", fleet: shop("web:2", "api", "web", "worker")},
		"Edited":     {reason: "What a person edited is kept.", prepare: edit("apps/web/base/deployment.yaml"), fleet: three, want: "apps/web/base/deployment.yaml: this file was edited by hand"},
		"Forced":     {reason: "Unless it is forced.", prepare: edit("apps/web/base/deployment.yaml"), fleet: three, options: []disk.Option{disk.WithForce()}, flags: []string{"--force"}},
		"Foreign":    {reason: "Unmanaged files survive.", prepare: edit("apps/web/base/mine.yaml"), fleet: shop("web:2", "api", "web", "worker")},
		"InTheWay":   {reason: "And stop what would overwrite them.", prepare: edit("apps/web/overlays/prod/poddisruptionbudget.yaml"), fleet: scaled(three, 1), want: "poddisruptionbudget.yaml"},
		"TooMuch":    {reason: "The guard has a default.", fleet: shop("web:1", "web"), want: "more than 30%"},
		"Allowed":    {reason: "It can be lifted.", fleet: shop("web:1", "web"), options: []disk.Option{disk.WithAllowDelete()}, flags: []string{"--allow-delete"}},
		"Guard":      {reason: "The fleet's own guard counts.", fleet: guarded},
		"Narrowed":   {reason: "What is not selected stays.", fleet: shop("web:2", "api", "web", "worker"), narrowed: dev},
		"NarrowEdit": {reason: "A narrowed run overwrites no edit of what it selects.", prepare: edit("apps/web/overlays/dev/kustomization.yaml"), fleet: shop("web:2", "api", "web", "worker"), narrowed: dev, want: "apps/web/overlays/dev/kustomization.yaml"},
		"Retained":   {reason: "Nor does an edit stop it that it has nothing to do with.", prepare: edit("apps/web/overlays/prod/kustomization.yaml"), fleet: scaled(three, 0), narrowed: dev},
		"Extension":  {reason: "What an extension made is not deleted without it.", before: []render.Option{monitor}, fleet: withGuard(shop("web:1", "web"), 100), want: `the extension "monitors"`},
	} {
		t.Run(name, func(t *testing.T) {
			library, command := t.TempDir(), t.TempDir()
			for _, dir := range []string{library, command} {
				if _, err := disk.Write(context.Background(), dir, rendered(t, three, tc.before...)); err != nil {
					t.Fatal(err)
				}
				if tc.prepare != nil {
					tc.prepare(t, dir)
				}
			}
			d, err := disk.Open(library)
			if err != nil {
				t.Fatal(err)
			}
			result := rendered(t, tc.fleet, render.WithSelection(tc.narrowed), render.WithPrior(d.Tree()))
			plan, err := disk.Write(context.Background(), library, result, tc.options...)
			var errs bytes.Buffer
			args := append([]string{"render", "--output-dir", command, "--cache-dir", "none"}, tc.flags...)
			for _, env := range tc.narrowed.Environments {
				args = append(args, "--env", env)
			}
			code := cli.Program{Fleet: tc.fleet, Version: "devel"}.Run(context.Background(), args, cli.Streams{Out: &errs, Err: &errs, Getenv: func(string) string { return "" }})
			if diff := cmp.Diff(read(t, command), read(t, library)); diff != "" {
				t.Errorf("%s (-command +library):\n%s", tc.reason, diff)
			}
			said := plan.String()
			if err != nil {
				said = err.Error()
			}
			if lines(said) == "" || !strings.Contains(lines(errs.String()), lines(said)) {
				t.Errorf("%s: the command says\n%s\nand the library\n%s", tc.reason, errs.String(), said)
			}
			if (err != nil) != (code != cli.ExitClean) || (err != nil) != (tc.want != "") || !strings.Contains(said, tc.want) {
				t.Errorf("%s: got %q, want %q", tc.reason, said, tc.want)
			}
		})
	}
}

// TestWriteRefuses hands in what must not be written: nothing changes.
func TestWriteRefuses(t *testing.T) {
	old, fleet := shop("web:1", "api", "web"), shop("web:2", "api", "web")
	dev := render.WithSelection(render.Selection{Environments: []string{"dev"}})
	for name, tc := range map[string]struct {
		reason string
		result *render.Result
		stale  bool
		want   string
	}{
		"Nil":       {reason: "There is no result where a render fails.", want: "no result"},
		"Zero":      {reason: "A result comes from a render.", result: &render.Result{Tree: rendered(t, fleet).Tree}, want: "no result"},
		"Unproved":  {reason: "Nothing is written that was not proved.", result: rendered(t, fleet, render.WithoutProof()), want: "what was proved"},
		"Elsewhere": {reason: "Nor where something else was.", result: rendered(t, fleet, render.WithProofOf(rendered(t, fleet).Tree)), want: "what was proved"},
		"NoPrior":   {reason: "A narrowed run that knows of no tree would delete the rest.", result: rendered(t, fleet, dev), stale: true, want: "WithPrior"},
		"Stale":     {reason: "Nor may one that knows another tree overwrite this one.", result: rendered(t, fleet, dev, render.WithPrior(rendered(t, shop("web:0", "web")).Tree)), stale: true, want: "WithPrior"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := disk.Write(context.Background(), dir, rendered(t, old), nil); err != nil {
				t.Fatal(err)
			}
			before := read(t, dir)
			_, err := disk.Write(context.Background(), dir, tc.result, disk.WithForce(), disk.WithAllowDelete())
			if err == nil || !strings.Contains(err.Error(), tc.want) || errors.Is(err, render.ErrStale) != tc.stale {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
			if diff := cmp.Diff(before, read(t, dir)); diff != "" {
				t.Errorf("%s (-before +after):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPlan compares without writing.
func TestPlan(t *testing.T) {
	dir := t.TempDir()
	d, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	result := rendered(t, shop("web:1", "web"))
	plan, err := d.Plan(result)
	if err != nil || len(plan.Writes) != result.Tree.Len() {
		t.Errorf("got %v, %v", plan, err)
	}
	if got := read(t, dir); len(got) > 0 {
		t.Errorf("a plan wrote %v", got)
	}
	if _, err := d.Plan(nil); err == nil {
		t.Error("a plan of nothing is an error")
	}
}

// scaled returns the fleet with more replicas in one of its environments.
func scaled(f *model.Fleet, environment int) *model.Fleet {
	out := *f
	out.Environments = []model.Environment{f.Environments[0], f.Environments[1]}
	out.Environments[environment].Defaults.Replicas = new(int32(2))
	return &out
}

func withGuard(f *model.Fleet, percent int32) *model.Fleet {
	f.Guards.MaxDeletePercent = &percent
	return f
}

// lines returns a text without the indentation of its lines.
func lines(s string) string {
	var out []string
	for l := range strings.Lines(s) {
		out = append(out, strings.TrimSpace(l))
	}
	return strings.Join(out, "\n")
}

// TestNarrowedAdoptsNoEdit checks that an edit which a narrowed run passes over is
// found by the next one that has to do with it.
func TestNarrowedAdoptsNoEdit(t *testing.T) {
	ctx, dir, fleet := context.Background(), t.TempDir(), shop("web:1", "web")
	if _, err := disk.Write(ctx, dir, rendered(t, fleet)); err != nil {
		t.Fatal(err)
	}
	const edited = "apps/web/overlays/prod/kustomization.yaml"
	write(t, dir, edited, read(t, dir)[edited]+"# mine\n")
	d, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	fleet = scaled(fleet, 0)
	dev := render.WithSelection(render.Selection{Environments: []string{"dev"}})
	if _, err := d.Write(ctx, rendered(t, fleet, dev, render.WithPrior(d.Tree()))); err != nil {
		t.Fatal(err)
	}
	var conflict *ownership.ConflictError
	if _, err := disk.Write(ctx, dir, rendered(t, fleet)); !errors.As(err, &conflict) || conflict.Conflicts[0].Path != edited {
		t.Errorf("got %v, want that %s was edited", err, edited)
	}
}
