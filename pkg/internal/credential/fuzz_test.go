package credential_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// FuzzJudge looks at any text below any name. What is certainly a credential is
// never shown.
func FuzzJudge(f *testing.F) {
	for _, file := range []string{"names.txt", "names-lookalikes.txt", "texts.txt", "texts-lookalikes.txt", "credentials.txt"} {
		for _, e := range list(f, file) {
			f.Add(e.name, e.text)
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		v := credential.Judge(name, text)
		if v.Sure && v.What == "" {
			t.Errorf("%q below %q is surely nothing", text, name)
		}
		if credential.Judge("", text).Sure && credential.Redact(text) != credential.Redacted {
			t.Errorf("%q is shown", text)
		}
	})
}
