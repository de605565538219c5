package charts

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/registry"
	"helm.sh/helm/v3/pkg/repo"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// save packages a chart as helm package does.
func save(t *testing.T, dir, name, version, description string) string {
	t.Helper()
	file, err := chartutil.Save(&chart.Chart{Metadata: &chart.Metadata{APIVersion: chart.APIVersionV2, Name: name, Version: version, Description: description}}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// archive returns the archive of a chart that Helm packaged.
func archive(t *testing.T, name, version, description string) []byte {
	t.Helper()
	data, err := os.ReadFile(save(t, t.TempDir(), name, version, description))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// versions are those of the chart in the repository; requests are what is asked for. Of
// two versions that only differ in what is built, Helm takes either.
var (
	versions = []string{"0.1.0", "0.2.0-alpha.1", "1.0.0", "1.2.3", "1.2.10", "1.3.0-rc.1", "1.3.0", "1.3.1-rc.2", "2.0.0+build.1", "v2.1.0", "3.0.0-beta.1"}
	requests = []string{"*", "x", "1", "1.2", "1.2.3", "v1.2.3", "=1.2.3", "~1.2", "~1.2.4", "^1", "^1.3-0", "~1.3.1-0", ">1.2.3", ">=1.3.0 <2", ">=1.3.1-0, <2", "1.0 - 1.2.9",
		"<0.2", "<0.2.0-0", "0.2.x-0", "2", "2.0.0", "2.1.0", "~2.1", "3", ">=3.0.0-0", "3.0.0-beta.1", "!=2.1.0", "~1.2 || ^3-0", "2.0.0+build.1", ">4", "1.2.4", "latest", "~x", "a b"}
)

// TestChoosesAsHelm checks that a request stands for the version that Helm would
// install from the index that it wrote, and from the tags that it lists.
func TestChoosesAsHelm(t *testing.T) {
	dir := t.TempDir()
	for _, v := range versions {
		save(t, dir, "web", v, "")
	}
	index, err := repo.IndexDirectory(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	index.SortEntries()
	if err := index.WriteFile(filepath.Join(dir, "index.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	files := http.FileServerFS(os.DirFS(dir))
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, p, ok := r.BasicAuth(); !ok || u != user || p != password {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer s.Close()
	config := repo.NewFile()
	config.Add(&repo.Entry{Name: "acme", URL: s.URL + "/", Username: user, Password: password})
	logins := filepath.Join(t.TempDir(), "repositories.yaml")
	if err := config.WriteFile(logins, 0o600); err != nil {
		t.Fatal(err)
	}
	f := fetcher(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), map[string]string{"HELM_REPOSITORY_CONFIG": logins})
	found := 0
	for _, request := range requests {
		want := ""
		if v, err := index.Get("web", request); err == nil {
			want, found = v.Version, found+1
		}
		a, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: request})
		got := ""
		if err == nil {
			got = a.Version
		}
		if got != want {
			t.Errorf("%q stands for %q, and Helm takes %q: %v", request, got, want, err)
		}
	}
	if found < 20 {
		t.Errorf("Helm finds only %d", found)
	}
}

// TestChoosesTagsAsHelm is TestChoosesAsHelm for a registry, whose tags Helm sorts. It
// passes over those with a v, which we read.
func TestChoosesTagsAsHelm(t *testing.T) {
	s := serve(t)
	versions := slices.DeleteFunc(slices.Clone(versions), func(v string) bool { return v[0] == 'v' })
	for _, v := range versions {
		s.push(t, archive(t, "web", v, ""), v)
	}
	tags, err := s.helm.Tags(s.host + "/charts/web")
	if err != nil || len(tags) != len(versions) {
		t.Fatal(tags, err)
	}
	f := fetcher(t, s.ca, map[string]string{"HELM_REGISTRY_CONFIG": s.logins})
	for _, request := range requests {
		want, err := registry.GetTagMatchingVersionOrConstraint(tags, request)
		if err != nil {
			want = ""
		}
		a, err := f.Resolve(t.Context(), s.ref(request))
		got := ""
		if err == nil {
			got = a.Version
		}
		if got != want {
			t.Errorf("%q stands for %q, and Helm takes %q: %v", request, got, want, err)
		}
	}
}
