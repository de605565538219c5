package charts_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// write writes a file below a directory.
func write(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeLock writes the lock of a model.
func writeLock(t testing.TB, dir string, entries ...charts.Entry) {
	t.Helper()
	l := &charts.Lock{}
	for _, e := range entries {
		l.Put(e)
	}
	data, err := l.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, charts.LockFile, data)
}

// open opens the charts of a model.
func open(t testing.TB, dir, cache string) *charts.Store {
	t.Helper()
	s, err := charts.Open(dir, cache)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestArchive(t *testing.T) {
	one, other := []byte("the archive"), []byte("another archive")
	e := charts.Entry{Name: "web", Repository: "https://charts.example.com", Requested: "~1.2", Version: "1.2.3", Digest: charts.Digest(one)}
	twin := charts.Entry{Name: "web", Repository: "https://other.example.com", Version: "1.2.3", Digest: charts.Digest(other)}
	long := "charts/web-1.2.3-" + e.Digest[7:19] + ".tgz"
	for name, tc := range map[string]struct {
		reason  string
		lock    []charts.Entry
		vendor  map[string][]byte
		cached  []byte
		ref     charts.Ref
		wantErr error
		want    string // of the error
	}{
		"Cached":    {"An archive is read from the cache.", []charts.Entry{e}, nil, one, e.Ref(), nil, ""},
		"Vendored":  {"Or from beside the model.", []charts.Entry{e}, map[string][]byte{"charts/web-1.2.3.tgz": one}, nil, e.Ref(), nil, ""},
		"Slash":     {"A slash at the end of a repository means nothing.", []charts.Entry{e}, nil, one, charts.Ref{Repository: e.Repository + "/", Name: "web", Version: "~1.2"}, nil, ""},
		"Alike":     {"Two archives of one name have their digests in the names.", []charts.Entry{e, twin}, map[string][]byte{long: one}, nil, e.Ref(), nil, ""},
		"NotLocked": {"A chart that is not locked is not guessed.", nil, nil, one, e.Ref(), charts.ErrNotLocked, "the chart web ~1.2 of https://charts.example.com cannot be used: charts.lock does not have it (run gitopsgen charts update web -f DIR)"},
		"Other":     {"Those that are locked are named.", []charts.Entry{e}, nil, one, charts.Ref{Repository: e.Repository, Name: "web", Version: "1.2.3"}, charts.ErrNotLocked, "the chart web 1.2.3 of https://charts.example.com cannot be used: charts.lock does not have it; it has ~1.2 (run gitopsgen charts update web -f DIR)"},
		"Missing":   {"What is nowhere has to be fetched.", []charts.Entry{e}, nil, nil, e.Ref(), charts.ErrMissing, "the chart web ~1.2 of https://charts.example.com cannot be used: its archive is neither beside the model nor in the cache (run gitopsgen charts fetch -f DIR)"},
		"Changed":   {"A vendored archive that was changed is not passed over in silence.", []charts.Entry{e}, map[string][]byte{"charts/web-1.2.3.tgz": other}, one, e.Ref(), charts.ErrDigest, "the chart web ~1.2 of https://charts.example.com cannot be used: DIR/charts/web-1.2.3.tgz was changed: it is not the archive that was locked (restore it, or run gitopsgen charts vendor -f DIR)"},
		"Wrong":     {"What names no chart is not looked up.", nil, nil, nil, charts.Ref{Repository: "charts.example.com", Name: "web", Version: "1.2.3"}, nil, `repository: "charts.example.com" is not the address of a chart repository (write https://HOST/PATH, or oci://HOST/PATH for a registry)`},
	} {
		t.Run(name, func(t *testing.T) {
			dir, cache := t.TempDir(), t.TempDir()
			if tc.lock != nil {
				writeLock(t, dir, tc.lock...)
			}
			for name, data := range tc.vendor {
				write(t, dir, name, data)
			}
			s := open(t, dir, cache)
			if tc.cached != nil {
				if err := s.Cache.Put(tc.cached); err != nil {
					t.Fatal(err)
				}
			}
			got, err := s.Archive(tc.ref)
			if tc.want == "" {
				if err != nil || !cmp.Equal(got, &charts.Archive{Entry: e, Data: one}) {
					t.Errorf("%s: %v, %v", tc.reason, got, err)
				}
				return
			}
			var w *finding.Wrong
			if !errors.As(err, &w) || tc.wantErr != nil && !errors.Is(err, tc.wantErr) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(w.Error()+" ("+w.Fix+")", dir, "DIR")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDamagedCache checks that what was damaged is not used, and is replaced.
func TestDamagedCache(t *testing.T) {
	dir, data := t.TempDir(), []byte("the archive")
	c := open(t, dir, dir).Cache
	if err := c.Put(data); err != nil {
		t.Fatal(err)
	}
	digest := charts.Digest(data)
	write(t, dir, "charts/sha256/"+digest[7:]+".tgz", []byte("the arch"))
	if got, err := c.Get(digest); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a damaged archive is returned: %q, %v", got, err)
	}
	if err := c.Put(data); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Get(digest); err != nil || string(got) != string(data) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestVendorDirStaysInside checks that a link does not lead out of the model.
func TestVendorDirStaysInside(t *testing.T) {
	dir, outside, data := t.TempDir(), t.TempDir(), []byte("the archive")
	e := charts.Entry{Name: "web", Repository: "https://charts.example.com", Version: "1.2.3", Digest: charts.Digest(data)}
	writeLock(t, dir, e)
	write(t, outside, "web-1.2.3.tgz", data)
	if err := os.Symlink(outside, filepath.Join(dir, charts.VendorDir)); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, dir, "").Archive(e.Ref()); err == nil {
		t.Errorf("read from outside of the model: %q", got.Data)
	}
}
