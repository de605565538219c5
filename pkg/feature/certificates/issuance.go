package certificates

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// The limits of Let's Encrypt in seven days: certificates of one registered
// domain, and of one exact set of names.
const (
	maxPerDomain = 50
	maxPerSet    = 5
)

// issuance compares what the whole fleet asks of Let's Encrypt with its limits.
// All certificates may be asked for in one week: when clusters are set up, or
// set up again.
func (c fleetChecker) issuance() {
	domains, sets := map[string]int{}, map[string][]issued{}
	first := map[string]fieldpath.Path{}
	for _, x := range c.allIssued() {
		if !x.issuer.Trusted() || len(x.cert.DNSNames) == 0 {
			continue
		}
		set := strings.Join(slices.Compact(slices.Sorted(slices.Values(x.cert.DNSNames))), " ")
		sets[set] = append(sets[set], x)
		if !x.issuer.LetsEncrypt() {
			continue
		}
		seen := map[string]bool{}
		for _, name := range x.cert.DNSNames {
			if domain := registered(name); !seen[domain] {
				seen[domain] = true
				domains[domain]++
				if _, ok := first[domain]; !ok {
					first[domain] = x.path
				}
			}
		}
	}
	for _, domain := range slices.Sorted(maps.Keys(domains)) {
		if n := domains[domain]; n > maxPerDomain {
			c.Warnf("issuance-budget", first[domain], "use wildcard certificates, or ask Let's Encrypt for a higher limit",
				"the fleet has %d certificates for %s, and Let's Encrypt issues %d in seven days: setting up all clusters takes %d weeks",
				n, domain, maxPerDomain, (n+maxPerDomain-1)/maxPerDomain)
		}
	}
	c.duplicates(sets)
}

// duplicates reports sets of names that are issued several times: in one
// finding for all sets of one place in the model that are issued in the same
// places.
func (c fleetChecker) duplicates(sets map[string][]issued) {
	type finding struct {
		path   fieldpath.Path
		places string
		times  int
		budget bool
	}
	found := map[finding][]string{}
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		list := sets[set]
		if len(list) < 2 {
			continue
		}
		var places []string
		for _, x := range list {
			places = append(places, x.site.Cluster+"/"+x.namespace)
		}
		f := finding{list[0].path, strings.Join(places, ", "), len(list), len(list) > maxPerSet && list[0].issuer.LetsEncrypt()}
		found[f] = append(found[f], set)
	}
	const fix = "give each cluster its own names, or issue once and distribute the Secret"
	for f, names := range found {
		what := strings.Join(names, ", ")
		if f.budget {
			c.Errorf("issuance-duplicates", f.path, fix, "issued %d times, in %s: %s; Let's Encrypt issues the same set of names at most %d times in seven days",
				f.times, f.places, what, maxPerSet)
			continue
		}
		c.Warnf("certificate-duplicate", f.path, fix, "issued %d times, in %s: %s; each counts against the limits of the certificate authority", f.times, f.places, what)
	}
}

// registered returns the domain that somebody registered, below which a name lies.
func registered(name string) string {
	name = strings.TrimPrefix(name, "*.")
	if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return domain
	}
	return name
}
