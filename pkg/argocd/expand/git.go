package expand

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// gitGenerator makes an element of each directory or file in git.
type gitGenerator struct {
	RepoURL         string            `json:"repoURL"`
	Revision        string            `json:"revision"`
	Directories     []gitItem         `json:"directories"`
	Files           []gitItem         `json:"files"`
	PathParamPrefix string            `json:"pathParamPrefix"`
	Values          map[string]string `json:"values"`
}

// gitItem is a pattern of directories or files.
type gitItem struct {
	Path    string `json:"path"`
	Exclude bool   `json:"exclude"`
}

// maxFile is how many bytes a file that is read may have.
const maxFile = 4 << 20

// repository is what a repository contains.
type repository struct {
	fsys        fs.FS
	files       []string // sorted
	directories []string // in the order of a walk, hidden ones left out
	links       map[string]bool
	parsed      map[string][]map[string]any // of files
}

func (x *expansion) git(g *gitGenerator) ([]map[string]any, error) {
	if len(g.Directories)+len(g.Files) == 0 {
		return nil, errors.New("the generator has neither directories nor files: add some")
	}
	repo, err := x.repository(g.RepoURL, g.Revision)
	if err != nil {
		return nil, fmt.Errorf("reading %s at %q: %w", g.RepoURL, g.Revision, err)
	}
	if len(g.Directories) > 0 {
		return x.directories(g, repo)
	}
	return x.filesOf(g, repo)
}

// repository lists a repository, once.
func (x *expansion) repository(url, revision string) (*repository, error) {
	key := [2]string{url, revision}
	if repo, ok := x.files[key]; ok {
		return repo, nil
	}
	if x.world.Repo == nil {
		return nil, errors.New("no repository was given")
	}
	fsys, err := x.world.Repo(url, revision)
	if err != nil {
		return nil, err
	}
	if fsys == nil {
		return nil, errors.New("the repository was not given")
	}
	repo := &repository{fsys: fsys, links: map[string]bool{}, parsed: map[string][]map[string]any{}}
	directories := map[string]bool{}
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		repo.files = append(repo.files, p)
		if !d.Type().IsRegular() {
			repo.links[p] = true
		}
		// Git knows no empty directories.
		for dir := path.Dir(p); dir != "." && !directories[dir]; dir = path.Dir(dir) {
			directories[dir] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(repo.files)
	for dir := range directories {
		if !strings.HasPrefix(dir, ".") && !strings.Contains(dir, "/.") {
			repo.directories = append(repo.directories, dir)
		}
	}
	slices.SortFunc(repo.directories, func(a, b string) int {
		return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
	})
	x.files[key] = repo
	return repo, nil
}

// directories makes an element of each directory that a pattern takes and none
// excludes.
func (x *expansion) directories(g *gitGenerator, repo *repository) ([]map[string]any, error) {
	var out []map[string]any
	for _, dir := range repo.directories {
		included, excluded := false, false
		for _, item := range g.Directories {
			match, err := path.Match(item.Path, dir)
			if err != nil {
				return nil, fmt.Errorf("directories: the pattern %q: %w", item.Path, err)
			}
			included = included || match && !item.Exclude
			excluded = excluded || match && item.Exclude
		}
		if !included || excluded {
			continue
		}
		params := map[string]any{}
		addPath(params, g.PathParamPrefix, map[string]any{
			"path": dir, "basename": path.Base(dir), "basenameNormalized": Normalize(path.Base(dir)), "segments": strings.Split(dir, "/"),
		})
		if err := x.withValues(g.Values, params); err != nil {
			return nil, fmt.Errorf("directory %s: %w", dir, err)
		}
		out = append(out, params)
	}
	return out, nil
}

// filesOf makes an element, or several, of each file that a pattern takes and
// none excludes.
func (x *expansion) filesOf(g *gitGenerator, repo *repository) ([]map[string]any, error) {
	taken := map[string]bool{}
	for _, item := range excludesLast(g.Files) {
		pattern, err := pathspec(item.Path)
		if err != nil {
			return nil, fmt.Errorf("files: the pattern %q: %w", item.Path, err)
		}
		for _, name := range repo.files {
			if pattern.MatchString(name) {
				taken[name] = !item.Exclude
			}
		}
	}
	var out []map[string]any
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		if !taken[name] {
			continue
		}
		sets, ok := repo.parsed[name]
		if !ok {
			var err error
			if sets, err = x.readParams(repo, name); err != nil {
				return nil, fmt.Errorf("file %s: %w", name, err)
			}
			repo.parsed[name] = sets
		}
		for _, params := range sets {
			params = cloneParams(params)
			dir, file := path.Dir(name), path.Base(name)
			addPath(params, g.PathParamPrefix, map[string]any{
				"path": dir, "basename": path.Base(dir), "basenameNormalized": Normalize(path.Base(dir)),
				"filename": file, "filenameNormalized": Normalize(file), "segments": strings.Split(dir, "/"),
			})
			if err := x.withValues(g.Values, params); err != nil {
				return nil, fmt.Errorf("file %s: %w", name, err)
			}
			out = append(out, params)
		}
	}
	return out, nil
}

// excludesLast returns the items such that those which exclude have the last word.
func excludesLast(items []gitItem) []gitItem {
	var includes, excludes []gitItem
	for _, item := range items {
		if item.Exclude {
			excludes = append(excludes, item)
		} else {
			includes = append(includes, item)
		}
	}
	return append(includes, excludes...)
}

func addPath(params map[string]any, prefix string, of map[string]any) {
	if prefix != "" {
		params[prefix] = map[string]any{"path": of}
		return
	}
	params["path"] = of
}

// pathspec returns what matches a file as `git ls-files -- pattern` does, of
// which only plain paths and `*` are known here: it takes a "/" too, and a path
// takes what is below it.
func pathspec(pattern string) (*regexp.Regexp, error) {
	if clean := path.Clean(pattern); clean != pattern || strings.ContainsAny(pattern, `?[\:`) || !fs.ValidPath(pattern) {
		return nil, errors.New("use a path within the repository; only * is a wildcard")
	}
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "(?:/.*)?$"), nil
}

// readParams returns the parameters that a file holds: a mapping, a list of
// mappings, or nothing.
func (x *expansion) readParams(r *repository, name string) ([]map[string]any, error) {
	if r.links[name] {
		return nil, errors.New("this is a symbolic link, which is not followed: use the file itself")
	}
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("it has more than %d bytes", maxFile)
	}
	one := map[string]any{}
	if yaml.Unmarshal(data, &one) == nil {
		if one == nil {
			one = map[string]any{}
		}
		return []map[string]any{one}, nil
	}
	var out []map[string]any
	if err := yaml.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("it is neither a mapping nor a list of mappings: %w", err)
	}
	for i, params := range out {
		if params == nil {
			out[i] = map[string]any{}
		}
	}
	return out, nil
}
