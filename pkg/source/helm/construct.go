package helm

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	syntax "text/template/parse"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// construct is one place in a template whose result differs from render to render.
type construct struct {
	name string
	// file is the template or file, or nil for a value, whose text is that.
	file *chart.File
	text string
	// from and to are where the construct is in the text, and end where its command
	// ends, with its arguments.
	from, to, end int
	// operand says that it is an argument of another function.
	operand bool
	// template and line are where it is, for people.
	template string
	line     int
}

// results are two different results of a function, as expressions that take any
// arguments. A function without a first result has the same in all renders here.
type results struct {
	cause         source.VaryingCause
	first, second string
	// behind follows the arguments: a pipe.
	behindFirst, behindSecond string
}

func texts(cause source.VaryingCause, a, b string) results {
	return results{cause: cause, first: `coalesce "` + a + `"`, second: `coalesce "` + b + `"`}
}

func pair(a, b string) results {
	dict := func(s string) string { return `coalesce (dict "Cert" "` + s + `" "Key" "` + s + `")` }
	return results{cause: source.VariesRandomly, first: dict(a), second: dict(b)}
}

// valuesHelper prints the entries of a map in the order of its keys, as JSON.
const (
	valuesHelper   = "gitopsgen.values"
	valuesTemplate = `{{ define "` + valuesHelper + `" }}[{{ $more := false }}{{ range $k, $v := . }}{{ if $more }},{{ end }}{{ $more = true }}{{ toJson $v }}{{ end }}]{{ end }}`
)

const times = `coalesce (toDate "2006-01-02 15:04:05" "`

// functions are those whose results differ.
var functions = map[string]results{
	"randAlphaNum": texts(source.VariesRandomly, "aaaaaaaa", "bbbbbbbb"), "randAlpha": texts(source.VariesRandomly, "aaaaaaaa", "bbbbbbbb"),
	"randAscii": texts(source.VariesRandomly, "aaaaaaaa", "bbbbbbbb"), "randNumeric": texts(source.VariesRandomly, "11111111", "22222222"),
	"randBytes": texts(source.VariesRandomly, "YWFhYWFh", "YmJiYmJi"), "randInt": {cause: source.VariesRandomly, first: "coalesce 11", second: "coalesce 22"},
	"uuidv4":        texts(source.VariesRandomly, "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"),
	"genPrivateKey": texts(source.VariesRandomly, "aaaaaaaa", "bbbbbbbb"), "genCA": pair("aaaaaaaa", "bbbbbbbb"), "genCAWithKey": pair("aaaaaaaa", "bbbbbbbb"),
	"genSelfSignedCert": pair("aaaaaaaa", "bbbbbbbb"), "genSelfSignedCertWithKey": pair("aaaaaaaa", "bbbbbbbb"),
	"genSignedCert": pair("aaaaaaaa", "bbbbbbbb"), "genSignedCertWithKey": pair("aaaaaaaa", "bbbbbbbb"),
	"htpasswd": texts(source.VariesRandomly, "user:aaaaaaaa", "user:bbbbbbbb"), "bcrypt": texts(source.VariesRandomly, "aaaaaaaa", "bbbbbbbb"),
	"encryptAES": texts(source.VariesRandomly, "YWFhYWFh", "YmJiYmJi"), "shuffle": {cause: source.VariesRandomly, first: `coalesce ""`, second: `printf "%s~"`},
	"now": {cause: source.VariesInTime, first: times + `2001-02-03 04:05:06")`, second: times + `2032-11-28 21:47:38")`}, "ago": texts(source.VariesInTime, "1m0s", "2h0m0s"),
	"date": texts(source.VariesInTime, "2001-02-03", "2032-11-28"), "htmlDate": texts(source.VariesInTime, "2001-02-03", "2032-11-28"),
	"dateInZone": texts(source.VariesInTime, "2001-02-03", "2032-11-28"), "date_in_zone": texts(source.VariesInTime, "2001-02-03", "2032-11-28"),
	"htmlDateInZone": texts(source.VariesInTime, "2001-02-03", "2032-11-28"),
	"lookup":         {cause: source.VariesInCluster, second: `coalesce (dict "apiVersion" "v1" "metadata" (dict "name" "found" "uid" "found" "labels" (dict "found" "found") "annotations" (dict "found" "found")) "data" (dict "found" "Zm91bmQ=") "items" (list (dict "metadata" (dict "name" "found"))))`},
	"getHostByName":  {cause: source.VariesInCluster, second: `coalesce "192.0.2.1"`},
	"keys":           {cause: source.VariesInOrder, first: "keys", second: "keys", behindFirst: " | sortAlpha", behindSecond: " | sortAlpha | reverse"},
	"values": {cause: source.VariesInOrder, first: `include "` + valuesHelper + `"`, second: `include "` + valuesHelper + `"`,
		behindFirst: " | fromJsonArray", behindSecond: " | fromJsonArray | reverse"},
}

// fields are what differs from one installation to the next; here, it never does.
var fields = map[string]string{
	".Release.IsInstall": "false", ".Release.IsUpgrade": "true", ".Release.Revision": "7",
	".Capabilities.HelmVersion.Version": `"v3.99.9"`, ".Capabilities.HelmVersion.GitCommit": `"other"`,
	".Capabilities.HelmVersion.GitTreeState": `"other"`, ".Capabilities.HelmVersion.GoVersion": `"go1.99"`,
	".Capabilities.HelmVersion": `(dict "Version" "v3.99.9" "GitCommit" "other" "GitTreeState" "other" "GoVersion" "go1.99")`,
}

var (
	// fieldNames are the places of fields, whatever is before them.
	fieldNames = regexp.MustCompile(`[$\w.]*(\.Release\.(?:IsInstall|IsUpgrade|Revision)|\.Capabilities\.HelmVersion)\b((?:\.\w+)?)`)
	// mayVary is quick to tell that a text has no construct.
	mayVary = regexp.MustCompile(`\b(` + strings.Join(slices.Sorted(maps.Keys(functions)), "|") + `|IsInstall|IsUpgrade|Revision|HelmVersion)\b`)
	// givenTimes return a time that is not that of the render, or is counted as now.
	givenTimes = []string{"now", "toDate", "dateModify", "date_modify"}
)

func (c construct) results() results {
	if r, ok := functions[c.name]; ok {
		return r
	}
	return results{cause: source.VariesInInstallation, second: fields[c.name]}
}

func (c construct) cause() source.VaryingCause { return c.results().cause }

// constructs returns what differs in the templates of the chart, its files and values,
// and in values of a release.
func (c *Chart) constructs(values map[string]any) []construct {
	c.found.once.Do(func() { c.found.all = inChart(c.root, nil) })
	return slices.Concat(c.found.all, inValues(values))
}

func inChart(c *chart.Chart, out []construct) []construct {
	at := c.ChartFullPath()
	templates := slices.SortedFunc(slices.Values(c.Templates), func(a, b *chart.File) int { return cmp.Compare(a.Name, b.Name) })
	for _, f := range templates {
		out = append(out, inText(string(f.Data), f, path.Join(at, f.Name))...)
	}
	for _, f := range c.Files {
		if path.Ext(f.Name) != ".md" && path.Ext(f.Name) != ".gotmpl" {
			out = append(out, inText(string(f.Data), f, path.Join(at, f.Name))...)
		}
	}
	out = append(out, inValues(c.Values)...)
	for _, sub := range c.Dependencies() {
		out = inChart(sub, out)
	}
	return out
}

func inValues(v any) (out []construct) {
	switch v := v.(type) {
	case string:
		return inText(v, nil, "")
	case []any:
		for _, e := range v {
			out = append(out, inValues(e)...)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, inValues(v[k])...)
		}
	}
	return out
}

// inText returns the constructs of one text, in their order.
func inText(text string, file *chart.File, template string) []construct {
	if !strings.Contains(text, "{{") || !mayVary.MatchString(text) {
		return nil
	}
	trees := map[string]*syntax.Tree{}
	t := syntax.New("text")
	t.Mode = syntax.SkipFuncCheck
	if _, err := t.Parse(text, "", "", trees); err != nil {
		return nil // where it is a template, rendering says so
	}
	s := &scan{text: text, file: file, template: template, times: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		s.node(trees[name].Root)
	}
	slices.SortFunc(s.found, func(a, b construct) int { return cmp.Compare(a.from, b.from) })
	return slices.Compact(s.found)
}

// rewrite returns the contents of files, and the values, with their fixed results.
func rewrite(found []construct, second func(construct) bool) (files map[*chart.File]string, values map[string]string) {
	files, values = map[*chart.File]string{}, map[string]string{}
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].file == found[0].file && found[n].text == found[0].text {
			n++
		}
		text := rewriteText(found[:n], second)
		if found[0].file != nil {
			files[found[0].file] = text
		} else {
			values[found[0].text] = text
		}
		found = found[n:]
	}
	return files, values
}

func rewriteText(found []construct, second func(construct) bool) string {
	type edit struct {
		from, to int
		text     string
	}
	var edits []edit
	for _, c := range found {
		r := c.results()
		with, behind := r.first, r.behindFirst
		if second != nil && second(c) {
			with, behind = r.second, r.behindSecond
		}
		if with == "" {
			continue
		}
		if c.operand {
			with = "(" + with + behind + ")"
		} else if behind != "" {
			edits = append(edits, edit{c.end, c.end, behind})
		}
		edits = append(edits, edit{c.from, c.to, with})
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	done := 0
	for _, e := range edits {
		b.WriteString(found[0].text[done:e.from])
		b.WriteString(e.text)
		done = e.to
	}
	b.WriteString(found[0].text[done:])
	return b.String()
}
