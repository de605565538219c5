package charts_test

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// serveRegistry starts a registry on this machine. Handle answers in its place, if it
// returns true.
func serveRegistry(t testing.TB, handle func(w http.ResponseWriter, r *http.Request) bool) *httptest.Server {
	t.Helper()
	real := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handle == nil || !handle(w, r) {
			real.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

const (
	chartConfig = types.MediaType("application/vnd.cncf.helm.config.v1+json")
	chartLayer  = types.MediaType("application/vnd.cncf.helm.chart.content.v1.tar+gzip")
	provenance  = types.MediaType("application/vnd.cncf.helm.chart.provenance.v1.prov")
)

// push pushes layers under a tag, as Helm does, and returns the digest of the manifest.
func push(t testing.TB, s *httptest.Server, chart, tag string, config types.MediaType, layers ...v1.Layer) string {
	t.Helper()
	ref, err := name.NewTag(strings.TrimPrefix(s.URL, "http://") + "/charts/" + chart + ":" + tag)
	if err != nil {
		t.Fatal(err)
	}
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), config)
	if img, err = mutate.AppendLayers(img, layers...); err == nil {
		err = remote.Write(ref, img)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d.String()
}

// pushChart pushes a chart with a signature, and returns its archive and the digest of
// the manifest.
func pushChart(t testing.TB, s *httptest.Server, chart, version string, more ...file) ([]byte, string) {
	t.Helper()
	data := pack(t, chart, version, more...)
	return data, push(t, s, chart, strings.ReplaceAll(version, "+", "_"), chartConfig,
		static.NewLayer([]byte("signed"), provenance), static.NewLayer(data, chartLayer))
}

func oci(s *httptest.Server) string {
	return "oci://" + strings.TrimPrefix(s.URL, "http://") + "/charts"
}

// saidOCI is said for a registry.
func saidOCI(err error, s *httptest.Server) string {
	return strings.ReplaceAll(said(err, s), strings.TrimPrefix(s.URL, "http://"), "HOST")
}

func TestResolveInRegistry(t *testing.T) {
	s := serveRegistry(t, nil)
	for _, v := range []string{"1.2.3", "1.3.0", "2.0.0-rc.1", "2.0.0+build.7", "v3.0.0"} {
		pushChart(t, s, "web", v)
	}
	push(t, s, "image", "1.0.0", types.OCIConfigJSON, static.NewLayer([]byte("x"), types.OCILayer))
	push(t, s, "bare", "1.0.0", chartConfig, static.NewLayer([]byte("x"), provenance))
	for name, tc := range map[string]struct{ reason, chart, version, want, wantErr string }{
		"Exact":   {"A version is its tag.", "web", "1.2.3", "1.2.3", ""},
		"Range":   {"A range is the highest version that has a tag.", "web", "^1", "1.3.0", ""},
		"Plus":    {"A tag has an underscore where a version has a plus sign.", "web", "2.0.0+build.7", "2.0.0+build.7", ""},
		"InRange": {"So has one in a range.", "web", "~2", "2.0.0+build.7", ""},
		"V":       {"A v before a version does not count.", "web", "3.0.0", "v3.0.0", ""},
		"Version": {"Versions are listed.", "web", "1.2.4", "", "the chart web 1.2.4 of oci://HOST/charts cannot be fetched: there is no version 1.2.4; the repository has v3.0.0, 2.0.0+build.7, 2.0.0-rc.1, 1.3.0, 1.2.3 (did you mean 1.2.3?)"},
		"Name":    {"A registry does not tell which names it has.", "wbe", "1.2.3", "", "the chart wbe 1.2.3 of oci://HOST/charts cannot be fetched: the registry has no chart of this name (check the repository and the name)"},
		"Image":   {"A container image is not a chart.", "image", "1.0.0", "", "the chart image 1.0.0 of oci://HOST/charts cannot be fetched: this is not a Helm chart: its config has the media type application/vnd.oci.image.config.v1+json"},
		"Bare":    {"A chart has an archive.", "bare", "1.0.0", "", "the chart bare 1.0.0 of oci://HOST/charts cannot be fetched: the chart has no layer with an archive"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := fetcher(t, nil).Resolve(t.Context(), charts.Ref{Repository: oci(s), Name: tc.chart, Version: tc.version})
			if err != nil {
				if diff := cmp.Diff(tc.wantErr, saidOCI(err, s)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			if a.Version != tc.want || tc.wantErr != "" || a.Digest != charts.Digest(a.Data) || !strings.HasPrefix(a.Manifest, "sha256:") {
				t.Errorf("%s: got %+v", tc.reason, a.Entry)
			}
		})
	}
}

// TestMovedTag checks that a tag that was moved does not change what is locked.
func TestMovedTag(t *testing.T) {
	gone := ""
	s := serveRegistry(t, func(w http.ResponseWriter, r *http.Request) bool {
		if gone == "" || !strings.HasSuffix(r.URL.Path, gone) {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		return true
	})
	data, manifest := pushChart(t, s, "web", "1.2.3")
	a, err := fetcher(t, nil).Resolve(t.Context(), charts.Ref{Repository: oci(s), Name: "web", Version: "~1"})
	if err != nil || a.Manifest != manifest {
		t.Fatalf("%v: the manifest is %s, want %s", err, a.Manifest, manifest)
	}
	_, moved := pushChart(t, s, "web", "1.2.3", file{"values.yaml", "a: 1\n"})
	if got, err := fetcher(t, nil).Fetch(t.Context(), a.Entry); err != nil || !cmp.Equal(got.Data, data) {
		t.Errorf("what was locked is not fetched: %v", err)
	}
	gone = manifest
	_, err = fetcher(t, nil).Fetch(t.Context(), a.Entry)
	want := "the chart web ~1 of oci://HOST/charts cannot be fetched: the tag 1.2.3 was moved since it was locked, to " + moved +
		", and the registry no longer has what was locked: it is not the archive that was locked (ask its author why; to use what is there now, run gitopsgen charts update web)"
	if !errors.Is(err, charts.ErrDigest) || saidOCI(err, s) != want {
		t.Errorf("got %s\nwant %s", saidOCI(err, s), want)
	}
}

// TestRegistries checks what registries may do, and what they may not.
func TestRegistries(t *testing.T) {
	blob := func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/blobs/") }
	times := func(n int, match func(*http.Request) bool, answer func(w http.ResponseWriter)) func(w http.ResponseWriter, r *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodGet || !match(r) || n == 0 {
				return false
			}
			n--
			answer(w)
			return true
		}
	}
	status := func(status int, header ...string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			if header != nil {
				w.Header().Set(header[0], header[1])
			}
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]string{"code": "X", "message": "said\x1b[31m by https://a:bcdefgh@x.example.com"}}})
		}
	}
	for name, tc := range map[string]struct {
		reason string
		handle func(w http.ResponseWriter, r *http.Request) bool
		want   string
	}{
		"TooMany": {"A registry that asks to wait is asked again.", times(2, blob, status(http.StatusTooManyRequests, "Retry-After", "0")), ""},
		"Hour":    {"Nobody waits for an hour.", times(9, blob, status(http.StatusTooManyRequests, "Retry-After", "3600")), `the registry refuses more requests for now: said\u001b[31m by https://x.example.com (try again later, or log in)`},
		"Broken":  {"What stays broken is given up.", times(99, blob, status(http.StatusBadGateway)), `the registry answers 502 Bad Gateway: said\u001b[31m by https://x.example.com`},
		"Denied":  {"A registry may not show it.", times(99, blob, status(http.StatusForbidden)), `the registry has no such chart, or does not show it to this login: said\u001b[31m by https://x.example.com (check the name, or run helm registry login or docker login)`},
		"Cut": {"A connection that is cut is made again.", times(2, blob, func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("half"))
			panic(http.ErrAbortHandler)
		}), ""},
		"Other": {"Another layer is not taken for it.", times(99, blob, func(w http.ResponseWriter) { _, _ = w.Write([]byte("something else")) }), "the registry does not send the layer"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveRegistry(t, tc.handle)
			pushChart(t, s, "web", "1.2.3")
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			_, err := fetcher(t, nil).Resolve(t.Context(), charts.Ref{Repository: oci(s), Name: "web", Version: "1.2.3"})
			got := ""
			if err != nil {
				got = strings.TrimPrefix(saidOCI(err, s), "the chart web 1.2.3 of oci://HOST/charts cannot be fetched: ")
			}
			if name == "Other" && strings.HasPrefix(got, tc.want) {
				return // the digests follow
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRegistryLogin checks that the login of helm registry login is used.
func TestRegistryLogin(t *testing.T) {
	const user, password = "reader", "correct-horse-battery"
	var open bool
	s := serveRegistry(t, func(w http.ResponseWriter, r *http.Request) bool {
		if u, p, ok := r.BasicAuth(); open || ok && u == user && p == password {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="charts"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	open = true
	pushChart(t, s, "web", "1.2.3")
	open = false
	ref := charts.Ref{Repository: oci(s), Name: "web", Version: "1.2.3"}
	if _, err := fetcher(t, nil).Resolve(t.Context(), ref); err == nil {
		t.Error("the chart is fetched without a login")
	}
	config := filepath.Join(t.TempDir(), "config.json")
	text := `{"auths": {"` + strings.TrimPrefix(s.URL, "http://") + `": {"username": "` + user + `", "password": "` + password + `"}}}`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fetcher(t, map[string]string{"HELM_REGISTRY_CONFIG": config}).Resolve(t.Context(), ref); err != nil {
		t.Error(err)
	}
}

// TestRegistryOfRepository checks that the archive of a chart repository may be in a
// registry.
func TestRegistryOfRepository(t *testing.T) {
	registry := serveRegistry(t, nil)
	data, _ := pushChart(t, registry, "web", "1.2.3+a")
	s := serve(t, "web")
	s.entry("web", "1.2.3+a", charts.Digest(data)[7:], oci(registry)+"/web:1.2.3_a")
	f := fetcher(t, nil, s.Server)
	f.AllowPlainHTTP = true
	a, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "^1"})
	if err != nil || !cmp.Equal(a.Data, data) || a.Manifest != "" {
		t.Errorf("%v: %+v", err, a)
	}
}
