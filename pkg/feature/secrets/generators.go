package secrets

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

type passwordSpec struct {
	Length           int32  `json:"length"`
	Digits           *int32 `json:"digits,omitempty"`
	Symbols          *int32 `json:"symbols,omitempty"`
	SymbolCharacters string `json:"symbolCharacters,omitempty"`
	NoUpper          bool   `json:"noUpper"`
	AllowRepeat      bool   `json:"allowRepeat"`
}

type ecrSpec struct {
	Region string   `json:"region"`
	Role   string   `json:"role,omitempty"`
	Scope  string   `json:"scope,omitempty"`
	Auth   *awsAuth `json:"auth,omitempty"`
}

type gcrSpec struct {
	ProjectID string  `json:"projectID"`
	Auth      gcpAuth `json:"auth"`
}

type githubSpec struct {
	AppID        string            `json:"appID"`
	InstallID    string            `json:"installID"`
	URL          string            `json:"url,omitempty"`
	Repositories []string          `json:"repositories,omitempty"`
	Permissions  map[string]string `json:"permissions,omitempty"`
	Auth         githubAuth        `json:"auth"`
}

type githubAuth struct {
	PrivateKey struct {
		SecretRef keyRef `json:"secretRef"`
	} `json:"privateKey"`
}

type vaultDynamicSpec struct {
	Path       string         `json:"path"`
	Method     string         `json:"method,omitempty"`
	Parameters map[string]any `json:"parameters,omitempty"`
	ResultType string         `json:"resultType"`
	Provider   *vault         `json:"provider"`
}

// generator returns the object of a generator, or nil where it has no kind.
func generator(t *view.Target, g *model.SecretGenerator) *resource {
	out := &resource{TypeMeta: metav1.TypeMeta{APIVersion: generatorAPIVersion, Kind: view.GeneratorKind(g)}, ObjectMeta: part.Meta(t, t.App+"-"+g.Name)}
	switch {
	case g.Password != nil:
		out.Spec = password(g.Password)
	case g.ECR != nil:
		out.Spec = ecrSpec{Region: g.ECR.Region, Role: g.ECR.Role, Scope: g.ECR.Scope, Auth: awsAuthOf(g.ECR.ServiceAccount, nil)}
	case g.GCR != nil:
		out.Spec = gcrSpec{ProjectID: g.GCR.Project, Auth: gcpAuth{WorkloadIdentity: gcpIdentityOf(g.GCR.WorkloadIdentity)}}
	case g.GitHub != nil:
		spec := githubSpec{AppID: g.GitHub.AppID, InstallID: g.GitHub.InstallID, URL: g.GitHub.URL,
			Repositories: g.GitHub.Repositories, Permissions: g.GitHub.Permissions}
		spec.Auth.PrivateKey.SecretRef = keyRefOf(g.GitHub.PrivateKey)
		spec.Auth.PrivateKey.SecretRef.Name = part.Secret(t, spec.Auth.PrivateKey.SecretRef.Name)
		out.Spec = spec
	case g.Vault != nil:
		provider := vaultOf(&g.Vault.Vault)
		out.Spec = vaultDynamicSpec{Path: g.Vault.Path, Method: g.Vault.Method, Parameters: g.Vault.Parameters,
			ResultType: cmp.Or(g.Vault.ResultType, "Data"), Provider: provider}
	default:
		return nil
	}
	return out
}

// defaultLength is the operator's own default.
const defaultLength = 24

func password(p *model.PasswordGenerator) passwordSpec {
	out := passwordSpec{Length: defaultLength, Digits: p.Digits, Symbols: p.Symbols, SymbolCharacters: p.SymbolCharacters,
		NoUpper: p.NoUpper != nil && *p.NoUpper, AllowRepeat: p.AllowRepeat == nil || *p.AllowRepeat}
	if p.Length != nil {
		out.Length = *p.Length
	}
	return out
}
