package validate_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// corpusCase is an app that holds one text of a corpus somewhere.
type corpusCase struct {
	what  string
	value string // which no finding shows
	spec  model.AppSpec
}

// corpusLines returns the lines of a corpus: what stands before and behind the bar.
// The characters that a line leaves open are generated, and always the same.
func corpusLines(t testing.TB, file string) [][2]string {
	t.Helper()
	data, err := os.ReadFile("../internal/credential/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for line := range strings.Lines(string(data)) {
		before, after, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		random := rand.New(rand.NewPCG(1, uint64(len(out))))
		after = leftOpen.ReplaceAllStringFunc(after, func(s string) string {
			m := leftOpen.FindStringSubmatch(s)
			n, err := strconv.Atoi(m[2])
			if err != nil {
				t.Fatal(err)
			}
			return generated(random, alphabets[m[1]], n)
		})
		out = append(out, [2]string{before, after})
	}
	return out
}

var leftOpen = regexp.MustCompile(`\{(alnum|hex|base64|base32|upper|lower|digits):(\d+)\}`)

var alphabets = map[string]string{
	"alnum": lowerLetters + upperLetters + digits, "hex": "0123456789abcdef", "base64": lowerLetters + upperLetters + digits + "+/",
	"base32": upperLetters + "234567", "upper": upperLetters + digits, "lower": lowerLetters, "digits": digits,
}

const lowerLetters, upperLetters, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"

func generated(random *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(b)
}

// formats write a name and a value as ten kinds of files do.
var formats = map[string]func(name, value string) string{
	"app.yaml":       func(n, v string) string { return "server:\n  port: 80\n  " + n + ": " + quoted(v) + "\n" },
	"app.json":       func(n, v string) string { return `{"server": {"port": 80, ` + quoted(n) + ": " + quoted(v) + "}}" },
	"app.toml":       func(n, v string) string { return "[server]\nport = 80\n" + n + " = " + quoted(v) + "\n" },
	"app.ini":        func(n, v string) string { return "[server]\nport = 80\n" + n + " = " + v + "\n" },
	"app.properties": func(n, v string) string { return "server.port=80\n" + n + "=" + v + "\n" },
	"app.xml": func(n, v string) string {
		return "<server>\n  <" + n + ">" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(v) + "</" + n + ">\n</server>\n"
	},
	"app.env": func(n, v string) string { return "PORT=80\n" + n + "='" + v + "'\n" },
	"app.hcl": func(n, v string) string { return "server {\n  port = 80\n  " + n + " = " + quoted(v) + "\n}\n" },
	"run.sh":  func(n, v string) string { return "#!/bin/sh\nexport " + n + "='" + v + "'\nexec run\n" },
	"conf.yml": func(n, v string) string {
		return "env:\n- name: " + n + "\n  value: " + quoted(v) + "\n- name: PORT\n  value: \"80\"\n"
	},
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(b))
}

// namedCases returns cases for each place in which a name and a value stand.
func namedCases(name, value string) []corpusCase {
	file := func(name, text string) model.AppSpec {
		return model.AppSpec{Config: []model.Config{{Name: "c", Data: map[string]string{name: text}}}}
	}
	env := []model.EnvVar{{Name: name, Value: &value}}
	container := model.ContainerSpec{Env: env}
	raw := func(kind string, fields map[string]any) map[string]any {
		return map[string]any{"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": "x"}, "data": fields}
	}
	pod := map[string]any{"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{
		map[string]any{"name": "web", "env": []any{map[string]any{"name": name, "value": value}}}}}}}}
	out := []corpusCase{
		{"env", value, model.AppSpec{ContainerSpec: container}},
		{"env of a hook", value, model.AppSpec{Hooks: []model.Hook{{Name: "h", ContainerSpec: container}}}},
		{"env of a sidecar", value, model.AppSpec{Sidecars: []model.Container{{Name: "s", ContainerSpec: container}}}},
		{"settings", value, file(name, value)},
		{"annotation", value, model.AppSpec{Annotations: map[string]string{"example.com/" + name: value}}},
		{"extra object", value, model.AppSpec{Objects: []model.RawObject{raw("ConfigMap", map[string]any{name: value})}}},
		{"pod of an extra object", value, model.AppSpec{Objects: []model.RawObject{pod}}},
		{"merge patch", value, model.AppSpec{Patches: []model.Patch{{Merge: pod}}}},
		{"JSON patch", value, model.AppSpec{Patches: []model.Patch{{JSON: []model.JSONOperation{{Op: "add", Path: "/spec/env/-", Value: map[string]any{"name": name, "value": value}}}}}}},
		{"JSON patch of data", value, model.AppSpec{Patches: []model.Patch{{JSON: []model.JSONOperation{{Op: "add", Path: "/data/" + name, Value: value}}}}}},
		{"option", value, model.AppSpec{ContainerSpec: model.ContainerSpec{Args: []string{"--" + name + "=" + value}}}},
		{"option and argument", value, model.AppSpec{ContainerSpec: model.ContainerSpec{Args: []string{"--" + name, value}}}},
	}
	for format, write := range formats {
		if strings.ContainsAny(value, `'\`) && (format == "app.env" || format == "run.sh") {
			continue
		}
		out = append(out, corpusCase{format, value, file(format, write(name, value))})
	}
	return out
}

// textCase returns the case of a line of texts.txt.
func textCase(place, text string) corpusCase {
	text = strings.NewReplacer(`\\`, `\\`, `\n`, "\n").Replace(text)
	spec := model.AppSpec{Config: []model.Config{{Name: "c", Data: map[string]string{place: text}}}}
	if place == "args" {
		spec = model.AppSpec{ContainerSpec: model.ContainerSpec{Args: arguments(text)}}
	}
	return corpusCase{place + " " + text, "hunter2", spec}
}

// arguments splits a command line at its blanks, but for those in quotes.
func arguments(line string) []string {
	var out []string
	for _, m := range argument.FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2]+m[3])
	}
	return out
}

var argument = regexp.MustCompile(`(?:^| )(?:'([^']*)'|"([^"]*)"|([^ ]+))`)

// judged returns the findings about credentials of each case, in order.
func judged(cases []corpusCase) []finding.List {
	f := &model.Fleet{Name: "shop"}
	for i := range cases {
		f.Apps = append(f.Apps, model.App{Name: fmt.Sprintf("app-%06d", i), Spec: cases[i].spec})
	}
	out := make([]finding.List, len(cases))
	for _, x := range validate.Secrets(f, nil) {
		var i int
		if _, err := fmt.Sscanf(string(x.Path), "apps[app-%06d]", &i); err == nil {
			out[i] = append(out[i], x)
		}
	}
	return out
}

// TestCorpora counts what is found of the corpora of credentials and of what only
// looks like them, in all places.
func TestCorpora(t *testing.T) {
	cases := func(names, texts string) []corpusCase {
		var out []corpusCase
		for _, l := range corpusLines(t, names) {
			for _, c := range namedCases(l[0], l[1]) {
				c.what += " " + l[0] + " = " + l[1]
				out = append(out, c)
			}
		}
		for _, l := range corpusLines(t, texts) {
			out = append(out, textCase(l[0], l[1]))
		}
		return out
	}
	credentials := cases("names.txt", "texts.txt")
	missed := 0
	for i, list := range judged(credentials) {
		if len(list) == 0 {
			missed++
			t.Logf("missed: %s", credentials[i].what)
		}
		for _, x := range list {
			if v := credentials[i].value; len(v) >= 6 && strings.Contains(x.String(), v) {
				t.Errorf("%s: the finding shows the value: %s", credentials[i].what, x)
			}
		}
	}
	lookalikes := cases("names-lookalikes.txt", "texts-lookalikes.txt")
	refused, warned := 0, 0
	for i, list := range judged(lookalikes) {
		switch {
		case len(list.Errors()) > 0:
			refused++
			t.Errorf("refused: %s: %s", lookalikes[i].what, list.Errors()[0])
		case len(list) > 0:
			warned++
			t.Logf("warned of: %s: %s", lookalikes[i].what, list[0].Reason)
		}
	}
	t.Logf("found %d of %d credentials; refused %d and warned of %d of %d look-alikes",
		len(credentials)-missed, len(credentials), refused, warned, len(lookalikes))
	if missed*100 > len(credentials) {
		t.Errorf("missed %d of %d credentials, which is more than 1 %%", missed, len(credentials))
	}
	if warned*100 >= 3*len(lookalikes) {
		t.Errorf("warned of %d of %d look-alikes, which is 3 %% or more", warned, len(lookalikes))
	}
	if n := slices.MinFunc([]int{len(credentials), len(lookalikes)}, func(a, b int) int { return a - b }); n < 300 {
		t.Errorf("a corpus has %d cases, and 300 are the least", n)
	}
}
