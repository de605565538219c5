package charts_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// digest returns a digest that repeats a letter.
func digest(letter string) string { return "sha256:" + strings.Repeat(letter, 64) }

func entry(name, version string) charts.Entry {
	return charts.Entry{Name: name, Repository: "https://charts.example.com", Version: version, Digest: digest("a")}
}

const golden = `# Written by gitopsgen charts update; do not edit.
lockVersion: 1
charts:
  - name: ingress-nginx
    repository: https://charts.example.com
    version: 4.15.1
    digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  - name: ingress-nginx
    repository: https://charts.example.com
    requested: ~4.14
    version: 4.14.9
    digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    dependencies:
      - name: common
        version: 2.0.0
        repository: https://common.example.com
  - name: podinfo
    repository: oci://ghcr.io/stefanprodan/charts
    requested: "6"
    version: 6.9.3+build.1
    digest: sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    manifest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
`

func TestLockIsWrittenAsItIsRead(t *testing.T) {
	l, want := &charts.Lock{}, entry("ingress-nginx", "4.14.9")
	want.Requested, want.Dependencies = "~4.14", []charts.Dependency{{Name: "common", Version: "2.0.0", Repository: "https://common.example.com"}}
	l.Put(charts.Entry{Name: "podinfo", Repository: "oci://ghcr.io/stefanprodan/charts/", Requested: "6", Version: "6.9.2", Digest: digest("d"), Manifest: digest("d")})
	l.Put(entry("ingress-nginx", "4.15.1"))
	l.Put(want)
	l.Put(charts.Entry{Name: "podinfo", Repository: "oci://ghcr.io/stefanprodan/charts", Requested: "6", Version: "6.9.3+build.1", Digest: digest("b"), Manifest: digest("c")})
	data, err := l.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(golden, string(data)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	read, err := charts.ParseLock(load.File{Name: "charts.lock", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, read); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	if got, ok := read.Find(charts.Ref{Repository: "https://charts.example.com/", Name: "ingress-nginx", Version: "~4.14"}); !ok || !cmp.Equal(got, want) {
		t.Errorf("found %v %v, want %v", got, ok, want)
	}
	if got, ok := read.Find(charts.Ref{Repository: "https://charts.example.com", Name: "ingress-nginx", Version: "4.14.9"}); ok {
		t.Errorf("a version is found that was not asked for: %v", got)
	}
	removed := read.Retain([]charts.Ref{want.Ref()})
	if len(removed) != 2 || len(read.Entries) != 1 || !cmp.Equal(read.Entries[0], want) {
		t.Errorf("retained %v, removed %v", read.Entries, removed)
	}
}

func TestLockFindings(t *testing.T) {
	const ok = "lockVersion: 1\ncharts:\n  - {name: a, repository: https://x.example.com, version: 1.2.3, digest: %}\n"
	valid := strings.ReplaceAll(ok, "%", digest("a"))
	with := func(old, new string) string { return strings.ReplaceAll(valid, old, new) }
	for name, tc := range map[string]struct{ reason, lock, want string }{
		"Valid":      {"A valid lock has no findings.", valid, ""},
		"NoCharts":   {"A lock may have no charts.", "lockVersion: 1\n", ""},
		"Empty":      {"An empty file is not a lock.", "", "charts.lock: the file contains no document (delete the file, or restore it)"},
		"Syntax":     {"What cannot be parsed has a position.", "lockVersion: 1\ncharts: [\n", "charts.lock:2:1: invalid YAML: did not find expected node content (fix the syntax)"},
		"Conflict":   {"A merge that was left off too.", "lockVersion: 1\n<<<<<<< HEAD\ncharts: []\n=======\n", "charts.lock:2:1: invalid YAML: could not find expected ':' (fix the syntax)"},
		"Newer":      {"A format of the future is not guessed.", "lockVersion: 2\n", "charts.lock:1:14: lockVersion: the lock has version 2 of its format, and this gitopsgen reads version 1 (use a newer gitopsgen, or delete the file and run gitopsgen charts update)"},
		"Field":      {"Unknown fields are named.", with("digest:", "digset:"), "charts.lock:3:66: charts[a].digset: the field does not exist (did you mean digest?)"},
		"Digest":     {"A digest has a form.", with("sha256:", "md5:"), `charts.lock:3:74: charts[a].digest: "md5:` + strings.Repeat("a", 64) + `" is not a digest, as in sha256:… (remove the entry and run gitopsgen charts update)`},
		"NoDigest":   {"An entry without a digest locks nothing.", with(", digest: "+digest("a"), ""), `charts.lock:3:5: charts[a].digest: "" is not a digest, as in sha256:… (remove the entry and run gitopsgen charts update)`},
		"Range":      {"What is locked is one version.", with("version: 1.2.3", "version: ~1.2"), `charts.lock:3:59: charts[a].version: "~1.2" is not a version (remove the entry and run gitopsgen charts update)`},
		"Short":      {"A version of two numbers is a range.", with("version: 1.2.3", "version: '1.2'"), `charts.lock:3:59: charts[a].version: "1.2" is not a version (remove the entry and run gitopsgen charts update)`},
		"Escape":     {"A name is the name of a file.", with("name: a", "name: ../a"), `charts.lock:3:12: charts[../a].name: "../a" is not a valid name of a chart (use the name in its Chart.yaml; a path belongs to the repository)`},
		"Login":      {"An address has no login.", with("https://x", "https://user:word@x"), "charts.lock:3:27: charts[a].repository: the address of the repository contains a login, a query or a fragment (remove it; gitopsgen charts --help says where logins are read from)"},
		"Plain":      {"Charts are not read over plain http.", with("https://", "http://"), "charts.lock:3:27: charts[a].repository: the repository is not read over plain http (use https)"},
		"Manifest":   {"Only registries have manifests.", with(", digest", ", manifest: '"+digest("b")+"', digest"), "charts.lock:3:76: charts[a].manifest: only a chart of a registry has a manifest (remove the entry and run gitopsgen charts update)"},
		"NoManifest": {"And they always have.", with("https://", "oci://"), `charts.lock:3:5: charts[a].manifest: "" is not a digest, as in sha256:… (remove the entry and run gitopsgen charts update)`},
		"Twice":      {"A chart is locked once.", valid + "  - {name: a, repository: https://x.example.com/, version: 1.2.3, digest: " + digest("b") + "}\n", "charts.lock:4:5: charts[1]: a 1.2.3 of https://x.example.com is locked twice (remove the entry and run gitopsgen charts update)"},
		"Documents":  {"There is one document.", valid + "---\nlockVersion: 1\n", "charts.lock:5:1: the file contains more than one document (remove the other documents)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := charts.ParseLock(load.File{Name: "charts.lock", Data: []byte(tc.lock)})
			got := ""
			var found *finding.ValidationError
			if errors.As(err, &found) {
				got = found.Error()
			} else if err != nil {
				t.Fatalf("%s: not a finding: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLocksMerge checks that git merges two locks that each have one more chart, at
// different places.
func TestLocksMerge(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, list ...string) {
		l := &charts.Lock{}
		for _, n := range list {
			l.Put(entry(n, "1.0.0"))
		}
		data, err := l.Bytes()
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("base", "cert-manager", "podinfo")
	write("ours", "argo-rollouts", "cert-manager", "podinfo")
	write("theirs", "cert-manager", "external-secrets", "podinfo")
	write("want", "argo-rollouts", "cert-manager", "external-secrets", "podinfo")
	cmd := exec.Command("git", "merge-file", "-p", "ours", "base", "theirs")
	cmd.Dir = dir
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v:\n%s", err, got)
	}
	want, err := os.ReadFile(filepath.Join(dir, "want"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzLock checks that what is read is written so that it is read alike.
func FuzzLock(f *testing.F) {
	f.Add([]byte(golden))
	f.Add([]byte("lockVersion: 1\ncharts: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := charts.ParseLock(load.File{Name: "charts.lock", Data: data})
		if err != nil {
			return
		}
		first, err := l.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := charts.ParseLock(load.File{Name: "charts.lock", Data: first})
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if second, err := again.Bytes(); err != nil || string(first) != string(second) {
			t.Errorf("%v:\n%s\nis read as\n%s", err, first, second)
		}
	})
}
