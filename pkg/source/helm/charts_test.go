package helm_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// filesOf returns the files of a chart's directory.
func filesOf(t testing.TB, dir string) []helm.File {
	t.Helper()
	var out []helm.File
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out = append(out, helm.File{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// own loads a chart of testdata/charts.
func own(t testing.TB, name string) *helm.Chart {
	t.Helper()
	c, err := helm.LoadFiles(filesOf(t, path.Join("testdata/charts", name)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pack returns an archive of files in a directory called chart. Subcharts are
// archives in it.
func pack(t testing.TB, files []helm.File) []byte {
	t.Helper()
	var entries []tar.Header
	var contents [][]byte
	subcharts, names := map[string][]helm.File{}, []string{}
	add := func(name string, data []byte) {
		entries = append(entries, tar.Header{Name: "chart/" + name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(data))})
		contents = append(contents, data)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".orig") || strings.HasPrefix(f.Name, "notes/") {
			continue // as .helmignore says
		}
		rest, ok := strings.CutPrefix(f.Name, "charts/")
		name, inside, isDir := strings.Cut(rest, "/")
		if !ok || !isDir {
			add(f.Name, f.Data)
			continue
		}
		if subcharts[name] == nil {
			names = append(names, name)
		}
		subcharts[name] = append(subcharts[name], helm.File{Name: inside, Data: f.Data})
	}
	for _, name := range names {
		add("charts/"+name+"-9.tgz", pack(t, subcharts[name]))
	}
	return archive(t, entries, contents)
}

// archive returns a compressed archive of entries; contents may end before them.
func archive(t testing.TB, entries []tar.Header, contents [][]byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	out := tar.NewWriter(zip)
	for i, h := range entries {
		if err := out.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if i < len(contents) {
			if _, err := out.Write(contents[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
