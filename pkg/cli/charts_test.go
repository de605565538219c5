package cli_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// chartRepository is the key of a script's chart repository.
type chartRepository struct{}

// chartCommands are the commands of scripts that have a chart repository:
//
//	chartrepo NAME VERSION...      starts it, writes ca.pem, and does chartfleet
//	chartfleet                     replaces REPOSITORY in fleet/shop.yaml
//	chartrepublish NAME VERSION    changes an archive
var chartCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"chartrepo": func(ts *testscript.TestScript, _ bool, args []string) {
		s := ts.Value(chartRepository{}).(*publishedCharts)
		s.name, s.archives = args[0], map[string][]byte{}
		for _, v := range args[1:] {
			s.versions = append(s.versions, v)
			s.archives[v] = chartArchive(args[0], v, "")
		}
		s.server = httptest.NewTLSServer(s)
		ts.Defer(s.server.Close)
		ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.server.Certificate().Raw})
		ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), ca, 0o644))
		s.fleet(ts)
	},
	"chartfleet": func(ts *testscript.TestScript, _ bool, _ []string) {
		ts.Value(chartRepository{}).(*publishedCharts).fleet(ts)
	},
	"chartrepublish": func(ts *testscript.TestScript, _ bool, args []string) {
		ts.Value(chartRepository{}).(*publishedCharts).archives[args[1]] = chartArchive(args[0], args[1], "again")
	},
}

// publishedCharts is a chart repository with one chart.
type publishedCharts struct {
	server   *httptest.Server
	name     string
	versions []string
	archives map[string][]byte
}

// fleet tells the fleet the address of the repository.
func (s *publishedCharts) fleet(ts *testscript.TestScript) {
	file := filepath.Join(ts.MkAbs("fleet"), "shop.yaml")
	data, err := os.ReadFile(file)
	ts.Check(err)
	ts.Check(os.WriteFile(file, bytes.ReplaceAll(data, []byte("REPOSITORY"), []byte(s.server.URL)), 0o644))
}

// ServeHTTP serves the index and the archives.
func (s *publishedCharts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/index.yaml" {
		fmt.Fprintf(w, "apiVersion: v1\nentries:\n  %s:\n", s.name)
		for _, v := range s.versions {
			fmt.Fprintf(w, "  - name: %s\n    version: %s\n    digest: %x\n    urls: [%s-%s.tgz]\n", s.name, v, sha256.Sum256(s.archives[v]), s.name, v)
		}
		return
	}
	version := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"+s.name+"-"), ".tgz")
	_, _ = w.Write(s.archives[version])
}

// chartArchive returns the archive of a chart with a ConfigMap.
func chartArchive(name, version, note string) []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for _, f := range [][2]string{
		{"Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: " + version + "\ndescription: A chart " + note + "\n"},
		{"templates/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {version: {{ .Chart.Version | quote }}}\n"},
	} {
		_ = w.WriteHeader(&tar.Header{Name: name + "/" + f[0], Mode: 0o644, Size: int64(len(f[1])), Typeflag: tar.TypeReg})
		_, _ = w.Write([]byte(f[1]))
	}
	_ = w.Close()
	_ = zip.Close() // into memory, nothing fails
	return b.Bytes()
}
