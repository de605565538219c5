package cli

import (
	"context"
	"fmt"
	"os"
	"path"
	"runtime/debug"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// noted is what was read of a model: the contents of all files, those that documents
// name among them, and the directories of sources.
type noted struct {
	files map[string][]byte
	dirs  []string
}

// loadNoting is load, and returns what was read.
func (a *app) loadNoting(in input) (*loaded, *noted, error) {
	files, err := a.readAll(in)
	if err != nil {
		return nil, nil, err
	}
	read := &noted{files: map[string][]byte{}}
	for i, f := range files {
		read.files[f.Name] = f.Data
		noting := func(list func(string) ([]string, error)) func(string) ([]string, error) {
			if list == nil {
				return nil
			}
			return func(dir string) ([]string, error) {
				read.dirs = append(read.dirs, path.Join(path.Dir(f.Name), dir))
				return list(dir)
			}
		}
		files[i].List, files[i].ListAll = noting(f.List), noting(f.ListAll)
		if f.Open != nil {
			files[i].Open = func(name string) ([]byte, error) {
				data, err := f.Open(name)
				read.files[path.Join(path.Dir(f.Name), name)] = data
				return data, err
			}
		}
	}
	if len(files) == 0 {
		l, err := a.load(in)
		return l, read, err
	}
	l, err := a.loadFiles(in, files)
	return l, read, err
}

// dirty reports whether the model is something else than its revision. That is
// refused where production would get it. A revision that a flag names is believed
// where its commit is not at hand, and for what comes from stdin.
func (a *app) dirty(ctx context.Context, in input, p publishFlags, f *model.Fleet, r gitrepo.Revision, read *noted) (bool, error) {
	if p.revision != "" {
		delete(read.files, stdin)
	}
	dirs := read.dirs
	for _, name := range in.files {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			dirs = append(dirs, name)
		}
	}
	changed, err := r.Uncommitted(ctx, read.files, dirs)
	if err != nil {
		return false, err
	}
	if a.Fleet != nil && p.revision == "" && builtDirty() {
		changed = append(changed, "the program")
	}
	if len(changed) == 0 || p.allowDirty {
		return len(changed) > 0, nil
	}
	resolver := resolve.New(f, in.features)
	for _, env := range f.Environments {
		if s := in.selection.Environments; (len(s) == 0 || contains(s, env.Name)) && resolver.Production(env.Name) {
			return true, fmt.Errorf("the model has uncommitted changes (%s), and %s is production (commit them, or use --allow-dirty)", finding.Few(changed), env.Name)
		}
	}
	return true, nil
}

// builtDirty reports whether the program was built from changed files, as far as
// it was noted: go run does not.
func builtDirty() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.modified" {
			return s.Value == "true"
		}
	}
	return false
}
