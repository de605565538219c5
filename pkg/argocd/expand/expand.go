package expand

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// World is what an ApplicationSet's generators look at.
type World struct {
	// Clusters are those registered with Argo CD, in any order. The cluster
	// that Argo CD runs on is there without being listed.
	Clusters []Cluster
	// Repo returns the content of a repository at a revision, for git
	// generators. Symbolic links in it are not followed.
	Repo func(url, revision string) (fs.FS, error)
	// PullRequests are what the forge answers, whichever repository is asked.
	PullRequests []PullRequest
}

// Cluster is a cluster that is registered with Argo CD. Labels and Annotations
// are those of its Secret; the label that makes it a cluster's is implied.
type Cluster struct {
	Name        string            `json:"name" yaml:"name"`
	Server      string            `json:"server" yaml:"server"`
	Project     string            `json:"project,omitempty" yaml:"project,omitempty"`
	Labels      map[string]string `json:"labels,omitempty" yaml:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty" yaml:"annotations,omitempty"`
}

// PullRequest is an open pull request.
type PullRequest struct {
	Number       int64    `json:"number" yaml:"number"`
	Title        string   `json:"title,omitempty" yaml:"title,omitempty"`
	Branch       string   `json:"branch" yaml:"branch"`
	TargetBranch string   `json:"targetBranch,omitempty" yaml:"targetBranch,omitempty"`
	HeadSHA      string   `json:"headSHA" yaml:"headSHA"`
	Author       string   `json:"author,omitempty" yaml:"author,omitempty"`
	Labels       []string `json:"labels,omitempty" yaml:"labels,omitempty"`
}

// setSpec is the part of an ApplicationSet's spec that is read once.
type setSpec struct {
	GoTemplate        bool             `json:"goTemplate"`
	GoTemplateOptions []string         `json:"goTemplateOptions"`
	Generators        []map[string]any `json:"generators"`
	TemplatePatch     *string          `json:"templatePatch"`
	SyncPolicy        struct {
		PreserveResourcesOnDeletion bool `json:"preserveResourcesOnDeletion"`
	} `json:"syncPolicy"`
}

// expansion is one run of Applications.
type expansion struct {
	set       setSpec
	namespace string
	template  map[string]any
	world     World
	engine    *engine
	files     map[[2]string]*repository
}

// Applications returns the Applications of the ApplicationSet, in the order in
// which Argo CD makes them where that is an order, sorted by name where it is
// not: clusters, and merged parameters by their merge keys. As in Argo CD, one
// error means that there are no Applications at all.
func Applications(set object.Object, w World) ([]object.Object, error) {
	name := "ApplicationSet " + set.Name()
	if set.Namespace() != "" {
		name = "ApplicationSet " + set.Namespace() + "/" + set.Name()
	}
	x, err := newExpansion(set, w)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	apps, err := x.applications()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return apps, nil
}

func newExpansion(set object.Object, w World) (*expansion, error) {
	if set.Kind() != "ApplicationSet" || set.Group() != "argoproj.io" {
		return nil, fmt.Errorf("a %s %s is not an ApplicationSet of argoproj.io", set.APIVersion(), set.Kind())
	}
	x := &expansion{namespace: set.Namespace(), world: w, files: map[[2]string]*repository{}}
	spec, _ := set.Get("spec")
	if err := decode(plain(spec), &x.set); err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	if !x.set.GoTemplate {
		return nil, fmt.Errorf("spec.goTemplate is not true: fasttemplate is not supported; set it to true and write {{.name}} instead of {{name}}")
	}
	t, _ := set.Get("spec", "template")
	x.template, _ = object.Copy(t).(map[string]any)
	if x.template == nil {
		return nil, fmt.Errorf("spec.template is missing or not a mapping")
	}
	var err error
	x.engine, err = newEngine(x.set.GoTemplateOptions)
	return x, err
}

// applications runs the generators one after the other.
func (x *expansion) applications() ([]object.Object, error) {
	var out []object.Object
	from := map[string]string{}
	for i, raw := range x.set.Generators {
		where := fmt.Sprintf("spec.generators[%d]", i)
		results, err := x.transform(generatorAt{where: where, raw: raw}, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			for n, params := range r.params {
				made := fmt.Sprintf("%s, parameters %d", r.where, n+1)
				app, err := x.application(r.template, params)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", made, err)
				}
				if other, ok := from[app.Name()]; ok {
					return nil, fmt.Errorf("%s: the name %s is the same as that of %s, so Argo CD creates neither; make the names in the template unique", made, app.Name(), other)
				}
				from[app.Name()] = made
				out = append(out, app)
			}
		}
	}
	return out, nil
}

// finalizer makes Argo CD delete what an Application has made with it.
const finalizer = "resources-finalizer.argocd.argoproj.io"

// application returns what the template says for one set of parameters.
func (x *expansion) application(tmpl map[string]any, params map[string]any) (object.Object, error) {
	app := map[string]any{"metadata": tmpl["metadata"], "spec": tmpl["spec"]}
	if len(params) > 0 {
		rendered, err := x.engine.value("template", app, params)
		if err != nil {
			return object.Object{}, err
		}
		app, _ = rendered.(map[string]any)
	}
	app, _ = object.Copy(app).(map[string]any)
	for _, part := range []string{"metadata", "spec"} {
		if _, ok := app[part].(map[string]any); !ok {
			app[part] = map[string]any{}
		}
	}
	if err := checkShape(app); err != nil {
		return object.Object{}, fmt.Errorf("template: %w", err)
	}
	metadata, _ := app["metadata"].(map[string]any)
	if finalizers, _ := metadata["finalizers"].([]any); len(params) > 0 && len(finalizers) == 0 && !x.set.SyncPolicy.PreserveResourcesOnDeletion {
		metadata["finalizers"] = []any{finalizer}
	}
	if x.set.TemplatePatch != nil {
		if err := x.patch(app, params); err != nil {
			return object.Object{}, fmt.Errorf("templatePatch: %w", err)
		}
	}
	return x.finish(app)
}

// finish returns the object that Argo CD writes: of the metadata, only what it
// copies, in the namespace of the set.
func (x *expansion) finish(app map[string]any) (object.Object, error) {
	if err := checkShape(app); err != nil {
		return object.Object{}, err
	}
	from, _ := app["metadata"].(map[string]any)
	metadata := map[string]any{"name": from["name"]}
	if x.namespace != "" {
		metadata["namespace"] = x.namespace
	}
	for _, key := range []string{"labels", "annotations", "finalizers"} {
		if !isEmpty(from[key]) {
			metadata[key] = from[key]
		}
	}
	out := map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
		"metadata": metadata, "spec": app["spec"],
	}
	if app["operation"] != nil {
		out["operation"] = app["operation"]
	}
	if isEmpty(metadata["name"]) {
		return object.Object{}, fmt.Errorf("template.metadata.name is empty: set a name in the template")
	}
	return object.FromMap(out)
}

// plain returns a value of an object as encoding/json knows it.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = plain(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case object.Number:
		return json.Number(v)
	default:
		return v
	}
}

// decode fills into from a JSON value, as Argo CD reads it: numbers of
// undeclared places are float64.
func decode(from, into any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return typeError(json.Unmarshal(data, into))
}
