package render_test

import (
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// entry is a line of a list of package credential.
type entry struct{ name, text string }

// entries reads a list of package credential, which says its form.
func entries(t testing.TB, file string) []entry {
	t.Helper()
	data, err := os.ReadFile("../internal/credential/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []entry
	for line := range strings.Lines(string(data)) {
		name, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
		if ok && !strings.HasPrefix(line, "#") {
			out = append(out, entry{name, strings.NewReplacer(" ++ ", "", `\\n`, `\n`, `\n`, "\n").Replace(text)})
		}
	}
	return out
}

// places are specs of an app in which @ is some text. In those that are marked,
// any text of the user may stand.
var places = map[string]struct {
	spec string
	free bool
}{
	"the value of a variable":   {`env: [{name: X, value: @}]`, true},
	"a file of Config":          {`config: [{name: c, data: {app.conf: @}}]`, true},
	"an annotation":             {`annotations: {example.com/note: @}`, true},
	"an annotation of pods":     {`pod: {annotations: {example.com/note: @}}`, true},
	"an argument":               {`args: ["--x", @]`, true},
	"a command":                 {`command: [/bin/app, @]`, true},
	"an extra object":           {`objects: [{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}, spec: {deep: [{value: @}]}}]`, true},
	"a merge patch":             {`patches: [{merge: {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, annotations: {example.com/note: @}}}}]`, true},
	"a JSON patch":              {`patches: [{target: {kind: Deployment}, json: [{op: add, path: /metadata/annotations, value: {note: @}}]}]`, true},
	"an override":               {`environments: {prod: {env: [{name: X, value: @}]}}`, true},
	"a probe":                   {`readiness: {exec: {command: [sh, -c, @]}}`, true},
	"a header":                  {`readiness: {httpGet: {port: 80, httpHeaders: [{name: X, value: @}]}}`, true},
	"a fake path":               {`secrets: [{name: x, path: @}]`, false},
	"a template":                {`secrets: [{name: x, keys: [{name: k}], template: {data: {x: @}}}]`, false},
	"a label":                   {`labels: {team: @}`, false},
	"the name of a variable":    {`env: [{name: @, value: x}]`, false},
	"a key of Config":           {`config: [{name: c, data: {@: x}}]`, false},
	"the key of an annotation":  {`annotations: {@: x}`, false},
	"a key of an object":        {`objects: [{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}, spec: {@: 1}}]`, false},
	"a name of an object":       {`objects: [{apiVersion: example.com/v1, kind: Thing, metadata: {name: @}}]`, false},
	"the image":                 {`image: @`, false},
	"the kind":                  {`kind: @`, false},
	"a port":                    {`readiness: {httpGet: {port: @}}`, false},
	"a port's name":             {`ports: [{name: @, port: 80}]`, false},
	"a mount":                   {`volumes: [{name: v, mountPath: @, emptyDir: {}}]`, false},
	"a volume's name":           {`volumes: [{name: @, emptyDir: {}}]`, false},
	"an app that is called":     {`talksTo: [{app: @}]`, false},
	"a network":                 {`talksTo: [{cidr: @}]`, false},
	"a number":                  {`replicas: @`, false},
	"a quantity":                {`resources: {requests: {memory: @}}`, false},
	"a quantity's name":         {`resources: {requests: {@: 1}}`, false},
	"a bool":                    {`service: {enabled: @}`, false},
	"a list":                    {`args: @`, false},
	"a mapping":                 {`service: @`, false},
	"an unknown field":          {`@: 1`, false},
	"a field that stands twice": {`env: [{name: X, @: 1, @: 2}]`, false},
	"an unknown environment":    {`environments: {@: {replicas: 2}}`, false},
	"where it runs":             {`runsIn: [@]`, false},
	"a project":                 {`project: @`, false},
	"a file":                    {`manifests: [@]`, false},
	"an unset path":             {`unset: [@]`, false},
	"a store":                   {`secrets: [{name: x, store: @}]`, false},
	"an interval":               {`secrets: [{name: x, refreshInterval: @}]`, false},
	"a schedule":                {`schedule: {cron: @}`, false},
	"an operation":              {`patches: [{target: {kind: Deployment}, json: [{op: @, path: /x}]}]`, false},
	"a pointer":                 {`patches: [{target: {kind: Deployment}, json: [{op: remove, path: @}]}]`, false},
	"a peer":                    {`talksTo: [{host: @, port: 443}]`, false},
	"an account":                {`serviceAccount: {annotations: {role: @}}`, true},
}

// documents are whole documents, as places have specs of an app.
var documents = map[string]string{
	"the repository":           "kind: Fleet\nmetadata: {name: shop}\nspec: {repository: {url: @}}",
	"a branch":                 "kind: Fleet\nmetadata: {name: shop}\nspec: {repository: {branch: @}}",
	"a layout":                 "kind: Fleet\nmetadata: {name: shop}\nspec: {repository: {layout: @}}",
	"the name of the fleet":    "kind: Fleet\nmetadata: {name: @}\nspec: {}",
	"a waiver's path":          "kind: Fleet\nmetadata: {name: shop}\nspec: {guards: {waivers: [{rule: secret-value, path: @, reason: none}]}}",
	"a waiver's reason":        "kind: Fleet\nmetadata: {name: shop}\nspec: {guards: {waivers: [{rule: secret-value, path: x, reason: @}]}}",
	"a store's server":         "kind: Fleet\nmetadata: {name: shop}\nspec: {secretStores: [{name: x, vault: {server: @, kubernetes: {role: x}}}]}",
	"a store's name":           "kind: Fleet\nmetadata: {name: shop}\nspec: {secretStores: [{name: @, fake: {}}]}",
	"a made-up value":          "kind: Fleet\nmetadata: {name: shop}\nspec: {secretStores: [{name: x, fake: {data: [{key: x, value: @}]}}]}",
	"the fleet's defaults":     "kind: Fleet\nmetadata: {name: shop}\nspec: {defaults: {env: [{name: X, value: @}]}}",
	"an unknown field":         "kind: Fleet\nmetadata: {name: shop}\nspec: {@: 1}",
	"an API version":           "kind: @\nmetadata: {name: shop}",
	"a field of metadata":      "kind: Fleet\nmetadata: {name: shop, @: x}",
	"a server":                 "kind: Cluster\nmetadata: {name: two}\nspec: {server: @}",
	"a version":                "kind: Cluster\nmetadata: {name: two}\nspec: {kubernetesVersion: @}",
	"a cluster's label":        "kind: Cluster\nmetadata: {name: two}\nspec: {labels: {x: @}}",
	"a cluster's name":         "kind: Cluster\nmetadata: {name: @}\nspec: {}",
	"an environment's name":    "kind: Environment\nmetadata: {name: @}\nspec: {clusters: [home]}",
	"a cluster that is named":  "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [@]}",
	"a rule for namespaces":    "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], namespace: @}",
	"a namespace's annotation": "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], namespaces: {annotations: {example.com/x: @}}}",
	"a level":                  "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], namespaces: {podSecurity: @}}",
	"a rule for secrets":       "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], secretPath: @}",
	"a promotion":              "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], promotedFrom: @}",
	"an outside Secret":        "kind: Environment\nmetadata: {name: two}\nspec: {clusters: [home], existingSecrets: [@]}",
	"an app's name":            "kind: App\nmetadata: {name: @}\nspec: {image: \"web:1\"}",
	"a name that stands twice": "kind: App\nmetadata: {name: @}\nspec: {image: \"web:1\"}\n---\napiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: @}\nspec: {image: \"web:1\"}",
	"a tag":                    "kind: App\nmetadata: {name: two}\nspec: {image: !<@> web}",
	"a syntax error":           "kind: App\nmetadata: {name: two}\nspec: {image: @ @ @: ]",
}

// fleetWith returns a fleet of one app whose spec holds a text in the place of @.
func fleetWith(spec, text string) string {
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\n"
	out := head + "kind: Cluster\nmetadata: {name: home}\nspec: {}\n" +
		head + "kind: Environment\nmetadata: {name: prod}\nspec: {clusters: [home]}\n"
	if !strings.HasPrefix(spec, "kind: Fleet") {
		out += head + "kind: Fleet\nmetadata: {name: shop}\nspec: {}\n"
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return ""
	}
	with := strings.ReplaceAll(spec, "@", strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(quoted)))
	if strings.Contains(spec, "\nmetadata:") {
		return out + head + with + "\n"
	}
	out += head + "kind: App\nmetadata: {name: web}\nspec:\n"
	if !strings.HasPrefix(spec, "image:") {
		out += "  image: web:1\n"
	}
	return out + "  " + with + "\n"
}

// renderWith loads and renders a fleet that holds a text, and returns all that is
// said, and whether there is a tree.
func renderWith(spec, text string) (said string, tree bool) {
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(fleetWith(spec, text))})
	if err != nil {
		return err.Error(), false
	}
	result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
	if err != nil {
		return err.Error(), false
	}
	for _, f := range result.Findings {
		said += f.String() + "\n"
	}
	return said, true
}

var words = regexp.MustCompile(`[A-Za-z0-9+/=_~-]{8,}`)

// parts returns pieces of a credential that no message may hold: pieces of its
// longest word, and a password.
func parts(text string) []string {
	found := words.FindAllString(text, -1)
	if len(found) == 0 {
		return []string{text}
	}
	longest := slices.MaxFunc(found, func(a, b string) int { return len(a) - len(b) })
	var out []string
	for i := len(longest) / 2; i+8 <= len(longest); i += 4 {
		out = append(out, longest[i:i+8])
	}
	if strings.Contains(text, "hunter") {
		out = []string{"hunter" + "22"}
	}
	return append(out, longest)
}

var everyPlace = flag.Bool("every-place", false, "whether each text is tried in every place, not in some")

// placesOf returns the places in which the text of a number is tried: all of
// them, or every eighth, so that all texts together reach all places.
func placesOf(text int, all map[string]string) map[string]string {
	if *everyPlace {
		return all
	}
	out := map[string]string{}
	for i, place := range slices.Sorted(maps.Keys(all)) {
		if (i+text)%8 == 0 {
			out[place] = all[place]
		}
	}
	return out
}

// specs returns the specs of places, or of those that take any text.
func specs(free bool) map[string]string {
	out := map[string]string{}
	for name, p := range places {
		if p.free || !free {
			out[name] = p.spec
		}
	}
	return out
}

// TestNoCredentialPasses places each credential of the list in a model. There is
// never a tree, and nothing of it in what is said.
func TestNoCredentialPasses(t *testing.T) {
	all := specs(false)
	maps.Copy(all, documents)
	for i, e := range entries(t, "credentials.txt") {
		for place, spec := range placesOf(i, all) {
			said, tree := renderWith(spec, e.text)
			if tree {
				t.Errorf("%s as %s is rendered", e.name, place)
			}
			for _, part := range parts(e.text) {
				if strings.Contains(said, part) {
					t.Errorf("%s as %s: it is told:\n%s", e.name, place, said)
					break
				}
			}
		}
	}
}

// TestLookalikesPass places each look-alike where any text may stand. None is
// refused.
func TestLookalikesPass(t *testing.T) {
	for i, e := range entries(t, "lookalikes.txt") {
		for place, spec := range placesOf(i, specs(true)) {
			if said, tree := renderWith(spec, e.text); !tree {
				t.Errorf("%s as %s is refused: %s", e.name, place, said)
			}
		}
	}
}
