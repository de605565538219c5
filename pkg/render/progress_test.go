package render_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestProgress checks that the phases come in their order, that every app is
// counted, and that nothing is called for what is known beforehand.
func TestProgress(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		opts   []render.Option
		want   []render.Progress
	}{
		"Whole": {reason: "Apps are counted, one after the other.",
			want: []render.Progress{{Phase: render.Checking}, {Phase: render.Rendering, Total: 2}, {Phase: render.Rendering, Done: 1, Total: 2},
				{Phase: render.Rendering, Done: 2, Total: 2}, {Phase: render.Assembling}}},
		"Narrowed": {reason: "Those that are not selected are not counted.", opts: []render.Option{render.WithSelection(render.Selection{Apps: []string{"web"}})},
			want: []render.Progress{{Phase: render.Checking}, {Phase: render.Rendering, Total: 1}, {Phase: render.Rendering, Done: 1, Total: 1}, {Phase: render.Assembling}}},
		"Wrong": {reason: "What is wrong ends it.", opts: []render.Option{render.WithSelection(render.Selection{Apps: []string{"x"}})},
			want: []render.Progress{{Phase: render.Checking}}},
	} {
		t.Run(name, func(t *testing.T) {
			shop := small()
			shop.Apps = append(shop.Apps, model.App{Name: "api", Spec: shop.Apps[0].Spec})
			var got []render.Progress
			hear := render.WithProgress(func(p render.Progress) { got = append(got, p) }) // not locked: one at a time
			_, _ = render.Fleet(context.Background(), shop, append(tc.opts, hear)...)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
