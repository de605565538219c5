package routes

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// httpRules returns the rules of an HTTPRoute.
func (r *router) httpRules() part.List {
	var out part.List
	for _, rule := range r.route.Rules {
		var matches part.List
		for _, m := range rule.Matches {
			matches = append(matches, part.Fields(part.Map{
				"path":    part.Map{"type": httpPathTypes[m.PathType], "value": m.Path},
				"method":  m.Method,
				"headers": values(m.Headers), "queryParams": values(m.Query),
			}))
		}
		out = append(out, part.Fields(part.Map{
			"matches": matches, "filters": r.filters(rule), "backendRefs": r.backendRefs(rule),
			"timeouts": part.Fields(part.Map{"request": rule.Timeout, "backendRequest": rule.BackendTimeout}),
		}))
	}
	return out
}

var httpPathTypes = map[model.PathType]string{
	model.PathPrefix: "PathPrefix", model.PathExact: "Exact", model.PathRegex: "RegularExpression",
}

// grpcRules returns the rules of a GRPCRoute.
func (r *router) grpcRules() part.List {
	var out part.List
	for _, rule := range r.route.Rules {
		var matches part.List
		for _, m := range rule.Matches {
			match := part.Map{"headers": values(m.Headers)}
			if m.Service != "" || m.Call != "" {
				match["method"] = part.Fields(part.Map{"type": "Exact", "service": m.Service, "method": m.Call})
			}
			matches = append(matches, part.Fields(match))
		}
		out = append(out, part.Fields(part.Map{
			"matches": matches, "filters": r.filters(rule), "backendRefs": r.backendRefs(rule)}))
	}
	return out
}

// tlsRules returns the rules of a TLSRoute, which can match nothing but hosts.
func (r *router) tlsRules() part.List {
	var out part.List
	for _, rule := range r.route.Rules {
		out = append(out, part.Fields(part.Map{"backendRefs": r.backendRefs(rule)}))
	}
	return out
}

// values returns matches of headers or query parameters.
func values(list []model.ValueMatch) part.List {
	var out part.List
	for _, v := range list {
		kind := "Exact"
		if v.Regex != nil && *v.Regex {
			kind = "RegularExpression"
		}
		out = append(out, part.Map{"type": kind, "name": v.Name, "value": v.Value})
	}
	return out
}

// backendRefs refers to the Services of a rule.
func (r *router) backendRefs(rule model.RouteRule) part.List {
	var out part.List
	for _, d := range r.destinations(rule) {
		ref := d.ref()
		ref["weight"] = d.weight
		out = append(out, ref)
	}
	return out
}

// ref refers to a Service. The core group's name is empty, and said.
func (d destination) ref() part.Map {
	ref := part.Fields(part.Map{"kind": "Service", "name": d.name, "namespace": d.namespace})
	ref["group"], ref["port"] = "", d.port
	return ref
}

// filters returns what a rule changes.
func (r *router) filters(rule model.RouteRule) part.List {
	var out part.List
	if h := rule.RequestHeaders; h != nil {
		out = append(out, part.Map{"type": "RequestHeaderModifier", "requestHeaderModifier": headers(h)})
	}
	if h := rule.ResponseHeaders; h != nil {
		out = append(out, part.Map{"type": "ResponseHeaderModifier", "responseHeaderModifier": headers(h)})
	}
	if x := rule.Redirect; x != nil {
		out = append(out, part.Map{"type": "RequestRedirect", "requestRedirect": part.Fields(part.Map{
			"scheme": x.Scheme, "hostname": x.Host, "path": replacedPath(x.Path, x.Prefix), "port": x.Port, "statusCode": x.Status})})
	}
	if x := rule.Rewrite; x != nil {
		out = append(out, part.Map{"type": "URLRewrite", "urlRewrite": part.Fields(part.Map{
			"hostname": x.Host, "path": replacedPath(x.Path, x.Prefix)})})
	}
	if rule.Mirror != nil {
		if d, ok := r.destination(*rule.Mirror); ok {
			out = append(out, part.Map{"type": "RequestMirror", "requestMirror": part.Map{"backendRef": d.ref()}})
		}
	}
	return out
}

func replacedPath(full, prefix string) part.Map {
	switch {
	case full != "":
		return part.Map{"type": "ReplaceFullPath", "replaceFullPath": full}
	case prefix != "":
		return part.Map{"type": "ReplacePrefixMatch", "replacePrefixMatch": prefix}
	}
	return nil
}

func headers(h *model.HeaderChange) part.Map {
	list := func(m map[string]string) part.List {
		var out part.List
		for _, name := range slices.Sorted(maps.Keys(m)) {
			out = append(out, part.Map{"name": name, "value": m[name]})
		}
		return out
	}
	return part.Fields(part.Map{"set": list(h.Set), "add": list(h.Add), "remove": h.Remove})
}
