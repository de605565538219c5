package kustomize

import (
	"regexp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// imageUse is a container's image in the parent and in the target.
type imageUse struct {
	from, to imageref.Reference
	set      func(string)
}

// images returns the entries of images, and takes what they bring about out of
// the pairs. An image name gets an entry where one entry maps every use of it,
// and touches nothing else.
func images(pairs []*pair, added []object.Object) []any {
	if !slices.ContainsFunc(pairs, changesImage) {
		return nil
	}
	for _, p := range pairs {
		if !imageable(p.to) {
			return nil
		}
	}
	for _, o := range added {
		if !imageable(o.Map()) {
			return nil
		}
	}
	uses := map[string][]imageUse{}
	var others []string // images without a counterpart in the parent
	for _, p := range pairs {
		allImages(p.from.Map(), p.edit(), func(from, to string, set func(string)) {
			f, errF := imageref.Parse(from)
			t, errT := imageref.Parse(to)
			if errF != nil || errT != nil {
				others = append(others, to)
				return
			}
			uses[f.Name] = append(uses[f.Name], imageUse{f, t, set})
		})
	}
	for _, o := range added {
		allImages(nil, o.Map(), func(_, to string, _ func(string)) { others = append(others, to) })
	}
	var out []any
	for _, name := range sortedKeys(uses) {
		if entry := imageEntry(name, uses, others); entry != nil {
			out = append(out, entry)
			for _, u := range uses[name] {
				u.set(u.from.String())
			}
		}
	}
	return out
}

// changesImage reports whether some image of a pair's object is another.
func changesImage(p *pair) bool {
	changes := false
	if !p.same {
		allImages(p.from.Map(), p.to, func(from, to string, _ func(string)) { changes = changes || from != to })
	}
	return changes
}

// imageEntry returns the entry for an image name, or nil where there is nothing
// to change or no entry is exact.
func imageEntry(name string, uses map[string][]imageUse, others []string) map[string]any {
	first := uses[name][0]
	changed := false
	for _, u := range uses[name] {
		if u.to != first.to {
			return nil
		}
		changed = changed || u.from != u.to
	}
	to := first.to
	if !changed || to.Tag == "" && to.Digest == "" || !ownPattern(name, uses, others) {
		return nil
	}
	if _, chained := uses[to.Name]; chained && to.Name != name {
		return nil
	}
	entry := map[string]any{"name": name}
	if to.Name != name {
		entry["newName"] = to.Name
	}
	if to.Tag != "" {
		entry["newTag"] = to.Tag
	}
	if to.Digest != "" {
		entry["digest"] = to.Digest
	}
	return entry
}

// ownPattern reports whether name, which kustomize reads as a regular
// expression, matches its own image and no other.
func ownPattern(name string, uses map[string][]imageUse, others []string) bool {
	pattern, err := regexp.Compile("^" + name + "([:@].*)?$")
	if err != nil || !pattern.MatchString(name) {
		return false
	}
	for _, image := range others {
		if pattern.MatchString(image) {
			return false
		}
	}
	for other, list := range uses {
		for _, u := range list {
			if other != name && (pattern.MatchString(other) || pattern.MatchString(u.to.Name)) {
				return false
			}
		}
	}
	return true
}

// allImages calls f, in no order, for every image of an object that kustomize's
// images reach, with that of its counterpart in from, or "".
func allImages(from, to map[string]any, f func(from, to string, set func(string))) {
	eachImage(from, to, f)
	for _, path := range podSpecs {
		volumes, _ := below(to, path)["volumes"].([]any)
		olds, _ := below(from, path)["volumes"].([]any)
		for _, v := range volumes {
			volume, _ := v.(map[string]any)
			image, _ := volume["image"].(map[string]any)
			reference, ok := image["reference"].(string)
			if !ok {
				continue
			}
			old := ""
			for _, o := range olds {
				if m, ok := o.(map[string]any); ok && object.Equal(m["name"], volume["name"]) {
					of, _ := m["image"].(map[string]any)
					old, _ = of["reference"].(string)
				}
			}
			f(old, reference, func(s string) { image["reference"] = s })
		}
	}
}

// podSpecs are the places where kustomize's images look for volumes, whatever the
// kind.
var podSpecs = kind.KustomizePods()

// imagePaths are the places where they look for images.
var imagePaths = func() [][]string {
	var out [][]string
	for _, pod := range podSpecs {
		for _, path := range [][]string{{"containers", "image"}, {"initContainers", "image"}, {"volumes", "image", "reference"}} {
			out = append(out, slices.Concat(pod, path))
		}
	}
	return out
}()

func below(v map[string]any, path []string) map[string]any {
	for _, key := range path {
		v, _ = v[key].(map[string]any)
	}
	return v
}

// imageable reports whether kustomize's images can look through an object: they
// fail where something else stands in the place of a container or an image.
func imageable(o map[string]any) bool {
	for _, path := range imagePaths {
		if !passable(o, path) {
			return false
		}
	}
	return containersAnywhere(o)
}

// passable reports whether a path below v, through all entries of lists, leads
// to scalars or nowhere.
func passable(v any, path []string) bool {
	switch v := v.(type) {
	case map[string]any:
		if len(path) == 0 {
			return false
		}
		e, ok := v[path[0]]
		return !ok || passable(e, path[1:])
	case []any:
		return len(path) > 0 && !slices.ContainsFunc(v, func(e any) bool { return !passable(e, path) })
	}
	return len(path) == 0
}

// containersAnywhere reports whether every list of containers, however deep, is one.
func containersAnywhere(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if list, ok := e.([]any); ok && (key == "containers" || key == "initContainers") && !passable(list, []string{"image"}) {
				return false
			}
			if !containersAnywhere(e) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !containersAnywhere(e) })
	}
	return true
}

// eachImage calls f, in no order, for every image in a list of containers below
// to, with the image of the container of the same name in from, or "".
func eachImage(from, to any, f func(from, to string, set func(string))) {
	switch to := to.(type) {
	case map[string]any:
		old, _ := from.(map[string]any)
		for key, v := range to {
			list, isList := v.([]any)
			if _, isMap := v.(map[string]any); !isMap && !isList {
				continue
			}
			if key == "containers" || key == "initContainers" {
				olds, _ := old[key].([]any)
				containerImages(olds, list, f)
			}
			eachImage(old[key], v, f)
		}
	case []any:
		old, _ := from.([]any)
		for i, e := range to {
			var o any
			if i < len(old) {
				o = old[i]
			}
			eachImage(o, e, f)
		}
	}
}

func containerImages(from, to []any, f func(from, to string, set func(string))) {
	for _, e := range to {
		c, _ := e.(map[string]any)
		image, ok := c["image"].(string)
		if !ok {
			continue
		}
		old := ""
		for _, b := range from {
			if m, ok := b.(map[string]any); ok && object.Equal(m["name"], c["name"]) {
				old, _ = m["image"].(string)
			}
		}
		f(old, image, func(s string) { c["image"] = s })
	}
}
