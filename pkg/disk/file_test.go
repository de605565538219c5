package disk_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// sparse makes a file of so many bytes that takes no room.
func sparse(t *testing.T, name string, size int64) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, nil, 0o644), os.Truncate(name, size)); err != nil {
		t.Fatal(err)
	}
}

// TestReadFile checks that what is read is a file, and bounded, in each way to
// read one.
func TestReadFile(t *testing.T) {
	const most = 1000
	for name, tc := range map[string]struct {
		reason string
		make   func(t *testing.T, file string)
		want   error
	}{
		"File":   {"A file of that size is read.", func(t *testing.T, file string) { sparse(t, file, most) }, nil},
		"Empty":  {"So is an empty one.", func(t *testing.T, file string) { sparse(t, file, 0) }, nil},
		"Large":  {"One byte more is too many.", func(t *testing.T, file string) { sparse(t, file, most+1) }, disk.ErrTooLarge},
		"Sparse": {"A file may say any size.", func(t *testing.T, file string) { sparse(t, file, 1<<40) }, disk.ErrTooLarge},
		"Pipe": {"A pipe that nobody writes does not hold the run.", func(t *testing.T, file string) {
			if err := syscall.Mkfifo(file, 0o644); err != nil {
				t.Fatal(err)
			}
		}, disk.ErrNotRegular},
		"Device": {"A device may have no end.", func(t *testing.T, file string) {
			if err := os.Symlink("/dev/zero", file); err != nil {
				t.Fatal(err)
			}
		}, disk.ErrNotRegular},
		"Directory": {"A directory is no file.", func(t *testing.T, file string) {
			if err := os.Mkdir(file, 0o755); err != nil {
				t.Fatal(err)
			}
		}, disk.ErrNotRegular},
		"Missing": {"What is missing is missing.", func(*testing.T, string) {}, fs.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "f")
			tc.make(t, file)
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			for how, read := range map[string]func() ([]byte, error){
				"ReadFile": func() ([]byte, error) { return disk.ReadFile(file, most) },
				"ReadIn":   func() ([]byte, error) { return disk.ReadIn(root, "f", most) },
				"FS": func() ([]byte, error) {
					f, err := disk.FS(dir).Open("f")
					if err != nil {
						return nil, err
					}
					defer f.Close()
					data, err := io.ReadAll(io.LimitReader(f, most+1)) // who opens it bounds what it reads
					if len(data) > most {
						err = disk.ErrTooLarge
					}
					return data, err
				},
			} {
				if how == "ReadIn" && name == "Device" {
					continue // the link leads outside, which the root refuses
				}
				within(t, 5*time.Second, func() {
					if _, err := read(); !errors.Is(err, tc.want) {
						t.Errorf("%s: %s: error %v, want %v", tc.reason, how, err, tc.want)
					}
				})
			}
		})
	}
}

// within fails a test where something takes too long.
func within(t *testing.T, most time.Duration, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(most):
		t.Fatalf("it took more than %v", most)
	}
}

// TestReadNamed reads what a user names: a pipe, too, and of what has no end only
// so much.
func TestReadNamed(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(pipe, []byte("token"), 0o600) }() // the reader sees whether it came
	if data, err := disk.ReadNamed(pipe, 100); err != nil || string(data) != "token" {
		t.Errorf("a pipe is read as %q: %v", data, err)
	}
	if _, err := disk.ReadNamed("/dev/zero", 100); !errors.Is(err, disk.ErrTooLarge) {
		t.Errorf("a device without an end: error %v", err)
	}
}

// TestHugeOwned puts a file that nobody could read in the place of ours: it is a
// person's, and stays.
func TestHugeOwned(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	if _, err := disk.Apply(context.Background(), dir, treeOf(t, first), ownership.Options{}); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "apps/a/base/x.yaml")
	sparse(t, huge, 1<<40)
	for _, force := range []bool{false, true} {
		_, err := disk.Apply(context.Background(), dir, treeOf(t, second), ownership.Options{AllowDelete: true, Force: force})
		if conflict := (*ownership.ConflictError)(nil); !errors.As(err, &conflict) {
			t.Errorf("with force %v: error %v", force, err)
		}
	}
	if info, err := os.Stat(huge); err != nil || info.Size() != 1<<40 {
		t.Errorf("the file is %v: %v", info, err)
	}
	if err := os.Truncate(filepath.Join(dir, ".gitopsgen/apps/a/base.yaml"), 1<<40); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(dir); err == nil {
		t.Error("an inventory that nobody could read is accepted")
	}
}
