package helm

import (
	"slices"
	"strings"
	syntax "text/template/parse"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// scan finds the constructs of one text.
type scan struct {
	text     string
	file     *chart.File
	template string
	// times are the variables that hold a time.
	times map[string]bool
	found []construct
}

func (s *scan) node(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.ListNode:
		if n != nil {
			for _, m := range n.Nodes {
				s.node(m)
			}
		}
	case *syntax.ActionNode:
		s.pipe(n.Pipe)
	case *syntax.IfNode:
		s.branch(&n.BranchNode)
	case *syntax.WithNode:
		s.branch(&n.BranchNode)
	case *syntax.RangeNode:
		s.branch(&n.BranchNode)
	case *syntax.TemplateNode:
		s.pipe(n.Pipe)
	}
}

func (s *scan) branch(n *syntax.BranchNode) {
	s.pipe(n.Pipe)
	s.node(n.List)
	s.node(n.ElseList)
}

func (s *scan) pipe(p *syntax.PipeNode) {
	if p == nil {
		return
	}
	for i, c := range p.Cmds {
		for j, arg := range c.Args {
			s.arg(arg, j > 0, func() bool { return s.isTime(c.Args[1:]) || i > 0 && s.isTime(p.Cmds[i-1].Args) })
		}
	}
	for _, d := range p.Decl {
		if s.isTime(p.Cmds[len(p.Cmds)-1].Args) {
			s.times[d.Ident[0]] = true
		}
	}
}

// arg looks at one operand; ofTime says whether a function is given a time.
func (s *scan) arg(n syntax.Node, operand bool, ofTime func() bool) {
	switch n := n.(type) {
	case *syntax.IdentifierNode:
		r, varies := functions[n.Ident]
		dates := r.cause == source.VariesInTime && n.Ident != "now" && n.Ident != "ago"
		if varies && !(dates && ofTime()) {
			s.add(n.Ident, int(n.Pos), int(n.Pos)+len(n.Ident), operand)
		}
	case *syntax.PipeNode:
		s.pipe(n)
	case *syntax.ChainNode:
		s.arg(n.Node, false, ofTime)
		s.field(n.Field, int(n.Pos))
	case *syntax.FieldNode:
		s.field(n.Ident, int(n.Pos))
	case *syntax.VariableNode:
		s.field(n.Ident[1:], int(n.Pos))
	}
}

// field adds what an installation would tell; at is within its text.
func (s *scan) field(names []string, at int) {
	if !slices.ContainsFunc(names, func(n string) bool { return n == "Release" || n == "Capabilities" }) {
		return
	}
	for _, m := range fieldNames.FindAllStringSubmatchIndex(s.text, -1) {
		if m[0] <= at && at <= m[1] {
			s.add(s.text[m[2]:m[3]]+s.text[m[4]:m[5]], m[0], m[1], false)
		}
	}
}

func (s *scan) add(name string, from, to int, operand bool) {
	if to > len(s.text) {
		return
	}
	s.found = append(s.found, construct{
		name: name, file: s.file, text: s.text, from: from, to: to, end: commandEnd(s.text, to), operand: operand,
		template: s.template, line: s.line(from),
	})
}

func (s *scan) line(at int) int {
	if s.file == nil {
		return 0
	}
	return 1 + strings.Count(s.text[:at], "\n")
}

// isTime reports whether the last of some operands is a time that a template was given
// or computes; now is found for itself.
func (s *scan) isTime(args []syntax.Node) bool {
	for _, n := range args {
		switch n := n.(type) {
		case *syntax.IdentifierNode:
			if slices.Contains(givenTimes, strings.TrimPrefix(strings.TrimPrefix(n.Ident, "must_"), "must")) || n.Ident == "mustToDate" || n.Ident == "mustDateModify" {
				return true
			}
		case *syntax.VariableNode:
			if s.times[n.Ident[0]] {
				return true
			}
		case *syntax.PipeNode:
			for _, c := range n.Cmds {
				if s.isTime(c.Args) {
					return true
				}
			}
		}
	}
	return false
}

// commandEnd returns where the command ends whose function ends at a place: before a
// pipe, a closing parenthesis or the end of the action.
func commandEnd(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '"', '\'', '`':
			i = quoteEnd(text, i)
		case '(':
			depth++
		case '|', ')', '}':
			if depth == 0 {
				return len(strings.TrimRight(strings.TrimSuffix(text[:i], "-"), " \t\r\n"))
			}
			if text[i] == ')' {
				depth--
			}
		}
	}
	return at
}

// quoteEnd returns where a quoted text ends.
func quoteEnd(text string, at int) int {
	quote := text[at]
	for i := at + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote != '`':
			i++
		case text[i] == quote:
			return i
		}
	}
	return len(text)
}
