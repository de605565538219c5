package disk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// TestFullDisk lets a file system fill while a run writes: at each size, the
// directory stands at the old generation, and nothing is left behind.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	large := map[string]string{}
	for p, data := range many(1) {
		large[p] = strings.Repeat(data, 40)
	}
	for _, kib := range []int{900, 1400, 2000, 2050, 2100, 2150, 2900} {
		t.Run(fmt.Sprint(kib), func(t *testing.T) {
			if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk,nr_inodes=8000", 3*kib)); err != nil {
				t.Skipf("mounting a small file system: %v", err)
			}
			defer func() {
				if err := syscall.Unmount(dir, 0); err != nil {
					t.Error(err)
				}
			}()
			if _, err := disk.Apply(context.Background(), dir, treeOf(t, many(0)), ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			_, err := disk.Apply(context.Background(), dir, treeOf(t, large), ownership.Options{AllowDelete: true})
			want := contents(treeOf(t, large))
			if err != nil {
				if want = contents(treeOf(t, many(0))); !errors.Is(err, syscall.ENOSPC) {
					t.Fatal(err)
				}
			}
			t.Logf("%v", err)
			if diff := cmp.Diff(want, read(t, dir)); diff != "" {
				t.Errorf("the directory is at neither generation (-want +got):\n%.2000s", diff)
			}
		})
	}
}
