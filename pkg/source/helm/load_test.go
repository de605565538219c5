package helm_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

const chartYAML = "apiVersion: v2\nname: a\nversion: 1.0.0\n"

func regular(name string, size int) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(size)}
}

// packed returns an archive of files, whose names are complete, in turn with texts.
func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var entries []tar.Header
	var contents [][]byte
	for i := 0; i < len(files); i += 2 {
		entries = append(entries, regular(files[i], len(files[i+1])))
		contents = append(contents, []byte(files[i+1]))
	}
	return archive(t, entries, contents)
}

// TestLoad checks which archives are refused, and why.
func TestLoad(t *testing.T) {
	valid := []string{"a/Chart.yaml", chartYAML, "a/templates/x.yaml", "{{ .Values.x }}"}
	with := func(files ...string) []byte { return packed(t, append(append([]string(nil), valid...), files...)...) }
	zeros := func(size int) string { return strings.Repeat("\x00", size) }
	many := func(n int) []byte {
		files := append([]string(nil), valid...)
		for i := range n {
			files = append(files, fmt.Sprint("a/files/", i), "")
		}
		return packed(t, files...)
	}
	nested := packed(t, valid...)
	for range 30 {
		nested = packed(t, "a/Chart.yaml", chartYAML, "a/charts/a.tgz", string(nested))
	}
	large := func(of string) string {
		return string(packed(t, "a/Chart.yaml", strings.Replace(chartYAML, "a", of, 1), "a/1", zeros(5<<20), "a/2", zeros(5<<20), "a/3", zeros(5<<20)))
	}
	bomb := append([]string(nil), valid...)
	for i := range 8 {
		bomb = append(bomb, fmt.Sprintf("a/charts/%d.tgz", i), large(fmt.Sprint("a", i)))
	}
	for name, tc := range map[string]struct {
		reason  string
		archive []byte
		want    string
	}{
		"Valid":       {"A chart is read.", with(), ""},
		"Header":      {"What git archive writes first is not a file.", archive(t, []tar.Header{{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "1"}}, regular("a/Chart.yaml", len(chartYAML))}, [][]byte{nil, []byte(chartYAML)}), ""},
		"Nothing":     {"An archive is compressed.", nil, "reading the chart archive: it is not a gzip file: EOF"},
		"Text":        {"Text is not an archive.", []byte(chartYAML), "reading the chart archive: it is not a gzip file: gzip: invalid header"},
		"Cut":         {"An archive is complete.", with()[:100], "reading the chart archive: it is damaged: unexpected EOF"},
		"Empty":       {"An archive has files.", archive(t, nil, nil), "reading the chart archive: it contains no file"},
		"No chart":    {"A chart has a Chart.yaml.", packed(t, "a/x", ""), "Chart.yaml file is missing"},
		"Not inside":  {"All files are in one directory.", with("x", ""), `reading the chart archive: the file "x" is not in the directory of the chart`},
		"Link":        {"A link could lead anywhere.", archive(t, []tar.Header{{Name: "a/x", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}, nil), `reading the chart archive: "a/x" is a link`},
		"Hard link":   {"So could a hard link.", archive(t, []tar.Header{{Name: "a/x", Typeflag: tar.TypeLink, Linkname: "a/Chart.yaml"}}, nil), `reading the chart archive: "a/x" is a link`},
		"Device":      {"A device is not a file.", archive(t, []tar.Header{{Name: "a/x", Typeflag: tar.TypeChar}}, nil), `reading the chart archive: "a/x" is a special file`},
		"Pipe":        {"A pipe is not a file.", archive(t, []tar.Header{{Name: "a/x", Typeflag: tar.TypeFifo}}, nil), `reading the chart archive: "a/x" is a special file`},
		"Parent":      {"A name does not lead out of the chart.", with("a/../../x", ""), `reading the chart archive: the name "a/../../x" contains ".."`},
		"Inner":       {"Not even into it again.", with("a/x/../y", ""), `reading the chart archive: the name "a/x/../y" contains ".."`},
		"Absolute":    {"A name is not absolute.", with("/a/x", ""), `reading the chart archive: the name "/a/x" is absolute`},
		"Root":        {"Not behind the first directory either.", with("a//x", ""), `reading the chart archive: the name "/x" is absolute`},
		"Drive":       {"Nor on Windows.", with("a/c:/x", ""), `reading the chart archive: the name "c:/x" is absolute`},
		"Backslash":   {"A backslash is a separator on Windows.", with(`a\..\x`, ""), `reading the chart archive: the name "a\..\x" contains a backslash`},
		"Escape":      {"Names are shown escaped.", with("a/\x1b[31m\u202e/../x", ""), `reading the chart archive: the name "a/\u001b[31m\u202e/../x" contains ".."`},
		"Twice":       {"A name means one file.", with("a/./templates/x.yaml", ""), `reading the chart archive: the file "templates/x.yaml" is there twice`},
		"Entries":     {"The number of files is bounded.", many(10_000), "reading the chart archive: there are more than 10000 entries"},
		"Large":       {"The size of a file is bounded, as with Helm.", with("a/x", zeros(5<<20+1)), `reading the chart archive: the file "x" is larger than 5 MiB`},
		"Bomb":        {"The size of all files is bounded, also of those in archives in it.", packed(t, bomb...), `subchart "6.tgz" of "a": reading the archive: the chart is larger than 100 MiB`},
		"Levels":      {"Charts in each other are bounded.", nested, "charts are more than 20 levels deep inside each other"},
		"Blocks":      {"Blocks in each other are bounded.", with("a/templates/y.yaml", strings.Repeat("{{if 1}}", 100_000)), `the template "templates/y.yaml" is nested more than 500 levels deep`},
		"Else":        {"So are blocks in else.", with("a/templates/y.yaml", "{{if 1}}"+strings.Repeat("{{else if 1}}", 100_000)), `the template "templates/y.yaml" is nested more than 500 levels deep`},
		"Parentheses": {"So are parentheses.", with("a/templates/y.yaml", "{{"+strings.Repeat("(", 100_000)), `the template "templates/y.yaml" is nested more than 500 levels deep`},
		"YAML":        {"Chart.yaml is YAML.", packed(t, "a/Chart.yaml", "a: b: c\x1b"), "cannot load Chart.yaml: error converting YAML to JSON: yaml: control characters are not allowed"},
		"Name":        {"A name is not a path.", packed(t, "a/Chart.yaml", "apiVersion: v2\nname: ../x\nversion: 1.0.0\n"), `validation: chart.metadata.name "../x" is invalid`},
		"Aliases":     {"Aliases of YAML do not grow without end.", packed(t, "a/Chart.yaml", chartYAML, "a/values.yaml", aliases), "cannot load values.yaml: error converting YAML to JSON: yaml: document contains excessive aliasing"},
		"Depth":       {"Nor is YAML nested without end.", packed(t, "a/Chart.yaml", chartYAML, "a/values.yaml", "a: "+strings.Repeat("[", 20_000)), "cannot load values.yaml: error converting YAML to JSON: yaml: exceeded max depth of 10000"},
		"Null":        {"A dependency is not null.", packed(t, "a/Chart.yaml", chartYAML+"dependencies: [null]\n"), "validation: dependencies must not contain empty or null nodes"},
		"Subcharts":   {"A subchart is one chart.", with("a/charts/b/Chart.yaml", chartYAML, "a/charts/c/Chart.yaml", chartYAML), `charts/ of "a" contains "a" "1.0.0" twice`},
		"No subchart": {"What is in charts is a chart.", with("a/charts/b/x", ""), `subchart "b" of "a": Chart.yaml file is missing`},
		"Ignored":     {"What begins with a dot or an underscore is not.", with("a/charts/_b/x", "", "a/charts/.c", "", "a/charts/d.tgz.prov", ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			start, before := time.Now(), allocated()
			_, err := helm.Load(tc.archive)
			got := ""
			if err != nil {
				got = err.Error()
			}
			// The chain of subcharts is not what is compared.
			if i := strings.LastIndex(got, `": charts are`); i >= 0 {
				got = got[i+3:]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s Load (-want +got):\n%s", tc.reason, diff)
			}
			if took, grown := time.Since(start), allocated()-before; took > 20*time.Second || grown > 1<<30 {
				t.Errorf("Load took %v and allocated %d MiB", took, grown>>20)
			}
		})
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// aliases are values that would be 10^9 if they were written out.
var aliases = func() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}()

// TestLoadEndless checks that an archive that says more than it has, or has no end, is
// not read on and on.
func TestLoadEndless(t *testing.T) {
	var buf bytes.Buffer
	zip, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(zip)
	if err := out.WriteHeader(&tar.Header{Name: "a/x", Typeflag: tar.TypeReg, Size: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 300 {
		if _, err := out.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	before := allocated()
	_, err = helm.Load(buf.Bytes())
	if err == nil || !strings.Contains(err.Error(), "larger than 5 MiB") {
		t.Errorf("Load of an endless file = %v", err)
	}
	if grown := allocated() - before; grown > 64<<20 {
		t.Errorf("Load allocated %d MiB", grown>>20)
	}
}

// TestLoadFiles checks what is taken from a directory.
func TestLoadFiles(t *testing.T) {
	files := func(more ...string) []helm.File {
		out := []helm.File{{Name: "Chart.yaml", Data: []byte("\xef\xbb\xbf" + chartYAML)}}
		for i := 0; i < len(more); i += 2 {
			out = append(out, helm.File{Name: more[i], Data: []byte(more[i+1])})
		}
		return out
	}
	const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
	for name, tc := range map[string]struct {
		reason  string
		files   []helm.File
		objects int
		want    string
	}{
		"Plain":    {"Files are read in any order.", files("templates/b.yaml", object, "templates/a.yaml", object), 2, ""},
		"Dot":      {"Templates that begin with a dot are ignored.", files("templates/.b.yaml", object), 0, ""},
		"Ignored":  {"A pattern without a slash matches in all directories.", files(".helmignore", "# backups\n*.bak.yaml\n", "templates/sub/a.bak.yaml", object, "templates/a.yaml", object), 1, ""},
		"Rooted":   {"One with a slash matches a path.", files(".helmignore", "/templates/a.yaml\n", "templates/a.yaml", object, "templates/sub/a.yaml", object), 1, ""},
		"Folder":   {"What is in a directory that is ignored is ignored.", files(".helmignore", "sub/\n", "templates/sub/deep/a.yaml", object, "templates/sub.yaml", object), 1, ""},
		"Wrong":    {"A pattern is valid.", files(".helmignore", "a/**/b\n"), 0, ".helmignore: double-star (**) syntax is not supported"},
		"Twice":    {"A name means one file.", files("templates/a.yaml", object, "templates//a.yaml", object), 0, `the file "templates/a.yaml" is there twice`},
		"Outside":  {"Names stay in the directory.", files("../x", ""), 0, `the name "../x" contains ".."`},
		"Absolute": {"They are not absolute.", files("/x", ""), 0, `the name "/x" is absolute`},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := helm.LoadFiles(tc.files)
			got, objects := "", 0
			if err != nil {
				got = err.Error()
			} else {
				out, err := c.Render(context.Background(), helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36"})
				if err != nil {
					t.Fatal(err)
				}
				objects = len(out.Objects)
			}
			if got != tc.want || objects != tc.objects {
				t.Errorf("%s LoadFiles = %d objects, error %q, want %d, %q", tc.reason, objects, got, tc.objects, tc.want)
			}
		})
	}
}
