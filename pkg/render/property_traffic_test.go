package render_test

import (
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// traffic adds routes, names and certificates.
func (m maker) traffic(s *model.AppSpec) {
	if m.yes() {
		host := m.pick("shop", "store")
		s.Routes = []model.Route{{Host: host, Port: m.pick("", "http"), Aliases: []string{"www-" + host}, DNS: &model.RouteDNS{TTL: new(int32(60))}}}
	}
	if m.yes() {
		s.Routes = append(s.Routes, model.Route{Host: "api", Protocol: model.GRPC, Rules: []model.RouteRule{{
			Backends: []model.Backend{{Weight: new(int32(1 + m.IntN(3)))}, {Service: "more", Port: new(int32(80))}}, RequestHeaders: &model.HeaderChange{Set: map[string]string{"X-Env": m.pick("a", "b")}}}}})
	}
	if m.yes() {
		s.Routes = append(s.Routes, model.Route{Host: "legacy", IngressClass: m.pick("haproxy", "traefik")})
	}
	if m.yes() {
		s.Certificates = []model.Certificate{{Name: "peer", DNSNames: []string{m.pick("peer", "web.example.com")}, Usages: []string{"client auth"}}}
	}
	if m.yes() {
		s.DNS = []model.DNSRecord{{Name: "alias", Host: m.pick("a", "b"), Targets: []string{"elsewhere.example.com"}}}
	}
	if m.yes() {
		s.Outside = []model.OutsideService{{Name: "mail", Host: "mail.example.com", Ports: []model.Port{{Name: "smtp", Port: 587}}}}
	}
	if m.yes() {
		s.Mesh = &model.Mesh{MTLS: m.pick("STRICT", "PERMISSIVE"), LoadBalancer: m.pick("", "RANDOM")}
	}
}

// servable takes away what keeps an app from being called: nobody calls a job,
// or an app without a Service.
func servable(app *model.App) {
	each := func(s *model.AppSpec) {
		if app.Spec.Kind == model.Job || app.Spec.Kind == model.CronJob {
			s.Routes = nil
		} else if s.Service != nil {
			s.Service.Enabled = nil
		}
	}
	each(&app.Spec)
	for env, o := range app.Environments {
		each(&o.AppSpec)
		for name, c := range o.Clusters {
			each(&c)
			o.Clusters[name] = c
		}
		app.Environments[env] = o
	}
}

// delivery is of any strategy that fits clusters which share a directory.
func (m maker) delivery() model.Delivery {
	d := model.Delivery{Strategy: model.Strategy(m.pick("applications", "applications", "list", "clusters", "files", "matrix"))}
	if d.Strategy != model.Applications {
		d.Rolling = new(m.yes())
	}
	return d
}
