package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestPolicies checks the policies that reads, searches and writes need.
func TestPolicies(t *testing.T) {
	find := model.Secret{From: []model.SecretSource{{Find: &model.SecretFind{Path: "team", Name: "."}}}}
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
		"GCP": {"Google grants by roles, not by policies.", fleet(model.SecretStore{GCP: &model.GCPStore{}}, model.Secret{}), nil},
	} {
		r := resolve.New(tc.fleet)
		var got []string
		for _, p := range report.Policies(r, report.Reads(r)) {
			got = append(got, p.Text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
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
	r := resolve.New(fleet(model.SecretStore{AWS: &model.AWSStore{Region: "eu-central-1"}}, model.Secret{Keys: []model.SecretKey{{Name: "user"}, {Name: "word"}}}))
	for _, u := range report.Uses(report.Reads(r)) {
		fmt.Println(u.Environment, u.Store, u.Entries, u.CallsPerMonth, u.DollarsPerMonth)
	}
	// Output:
	// prod store 1 2920 0.41
}
