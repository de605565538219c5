package kustomize_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// decoder makes objects, and changes of them, from bytes: one byte, one decision.
type decoder struct{ data []byte }

func (d *decoder) next() int {
	if len(d.data) == 0 {
		return 0
	}
	n := d.data[0]
	d.data = d.data[1:]
	return int(n)
}

func (d *decoder) below(n int) int { return d.next() % n }

func pickFrom[T any](d *decoder, of []T) T { return of[d.below(len(of))] }

var (
	// fuzzTexts are texts that some reader or writer of YAML may take for something else.
	fuzzTexts = []string{"a", "b", "", "1", "1e3", "0x1f", "1_000", "012", "1:30", "yes", "true", "null", "~", "=", "<<", "a: b", "- a", "#", "x #y", " lead", "trail ",
		"a\nb\n", "a\n", "\n", "\ta", `"q"`, `'`, "{}", "[]", "$(A)", "$patch", "delete", "ä", "%", "@a", "!t", "&a", "*a", "2020-01-01", "1.5", ".5", "-", "---", "web:1", "x/y:2"}
	// fuzzKeys are keys of free maps; JSON pointers and strategic merges know some of them.
	fuzzKeys = []string{"a", "b", "c", "name", "a/b", "a~b", "~1", "x.io/y", "1", "true", "null", "y", "", "-", "a b", "ä", "image", "replicas", "key", "value",
		"containers", "ports", "env", "volumes", "finalizers", "port", "protocol", "targetPort", "containerPort", "labels", "metadata", "spec", "template", "conditions", "type"}
	fuzzImages = []string{"web:1", "web:2", "web", "web@sha256:" + strings.Repeat("ab", 32), "web:1@sha256:" + strings.Repeat("cd", 32), "a.b/web:1", "a-b/web:1", "aXb/web:2", "webx:1", "host:5000/web:1", "[::1]/w:1"}
	// fuzzNumbers are small enough for kustomize's JSON patches, which read numbers as floats.
	fuzzNumbers = []any{int64(0), int64(1), int64(-1), int64(8080), int64(1<<53 - 99), object.Number("1.5")}
)

// value makes any JSON value but null.
func (d *decoder) value(depth int) any {
	kind := d.below(8)
	if depth == 0 {
		kind %= 4
	}
	switch kind {
	case 0, 1:
		return pickFrom(d, fuzzTexts)
	case 2:
		return pickFrom(d, fuzzNumbers)
	case 3:
		return d.next()%2 == 0
	case 4:
		return d.entries(func() any { return d.value(0) }) // a list of scalars
	case 5:
		return d.entries(func() any { return d.value(depth - 1) })
	default:
		m := map[string]any{}
		for range d.below(4) {
			m[pickFrom(d, fuzzKeys)] = d.value(depth - 1)
		}
		return m
	}
}

func (d *decoder) entries(entry func() any) []any {
	list := make([]any, d.below(4))
	for i := range list {
		list[i] = entry()
	}
	return list
}

func (d *decoder) texts(keys ...string) map[string]any {
	m := map[string]any{}
	for range 1 + d.below(3) {
		m[pickFrom(d, keys)] = pickFrom(d, fuzzTexts)
	}
	return m
}

// field sets a field in half of the cases.
func (d *decoder) field(m map[string]any, key string, value func() any) {
	if d.next()%2 == 0 {
		return
	}
	if v := value(); v != nil {
		m[key] = v
	}
}

// list makes a list of one to four entries.
func (d *decoder) list(entry func() any) func() any {
	return func() any {
		list := make([]any, 1+d.below(4))
		for i := range list {
			list[i] = entry()
		}
		return list
	}
}

// keyed makes a list of entries that no two have the same value of a key.
func (d *decoder) keyed(key string, of []string, entry func() map[string]any) func() any {
	return func() any {
		var list []any
		for _, id := range of {
			if d.next()%2 == 0 {
				e := entry()
				e[key] = id
				list = append(list, e)
			}
		}
		if d.next()%4 == 0 {
			slices.Reverse(list)
		}
		if list == nil {
			return nil
		}
		return list
	}
}

func (d *decoder) container() map[string]any {
	c := map[string]any{"image": pickFrom(d, fuzzImages)}
	d.field(c, "env", d.keyed("name", []string{"A", "B", "C"}, func() map[string]any { return map[string]any{"value": pickFrom(d, fuzzTexts)} }))
	if d.next()%16 == 0 { // a name may come twice: the last one counts
		c["env"] = []any{map[string]any{"name": "A", "value": "1"}, map[string]any{"name": "A", "value": pickFrom(d, fuzzTexts)}}
	}
	d.field(c, "ports", d.list(func() any {
		p := map[string]any{"containerPort": int64(80 + d.below(3))}
		d.field(p, "protocol", func() any { return pickFrom(d, []string{"TCP", "UDP"}) })
		d.field(p, "name", func() any { return pickFrom(d, []string{"http", "dns"}) })
		return p
	}))
	d.field(c, "volumeMounts", d.keyed("mountPath", []string{"/a", "/b", "/c"}, func() map[string]any { return map[string]any{"name": pickFrom(d, []string{"a", "b"})} }))
	d.field(c, "args", d.list(func() any { return pickFrom(d, fuzzTexts) }))
	d.field(c, "envFrom", d.list(func() any { return map[string]any{"configMapRef": map[string]any{"name": "conf"}} }))
	d.field(c, "resources", func() any { return map[string]any{"limits": map[string]any{"cpu": pickFrom(d, fuzzTexts)}} })
	d.field(c, "livenessProbe", func() any {
		return map[string]any{pickFrom(d, []string{"httpGet", "tcpSocket"}): map[string]any{"port": pickFrom(d, []any{int64(80), "http"})}}
	})
	return c
}

func (d *decoder) pod() map[string]any {
	spec := map[string]any{"containers": append([]any{map[string]any{"name": "main", "image": pickFrom(d, fuzzImages)}}, list(d.some("x", "y"), func(n string) any {
		c := d.container()
		c["name"] = n
		return c
	})...)}
	d.field(spec, "initContainers", d.keyed("name", []string{"i", "j"}, d.container))
	d.field(spec, "volumes", d.keyed("name", []string{"a", "b", "c"}, func() map[string]any {
		if d.next()%4 == 0 {
			return map[string]any{"image": map[string]any{"reference": pickFrom(d, fuzzImages)}}
		}
		return map[string]any{pickFrom(d, []string{"emptyDir", "secret"}): map[string]any{}}
	}))
	d.field(spec, "tolerations", d.list(func() any { return map[string]any{"key": pickFrom(d, fuzzTexts)} }))
	d.field(spec, "imagePullSecrets", d.keyed("name", []string{"p", "q"}, func() map[string]any { return map[string]any{} }))
	d.field(spec, "hostAliases", d.keyed("ip", []string{"1.1.1.1", "1.1.1.2"}, func() map[string]any { return map[string]any{"hostnames": []any{pickFrom(d, fuzzTexts)}} }))
	d.field(spec, "topologySpreadConstraints", d.list(func() any {
		return map[string]any{"topologyKey": pickFrom(d, []string{"zone", "host"}), "whenUnsatisfiable": pickFrom(d, []string{"DoNotSchedule", "ScheduleAnyway"}), "maxSkew": int64(d.below(3))}
	}))
	d.field(spec, "nodeSelector", func() any { return d.texts("zone", "x.io/y") })
	meta := map[string]any{"labels": map[string]any{"app": "web"}}
	d.field(meta, "annotations", func() any { return d.texts("a", "b/c", "d~e") })
	return map[string]any{"metadata": meta, "spec": spec}
}

func (d *decoder) some(of ...string) []string {
	return slices.DeleteFunc(of, func(string) bool { return d.next()%2 == 0 })
}

// fuzzKinds are the kinds of decoded objects.
var fuzzKinds = []string{"Deployment", "StatefulSet", "Service", "ConfigMap", "Generated", "Secret", "Thing", "Ingress", "ServiceAccount", "Role"}

// object makes an object of a kind. "Generated" is a ConfigMap of a generator,
// and Thing a custom resource.
func (d *decoder) object(kind string) map[string]any {
	meta := map[string]any{"name": "web"}
	d.field(meta, "labels", func() any { return d.texts("a", "app", "x.io/y") })
	d.field(meta, "annotations", func() any { return d.texts("a", "b/c", "d~e", "x.io/y") })
	o := map[string]any{"apiVersion": "v1", "kind": kind, "metadata": meta}
	spec := map[string]any{}
	switch kind {
	case "Deployment", "StatefulSet":
		o["apiVersion"], o["spec"], spec["template"] = "apps/v1", spec, d.pod()
		d.field(spec, "replicas", func() any { return int64(d.below(3)) })
		d.field(meta, "finalizers", d.list(func() any { return pickFrom(d, []string{"x.io/a", "x.io/b"}) }))
	case "Service":
		o["spec"] = spec
		d.field(spec, "ports", d.list(func() any {
			p := map[string]any{"port": int64(80 + d.below(3))}
			d.field(p, "protocol", func() any { return pickFrom(d, []string{"TCP", "UDP"}) })
			d.field(p, "targetPort", func() any { return pickFrom(d, []any{int64(80), "http"}) })
			return p
		}))
		d.field(spec, "selector", func() any { return d.texts("a", "x.io/y") })
	case "ConfigMap", "Generated", "Secret":
		if o["kind"] = strings.Replace(kind, "Generated", "ConfigMap", 1); kind == "Generated" {
			// What stands there goes through a generator, which writes {} as a map.
			meta = map[string]any{"name": "conf"}
			for _, field := range []string{"labels", "annotations"} {
				d.field(meta, field, func() any {
					return map[string]any{pickFrom(d, fuzzKeys[:3]): pickFrom(d, []string{"a", "true", "1", "1e3", "yes"})}
				})
			}
			o["metadata"] = meta
		}
		field := map[bool]string{true: "stringData", false: "data"}[kind == "Secret"]
		d.field(o, field, func() any { return d.texts("a", "b.conf", "C", "_", "1") })
		d.field(o, "immutable", func() any { return true })
	case "Ingress":
		o["apiVersion"], o["spec"] = "networking.k8s.io/v1", spec
		spec["rules"] = d.list(func() any { return map[string]any{"host": pickFrom(d, fuzzTexts)} })()
	case "ServiceAccount":
		d.field(o, "imagePullSecrets", d.keyed("name", []string{"p", "q"}, func() map[string]any { return map[string]any{} }))
		d.field(o, "secrets", d.keyed("name", []string{"p", "q"}, func() map[string]any { return map[string]any{} }))
	case "Role":
		o["apiVersion"] = "rbac.authorization.k8s.io/v1"
		o["rules"] = d.list(func() any { return map[string]any{"verbs": []any{pickFrom(d, fuzzTexts)}} })()
	default:
		o["apiVersion"], o["spec"] = "example.com/v1", d.value(4)
		d.field(o, "status", func() any { return d.value(1) })
	}
	return o
}

// changed returns a copy of a value with some of it taken away, changed, added
// or in another order. Only below free can anything become anything else.
func (d *decoder) changed(v any, free bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			switch d.below(12) {
			case 0:
				if !required[k] || free {
					continue
				}
				out[k] = v[k]
			case 1, 2, 3:
				out[k] = d.changed(v[k], free)
			default:
				out[k] = object.Copy(v[k])
			}
		}
		if free && d.next()%6 == 0 {
			out[pickFrom(d, fuzzKeys)] = d.value(2)
		}
		return out
	case []any:
		return d.changedList(v, free)
	case string:
		if free {
			return d.value(2)
		}
		return pickFrom(d, fuzzTexts)
	case int64:
		return v + int64(d.below(3))
	}
	if free {
		return d.value(1)
	}
	return v
}

// required are the fields that a change of an object of a known kind keeps.
var required = map[string]bool{"name": true, "image": true, "containers": true, "template": true, "spec": true, "metadata": true,
	"mountPath": true, "ip": true, "containerPort": true, "port": true, "topologyKey": true, "whenUnsatisfiable": true, "host": true}

// named are the values that name an entry of a list: they stay.
var named = []string{"name", "mountPath", "ip"}

func (d *decoder) changedList(v []any, free bool) any {
	var out []any
	for _, e := range v {
		switch d.below(8) {
		case 0:
			continue
		case 1, 2:
			c := d.changed(e, free)
			if m, ok := c.(map[string]any); ok && !free {
				for _, k := range named {
					if old, ok := e.(map[string]any)[k]; ok {
						m[k] = old
					}
				}
			}
			out = append(out, c)
		default:
			out = append(out, object.Copy(e))
		}
	}
	if free && d.next()%4 == 0 {
		out = slices.Insert(out, d.below(len(out)+1), d.value(2))
	}
	if d.next()%8 == 0 {
		slices.Reverse(out)
	}
	if len(out) == 0 && !free {
		return object.Copy(v)
	}
	return append([]any{}, out...)
}

// pair returns two lists of objects, none of which is empty: kustomize builds
// something, or fails.
func (d *decoder) pair() (from, to []map[string]any) {
	for _, list := range []*[]map[string]any{&from, &to} {
		*list = append(*list, map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "keeper"}})
	}
	for _, kind := range fuzzKinds {
		if d.next()%3 > 0 {
			continue
		}
		o := d.object(kind)
		switch d.below(8) {
		case 0:
			from = append(from, o)
		case 1:
			to = append(to, o)
		case 2:
			from, to = append(from, o), append(to, d.object(kind))
		default:
			c := d.changed(o, kind == "Thing").(map[string]any)
			for _, k := range []string{"apiVersion", "kind"} {
				c[k] = o[k]
			}
			meta, _ := c["metadata"].(map[string]any)
			if meta == nil {
				meta = map[string]any{}
			}
			c["metadata"], meta["name"] = meta, o["metadata"].(map[string]any)["name"]
			if kind == "Generated" {
				c["metadata"] = d.object(kind)["metadata"]
			}
			from, to = append(from, o), append(to, c)
		}
	}
	return from, to
}
