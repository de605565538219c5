package objects

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks patches and whole objects.
type checker struct{ *feature.Report }

// checkLayer checks the patches and whole objects of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	c.patches(at.Field("patches"), s.Patches)
	c.objects(at.Field("objects"), s.Objects)
	if s.Source != nil {
		c.objects(at.Join(source.DirectoryObjects), s.Source.Objects)
	}
}

// patches checks the user's patches.
func (c checker) patches(at fieldpath.Path, list []model.Patch) {
	for i, p := range list {
		below := at.Index(i)
		c.ExactlyOne(below, "exactly one", map[string]bool{"merge": p.Merge != nil, "json": p.JSON != nil}, 1)
		c.plainSecret(below.Field("merge"), p.Merge)
		if p.JSON != nil && (p.Target == nil || p.Target.Kind == "") {
			c.Errorf("missing-value", below.Field("target"), "add target.kind", "the JSON patch has no target")
		}
		for j, op := range p.JSON {
			switch op.Op {
			case "add", "remove", "replace", "move", "copy", "test":
			default:
				c.Errorf("invalid-value", below.Field("json").Index(j).Field("op"), "use add, remove, replace, move, copy or test", "%q is not an operation of a JSON patch", op.Op)
			}
			if op.Path != "" && !strings.HasPrefix(op.Path, "/") {
				c.Errorf("invalid-value", below.Field("json").Index(j).Field("path"), "start it with a slash", "%q is not a valid JSON pointer", op.Path)
			}
		}
	}
}

// objects checks whole objects.
func (c checker) objects(at fieldpath.Path, list []model.RawObject) {
	for i, o := range list {
		below := at.Index(i)
		meta, _ := o["metadata"].(map[string]any)
		for field, v := range map[string]any{"apiVersion": o["apiVersion"], "kind": o["kind"], "metadata.name": meta["name"]} {
			if s, _ := v.(string); s == "" {
				c.Errorf("missing-value", below, "add "+field, "the object has no %s", field)
			}
		}
		c.texts(below.Field("metadata").Field("labels"), meta["labels"])
		c.texts(below.Field("metadata").Field("annotations"), meta["annotations"])
		c.plainSecret(below, o)
		c.hookKind(below, o)
		c.scope(below, o)
		if annotations, _ := meta["annotations"].(map[string]any); annotations != nil {
			options, _ := annotations[part.SyncOptions].(string)
			c.PruneConfirm(below.Field("metadata").Field("annotations").Key(part.SyncOptions), options)
		}
	}
}

// texts checks that a value of an object, where there is one, is a map of texts.
func (c checker) texts(at fieldpath.Path, v any) {
	m, ok := v.(map[string]any)
	if v != nil && !ok {
		c.Errorf("wrong-type", at, "write a mapping: key: value", "the value must be a mapping")
	}
	for _, key := range feature.SortedKeys(m) {
		if _, ok := m[key].(string); !ok {
			c.Errorf("wrong-type", at.Field(key), "put it in quotes", "the value must be a string")
		}
	}
}

// hookKind refuses hooks that only hold values: Argo CD deletes and creates them
// at each sync, while pods read them.
func (c checker) hookKind(at fieldpath.Path, o map[string]any) {
	meta, _ := o["metadata"].(map[string]any)
	annotations, _ := meta["annotations"].(map[string]any)
	kind, _ := o["kind"].(string)
	if annotations[part.HookPhase] != nil && slices.Contains([]string{"Secret", "ConfigMap", "ExternalSecret"}, kind) {
		c.Errorf("hook-kind", at, "remove the annotation, and order it with argocd.argoproj.io/sync-wave", "the %s is a hook, which each sync deletes and creates again", kind)
	}
}

// plainSecret refuses a Secret with its values, also in a list of objects.
func (c checker) plainSecret(at fieldpath.Path, o map[string]any) {
	if view.HoldsValues(o) {
		c.Errorf("secret-value", at, "keep the value in a secret store and refer to it", "the values of the Secret would be readable by everybody who can read the repository")
	}
	items, _ := o["items"].([]any)
	for i, x := range items {
		if item, ok := x.(map[string]any); ok {
			c.plainSecret(at.Field("items").Index(i), item)
		}
	}
}

// scope checks that an object is where its kind can be.
func (c checker) scope(at fieldpath.Path, o model.RawObject) {
	name := view.KindOf(o)
	meta, _ := o["metadata"].(map[string]any)
	namespace, _ := meta["namespace"].(string)
	switch scope := c.Kinds.Scope(name); {
	case name.Kind == "":
	case scope == kind.Cluster && namespace != "":
		c.Errorf("cluster-scoped-namespace", at, "remove metadata.namespace", "objects of the kind %s are cluster-scoped", name)
	case scope == kind.Unknown && namespace == "":
		c.Warnf("unknown-scope", at, "add {group: "+name.Group+", kind: "+name.Kind+", scope: Cluster} or scope: Namespaced to kinds of the Fleet",
			"the scope of the kind %s is unknown; its objects are treated as namespaced", name)
	}
}
