package validate_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// TestSecrets checks what is refused, what is warned of, and what is neither.
func TestSecrets(t *testing.T) {
	random := "Zx8Qp2Lk" + "9vTbN4wR" + "y7JcM3hF" // put together here, so that no file holds one
	for name, tc := range map[string]struct {
		reason, env, value string
		waive              bool
		rule               string
		severity           finding.Severity
	}{
		"Form":      {"A form that has a name is refused.", "ID", "AKIA" + strings.Repeat("A1", 8), false, "secret-value", finding.Error},
		"URL":       {"So is a password in a URL.", "DB", "postgres://app:" + "hunter22@db/x", false, "secret-value", finding.Error},
		"Waived":    {"A waiver lifts it.", "ID", "AKIA" + strings.Repeat("A1", 8), true, "", ""},
		"Random":    {"What looks random is warned of.", "SALT", random, false, "secret-like", finding.Warning},
		"NotRandom": {"A long word is not random.", "NAME", "recommendationservice-v2-Internal", false, "", ""},
		"Digest":    {"Nor is a digest.", "DIGEST", strings.Repeat("0123456789abcdef", 4), false, "", ""},
		"Named":     {"A name may say it.", "DB_PASSWORD", "hunter22", false, "secret-like", finding.Warning},
		"Where":     {"But not the name of where one lies.", "DB_PASSWORD_FILE", "/run/secrets/db", false, "", ""},
		"Reference": {"A reference to another variable is none.", "TOKEN", "$(OTHER_TOKEN)", false, "", ""},
		"Unused":    {"A waiver for nothing is warned of.", "NAME", "plain", true, "unused-waiver", finding.Warning},
	} {
		f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}}, Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
			Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1", Env: []model.EnvVar{{Name: tc.env, Value: &tc.value}}}}}}}
		if tc.waive {
			f.Guards.Waivers = []model.Waiver{{Rule: "secret-value", Path: "apps[web].spec.env[" + tc.env + "].value", Reason: "an example"}}
		}
		var got finding.List
		for _, x := range validate.Fleet(f, features.Default(), nil) {
			if x.Rule == "secret-value" || x.Rule == "secret-like" || x.Rule == "unused-waiver" {
				got = append(got, x)
			}
			if strings.Contains(x.String(), tc.value) {
				t.Errorf("%s: the finding tells the value", name)
			}
		}
		if tc.rule == "" && len(got) > 0 || tc.rule != "" && (len(got) != 1 || got[0].Rule != tc.rule || got[0].Severity != tc.severity) {
			t.Errorf("%s: %s: got %v, want %s", name, tc.reason, got, tc.rule)
		}
	}
}

// TestSecretSettings checks settings, whose keys are names and whose values may
// refer to the Secret that holds them.
func TestSecretSettings(t *testing.T) {
	key := "AKIA" + strings.Repeat("A1", 8)
	for name, tc := range map[string]struct{ reason, key, value, rule string }{
		"Reference": {"A dollar and a name refer to a key of a Secret.", "password", "$email-password", ""},
		"Short":     {"So is the shortest.", "password", "x", "secret-like"},
		"Token":     {"So it is with any name of one.", "slack-token", "$slack-token2", ""},
		"Value":     {"A value in that place is one.", "password", "hunter22", "secret-like"},
		"Form":      {"A dollar does not hide a form that has a name.", "password", "$" + key, "secret-value"},
		"Key":       {"A key may be a credential itself.", key, "x", "secret-value"},
	} {
		f := &model.Fleet{Name: "shop", ArgoCD: []model.ArgoCD{{Name: "hub", Notifications: &model.Notifications{
			Services: []model.NotificationService{{Name: "email", Settings: map[string]any{tc.key: tc.value}}}}}}}
		var got []string
		for _, x := range validate.Secrets(f, nil) {
			got = append(got, x.Rule)
		}
		if tc.rule == "" && len(got) > 0 || tc.rule != "" && (len(got) != 1 || got[0] != tc.rule) {
			t.Errorf("%s: %s: got %v, want %q", name, tc.reason, got, tc.rule)
		}
	}
}
