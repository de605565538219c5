package report

import (
	"net/http"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// ofGenerators returns what the app's own generators make for a Secret. What a
// password generator makes is asked of nobody.
func ofGenerators(at Read, spec *model.AppSpec, s *model.Secret) []Read {
	var out []Read
	for _, f := range s.From {
		g := generator(spec, at.App, f.Generator)
		if g == nil {
			continue
		}
		x := at
		x.Secret, x.Generator = s.Target, g.Name
		x.CallsPerMonth = Calls(s.RefreshPolicy, s.RefreshInterval)
		switch {
		case g.ECR != nil:
			x.Provider, x.Key = "ecr", g.ECR.Region
		case g.GCR != nil:
			x.Provider, x.Key = "gcr", g.GCR.Project
		case g.GitHub != nil:
			x.Provider, x.Key = "github", g.GitHub.InstallID
		case g.Vault != nil:
			x.Provider, x.Key = "vault", g.Vault.Path
		default:
			continue
		}
		out = append(out, x)
	}
	return out
}

// generator returns the generator of an app that a complete reference means, or
// nil where somebody else makes the object.
func generator(spec *model.AppSpec, app string, ref *model.GeneratorRef) *model.SecretGenerator {
	for i := range spec.SecretGenerators {
		g := &spec.SecretGenerators[i]
		if ref != nil && ref.Name == app+"-"+g.Name && ref.Kind == view.GeneratorKind(g) {
			return g
		}
	}
	return nil
}

// generatorPolicies returns the policies of the generators, each once in an
// environment, unless clusters differ in what they ask for.
func generatorPolicies(r view.Fleet, reads []Read) []Policy {
	var out []Policy
	for _, x := range reads {
		if x.Generator == "" {
			continue
		}
		p := Policy{Environment: x.Environment, App: x.App, Generator: x.Generator, Provider: x.Provider}
		spec := r.Target(x.App, view.Scope{Environment: x.Environment, Cluster: x.Cluster}).Spec
		i := slices.IndexFunc(spec.SecretGenerators, func(g model.SecretGenerator) bool { return g.Name == x.Generator })
		if i < 0 {
			continue
		}
		switch g := &spec.SecretGenerators[i]; {
		case g.ECR != nil:
			p.Form, p.Text = "aws-iam", ecrPolicy(g.ECR)
		case g.Vault != nil:
			p.Form, p.Text = "vault-hcl", dynamicPolicy(g.Vault)
		default:
			continue
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// ecrPolicy returns what makes a token for Amazon's registry. The token permits
// what the identity may do beside: the pulls are its own affair.
func ecrPolicy(g *model.ECRGenerator) string {
	actions := []string{"ecr:GetAuthorizationToken"}
	if g.Scope == "public" {
		actions = []string{"ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"}
	}
	return iam([]statement{{"Token", "Allow", actions, []string{"*"}}})
}

// dynamicPolicy returns what asks Vault for a dynamic secret.
func dynamicPolicy(g *model.VaultGenerator) string {
	capabilities := []string{"read"}
	if g.Method == http.MethodPost {
		capabilities = []string{"create", "update"}
	}
	may := vaultPaths{}
	may.note(trimmed(g.Path), capabilities...)
	return may.String()
}
