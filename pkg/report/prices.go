package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// price is what a provider charges, in US dollars.
type price struct {
	// entry is for an entry in a month, and calls for ten thousand calls.
	entry, calls float64
}

// prices are list prices, as the providers publish them: without free tiers,
// discounts and taxes. A provider that is not among them charges by other
// measures, or not at all.
var prices = map[string]price{
	"aws":   {0.40, 0.05},
	"gcp":   {0.06, 0.03},
	"azure": {0, 0.03},
}

// Use is what an environment asks of one store.
type Use struct {
	// Environment and Store are names, and Provider is the store's.
	Environment string `json:"environment"`
	Store       string `json:"store"`
	Provider    string `json:"provider,omitempty"`
	// Entries is the number of entries, Searches those that are found by a search
	// and not counted.
	Entries  int `json:"entries"`
	Searches int `json:"searches,omitempty"`
	// CallsPerMonth and DollarsPerMonth are estimates.
	CallsPerMonth   int64   `json:"callsPerMonth"`
	DollarsPerMonth float64 `json:"dollarsPerMonth"`
}

// Uses sums up reads by environment and store, sorted. What generators make is in
// no store.
func Uses(reads []Read) []Use {
	type key struct{ env, store string }
	uses, entries := map[key]*Use{}, map[key]map[string]bool{}
	for _, r := range reads {
		if r.Generator != "" {
			continue
		}
		k := key{r.Environment, r.Store}
		if uses[k] == nil {
			uses[k], entries[k] = &Use{Environment: r.Environment, Store: r.Store, Provider: r.Provider}, map[string]bool{}
		}
		uses[k].CallsPerMonth += r.CallsPerMonth
		if r.Find {
			uses[k].Searches++
		} else {
			entries[k][r.Key] = true
		}
	}
	out := make([]Use, 0, len(uses))
	for k, u := range uses {
		p := prices[u.Provider]
		u.Entries = len(entries[k])
		u.DollarsPerMonth = math.Round(100*(p.entry*float64(u.Entries)+p.calls*float64(u.CallsPerMonth)/10000)) / 100
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Store, b.Store))
	})
	return out
}

// sortedKeys returns the keys of a map, sorted.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
