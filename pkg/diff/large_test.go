package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: %[1]s
  namespace: shop-%[2]s
spec:
  replicas: 2
  selector:
    matchLabels:
      app: %[1]s
  template:
    metadata:
      labels:
        app: %[1]s
    spec:
      containers:
      - name: %[1]s
        image: registry.example.com/%[1]s:1
        env:
        - name: SETTING
          value: "%[3]s"
`

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: %[1]s-%[2]s-east
  namespace: argocd
  labels:
    gitopsgen.dev/cluster: east
    gitopsgen.dev/environment: %[2]s
    setting: "%[3]s"
spec:
  source:
    path: rendered/%[2]s/east/apps/%[1]s
  destination:
    namespace: shop-%[2]s
`

// rendered returns the tree of some apps in two environments, with fields that hold
// a value.
func rendered(t testing.TB, apps int, value string) *tree.Tree {
	t.Helper()
	var files []tree.File
	for i := range apps {
		app := fmt.Sprintf("app-%04d", i)
		for _, env := range []string{"dev", "prod"} {
			files = append(files,
				tree.File{Path: "rendered/" + env + "/east/apps/" + app + "/deployment.yaml", Data: fmt.Appendf(nil, deployment, app, env, value)},
				tree.File{Path: "argocd/apps/" + env + "/" + app + "-east.yaml", Data: fmt.Appendf(nil, application, app, env, value)})
		}
	}
	out, err := tree.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLarge changes a field of 2,000 apps: that is one page.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	text, markdown, omitted := shown(t, rendered(t, 2000, "off"), rendered(t, 2000, "on"))
	if omitted != nil {
		t.Errorf("%q is left out", omitted)
	}
	checkBody(t, markdown)
	if n := strings.Count(text, "\n"); n > 25 || len(text) > 2500 {
		t.Errorf("a field of 2,000 apps has %d lines and %d bytes:\n%.5000s", n, len(text), text)
	}
	if len(markdown) > 3000 {
		t.Errorf("a field of 2,000 apps has %d bytes:\n%.5000s", len(markdown), markdown)
	}
	compare(t, "One change is reported once.", "large.txt", text)
}

// BenchmarkTrees shows how the time grows with the number of apps that change.
func BenchmarkTrees(b *testing.B) {
	for _, apps := range []int{250, 500, 1000, 2000} {
		before, after := rendered(b, apps, "off"), rendered(b, apps, "on")
		b.Run(fmt.Sprintf("apps=%d", apps), func(b *testing.B) {
			for b.Loop() {
				shown(b, before, after)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N*apps), "µs/app")
		})
	}
}

// shown compares two trees, as text and as Markdown.
func shown(tb testing.TB, before, after *tree.Tree) (text, markdown string, omitted []string) {
	tb.Helper()
	report, err := diff.Trees(before, after)
	if err != nil {
		tb.Fatal(err)
	}
	var out strings.Builder
	if err := report.Write(&out, diff.Text); err != nil {
		tb.Fatal(err)
	}
	markdown, omitted = report.Markdown(diff.DefaultLimit)
	return out.String(), markdown, omitted
}
