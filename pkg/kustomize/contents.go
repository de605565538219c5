package kustomize

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Contents returns which objects a directory builds that this package wrote,
// and those below it, without building them: the base first, then what reads it.
// Of a directory without a kustomization, all files are objects. Objects of the
// base have no namespace; generated ConfigMaps have no hash.
func Contents(dirs ...[]tree.File) []object.ID {
	found := map[object.ID]bool{}
	for _, files := range dirs {
		whole, generated := entries(files)
		for id := range generated {
			found[id] = true
		}
		for _, f := range files {
			name := path.Base(f.Path)
			if name == layout.Kustomization || path.Ext(name) != ".yaml" {
				continue
			}
			for doc := range bytes.SplitSeq(f.Data, []byte("\n---\n")) {
				if whole == nil || whole[name] {
					found[identity(doc)] = true
				} else if bytes.Contains(doc, []byte("\n$patch: delete\n")) {
					gone := identity(doc)
					for id := range found {
						if id.Group == gone.Group && id.Kind == gone.Kind && id.Name == gone.Name {
							delete(found, id)
						}
					}
				}
			}
		}
	}
	delete(found, object.ID{})
	out := make([]object.ID, 0, len(found))
	for id := range found {
		out = append(out, id)
	}
	slices.SortFunc(out, object.ID.Compare)
	return out
}

// entries returns the files that a directory's kustomization lists as resources,
// nil where there is no kustomization, and the ConfigMaps that it generates.
func entries(files []tree.File) (whole map[string]bool, generated map[object.ID]bool) {
	i := slices.IndexFunc(files, func(f tree.File) bool { return path.Base(f.Path) == layout.Kustomization })
	if i < 0 {
		return nil, nil
	}
	whole, generated = map[string]bool{}, map[object.ID]bool{}
	section := ""
	for line := range strings.SplitSeq(string(files[i].Data), "\n") {
		entry, isEntry := strings.CutPrefix(line, "- ")
		switch {
		case strings.HasSuffix(line, ":") && !strings.HasPrefix(line, " "):
			section = line
		case section == "resources:" && isEntry:
			whole[entry] = true
		case section == "configMapGenerator:":
			entry = strings.TrimSpace(strings.TrimPrefix(line, "-"))
			if name, ok := strings.CutPrefix(entry, "name: "); ok && len(line)-len(entry) == 2 {
				generated[object.ID{Kind: "ConfigMap", Name: strings.Trim(name, `"`)}] = true
			}
		}
	}
	return whole, generated
}

// identity returns the identity of an object in the form in which this module
// writes objects: what names it stands first.
func identity(doc []byte) object.ID {
	var id object.ID
	metadata := false
	for line := range bytes.SplitSeq(doc, []byte("\n")) {
		key, value, _ := bytes.Cut(line, []byte(": ")) // the key is indented as it stands
		text := func() string { return string(bytes.Trim(value, `"`)) }
		switch {
		case string(key) == "apiVersion":
			if group, _, ok := strings.Cut(text(), "/"); ok {
				id.Group = group
			}
		case string(key) == "kind":
			id.Kind = text()
		case len(line) > 0 && line[0] != ' ':
			if metadata = string(line) == "metadata:"; !metadata {
				return id
			}
		case metadata && string(key) == "  name":
			id.Name = text()
		case metadata && string(key) == "  namespace":
			id.Namespace = text()
		}
	}
	return id
}
