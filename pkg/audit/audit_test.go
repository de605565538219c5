package audit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// ruleCase changes the fleet so that it breaks rules.
type ruleCase struct {
	reason string
	change func(*model.Fleet)
	want   []string
}

// TestRules checks which rules the fleet breaks once it is changed.
func TestRules(t *testing.T) {
	for name, tc := range previewCases {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			tc.change(f)
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
