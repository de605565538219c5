package helm_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// inModule is a chart that lies in a Go module.
type inModule struct {
	module, dir string
	// without removes lines from Chart.yaml that keep the chart from rendering.
	without *regexp.Regexp
	// remove is a file that is not in the released chart.
	remove string
}

// modules are the charts that lie in modules.
var modules = []inModule{
	{module: "github.com/cert-manager/cert-manager@v1.21.2", dir: "deploy/charts/cert-manager"},
	{
		module: "github.com/external-secrets/external-secrets@v1.3.2", dir: "deploy/charts/external-secrets",
		without: regexp.MustCompile(`(?m)^dependencies:\n(  .*\n)+`), // its subchart is not in the module
		remove:  "templates/crds/README.md",
	},
	{module: "github.com/open-policy-agent/gatekeeper/v3@v3.23.1", dir: "charts/gatekeeper"},
	{module: "github.com/stefanprodan/podinfo@v1.8.1-0.20250910200901-e86405a8674e", dir: "charts/podinfo"},
}

// extract returns a directory with the chart.
func (m inModule) extract(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", m.module)
	cmd.Dir = t.TempDir() // this module does not require it
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v %s", m.module, err, out)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), path.Base(m.dir))
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(found.Dir, m.dir))); err != nil {
		t.Fatal(err)
	}
	if m.remove != "" {
		if err := os.Remove(filepath.Join(dir, m.remove)); err != nil {
			t.Fatal(err)
		}
	}
	if m.without == nil {
		return dir
	}
	name := filepath.Join(dir, "Chart.yaml")
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.Chmod(name, 0o644)
	}
	if err == nil {
		err = os.WriteFile(name, m.without.ReplaceAll(text, nil), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func bytesReader(data []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(data)) }

// unpack returns the files of an archive, those of the archives in it too.
func unpack(t testing.TB, data []byte) []helm.File {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out []helm.File
	in := tar.NewReader(zip)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(h.Name, "/")
		out = append(out, helm.File{Name: name, Data: text})
	}
}
