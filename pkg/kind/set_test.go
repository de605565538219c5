package kind_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// TestNewSet joins the table with the kinds of an operator.
func TestNewSet(t *testing.T) {
	job := kind.Kind{Name: kind.Name{Group: "argoproj.io", Kind: "AnalysisRun"}, PodTemplate: []string{"spec", "template"}}
	widget := kind.Kind{Name: kind.Name{Group: "example.com", Kind: "Widget"}, Scope: kind.Cluster, HoldsData: true}
	tests := map[string]struct {
		reason string
		more   []kind.Kind
		err    string
	}{
		"None":     {"The table alone is a set.", nil, ""},
		"More":     {"A kind that nobody knows joins, and one of which the scope is known.", []kind.Kind{job, widget}, ""},
		"Twice":    {"Two packages must not describe one kind.", []kind.Kind{widget, job, widget}, "the kind Widget.example.com is described twice"},
		"Builtin":  {"Kubernetes' own kinds belong to the table.", []kind.Kind{{Name: kind.Name{Kind: "Node"}}}, "the kind Node is described twice"},
		"Operated": {"So do those of operators that it describes.", []kind.Kind{{Name: kind.Name{Group: "argoproj.io", Kind: "Rollout"}}}, "the kind Rollout.argoproj.io is described twice"},
		"NoName":   {"A kind has a name.", []kind.Kind{{Name: kind.Name{Group: "example.com"}}}, `a kind of the group "example.com" has no name`},
		"NoScope":  {"A scope is known or given.", []kind.Kind{{Name: widget.Name}}, "the kind Widget.example.com has no scope"},
		"OtherScope": {"The definitions of an operator are right about its scope.", []kind.Kind{{Name: job.Name, Scope: kind.Cluster}},
			"the kind AnalysisRun.argoproj.io is Namespaced, and not Cluster"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := kind.NewSet(tc.more...)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.err, got); diff != "" {
				t.Fatalf("%s error (-want +got):\n%s", tc.reason, diff)
			}
			if err != nil {
				return
			}
			for _, k := range tc.more {
				found := s.Lookup(k.Name)
				if found.Scope == kind.Unknown {
					t.Errorf("%s %s has no scope", tc.reason, k.Name)
				}
				if k.Scope = found.Scope; !cmp.Equal(k, found) {
					t.Errorf("%s (-want +got):\n%s", tc.reason, cmp.Diff(k, found))
				}
			}
			if deployment := s.Lookup(kind.Name{Group: "apps", Kind: "Deployment"}); deployment.Rollout == nil {
				t.Errorf("%s The set has lost Deployments", tc.reason)
			}
		})
	}
}
