package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
)

// allRules returns the rules of findings, and those that fill in defaults.
func (a *app) allRules() []rules.Rule {
	all := slices.Concat(rules.All(), a.features.Rules())
	slices.SortFunc(all, func(x, y rules.Rule) int { return strings.Compare(x.ID, y.ID) })
	for _, d := range a.features.Defaults() {
		all = append(all, rules.Rule{ID: d.ID, Reason: d.Doc, Fix: "set what you want instead in the model", Source: "a default of gitopsgen"})
	}
	return all
}

// explainRules prints one rule, or a list of all of them.
func (a *app) explainRules(arg, format string) error {
	all := a.allRules()
	id, one := strings.CutPrefix(arg, "rule/")
	if one {
		var known []string
		var found []rules.Rule
		for _, r := range all {
			known = append(known, r.ID)
			if r.ID == id {
				found = append(found, r)
			}
		}
		if len(found) == 0 {
			hint := "gitopsgen explain rules lists them"
			if near := finding.Nearest(id, known); near != "" {
				hint = "did you mean rule/" + near + "?"
			}
			return fmt.Errorf("there is no rule %s (%s)", id, hint)
		}
		all = found
	}
	if format == "json" {
		enc := json.NewEncoder(a.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	for _, r := range all {
		a.wrap("rule/" + r.ID + ": " + r.Reason)
		if one {
			a.wrap("fix: " + r.Fix)
			a.wrap("source: " + r.Source)
		}
	}
	return nil
}
