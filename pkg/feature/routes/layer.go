package routes

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checkLayer checks routes, as far as one layer shows them.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	seen := map[string]bool{}
	for i := range s.Routes {
		r := &s.Routes[i]
		below := feature.EntryAt(at.Field("routes"), r.Host, i)
		if r.Host == "" {
			c.Errorf("missing-value", below.Field("host"), "add a host such as shop", "the route has no host")
		}
		c.Unique(seen, below, r.Host)
		c.route(below, r)
	}
}

func (c checker) route(at fieldpath.Path, r *model.Route) {
	c.Host(at.Field("host"), r.Host)
	for i, a := range r.Aliases {
		c.Host(at.Field("aliases").Index(i), a)
	}
	if r.Name != "" {
		c.Label(at.Field("name"), r.Name, 63)
	}
	switch r.Protocol {
	case "", model.HTTP, model.GRPC, model.TLS:
	default:
		c.Errorf("invalid-value", at.Field("protocol"), "use HTTP, GRPC or TLS", "%q is not a supported protocol", r.Protocol)
	}
	c.attachment(at, r.Gateway, r.IngressClass)
	c.atMost(at.Field("rules"), "rules", len(r.Rules), 16)
	c.atMost(at.Field("aliases"), "aliases", len(r.Aliases), 15)
	for i := range r.Rules {
		c.routeRule(at.Field("rules").Index(i), &r.Rules[i])
	}
}

// atMost checks how many entries a list of a route has.
func (c checker) atMost(at fieldpath.Path, what string, n, most int) {
	if n > most {
		c.Errorf("route-too-long", at, "spread them over several routes", "there are %d %s, more than the limit of %d", n, what, most)
	}
}

// gatewayDuration is a duration as the Gateway API reads it.
var gatewayDuration = regexp.MustCompile(`^([0-9]{1,5}(h|m|s|ms)){1,4}$`)

func (c checker) routeRule(at fieldpath.Path, rule *model.RouteRule) {
	for field, v := range map[string]string{"timeout": rule.Timeout, "backendTimeout": rule.BackendTimeout} {
		if v != "" && !gatewayDuration.MatchString(v) {
			c.Errorf("invalid-duration", at.Field(field), "write it as 10s or 1m30s", "%q is not a valid duration", v)
		}
	}
	whole, err := time.ParseDuration(rule.Timeout)
	if try, e := time.ParseDuration(rule.BackendTimeout); err == nil && e == nil && try > whole && whole > 0 {
		c.Errorf("invalid-value", at.Field("backendTimeout"), "make it at most as long as the timeout", "one attempt may take %s, and the whole request only %s", rule.BackendTimeout, rule.Timeout)
	}
	c.atMost(at.Field("matches"), "matches", len(rule.Matches), 64)
	c.atMost(at.Field("backends"), "backends", len(rule.Backends), 16)
	for i, m := range rule.Matches {
		c.routeMatch(at.Field("matches").Index(i), m)
	}
	backends := rule.Backends
	if rule.Mirror != nil {
		backends = append(backends[:len(backends):len(backends)], *rule.Mirror)
	}
	for i, b := range backends {
		below := at.Field("backends").Index(i)
		c.ExactlyOne(below, "at most one", map[string]bool{"app": b.App != "", "service": b.Service != ""}, 0)
		if b.App != "" {
			c.Known("unknown-app", "app", below.Field("app"), b.App, c.AppNames())
		}
		if b.Service != "" && b.Port == nil {
			c.Errorf("missing-value", below.Field("port"), "add the Service's port number", "a Service by name needs a port")
		}
		if b.Weight != nil && (*b.Weight < 0 || *b.Weight > 1_000_000) {
			c.Errorf("invalid-value", below.Field("weight"), "use a number from 0 to 1000000", "%d is not a valid weight", *b.Weight)
		}
	}
	c.replacement(at, rule)
}

// methods are those that gateways know.
var methods = strings.Fields("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH")

func (c checker) routeMatch(at fieldpath.Path, m model.RouteMatch) {
	if m.Path != "" && m.PathType != model.PathRegex && !strings.HasPrefix(m.Path, "/") {
		c.Errorf("invalid-value", at.Field("path"), "start it with a slash", "%q is not a valid path", m.Path)
	}
	switch m.PathType {
	case "", model.PathPrefix, model.PathExact, model.PathRegex:
	default:
		c.Errorf("invalid-value", at.Field("pathType"), "use Prefix, Exact or Regex", "%q is not a path type", m.PathType)
	}
	if m.Method != "" && !slices.Contains(methods, m.Method) {
		c.Errorf("invalid-value", at.Field("method"), "use a method such as GET", "%q is not an HTTP method", m.Method)
	}
	if m.Call != "" && m.Service == "" {
		c.Errorf("missing-value", at.Field("service"), "add the service", "the match has a call without a service")
	}
	c.valueMatches(at.Field("headers"), m.Headers, strings.ToLower)
	c.valueMatches(at.Field("query"), m.Query, strings.Clone)
}

// valueMatches checks that each name is compared once. Headers are known by
// their names in any case, query parameters are not.
func (c checker) valueMatches(at fieldpath.Path, list []model.ValueMatch, form func(string) string) {
	seen := map[string]bool{}
	for i, v := range list {
		if v.Name == "" {
			c.Errorf("missing-value", at.Index(i).Field("name"), "add the name", "the match has a value without a name")
		}
		c.Unique(seen, at.Index(i).Field("name"), form(v.Name))
	}
}

// replacement checks redirects and rewrites.
func (c checker) replacement(at fieldpath.Path, rule *model.RouteRule) {
	prefix := ""
	if x := rule.Redirect; x != nil {
		below := at.Field("redirect")
		c.ExactlyOne(below, "at most one", map[string]bool{"path": x.Path != "", "prefix": x.Prefix != ""}, 0)
		if len(rule.Backends) > 0 || rule.Rewrite != nil || rule.Mirror != nil {
			c.Errorf("redirect-and-backend", below, "remove the backends, the rewrite and the mirror, or the redirect", "a request is either redirected or sent to backends")
		}
		if x.Status != nil && *x.Status != 301 && *x.Status != 302 {
			c.Errorf("invalid-value", below.Field("status"), "use 301 or 302", "%d is not a valid status code of a redirect", *x.Status)
		}
		prefix = x.Prefix
	}
	if x := rule.Rewrite; x != nil {
		c.ExactlyOne(at.Field("rewrite"), "at most one", map[string]bool{"path": x.Path != "", "prefix": x.Prefix != ""}, 0)
		prefix = x.Prefix
	}
	if prefix == "" {
		return
	}
	if len(rule.Matches) != 1 || rule.Matches[0].PathType != "" && rule.Matches[0].PathType != model.PathPrefix {
		c.Errorf("prefix-replacement", at, "write a rule for each prefix", "a prefix can be replaced only in a rule that matches exactly one prefix")
	}
}
