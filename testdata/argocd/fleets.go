package argocd

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// fleet is a fleet and what the library renders of it.
type fleet struct {
	*model.Fleet
	name  string
	files []tree.File
}

// loadFleets returns all fleets that there are, rendered. Change, if it is not
// nil, is made before.
func loadFleets(ctx context.Context, change func(*model.Fleet)) ([]fleet, error) {
	var out []fleet
	for _, pattern := range []string{"../fleets/*", "../../examples/*/fleet"} {
		dirs, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(dirs) == 0 {
			return nil, fmt.Errorf("no fleets are %s: %w", pattern, err)
		}
		for _, dir := range dirs {
			f, err := loadFleet(ctx, dir, change)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", dir, err)
			}
			out = append(out, f)
		}
	}
	return out, nil
}

func loadFleet(ctx context.Context, dir string, change func(*model.Fleet)) (fleet, error) {
	files, err := load.FS(os.DirFS(dir), "fleet")
	if err != nil {
		return fleet{}, err
	}
	loaded, err := load.Fleet(nil, files...)
	if err != nil {
		return fleet{}, err
	}
	if change != nil {
		change(loaded.Fleet)
	}
	result, err := render.Fleet(ctx, loaded.Fleet)
	if err != nil {
		return fleet{}, err
	}
	name := strings.TrimSuffix(filepath.ToSlash(dir), "/fleet")
	return fleet{Fleet: loaded.Fleet, name: path.Base(name), files: result.Tree.Files()}, nil
}

// instance is an Argo CD of a fleet.
type instance struct {
	fleet
	model.ArgoCD
	// dir is what its root reads.
	dir string
}

func (f fleet) instances() []instance {
	list := view.Instances(f.Fleet)
	var out []instance
	for _, a := range list {
		dir := layout.ArgoCD("")
		if len(list) > 1 {
			dir = layout.ArgoCD(a.Name)
		}
		out = append(out, instance{fleet: f, ArgoCD: a, dir: dir})
	}
	return out
}

// objects returns the instance's objects of a kind, sorted by path.
func (i instance) objects(kind string) ([]object.Object, error) {
	var out []object.Object
	for _, f := range i.files {
		if !strings.HasPrefix(f.Path, i.dir+"/") {
			continue
		}
		objects, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		out = append(out, slices.DeleteFunc(objects, func(o object.Object) bool { return o.Kind() != kind })...)
	}
	return out, nil
}

// branchOf returns the branch on which an environment's files are.
func (f fleet) branchOf(env string) string {
	for _, e := range f.Environments {
		if e.Name == env && e.Branch != "" {
			return e.Branch
		}
	}
	return cmp.Or(f.Repository.Branch, "main")
}

// at returns the files of the repository at a branch.
func (f fleet) at(branch string) []tree.File {
	var out []tree.File
	for _, file := range f.files {
		if e := file.Owner.Environment; e == "" || f.branchOf(e) == branch {
			file.Path = path.Join(f.Repository.Path, file.Path)
			out = append(out, file)
		}
	}
	return out
}

// world returns what the instance's ApplicationSets look at.
func (i instance) world(pulls []Pull) (World, error) {
	w := World{Namespace: i.Namespace, Branches: map[string]fs.FS{}, Pulls: pulls}
	for _, e := range append(i.Environments, model.Environment{}) {
		t, err := tree.New(i.at(i.branchOf(e.Name)))
		if err != nil {
			return w, err
		}
		w.Branches[i.branchOf(e.Name)] = t
	}
	projects, err := i.objects("AppProject")
	if err != nil {
		return w, err
	}
	for _, p := range projects {
		w.Projects = append(w.Projects, p.Name())
	}
	w.Clusters, err = i.clusters()
	return w, err
}

// clusters returns the clusters as their registrations make them; those without
// one as the documentation says that a person has to.
func (i instance) clusters() ([]Cluster, error) {
	registrations, err := i.objects("ExternalSecret")
	if err != nil {
		return nil, err
	}
	byName := map[string]Cluster{}
	for _, r := range registrations {
		var secret struct {
			Spec struct {
				Target struct {
					Template struct {
						Metadata struct{ Labels map[string]string }
						Data     map[string]string
					}
				}
			}
		}
		if err := yaml.Unmarshal(r.YAML(), &secret); err != nil {
			return nil, err
		}
		if t := secret.Spec.Target.Template; t.Data["server"] != "" {
			byName[t.Data["name"]] = Cluster{Name: t.Data["name"], Server: t.Data["server"], Labels: t.Metadata.Labels}
		}
	}
	var out []Cluster
	for _, c := range i.Fleet.Clusters {
		if r, ok := byName[c.Name]; ok {
			out = append(out, r)
		} else if slices.Contains(i.Clusters, c.Name) {
			out = append(out, i.unregistered(c))
		}
	}
	return out, nil
}

func (i instance) unregistered(c model.Cluster) Cluster {
	out := Cluster{Name: c.Name, Server: c.Server, Labels: map[string]string{"gitopsgen.dev/cluster": c.Name}}
	if c.Name == i.Cluster {
		out.Server = v1alpha1.KubernetesInternalAPIServerAddr
	}
	for k, v := range c.Labels {
		out.Labels[k] = v
	}
	for _, e := range i.Environments {
		if slices.Contains(e.Clusters, c.Name) {
			out.Labels["gitopsgen.dev/environment-"+e.Name] = "true"
		}
	}
	return out
}

// library returns the library's own view of the fleet.
func (f fleet) library() *argocd.Model {
	return argocd.New(f.Fleet, resolve.New(f.Fleet, features.Default()))
}

// fromObject reads an object of the library into one of Argo CD's types. Fields
// that the type does not have are errors.
func fromObject[T any](o object.Object) (*T, error) {
	out := new(T)
	if err := yaml.UnmarshalStrict(o.YAML(), out); err != nil {
		return nil, fmt.Errorf("%s: %w", o.ID(), err)
	}
	return out, nil
}
