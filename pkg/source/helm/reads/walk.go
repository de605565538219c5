package reads

import (
	"strings"
	"text/template/parse"
)

func (f *frame) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		f.node(n)
	}
}

func (f *frame) node(n parse.Node) {
	if f.machine.steps++; f.machine.steps > maxSteps {
		return
	}
	mark := len(f.vars)
	switch n := n.(type) {
	case *parse.ActionNode:
		v := f.pipe(n.Pipe)
		if len(n.Pipe.Decl) == 0 {
			f.machine.consume(v)
		}
		return // what it declares is known to the end of the list
	case *parse.IfNode:
		f.pipe(n.Pipe)
		f.scope(n.List, f.dot)
		f.scope(n.ElseList, f.dot)
	case *parse.WithNode:
		f.scope(n.List, f.pipe(n.Pipe))
		f.scope(n.ElseList, f.dot)
	case *parse.RangeNode:
		f.loop(n)
		f.scope(n.ElseList, f.dot)
	case *parse.TemplateNode:
		var arg abstract
		if n.Pipe != nil {
			arg = f.pipe(n.Pipe)
		}
		f.machine.call(n.Name, arg)
	case *parse.ListNode:
		f.list(n)
	}
	f.vars = f.vars[:mark]
}

// scope follows a list with a dot of its own, and forgets the variables it declares.
func (f *frame) scope(l *parse.ListNode, dot abstract) {
	mark, outer := len(f.vars), f.dot
	f.dot = dot
	f.list(l)
	f.vars, f.dot = f.vars[:mark], outer
}

// loop follows the body of a range until its variables have seen everything.
func (f *frame) loop(n *parse.RangeNode) {
	const maxTimes = 6
	decl := n.Pipe.Decl
	over := f.commands(n.Pipe)
	entry, names := f.machine.readEach(over), f.machine.names(over)
	mark := len(f.vars)
	switch len(decl) {
	case 1:
		f.declare(decl[0], entry, n.Pipe.IsAssign)
	case 2:
		f.declare(decl[0], names, n.Pipe.IsAssign)
		f.declare(decl[1], entry, n.Pipe.IsAssign)
	}
	for range maxTimes {
		before := f.state()
		f.scope(n.List, entry)
		if f.state() == before {
			break
		}
	}
	f.vars = f.vars[:mark]
}

// state tells apart what variables hold.
func (f *frame) state() string {
	var b strings.Builder
	for _, v := range f.vars {
		b.WriteString(v.value.key())
		b.WriteByte('\n')
	}
	return b.String()
}

// names returns the names of the entries of a.
func (m *machine) names(a abstract) (out abstract) {
	for _, p := range a.items {
		if p.value || len(p.elems.items)+len(p.elems.texts)+len(p.also.items) > 0 {
			return text(unknownText)
		}
		for name := range p.fields {
			out = union(out, text(name))
		}
	}
	if len(out.texts) == 0 {
		return text(unknownText)
	}
	return out
}

func (f *frame) declare(n *parse.VariableNode, v abstract, assign bool) {
	if !assign {
		f.vars = append(f.vars, variable{n.Ident[0], &v})
		return
	}
	if known := f.variable(n.Ident[0]); known != nil {
		*known = f.machine.limit(union(*known, v))
	}
}

func (f *frame) variable(name string) *abstract {
	for i := len(f.vars) - 1; i >= 0; i-- {
		if f.vars[i].name == name {
			return f.vars[i].value
		}
	}
	return nil
}

// pipe returns what a pipeline comes out as, and declares its variables.
func (f *frame) pipe(p *parse.PipeNode) abstract {
	v := f.commands(p)
	for _, d := range p.Decl {
		f.declare(d, v, p.IsAssign)
	}
	return v
}

func (f *frame) commands(p *parse.PipeNode) (v abstract) {
	for i, c := range p.Cmds {
		var last []abstract
		if i > 0 {
			last = []abstract{v}
		}
		v = f.command(c, last)
	}
	return v
}

// command returns what a command comes out as; last is what is piped into it.
func (f *frame) command(c *parse.CommandNode, last []abstract) abstract {
	if fn, ok := c.Args[0].(*parse.IdentifierNode); ok {
		args := make([]abstract, 0, len(c.Args))
		for _, a := range c.Args[1:] {
			args = append(args, f.arg(a))
		}
		return f.function(c, fn.Ident, append(args, last...))
	}
	v := f.arg(c.Args[0])
	for _, a := range c.Args[1:] { // a method
		f.machine.consume(f.arg(a))
	}
	for _, a := range last {
		f.machine.consume(a)
	}
	return v
}

// arg returns what an operand comes out as.
func (f *frame) arg(n parse.Node) abstract {
	switch n := n.(type) {
	case *parse.DotNode:
		return f.dot
	case *parse.FieldNode:
		return f.fields(f.dot, n.Ident)
	case *parse.VariableNode:
		if v := f.variable(n.Ident[0]); v != nil {
			return f.fields(*v, n.Ident[1:])
		}
	case *parse.ChainNode:
		return f.fields(f.arg(n.Node), n.Field)
	case *parse.PipeNode:
		return f.pipe(n)
	case *parse.IdentifierNode:
		return f.function(n, n.Ident, nil)
	case *parse.StringNode:
		return text(n.Text)
	case *parse.NumberNode:
		return text(n.Text)
	}
	return abstract{}
}

func (f *frame) fields(v abstract, names []string) abstract {
	for _, name := range names {
		v = f.machine.read(v, name)
	}
	return v
}

// literals calls found with each string in a tree that holds a template.
func literals(n parse.Node, found func(text string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, m := range n.Nodes {
				literals(m, found)
			}
		}
	case *parse.ActionNode:
		literals(n.Pipe, found)
	case *parse.IfNode:
		branches(&n.BranchNode, found)
	case *parse.WithNode:
		branches(&n.BranchNode, found)
	case *parse.RangeNode:
		branches(&n.BranchNode, found)
	case *parse.TemplateNode:
		literals(n.Pipe, found)
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				for _, a := range c.Args {
					literals(a, found)
				}
			}
		}
	case *parse.ChainNode:
		literals(n.Node, found)
	case *parse.StringNode:
		if strings.Contains(n.Text, "{{") {
			found(n.Text)
		}
	}
}

func branches(n *parse.BranchNode, found func(text string)) {
	literals(n.Pipe, found)
	literals(n.List, found)
	literals(n.ElseList, found)
}
