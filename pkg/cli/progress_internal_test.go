package cli

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestPlainProgress lets time pass, and looks at the lines.
func TestPlainProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		a := &app{Err: escape.NewWriter(&b), display: display{progress: "plain"}}
		p, end := a.begin(t.Context(), "reading the repository")
		time.Sleep(25 * time.Second)
		p.rendering(render.Progress{Phase: render.Rendering, Total: 1000})
		time.Sleep(6 * time.Second) // at 30 s, nothing is done yet
		p.rendering(render.Progress{Phase: render.Rendering, Done: 90, Total: 1000})
		time.Sleep(10 * time.Second)
		_, inner := a.begin(t.Context(), "writing") // within
		time.Sleep(10 * time.Second)
		inner()
		time.Sleep(5 * time.Second)
		end()
		time.Sleep(time.Minute) // nothing more
		want := "reading the repository: 10s\nreading the repository: 20s\nrendering: 0 of 1000 apps\nrendering: 90 of 1000 apps, 6.0/s, 2m32s left\nwriting: 9s\n"
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
