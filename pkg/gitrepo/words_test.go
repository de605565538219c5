package gitrepo_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// token is one that servers repeat.
var token = "ghp_" + strings.Repeat("a1B2c3", 6)

// hostile are words that act on a terminal, a log and a CI system, with a token in
// several forms.
var hostile = "no\x1b[2J\x1b]0;t\x07 \u009b1m\u202e\xff\r\n::error::gotcha\n##[error]x " +
	"https://" + token + "@git.example.com/x?private_token=s3cr3tword https%3A%2F%2Frobot%3As3cr3tword%40git.example.com"

// packet returns a packet of git's protocol.
func packet(text string) string { return fmt.Sprintf("%04x%s", len(text)+4, text) }

// TestHostileServer lets servers answer with hostile words, in every place that
// has some.
func TestHostileServer(t *testing.T) {
	answer := func(status int, kind, body string) func(*testing.T, string) gitrepo.Remote {
		return func(t *testing.T, _ string) gitrepo.Remote {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", kind)
				w.WriteHeader(status)
				_, _ = w.Write([]byte(strings.ReplaceAll(body, "SERVICE", r.URL.Query().Get("service"))))
			}))
			t.Cleanup(s.Close)
			return gitrepo.Remote{URL: s.URL}
		}
	}
	hook := func(script string, web bool) func(*testing.T, string) gitrepo.Remote {
		return func(t *testing.T, repo string) gitrepo.Remote {
			write(t, repo, "words", hostile)
			write(t, repo, "hooks/pre-receive", "#!/bin/sh\n"+script)
			if err := os.Chmod(filepath.Join(repo, "hooks/pre-receive"), 0o700); err != nil {
				t.Fatal(err)
			}
			if web {
				return gitrepo.Remote{URL: serveHTTP(t, repo, "").URL, Auth: gitrepo.Basic(user, password)}
			}
			return gitrepo.Remote{URL: repo}
		}
	}
	const advertisement = "application/x-git-upload-pack-advertisement"
	for name, tc := range map[string]struct {
		reason string
		remote func(*testing.T, string) gitrepo.Remote
		words  string
	}{
		"ERR":       {"A packet that says ERR.", answer(200, advertisement, packet("# service=SERVICE\n")+"0000"+packet("ERR "+hostile)), ""},
		"FirstERR":  {"Such a packet in the first place.", answer(200, advertisement, packet("ERR "+hostile)), ""},
		"Reference": {"The name of a branch.", answer(200, advertisement, packet("# service=SERVICE\n")+"0000"+packet(strings.Repeat("a", 40)+" refs/heads/"+hostile+"\x00\n")+"0000"), ""},
		"Page":      {"A page in place of an answer.", answer(200, "text/html", hostile), ""},
		"Failure":   {"The text of a failure.", answer(500, "text/plain", hostile), ""},
		"Redirect": {"Where a redirect leads.", func(t *testing.T, _ string) gitrepo.Remote {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://"+token+"@127.0.0.1:1/info/refs?private_token=s3cr3tword", http.StatusFound)
			}))
			t.Cleanup(s.Close)
			return gitrepo.Remote{URL: s.URL}
		}, ""},
		"Hook":     {"What a hook says on the side.", hook("cat words >&2; exit 1", true), "gotcha"},
		"HookFile": {"What it says of a local repository.", hook("cat words >&2; exit 1", false), "gotcha"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := publish(t, tc.remote(t, bare(t)), map[string]string{"apps/a/base/x.yaml": "a: 1\n"}, ownership.Options{})
			if err == nil {
				t.Fatal("it is published")
			}
			said := err.Error()
			if strings.Contains(said, token) || strings.Contains(said, "s3cr3tword") || strings.Contains(said, "robot") || !strings.Contains(said, tc.words) {
				t.Errorf("%s: it says %q", tc.reason, strings.ReplaceAll(said, token, "THE TOKEN"))
			}
			for _, r := range said {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || !utf8.ValidString(said) {
					t.Fatalf("%s: it says %q", tc.reason, said)
				}
			}
		})
	}
}

// TestCheckURL checks which addresses are refused, and that no refusal tells one.
func TestCheckURL(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://git.example.com/acme/config.git":             true,
		"ssh://git@git.example.com:2222/acme/config.git":      true,
		"git@git.example.com:acme/config.git":                 true,
		"../config.git":                                       true,
		"/srv/50%0a/config.git":                               true,
		"https://git.example.com/acme%20team/config.git":      true,
		"file:///srv/config.git":                              true,
		"HTTPS://s3cr3tword@git.example.com/config.git":       false,
		"https://git.example.com/config.git?token=s3cr3tword": false,
		"https:/s3cr3tword@git.example.com/config.git":        false,
		"https:s3cr3tword":                                    false,
		"https:///s3cr3tword@git.example.com":                 false,
		"https://git.example.com/s3cr3tword\nhost=evil":       false,
		"https://git.example.com/s3cr3tword%0ahost=evil":      false,
		"https://git.example.com/s3cr3tword%250Ahost=evil":    false,
		"https://git.example.com%0ahost=s3cr3tword/x":         false,
		"https://git.example.com/s3cr3tword%00":               false,
		"https://git.example.com/s3cr3tword%e2%80%ae":         false,
		"https://git.example.com/s3cr3tword%0dx":              false,
		"git@git.example.com:s3cr3tword\rx":                   false,
		"/srv/s3cr3tword\x1b[2J":                              false,
		"/srv/s3cr3tword\u202e":                               false,
		"ssh://-oProxyCommand=s3cr3tword/x":                   false,
		"ssh://git@-oProxyCommand=s3cr3tword/x":               false,
		"ssh://-s3cr3tword@git.example.com/x":                 false,
		"-oProxyCommand=s3cr3tword:x":                         false,
		"git@git.example.com:-s3cr3tword":                     false,
		"--upload-pack=s3cr3tword":                            false,
		"https://git.example.com:s3cr3tword":                  false,
		"s3cr3tword@git.example.com/config.git":               false,
	} {
		err := gitrepo.CheckURL(address)
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestBranchNames checks which branches are refused before anything is run.
func TestBranchNames(t *testing.T) {
	for _, name := range []string{"", "-x", "a\nb", "a\x1bb", "a\u202eb", "a..b", "a b", "a.lock", "a~b", "refs\x00"} {
		if _, err := gitrepo.Open(gitrepo.Remote{URL: "/srv/x.git", Branch: name}); err == nil || strings.ContainsAny(err.Error(), "\n\x1b\u202e") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestCommitFormat checks that nothing of a commit's texts can change its format.
func TestCommitFormat(t *testing.T) {
	forged := "x\n\nGitopsgen-Revision: forged"
	for name, tc := range map[string]struct {
		reason string
		change func(*gitrepo.Commit)
	}{
		"Author":    {"A name that ends its line would begin a field.", func(c *gitrepo.Commit) { c.Author.Name = "x\nparent 0" }},
		"Committer": {"So would an email address.", func(c *gitrepo.Commit) { c.Committer.Email = forged }},
		"Message":   {"A message acts on no terminal.", func(c *gitrepo.Commit) { c.Message += "\x1b[2J" }},
		"Nothing":   {"Nor does one with a character that ends a text.", func(c *gitrepo.Commit) { c.Message += "\x00" }},
		"Order":     {"Nor one that reorders text.", func(c *gitrepo.Commit) { c.Message += "\u202e" }},
	} {
		repo := bare(t)
		want := treeOf(t, map[string]string{"apps/a/base/x.yaml": "a: 1\n"})
		_, err := open(t, gitrepo.Remote{URL: repo}).Apply(t.Context(), false, func(*gitrepo.Tip) (gitrepo.Change, error) {
			return gitrepo.Change{Tree: want, Commit: func(ownership.Plan) (gitrepo.Commit, error) {
				c := said("publish")
				tc.change(&c)
				return c, nil
			}}, nil
		})
		if err == nil || git(t, repo, "for-each-ref") != "" {
			t.Errorf("%s: %s: %v", name, tc.reason, err)
		}
	}
	for _, line := range (gitrepo.Revision{Hash: forged}).Trailers("v1\nx: y") {
		if strings.Contains(line, "\n") {
			t.Errorf("a trailer is %q", line)
		}
	}
}
