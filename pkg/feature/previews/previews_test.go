package previews_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// preview gives the app web previews, like dev unless they say otherwise.
func preview(f *model.Fleet, p model.Previews) {
	if p.Environment == "" {
		p.Environment = "dev"
	}
	p.GitHub = &model.Forge{Owner: "acme", Repo: "web"}
	f.Repository.URL, f.ArgoCD = "https://git.example.com/shop.git", []model.ArgoCD{{Name: "argocd", Cluster: "lab"}}
	f.Apps[0].Delivery = &model.Delivery{Previews: &p}
}

// previewCases are the cases of previews.
var previewCases = map[string]ruleCase{
	"Nothing": {"The fleet keeps every rule.", func(*model.Fleet) {}, nil},
	"Previews": {"Each preview has hosts of its own, and the certificate of all is proved by DNS.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
	}, nil},
	"PreviewWildcard": {"The authority proves no wildcard by HTTP-01.", func(f *model.Fleet) {
		preview(f, model.Previews{})
	}, []string{"wildcard-http01"}},
	"PreviewDomain": {"There is nothing to complete the hosts by.", func(f *model.Fleet) {
		preview(f, model.Previews{})
		f.Environments[0].Domain = ""
		web(f).Routes[0].Host, f.Apps[1].Spec.Routes[0].Host, web(f).Routes[1].Host = "shop.dns.example.com", "shop.dns.example.com", "inner.dns.example.com"
		f.Apps[0].RunsIn, f.Apps[1].RunsIn = []string{"dev"}, []string{"dev"}
	}, []string{"preview-host"}},
	"PreviewDomainTaken": {"Previews could take a host of the environment.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "dev.example.com"})
	}, []string{"preview-host", "wildcard-http01"}},
	"PreviewHostTaken": {"Two apps would have one host.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		f.Apps[1].Name, f.Apps[1].Delivery = "inner-web", f.Apps[0].Delivery
		f.Apps[1].Spec.Routes[0] = model.Route{Host: "inner-web"}
	}, []string{"preview-host"}},
	"PreviewOfWildcard": {"A preview serves single hosts.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		web(f).Routes[1].Aliases = []string{"*.inner"}
	}, []string{"preview-host"}},
	"PreviewBackend": {"The other app is in another namespace than the preview.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		web(f).Routes[0].Rules = []model.RouteRule{{Matches: []model.RouteMatch{{Path: "/old"}}, Backends: []model.Backend{{App: "api"}}}}
	}, []string{"preview-backend"}},
	"PreviewBackendOfIstio": {"Istio calls other namespaces.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		web(f).Routes[1].Rules = []model.RouteRule{{Backends: []model.Backend{{App: "api"}}}}
	}, nil},
	"PreviewListener": {"Others have to let previews in.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		f.Gateways[0].Manage = new(false)
	}, []string{"preview-listener"}},
	"PreviewName": {"The first label of a host is too long.", func(f *model.Fleet) {
		preview(f, model.Previews{Domain: "pr.dns.example.com"})
		web(f).Routes[1].Host = strings.Repeat("i", 50)
	}, []string{"preview-name"}},
	"PreviewProduction": {"Nobody has reviewed a pull request yet.", func(f *model.Fleet) {
		preview(f, model.Previews{Environment: "prod", Domain: "pr.dns.example.com"})
	}, []string{"preview-production"}},
}

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// ruleCase changes the fleet so that it breaks rules.
type ruleCase struct {
	reason string
	change func(*model.Fleet)
	want   []string
}

// TestRules checks which rules the fleet breaks once it is changed.
func TestRules(t *testing.T) {
	for name, tc := range previewCases {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			tc.change(f)
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
