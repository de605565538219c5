package finding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// TestClean checks what is left of a finding that tells a credential.
func TestClean(t *testing.T) {
	key := "AKIA" + "JZDEGXDN2CFU7EPF"
	url := "postgres://app:" + "hunter22x" + "@db.example.com/app"
	for name, tc := range map[string]struct {
		reason     string
		give, want finding.Finding
	}{
		"Nothing": {"What is not secret stays.", finding.Finding{Path: "apps[web].spec.env[DATABASE_HOST].value", Reason: "wrong", Fix: "mend it"},
			finding.Finding{Path: "apps[web].spec.env[DATABASE_HOST].value", Reason: "wrong", Fix: "mend it"}},
		"Key":    {"A path ends before a key that is secret.", finding.Finding{Path: "apps[web].spec.env[" + fieldpath.Path(key) + "].value"}, finding.Finding{Path: "apps[web].spec.env.(redacted)"}},
		"Dots":   {"Also where it has dots.", finding.Finding{Path: "apps[web].spec." + fieldpath.Path(url)}, finding.Finding{Path: "apps[web].spec.(redacted)"}},
		"Reason": {"A reason goes as a whole.", finding.Finding{Reason: "there is no " + key}, finding.Finding{Reason: "redacted: the message looks like an AWS access key"}},
		"Fix":    {"And so does a fix.", finding.Finding{Fix: "use " + key}, finding.Finding{}},
	} {
		if diff := cmp.Diff(tc.want, tc.give.Clean()); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
}
