package charts_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// said returns what an error says and advises, with an address in place of a server's.
func said(err error, s *httptest.Server) string {
	var w *finding.Wrong
	if !errors.As(err, &w) {
		return "not a finding: " + err.Error()
	}
	text := w.Error()
	if w.Fix != "" {
		text += " (" + w.Fix + ")"
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, s.URL, "REPO"), strings.TrimPrefix(s.URL, "https://"), "HOST")
}

func TestResolve(t *testing.T) {
	s := serve(t, "web", "1.2.3", "1.3.0", "1.3.1-rc.1", "2.0.0+build.7")
	s.add(t, "api", "v0.1.0")
	s.add(t, "api-docs", "0.1.0")
	for name, tc := range map[string]struct{ reason, chart, version, want, wantErr string }{
		"Exact":      {"A version is that version.", "web", "1.2.3", "1.2.3", ""},
		"Range":      {"A range is its highest version.", "web", "~1.2", "1.2.3", ""},
		"Stable":     {"A pre-release is not in a range.", "web", "^1", "1.3.0", ""},
		"PreRelease": {"Unless the range names one.", "web", "^1.3-0", "1.3.1-rc.1", ""},
		"Build":      {"What stands after a plus sign does not count.", "web", "2.0.0", "2.0.0+build.7", ""},
		"V":          {"Nor does a v before a version.", "api", "0.1.0", "v0.1.0", ""},
		"Name":       {"A name that is misspelled has a nearest one.", "wbe", "1.2.3", "", "the chart wbe 1.2.3 of REPO cannot be fetched: the repository has no chart of this name (did you mean web?)"},
		"NoName":     {"Or the repository's are listed.", "postgres", "1.2.3", "", "the chart postgres 1.2.3 of REPO cannot be fetched: the repository has no chart of this name (use one of api, api-docs, web)"},
		"Version":    {"Versions are listed, the highest first.", "web", "1.2.4", "", "the chart web 1.2.4 of REPO cannot be fetched: there is no version 1.2.4; the repository has 2.0.0+build.7, 1.3.1-rc.1, 1.3.0, 1.2.3 (did you mean 1.2.3?)"},
		"OnlyPre":    {"A range that only has pre-releases is told apart.", "web", ">1.3.0 <2", "", "the chart web >1.3.0 <2 of REPO cannot be fetched: only pre-releases are in the range >1.3.0 <2, such as 1.3.1-rc.1 (name one, or end the range in -0)"},
	} {
		t.Run(name, func(t *testing.T) {
			f := fetcher(t, nil, s.Server)
			a, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL + "/", Name: tc.chart, Version: tc.version})
			if tc.wantErr != "" {
				if err == nil {
					t.Fatalf("%s: no error", tc.reason)
				}
				if diff := cmp.Diff(tc.wantErr, said(err, s.Server)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %s", tc.reason, said(err, s.Server))
			}
			data := s.files["/charts/"+tc.chart+"-"+tc.want+".tgz"]
			want := charts.Entry{Name: tc.chart, Repository: s.URL, Version: tc.want, Digest: charts.Digest(data)}
			if tc.version != tc.want {
				want.Requested = tc.version
			}
			if diff := cmp.Diff(&charts.Archive{Entry: want, Data: data}, a); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if got, err := f.Cache.Get(want.Digest); err != nil || !cmp.Equal(got, data) {
				t.Errorf("%s: not in the cache: %v", tc.reason, err)
			}
		})
	}
}

// TestServers checks what servers may do, and what they may not.
func TestServers(t *testing.T) {
	const archive = "/charts/web-1.2.3.tgz"
	for name, tc := range map[string]struct {
		reason string
		// prepare changes the repository.
		prepare func(t *testing.T, s *repository)
		want    string // of the error
		asked   int    // requests, if more than the two for the index and the archive
	}{
		"Plain":     {"The index, then the archive.", func(*testing.T, *repository) {}, "", 0},
		"TooMany":   {"A server that asks to wait is asked again.", failing(archive, 2, "0", http.StatusTooManyRequests), "", 4},
		"Date":      {"It may name a time.", failing(archive, 1, time.Now().UTC().Format(http.TimeFormat), http.StatusServiceUnavailable), "", 3},
		"Hour":      {"Nobody waits for an hour.", failing(archive, 9, "3600", http.StatusTooManyRequests), "the chart web 1.2.3 of REPO cannot be fetched: the server refuses more requests for now (try again later; it says Retry-After: 3600)", 0},
		"Broken":    {"What stays broken is given up.", failing("/index.yaml", 9, "", http.StatusBadGateway), "the chart web 1.2.3 of REPO cannot be fetched: the server answers 502 Bad Gateway", 4},
		"Cut":       {"A connection that is cut is made again.", cutting(archive, 2), "", 4},
		"Cuts":      {"Not for ever.", cutting(archive, 9), "the chart web 1.2.3 of REPO cannot be fetched: Get \"REPO" + archive + "\": the connection was cut: unexpected EOF", 5},
		"NoIndex":   {"An address without an index is not a repository.", failing("/index.yaml", 9, "", http.StatusNotFound), "the chart web 1.2.3 of REPO cannot be fetched: there is no chart repository at this address: it has no index.yaml (check the address; that of a registry begins with oci://)", 1},
		"NoArchive": {"The archive may be gone.", failing(archive, 9, "", http.StatusNotFound), "the chart web 1.2.3 of REPO cannot be fetched: the archive that the index names is not there (the repository is incomplete; use another version)", 0},
		"Login":     {"A login may be asked for.", failing("/index.yaml", 9, "", http.StatusUnauthorized), "the chart web 1.2.3 of REPO cannot be fetched: the repository asks for a login, or does not accept the one it got (run helm repo add with --username and --password-stdin, or add the host to .netrc)", 1},
		"Forbidden": {"Or not suffice.", failing("/index.yaml", 9, "", http.StatusForbidden), "the chart web 1.2.3 of REPO cannot be fetched: the repository refuses access (use another login, or ask for permission to read)", 1},
		"Page":      {"A page is not an index.", answering("/index.yaml", "<html>\n<body>Please log in: x\n</html>\n"), "the chart web 1.2.3 of REPO cannot be fetched: what the server sends is not the index of a chart repository", 1},
		"Empty":     {"An empty answer is not an index.", answering("/index.yaml", ""), "the chart web 1.2.3 of REPO cannot be fetched: the index of the repository is empty", 1},
		"Tampered":  {"The archive is the one of the index.", answering(archive, "something else"), "the chart web 1.2.3 of REPO cannot be fetched: the archive has the digest sha256:d1f3d2aef39d63fb49b0a4ccd8a8dca4cbf3c5e5e8a9f6d6a9dbfd2c8b7f0b0b", 0},
		"Loop":      {"Redirects have an end.", redirecting(archive, archive), "the chart web 1.2.3 of REPO cannot be fetched: Get \"" + archive + "\": the server redirects more than 10 times", 11},
		"Downgrade": {"A redirect does not lead to plain text.", redirecting(archive, "http://127.0.0.1:1/web.tgz"), "the chart web 1.2.3 of REPO cannot be fetched: Get \"http://127.0.0.1:1/web.tgz\": 127.0.0.1:1 is not asked over plain http (use https, or pass --allow-plain-http)", 0},
		"Gzip":      {"The archive's compression stays, whatever the server calls it.", calledGzip(archive), "", 0},
		"Silent":    {"A server that says nothing is not waited for.", silent("/index.yaml"), "the chart web 1.2.3 of REPO cannot be fetched: Get \"REPO/index.yaml\": the server did not answer within 300ms", 1},
		"Stalls":    {"Nor is one that stops in the middle.", stalling(archive), "the chart web 1.2.3 of REPO cannot be fetched: Get \"REPO" + archive + "\": the server did not answer within 300ms", 0},
		"Endless":   {"What never ends is not read.", endless(archive), "the chart web 1.2.3 of REPO cannot be fetched: Get \"REPO" + archive + "\": the answer of the server is larger than 64 MiB", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, "web", "1.2.3")
			tc.prepare(t, s)
			f := fetcher(t, nil, s.Server)
			if name == "Silent" || name == "Stalls" {
				f.Timeout = 300 * time.Millisecond
			}
			_, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"})
			got := ""
			if err != nil {
				got = said(err, s.Server)
			}
			if name == "Tampered" { // the digests are long
				got, _, _ = strings.Cut(got, ", and the index")
				tc.want = "the chart web 1.2.3 of REPO cannot be fetched: the archive has the digest " + charts.Digest([]byte("something else"))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			want := max(tc.asked, 2)
			if tc.asked == 1 {
				want = 1
			}
			if asked := s.asked(); len(asked) != want && !slices.Contains([]string{"Cuts", "Silent", "Stalls", "Endless"}, name) {
				t.Errorf("%s: %d requests, want %d: %q", tc.reason, len(asked), want, asked)
			}
		})
	}
}

// failing answers the first requests for a path with a status.
func failing(path string, times int, retryAfter string, status int) func(*testing.T, *repository) {
	return func(_ *testing.T, s *repository) {
		s.handle = func(w http.ResponseWriter, r *http.Request) bool {
			if times--; r.URL.Path != path || times < 0 {
				if r.URL.Path != path {
					times++
				}
				return false
			}
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(status)
			return true
		}
	}
}

// cutting cuts the first answers for a path in the middle.
func cutting(path string, times int) func(*testing.T, *repository) {
	return func(t *testing.T, s *repository) {
		s.handle = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != path || times == 0 {
				return false
			}
			times--
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("half"))
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return true
			}
			_ = conn.Close()
			return true
		}
	}
}

func on(path string, answer func(w http.ResponseWriter, r *http.Request)) func(*testing.T, *repository) {
	return func(_ *testing.T, s *repository) {
		s.handle = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != path {
				return false
			}
			answer(w, r)
			return true
		}
	}
}

func answering(path, text string) func(*testing.T, *repository) {
	return on(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

func redirecting(path, to string) func(*testing.T, *repository) {
	return on(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
}

func silent(path string) func(*testing.T, *repository) {
	return on(path, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

func stalling(path string) func(*testing.T, *repository) {
	return on(path, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

func endless(path string) func(*testing.T, *repository) {
	return on(path, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
}

// calledGzip sends the archive as some servers do, which take its compression for that
// of the answer.
func calledGzip(path string) func(*testing.T, *repository) {
	return func(_ *testing.T, s *repository) {
		s.handle = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == path {
				w.Header().Set("Content-Encoding", "gzip")
			}
			return false
		}
	}
}

// TestLogins checks which host gets a login, and that no error tells it.
func TestLogins(t *testing.T) {
	const user, password = "reader", "correct-horse-battery"
	guarded := func(s *repository) {
		s.handle = func(w http.ResponseWriter, r *http.Request) bool {
			if u, p, ok := r.BasicAuth(); ok && u == user && p == password {
				return false
			}
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
	}
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		reason string
		helm   string // repositories.yaml
		netrc  string
		fails  bool
	}{
		"Helm":      {"What helm repo add wrote is used.", "repositories:\n- {name: x, url: REPO/, username: " + user + ", password: " + password + "}\n", "", false},
		"Netrc":     {"Or the login for the host.", "", "machine other.example.com login a password b\nmachine HOST\n  login " + user + "\n  password " + password + "\n", false},
		"Neither":   {"Without one, the repository says so.", "", "", true},
		"Another":   {"The login for another repository is not used.", "repositories:\n- {name: x, url: REPO/other, username: " + user + ", password: " + password + "}\n", "", true},
		"Default":   {"Nor is one for any host.", "", "default login " + user + " password " + password + "\n", true},
		"BrokenYML": {"A broken file is named, and its words are not.", "repositories: [{password: " + password + "\n", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, "web", "1.2.3")
			guarded(s)
			words := strings.NewReplacer("REPO", s.URL, "HOST", "127.0.0.1")
			env := map[string]string{}
			for variable, text := range map[string]string{"HELM_REPOSITORY_CONFIG": tc.helm, "NETRC": tc.netrc} {
				if text != "" {
					env[variable] = filepath.Join(dir, name+variable)
					if err := os.WriteFile(env[variable], []byte(words.Replace(text)), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			_, err := fetcher(t, env, s.Server).Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"})
			if (err != nil) != tc.fails || err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

// TestLoginsStay checks that no other host gets a login, whether the repository
// redirects there or its index names an address there.
func TestLoginsStay(t *testing.T) {
	for name, passAll := range map[string]string{"Redirect": "", "Index": "", "PassAll": ", pass_credentials_all: true"} {
		t.Run(name, func(t *testing.T) {
			other := serve(t, "web", "1.2.3")
			got := ""
			other.handle = func(_ http.ResponseWriter, r *http.Request) bool { got = r.Header.Get("Authorization"); return false }
			s := serve(t, "web", "1.2.3")
			if name == "Redirect" {
				redirecting("/charts/web-1.2.3.tgz", other.URL+"/charts/web-1.2.3.tgz?signature=5ecre7")(t, s)
			} else {
				s.index.Reset()
				s.index.WriteString("apiVersion: v1\nentries:\n  web:\n")
				s.entry("web", "1.2.3", charts.Digest(other.files["/charts/web-1.2.3.tgz"])[7:], other.URL+"/charts/web-1.2.3.tgz")
			}
			config := filepath.Join(t.TempDir(), "repositories.yaml")
			if err := os.WriteFile(config, []byte("repositories:\n- {name: x, url: "+s.URL+", username: a, password: bcdefg"+passAll+"}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			f := fetcher(t, map[string]string{"HELM_REPOSITORY_CONFIG": config}, s.Server, other.Server)
			if _, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"}); err != nil {
				t.Fatal(err)
			}
			if (got != "") != (passAll != "") || len(other.asked()) != 1 {
				t.Errorf("the other host got the login %q", got)
			}
			// Nor does an error tell a signature.
			other.handle = func(w http.ResponseWriter, _ *http.Request) bool { panic(http.ErrAbortHandler) }
			f.Cache = open(t, t.TempDir(), t.TempDir()).Cache
			if _, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"}); err == nil || strings.Contains(err.Error(), "5ecre7") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestFetch checks that what is locked is fetched, and nothing else.
func TestFetch(t *testing.T) {
	s := serve(t, "web", "1.2.3", "1.2.4")
	f := fetcher(t, nil, s.Server)
	ref := charts.Ref{Repository: s.URL, Name: "web", Version: "~1.2.0"}
	a, err := f.Resolve(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	s.asked()
	if got, err := f.Fetch(t.Context(), a.Entry); err != nil || !cmp.Equal(got, a) || len(s.asked()) != 0 {
		t.Errorf("what is in the cache is fetched again: %v", err)
	}
	old := a.Entry
	old.Version, old.Digest = "1.2.3", charts.Digest(s.files["/charts/web-1.2.3.tgz"])
	got, err := f.Fetch(t.Context(), old)
	if err != nil || charts.Digest(got.Data) != old.Digest {
		t.Errorf("the locked version is not fetched: %v", err)
	}
	old.Digest = digest("f")
	_, err = f.Fetch(t.Context(), old)
	want := "the chart web ~1.2.0 of REPO cannot be fetched: the archive of the repository changed since it was locked: it has the digest " +
		charts.Digest(got.Data) + ": it is not the archive that was locked (ask its author why; to use what is there now, run gitopsgen charts update web)"
	if !errors.Is(err, charts.ErrDigest) || said(err, s.Server) != want {
		t.Errorf("got %s\nwant %s", said(err, s.Server), want)
	}
	if asked := s.asked(); len(asked) != 2 { // the index is fetched once
		t.Errorf("requests: %q", asked)
	}
}

// TestIndexIsKept checks that an index is only sent again after it changed.
func TestIndexIsKept(t *testing.T) {
	s := serve(t, "web", "1.2.3")
	f := fetcher(t, nil, s.Server)
	resolve := func(want ...string) {
		t.Helper()
		again := &charts.Fetcher{Cache: f.Cache, Logins: f.Logins, CABundle: f.CABundle}
		if _, err := again.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "^1"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.asked()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	resolve("GET /index.yaml 200", "GET /charts/web-1.2.3.tgz 200")
	resolve("GET /index.yaml 304", "GET /charts/web-1.2.3.tgz 200")
	s.entry("web", "1.3.0", "", "/other/web.tgz")
	s.files["/other/web.tgz"] = pack(t, "web", "1.3.0")
	resolve("GET /index.yaml 200", "GET /other/web.tgz 200")
}

// TestBrokenOnce checks that a repository that is broken is not asked for each chart.
func TestBrokenOnce(t *testing.T) {
	s := serve(t, "web", "1.2.3")
	failing("/index.yaml", 99, "", http.StatusBadGateway)(t, s)
	f := fetcher(t, nil, s.Server)
	for _, version := range []string{"1.2.3", "^1", "*"} {
		if _, err := f.Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: version}); err == nil {
			t.Error("the chart is fetched")
		}
	}
	if asked := s.asked(); len(asked) != 4 {
		t.Errorf("requests: %q", asked)
	}
}

// TestUnknownAuthority checks what is said of a certificate that nobody knows.
func TestUnknownAuthority(t *testing.T) {
	s := serve(t, "web", "1.2.3")
	_, err := fetcher(t, nil).Resolve(t.Context(), charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"})
	if text := said(err, s.Server); !strings.HasSuffix(text, "certificate signed by unknown authority (pass the certificate of its authority with --ca-file, or with --ca-file of helm repo add)") {
		t.Error(text)
	}
}

// TestCanceled checks that nobody waits for a server after Ctrl-C.
func TestCanceled(t *testing.T) {
	s := serve(t, "web", "1.2.3")
	silent("/index.yaml")(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := fetcher(t, nil, s.Server).Resolve(ctx, charts.Ref{Repository: s.URL, Name: "web", Version: "1.2.3"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
