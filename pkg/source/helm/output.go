package helm

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/releaseutil"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Output is what a chart renders, in the order in which Helm prints it: CRDs of crds/
// directories, objects in the order of installation, hooks.
type Output struct {
	Objects []Object
	// Notes are what the chart tells its users after an installation.
	Notes string
}

// Object is one object that a chart renders.
type Object struct {
	// Object has the values of package object, complete with nulls. It may lack a name.
	Object model.RawObject
	// Template is the file that it is from, with the name of the chart, such as
	// podinfo/templates/service.yaml or podinfo/charts/redis/crds/redis.yaml.
	Template string
	// Line is the line of the file where the object begins, or a line of it; 0 where
	// it is not known, as for what is rendered by a named template elsewhere.
	Line int
	// CRD is set for what is in a crds/ directory, which Helm installs before all else
	// and never upgrades.
	CRD bool
	// Hook is set for hooks.
	Hook *Hook
}

// Hook is what the annotations helm.sh/hook* of an object say, which stay in it.
type Hook struct {
	// Events are those of helm.sh/hook, such as pre-install and test.
	Events []string
	Weight int
	// DeletePolicies are those of helm.sh/hook-delete-policy, such as hook-succeeded.
	DeletePolicies []string
}

// notesFile ends the names of the templates that are no manifests.
const notesFile = "NOTES.txt"

// output returns the objects of what the templates of a chart print.
func (c *Chart) output(root *chart.Chart, files map[string]string) (*Output, error) {
	out := &outputs{chart: c, lines: map[string]map[string][]int{}}
	out.Notes = files[path.Join(root.Name(), "templates", notesFile)]
	texts := templateTexts(root)
	hooks, manifests, err := out.sorted(files, texts)
	if err != nil {
		return nil, err
	}
	for _, crd := range root.CRDObjects() {
		if err := out.file(crd); err != nil {
			return nil, err
		}
	}
	for _, m := range manifests {
		if err := out.add(out.heads[m.Content], Object{Template: m.Name}, texts[m.Name]); err != nil {
			return nil, err
		}
	}
	for _, h := range hooks {
		if err := out.add(out.heads[h.Manifest], Object{Template: h.Path, Hook: hookOf(h)}, texts[h.Path]); err != nil {
			return nil, err
		}
	}
	return &out.Output, nil
}

// outputs collects objects.
type outputs struct {
	Output
	chart *Chart
	// heads are the documents that Helm sorts, by their heads.
	heads map[string]map[string]any
	// lines are the lines of each template where kinds are written that no object took
	// yet, by template and kind.
	lines map[string]map[string][]int
}

// sorted returns what templates print as Helm sorts it: hooks, and other objects. Helm
// reads only the head of each document, and gets no more of it, since what it reads
// is read anyway.
func (o *outputs) sorted(files, texts map[string]string) ([]*release.Hook, []releaseutil.Manifest, error) {
	o.heads = map[string]map[string]any{}
	short := make(map[string]string, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, notesFile) {
			continue
		}
		var heads []string
		for _, text := range split(files[name]) {
			value, err := o.chart.parsed.get(text)
			if err != nil {
				return nil, nil, invalid(name, text, texts[name], err)
			}
			if value == nil {
				continue // a comment, or nothing
			}
			m, isMap := value.(map[string]any)
			if !isMap {
				return nil, nil, &Error{Template: name, Line: lineOf(texts[name], text, 1), Reason: notObject}
			}
			head, err := headOf(m, len(o.heads))
			if err != nil {
				return nil, nil, err
			}
			o.heads[head] = m
			heads = append(heads, head)
		}
		short[name] = strings.Join(heads, "\n---\n")
	}
	hooks, manifests, err := releaseutil.SortManifests(short, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, nil, sortError(err)
	}
	return hooks, manifests, nil
}

const notObject = "the template prints text that is not a Kubernetes object"

// headOf returns what Helm reads of an object, and a number that no other has, as
// JSON.
func headOf(m map[string]any, number int) (string, error) {
	head := map[string]any{"number": number}
	for key, v := range m {
		switch {
		case strings.EqualFold(key, "apiVersion"), strings.EqualFold(key, "kind"):
			head[key] = v
		case strings.EqualFold(key, "metadata"):
			head[key] = v
			if of, ok := v.(map[string]any); ok {
				head[key] = metadataOf(of)
			}
		}
	}
	data, err := json.Marshal(head)
	return string(data), err
}

func metadataOf(m map[string]any) map[string]any {
	out := map[string]any{}
	for key, v := range m {
		if strings.EqualFold(key, "name") || strings.EqualFold(key, "annotations") {
			out[key] = v
		}
	}
	return out
}

func hookOf(h *release.Hook) *Hook {
	out := &Hook{Weight: h.Weight}
	for _, e := range h.Events {
		out.Events = append(out.Events, string(e))
	}
	for _, p := range h.DeletePolicies {
		out.DeletePolicies = append(out.DeletePolicies, string(p))
	}
	return out
}

// file adds the objects of a file of a crds/ directory, which is not a template.
func (o *outputs) file(crd chart.CRD) error {
	text := string(crd.File.Data)
	in := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		document, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Error{Template: crd.Filename, Reason: oneLine(err.Error())}
		}
		value, err := o.chart.parsed.get(string(document))
		if err != nil {
			return invalid(crd.Filename, string(document), text, err)
		}
		if value == nil {
			continue
		}
		m, isMap := value.(map[string]any)
		if !isMap {
			return &Error{Template: crd.Filename, Line: lineOf(text, string(document), 1), Reason: "the file contains text that is not a Kubernetes object"}
		}
		if err := o.add(m, Object{Template: crd.Filename, CRD: true}, text); err != nil {
			return err
		}
	}
}

// add adds an object, or the objects of a list, as of says them to be. The source is
// the text of the template.
func (o *outputs) add(m map[string]any, of Object, source string) error {
	of.Line = o.line(of.Template, m, source)
	if err := o.objects(m, of); err != nil {
		return &Error{Template: of.Template, Line: of.Line, Reason: oneLine(err.Error())}
	}
	return nil
}

// objects adds an object, or those of a list.
func (o *outputs) objects(m map[string]any, of Object) error {
	kind, _ := m["kind"].(string)
	if items, isList := m["items"].([]any); isList && strings.HasSuffix(kind, "List") {
		for i, item := range items {
			m, ok := item.(map[string]any)
			if !ok {
				return fmt.Errorf("items[%d] of the %s is not a Kubernetes object", i, kind)
			}
			if err := o.objects(m, of); err != nil {
				return err
			}
		}
		return nil
	}
	version, _ := m["apiVersion"].(string)
	switch {
	case kind == "":
		return fmt.Errorf("an object has no kind")
	case version == "":
		return fmt.Errorf("an object of kind %s has no apiVersion", kind)
	}
	of.Object = object.Copy(m).(map[string]any)
	o.Objects = append(o.Objects, of)
	return nil
}
