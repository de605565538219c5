package part

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Container is a container of a spec, and where it stands.
type Container struct {
	// Name is its name.
	Name string
	// Path is where it is in the fleet.
	Path fieldpath.Path
	// Spec is shared with the spec.
	Spec *model.ContainerSpec
}

// Containers returns all containers of a spec at a path, the main one first.
func Containers(at fieldpath.Path, s *model.AppSpec) []Container {
	out := []Container{{s.ContainerName, at, &s.ContainerSpec}}
	for _, list := range []struct {
		field string
		of    []model.Container
	}{{"initContainers", s.InitContainers}, {"sidecars", s.Sidecars}, {"containers", s.Containers}} {
		for i := range list.of {
			x := &list.of[i]
			out = append(out, Container{x.Name, at.Field(list.field).Key(x.Name), &x.ContainerSpec})
		}
	}
	return out
}
