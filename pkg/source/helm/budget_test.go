package helm_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// runaways are templates without end, and what is said of them.
var runaways = map[string]struct{ reason, template, want string }{
	"Time":    {"A loop takes time.", `{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`, "take too long"},
	"Growth":  {"A text doubles again and again.", `{{ $s := "0123456789abcdef" }}{{ range until 40 }}{{ $s = print $s $s }}{{ end }}`, "GiB of memory"},
	"Repeat":  {"An argument is too large.", `{{ $s := repeat 6000000000 "x" }}`, "GiB of memory"},
	"Until":   {"A list is too long.", `{{ $l := until 2000000000 }}`, "GiB of memory"},
	"Calls":   {"A text includes itself.", `{{ tpl .Values.t . }}`, "too deeply"},
	"Include": {"Templates include each other.", `{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}`, "nested reference name: a"},
	"Output":  {"A text is too long.", `{{ repeat 70000000 "x" }}`, "more than 64 MiB"},
}

// TestBudget runs each template without end in a process of its own, which has to end
// after it.
func TestBudget(t *testing.T) {
	if name := os.Getenv("GITOPSGEN_TEST_RUNAWAY"); name != "" {
		runaway(t, name)
		os.Exit(0) // what goes on ends here
	}
	if testing.Short() {
		t.Skip("takes memory")
	}
	for name, tc := range runaways {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestBudget$")
			cmd.Env = append(os.Environ(), "GITOPSGEN_TEST_RUNAWAY="+name)
			start := time.Now()
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), tc.want) {
				t.Errorf("%s Render: %v, want %q in\n%.2000s", tc.reason, err, tc.want, out)
			}
			t.Logf("%v", time.Since(start).Round(time.Millisecond))
		})
	}
}

// runaway renders a template without end, and prints what comes of it.
func runaway(t *testing.T, name string) {
	c, err := helm.LoadFiles([]helm.File{
		{Name: "Chart.yaml", Data: []byte(chartYAML)},
		{Name: "templates/a.yaml", Data: []byte(runaways[name].template)},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36", Values: map[string]any{"t": "{{ tpl .Values.t . }}"}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if name == "Time" {
		ctx, cancel = context.WithTimeout(ctx, time.Second)
		defer cancel()
	}
	_, err = c.Render(ctx, r)
	var spent *helm.BudgetError
	_, again := c.Render(context.Background(), r)
	switch isBudget := errors.As(err, &spent); {
	case isBudget && spent.Running && !errors.Is(again, error(spent)):
		_, _ = os.Stdout.WriteString("rendered again: " + again.Error())
	case err != nil:
		_, _ = os.Stdout.WriteString(err.Error())
	}
}

// TestCanceled checks that a render ends with its context, and that this is not held
// against the chart.
func TestCanceled(t *testing.T) {
	c := own(t, "shop")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36"}
	if _, err := c.Render(ctx, r); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Render with an ended context = %v", err)
	}
	if _, err := c.Render(context.Background(), r); err != nil {
		t.Errorf("Render after that = %v", err)
	}
}
