package expand

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode"
)

// Templates come from anyone. What bounds them are three things that are added
// to each template once it is parsed: a call of tick in front of each round of a
// loop and of each template that is called, a call of show behind what is
// printed, and a wrapper around each function, which weigh what passes. So the
// bounds need no clock, and the same template always ends at the same place.
const (
	maxText   = 1 << 20 // bytes that one template, or one value in it, comes to
	maxWork   = 1 << 32 // of a whole expansion, in about nanoseconds
	tickWork  = 2048
	parseWork = 1 << 16
	byteWork  = 16 // of a byte that is written
	maxDepth  = 100
	tickName  = "_tick"
	showName  = "_show"
)

// engine executes templates.
type engine struct {
	base, strict *template.Template
	parsed       map[templateKey]parsedTemplate
	work         int64 // that is left
}

type templateKey struct {
	text   string
	strict bool
}

type parsedTemplate struct {
	t   *template.Template
	err error
}

func newEngine(funcs template.FuncMap, options []string) (*engine, error) {
	e := &engine{parsed: map[templateKey]parsedTemplate{}, work: maxWork}
	all := template.FuncMap{
		tickName: func() (string, error) { return "", e.spend(tickWork) },
		showName: func(v reflect.Value) (reflect.Value, error) { return v, e.weigh(v) },
	}
	given := template.FuncMap{
		"print": fmt.Sprint, "println": fmt.Sprintln, "printf": e.printf,
		"html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	}
	maps.Copy(given, funcs)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		f, err := e.wrap(given[name])
		if err == nil && !isName(name) {
			err = errors.New("this is no name of a function")
		}
		if err != nil {
			return nil, fmt.Errorf("the template function %q: %w", name, err)
		}
		all[name] = f
	}
	e.base = template.New("base").Funcs(all)
	e.strict = template.New("base").Funcs(all).Option("missingkey=error")
	for i, option := range options {
		switch option {
		case "missingkey=default", "missingkey=invalid", "missingkey=zero", "missingkey=error":
			e.base.Option(option)
		default:
			return nil, fmt.Errorf("spec.goTemplateOptions[%d] is %q: use missingkey=error, or one of missingkey=default, =invalid and =zero", i, option)
		}
	}
	return e, nil
}

// isName reports whether a template can call a function by the name.
func isName(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}

// text executes one template; where names it in errors.
func (e *engine) text(where, text string, params map[string]any) (string, error) {
	return e.execute(where, templateKey{text: text}, params)
}

func (e *engine) execute(where string, key templateKey, params map[string]any) (string, error) {
	if !strings.Contains(key.text, "{{") {
		return key.text, nil
	}
	p, ok := e.parsed[key]
	if !ok {
		p.t, p.err = e.parse(key)
		e.parsed[key] = p
	}
	if p.err != nil {
		return "", fmt.Errorf("%s: %w", where, p.err)
	}
	out := &limitedBuffer{engine: e}
	if err := p.t.Execute(out, params); err != nil {
		return "", fmt.Errorf("%s: %w", where, err)
	}
	return out.String(), nil
}

func (e *engine) parse(key templateKey) (*template.Template, error) {
	if err := e.spend(parseWork + byteWork*int64(len(key.text))); err != nil {
		return nil, err
	}
	if len(key.text) > maxText {
		return nil, errTooBig
	}
	base := e.base
	if key.strict {
		base = e.strict
	}
	t, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if t, err = t.Parse(key.text); err != nil {
		return nil, err
	}
	for _, part := range t.Templates() {
		if part.Tree != nil && part.Root != nil {
			guard(part.Root, true)
		}
	}
	return t, nil
}

// guard adds the calls of tick and show below a list.
func guard(list *parse.ListNode, ticks bool) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				n.Pipe.Cmds = append(n.Pipe.Cmds, call(showName, n.Pos))
			}
		case *parse.IfNode:
			guard(n.List, false)
			guard(n.ElseList, false)
		case *parse.WithNode:
			guard(n.List, false)
			guard(n.ElseList, false)
		case *parse.RangeNode:
			guard(n.List, true)
			guard(n.ElseList, false)
		}
	}
	if ticks {
		tick := &parse.ActionNode{NodeType: parse.NodeAction, Pos: list.Pos, Pipe: &parse.PipeNode{
			NodeType: parse.NodePipe, Pos: list.Pos, Cmds: []*parse.CommandNode{call(tickName, list.Pos)},
		}}
		list.Nodes = slices.Insert(list.Nodes, 0, parse.Node(tick))
	}
}

func call(name string, pos parse.Pos) *parse.CommandNode {
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{parse.NewIdentifier(name).SetPos(pos)}}
}

var (
	errTooBig  = fmt.Errorf("a text or value of the template comes to more than %d bytes: it has to be smaller", maxText)
	errTooDeep = fmt.Errorf("a value of the template is nested more than %d deep", maxDepth)
	errWork    = errors.New("the generators and templates of the set do too much: let them make or loop less")
)

// spend takes from the work that is left.
func (e *engine) spend(work int64) error {
	if e.work -= work; e.work < 0 {
		e.work = 0
		return errWork
	}
	return nil
}

// limitedBuffer takes what one template writes.
type limitedBuffer struct {
	bytes.Buffer
	engine *engine
}

// Write implements io.Writer. It returns an error once there is too much.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, errTooBig
	}
	if err := b.engine.spend(byteWork * int64(len(p))); err != nil {
		return 0, err
	}
	return b.Buffer.Write(p)
}
