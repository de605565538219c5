package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/licenseclassifier/v2/assets"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestModules compares the list of linked modules with what is linked.
func TestModules(t *testing.T) {
	want, err := modulesFile(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(modulesName)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("run go -C .release run . modules (-file +linked):\n%s", diff)
	}
}

func TestNotes(t *testing.T) {
	modules, direct := map[string]*linkedModule{}, []string{}
	for path, n := range notes {
		modules[path] = &linkedModule{path: path}
		if n.why != "" {
			direct = append(direct, path)
		}
	}
	if err := checkNotes(modules, direct); err != nil {
		t.Error(err)
	}
	if err := checkNotes(modules, append(direct, "example.com/new")); err == nil || !strings.Contains(err.Error(), "example.com/new is new") {
		t.Errorf("a direct module without a note: %v", err)
	}
	delete(modules, "github.com/json-iterator/go")
	if err := checkNotes(modules, direct); err == nil || !strings.Contains(err.Error(), "github.com/json-iterator/go is gone") {
		t.Errorf("a note about a module that is gone: %v", err)
	}
}

func TestLicenses(t *testing.T) {
	find, err := newFinder()
	if err != nil {
		t.Fatal(err)
	}
	text := func(id string) string {
		data, err := assets.ReadLicenseFile("License/" + id + "/license.txt")
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	cases := map[string]struct {
		reason string
		files  map[string]string
		want   string
		err    string
	}{
		"Permissive": {"A known license is found by its text.", map[string]string{"LICENSE": text("ISC")}, "ISC", ""},
		"British":    {"The name of the file may be spelled otherwise.", map[string]string{"LICENCE.md": text("ISC")}, "ISC", ""},
		"Several":    {"All licenses of a directory count.", map[string]string{"LICENSE": text("ISC"), "LICENSE.BSD": text("BSD-2-Clause")}, "BSD-2-Clause AND ISC", ""},
		"OfPackage":  {"Those closest to the package count.", map[string]string{"LICENSE": text("GPL-3.0"), "pkg/LICENSE": text("ISC")}, "ISC", ""},
		"OfSource":   {"What a source file says of itself wins.", map[string]string{"LICENSE.MPL": text("MPL-2.0"), "LICENSE.BSD": text("BSD-2-Clause"), "pkg/a.go": "// SPDX-License-Identifier: BSD-2-Clause\n\npackage a\n", "pkg/b.go": "// SPDX-License-Identifier: BSD-2-Clause\npackage a\n"}, "BSD-2-Clause", ""},
		"OneSource":  {"What one source file says counts beside the license file, for the others.", map[string]string{"LICENSE": text("ISC"), "pkg/b.go": "// SPDX-License-Identifier: MIT\npackage a\n"}, "ISC AND MIT", ""},
		"Copied":     {"A source file that says copyleft is refused, whatever the license file.", map[string]string{"LICENSE": text("ISC"), "pkg/a.go": "// SPDX-License-Identifier: MPL-2.0\npackage a\n"}, "", "the license MPL-2.0 is not permitted"},
		"OfDocs":     {"The license of the documentation is not that of the code.", map[string]string{"LICENSE": text("ISC"), "LICENSE.docs": text("CC-BY-SA-4.0")}, "ISC", ""},
		"NotOfDocs":  {"One of code counts, whatever the name of the file.", map[string]string{"LICENSE": text("ISC"), "LICENSE.docs": text("GPL-3.0")}, "", "the license GPL-3.0 is not permitted"},
		"Copyleft":   {"Copyleft is refused.", map[string]string{"COPYING": text("GPL-3.0")}, "", "the license GPL-3.0 is not permitted"},
		"None":       {"No license is refused.", map[string]string{"README": "Free for all."}, "", "no license was found"},
		"Unknown":    {"A text that is no known license is refused.", map[string]string{"LICENSE": "Use it as you like."}, "", "no license was found"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pkg := filepath.Join(dir, "pkg")
			if err := errors.Join(os.Mkdir(pkg, 0o755), os.WriteFile(filepath.Join(pkg, "a.go"), []byte("package a\n"), 0o600),
				os.WriteFile(filepath.Join(pkg, "b.go"), []byte("package a\n"), 0o600)); err != nil {
				t.Fatal(err)
			}
			for path, data := range tc.files {
				if err := os.WriteFile(filepath.Join(dir, path), []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := find.of(&linkedModule{path: "example.com/m", dir: dir, files: map[string][]string{pkg: {"a.go", "b.go"}}})
			if tc.err == "" && err != nil || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
				t.Fatalf("%s Error: %v, want %q", tc.reason, err, tc.err)
			}
			if err == nil && got.String() != tc.want {
				t.Errorf("%s Got %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestBuild builds a release of this machine's platform from two clones in different
// places: all files are the same, and are what they are said to be.
func TestBuild(t *testing.T) {
	const version = "v0.99.0"
	here := platform{runtime.GOOS, runtime.GOARCH}
	var dirs []string
	for range 2 {
		clone := filepath.Join(t.TempDir(), "gitopsgen")
		for _, args := range [][]string{{"clone", "--quiet", root, clone}, {"-C", clone, "tag", version}} {
			if _, err := output(t.Context(), ".", os.Environ(), "git", args...); err != nil {
				t.Fatal(err)
			}
		}
		r := release{root: clone, version: version, dir: filepath.Join(t.TempDir(), "out")}
		if err := r.build(t.Context(), []platform{here}); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, r.dir)
		r.version, r.dir = "v0.98.0", filepath.Join(t.TempDir(), "out")
		if err := r.build(t.Context(), []platform{here}); err == nil || !strings.Contains(err.Error(), "check out the tag v0.98.0") {
			t.Errorf("a checkout of another version: %v", err)
		}
	}
	first := read(t, dirs[0])
	if diff := cmp.Diff(sizes(first), sizes(read(t, dirs[1]))); diff != "" {
		t.Errorf("two builds differ (-first +second):\n%s", diff)
	}
	base := "gitopsgen_0.99.0_" + here.String()
	if len(first) != 3 {
		t.Fatalf("the release has %d files", len(first))
	}
	for name, data := range first {
		if line := fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name); name != "SHA256SUMS" && !strings.Contains(string(first["SHA256SUMS"]), line) {
			t.Errorf("SHA256SUMS lacks %s", line)
		}
	}
	checkArchive(t, first[base+".tar.gz"], base, version)
	checkBill(t, first[base+".cdx.json"], version)
}

func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if out[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// sizes returns the sizes and hashes of files.
func sizes(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for name, data := range files {
		out[name] = fmt.Sprintf("%d bytes, %x", len(data), sha256.Sum256(data))
	}
	return out
}

// checkArchive unpacks an archive and runs what is in it.
func checkArchive(t *testing.T, data []byte, base, version string) {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dir, got := t.TempDir(), map[string]int64{}
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got[h.Name] = h.Mode
		content, err := io.ReadAll(r)
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, filepath.Base(h.Name)), content, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]int64{base + "/gitopsgen": 0o755, base + "/LICENSE": 0o644, base + "/README.md": 0o644, base + "/THIRD_PARTY_LICENSES": 0o644}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files of the archive (-want +got):\n%s", diff)
	}
	out, err := exec.Command(filepath.Join(dir, "gitopsgen"), "version").CombinedOutput()
	if err != nil || !strings.Contains(string(out), version) {
		t.Errorf("version: %v: %s", err, out)
	}
	third, err := os.ReadFile(filepath.Join(dir, "THIRD_PARTY_LICENSES"))
	if err != nil || !bytes.Contains(third, []byte("github.com/spf13/pflag v")) || !bytes.Contains(third, []byte("Redistribution and use in source and binary forms")) {
		t.Errorf("THIRD_PARTY_LICENSES lacks licenses: %v", err)
	}
}

// checkBill judges a bill of materials by the schema of CycloneDX, and by what it
// says.
func checkBill(t *testing.T, data []byte, version string) {
	t.Helper()
	dir, err := output(t.Context(), ".", os.Environ(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go")
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schemax.json"} {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "schema", name))
		if err != nil {
			t.Fatal(err)
		}
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err := errors.Join(err, compiler.AddResource("http://cyclonedx.org/schema/"+strings.Replace(name, "schemax", "schema", 1), schema)); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	bom, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(bom); err != nil {
		t.Error(err)
	}
	var said struct {
		Metadata   struct{ Component struct{ Version string } }
		Components []struct {
			Name, Version string
			Licenses      []struct{ Expression string }
			Hashes        []struct{ Content string }
		}
		Dependencies []struct{ DependsOn []string }
	}
	if err := json.Unmarshal(data, &said); err != nil {
		t.Fatal(err)
	}
	if said.Metadata.Component.Version != version || len(said.Components) < 40 || len(said.Dependencies) != len(said.Components) {
		t.Errorf("the bill is of version %q, with %d components and %d dependencies", said.Metadata.Component.Version, len(said.Components), len(said.Dependencies))
	}
	for _, c := range said.Components {
		if c.Version == "" || len(c.Licenses) != 1 || c.Licenses[0].Expression == "" || c.Name != "std" && len(c.Hashes) != 1 {
			t.Errorf("the bill says too little of %s: %v", c.Name, c)
		}
	}
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// TestZip writes the same archive twice, as for Windows.
func TestZip(t *testing.T) {
	files := []file{{"gitopsgen.exe", []byte("program"), true}, {"LICENSE", []byte("text"), false}}
	one, err := archive(true, "dir", files, noon)
	two, other := archive(true, "dir", files, noon)
	if err := errors.Join(err, other); err != nil || one.name != ".zip" || !bytes.Equal(one.data, two.data) {
		t.Errorf("%v; %s of %d and %d bytes", err, one.name, len(one.data), len(two.data))
	}
}
