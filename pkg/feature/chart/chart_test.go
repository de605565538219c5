package chart_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// platform are the documents before that of the app.
const platform = `apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: one}
spec: {kubernetesVersion: "1.34"}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec: {clusters: [one], domain: dev.example.com}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: prod}
spec: {clusters: [one], domain: example.com, promotedFrom: dev}
---
`

// app begins the document of an app, whose spec begins in line 24.
const app = `apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec:
`

// read reads a fleet with an app of a spec, and the chart of testdata beside it.
func read(t *testing.T, documents string) *load.Result {
	t.Helper()
	all := fstest.MapFS{"fleet.yaml": {Data: []byte(documents)}}
	if !strings.Contains(documents, "path: web") {
		return loaded(t, all)
	}
	err := filepath.WalkDir("testdata/web", func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		all[strings.TrimPrefix(filepath.ToSlash(name), "testdata/")] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return loaded(t, all)
}

func loaded(t *testing.T, all fstest.MapFS) *load.Result {
	t.Helper()
	found, err := load.FS(all, "f")
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, found...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// rendered renders a fleet, and proves what it wrote.
func rendered(l *load.Result, more ...render.Option) (*render.Result, error) {
	opts := []render.Option{render.WithPositions(l.Positions), render.WithCharts(helm.NewRenderer(helm.Options{Local: l.Charts}))}
	return render.Fleet(context.Background(), l.Fleet, append(opts, more...)...)
}

// golden is an app that has all that a chart app can have.
const golden = platform + app + `  chart:
    path: web
    values: {host: www.example.com, hooks: {migrate: true, install: true}, secret: {config.ini: "[log]\nlevel = debug\n"}}
    valuesFrom: {host: "{app}.{domain}"}
  patches: [{merge: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort}}}]
  objects: [{apiVersion: web.example.com/v1, kind: Site, metadata: {name: main}, spec: {title: web}}]
  environments:
    prod:
      chart:
        values: {replicaCount: 3, args: [serve, --fast], metrics: null, env: {LEVEL: info}}
        valuesFrom: {image.tag: "{env}-1"}
`

// TestTree writes the tree of an app with a chart: every overlay is proved.
func TestTree(t *testing.T) {
	result, err := rendered(read(t, golden))
	if err != nil {
		t.Fatal(err)
	}
	if result.Report.Proved != len(result.Targets) || result.Report.Proved < 4 {
		t.Errorf("%d of %d targets are proved", result.Report.Proved, len(result.Targets))
	}
	want := []string{
		"f/fleet.yaml:25:5: warning: apps[web].spec.chart: the hook Job web-install of web/templates/hooks.yaml:30 is one of post-install alone, and Argo CD runs it at each sync (turn it off by a value, set hooks: none, or check that it can run again)",
		"f/fleet.yaml:25:5: warning: apps[web].spec.chart: namespace shop-dev denies all traffic that no network policy allows, and no policy selects the pods of Job web-cleanup, Job web-install, Job web-migrate (add network policies for them to objects, those for hooks as hooks too, or set namespaces.defaultDeny of the environment to false)",
		"f/fleet.yaml:25:5: warning: apps[web].spec.chart: namespace shop-prod denies all traffic that no network policy allows, and no policy selects the pods of Job web-cleanup, Job web-install, Job web-migrate (add network policies for them to objects, those for hooks as hooks too, or set namespaces.defaultDeny of the environment to false)",
		"f/fleet.yaml:25:5: warning: apps[web].spec.chart: the ServiceAccount of Deployment web has permissions in the API of the cluster, and no network policy lets the pods reach its API server (add {kubernetesAPI: true} to talksTo)",
	}
	if diff := cmp.Diff(want, texts(result.Findings, "chart")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	compare(t, "testdata/golden.txt", result.Tree)
}

// TestAPIAccess checks that pods of a chart that use the API server may reach it, once
// the app says that it calls it.
func TestAPIAccess(t *testing.T) {
	for reason, tc := range map[string]struct {
		more string
		want bool
	}{
		"nothing is declared":   {"", true},
		"the call is declared":  {"  talksTo: [{kubernetesAPI: true}]\n", false},
		"another is":            {"  talksTo: [{host: example.com, port: 443}]\n", true},
		"a policy of one's own": {"  objects: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: own}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}}]\n", false},
	} {
		result, err := rendered(read(t, platform+app+"  chart: {path: web}\n"+tc.more))
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(result.Findings, func(f finding.Finding) bool { return f.Rule == "no-api-access" }); got != tc.want {
			t.Errorf("%s: found %v, want %v", reason, got, tc.want)
		}
	}
}

// texts returns findings whose path contains a text.
func texts(list finding.List, part string) []string {
	var out []string
	for _, f := range list {
		if strings.Contains(string(f.Path), part) {
			out = append(out, f.String())
		}
	}
	return out
}

// compare compares the files of the app in a tree with a golden file.
func compare(t *testing.T, name string, tr *tree.Tree) {
	t.Helper()
	var b strings.Builder
	for _, f := range tr.Files() {
		if strings.HasPrefix(f.Path, "apps/") || strings.HasPrefix(f.Path, "platform/web/") {
			b.WriteString("-- " + f.Path + " --\n" + string(f.Data))
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the tree (-want +got):\n%s", diff)
	}
}

// TestFindings checks what is refused of a chart, and where it is reported.
func TestFindings(t *testing.T) {
	const chart = "  chart:\n    path: web\n"
	for name, tc := range map[string]struct{ reason, before, spec, want string }{
		"Schema":       {"A value that the chart's schema refuses is found on its line.", "", chart + "    values:\n      replicaCount: many\n", "f/fleet.yaml:27:21: apps[web].spec.chart.values[replicaCount]: "},
		"SchemaInProd": {"Also in an override.", "", chart + "  environments:\n    prod: {chart: {values: {replicaCount: -1}}}\n", "f/fleet.yaml:27:43: apps[web].environments[prod].chart.values[replicaCount]: "},
		"Fails":        {"What a template says has its place.", "", chart + "    values: {require: needed}\n", "f/fleet.yaml:25:5: apps[web].spec.chart: web/templates/workload.yaml:1: "},
		"Version":      {"So has what the chart requires of the cluster.", strings.Replace(platform, "1.34", "1.29", 1), chart, "f/fleet.yaml:25:5: apps[web].spec.chart: web/Chart.yaml: the chart requires Kubernetes >=1.30.0-0, and the cluster has v1.29"},
		"Secret":       {"A credential in a Secret is refused, with the ways out.", "", chart + "    values: {secret: {password: hunter2hunter2}}\n", "f/fleet.yaml:25:5: apps[web].spec.chart: the Secret web-config of web/templates/workload.yaml:68 holds a credential: the value of password looks like "},
		"Beside":       {"A workload is what the values say.", "", chart + "  replicas: 2\n  image: web:1\n", "f/fleet.yaml:26:13: apps[web].spec.replicas: replicas has no effect on the objects of a chart (set a value of the chart under chart.values, or patch its objects)"},
		"BesideInProd": {"Also in an override.", "", chart + "  environments: {prod: {replicas: 2}}\n", "f/fleet.yaml:26:35: apps[web].environments[prod].replicas: replicas has no effect"},
		"Source":       {"There is one source.", "", chart + "  source: {path: web/crds}\n", "f/fleet.yaml:25:5: apps[web].spec.chart: a chart and a source are set (keep one of them)"},
		"Both":         {"A chart is in one place.", "", chart + "    name: web\n", "f/fleet.yaml:25:5: apps[web].spec.chart: path is set beside a chart of a repository (keep path, or repository, name and version)"},
		"None":         {"Values alone are not a chart.", "", "  chart: {values: {a: 1}}\n", "f/fleet.yaml:24:10: apps[web].spec.chart: the app has values for a chart, but no chart (set path, or repository, name and version)"},
		"Defaults":     {"Nor do many apps share one.", strings.Replace(platform, "domain: dev.example.com", "domain: dev.example.com, defaults: {chart: {name: web}}", 1), chart, "f/fleet.yaml:13:75: environments[dev].defaults.chart.name: the defaults of many apps name a chart (set it in an app, or in the overrides of an app)"},
		"Words":        {"Words are known.", "", chart + "    hooks: helm\n", `f/fleet.yaml:26:12: apps[web].spec.chart.hooks: "helm" is not a valid value (use argocd or none)`},
		"Release":      {"Helm takes a name or not.", "", chart + "    releaseName: Web\n", `f/fleet.yaml:26:18: apps[web].spec.chart.releaseName: "Web" is not a valid release name`},
		"From":         {"Placeholders are known.", "", chart + "    valuesFrom: {host: '{region}'}\n", "f/fleet.yaml:26:24: apps[web].spec.chart.valuesFrom[host]: {region} is not a known placeholder (use {app}, {cluster}, {domain}, {env}, {namespace}, {project})"},
		"FromWhere":    {"What the model does not know is said.", strings.Replace(platform, ", domain: dev.example.com", "", 1), chart + "    valuesFrom: {host: '{domain}'}\n", "f/fleet.yaml:26:24: apps[web].spec.chart.valuesFrom[host]: the environment dev has no domain"},
		"FromEntry":    {"A list is as long as it is.", "", chart + "    valuesFrom: {'args[3]': '{env}'}\n", "f/fleet.yaml:26:29: apps[web].spec.chart.valuesFrom[args[3\\]]: values have no list args"},
		"Twice":        {"Two objects cannot be the same.", "", chart + "    values: {extra: [{apiVersion: v1, kind: Service, metadata: {name: web}}]}\n", "f/fleet.yaml:25:5: apps[web].spec.chart: two objects are Service web, one of them of web/templates/workload.yaml:"},
		"NoName":       {"An object needs a name.", "", chart + "    values: {extra: [{apiVersion: batch/v1, kind: Job, metadata: {generateName: x-}}]}\n", "f/fleet.yaml:25:5: apps[web].spec.chart: web/templates/workload.yaml:"},
		"NoChart":      {"What is not locked cannot be rendered.", "", "  chart: {repository: 'https://charts.example.com', name: web, version: 1.0.0}\n", "f/fleet.yaml:24:23: apps[web].spec.chart.repository: the program has no charts of repositories"},
	} {
		t.Run(name, func(t *testing.T) {
			before := platform
			if tc.before != "" {
				before = tc.before
			}
			_, err := rendered(read(t, before+app+tc.spec))
			var found *finding.ValidationError
			if !errors.As(err, &found) {
				t.Fatalf("%s: nothing was found: %v", tc.reason, err)
			}
			if !slices.ContainsFunc(found.List, func(f finding.Finding) bool { return strings.HasPrefix(f.String(), tc.want) }) {
				t.Errorf("%s (-want +got):\n%s", tc.reason, cmp.Diff(tc.want, err.Error()))
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the finding shows the credential")
			}
		})
	}
}

// TestWithoutCharts renders with a program that renders no charts.
func TestWithoutCharts(t *testing.T) {
	l := read(t, platform+app+"  chart: {path: web}\n")
	_, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
	const want = "f/fleet.yaml:24:10: apps[web].spec.chart: the program renders no charts (in Go, pass render.WithCharts(helm.NewRenderer(…)))"
	if err == nil || err.Error() != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, err.Error()))
	}
	if set := features.Default(); set == nil {
		t.Error("the features do not go together")
	}
}
