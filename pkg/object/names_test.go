package object_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestCheckName checks names at the limits of their kinds, and one beyond.
func TestCheckName(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, group, kind string
		most                int
	}{
		"Service":     {"A Service is a name of the DNS.", "", "Service", 63},
		"Namespace":   {"So is a namespace.", "", "Namespace", 63},
		"Job":         {"Pods carry the name of their Job as a label.", "batch", "Job", 63},
		"CronJob":     {"A CronJob appends the time to the names of its Jobs.", "batch", "CronJob", 52},
		"StatefulSet": {"Pods carry the name of their revision as a label.", "apps", "StatefulSet", 52},
		"Deployment":  {"Names of pods are cut.", "apps", "Deployment", 253},
		"Knative":     {"Limits are those of Kubernetes' own kinds.", "serving.knative.dev", "Service", 253},
		"ConfigMap":   {"Most names are subdomains.", "", "ConfigMap", 253},
	} {
		t.Run(name, func(t *testing.T) {
			if err := object.CheckName(tc.group, tc.kind, strings.Repeat("a", tc.most)); err != nil {
				t.Errorf("%s: %v", tc.reason, err)
			}
			if object.CheckName(tc.group, tc.kind, strings.Repeat("a", tc.most+1)) == nil {
				t.Errorf("%s: a name of %d characters passes", tc.reason, tc.most+1)
			}
		})
	}
	for name, tc := range map[string]struct {
		reason, group, kind, name string
		ok                        bool
	}{
		"Role":      {"Roles have names of any characters but slashes.", "rbac.authorization.k8s.io", "ClusterRole", "system:node", true},
		"RoleSlash": {"A slash ends a segment of a path.", "rbac.authorization.k8s.io", "Role", "a/b", false},
		"Dots":      {"A CustomResourceDefinition has dots.", "apiextensions.k8s.io", "CustomResourceDefinition", "things.example.com", true},
		"Digit":     {"A Service begins with a letter.", "", "Service", "1a", false},
		"Upper":     {"Nothing is in upper case.", "", "ConfigMap", "Web", false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := object.CheckName(tc.group, tc.kind, tc.name); (err == nil) != tc.ok {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

// TestCheckVolumeName checks names of volumes, which are labels.
func TestCheckVolumeName(t *testing.T) {
	for name, ok := range map[string]bool{strings.Repeat("a", 63): true, strings.Repeat("a", 64): false, "a.b": false, "A": false} {
		if err := object.CheckVolumeName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestCheckLabel checks values of labels.
func TestCheckLabel(t *testing.T) {
	for value, ok := range map[string]bool{"": true, strings.Repeat("a", 63): true, strings.Repeat("a", 64): false, "a b": false} {
		if err := object.CheckLabel(value); (err == nil) != ok {
			t.Errorf("%q: %v", value, err)
		}
	}
}
