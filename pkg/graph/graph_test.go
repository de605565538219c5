package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/graph"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// shop returns a fleet of web, which calls cart, on two clusters.
func shop() *model.Fleet {
	app := func(name string, spec model.AppSpec) model.App {
		spec.Image, spec.Ports = name+":1", []model.Port{{Name: "http", Port: 8080}}
		return model.App{Name: name, Spec: spec}
	}
	return &model.Fleet{
		Name:         "shop",
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Clusters:     []model.Cluster{{Name: "east"}, {Name: "west"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"east", "west"}, Domain: "example.com", Canary: "west"}},
		Apps:         []model.App{app("cart", model.AppSpec{}), app("web", model.AppSpec{TalksTo: []model.Peer{{App: "cart"}}})},
	}
}

func TestOf(t *testing.T) {
	route := func(f *model.Fleet, r model.Route) { f.Apps[1].Spec.Routes = []model.Route{r} }
	outside := func(f *model.Fleet, o ...model.OutsideService) { f.Apps[1].Spec.Outside = o }
	calls := "prod/web -calls-> prod/cart"
	for name, tc := range map[string]struct {
		reason string
		change func(*model.Fleet)
		apps   string
		want   []string
	}{
		"Calls": {reason: "An app leads to whom it talks to.", want: []string{calls}},
		"Gateway": {reason: "A host leads to its app, through the environment's gateway.",
			change: func(f *model.Fleet) { route(f, model.Route{Host: "shop"}) },
			want:   []string{calls, "host/shop.example.com -routes-> prod/web (gateway public)"}},
		"Aliases": {reason: "Aliases stand with their host, and are no nodes of their own.",
			change: func(f *model.Fleet) { route(f, model.Route{Host: "shop", Aliases: []string{"www"}}) },
			want:   []string{calls, "host/shop.example.com,www.example.com -routes-> prod/web (gateway public)"}},
		"Ingress": {reason: "An ingress class is named as such.",
			change: func(f *model.Fleet) { route(f, model.Route{Host: "shop", IngressClass: "haproxy"}) },
			want:   []string{calls, "host/shop.example.com -routes-> prod/web (ingress haproxy)"}},
		"Cluster": {reason: "A route that one cluster has says where.",
			change: func(f *model.Fleet) {
				f.Apps[1].Environments = map[string]model.Override{"prod": {Clusters: map[string]model.AppSpec{"east": {Routes: []model.Route{{Host: "shop"}}}}}}
			},
			want: []string{calls, "host/shop.example.com -routes-> prod/web (gateway public on east)"}},
		"Backends": {reason: "A host leads to all apps that answer, each once.",
			change: func(f *model.Fleet) {
				route(f, model.Route{Host: "shop", Rules: []model.RouteRule{{}, {}, {Backends: []model.Backend{{App: "cart"}}}}})
			},
			want: []string{calls, "host/shop.example.com -routes-> prod/web (gateway public)", "host/shop.example.com -routes-> prod/cart (gateway public)"}},
		"RouteOutside": {reason: "A host may lead outside at once.",
			change: func(f *model.Fleet) {
				outside(f, model.OutsideService{Name: "old", Host: "old.example.org", Ports: []model.Port{{Port: 443}}})
				route(f, model.Route{Host: "shop", Rules: []model.RouteRule{{Backends: []model.Backend{{Service: "old", Port: new(int32(443))}}}}})
			},
			want: []string{calls, "prod/web -calls-> outside/old.example.org", "host/shop.example.com -routes-> outside/old.example.org (gateway public)"}},
		"Redirect": {reason: "A host that nobody answers stands at its app.",
			change: func(f *model.Fleet) {
				route(f, model.Route{Host: "shop", Rules: []model.RouteRule{{Redirect: &model.Redirect{Host: "example.org"}}}})
			},
			want: []string{calls, "host/shop.example.com -routes-> prod/web (gateway public)"}},
		"Outside": {reason: "What an app has a Service for is called.",
			change: func(f *model.Fleet) {
				outside(f, model.OutsideService{Name: "db", Addresses: []string{"192.0.2.1", "192.0.2.2"}}, model.OutsideService{Name: "mail", Host: "mail.example.org"})
			},
			want: []string{calls, "prod/web -calls-> outside/192.0.2.1,192.0.2.2", "prod/web -calls-> outside/mail.example.org"}},
		"NamedTwice": {reason: "The same host is one node, however an app names it.",
			change: func(f *model.Fleet) {
				outside(f, model.OutsideService{Name: "mail", Host: "mail.example.org"})
				f.Apps[1].Spec.TalksTo = []model.Peer{{Host: "mail"}, {Host: "mail.example.org"}}
			},
			want: []string{"prod/web -calls-> outside/mail.example.org"}},
		"OtherApp": {reason: "What no selected app has to do with is left out.", apps: "cart",
			change: func(f *model.Fleet) { route(f, model.Route{Host: "shop"}) }},
		"RoutedApp": {reason: "Another app's route to a selected one is shown.", apps: "cart",
			change: func(f *model.Fleet) {
				route(f, model.Route{Host: "shop", Rules: []model.RouteRule{{}, {Backends: []model.Backend{{App: "cart"}}}}})
			},
			want: []string{"host/shop.example.com -routes-> prod/cart (gateway public)"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := shop()
			if tc.change != nil {
				tc.change(f)
			}
			all := func(string) bool { return true }
			app := func(name string) bool { return strings.Contains(name, tc.apps) }
			g := graph.Of(f, resolve.New(f, features.Default()), graph.Selection{App: app, Environment: all, Cluster: all})
			var got []string
			for _, e := range g.Edges {
				text := e.From + " -" + string(e.Kind) + "-> " + e.To
				if e.Label != "" {
					text += " (" + e.Label + ")"
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: edges (-want +got):\n%s", tc.reason, diff)
			}
			for _, format := range []graph.Format{graph.Mermaid, graph.Dot} {
				var b strings.Builder
				if err := g.Write(&b, format); err != nil || strings.Contains(b.String(), "  -->") || strings.Contains(b.String(), " -> [") {
					t.Errorf("%s: %s has an edge without an end (%v):\n%s", tc.reason, format, err, b.String())
				}
			}
		})
	}
}

func TestFormat(t *testing.T) {
	if err := (graph.Graph{}).Write(&strings.Builder{}, "png"); err == nil || !strings.Contains(err.Error(), "mermaid or dot") {
		t.Errorf("A format that there is not is refused, with those that there are: %v", err)
	}
}
