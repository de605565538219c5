package helm

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/releaseutil"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

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
func output(root *chart.Chart, files map[string]string) (*Output, error) {
	out := &outputs{lines: map[string]map[string][]int{}}
	out.Notes = files[path.Join(root.Name(), "templates", notesFile)]
	for name := range files {
		if strings.HasSuffix(name, notesFile) {
			delete(files, name)
		}
	}
	texts := templateTexts(root)
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, manifestError(err, files, texts)
	}
	for _, crd := range root.CRDObjects() {
		if err := out.file(crd); err != nil {
			return nil, err
		}
	}
	for _, m := range manifests {
		if err := out.add(m.Content, Object{Template: m.Name}, texts[m.Name]); err != nil {
			return nil, err
		}
	}
	for _, h := range hooks {
		if err := out.add(h.Manifest, Object{Template: h.Path, Hook: hookOf(h)}, texts[h.Path]); err != nil {
			return nil, err
		}
	}
	return &out.Output, nil
}

// outputs collects objects.
type outputs struct {
	Output
	// lines are the lines of each template where kinds are written that no object took
	// yet, by template and kind.
	lines map[string]map[string][]int
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

// documents returns the YAML documents of a text in their order.
func documents(text string) []string {
	split := releaseutil.SplitManifests(text)
	names := make([]string, 0, len(split))
	for name := range split {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = split[name]
	}
	return out
}

// file adds the objects of a file of a crds/ directory, which is no template.
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
		if err := o.add(string(document), Object{Template: crd.Filename, CRD: true}, text); err != nil {
			return err
		}
	}
}

// add adds the object of a document, or the objects of a list, as of says them to be.
// The source is the text of the template.
func (o *outputs) add(text string, of Object, source string) error {
	value, err := parse(text + "\n") // Helm prints an end of line behind each document
	if err == nil && value == nil {
		return nil // a comment, or nothing
	}
	m, isMap := value.(map[string]any)
	if err == nil && !isMap {
		err = fmt.Errorf("this is not a Kubernetes object")
	}
	if err != nil {
		return &Error{Template: of.Template, Line: lineOf(source, text, 1), Reason: oneLine(err.Error())}
	}
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
	of.Object = m
	o.Objects = append(o.Objects, of)
	return nil
}

// parse returns the value of a YAML document as Kubernetes reads it, in the form of
// package object.
func parse(text string) (any, error) {
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var out any
	if err := dec.Decode(&out); err != nil {
		return nil, err
	}
	return object.Normalize(out)
}
