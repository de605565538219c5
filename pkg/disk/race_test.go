package disk_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

var rounds = flag.Int("rounds", 8, "how many runs TestEditRace and TestSwapRace disturb")

// edit changes a file as people's programs do: in place, or by a rename.
func edit(dir, name, data string) error {
	file := filepath.Join(dir, name)
	if rand.IntN(2) == 0 {
		return os.WriteFile(file, []byte(data), 0o644)
	}
	tmp := filepath.Join(dir, "editor.tmp")
	return errors.Join(os.WriteFile(tmp, []byte(data), 0o644), os.Rename(tmp, file))
}

// writeFirst writes the first generation, and returns about how long a run takes.
func writeFirst(t *testing.T, dir string) time.Duration {
	t.Helper()
	start := time.Now()
	if _, err := disk.Apply(context.Background(), dir, treeOf(t, many(0)), ownership.Options{}); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// TestEditRace edits files while a run replaces, creates and deletes them. Each
// edit that was made is there afterwards, whenever it was made.
func TestEditRace(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	outcomes := map[string]int{}
	for round := range *rounds {
		dir := t.TempDir()
		last := writeFirst(t, dir)
		edits := map[string]string{}
		edited := make(chan error, 1)
		go func() {
			var errs []error
			time.Sleep(rand.N(last))
			for i := range 3 {
				name := fmt.Sprintf("apps/app-%d/base/x.yaml", rand.IntN(300))
				if _, twice := edits[name]; twice {
					continue
				}
				data := fmt.Sprintf("edited: %d.%d\n", round, i)
				if err := edit(dir, name, data); err == nil {
					edits[name] = data
				} else if !errors.Is(err, os.ErrNotExist) { // its directory may not be there
					errs = append(errs, err)
				}
				time.Sleep(rand.N(last / 10))
			}
			edited <- errors.Join(errs...)
		}()
		_, err := disk.Apply(context.Background(), dir, treeOf(t, many(1)), ownership.Options{AllowDelete: true})
		if err := <-edited; err != nil {
			t.Fatal(err)
		}
		var kept *disk.KeptError
		var conflict *ownership.ConflictError
		switch {
		case errors.As(err, &kept):
			outcomes["kept"]++
		case errors.As(err, &conflict):
			outcomes["before"]++
		case err == nil:
			outcomes["after"]++
		case errors.Is(err, os.ErrExist):
			outcomes["in the way"]++
		default:
			t.Fatal(err)
		}
		for name, want := range edits {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
				t.Fatalf("round %d: the edit of %s is lost, %v; the run said %v (-want +got):\n%s", round, name, err, outcomes, diff)
			}
		}
	}
	t.Logf("outcomes: %v", outcomes)
}

// TestSwapRace swaps directories of the tree for links to foreign ones, and
// back, while runs write. No foreign file changes.
func TestSwapRace(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	outcomes := map[string]int{}
	for range *rounds {
		dir := t.TempDir()
		last := writeFirst(t, dir)
		foreign := map[string]string{}
		for i := range 10 {
			name := fmt.Sprintf("foreign-%d/x.yaml", i)
			foreign[name] = "foreign\n"
			write(t, dir, name, foreign[name])
		}
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			time.Sleep(rand.N(last))
			for {
				select {
				case <-stop:
					return
				default:
				}
				app := filepath.Join(dir, "apps", fmt.Sprintf("app-%d", rand.IntN(300)))
				if os.Rename(filepath.Join(app, "base"), filepath.Join(app, "aside")) != nil {
					continue
				}
				link := fmt.Sprintf("../../foreign-%d", rand.IntN(10))
				_ = os.Symlink(link, filepath.Join(app, "base")) // the run may have made a directory
				time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
				_ = os.Remove(filepath.Join(app, "base"))
				_ = os.Rename(filepath.Join(app, "aside"), filepath.Join(app, "base"))
			}
		}()
		_, err := disk.Apply(context.Background(), dir, treeOf(t, many(1)), ownership.Options{AllowDelete: true})
		close(stop)
		<-stopped
		outcomes[fmt.Sprint(err == nil)]++
		for name, want := range foreign {
			if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
				t.Fatalf("%s is %q, %v; the run said %v", name, got, err, err)
			}
		}
	}
	t.Logf("without an error: %v", outcomes)
}
