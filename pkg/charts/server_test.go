package charts_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// file is a file of a chart.
type file struct{ name, text string }

// pack returns the archive of a chart.
func pack(t testing.TB, name, version string, more ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	if !slices.ContainsFunc(more, func(f file) bool { return f.name == "Chart.yaml" }) {
		more = append([]file{{"Chart.yaml", fmt.Sprintf("apiVersion: v2\nname: %s\nversion: %s\n", name, version)}}, more...)
	}
	for _, f := range more {
		if err := w.WriteHeader(&tar.Header{Name: name + "/" + f.name, Mode: 0o644, Size: int64(len(f.text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repository is a chart repository behind TLS.
type repository struct {
	*httptest.Server
	// handle answers in place of the repository, if it returns true.
	handle func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	index    strings.Builder
	files    map[string][]byte
	requests []string // method, path and status
}

// serve starts a repository with charts of one name.
func serve(t testing.TB, name string, versions ...string) *repository {
	t.Helper()
	s := &repository{files: map[string][]byte{}}
	s.index.WriteString("apiVersion: v1\nentries:\n")
	s.add(t, name, versions...)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

// add adds charts to the index, by a relative address.
func (s *repository) add(t testing.TB, name string, versions ...string) {
	s.index.WriteString("  " + name + ":\n")
	for _, v := range versions {
		data := pack(t, name, v)
		s.files["/charts/"+name+"-"+v+".tgz"] = data
		s.entry(name, v, charts.Digest(data)[7:], "charts/"+name+"-"+v+".tgz")
	}
}

// entry adds a version to the chart that was added last.
func (s *repository) entry(name, version, digest, address string) {
	fmt.Fprintf(&s.index, "  - apiVersion: v2\n    created: \"2026-01-02T03:04:05Z\"\n    description: |\n      A chart.\n    digest: %s\n    name: %s\n    urls:\n    - %s\n    version: %s\n", digest, name, address, version)
}

func (s *repository) answer(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests = append(s.requests, fmt.Sprintf("%s %s %d", r.Method, r.URL.Path, rec.status))
	}()
	if s.handle != nil && s.handle(rec, r) {
		return
	}
	if r.URL.Path == "/index.yaml" {
		w.Header().Set("ETag", `"`+charts.Digest([]byte(s.index.String()))+`"`)
		http.ServeContent(rec, r, "index.yaml", time.Time{}, strings.NewReader(s.index.String()))
		return
	}
	data, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(rec, r)
		return
	}
	_, _ = rec.Write(data)
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// asked returns the requests so far, and forgets them.
func (s *repository) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.requests)
	s.requests = nil
	return out
}

// fetcher returns a fetcher with a cache of its own that trusts the servers and has no
// logins but those of variables.
func fetcher(t testing.TB, env map[string]string, servers ...*httptest.Server) *charts.Fetcher {
	t.Helper()
	dir := t.TempDir()
	f := &charts.Fetcher{Cache: open(t, dir, dir).Cache, Logins: charts.Logins{Getenv: func(name string) string {
		if v, ok := env[name]; ok {
			return v
		}
		return dir + "/none"
	}}}
	for _, s := range servers {
		if s.Certificate() != nil {
			f.CABundle = append(f.CABundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})...)
		}
	}
	return f.WithPause(time.Millisecond)
}
