package finding_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

func at(file string, line, col int) finding.Position {
	return finding.Position{File: file, Line: line, Col: col}
}

func TestPositionsAt(t *testing.T) {
	m := finding.Positions{
		"":                           at("fleet.yaml", 1, 1),
		"apps[a]":                    at("a.yaml", 1, 1),
		"apps[a].spec.labels":        at("a.yaml", 5, 3),
		"apps[a].spec.labels[x.y/z]": at("a.yaml", 6, 5),
		`apps[a].spec.labels[\].b]`:  at("a.yaml", 7, 5),
	}
	for path, want := range map[fieldpath.Path]finding.Position{
		"":                                 at("fleet.yaml", 1, 1),
		"name":                             at("fleet.yaml", 1, 1),
		"apps[b].spec":                     at("fleet.yaml", 1, 1),
		"apps[a]":                          at("a.yaml", 1, 1),
		"apps[a].spec.image":               at("a.yaml", 1, 1),
		"apps[a].spec.labels[x.y/z]":       at("a.yaml", 6, 5),
		"apps[a].spec.labels[x.y/z].value": at("a.yaml", 6, 5),
		"apps[a].spec.labels[x.y/other]":   at("a.yaml", 5, 3),
		`apps[a].spec.labels[\].b][0]`:     at("a.yaml", 7, 5),
		`apps[a].spec.labels[\].c]`:        at("a.yaml", 5, 3),
	} {
		if got := m.At(path); got != want {
			t.Errorf("At(%q): got %v, want %v", path, got, want)
		}
	}
	if got := finding.Positions(nil).At("a.b[c]"); !got.IsZero() {
		t.Errorf("At of no positions: got %v, want none", got)
	}
}

func TestFindingString(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		in     finding.Finding
		want   string
	}{
		"Full":    {"Everything stands in one line.", finding.Finding{Position: at("a.yaml", 3, 5), Path: "apps[a].spec.image", Reason: "the tag is missing", Fix: "add one"}, "a.yaml:3:5: apps[a].spec.image: the tag is missing (add one)"},
		"Built":   {"What was built in Go has no position.", finding.Finding{Path: "name", Reason: "it is empty"}, "name: it is empty"},
		"Warning": {"Warnings say so.", finding.Finding{Severity: finding.Warning, Position: at("a.yaml", 1, 1), Reason: "nothing selects this"}, "a.yaml:1:1: warning: nothing selects this"},
		"Bare":    {"A reason is enough.", finding.Finding{Reason: "there is no fleet"}, "there is no fleet"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.in.String()); diff != "" {
				t.Errorf("%s: String (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestList(t *testing.T) {
	a := finding.Finding{Rule: "r", Severity: finding.Error, Position: at("a", 2, 1), Path: "x", Reason: "one"}
	b := finding.Finding{Rule: "q", Severity: finding.Error, Position: at("a", 10, 1), Path: "x", Reason: "two"}
	w := finding.Finding{Rule: "r", Severity: finding.Warning, Position: at("a", 1, 9), Path: "x", Reason: "three"}
	n := finding.Finding{Rule: "r", Severity: finding.Error, Path: "y", Reason: "four"}
	list := finding.List{b, a, w, a, n, b}
	if diff := cmp.Diff(finding.List{n, w, a, b}, append(finding.List{}, list...).Sort()); diff != "" {
		t.Errorf("Sort: by position, then path, once each (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(finding.List{w}, list.Warnings()); diff != "" {
		t.Errorf("Warnings (-want +got):\n%s", diff)
	}
	err := fmt.Errorf("loading: %w", list.Err())
	var findings *finding.ValidationError
	if !errors.As(err, &findings) {
		t.Fatalf("Err: got %v, want findings", err)
	}
	if diff := cmp.Diff(finding.List{n, a, b}, findings.List); diff != "" {
		t.Errorf("Err holds the errors, sorted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("loading: y: four\na:2:1: x: one\na:10:1: x: two", err.Error()); diff != "" {
		t.Errorf("Error (-want +got):\n%s", diff)
	}
	if err := (finding.List{w}).Err(); err != nil {
		t.Errorf("Err of warnings alone: got %v, want none", err)
	}
}

func TestNearest(t *testing.T) {
	fields := []string{"image", "replicas", "resources", "readinessProbe", "env", "ports", "port"}
	for name, want := range map[string]string{
		"imgae": "image", "replica": "replicas", "Replicas": "replicas", "ressources": "resources", "readynessProbe": "readinessProbe",
		"prot": "port", "port": "port", "volumes": "", "x": "", "": "", "e": "", "environment": "",
	} {
		if got := finding.Nearest(name, fields); got != want {
			t.Errorf("Nearest(%q): got %q, want %q", name, got, want)
		}
	}
	if got := finding.Nearest("a", nil); got != "" {
		t.Errorf("Nearest without candidates: got %q", got)
	}
	if got := finding.Nearest("cat1", []string{"cat3", "cat2"}); got != "cat2" {
		t.Errorf("Nearest of two equally near: got %q, want the first of the alphabet", got)
	}
}
