package charts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// TestContents checks what is said of an archive that is not what it should be, and
// what is locked of one that is.
func TestContents(t *testing.T) {
	const needs = "apiVersion: v2\nname: web\nversion: 1.2.3\ndependencies:\n- {name: db, version: ~1, repository: 'https://db.example.com'}\n- {name: common, version: 2.x.x, repository: 'file://../common'}\n"
	for name, tc := range map[string]struct {
		reason  string
		data    []byte
		want    []charts.Dependency
		wantErr string
	}{
		"Other":    {"An archive of another chart is not used.", pack(t, "api", "1.2.3"), nil, "the chart web 1.2.3 of REPO cannot be fetched: the archive contains api 1.2.3, and the repository calls it web 1.2.3"},
		"Version":  {"Nor is one of another version.", pack(t, "web", "1.2.4"), nil, "the chart web 1.2.3 of REPO cannot be fetched: the archive contains web 1.2.4, and the repository calls it web 1.2.3"},
		"Text":     {"Nor is a text an archive.", []byte("not found"), nil, "the chart web 1.2.3 of REPO cannot be fetched: reading the chart archive: it is not a gzip file: unexpected EOF"},
		"Lacks":    {"Charts that it needs are part of it.", pack(t, "web", "1.2.3", file{"Chart.yaml", needs}, file{"charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.7\n"}), nil, "the chart web 1.2.3 of REPO cannot be fetched: the archive lacks charts that it depends on: common (ask its author to publish it with helm package --dependency-update, or use another version)"},
		"Complete": {"Those that are there are locked with their versions.", pack(t, "web", "1.2.3", file{"Chart.yaml", needs}, file{"charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.7\n"}, file{"charts/common-2.1.0.tgz", string(pack(t, "common", "2.1.0"))}), []charts.Dependency{{Name: "common", Version: "2.1.0"}, {Name: "db", Version: "1.0.7", Repository: "https://db.example.com"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, "web")
			s.files["/web.tgz"] = tc.data
			s.entry("web", "1.2.3", charts.Digest(tc.data), "web.tgz")
			a, err := fetcher(t, nil, s.Server).Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"})
			if err != nil {
				if diff := cmp.Diff(tc.wantErr, said(err, s.Server)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			if diff := cmp.Diff(tc.want, a.Dependencies); diff != "" || tc.wantErr != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
