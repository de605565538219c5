package validate

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// previews checks the previews of a delivery, of an app that runs in some
// environments; none for all.
func (c *checker) previews(delivery fieldpath.Path, p *model.Previews, runsIn ...string) {
	if p == nil {
		return
	}
	at := delivery.Field("previews")
	c.previewEnvironment(at.Field("environment"), p.Environment, runsIn)
	if p.Domain != "" && len(validation.IsDNS1123Subdomain(p.Domain)) > 0 {
		c.Errorf("invalid-host", at.Field("domain"), "write it as previews.example.com", "%q is not a valid domain", p.Domain)
	}
	c.Quota(at.Field("quota"), p.Quota)
	if c.Fleet.Repository.Layout == model.Rendered {
		c.Errorf("preview-rendered", at, "use the layout overlays, or remove the previews",
			"Argo CD sets the image and namespace of a preview with kustomize, and rendered objects are not a kustomization")
	}
	forges := 0
	for name, f := range map[string]*model.Forge{"github": p.GitHub, "gitlab": p.GitLab, "gitea": p.Gitea} {
		if f == nil {
			continue
		}
		forges++
		if f.Repo == "" || f.Owner == "" && name != "gitlab" || f.API == "" && name == "gitea" {
			c.Errorf("missing-value", at.Field(name), "add owner and repo, and for Gitea api", "the repository of the pull requests is incomplete")
		}
	}
	if forges != 1 {
		c.Errorf("preview-forge", at, "set one of github, gitlab and gitea", "previews need exactly one forge, and %d are set", forges)
	}
}

// previewEnvironment checks the environment that previews are like.
func (c *checker) previewEnvironment(at fieldpath.Path, env string, runsIn []string) {
	if !c.Known("unknown-environment", "environment", at, env, environmentNames(c.Fleet)) {
		return
	}
	if n := len(c.clustersOf(env)); n != 1 {
		c.Errorf("preview-environment", at, "choose an environment with one cluster", "previews run on one cluster, and environment %s has %d", env, n)
	}
	if len(runsIn) > 0 && !slices.Contains(runsIn, env) {
		c.Errorf("preview-environment", at, "choose an environment in which the app runs", "the app does not run in environment %s", env)
	}
}
