package reads

import (
	"fmt"
	"strconv"
	"strings"
	"text/template/parse"
)

// call is a call of a function in a template.
type call struct {
	*frame
	site parse.Node
	name string
	args []abstract
}

// function returns what a function comes out as. What is not known below wants texts
// and numbers, and returns one.
func (f *frame) function(site parse.Node, name string, args []abstract) abstract {
	known := f.machine.functions[name]
	if known == nil {
		known = f.machine.functions[lowerFirst(strings.TrimPrefix(name, "must"))]
	}
	if known == nil {
		return reader(call{f, site, name, args})
	}
	return known(call{f, site, name, args})
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// functions returns those that hand values on, or read only some of them; must functions
// go by the names without it.
func functions() map[string]func(c call) abstract {
	return map[string]func(c call) abstract{
		"include": include, "tpl": tpl,
		"index": index, "get": index, "dig": dig, "pluck": pluck, "hasKey": hasKey, "pick": pick,
		"dict": dict, "set": set, "merge": merge, "mergeOverwrite": merge,
		"list": list, "tuple": list, "append": add, "push": add, "prepend": add, "values": valuesOf,
		"first": entry, "last": entry, "keys": names, "concat": all, "chunk": chunk,
		"print": printed, "printf": formatted, "splitList": split, "split": split, "splitn": split,
		"lower": lower, "toString": same, "deepCopy": same, "omit": firstArg, "unset": firstArg, "slice": firstArg,
		"rest": same, "initial": same, "reverse": same, "uniq": same, "compact": same, "sortAlpha": same, "without": firstOrLast,
		"default": all, "coalesce": all, "and": all, "or": all, "ternary": ternary, "required": lastArg,
		"toYaml": toYAML, "toYamlPretty": toYAML, "toJson": toYAML, "toPrettyJson": toYAML, "toRawJson": toYAML,
		"fromYaml": fromYAML, "fromJson": fromYAML, "fromYamlArray": fromYAML, "fromJsonArray": fromYAML,
		"toToml": taker, "join": taker, "has": taker, "urlJoin": taker, "deepEqual": taker, "println": taker,
		"not": seen, "empty": seen, "len": seen, "kindIs": seen, "kindOf": seen, "typeOf": seen, "typeIs": seen, "typeIsLike": seen,
	}
}

func (c call) arg(i int) abstract {
	if i < 0 || i >= len(c.args) {
		return abstract{}
	}
	return c.args[i]
}

// make returns the map or list that this call makes.
func (c call) make() *place {
	m := c.machine
	key := fmt.Sprintf("%s\x03%p", c.id, c.site)
	if m.made[key] == nil {
		m.made[key] = m.place(0)
	}
	return m.made[key]
}

// taker reads everything below its arguments.
func taker(c call) abstract {
	for _, a := range c.args {
		c.machine.take(a)
	}
	return text(unknownText)
}

// reader reads its arguments, and what is below them where they are YAML.
func reader(c call) abstract {
	for _, a := range c.args {
		c.machine.consume(a)
	}
	return text(unknownText)
}

// seen only asks whether its arguments are there, or of which type they are.
func seen(call) abstract { return text(unknownText) }

func same(c call) abstract { return unionOf(c.args...) }

func all(c call) abstract { return unionOf(c.args...) }

func firstArg(c call) abstract {
	for _, a := range c.args[min(1, len(c.args)):] {
		c.machine.consume(a)
	}
	return c.arg(0)
}

func lastArg(c call) abstract { return c.arg(len(c.args) - 1) }

func firstOrLast(c call) abstract {
	reader(c)
	return unionOf(c.args...)
}

func ternary(c call) abstract { return union(c.arg(0), c.arg(1)) }

func include(c call) abstract {
	for _, name := range c.arg(0).texts {
		c.machine.call(name, c.arg(1))
	}
	if len(c.arg(0).items) > 0 {
		c.machine.call(unknownText, c.arg(1))
	}
	return text(unknownText)
}

// tpl notes what texts are executed with; those of values and files are executed with
// all that tpl is ever given.
func tpl(c call) abstract {
	m := c.machine
	m.grow(&m.contexts, abstract{items: c.arg(1).items})
	for _, t := range c.arg(0).texts {
		if t != unknownText {
			m.text(t, c.arg(1))
		}
	}
	return abstract{yaml: c.arg(0).yaml, texts: []string{unknownText}}
}

func toYAML(c call) abstract {
	return abstract{yaml: c.arg(0).items, texts: []string{unknownText}}
}

func fromYAML(c call) abstract {
	return abstract{items: c.arg(0).yaml, texts: []string{unknownText}}
}

func index(c call) abstract {
	v := c.arg(0)
	for _, k := range c.args[min(1, len(c.args)):] {
		v = c.names(v, k)
	}
	return v
}

// names reads below v by any name that k may be.
func (c call) names(v, k abstract) (out abstract) {
	c.machine.consume(k)
	names := k.texts
	if len(k.items) > 0 || len(names) == 0 {
		names = append([]string{unknownText}, names...)
	}
	for _, name := range names {
		out = union(out, c.machine.read(v, name))
	}
	return out
}

func dig(c call) abstract {
	if len(c.args) < 3 {
		return reader(c)
	}
	v := lastArg(c)
	for _, k := range c.args[:len(c.args)-2] {
		v = c.names(v, k)
	}
	return union(v, c.args[len(c.args)-2])
}

func pluck(c call) abstract {
	p := c.make()
	for _, from := range c.args[min(1, len(c.args)):] {
		c.machine.grow(&p.elems, c.names(from, c.arg(0)))
	}
	return item(p)
}

func hasKey(c call) abstract {
	c.names(c.arg(0), c.arg(1))
	return text(unknownText)
}

func pick(c call) abstract {
	p := c.make()
	for _, k := range c.args[min(1, len(c.args)):] {
		if len(k.items) > 0 || len(k.texts) == 0 {
			k = text(unknownText)
		}
		for _, name := range k.texts {
			c.machine.write(p, name, c.machine.read(c.arg(0), name))
		}
	}
	return item(p)
}

func dict(c call) abstract {
	p := c.make()
	for i := 0; i+1 < len(c.args); i += 2 {
		c.set(p, c.args[i], c.args[i+1])
	}
	return item(p)
}

func set(c call) abstract {
	for _, p := range c.arg(0).items {
		c.set(p, c.arg(1), c.arg(2))
	}
	return c.arg(0)
}

func (c call) set(p *place, k, v abstract) {
	if len(k.items) > 0 || len(k.texts) == 0 {
		k = text(unknownText)
	}
	for _, name := range k.texts {
		c.machine.write(p, name, v)
	}
}

// merge writes into its first argument.
func merge(c call) abstract {
	if len(c.args) == 0 {
		return abstract{}
	}
	from := unionOf(c.args[1:]...)
	for _, p := range c.args[0].items {
		c.machine.grow(&p.also, abstract{items: from.items})
	}
	return unionOf(c.args...)
}

func list(c call) abstract {
	p := c.make()
	for i, a := range c.args {
		c.machine.write(p, strconv.Itoa(i), a)
	}
	return item(p)
}

// valuesOf makes a list of the entries of maps.
func valuesOf(c call) abstract {
	p := c.make()
	c.machine.grow(&p.elems, c.machine.readEach(unionOf(c.args...)))
	return item(p)
}

func add(c call) abstract {
	p := c.make()
	c.machine.grow(&p.elems, c.arg(1))
	c.machine.grow(&p.also, abstract{items: c.arg(0).items})
	return item(p)
}

func chunk(c call) abstract {
	p := c.make()
	c.machine.grow(&p.elems, lastArg(c))
	return item(p)
}

func entry(c call) abstract { return c.machine.readEach(c.arg(0)) }

// names of a map are read, and what is below them is not.
func names(c call) abstract {
	p := c.make()
	for _, a := range c.args {
		c.machine.readEach(a)
		c.machine.grow(&p.elems, c.machine.names(a))
	}
	return item(p)
}

func printed(c call) abstract {
	reader(c)
	out := []string{""}
	for _, a := range c.args {
		out = product(out, []string{""}, a)
	}
	return text(out...)
}

// formatted puts what is known into a format.
func formatted(c call) abstract {
	reader(c)
	if len(c.arg(0).texts) != 1 || len(c.arg(0).items) > 0 {
		return text(unknownText)
	}
	format, out, next := c.arg(0).texts[0], []string{""}, 1
	for {
		before, after, found := strings.Cut(format, "%")
		if !found {
			return text(product(out, []string{format}, text(""))...)
		}
		verb := strings.IndexFunc(after, func(r rune) bool { return r == '%' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
		if verb < 0 {
			return text(unknownText)
		}
		v := text(unknownText)
		switch {
		case after[verb] == '%':
			v, next = text("%"), next-1
		case after[:verb+1] == "s" || after[:verb+1] == "v":
			v = c.arg(next)
		}
		out = product(out, []string{before}, v)
		format, next = after[verb+1:], next+1
	}
}

// product appends each text of v, behind middle, to each of out.
func product(out, middle []string, v abstract) []string {
	texts := v.texts
	if len(v.items)+len(v.yaml) > 0 || len(texts) == 0 || len(texts)*len(out) > maxTexts {
		texts = []string{unknownText}
	}
	var next []string
	for _, o := range out {
		for _, t := range texts {
			next = append(next, o+middle[0]+t)
		}
	}
	return next
}

func split(c call) abstract {
	reader(c)
	p := c.make()
	parts := text()
	for _, t := range lastArg(c).texts {
		if len(c.arg(0).texts) == 1 && c.arg(0).texts[0] != "" {
			parts = union(parts, text(strings.Split(t, c.arg(0).texts[0])...))
		}
	}
	if len(parts.texts) == 0 || len(lastArg(c).items) > 0 {
		parts = text(unknownText)
	}
	c.machine.grow(&p.elems, parts)
	return item(p)
}

func lower(c call) abstract {
	reader(c)
	var out abstract
	for _, t := range c.arg(0).texts {
		out = union(out, text(strings.ToLower(t)))
	}
	if len(c.arg(0).items) > 0 || len(out.texts) == 0 {
		out = union(out, text(unknownText))
	}
	return out
}
