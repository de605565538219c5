package crds

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// judge knows the kinds of one release.
type judge struct {
	release release
	kinds   map[runtimeschema.GroupVersionKind]*kind
}

// kind is one version of a custom resource.
type kind struct {
	namespaced bool
	properties *apiextensionsv1.JSONSchemaProps
	structural *schema.Structural
	schema     validation.SchemaValidator
	rules      func() *cel.Validator // compiles at its first call; nil where there are none
}

// newJudge returns a judge by the definitions of a release.
func newJudge(ctx context.Context, r release) (*judge, error) {
	definitions, err := r.definitions(ctx)
	if err != nil {
		return nil, err
	}
	j := &judge{release: r, kinds: map[runtimeschema.GroupVersionKind]*kind{}}
	for _, d := range definitions {
		for _, v := range d.Spec.Versions {
			if !v.Served {
				continue
			}
			k, err := newKind(v.Schema.OpenAPIV3Schema)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", d.Name, v.Name, err)
			}
			k.namespaced = d.Spec.Scope == apiextensionsv1.NamespaceScoped
			j.kinds[runtimeschema.GroupVersionKind{Group: d.Spec.Group, Version: v.Name, Kind: d.Spec.Names.Kind}] = k
		}
	}
	return j, nil
}

func newKind(properties *apiextensionsv1.JSONSchemaProps) (*kind, error) {
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(properties, &internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return nil, err
	}
	return &kind{properties: properties, structural: structural, schema: validator, rules: sync.OnceValue(func() *cel.Validator {
		return cel.NewValidator(structural, true, celconfig.PerCallLimit)
	})}, nil
}

// findings returns what is wrong with an object, sorted.
func (j *judge) findings(ctx context.Context, o *unstructured.Unstructured) []string {
	k, ok := j.kinds[o.GroupVersionKind()]
	if !ok {
		return []string{fmt.Sprintf("%s %s is not served", o.GetAPIVersion(), o.GetKind())}
	}
	var out []string
	switch namespaced := o.GetNamespace() != ""; {
	case k.namespaced && !namespaced:
		out = append(out, "metadata.namespace: missing")
	case !k.namespaced && namespaced:
		out = append(out, "metadata.namespace: the kind is of the cluster")
	}
	out = append(out, k.unknown(o.Object)...)
	stored := runtime.DeepCopyJSON(o.Object)
	defaulting.PruneNonNullableNullsWithoutDefaults(stored, k.structural)
	defaulting.Default(stored, k.structural)
	for _, err := range k.invalid(ctx, stored) {
		out = append(out, err.Error())
	}
	out = append(out, changedItems(o.Object, stored)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// unknown returns the paths of the fields that the schema does not have, also
// of those in metadata.
func (k *kind) unknown(object map[string]any) []string {
	copied := runtime.DeepCopyJSON(object)
	paths := pruning.PruneWithOptions(copied, k.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	err, more := objectmeta.CoerceWithOptions(nil, copied, k.structural, true, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	var out []string
	for _, p := range append(paths, more...) {
		out = append(out, strings.TrimPrefix(p, ".")+": unknown field")
	}
	if err != nil {
		out = append(out, err.Error())
	}
	return out
}

// invalid applies the schema, the types of lists, the rules of metadata and the
// CEL rules. The latter presume types and are left out where those are wrong.
func (k *kind) invalid(ctx context.Context, object map[string]any) field.ErrorList {
	errs := validation.ValidateCustomResource(nil, object, k.schema)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, k.structural, object)...)
	errs = append(errs, objectmeta.Validate(ctx, nil, object, k.structural, true)...)
	if len(errs) > 0 {
		return errs
	}
	errs, _ = k.rules().Validate(ctx, nil, k.structural, object, nil, celconfig.RuntimeCELCostBudget)
	return errs
}
