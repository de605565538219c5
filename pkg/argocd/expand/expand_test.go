package expand_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// plainTemplate prints the parameters into the name.
const plainTemplate = `
  template:
    metadata: {name: '{{.app}}'}
    spec: {project: shop, destination: {name: eu}, source: {repoURL: x, path: '{{.app}}'}}
`

var world = expand.World{
	Clusters: []expand.Cluster{
		{Name: "us_West", Server: "https://us", Labels: map[string]string{"tier": "prod", "region": "us"}},
		{Name: "eu", Server: "https://eu", Project: "shop", Labels: map[string]string{"tier": "test"}, Annotations: map[string]string{
			"site": "fra", "argocd.argoproj.io/refresh": "x"}},
	},
	Repo: func(url, revision string) (fs.FS, error) {
		if url != "x" {
			return nil, fmt.Errorf("there is no %s at %s", url, revision)
		}
		return fstest.MapFS{
			"apps/a/config.yaml":      {Data: []byte("app: a\nreplicas: 3\n")},
			"apps/B_b/config.yaml":    {Data: []byte("[{app: b1}, {app: b2, path: lost}]")},
			"apps/a/deep/config.yaml": {Data: []byte("app: deep\n")},
			"apps/a-x/empty.yaml":     {},
			"apps/.hidden/x":          {},
			"root.yaml":               {Data: []byte("app: root\n")},
			"broken.yaml":             {Data: []byte("- 1\n")},
			"link.yaml":               {Data: []byte("root.yaml"), Mode: fs.ModeSymlink},
		}, nil
	},
	PullRequests: []expand.PullRequest{
		{Number: 3, Title: "Fix", Branch: "feat/x_Y", TargetBranch: "main", HeadSHA: "0123456789abcdef", Author: "ann", Labels: []string{"preview", "big"}},
		{Number: 12, Title: "Doc", Branch: "doc", TargetBranch: "release", HeadSHA: "012", Author: "bob", Labels: []string{"preview"}},
	},
}

// parse returns the ApplicationSet of a spec.
func parse(tb testing.TB, spec string) object.Object {
	tb.Helper()
	objects, err := object.Parse([]byte("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set, namespace: argocd}\nspec:\n  goTemplate: true\n  goTemplateOptions: [missingkey=error]\n" + spec))
	if err != nil {
		tb.Fatal(err)
	}
	return objects[0]
}

func names(apps []object.Object) []string {
	var out []string
	for _, a := range apps {
		out = append(out, a.Name())
	}
	return out
}

func TestGenerators(t *testing.T) {
	cases := map[string]struct {
		reason string
		spec   string
		name   string // the template's
		want   []string
		change func(*expand.World)
	}{
		"list": {
			reason: "elements come in order, and their numbers are floating",
			spec:   `generators: [{list: {elements: [{a: b, x: 3}, {a: a, x: 1000000}], elementsYaml: "- {a: c, x: 0.5}"}}]`,
			name:   "{{.a}}-{{.x}}", want: []string{"b-3", "a-1e+06", "c-0.5"},
		},
		"several entries": {
			reason: "generators run in the order in which they are written",
			spec:   `generators: [{list: {elements: [{a: z}]}}, {list: {elements: [{a: why}]}}]`,
			name:   "{{.a}}", want: []string{"z", "why"},
		},
		"clusters": {
			reason: "clusters are sorted, and Argo CD's own comes last",
			spec:   `generators: [{clusters: {values: {v: '{{.name}}!'}}}]`,
			name:   `{{.nameNormalized}}-{{.server}}-{{.project}}-{{.values.v}}`,
			want:   []string{"eu-https://eu-shop-eu!", "us-west-https://us--us_West!", "in-cluster-https://kubernetes.default.svc--in-cluster!"},
		},
		"clusters selected by labels": {
			reason: "with a selector, Argo CD's own cluster is not among them",
			spec:   `generators: [{clusters: {selector: {matchLabels: {tier: prod}}}}]`,
			name:   `{{.name}}-{{.metadata.labels.region}}-{{index .metadata.labels "argocd.argoproj.io/secret-type"}}`,
			want:   []string{"us_West-us-cluster"},
		},
		"clusters selected by expressions": {
			reason: "expressions select as those of Kubernetes do, and annotations of Argo CD are hidden",
			spec:   `generators: [{clusters: {selector: {matchExpressions: [{key: region, operator: DoesNotExist}, {key: tier, operator: In, values: [test]}]}}}]`,
			name:   `{{.name}}-{{len .metadata.annotations}}-{{.metadata.annotations.site}}`,
			want:   []string{"eu-1-fra"},
		},
		"flat list": {
			reason: "all clusters are one set of parameters",
			spec:   `generators: [{clusters: {flatList: true}}]`,
			name:   `all{{range .clusters}}-{{.name}}{{end}}`, want: []string{"all-eu-us_West-in-cluster"},
		},
		"flat list of none": {
			reason: "there is one set of parameters even without clusters",
			spec:   `generators: [{clusters: {flatList: true, selector: {matchLabels: {tier: none}}}}]`,
			name:   `all{{range .clusters}}-{{.name}}{{end}}`, want: []string{"all"},
		},
		"registered in-cluster": {
			reason: "where Argo CD's own cluster is registered, it is not added",
			spec:   `generators: [{clusters: {}}]`, name: `{{.name}}`, want: []string{"here"},
			change: func(w *expand.World) {
				w.Clusters = []expand.Cluster{{Name: "here", Server: "https://kubernetes.default.svc"}}
			},
		},
		"git directories": {
			reason: "a star is one directory, an exclusion has the last word, and hidden directories are none",
			spec:   `generators: [{git: {repoURL: x, revision: main, directories: [{path: apps/a-x, exclude: true}, {path: apps/*}], values: {v: '{{.path.basename}}'}}}]`,
			name:   `{{.path.basenameNormalized}}-{{.path.path}}-{{index .path.segments 0}}-{{.values.v}}`,
			want:   []string{"b-b-apps/B_b-apps-B_b", "a-apps/a-apps-a"},
		},
		"git directories in the order of a walk": {
			reason: "what is below a directory comes before what sorts between them",
			spec:   `generators: [{git: {repoURL: x, revision: main, pathParamPrefix: p, directories: [{path: apps/a*}, {path: apps/*/*}]}}]`,
			name:   `{{.p.path.path}}`, want: []string{"apps/a", "apps/a/deep", "apps/a-x"},
		},
		"git files": {
			reason: "git's star takes directories too, and lists make several",
			spec:   `generators: [{git: {repoURL: x, revision: main, files: [{path: apps/*config.yaml}]}}]`,
			name:   `{{.app}}-{{.path.path}}-{{.path.basename}}-{{.path.filename}}-{{.path.filenameNormalized}}`,
			want: []string{"b1-apps/B_b-B_b-config.yaml-config.yaml", "b2-apps/B_b-B_b-config.yaml-config.yaml",
				"a-apps/a-a-config.yaml-config.yaml", "deep-apps/a/deep-deep-config.yaml-config.yaml"},
		},
		"git file in the root": {
			reason: "the root is a dot; with a prefix, the file's own path stays",
			spec:   `generators: [{git: {repoURL: x, revision: main, files: [{path: root.yaml}]}}]`,
			name:   `{{.path.path}}-{{.path.basename}}-{{.path.basenameNormalized}}-{{index .path.segments 0}}`, want: []string{".-.--."},
		},
		"git directory as a file pattern": {
			reason: "a plain path takes the files below it, and an empty file is an empty mapping",
			spec:   `generators: [{git: {repoURL: x, revision: main, files: [{path: apps/a-x}]}}]`,
			name:   `{{.path.filename}}`, want: []string{"empty.yaml"},
		},
		"matrix": {
			reason: "the first generator is the outer loop, and its parameters fill the second one; values may be of either",
			spec: `generators: [{matrix: {generators: [
    {list: {elements: [{a: 1, s: prod}, {a: 2, s: test}]}},
    {clusters: {selector: {matchLabels: {tier: '{{.s}}'}}, values: {own: '{{.name}}', outer: '{{.s}}'}}}]}}]`,
			name: `{{.a}}-{{.name}}-{{.values.outer}}-{{.values.own}}`,
			want: []string{"1-us_West-prod-us_West", "2-eu-test-eu"},
		},
		"matrix of equal keys": {
			reason: "the first generator's value counts, the empty one too; mappings are merged",
			spec: `generators: [{matrix: {generators: [
    {list: {elements: [{a: first, e: "", m: {x: 1}}]}},
    {list: {elements: [{a: second, e: full, m: {x: 2, z: 3}}]}}]}}]`,
			name: `{{.a}}-{{.e}}-{{.m.x}}-{{.m.z}}`, want: []string{"first--1-3"},
		},
		"matrix of a matrix": {
			reason: "combinations are nested once",
			spec: `generators: [{matrix: {generators: [
    {matrix: {generators: [{list: {elements: [{a: 1}, {a: 2}]}}, {list: {elements: [{b: 3}]}}]}},
    {merge: {mergeKeys: [c], generators: [{list: {elements: [{c: '4{{.a}}', d: 5}]}}, {list: {elements: [{c: 41, d: 7}, {c: "42", d: 6}]}}]}}]}}]`,
			name: `{{.a}}{{.b}}{{.c}}{{.d}}`, want: []string{"13415", "23426"},
		},
		"merge": {
			reason: "later generators override, what the first does not have is dropped, and the order is that of the keys",
			spec: `generators: [{merge: {mergeKeys: [name], generators: [
    {clusters: {values: {v: base, w: base}}},
    {list: {elements: [{name: us_West, values: {v: over}}, {name: nowhere}]}},
    {list: {elements: [{name: in-cluster, project: ""}]}}]}}]`,
			name:   `{{.name}}-{{.values.v}}`,
			change: func(w *expand.World) { w.Clusters = w.Clusters[:1] },
			want:   nil,
		},
		"merge of lists": {
			reason: "nothing is a value too, but a missing key is not",
			spec: `generators: [{merge: {mergeKeys: [k], generators: [
    {list: {elements: [{k: b, v: base, l: [1]}, {k: a, v: base, l: [2]}]}},
    {list: {elements: [{k: a, v: "", l: []}, {k: c, v: x}]}}]}}]`,
			name: `{{.k}}-{{.v}}-{{len .l}}`, want: []string{"a--0", "b-base-1"},
		},
		"pull requests": {
			reason: "the forge's labels are all needed",
			spec:   `generators: [{pullRequest: {github: {owner: o, repo: r, labels: [preview]}, values: {v: '{{.number}}'}}}]`,
			name:   `{{.number}}-{{.title}}-{{.branch}}-{{.target_branch}}-{{.head_short_sha}}-{{.head_short_sha_7}}-{{.author}}-{{len .labels}}-{{.values.v}}`,
			want:   []string{"3-Fix-feat/x_Y-main-01234567-0123456-ann-2-3", "12-Doc-doc-release-012-012-bob-1-12"},
		},
		"pull requests filtered": {
			reason: "the fields of a filter are all needed, one of the filters is enough",
			spec: `generators: [{pullRequest: {gitlab: {project: "1"}, filters: [
    {branchMatch: "^feat/", titleMatch: Nothing}, {targetBranchMatch: "^rel"}]}}]`,
			name: `{{.number}}`, want: []string{"12"},
		},
		"selector of an entry": {
			reason: "what the generator made is selected by dotted keys, and no such key is not in",
			spec: `generators: [
    {list: {elements: [{a: x, m: {app: [on1, "two words"]}}, {a: why}]}, selector: {matchLabels: {m.app.1: two words}}},
    {list: {elements: [{a: z}, {a: w, b: "1"}]}, selector: {matchExpressions: [{key: b, operator: NotIn, values: ["1"]}]}},
    {clusters: {}, selector: {matchExpressions: [{key: metadata.labels.tier, operator: Exists}, {key: name, operator: In, values: [eu]}]}, x: null}]`,
			name: `{{with index . "a"}}{{.}}{{else}}{{$.name}}{{end}}`, want: []string{"x", "z", "eu"},
		},
		"selector within a matrix": {
			reason: "generators within a matrix have selectors of their own, which are taken as written",
			spec: `generators: [{matrix: {generators: [
    {list: {elements: [{a: x}, {a: why}]}, selector: {matchLabels: {a: why}}}, {list: {elements: [{b: 1}]}}]}}]`,
			name: `{{.a}}{{.b}}`, want: []string{"why1"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world
			if tc.change != nil {
				tc.change(&w)
			}
			got, err := expand.Applications(parse(t, "  "+tc.spec+strings.ReplaceAll(plainTemplate, "{{.app}}", tc.name)), w)
			if name == "merge" {
				if err == nil || !strings.Contains(err.Error(), "values is generated by one generator and listed by another") {
					t.Errorf("%s: got %v", tc.reason, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, names(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestApplications(t *testing.T) {
	cases := map[string]struct {
		reason, spec, want string
	}{
		"whole": {
			reason: "strings and keys are templates, null is dropped, the namespace is the set's, and the finalizer is added",
			spec: `
  generators: [{list: {elements: [{a: x, app: 3}]}}]
  template:
    metadata: {name: '{{.a}}', namespace: lost, labels: {'l-{{.a}}': '{{.app}}'}, generateName: lost}
    spec:
      project: shop
      revisionHistoryLimit: 3
      source: {helm: {valuesObject: {'{{.a}}': ['{{.app}}', 2, null], gone: null}}}`,
			want: `
metadata: {name: x, namespace: argocd, labels: {l-x: "3"}, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: shop
  revisionHistoryLimit: 3
  source: {helm: {valuesObject: {x: ["3", 2, null]}}}`,
		},
		"own finalizers": {
			reason: "finalizers of the template are kept as they are",
			spec: `
  generators: [{list: {elements: [{a: x}]}}]
  template: {metadata: {name: x, finalizers: [my/own]}, spec: {project: shop}}`,
			want: `
metadata: {name: x, namespace: argocd, finalizers: [my/own]}
spec: {project: shop}`,
		},
		"preserved resources": {
			reason: "resources that outlive the Application need no finalizer",
			spec: `
  syncPolicy: {preserveResourcesOnDeletion: true}
  generators: [{list: {elements: [{a: x}]}}]
  template: {metadata: {name: x}, spec: {project: shop}}`,
			want: `
metadata: {name: x, namespace: argocd}
spec: {project: shop}`,
		},
		"no parameters": {
			reason: "without any parameter, the template is taken as it is",
			spec: `
  generators: [{list: {elements: [{}]}}]
  template: {metadata: {name: x, annotations: {a: '{{.x}}'}}, spec: {project: shop}}`,
			want: `
metadata: {name: x, namespace: argocd, annotations: {a: '{{.x}}'}}
spec: {project: shop}`,
		},
		"template of a generator": {
			reason: "the set's template fills what the generator's leaves open; free values are not merged",
			spec: `
  generators:
  - list:
      elements: [{a: x}]
      template:
        metadata: {labels: {a: own}, name: ""}
        spec: {destination: {name: '{{.a}}'}, sources: [{path: own}], project: "", source: {helm: {valuesObject: {a: 1}}}}
  template:
    metadata: {name: '{{.a}}', labels: {a: set, b: set}}
    spec: {destination: {name: set, namespace: set}, sources: [{path: a}, {path: b}], project: shop, source: {path: p, helm: {valuesObject: {b: 1}}}}`,
			want: `
metadata: {name: x, namespace: argocd, labels: {a: own, b: set}, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec: {destination: {name: x, namespace: set}, sources: [{path: own}], project: shop, source: {path: p, helm: {valuesObject: {a: 1}}}}`,
		},
		"patch": {
			reason: "mappings are merged, null removes, lists are replaced, finalizers are added, the project stays",
			spec: `
  generators: [{list: {elements: [{a: x, options: [A=1, B=2]}]}}]
  template:
    metadata: {name: '{{.a}}', labels: {gone: x, kept: x}}
    spec: {project: shop, syncPolicy: {syncOptions: [C=3], automated: {prune: true}}, source: {helm: {valuesObject: {a: 1}}}}
  templatePatch: |
    metadata:
      labels: {gone: null, new: '{{.a}}'}
      finalizers: [my/own]
    spec:
      project: stolen
      syncPolicy:
        automated: {prune: {{not true}}, selfHeal: null}
        syncOptions:
        {{- range .options }}
        - {{ . }}
        {{- end }}
      source: {helm: {valuesObject: {b: {c: null, d: 2}}}}`,
			want: `
metadata: {name: x, namespace: argocd, labels: {kept: x, new: x}, finalizers: [my/own, resources-finalizer.argocd.argoproj.io]}
spec: {project: shop, syncPolicy: {syncOptions: [A=1, B=2], automated: {prune: false}}, source: {helm: {valuesObject: {a: 1, b: {d: 2}}}}}`,
		},
		"empty patch": {
			reason: "a patch without content changes nothing",
			spec: `
  generators: [{list: {elements: [{a: x}]}}]
  template: {metadata: {name: x}, spec: {project: shop}}
  templatePatch: '{{if eq .a "why"}}spec: {}{{end}}'`,
			want: `
metadata: {name: x, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec: {project: shop}`,
		},
		"patch that replaces": {
			reason: "directives replace a mapping, and JSON is JSON",
			spec: `
  generators: [{list: {elements: [{a: x}]}}]
  template: {metadata: {name: x, labels: {a: b}}, spec: {project: shop, destination: {name: a}, syncPolicy: {automated: {}}}}
  templatePatch: '{"metadata": {"labels": {"$patch": "delete"}, "$deleteFromPrimitiveList/finalizers": ["resources-finalizer.argocd.argoproj.io"]}, "spec": {"destination": {"$patch": "replace", "server": "{{.a}}"}}}'`,
			want: `
metadata: {name: x, namespace: argocd}
spec: {project: shop, destination: {server: x}, syncPolicy: {automated: {}}}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := expand.Applications(parse(t, tc.spec), world)
			if err != nil {
				t.Fatal(err)
			}
			want, err := object.Parse([]byte("apiVersion: argoproj.io/v1alpha1\nkind: Application" + tc.want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want[0].Map(), got[0].Map()); diff != "" || len(got) != 1 {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
