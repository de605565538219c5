package charts_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// archived returns an entry and its archive, which is in the cache of a store.
func archived(t testing.TB, s *charts.Store, name, version string) charts.Entry {
	t.Helper()
	data := pack(t, name, version)
	if err := s.Cache.Put(data); err != nil {
		t.Fatal(err)
	}
	return charts.Entry{Name: name, Repository: "https://charts.example.com", Version: version, Digest: charts.Digest(data)}
}

// TestVendor tells the story of a vendor directory.
func TestVendor(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	s := open(t, dir, cache)
	vendor := func(s *charts.Store, want charts.Vendored, files ...string) {
		t.Helper()
		got, err := s.Vendor()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var there []string
		entries, err := os.ReadDir(filepath.Join(dir, "charts"))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, e := range entries {
			there = append(there, e.Name())
		}
		if !slices.Equal(there, files) {
			t.Errorf("there are %q, want %q", there, files)
		}
	}
	web, api := archived(t, s, "web", "1.2.3"), archived(t, s, "api", "0.1.0")
	s.Lock.Put(web)
	s.Lock.Put(api)
	write(t, dir, "charts/mine-1.0.0.tgz", []byte("mine"))
	vendor(s, charts.Vendored{Written: []string{"charts/api-0.1.0.tgz", "charts/web-1.2.3.tgz"}, Total: 2},
		"SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.2.3.tgz")
	sum := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	sum.Dir = filepath.Join(dir, "charts")
	if out, err := sum.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	// Nothing changes without a change, and what is vendored needs no cache.
	vendor(s, charts.Vendored{Total: 2}, "SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.2.3.tgz")
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	vendor(open(t, dir, ""), charts.Vendored{Total: 2}, "SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.2.3.tgz")
	// An upgrade replaces one.
	s.Lock.Retain([]charts.Ref{api.Ref()})
	s.Lock.Put(archived(t, s, "web", "1.3.0"))
	vendor(s, charts.Vendored{Written: []string{"charts/web-1.3.0.tgz"}, Deleted: []string{"charts/web-1.2.3.tgz"}, Total: 2},
		"SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.3.0.tgz")
	// What somebody changed is neither deleted nor replaced.
	write(t, dir, "charts/web-1.3.0.tgz", []byte("changed"))
	vendor(s, charts.Vendored{Kept: []string{"charts/web-1.3.0.tgz"}, Total: 2}, "SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.3.0.tgz")
	s.Lock.Retain([]charts.Ref{api.Ref()})
	vendor(s, charts.Vendored{Kept: []string{"charts/web-1.3.0.tgz"}, Total: 1}, "SHA256SUMS", "api-0.1.0.tgz", "mine-1.0.0.tgz", "web-1.3.0.tgz")
	// The last one leaves no traces.
	s.Lock.Retain(nil)
	vendor(s, charts.Vendored{Deleted: []string{"charts/api-0.1.0.tgz"}}, "mine-1.0.0.tgz", "web-1.3.0.tgz")
	// An archive that somebody put there stays theirs.
	write(t, dir, "charts/web-1.2.3.tgz", pack(t, "web", "1.2.3"))
	s.Lock.Put(web)
	vendor(s, charts.Vendored{Total: 1}, "mine-1.0.0.tgz", "web-1.2.3.tgz", "web-1.3.0.tgz")
	s.Lock.Retain(nil)
	vendor(s, charts.Vendored{}, "mine-1.0.0.tgz", "web-1.2.3.tgz", "web-1.3.0.tgz")
}

// TestVendorMissing checks that nothing is changed if an archive is missing.
func TestVendorMissing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, t.TempDir())
	s.Lock.Put(archived(t, s, "api", "0.1.0"))
	s.Lock.Put(entry("web", "1.2.3"))
	if _, err := s.Vendor(); err == nil || !strings.Contains(err.Error(), "the chart web 1.2.3") {
		t.Errorf("the error is %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("there is %v, %v", entries, err)
	}
}

// TestBrokenSums checks that a list that was broken deletes nothing, and leads nowhere.
func TestBrokenSums(t *testing.T) {
	for name, line := range map[string]string{"Conflict": "<<<<<<< HEAD\n", "Path": strings.Repeat("a", 64) + "  ../web.tgz\n", "Other": strings.Repeat("a", 64) + "  Chart.yaml\n"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, charts.SumsFile, []byte(line))
			if _, err := open(t, dir, "").Vendor(); err == nil || !strings.Contains(err.Error(), "restore the file") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	s := open(t, dir, cache)
	web, api, missing := archived(t, s, "web", "1.2.3"), archived(t, s, "api", "0.1.0"), entry("db", "1.0.0")
	verify := func(refs []charts.Ref, want ...string) {
		t.Helper()
		found, err := s.Verify(refs)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range found {
			got = append(got, strings.ReplaceAll(fmt.Sprintf("%s (%s)", w.Err, w.Fix), dir, "DIR"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	verify(nil)
	s.Lock.Put(web)
	s.Lock.Put(missing)
	verify([]charts.Ref{web.Ref(), api.Ref()},
		"charts.lock has db 1.0.0 of https://charts.example.com, which no app uses (run gitopsgen charts update -f DIR)",
		"the chart api 0.1.0 of https://charts.example.com cannot be used: charts.lock does not have it (run gitopsgen charts update api -f DIR)")
	verify([]charts.Ref{web.Ref(), missing.Ref()}, "the chart db 1.0.0 of https://charts.example.com cannot be used: its archive is neither beside the model nor in the cache (run gitopsgen charts fetch -f DIR)")
	s.Lock.Retain([]charts.Ref{web.Ref()})
	if _, err := s.Vendor(); err != nil {
		t.Fatal(err)
	}
	s.Lock.Put(api)
	verify([]charts.Ref{web.Ref(), api.Ref()}, "charts/api-0.1.0.tgz is missing, while other charts are vendored (run gitopsgen charts vendor -f DIR)")
	s.Lock.Retain([]charts.Ref{api.Ref()})
	verify([]charts.Ref{api.Ref()},
		"charts/api-0.1.0.tgz is missing, while other charts are vendored (run gitopsgen charts vendor -f DIR)",
		"charts/web-1.2.3.tgz is vendored, and charts.lock does not have it (run gitopsgen charts vendor -f DIR)")
}
