package crds

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// treeObjects returns the objects of a generated tree by the path that they are
// from: what kustomize builds of each overlay, the objects of rendered units,
// and the plain files outside units.
func treeObjects(tree fs.FS) (map[string][]*unstructured.Unstructured, error) {
	memory := filesys.MakeFsInMemory()
	if err := copyTree(memory, tree); err != nil {
		return nil, err
	}
	out := map[string][]*unstructured.Unstructured{}
	err := fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && p != "." {
				return fs.SkipDir
			}
			if built := isBuilt(memory, p); built {
				out[p], err = build(memory, p)
			}
			return err
		}
		if isPlain(p) {
			out[p], err = readObjects(tree, p)
		}
		return err
	})
	return out, err
}

// isBuilt tells whether a directory is one that is deployed through kustomize.
func isBuilt(memory filesys.FileSystem, dir string) bool {
	_, isTarget := layout.ParseDir(dir)
	return (isTarget || !isUnit(dir)) && memory.Exists(path.Join("/", dir, layout.Kustomization))
}

// isPlain tells whether a file holds objects that are deployed as they are.
func isPlain(p string) bool {
	return path.Ext(p) == ".yaml" && path.Base(p) != layout.Kustomization && !isUnit(p)
}

// isUnit tells whether a path belongs to an app or a platform component, in
// which only overlays are deployed.
func isUnit(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return first == path.Dir(layout.App("x")) || first == path.Dir(layout.Component("x"))
}

func copyTree(memory filesys.FileSystem, tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, p)
		if err != nil {
			return err
		}
		return memory.WriteFile(path.Join("/", p), data)
	})
}

func build(memory filesys.FileSystem, dir string) ([]*unstructured.Unstructured, error) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(memory, path.Join("/", dir))
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", dir, err)
	}
	data, err := built.AsYaml()
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", dir, err)
	}
	return decode(data)
}

func readObjects(tree fs.FS, name string) ([]*unstructured.Unstructured, error) {
	data, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	objects, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return objects, nil
}

// decode reads the objects of a file, and skips documents that are none, like
// the values of a chart.
func decode(data []byte) ([]*unstructured.Unstructured, error) {
	documents, err := split(data)
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	for _, d := range documents {
		content := map[string]any{}
		if err := yaml.UnmarshalStrict(d, &content); err != nil {
			return nil, err
		}
		if content["apiVersion"] == nil || content["kind"] == nil {
			continue
		}
		// As the API server does: integers are no floats.
		o := &unstructured.Unstructured{}
		if err := utilyaml.Unmarshal(d, &o.Object); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// split returns the documents of a YAML stream.
func split(data []byte) ([][]byte, error) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	var out [][]byte
	for {
		d, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
}
