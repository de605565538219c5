package diff

import (
	"net/netip"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// access is what a rule of a network policy lets through: a peer and a port, where nil
// is any.
type access struct{ peer, port map[string]any }

// accesses returns all that the rules of a policy let through in a direction.
func (d direction) accesses(p object.Object) []access {
	rules, _ := p.Get("spec", d.rules)
	var out []access
	for _, rule := range entries(rules) {
		for _, peer := range orAny(fields(rule)[d.peers]) {
			for _, port := range orAny(fields(rule)["ports"]) {
				out = append(out, access{fields(peer), fields(port)})
			}
		}
	}
	return out
}

// orAny returns the entries of a list; one that is missing or empty is any.
func orAny(v any) []any {
	if l := entries(v); len(l) > 0 {
		return l
	}
	return []any{nil}
}

// covers reports whether what b lets through is certain to be let through by a too.
func (a access) covers(b access) bool {
	return (a.peer == nil || b.peer != nil && coversPeer(a.peer, b.peer)) && (a.port == nil || b.port != nil && coversPort(a.port, b.port))
}

func coversPeer(a, b map[string]any) bool {
	if a["ipBlock"] != nil || b["ipBlock"] != nil {
		return coversBlock(fields(a["ipBlock"]), fields(b["ipBlock"]))
	}
	_, elsewhere := a["namespaceSelector"]
	if _, other := b["namespaceSelector"]; other != elsewhere {
		return false // without a selector, it is the policy's own namespace
	}
	return coversSelector(fields(a["namespaceSelector"]), fields(b["namespaceSelector"])) &&
		coversSelector(fields(a["podSelector"]), fields(b["podSelector"]))
}

// coversBlock compares two blocks of addresses.
func coversBlock(a, b map[string]any) bool {
	outer, err := netip.ParsePrefix(text(a["cidr"]))
	inner, err2 := netip.ParsePrefix(text(b["cidr"]))
	if err != nil || err2 != nil || !contains(outer, inner) {
		return false
	}
	return !slices.ContainsFunc(entries(a["except"]), func(v any) bool {
		hole, err := netip.ParsePrefix(text(v))
		if err == nil && !hole.Overlaps(inner) {
			return false
		}
		return err != nil || !slices.ContainsFunc(entries(b["except"]), func(v any) bool {
			other, err := netip.ParsePrefix(text(v))
			return err == nil && contains(other, hole)
		})
	})
}

// contains reports whether a prefix holds all addresses of another.
func contains(a, b netip.Prefix) bool { return a.Bits() <= b.Bits() && a.Contains(b.Addr()) }

// coversPort compares two entries of ports: numbers, ranges or names.
func coversPort(a, b map[string]any) bool {
	protocol := func(p map[string]any) string {
		if s := text(p["protocol"]); s != "" {
			return s
		}
		return "TCP"
	}
	switch {
	case protocol(a) != protocol(b):
		return false
	case a["port"] == nil:
		return true
	}
	low, high, ok := portsOf(a)
	low2, high2, ok2 := portsOf(b)
	if ok && ok2 {
		return low <= low2 && high2 <= high
	}
	return !ok && !ok2 && object.Equal(a["port"], b["port"])
}

// portsOf returns the first and the last number of an entry of ports, if it has
// numbers.
func portsOf(p map[string]any) (low, high int64, ok bool) {
	if low, ok = p["port"].(int64); !ok {
		return 0, 0, false
	}
	if high, ok = p["endPort"].(int64); !ok {
		high = low
	}
	return low, high, true
}

// requirement is what a selector demands of the labels of what it selects.
type requirement struct {
	key, operator string
	values        []string // in JSON: anybody may have written them
}

// requirements returns those of a selector; one without any selects all.
func requirements(selector map[string]any) []requirement {
	var out []requirement
	for key, value := range fields(selector["matchLabels"]) {
		out = append(out, requirement{key, "In", []string{encode(value)}})
	}
	for _, e := range entries(selector["matchExpressions"]) {
		m := fields(e)
		r := requirement{key: text(m["key"]), operator: text(m["operator"])}
		for _, v := range entries(m["values"]) {
			r.values = append(r.values, encode(v))
		}
		out = append(out, r)
	}
	return out
}

// coversSelector reports whether a selects all that b selects.
func coversSelector(a, b map[string]any) bool {
	others := requirements(b)
	return !slices.ContainsFunc(requirements(a), func(r requirement) bool {
		return !slices.ContainsFunc(others, r.follows)
	})
}

// follows reports whether what another requirement demands is enough for r.
func (r requirement) follows(other requirement) bool {
	if r.key != other.key {
		return false
	}
	switch r.operator {
	case "In":
		return other.operator == "In" && isSubset(other.values, r.values)
	case "NotIn":
		return other.operator == "NotIn" && isSubset(r.values, other.values)
	case "Exists":
		return other.operator == "Exists" || other.operator == "In"
	}
	return r.operator == other.operator
}

// matches reports whether labels are as required.
func (r requirement) matches(labels map[string]any) bool {
	value, has := labels[r.key]
	switch r.operator {
	case "In":
		return has && slices.Contains(r.values, encode(value))
	case "NotIn":
		return !has || !slices.Contains(r.values, encode(value))
	case "Exists":
		return has
	}
	return !has
}

func isSubset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(v string) bool { return !slices.Contains(b, v) })
}
