package render_test

import (
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// randomStores are stores of random fleets.
var randomStores = []model.SecretStore{
	{Name: "vault", Vault: &model.VaultStore{Server: "https://vault.example.com", Kubernetes: &model.VaultKubernetes{Role: "web"}}},
	{Name: "own", Kind: model.NamespacedStore, AWS: &model.AWSStore{Region: "eu-central-1"}},
}

// secrets adds Secrets and what belongs to them.
func (m maker) secrets(s *model.AppSpec) {
	if m.yes() {
		s.Secrets = []model.Secret{{Name: "db", Keys: []model.SecretKey{{Name: m.pick("user", "word")}}, Env: new(m.yes()), RestartOnChange: new(m.yes())}}
	}
	if m.yes() {
		s.Secrets = append(s.Secrets, model.Secret{Name: "api", Store: m.pick("", "own"), Path: m.pick("", "fixed", "{env}/x"), MountPath: "/api",
			SecretPolicy: model.SecretPolicy{RefreshInterval: m.pick("", "30m")}})
	}
	if m.yes() {
		s.SecretGenerators = []model.SecretGenerator{{Name: "random", Password: &model.PasswordGenerator{Length: new(int32(20 + m.IntN(3)))}}}
		s.PushSecrets = []model.PushSecret{{Name: "back", Secret: "made", Keys: []model.PushKey{{Name: m.pick("a", "b")}}}}
	}
	if m.yes() {
		s.ExistingSecrets = []string{"made", "pull"}
	}
}
