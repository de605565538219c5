package expand

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// selector returns what tells whether the entry's selector takes a set of
// parameters. Unlike that of labels, its values are any text.
func (g generatorAt) selector() (func(map[string]any) bool, error) {
	var s *metav1.LabelSelector
	if err := decode(g.raw["selector"], &s); err != nil {
		return nil, err
	}
	if s == nil {
		return func(map[string]any) bool { return true }, nil
	}
	all := slices.Clone(s.MatchExpressions)
	for key, value := range s.MatchLabels {
		all = append(all, metav1.LabelSelectorRequirement{Key: key, Operator: metav1.LabelSelectorOpIn, Values: []string{value}})
	}
	for _, r := range all {
		if err := checkRequirement(r); err != nil {
			return nil, err
		}
	}
	return func(params map[string]any) bool {
		flat := map[string]string{}
		flatten(flat, "", params)
		return !slices.ContainsFunc(all, func(r metav1.LabelSelectorRequirement) bool { return !meets(r, flat) })
	}, nil
}

func checkRequirement(r metav1.LabelSelectorRequirement) error {
	if problems := validation.IsQualifiedName(r.Key); len(problems) > 0 {
		return fmt.Errorf("the key %q is not a valid label key: %s", r.Key, strings.Join(problems, "; "))
	}
	switch r.Operator {
	case metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn:
		if len(r.Values) == 0 {
			return fmt.Errorf("the key %s with %s has no values: add some", r.Key, r.Operator)
		}
	case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
		if len(r.Values) > 0 {
			return fmt.Errorf("the key %s with %s has values: remove them", r.Key, r.Operator)
		}
	default:
		return fmt.Errorf("the key %s has the operator %q: use In, NotIn, Exists or DoesNotExist", r.Key, r.Operator)
	}
	return nil
}

func meets(r metav1.LabelSelectorRequirement, flat map[string]string) bool {
	value, ok := flat[r.Key]
	switch r.Operator {
	case metav1.LabelSelectorOpIn:
		return ok && slices.Contains(r.Values, value)
	case metav1.LabelSelectorOpNotIn:
		return !ok || !slices.Contains(r.Values, value)
	case metav1.LabelSelectorOpExists:
		return ok
	default:
		return !ok
	}
}

// flatten adds to flat what a selector sees of the parameters: a.b.c, and a.0
// of lists out of JSON. The lists that generators make by themselves are one
// text, in Go's notation.
func flatten(flat map[string]string, prefix string, v any) {
	below := func(key string, v any) {
		if prefix != "" {
			key = prefix + "." + key
		}
		flatten(flat, key, v)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			below(k, e)
		}
	case map[string]string:
		for k, e := range v {
			below(k, e)
		}
	case []any:
		for i, e := range v {
			below(strconv.Itoa(i), e)
		}
	default:
		flat[prefix] = fmt.Sprintf("%v", v)
	}
}
