package load

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// scalar reads text, a bool or a whole number.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
	value, err := object.Value(n)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.errorf("wrong-type", n, at, "write "+wanted(v.Kind()), "expected %s, found %s", wanted(v.Kind()), describe(n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		if s, ok := value.(string); ok {
			v.SetString(s)
			return
		}
		d.errorf("wrong-type", n, at, "put it in quotes: "+strconv.Quote(n.Value), "expected a string, but YAML reads this as %s", describe(n))
		return
	case reflect.Bool:
		if b, ok := value.(bool); ok {
			v.SetBool(b)
			return
		}
	default:
		if !v.CanInt() {
			break
		}
		if i, ok := value.(int64); ok && !v.OverflowInt(i) {
			v.SetInt(i)
			return
		}
		if n.ShortTag() == "!!int" {
			most := int64(math.MaxInt64) >> (64 - v.Type().Bits())
			d.errorf("wrong-type", n, at, "write an integer from "+strconv.FormatInt(-most-1, 10)+" to "+strconv.FormatInt(most, 10), "the number is out of range")
			return
		}
	}
	d.errorf("wrong-type", n, at, "write "+wanted(v.Kind()), "expected %s, found %s", wanted(v.Kind()), describe(n))
}

func wanted(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	}
	return "an integer"
}

// describe names what a node is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!int":
		return "a number"
	case "!!float":
		return "a decimal number"
	case "!!bool":
		return "a boolean"
	case "!!null":
		return "null"
	}
	if v, err := object.Value(n); err == nil {
		if _, ok := v.(bool); ok {
			return "a boolean"
		}
	}
	return "a string"
}

// self hands a value to a type that decodes JSON itself, such as a quantity.
func (d *decoder) self(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
	value, err := object.Value(n)
	var data []byte
	if num, ok := value.(object.Number); ok {
		data = []byte(num)
	} else if err == nil {
		data, err = json.Marshal(value)
	}
	if err == nil {
		err = json.Unmarshal(data, v.Addr().Interface())
	}
	if err == nil {
		return
	}
	what, fix := strings.ToLower(v.Type().Name()), "write it as Kubernetes does"
	switch v.Interface().(type) {
	case resource.Quantity:
		fix = "write a quantity such as 100m, 0.5 or 128Mi"
	case intstr.IntOrString:
		what, fix = "integer or string", "write an integer, or a string such as 25% or the name of a port"
	}
	v.SetZero()
	d.errorf("invalid-value", n, at, fix, "this is not a valid %s", what)
}
