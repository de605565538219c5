package layout

import (
	"path"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// ObjectFiles returns a file name for each object, in the same order: KIND.yaml
// where the object bears the name of the unit or is the only one of its kind,
// else KIND-NAME.yaml, with the group and the namespace added only where two
// would collide.
func ObjectFiles(unit string, objects []object.Object) []string {
	kinds := map[string]int{}
	for _, o := range objects {
		kinds[o.Kind()]++
	}
	names := make([]string, len(objects))
	for i, o := range objects {
		kind := strings.ToLower(o.Kind())
		names[i] = kind + "-" + o.Name()
		if kinds[o.Kind()] == 1 || o.Name() == path.Base(unit) {
			names[i] = kind
		}
	}
	for _, longer := range []func(object.Object) string{longName, fullName} {
		count := map[string]int{}
		for _, n := range names {
			count[n]++
		}
		for i, n := range names {
			if count[n] > 1 {
				names[i] = longer(objects[i])
			}
		}
	}
	for i := range names {
		if names[i] = fileName(names[i]); strings.HasSuffix(names[i], patch) {
			names[i] = strings.TrimSuffix(names[i], patch) + escapedPatch
		}
		names[i] += ".yaml"
	}
	return names
}

// PatchFile returns the name of the file of a patch of an object, given the object's:
// deployment.patch.yaml for deployment.yaml. No object has a file of such a name.
func PatchFile(objectFile string) string {
	return strings.TrimSuffix(objectFile, ".yaml") + patch + ".yaml"
}

// patch ends the names of patches, and escapedPatch those of objects that end so.
const patch, escapedPatch = ".patch", "%2epatch"

// RenderedFiles returns a file name for each of the built objects of a directory whose
// objects are in the namespace home, in the same order: KIND-NAME.yaml, as in
// deployment-web.yaml, with _NAMESPACE behind the name in any other namespace. Only
// where two would be in one file, the group is behind the kind, as in
// service.serving.knative.dev-web.yaml; the core group has no name.
func RenderedFiles(home string, ids []object.ID) []string {
	name := func(id object.ID, group string, everywhere bool) string {
		out := id.Kind + group + "-" + id.Name
		if everywhere || id.Namespace != "" && id.Namespace != home {
			out += "_" + id.Namespace
		}
		return fileName(strings.ToLower(out)) + ".yaml"
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = name(id, "", false)
	}
	for _, everywhere := range []bool{false, true} {
		count := map[string]int{}
		for _, n := range names {
			count[n]++
		}
		for i, id := range ids {
			if count[names[i]] > 1 {
				names[i] = name(id, strings.TrimSuffix("."+id.Group, "."), everywhere)
			}
		}
	}
	return names
}

func longName(o object.Object) string {
	return strings.ToLower(o.Kind()) + "-" + o.Group() + "-" + o.Name()
}

func fullName(o object.Object) string {
	return strings.ToLower(o.Kind()) + "-" + o.Group() + "_" + o.Namespace() + "_" + o.Name()
}

// escapes are what RBAC names may hold and files may not.
var escapes = strings.NewReplacer(":", "%3a", "/", "%2f", "\\", "%5c")

func fileName(name string) string { return escapes.Replace(name) }
