package charts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

func TestIndex(t *testing.T) {
	const usual = "apiVersion: v1\nentries:\n  api:\n  - version: 0.1.0\n    urls: [a]\n  web:\n  - description: |\n      web:\n      - no\n\n    version: 1.2.3\n    urls: [a]\n  - version: 1.0.0\n    urls: [b]\ngenerated: \"2026\"\n"
	for name, tc := range map[string]struct {
		reason, index string
		names, want   []string
		inPart        bool
		wantErr       string
	}{
		"Usual":    {"Only the part of a chart is parsed.", usual, []string{"api", "web"}, []string{"1.2.3", "1.0.0"}, true, ""},
		"Indented": {"Lists may be indented, names quoted, lines end as on Windows.", "entries:\r\n  \"web\":\r\n    - version: 1.2.3\r\n  'api': []\r\n", []string{"api", "web"}, []string{"1.2.3"}, true, ""},
		"JSON":     {"An index may be JSON.", `{"apiVersion": "v1", "entries": {"web": [{"version": "1.2.3"}]}}`, []string{"web"}, []string{"1.2.3"}, false, ""},
		"Flow":     {"Or YAML of another form.", "apiVersion: v1\nentries: {web: [{version: 1.2.3}]}\n", []string{"web"}, []string{"1.2.3"}, false, ""},
		"Anchor":   {"A part may refer to another.", "entries:\n  api:\n  - &a {version: 1.2.3}\n  web:\n  - *a\n", []string{"api", "web"}, []string{"1.2.3"}, false, ""},
		"Types":    {"A version of another type is passed over.", "entries:\n  web:\n  - version: [1]\n  - version: 1.2.3\n", []string{"web"}, []string{"", "1.2.3"}, true, ""},
		"None":     {"A repository may be empty.", "apiVersion: v1\nentries: {}\n", nil, nil, false, ""},
		"Twice":    {"A chart is listed once.", "entries:\n  web:\n  - version: 1.2.3\n  web:\n  - version: 1.2.4\n", nil, nil, false, "what the server sends is not the index of a chart repository"},
		"Bomb":     {"Aliases are not multiplied.", bomb(), []string{"web"}, []string{"1.0.0"}, false, ""},
		"List":     {"A list is not an index.", "- a\n- b\n", nil, nil, false, "what the server sends is not the index of a chart repository"},
	} {
		t.Run(name, func(t *testing.T) {
			names, versions, inPart, err := charts.NamesOfIndex([]byte(tc.index), "web")
			got := ""
			if err != nil {
				got, names, versions = err.Error(), nil, nil
			}
			if diff := cmp.Diff(tc.wantErr, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if !slices.Equal(names, tc.names) || !slices.Equal(versions, tc.want) || inPart != tc.inPart {
				t.Errorf("%s: names %q, versions %q, in part %v", tc.reason, names, versions, inPart)
			}
		})
	}
}

// bomb returns YAML with an alias that stands for a billion values.
func bomb() string {
	var b strings.Builder
	b.WriteString("apiVersion: v1\na0: &a0 [x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	b.WriteString("entries: {web: [{version: 1.0.0, urls: *a9}]}\n")
	return b.String()
}

// FuzzIndex checks that an index of which one chart is parsed means what all of it means.
func FuzzIndex(f *testing.F) {
	f.Add([]byte("apiVersion: v1\nentries:\n  web:\n  - version: 1.2.3\n"))
	f.Add([]byte("entries:\n  api: []\n  web:\n    - {version: 1.2.3}\n  # a comment\ngenerated: x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, versions, inPart, err := charts.NamesOfIndex(data, "web")
		if err != nil || !inPart {
			return
		}
		var doc struct {
			Entries map[string][]struct {
				Version string `yaml:"version"`
			} `yaml:"entries"`
		}
		if yaml.Unmarshal(data, &doc) != nil {
			return // what is broken elsewhere does not matter
		}
		var want []string
		for _, v := range doc.Entries["web"] {
			want = append(want, v.Version)
		}
		if !slices.Equal(want, versions) {
			t.Errorf("the part has %q, and the whole %q:\n%s", versions, want, data)
		}
	})
}

// BenchmarkIndex reads one chart of an index as large as those of large repositories.
func BenchmarkIndex(b *testing.B) {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nentries:\n")
	for c := range 500 {
		fmt.Fprintf(&text, "  chart-%d:\n", c)
		for v := range 100 {
			fmt.Fprintf(&text, "  - annotations:\n      licenses: Apache-2.0\n    apiVersion: v2\n    appVersion: 1.%d.0\n    created: \"2026-01-02T03:04:05.123456789Z\"\n    description: A chart that is described in a line of usual length.\n    digest: %064d\n    name: chart-%d\n    urls:\n    - https://charts.example.com/chart-%d-1.%d.0.tgz\n    version: 1.%d.0\n", v, v, c, c, v, v)
		}
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, versions, inPart, err := charts.NamesOfIndex([]byte(text.String()), "chart-250"); err != nil || !inPart || len(versions) != 100 {
			b.Fatal(len(versions), err)
		}
	}
}
