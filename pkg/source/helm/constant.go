package helm

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// Varying is a part of what a chart renders that would be another in another render.
type Varying struct {
	Cause source.VaryingCause
	// Construct is what the template says, such as randAlphaNum or .Release.Revision.
	Construct string
	// Template is the file with the construct, with the name of the chart, and Line a
	// line of it; both are zero for a template in a value.
	Template string
	Line     int
	// Objects are those that it reaches; none where the chart does not render at all
	// with another result.
	Objects []VaryingObject
}

// VaryingObject is an object that differs from render to render, in some fields.
type VaryingObject struct {
	Object
	Fields []fieldpath.Path
}

// Varying returns what would differ from render to render with the values of a
// release, in the order of templates and lines. What these values do not reach, or
// what does not reach the output, is not among it.
//
// It renders copies of the chart in which each such construct has one of two fixed
// results, and compares them: a chart without such constructs costs nothing.
func (c *Chart) Varying(ctx context.Context, r Release) ([]Varying, error) {
	found := c.constructs(r.Values)
	if len(found) == 0 {
		return nil, nil
	}
	reached := reaching(c.root, found)
	fixed, err := c.variant(ctx, r, found, reached, nil)
	if err != nil && reached != nil { // templates may change values for others
		reached = nil
		fixed, err = c.variant(ctx, r, found, reached, nil)
	}
	if err != nil {
		return nil, err
	}
	other, err := c.variant(ctx, r, found, reached, func(construct) bool { return true })
	if err == nil && !c.compare(&Varying{}, fixed, other) {
		return nil, nil
	}
	var out []Varying
	for i := range found {
		one := found[i]
		other, err := c.variant(ctx, r, found, reached, func(c construct) bool { return c == one })
		if err != nil && !breaks(err) {
			if errors.As(err, new(*Error)) {
				continue // it is only validated
			}
			return nil, err
		}
		v := Varying{Cause: one.cause(), Construct: one.name, Template: one.template, Line: one.line}
		if err == nil && !c.compare(&v, fixed, other) {
			continue
		}
		out = append(out, v)
	}
	return out, nil
}

// breaks reports whether a template cannot be executed, as opposed to one that says
// that it does not want to.
func breaks(err error) bool {
	var e *Error
	return errors.As(err, &e) && strings.Contains(e.Reason, `executing "`)
}

// variant returns what templates print where each construct has its first fixed
// result, or its second where second says so. A nil function says so of none. Only
// templates that are reached are executed; nil is all.
func (c *Chart) variant(ctx context.Context, r Release, found []construct, reached map[*chart.File]bool, second func(construct) bool) (map[string]string, error) {
	if err := checkRelease(c.root, r); err != nil {
		return nil, err
	}
	values, err := releaseValues(r.Values)
	if err != nil {
		return nil, err
	}
	caps, err := r.capabilities()
	if err != nil {
		return nil, err
	}
	files, texts := rewrite(found, second)
	root := clone(c.root)
	keep(root, reached)
	replace(root, files, texts)
	if len(found) > 0 {
		root.Templates = append(root.Templates, &chart.File{Name: "templates/_" + valuesHelper + ".tpl", Data: []byte(valuesTemplate)})
	}
	values, _ = replaceTexts(values, texts).(map[string]any)
	var out map[string]string
	err = c.watched(ctx, func() (err error) {
		out, err = c.execute(root, r, values, caps)
		return err
	})
	maps.DeleteFunc(out, func(name, _ string) bool { return strings.HasSuffix(name, notesFile) })
	return out, err
}

// replace puts other contents into the templates, files and values of a chart.
func replace(c *chart.Chart, files map[*chart.File]string, texts map[string]string) {
	for _, list := range [][]*chart.File{c.Templates, c.Files} {
		for i, f := range list {
			if data, ok := files[f]; ok {
				list[i] = &chart.File{Name: f.Name, Data: []byte(data)}
			}
		}
	}
	c.Values, _ = replaceTexts(c.Values, texts).(map[string]any)
	for _, sub := range c.Dependencies() {
		replace(sub, files, texts)
	}
}

func replaceTexts(v any, texts map[string]string) any {
	if len(texts) == 0 {
		return v
	}
	switch v := v.(type) {
	case string:
		if to, ok := texts[v]; ok {
			return to
		}
	case []any:
		for i := range v {
			v[i] = replaceTexts(v[i], texts)
		}
	case map[string]any:
		for k := range v {
			v[k] = replaceTexts(v[k], texts)
		}
	}
	return v
}

// compare notes in v which objects differ, and reports whether any does.
func (c *Chart) compare(v *Varying, fixed, other map[string]string) bool {
	differ := func(files, from map[string]string) map[string]string {
		files = maps.Clone(files)
		maps.DeleteFunc(files, func(name, text string) bool { is, ok := from[name]; return ok && is == text })
		return files
	}
	if maps.Equal(fixed, other) {
		return false
	}
	a, err := c.output(clone(c.root), differ(fixed, other))
	b, err2 := c.output(clone(c.root), differ(other, fixed))
	if err != nil || err2 != nil {
		return true
	}
	before, after := byTemplate(a.Objects), byTemplate(b.Objects)
	for _, template := range slices.Sorted(maps.Keys(before)) {
		for _, pair := range pairs(before[template], after[template]) {
			if fields := differences(nil, "", map[string]any(pair[0].Object), map[string]any(pair[1].Object)); len(fields) > 0 {
				v.Objects = append(v.Objects, VaryingObject{Object: pair[0], Fields: fields})
			}
		}
		delete(after, template)
	}
	for _, template := range slices.Sorted(maps.Keys(after)) {
		for _, o := range after[template] {
			v.Objects = append(v.Objects, VaryingObject{Object: o})
		}
	}
	return len(v.Objects) > 0
}

// byTemplate returns the objects of each template, without tests: nobody applies them.
func byTemplate(objects []Object) map[string][]Object {
	out := map[string][]Object{}
	for _, o := range objects {
		if o.Hook != nil && !slices.ContainsFunc(o.Hook.Events, func(e string) bool { return !strings.HasPrefix(e, "test") }) {
			continue
		}
		out[o.Template] = append(out[o.Template], o)
	}
	return out
}

// pairs returns the objects of a template with those of another render: of the same
// name, or else in the same order.
func pairs(a, b []Object) (out [][2]Object) {
	named := map[string]Object{}
	for _, o := range b {
		named[identity(o.Object)] = o
	}
	var alone []Object
	for _, o := range a {
		if same, ok := named[identity(o.Object)]; ok {
			out = append(out, [2]Object{o, same})
			delete(named, identity(o.Object))
			continue
		}
		alone = append(alone, o)
	}
	for _, o := range b {
		if _, left := named[identity(o.Object)]; left && len(alone) > 0 {
			out, alone = append(out, [2]Object{alone[0], o}), alone[1:]
		}
	}
	for _, o := range alone {
		out = append(out, [2]Object{o, {}})
	}
	return out
}

func identity(o model.RawObject) string {
	md, _ := o["metadata"].(map[string]any)
	kind, _ := o["kind"].(string)
	name, _ := md["name"].(string)
	namespace, _ := md["namespace"].(string)
	return kind + "/" + namespace + "/" + name
}

// differences appends the paths of the fields that differ.
func differences(to []fieldpath.Path, at fieldpath.Path, a, b any) []fieldpath.Path {
	switch a := a.(type) {
	case map[string]any:
		m, ok := b.(map[string]any)
		if !ok || (len(a) == 0) != (len(m) == 0) {
			return append(to, at)
		}
		names := map[string]bool{}
		for k := range a {
			names[k] = true
		}
		for k := range m {
			names[k] = true
		}
		for _, k := range slices.Sorted(maps.Keys(names)) {
			below := at.Field(k)
			if strings.ContainsAny(k, "./") {
				below = at.Key(k)
			}
			to = differences(to, below, a[k], m[k])
		}
		return to
	case []any:
		l, ok := b.([]any)
		if !ok || len(l) != len(a) {
			return append(to, at)
		}
		for i := range a {
			to = differences(to, at.Index(i), a[i], l[i])
		}
		return to
	}
	if _, ok := b.(map[string]any); ok {
		return append(to, at)
	}
	if _, ok := b.([]any); ok || a != b {
		return append(to, at)
	}
	return to
}
