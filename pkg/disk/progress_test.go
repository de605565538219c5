package disk_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// TestWriteProgress counts the files of a first run and of a change.
func TestWriteProgress(t *testing.T) {
	dir := t.TempDir()
	for _, image := range []string{"web:1", "web:2", "web:2"} {
		var done, most int
		calls := 0
		plan, err := disk.Write(context.Background(), dir, rendered(t, shop(image, "web")), disk.WithProgress(func(d, total int) {
			if d < done {
				t.Errorf("after %d, %d files are written", done, d)
			}
			done, most, calls = d, total, calls+1
		}))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(plan.Writes); done != n || most != n || (calls == 0) != plan.IsEmpty() {
			t.Errorf("it counts %d of %d files in %d calls, and writes %d", done, most, calls, n)
		}
	}
}

// TestWriteInterrupted interrupts a run after each of the files that it writes: the
// directory is as before, and the next run does all of it.
func TestWriteInterrupted(t *testing.T) {
	for name, first := range map[string]string{"New": "", "Changed": "web:1"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if first != "" {
				if _, err := disk.Write(context.Background(), dir, rendered(t, shop(first, "web"))); err != nil {
					t.Fatal(err)
				}
			}
			before := read(t, dir)
			result := rendered(t, shop("web:2", "web"))
			for at := 0; ; at++ {
				ctx, interrupt := context.WithCancel(context.Background())
				last := false
				_, err := disk.Write(ctx, dir, result, disk.WithProgress(func(done, total int) {
					if last = done == total; done == at {
						interrupt()
					}
				}))
				interrupt()
				if last {
					if err != nil {
						t.Errorf("a run is interrupted after its last file: %v", err)
					}
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("a run is interrupted after %d files: %v", at, err)
				}
				if diff := cmp.Diff(before, read(t, dir)); diff != "" {
					t.Fatalf("after %d files, the directory is not as before (-want +got):\n%s", at, diff)
				}
			}
			if plan, err := disk.Write(context.Background(), dir, result); err != nil || !plan.IsEmpty() {
				t.Errorf("the next run: %s, %v", plan, err)
			}
		})
	}
}
