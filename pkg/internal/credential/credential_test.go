package credential_test

import (
	"os"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// entry is a line of a list in testdata.
type entry struct{ name, text string }

// list reads a list of testdata, which says its form.
func list(t testing.TB, file string) []entry {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []entry
	for line := range strings.Lines(string(data)) {
		name, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
		if ok && !strings.HasPrefix(line, "#") {
			out = append(out, entry{name, strings.NewReplacer(" ++ ", "", `\\n`, `\n`, `\n`, "\n").Replace(text)})
		}
	}
	return out
}

// TestCredentials checks that each credential of the list is found, by itself
// and inside of other text, and that nothing of it is left in a message.
func TestCredentials(t *testing.T) {
	for _, e := range list(t, "credentials.txt") {
		for reason, text := range map[string]string{
			"by itself":         e.text,
			"in a file":         "# settings\nlog: info\n" + e.text + "\nend: true\n",
			"as an argument":    "--value=" + e.text,
			"between quotes":    `{"value": "` + strings.ReplaceAll(e.text, `"`, `\"`) + `"}`,
			"after other words": "connect with " + e.text + " first",
		} {
			if reason != "by itself" && (e.name == "aws-secret-key" && reason == "in a file" || strings.Contains(e.text, `"`) && reason == "between quotes" || e.name == "pgpass") {
				continue // these have no form but as a whole
			}
			if credential.Find(text) == "" {
				t.Errorf("%s %s is not found", e.name, reason)
			}
		}
		if got := credential.Redact(e.text); got != credential.Redacted {
			t.Errorf("%s is not redacted", e.name)
		}
	}
}

// TestLookalikes checks that what only looks like a credential passes.
func TestLookalikes(t *testing.T) {
	lookalikes := list(t, "lookalikes.txt")
	if len(lookalikes) < 200 {
		t.Errorf("the list has %d entries, and 200 are the least", len(lookalikes))
	}
	for _, e := range lookalikes {
		for reason, text := range map[string]string{"by itself": e.text, "in a file": "a: 1\n" + e.text + "\nb: 2\n", "as an argument": "--value=" + e.text} {
			if what := credential.Find(text); what != "" {
				t.Errorf("%s %s is taken for %s: %s", e.name, reason, what, e.text)
			}
		}
	}
}

// TestNoLineIsACredential checks that neither the lists nor the forms hold
// what scanners of repositories would find.
func TestNoLineIsACredential(t *testing.T) {
	for _, file := range []string{"testdata/credentials.txt", "testdata/lookalikes.txt", "forms.txt"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			if what := credential.Find(line); what != "" {
				t.Errorf("%s:%d looks like %s", file, n, what)
			}
		}
	}
}
