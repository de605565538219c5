package view_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func TestStages(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		from   map[string]string // by environment, what it is promoted from
		want   map[string]int
	}{
		"Chain":   {"Each is one behind the other.", map[string]string{"prod": "staging", "staging": "dev", "dev": ""}, map[string]int{"dev": 1, "staging": 2, "prod": 3}},
		"Fork":    {"Two may come from one.", map[string]string{"dev": "", "eu": "dev", "us": "dev"}, map[string]int{"dev": 1, "eu": 2, "us": 2}},
		"Unknown": {"One that nobody described counts.", map[string]string{"prod": "staging"}, map[string]int{"prod": 2}},
		"Circle":  {"A circle, which is refused elsewhere, ends.", map[string]string{"a": "b", "b": "a"}, map[string]int{"a": 3, "b": 3}},
	} {
		t.Run(name, func(t *testing.T) {
			f := &model.Fleet{}
			for e, from := range tc.from {
				f.Environments = append(f.Environments, model.Environment{Name: e, PromotedFrom: from})
			}
			if diff := cmp.Diff(tc.want, view.Stages(f)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
