package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// looker reaches files through their directories, one after the other, so that
// no link is followed. It holds the directories of the last path open, which
// makes paths in order cheap.
type looker struct {
	roots []*os.Root // of "" and of each part of names
	names []string
}

func newLooker(root *os.Root) *looker { return &looker{roots: []*os.Root{root}} }

func (l *looker) close() { l.cut(0) }

// cut leaves so many parts open.
func (l *looker) cut(parts int) {
	for _, r := range l.roots[parts+1:] {
		_ = r.Close() // it was only read
	}
	l.roots, l.names = l.roots[:parts+1], l.names[:parts]
}

// errNoDir tells that a part of a path is no directory.
var errNoDir = errors.New("no directory")

// dir opens a directory; make makes what is missing of it. The error is
// fs.ErrNotExist where there is none, and errNoDir where something else stands.
func (l *looker) dir(name string, make bool) (*os.Root, error) {
	var parts []string
	if name != "." {
		parts = strings.Split(name, "/")
	}
	same := 0
	for same < len(parts) && same < len(l.names) && parts[same] == l.names[same] {
		same++
	}
	l.cut(same)
	for _, part := range parts[same:] {
		last := l.roots[len(l.roots)-1]
		info, err := last.Lstat(part)
		if make && errors.Is(err, fs.ErrNotExist) {
			if err = last.Mkdir(part, 0o755); err == nil || errors.Is(err, fs.ErrExist) {
				info, err = last.Lstat(part) // another goroutine may have been first
			}
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, errNoDir
		}
		next, err := openDir(last, part, info)
		if err != nil {
			return nil, err
		}
		l.roots, l.names = append(l.roots, next), append(l.names, part)
	}
	return l.roots[len(l.roots)-1], nil
}

// openDir opens a directory that was seen in another, and nothing that has taken
// its place since, such as a link.
func openDir(in *os.Root, name string, seen fs.FileInfo) (*os.Root, error) {
	dir, err := in.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	if opened, err := dir.Stat("."); err != nil || !os.SameFile(seen, opened) {
		return nil, errors.Join(errNoDir, dir.Close())
	}
	return dir, nil
}

// file returns what stands at a path, and the content of a regular file.
func (l *looker) file(name string) (ownership.Kind, []byte, error) {
	dir, err := l.dir(path.Dir(name), false)
	if errors.Is(err, fs.ErrNotExist) {
		return ownership.Absent, nil, nil
	}
	if errors.Is(err, errNoDir) {
		return ownership.Other, nil, nil
	}
	if err != nil {
		return ownership.Other, nil, err
	}
	for range 3 { // an editor may put another file in its place
		kind, data, err := fileIn(dir, path.Base(name))
		if !errors.Is(err, errSwapped) {
			return kind, data, err
		}
	}
	return ownership.Other, nil, nil
}

// missing returns the directory that was not there when file last looked for a
// path, with a slash at its end, or "" where there was only no file.
func (l *looker) missing(name string) string {
	end := 0
	for range len(l.names) + 1 {
		slash := strings.IndexByte(name[end:], '/')
		if slash < 0 {
			return ""
		}
		end += slash + 1
	}
	return name[:end]
}

// errSwapped tells that something took the place of a file while it was read.
var errSwapped = errors.New("the file was replaced while it was read")

// The bounds of what is read of a tree, in bytes.
const (
	maxFile = 64 << 20 // of one file: no object of Kubernetes is nearly as large
	maxTree = 4 << 30  // of all owned files
)

// fileIn returns what stands in a directory, and the content of a regular file. One
// that is larger than any of ours is none.
func fileIn(dir *os.Root, name string) (ownership.Kind, []byte, error) {
	seen, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ownership.Absent, nil, nil
	case err != nil:
		return ownership.Other, nil, err
	case !seen.Mode().IsRegular():
		return ownership.Other, nil, nil
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not hold the run
	if errors.Is(err, fs.ErrNotExist) {
		return ownership.Other, nil, errSwapped
	}
	if err != nil {
		return ownership.Other, nil, err
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !os.SameFile(seen, opened) {
		return ownership.Other, nil, errSwapped
	}
	data, err := readAtMost(f, f.Name(), maxFile)
	if errors.Is(err, ErrTooLarge) {
		return ownership.Other, nil, nil
	}
	return ownership.Regular, data, err
}

// read reads the inventories and the files that they list.
func (d *Dir) read(root *os.Root) error {
	paths, err := inventory.List(root.FS())
	if err != nil {
		return err
	}
	read := readAll(root, paths)
	inventories := make([]inventory.Inventory, len(paths))
	_ = spread(root, len(paths), func(_ *looker, i int) error { // each has an error of its own
		f := &read[i]
		if f.err == nil && f.kind != ownership.Regular {
			f.err = fmt.Errorf("%s is not a regular file of at most %d MiB (restore it from version control)", f.path, maxFile>>20)
		}
		if f.err == nil {
			inventories[i], f.err = inventory.Parse(f.path, f.data)
		}
		return nil
	})
	var files []tree.File
	for i, inv := range inventories {
		if err := read[i].err; err != nil {
			return err
		}
		if err := d.set.Add(inv); err != nil {
			return err
		}
		files = append(files, tree.File{Path: paths[i], Data: inv.Data, Owner: inv.Owner})
	}
	files = slices.Grow(files, len(d.set.Files))
	d.kinds, d.ids = make(map[string]ownership.Kind, cap(files)), make(map[string]string, cap(files))
	for _, f := range readAll(root, slices.Sorted(maps.Keys(d.set.Files))) {
		if f.err != nil {
			return f.err
		}
		if d.kinds[f.path] = f.kind; f.kind == ownership.Regular {
			files = append(files, tree.File{Path: f.path, Data: f.data, Owner: d.set.Files[f.path].Owner})
		}
	}
	if d.owned, err = tree.New(files); err != nil {
		return err
	}
	ids := d.owned.BlobIDs()
	for i, f := range d.owned.Files() {
		d.kinds[f.Path], d.ids[f.Path] = ownership.Regular, ids[i]
	}
	return nil
}

// seen is what stands at a path.
type seen struct {
	path string
	kind ownership.Kind
	data []byte
	err  error
}

// readAll reads files on several goroutines.
func readAll(root *os.Root, paths []string) []seen {
	out := make([]seen, len(paths))
	var total atomic.Int64
	_ = spread(root, len(paths), func(look *looker, i int) error { // each has an error of its own
		f := &out[i]
		if f.path = paths[i]; total.Load() > maxTree {
			f.err = fmt.Errorf("%s: %w: the files that the inventories list are larger than %d GiB in total", f.path, ErrTooLarge, maxTree>>30)
			return nil
		}
		f.kind, f.data, f.err = look.file(f.path)
		total.Add(int64(len(f.data)))
		return nil
	})
	return out
}

// spread calls do for each number below n, on several goroutines, which have a
// looker and a range of neighbors each. The first error ends all; where there are
// several, it is that of the lowest number.
func spread(root *os.Root, n int, do func(look *looker, i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	errs := make([]error, workers)
	var failed atomic.Bool
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			look := newLooker(root)
			defer look.close()
			for i := n * w / workers; i < n*(w+1)/workers && !failed.Load(); i++ {
				if errs[w] = do(look, i); errs[w] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
