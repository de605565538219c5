package chart

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// placeholders are what a text of valuesFrom may name.
var placeholders = []string{"{app}", "{cluster}", "{domain}", "{env}", "{namespace}", "{project}"}

// expand returns a text of valuesFrom with what its placeholders stand for. Known is
// false where the scope of the target does not decide one of them.
func expand(text string, t *view.Target) (out string, known bool, err error) {
	of := map[string]string{"{app}": t.App, "{project}": t.Project, "{env}": t.Environment, "{cluster}": t.Cluster, "{namespace}": t.Namespace}
	if t.Platform != nil {
		of["{domain}"] = t.Platform.Domain
	}
	known = true
	out = feature.Placeholders.ReplaceAllStringFunc(text, func(p string) string {
		if of[p] == "" && p == "{domain}" && t.Environment != "" {
			err = fmt.Errorf("the environment %s has no domain", t.Environment)
		}
		known = known && of[p] != ""
		return of[p]
	})
	return out, known, err
}

// set sets the value at a path to a text. Maps on the way are made; the entries of
// lists have to be there.
func set(values map[string]any, path, text string) error {
	steps, err := fieldpath.Path(path).Steps()
	if err != nil {
		return err
	}
	var in any = values
	for i, s := range steps {
		last := i == len(steps)-1
		switch x := in.(type) {
		case map[string]any:
			if last {
				x[s.Name] = text
				return nil
			}
			if x[s.Name] == nil {
				if steps[i+1].Bracket {
					return fmt.Errorf("values have no list %s, which the layers would have to set", fieldpath.Of(steps[:i+1]...))
				}
				x[s.Name] = map[string]any{}
			}
			in = x[s.Name]
		case []any:
			n, err := strconv.Atoi(s.Name)
			if err != nil || n < 0 || n >= len(x) {
				return fmt.Errorf("values have no entry %s", fieldpath.Of(steps[:i+1]...))
			}
			if last {
				x[n] = text
				return nil
			}
			in = x[n]
		default:
			return fmt.Errorf("%s is a single value", fieldpath.Of(steps[:i]...))
		}
	}
	return errors.New("the path is empty")
}

// checkValuesFrom checks the texts of a layer.
func checkValuesFrom(r *feature.Report, at fieldpath.Path, from map[string]string) {
	for _, key := range feature.SortedKeys(from) {
		if _, err := fieldpath.Path(key).Steps(); err != nil || key == "" {
			r.Errorf("invalid-value", at.Key(key), "write the path of a value, as in ingress.host or hosts[0].name", "%q is not a valid path of a value", key)
		}
		for _, p := range feature.Placeholders.FindAllString(from[key], -1) {
			if !slices.Contains(placeholders, p) {
				r.Errorf("invalid-value", at.Key(key), "use "+strings.Join(placeholders, ", "), "%s is not a known placeholder", p)
			}
		}
	}
}

// Values returns the values of a target's release: those of all layers, with those
// from the model. The spec of the target has a chart. What the base does not know is
// not set there. Errors are a finding.AllWrong with paths of the spec.
func Values(t *view.Target) (map[string]any, error) {
	c := t.Spec.Chart
	if len(c.ValuesFrom) == 0 {
		return c.Values, nil
	}
	out := map[string]any{}
	object.Overlay(out, c.Values)
	var wrong finding.AllWrong
	for _, key := range slices.Sorted(maps.Keys(c.ValuesFrom)) {
		fail := func(err error, fix string) {
			wrong = append(wrong, &finding.Wrong{Path: at.Field("valuesFrom").Key(key), Err: err, Fix: fix})
		}
		text, known, err := expand(c.ValuesFrom[key], t)
		if err != nil {
			fail(err, "set it in the environment, or remove the value")
			continue
		}
		if !known {
			continue
		}
		if err := set(out, key, text); err != nil {
			fail(err, "write the path of a value, as in ingress.host or hosts[0].name")
		}
	}
	return out, wrong.Err()
}
