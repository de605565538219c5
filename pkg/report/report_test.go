package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/report"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// fleet returns a fleet of one app with a store and a Secret.
func fleet(store model.SecretStore, secret model.Secret, push ...model.PushSecret) *model.Fleet {
	store.Name, secret.Name = "store", "db"
	return &model.Fleet{Name: "shop", SecretStores: []model.SecretStore{store},
		Clusters:     []model.Cluster{{Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"one", "two"}, SecretStore: "store"}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{Secrets: []model.Secret{secret}, PushSecrets: push}}}}
}

// iam returns an IAM policy of statements that are given as Sid, action and
// resources.
func iam(statements ...[]string) string {
	var out []string
	for _, s := range statements {
		out = append(out, fmt.Sprintf("    {\n      \"Sid\": %q,\n      \"Effect\": \"Allow\",\n      \"Action\": [\n        %q\n      ],\n      \"Resource\": [\n        \"%s\"\n      ]\n    }",
			s[0], s[1], strings.Join(s[2:], "\",\n        \"")))
	}
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n" + strings.Join(out, ",\n") + "\n  ]\n}\n"
}

// generated returns a fleet of which all values come from a generator.
func generated(g model.SecretGenerator) *model.Fleet {
	g.Name = "g"
	f := fleet(model.SecretStore{Vault: &model.VaultStore{}}, model.Secret{From: []model.SecretSource{{Generator: &model.GeneratorRef{Name: "g"}}}})
	f.Apps[0].Spec.SecretGenerators = []model.SecretGenerator{g, {Name: "unused", ECR: &model.ECRGenerator{Region: "eu-central-1"}}}
	return f
}

// TestPolicies checks the policies that reads, searches and writes need.
func TestPolicies(t *testing.T) {
	find := model.Secret{From: []model.SecretSource{{Find: &model.SecretFind{Path: "team", Name: "."}}}}
	parameters := model.SecretStore{AWS: &model.AWSStore{Service: "ParameterStore", Region: "eu-central-1", Account: "1"}}
	push := model.PushSecret{Name: "back", Secret: "db", Keys: []model.PushKey{{Name: "k"}}}
	for name, tc := range map[string]struct {
		reason string
		fleet  *model.Fleet
		want   []string
	}{
		"Vault": {"Version 2 has values below data.", fleet(model.SecretStore{Vault: &model.VaultStore{}}, model.Secret{}),
			[]string{"path \"secret/data/prod/web/db\" {\n  capabilities = [\"read\"]\n}\n"}},
		"VaultV1": {"Version 1 does not, and another mount is another path.", fleet(model.SecretStore{Vault: &model.VaultStore{Version: "v1", Path: "kv"}}, model.Secret{}),
			[]string{"path \"kv/prod/web/db\" {\n  capabilities = [\"read\"]\n}\n"}},
		"VaultFind": {"A search lists names.", fleet(model.SecretStore{Vault: &model.VaultStore{Version: "v1"}}, find),
			[]string{"path \"secret/team/*\" {\n  capabilities = [\"list\", \"read\"]\n}\n"}},
		"VaultPush": {"A push writes.", fleet(model.SecretStore{Vault: &model.VaultStore{Version: "v1"}}, model.Secret{Path: "x"}, push),
			[]string{"path \"secret/prod/web/back\" {\n  capabilities = [\"create\", \"read\", \"update\"]\n}\npath \"secret/x\" {\n  capabilities = [\"read\"]\n}\n"}},
		"Parameters": {"A plain read searches nothing.", fleet(parameters, model.Secret{}),
			[]string{iam([]string{"Read", "ssm:GetParameter", "arn:aws:ssm:eu-central-1:1:parameter/prod/web/db"})}},
		"ParametersFind": {"A search reads by the path, which is asked for itself, and lists.", fleet(parameters, find),
			[]string{iam([]string{"Read", "ssm:GetParameter", "arn:aws:ssm:eu-central-1:1:parameter/team/*"},
				[]string{"ReadPath", "ssm:GetParametersByPath", "arn:aws:ssm:eu-central-1:1:parameter/team", "arn:aws:ssm:eu-central-1:1:parameter/team/*"},
				[]string{"Search", "ssm:DescribeParameters", "*"})}},
		"ECR": {"The generator's identity asks for a token, once for all clusters.", generated(model.SecretGenerator{ECR: &model.ECRGenerator{Region: "eu-central-1"}}),
			[]string{iam([]string{"Token", "ecr:GetAuthorizationToken", "*"})}},
		"Dynamic": {"A dynamic secret is read at its own path.", generated(model.SecretGenerator{Vault: &model.VaultGenerator{Path: "/database/creds/x"}}),
			[]string{"path \"database/creds/x\" {\n  capabilities = [\"read\"]\n}\n"}},
		"DynamicPost": {"What is sent is written.", generated(model.SecretGenerator{Vault: &model.VaultGenerator{Path: "pki/issue/x", Method: "POST"}}),
			[]string{"path \"pki/issue/x\" {\n  capabilities = [\"create\", \"update\"]\n}\n"}},
		"Password": {"A made-up password is asked of nobody.", generated(model.SecretGenerator{Password: &model.PasswordGenerator{}}), nil},
		"GCP":      {"Google grants by roles, not by policies.", fleet(model.SecretStore{GCP: &model.GCPStore{}}, model.Secret{}), nil},
	} {
		r := resolve.New(tc.fleet, features.Default())
		var got []string
		for _, p := range report.Policies(r, report.Reads(r)) {
			got = append(got, p.Text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
}

// TestSecretNames checks that reads and pushes name the Secret of the namespace.
func TestSecretNames(t *testing.T) {
	for name, tc := range map[string]struct{ reason, secret, target, want string }{
		"Default": {"A Secret bears the app's name.", "db", "", "web-db"},
		"Target":  {"It may have a name of its own.", "db", "own", "own"},
		"Foreign": {"A push may write what others make.", "other", "", "other"},
	} {
		r := resolve.New(fleet(model.SecretStore{Vault: &model.VaultStore{}}, model.Secret{Target: tc.target},
			model.PushSecret{Name: "back", Secret: tc.secret, Keys: []model.PushKey{{Name: "k"}}}), features.Default())
		for _, x := range report.Reads(r) {
			if x.Write && x.Secret != tc.want {
				t.Errorf("%s: %s The push writes %q, want %q", name, tc.reason, x.Secret, tc.want)
			}
		}
	}
}

// TestCalls checks the estimate of calls.
func TestCalls(t *testing.T) {
	for name, tc := range map[string]struct {
		policy, interval string
		want             int64
	}{
		"Hourly": {"Periodic", "1h", 730}, "Never": {"Periodic", "0", 0}, "Once": {"CreatedOnce", "1h", 0}, "NoDuration": {"Periodic", "often", 0},
	} {
		if got := report.Calls(tc.policy, tc.interval); got != tc.want {
			t.Errorf("%s: %d calls, want %d", name, got, tc.want)
		}
	}
}

func ExampleUses() {
	r := resolve.New(fleet(model.SecretStore{AWS: &model.AWSStore{Region: "eu-central-1"}}, model.Secret{Keys: []model.SecretKey{{Name: "user"}, {Name: "word"}}}), features.Default())
	for _, u := range report.Uses(report.Reads(r)) {
		fmt.Println(u.Environment, u.Store, u.Entries, u.CallsPerMonth, u.DollarsPerMonth)
	}
	// Output:
	// prod store 1 2920 0.41
}
