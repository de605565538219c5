package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// hostile is a report of names that would act on a terminal, or be rendered, linked
// or mentioned in Markdown.
func hostile() diff.Report {
	id := object.ID{Kind: "ConfigMap", Namespace: "shop", Name: "a|b<script>`@everyone`\n::error::\x1b[2J"}
	return diff.Report{
		Deletions: []diff.Deletion{{Cluster: "</details>\n# one", ID: id, Application: `x\|y`, Unit: "apps/<b>@all", Environment: "#12"}},
		Targets: []diff.Target{
			{Dir: "a", Unit: "apps/web|x</code></summary></details><h1>", Environment: "owner/repo#1", Kind: diff.Changed, Objects: []diff.Object{
				{ID: id, Kind: diff.Changed, Fields: []diff.Field{
					{Path: fieldpath.Path("data").Key("k`|\u202e"), Kind: diff.Changed, From: "@all\x9b", To: "\n| x | y |"},
					{Path: "data.text", Kind: diff.Changed, From: "a\nx\nb\n", To: "a\n```\n````\n</details>\n# c\n@all\n"},
				}},
				{ID: id, Kind: diff.Added}}},
			{Dir: "b", Unit: "![x](y) https://evil.example.com", MovedFrom: "apps/[a](b)/overlays/dev", Environment: "@team", Kind: diff.Moved}},
		Files: []tree.Change{{Path: "x\ny@all", Kind: "changed"}},
	}
}

// TestHostileNames writes them.
func TestHostileNames(t *testing.T) {
	for format, file := range map[diff.Format]string{diff.Text: "hostile.txt", diff.Markdown: "hostile.md"} {
		var b strings.Builder
		if err := hostile().Write(&b, format); err != nil {
			t.Fatal(err)
		}
		compare(t, "Names are shown, and do nothing.", file, b.String())
	}
}

// outline is what a reader of GitHub gets of a text in Markdown.
type outline struct {
	headings, paragraphs []string // texts that are not code
	html                 []string
	code                 int // blocks
}

func outlineOf(t *testing.T, body string) outline {
	t.Helper()
	var out outline
	source := []byte(body)
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindHeading:
			out.headings = append(out.headings, prose(n, source))
		case ast.KindParagraph, ast.KindTextBlock:
			out.paragraphs = append(out.paragraphs, prose(n, source))
		case ast.KindHTMLBlock:
			out.html = append(out.html, string(n.(*ast.HTMLBlock).Lines().Value(source)))
		case ast.KindFencedCodeBlock:
			out.code++
		case ast.KindDocument, ast.KindList, ast.KindListItem, ast.KindText, ast.KindEmphasis, ast.KindCodeSpan:
		default:
			t.Errorf("the text has a %s: %s", n.Kind(), prose(n, source))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// prose returns the text of a node that is not code.
func prose(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeSpan {
			return ast.WalkSkipChildren, nil
		}
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// checkBody checks that a text renders as what we draw, whatever it names: headings,
// lists and folded blocks of code, in which nothing is a link or a mention.
func checkBody(t *testing.T, body string) {
	t.Helper()
	o := outlineOf(t, body)
	for _, s := range append(o.headings, o.paragraphs...) {
		if strings.ContainsAny(s, "@<>[]!`") || strings.Contains(s, "://") || strings.Contains(strings.ReplaceAll(s, "&#", ""), "#") {
			t.Errorf("this is not code: %s", s)
		}
	}
	if len(o.html) != 2*o.code {
		t.Errorf("%d blocks of code have %d tags around them:\n%s", o.code, len(o.html), body)
	}
	for i, tag := range o.html {
		tag = strings.TrimSpace(tag)
		if i%2 == 1 {
			if tag != "</details>" {
				t.Errorf("a block ends with %s", tag)
			}
			continue
		}
		rest, ok := strings.CutPrefix(strings.Replace(tag, "<details open>", "<details>", 1), "<details><summary>")
		rest, okEnd := strings.CutSuffix(rest, "</code></summary>")
		for _, head := range []string{"<b>New</b> ", "<b>Removed</b> ", "<b>Moved</b> "} {
			rest = strings.TrimPrefix(rest, head)
		}
		rest = strings.ReplaceAll(strings.TrimPrefix(rest, "<code>"), "</code> <code>", "")
		if !ok || !okEnd || strings.ContainsAny(rest, "<>\n") {
			t.Errorf("a block begins with %s", tag)
		}
	}
}

// TestMarkdown renders hostile names.
func TestMarkdown(t *testing.T) {
	body, omitted := hostile().Markdown(diff.DefaultLimit)
	if omitted != nil {
		t.Errorf("%q is left out", omitted)
	}
	checkBody(t, body)
}

// TestMarkdownLimit limits reports of random size: no body is longer than its
// limit, what is left out is named, and what is there is well formed.
func TestMarkdownLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		report := random(r)
		whole, omitted := report.Markdown(1 << 30)
		if omitted != nil {
			t.Fatalf("without a limit, %q is left out", omitted)
		}
		limit := diff.LeastLimit + r.IntN(40_000)
		body, omitted := report.Markdown(limit)
		if len(body) > limit {
			t.Errorf("the body has %d bytes, the limit is %d", len(body), limit)
		}
		if (body == whole) != (omitted == nil) {
			t.Errorf("the body has %d bytes of %d, and %q is left out", len(body), len(whole), omitted)
		}
		checkBody(t, body)
		if t.Failed() {
			t.Fatal(body)
		}
	}
}

// random returns a report with many targets that change differently.
func random(r *rand.Rand) diff.Report {
	name := func() string {
		return strings.Repeat([]string{"web", "<b>", "`", "|", "@all ", "#1 ", "x\n", "東京"}[r.IntN(8)], 1+r.IntN(12)) + fmt.Sprint(r.IntN(1000))
	}
	var out diff.Report
	for i := range r.IntN(60) {
		id := object.ID{Group: "apps", Kind: "Deployment", Namespace: name(), Name: name()}
		t := diff.Target{Dir: fmt.Sprint("apps/x/overlays/", i), Unit: "apps/" + name(), Environment: name(), Kind: diff.Changed}
		for range 1 + r.IntN(20) {
			o := diff.Object{ID: id, Kind: diff.Changed, Fields: []diff.Field{{Path: fieldpath.Path("spec").Key(name()), Kind: diff.Added, To: strings.Repeat(name(), 1+r.IntN(9))}}}
			if r.IntN(9) == 0 {
				o.Fields[0].Risk = diff.RiskPermissions
			}
			t.Objects = append(t.Objects, o)
		}
		out.Targets = append(out.Targets, t)
		if r.IntN(2) == 0 {
			out.Deletions = append(out.Deletions, diff.Deletion{Cluster: name(), ID: id, Application: name(), Unit: t.Unit, Environment: t.Environment})
		}
	}
	for range r.IntN(100) {
		out.Files = append(out.Files, tree.Change{Path: name(), Kind: tree.Modified})
	}
	return out
}
