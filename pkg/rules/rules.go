// Package rules explains the findings: for each rule its reason, what to do, and
// where the rule comes from.
package rules

import "slices"

// Doc explains a rule.
type Doc struct {
	// ID is the rule's stable id, as finding.Finding has it.
	ID string
	// Reason says why the rule exists.
	Reason string
	// Fix says what to do.
	Fix string
	// Source is where the rule comes from: an address, or the part of gitopsgen.
	Source string
}

// All returns all rules that are explained, in no order.
func All() []Doc { return slices.Concat(traffic, certificates) }
