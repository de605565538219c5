package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/edit"
	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// set edits the files, reads the fleet again, and writes what changed only if
// all of it validates and each value counts.
func (a *app) set(ctx context.Context, in input, args []string, parse func(string) (assignment, error)) error {
	if len(in.files) == 0 || contains(in.files, "-") {
		return errors.New("set changes files: pass them with -f")
	}
	var todo []assignment
	for i, arg := range args {
		x, err := parse(arg)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
		todo = append(todo, x)
	}
	files, err := a.readAll(in)
	if err != nil {
		return err
	}
	before, err := load.Fleet(a.Fleet, files...)
	if err != nil {
		return err
	}
	if err := in.checkPlaces(before.Fleet, todo); err != nil {
		return err
	}
	done := make([]assigned, len(todo))
	for i, x := range todo {
		if done[i], err = in.assign(before.Fleet, files, x); err != nil {
			return err
		}
	}
	after, err := load.Fleet(a.Fleet, files...)
	if err != nil {
		return err
	}
	if err := in.checkSecret(before, after, todo); err != nil {
		return err
	}
	if _, err := a.fleet(ctx, after, input{}, render.WithoutProof()); err != nil {
		return err
	}
	if err := in.checkEffect(after, todo); err != nil {
		return err
	}
	return a.replace(files, done)
}

// assigned is an assignment that was made in memory.
type assigned struct {
	file    int    // its index
	line    string // what is said of it
	changed bool
}

// replace writes the files that assignments changed, and says what they did.
func (a *app) replace(files []load.File, done []assigned) error {
	values, changed := 0, map[int]bool{}
	for _, x := range done {
		if x.changed {
			values, changed[x.file] = values+1, true
		}
	}
	for i := range files {
		if changed[i] {
			if err := replaceFile(files[i].Name, files[i].Data); err != nil {
				return err
			}
		}
	}
	for _, x := range done {
		a.Out.Printf("%s\n", x.line)
	}
	if values == 0 {
		a.report("nothing changed\n")
	} else {
		a.report("changed %s in %s\n", finding.Count(values, "value"), finding.Count(len(changed), "file"))
	}
	return nil
}

// checkPlaces refuses assignments to what the fleet does not have, and to a
// cluster without its environment: an app has no layer for it.
func (in input) checkPlaces(f *model.Fleet, todo []assignment) error {
	for _, x := range todo {
		if err := in.narrowed(x.app).selection.Check(f).Err(); err != nil {
			return err
		}
		if in.cluster != "" && in.env == "" {
			return fmt.Errorf("--cluster %s needs --env: an app sets values for a cluster within one of its environments", in.cluster)
		}
		if err := in.runs(f, x.app); err != nil {
			return err
		}
	}
	return nil
}

// at returns where an assignment stands in the fleet.
func (in input) at(x assignment) fieldpath.Path {
	at := fieldpath.Path("apps").Key(x.app)
	if in.env == "" {
		return at.Field("spec").Join(x.path)
	}
	at = at.Field("environments").Key(in.env)
	if in.cluster != "" {
		at = at.Field("clusters").Key(in.cluster)
	}
	return at.Join(x.path)
}

// assign edits the file that holds the app.
func (in input) assign(f *model.Fleet, files []load.File, x assignment) (assigned, error) {
	var value any
	var err error
	if x.path == "image" {
		value, err = in.fullImage(f, x)
	} else if value, err = object.ParseValue([]byte(x.value)); err != nil {
		err = fmt.Errorf("%s: the value is not valid YAML (quote it)", x.path) // its error may tell the value
	}
	if err != nil {
		return assigned{}, err
	}
	place := edit.Place{App: x.app, Environment: in.env, Cluster: in.cluster, Path: x.path}
	for i := range files {
		old, err := edit.Get(files[i].Data, place)
		if errors.Is(err, edit.ErrNoApp) {
			continue
		}
		if err == nil {
			files[i].Data, err = edit.Set(files[i].Data, place, value)
		}
		if err != nil {
			return assigned{}, fmt.Errorf("%s: %w", files[i].Name, err)
		}
		now, err := edit.Get(files[i].Data, place)
		if err != nil || now == nil {
			return assigned{}, fmt.Errorf("%s: %s cannot be read back: %w", files[i].Name, x.path, err)
		}
		from, to := "nothing", x.shown(now.Value)
		if old != nil {
			from = x.shown(old.Value)
		}
		at := finding.Position{File: files[i].Name, Line: now.Line, Col: now.Col}
		if from == to {
			return assigned{i, fmt.Sprintf("%s: %s: already %s", at, in.at(x), to), false}, nil
		}
		return assigned{i, fmt.Sprintf("%s: %s: %s -> %s", at, in.at(x), from, to), true}, nil
	}
	return assigned{}, fmt.Errorf("no file contains the app %s: it is defined in the program, or in a file that -f does not include", x.app)
}

// shown returns a value of the field as it may be printed.
func (x assignment) shown(v any) string {
	return strings.TrimSuffix(string(object.Marshal(credential.PlaceOf(x.path).Redact(v))), "\n")
}

// fullImage completes :TAG and @DIGEST by the name of the image that the app has
// there, and refuses what names no version.
func (in input) fullImage(f *model.Fleet, x assignment) (string, error) {
	image := x.value
	if image[0] == ':' || image[0] == '@' {
		current := resolve.New(f, in.features).Target(x.app, view.Scope{Environment: in.env, Cluster: in.cluster}).Spec.Image
		ref, err := imageref.Parse(current)
		if err != nil {
			return "", fmt.Errorf("%s has no image whose name could be kept: %w", x.app, err)
		}
		image = ref.Name + image
	}
	ref, err := imageref.Parse(image)
	if err == nil && ref.Tag == "" && ref.Digest == "" {
		err = fmt.Errorf("image %q has neither a tag nor a digest (write %s=:%s to change only the tag, or %s=NAME:TAG)", image, x.app, image, x.app)
	}
	return image, err
}

// checkSecret refuses values that look like credentials, where they are assigned or
// did not do so before: what is only warned of elsewhere is not written by a command.
func (in input) checkSecret(before, after *loaded, todo []assignment) error {
	type place struct {
		rule string
		path fieldpath.Path
	}
	had := map[place]bool{}
	for _, f := range validate.Secrets(before.Fleet, before.Positions) {
		had[place{f.Rule, f.Path}] = true
	}
	var list finding.List
	for _, f := range validate.Secrets(after.Fleet, after.Positions) {
		assigned := slices.ContainsFunc(todo, func(x assignment) bool {
			rest, below := strings.CutPrefix(string(f.Path), string(in.at(x)))
			return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
		if strings.HasPrefix(f.Rule, "secret-") && (assigned || !had[place{f.Rule, f.Path}]) {
			f.Severity = finding.Error
			list = append(list, f)
		}
	}
	return list.Err()
}

// checkEffect refuses values that a rule removes wherever they would count, such
// as the replicas of what an autoscaler scales.
func (in input) checkEffect(l *loaded, todo []assignment) error {
	resolver := resolve.New(l.Fleet, in.features)
	var list finding.List
	for _, x := range todo {
		rule, left := "", false
		var spec model.AppSpec
		for _, s := range resolver.Scopes(x.app) {
			if s.Environment == "" || in.env != "" && s.Environment != in.env || in.cluster != "" && s.Cluster != in.cluster {
				continue
			}
			target, _, removals := resolver.Explained(x.app, s)
			if origin, ok := removals[x.path]; ok {
				rule, spec = origin.Rule, target.Spec
			} else {
				left = true
			}
		}
		if rule == "" || left {
			continue
		}
		fix := "see gitopsgen explain rule/" + rule
		if x.path == "replicas" && spec.Autoscaling != nil {
			fix = fmt.Sprintf("set %s:autoscaling.minReplicas=%s, or remove the autoscaler; %s", x.app, x.value, fix)
		}
		at := in.at(x)
		list = append(list, finding.Finding{Rule: "no-effect", Severity: finding.Error, Path: at, Position: l.Positions.At(at),
			Reason: fmt.Sprintf("the value would have no effect: the rule %s removes it", rule), Fix: fix})
	}
	return list.Err()
}
