package diff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
func rendered(t *testing.T, apps int, value string) *tree.Tree {
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

// TestLarge changes a field of 2,000 apps: that is one page. The time grows with
// the number of apps, and not with its square.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	measure := func(apps int) (text, markdown string, took time.Duration) {
		before, after := rendered(t, apps, "off"), rendered(t, apps, "on")
		start := time.Now()
		report, err := diff.Trees(before, after)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := report.Write(&b, diff.Text); err != nil {
			t.Fatal(err)
		}
		markdown, omitted := report.Markdown(diff.DefaultLimit)
		if omitted != nil {
			t.Errorf("%q is left out", omitted)
		}
		return b.String(), markdown, time.Since(start)
	}
	_, _, few := measure(250)
	text, markdown, many := measure(2000)
	t.Logf("250 apps took %s, 2,000 took %s", few, many)
	if many > 40*few { // 8 times as many
		t.Errorf("250 apps took %s, 2,000 took %s", few, many)
	}
	checkBody(t, markdown)
	if n := strings.Count(text, "\n"); n > 25 || len(text) > 2500 {
		t.Errorf("a field of 2,000 apps has %d lines and %d bytes:\n%.5000s", n, len(text), text)
	}
	if len(markdown) > 3000 {
		t.Errorf("a field of 2,000 apps has %d bytes:\n%.5000s", len(markdown), markdown)
	}
	compare(t, "One change is told once.", "large.txt", text)
}
