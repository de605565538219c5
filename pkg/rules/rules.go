// Package rules documents what findings are about: each rule with its reason, what
// to do, and where it comes from. Rules that only one feature checks are documented
// there.
package rules

import (
	"cmp"
	"slices"
)

// Rule is what a finding's rule id stands for.
type Rule struct {
	// ID is the id, as findings have it.
	ID string `json:"id"`
	// Reason says what is wrong, and why that matters.
	Reason string `json:"reason"`
	// Fix says what to do.
	Fix string `json:"fix"`
	// Source is where the rule comes from: an address, or a promise of ours.
	Source string `json:"source"`
}

// All returns all rules but those of features, sorted by id.
func All() []Rule {
	all := slices.Concat(core(), places(), argoCD())
	slices.SortFunc(all, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Find returns the rule with an id, of those that All returns.
func Find(id string) (Rule, bool) {
	for _, r := range All() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
