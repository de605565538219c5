package credential_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// TestInAddress checks which addresses carry what may be secret.
func TestInAddress(t *testing.T) {
	token := "ghp_" + strings.Repeat("a1B2", 9)
	for give, want := range map[string]string{
		"https://git.example.com/acme/config.git":          "",
		"https://git.example.com:8443/@acme/config.git":    "",
		"ssh://git@git.example.com:22/acme/config.git":     "",
		"git@git.example.com:acme/config.git":              "",
		"git.example.com:acme/config.git":                  "",
		"file:///srv/git/config.git":                       "",
		"/srv/git@home/config.git":                         "",
		"./a@b/config.git":                                 "",
		"../what?.git":                                     "",
		"https://[2001:db8::1]/config.git":                 "",
		"https://me@git.example.com/config.git":            "a login",
		"HTTPS://me:pw@git.example.com/config.git":         "a login",
		"hTTp://" + token + "@git.example.com/":            "a login",
		"https://me:p/w@git.example.com/config.git":        "a login",
		"https://me:p?w@git.example.com/config.git":        "a login",
		"https://p?w@git.example.com/config.git":           "a login",
		"ssh://me:pw@git.example.com/config.git":           "a login",
		"ssh://" + token + "@git.example.com/config.git":   "a login",
		"git://me@git.example.com/config.git":              "a login",
		token + "@git.example.com:acme/config.git":         "a login",
		token + "@git.example.com/acme/config.git":         "a login",
		"me:pw@git.example.com/acme/config.git":            "a login",
		"me:pw@git.example.com:acme/config.git":            "a login",
		"https://git.example.com/config.git?private_token": "a query",
		"https://git.example.com/config.git#access_token=": "a query",
		"git.example.com/config.git?private_token=x":       "a query",
		"git@git.example.com:config.git?private_token=x":   "a query",
	} {
		if got := credential.InAddress(give); got != want {
			t.Errorf("%s: got %q, want %q", strings.ReplaceAll(give, token, "TOKEN"), got, want)
		}
	}
}

// TestRedact checks what is left of addresses in messages.
func TestRedact(t *testing.T) {
	const w = credential.Redacted
	for give, want := range map[string]string{
		"nothing: to see @ all, 100%":                                       "nothing: to see @ all, 100%",
		"reading https://git.example.com:443/a/@b: EOF":                     "reading https://git.example.com:443/a/@b: EOF",
		"image ghcr.io/acme/web@sha256:0123 or web@sha256:0123":             "image ghcr.io/acme/web@sha256:0123 or web@sha256:0123",
		"mail jane@example.com: no such user":                               "mail jane@example.com: no such user",
		"HTTPS://t0ken@git.example.com/x: EOF":                              "HTTPS://git.example.com/x: EOF",
		"a https://u:t0ken@h/x and http://u:t0ken@h:80/y.":                  "a https://h/x and http://h:80/y.",
		`Get "https://h/x?private_token=t0ken": EOF`:                        `Get "https://h/x?` + w + `": EOF`,
		"Get https://h/x#access_token=t0ken failed":                         "Get https://h/x?" + w + " failed",
		`parse "https://u:t0k en@h/x": invalid character " " in host name`:  `parse "https://h/x": invalid character ` + w + ` in host name`,
		`parse "https://u:t0/ken@h/x": invalid port ":t0" after host`:       `parse "https://h/x": invalid port ` + w + ` after host`,
		`parse "https://u:t0%zzken@h": invalid URL escape "%zzt0ken"`:       `parse "https://h": invalid URL escape ` + w,
		`said "parse \"https://u:t0\\\" ken@h/x\": no"`:                     `said "parse \"https://h/x\": no"`,
		"write it as https://HOST[:PORT]":                                   "write it as https://HOST[:PORT]",
		"https://u:t0ken":                                                   "https://" + w,
		"https://u:t0?ken@h/x":                                              "https://h/x",
		"at https%3A%2F%2Fu%3At0ken%40h%2Fx%3Ftoken%3Dt0ken now":            "at https%3A%2F%2Fh%2Fx?" + w + " now",
		"https://u%3At0ken@h/x":                                             "https://h/x",
		`{"url":"https:\/\/u:t0ken@h\/x?token=t0ken"}`:                      `{"url":"https:\/\/h\/x?` + w + `"}`,
		"https://h/go?to=https://u:t0ken@h/x":                               "https://h/go?" + w,
		"git@github.com:acme/x.git: denied":                                 "github.com:acme/x.git: denied",
		"t0ken@github.com/acme/x.git: not found":                            "github.com/acme/x.git: not found",
		`invalid proxy address "u:t0ken%%@proxy:8080": parse`:               "invalid proxy address " + w + ": parse",
		"proxyconnect tcp: u:t0ken@proxy refused":                           "proxyconnect tcp: proxy refused",
		"https://[2001:db8::1]:8443/x?t0ken":                                "https://[2001:db8::1]:8443/x?" + w,
		"redirect to https://h/x?a=1&t0ken=2, https://h/y?t0ken":            "redirect to https://h/x?" + w + " https://h/y?" + w,
		"fatal: unable to access 'https://u:t0ken@h/x.git/': Could not res": "fatal: unable to access 'https://h/x.git/': Could not res",
	} {
		got := credential.RedactAddresses(give)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", give, diff)
		}
		if again := credential.RedactAddresses(got); again != got && !strings.Contains(got, "invalid") {
			t.Errorf("%s: the second time it is %q", give, again)
		}
	}
}

// FuzzRedact checks that no login of a URL is left, whatever stands around it.
func FuzzRedact(f *testing.F) {
	f.Add("see ", "s3cr3t", "host/x", " now")
	f.Fuzz(func(t *testing.T, before, login, host, after string) {
		const secret = "hunter22"
		if strings.ContainsAny(login+host, " \t\r\n\"'<>`\\/?#@:%") || strings.Contains(before+after+login+host, secret) || strings.HasSuffix(before, `\`) {
			return
		}
		for _, text := range []string{before + "https://" + login + secret + "@" + host, before + "HTTP://u:" + secret + "@" + host + after, before + "ssh://" + host + "/?" + secret} {
			if got := credential.RedactAddresses(text); strings.Contains(got, secret) {
				t.Errorf("%q is reported as %q", text, got)
			}
		}
	})
}
