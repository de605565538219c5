package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// loaded is a fleet and where it was written.
type loaded = load.Result

// load reads the fleet from the files that were named, beside that of the program.
func (a *app) load(in input) (*loaded, error) {
	if len(in.files) == 0 {
		if a.Fleet != nil {
			return &loaded{Fleet: a.Fleet}, nil
		}
		return nil, errors.New("no input: pass the directory of the fleet with -f DIR")
	}
	files, err := a.readAll(in)
	if err != nil {
		return nil, err
	}
	return a.loadFiles(in, files)
}

// loadFiles reads the fleet from files, beside that of the program.
func (a *app) loadFiles(in input, files []load.File) (*loaded, error) {
	l, err := load.Loader{Base: a.Fleet, Settings: a.features.Settings()}.Fleet(files...)
	if err != nil {
		return nil, err
	}
	return l, a.findCharts(in, l)
}

// readAll reads all files that were named.
func (a *app) readAll(in input) ([]load.File, error) {
	var files []load.File
	for _, name := range in.files {
		read, err := a.read(name)
		if err != nil {
			return nil, err
		}
		files = append(files, read...)
	}
	return files, nil
}

// stdin is how positions name what was read from there.
const stdin = "stdin"

// read reads a file, a directory, or stdin.
func (a *app) read(name string) ([]load.File, error) {
	if name == "-" {
		f, err := load.Read(stdin, a.In)
		return []load.File{f}, err
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if full, err := filepath.Abs(name); err == nil {
			name = full
		}
		return nil, fmt.Errorf("there is no file or directory %s (pass those of the fleet with -f)", name)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the fleet: %w", err)
	}
	shown := filepath.ToSlash(filepath.Clean(name))
	if info.IsDir() {
		return load.FS(disk.FS(name), shown)
	}
	r, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the fleet: %w", err)
	}
	defer r.Close()
	f, err := load.Read(shown, r)
	f.Open = func(p string) ([]byte, error) {
		root, err := os.OpenRoot(filepath.Dir(name))
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return disk.ReadIn(root, p, load.MaxFile)
	}
	f.List = func(p string) ([]string, error) { return load.List(disk.FS(filepath.Dir(name)), p) }
	f.ListAll = func(p string) ([]string, error) { return load.ListAll(disk.FS(filepath.Dir(name)), p) }
	return []load.File{f}, err
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
