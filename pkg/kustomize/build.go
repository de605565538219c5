package kustomize

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Version is the version of kustomize that builds.
const Version = "v0.21.2"

// Build returns what kustomize builds from the directory dir of files, in the
// order of its resources. It loads nothing from elsewhere and runs no plugins.
func Build(files []tree.File, dir string) ([]object.Object, error) {
	dirs, err := readable(files, dir)
	if err != nil {
		return nil, err
	}
	built, err := run(within(files, dirs), dir)
	if err != nil {
		return nil, err
	}
	return objects(built, nil)
}

// BuildUnhashed is Build with the hashes of generated ConfigMaps switched off:
// what comes from a generator with a hash is marked as generated.
func BuildUnhashed(files []tree.File, dir string) ([]object.Object, error) {
	dirs, err := readable(files, dir)
	if err != nil {
		return nil, err
	}
	hashed, without := map[string]bool{}, map[string][]byte{}
	for _, d := range dirs {
		generatorNames(d.fields, hashed)
		without[d.file] = unhashed(d.fields)
	}
	read := within(files, dirs)
	for i, f := range read {
		if data, ok := without[f.Path]; ok {
			read[i].Data = data
		}
	}
	built, err := run(read, dir)
	if err != nil {
		return nil, err
	}
	return objects(built, hashed)
}

// Directories returns the directories whose kustomizations a build of dir
// reads, sorted, dir among them. All files that it reads stand below them. It
// is an error where one of the kustomizations is refused, as Build refuses it.
func Directories(files []tree.File, dir string) ([]string, error) {
	dirs, err := readable(files, dir)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(dirs))
	for i, d := range dirs {
		out[i] = path.Dir(d.file)
	}
	slices.Sort(out)
	return out, nil
}

// run lets krusty build a directory in memory. The files have to come from
// within: their kustomizations are known to reach nothing else.
func run(files []tree.File, dir string) (built resmap.ResMap, err error) {
	fsys := filesys.MakeFsInMemory()
	for _, f := range files {
		if err := fsys.WriteFile("/"+f.Path, f.Data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	defer func() {
		// Some malformed objects make kustomize panic; one bad file of a user
		// must not take a whole program along.
		if p := recover(); p != nil {
			built, err = nil, fmt.Errorf("kustomize build %s: kustomize panicked: %v", dir, p)
		}
	}()
	k := krusty.MakeKustomizer(&krusty.Options{
		Reorder:          krusty.ReorderOptionNone,
		LoadRestrictions: types.LoadRestrictionsRootOnly,
		PluginConfig:     types.DisabledPluginConfig(),
	})
	if built, err = k.Run(fsys, "/"+dir); err != nil {
		return nil, fmt.Errorf("kustomize build %s: %w", dir, err)
	}
	return built, nil
}

// directory is a directory with a kustomization.
type directory struct {
	file   string // path of the kustomization
	fields map[string]any
}

// within returns copies of the files below the directories, sorted by path.
func within(files []tree.File, dirs []directory) []tree.File {
	read := map[string]bool{}
	for _, d := range dirs {
		read[path.Dir(d.file)] = true
	}
	var out []tree.File
	for _, f := range files {
		for dir := path.Dir(f.Path); ; dir = path.Dir(dir) {
			if read[dir] {
				out = append(out, f)
				break
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// readable returns the directories that a build of dir reads, dir first. It is
// an error where one of their kustomizations may reach outside of the files:
// kustomize would run git for some resources, and fetch URLs for any file.
func readable(files []tree.File, dir string) ([]directory, error) {
	data := make(map[string][]byte, len(files))
	for _, f := range files {
		data[f.Path] = f.Data
	}
	var out []directory
	seen := map[string]bool{}
	for queue := []string{path.Clean(dir)}; len(queue) > 0; queue = queue[1:] {
		if seen[queue[0]] {
			continue
		}
		seen[queue[0]] = true
		d, err := openKustomization(data, queue[0])
		if err != nil {
			return nil, err
		}
		out = append(out, d)
		for _, r := range d.references() {
			at, err := r.resolve(path.Dir(d.file))
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", d.file, r.field, err)
			}
			if r.field == "transformers" && !setsNamespace(data[at]) {
				return nil, fmt.Errorf("%s: transformers: %s is not allowed: only %s as gitopsgen writes it is known to be safe", d.file, at, unsetKind)
			}
			if _, isFile := data[at]; !isFile && r.directory {
				queue = append(queue, at)
			}
		}
	}
	return out, nil
}

// openKustomization reads the only kustomization of a directory.
func openKustomization(data map[string][]byte, dir string) (directory, error) {
	var d directory
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		file := path.Join(dir, name)
		if _, ok := data[file]; !ok {
			continue
		}
		if d.file != "" {
			return d, fmt.Errorf("%s and %s are in the same directory: kustomize allows only one", d.file, file)
		}
		d.file = file
	}
	if d.file == "" {
		return d, fmt.Errorf("%s is neither a file nor a directory with a kustomization", dir)
	}
	v, err := object.ParseValue(data[d.file])
	if err != nil {
		return d, fmt.Errorf("%s: %w", d.file, err)
	}
	var ok bool
	if d.fields, ok = v.(map[string]any); !ok {
		return d, fmt.Errorf("%s: this is not a kustomization", d.file)
	}
	for _, field := range slices.Sorted(maps.Keys(d.fields)) {
		if !allowed[field] {
			return d, fmt.Errorf("%s: the field %s is not allowed: it reaches outside of the tree, is deprecated, or changes other builds", d.file, field)
		}
	}
	return d, nil
}

// allowed are the fields of a kustomization that we write or know to be
// harmless. Above all, openapi is not among them: it changes the whole process.
var allowed = map[string]bool{
	"apiVersion": true, "kind": true, "metadata": true, "namespace": true, "resources": true, "components": true,
	"configMapGenerator": true, "generatorOptions": true, "labels": true, "patches": true, "replicas": true, "images": true,
	"commonAnnotations": true, "namePrefix": true, "nameSuffix": true, "replacements": true,
	"transformers": true, // of one kind alone: see setsNamespace
}

// setsNamespace reports whether a file is the configuration of the transformer
// that sets namespaces, as this package writes it. Others may run programs.
func setsNamespace(data []byte) bool {
	v, err := object.ParseValue(data)
	m, _ := v.(map[string]any)
	if err != nil || m["apiVersion"] != "builtin" || m["kind"] != unsetKind {
		return false
	}
	meta, _ := m["metadata"].(map[string]any)
	return len(m) == 4 && len(meta) == 2 && m["unsetOnly"] == true
}

// Namespace returns the namespace that the kustomization of a directory, given
// its files, sets on objects that have none; "" where it sets none.
func Namespace(files []tree.File) (string, error) {
	namespace := ""
	for _, f := range files {
		name := path.Base(f.Path)
		isTransformer := name == unsetFile && setsNamespace(f.Data)
		if name != layout.Kustomization && !isTransformer {
			continue
		}
		v, err := object.ParseValue(f.Data)
		if err != nil {
			return "", fmt.Errorf("%s: %w", f.Path, err)
		}
		m, _ := v.(map[string]any)
		if isTransformer {
			m, _ = m["metadata"].(map[string]any)
		}
		if s, ok := m["namespace"].(string); ok {
			namespace = s
		}
	}
	return namespace, nil
}

// reference is a place of a kustomization that names a file or a directory.
type reference struct {
	field     string
	path      any
	directory bool // whether it may be a directory
}

// references returns all places that name files or directories. Kustomize
// ignores the case of fields; those at the top have passed allowed.
func (d directory) references() []reference {
	var out []reference
	for _, field := range []string{"resources", "components"} {
		for _, e := range listed(d.fields[field]) {
			out = append(out, reference{field, e, true})
		}
	}
	for _, e := range listed(d.fields["transformers"]) {
		out = append(out, reference{"transformers", e, false})
	}
	for _, in := range []struct{ list, field string }{
		{"patches", "path"}, {"replacements", "path"},
		{"configMapGenerator", "files"}, {"configMapGenerator", "envs"}, {"configMapGenerator", "env"},
	} {
		for _, e := range listed(d.fields[in.list]) {
			m, _ := e.(map[string]any)
			for _, key := range slices.Sorted(maps.Keys(m)) {
				if !strings.EqualFold(key, in.field) || m[key] == nil {
					continue
				}
				for _, v := range listed(m[key]) {
					if s, ok := v.(string); ok && in.field == "files" {
						v = s[strings.IndexByte(s, '=')+1:]
					}
					out = append(out, reference{in.list + "." + in.field, v, false})
				}
			}
		}
	}
	return out
}

// listed returns v's entries, or v where it is no list.
func listed(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// resolve returns the path in the tree. What kustomize could take for a URL, a
// git repository or an absolute path is an error.
func (r reference) resolve(dir string) (string, error) {
	s, _ := r.path.(string)
	const hub = "github.com/" // kustomize clones it without being told a scheme
	if s == "" || strings.HasPrefix(s, "/") || strings.ContainsAny(s, ":?@\\\n\x00") || strings.HasPrefix(strings.ToLower(s), hub) {
		return "", fmt.Errorf("%q is not a path inside of the tree", s)
	}
	at := path.Join(dir, s)
	if at == ".." || strings.HasPrefix(at, "../") {
		return "", fmt.Errorf("%q leaves the tree", s)
	}
	return at, nil
}

// unhashed returns the kustomization with the hashes of its generators off:
// that option of the whole file wins over those of the entries.
func unhashed(fields map[string]any) []byte {
	out := maps.Clone(fields)
	options, _ := object.Copy(fields["generatorOptions"]).(map[string]any)
	if options == nil {
		options = map[string]any{}
	}
	options["disableNameSuffixHash"] = true
	out["generatorOptions"] = options
	return object.Marshal(out)
}

// generatorNames notes the names of the ConfigMaps that a kustomization
// generates, and whether with a hash. Kustomize adds the hash where all entries
// of a name ask for it, those of overlays that merge too.
func generatorNames(fields map[string]any, into map[string]bool) {
	all, _ := fields["generatorOptions"].(map[string]any)
	for _, e := range listed(fields["configMapGenerator"]) {
		entry, _ := e.(map[string]any)
		own, _ := entry["options"].(map[string]any)
		name, ok := entry["name"].(string)
		if !ok {
			continue
		}
		earlier, known := into[name]
		into[name] = (earlier || !known) && all["disableNameSuffixHash"] != true && own["disableNameSuffixHash"] != true
	}
}

// objects converts what was built.
func objects(built resmap.ResMap, hashed map[string]bool) ([]object.Object, error) {
	out := make([]object.Object, 0, built.Size())
	for _, r := range built.Resources() {
		v, err := object.Value(r.YNode())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.CurId(), err)
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: no object", r.CurId())
		}
		o, err := object.FromMap(m)
		if err != nil {
			return nil, err
		}
		if o.Kind() == "ConfigMap" && o.Group() == "" && hashed[o.Name()] {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	return out, nil
}
