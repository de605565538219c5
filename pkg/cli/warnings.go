package cli

import (
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// A warning that is given more than manyAlike times, at different places, is printed
// someAlike times: a default that most apps leave alone would fill the screen.
const manyAlike, someAlike = 5, 3

// alike is what warnings have in common that differ only in their place.
type alike struct{ rule, reason, fix string }

// warn prints warnings.
func (a *app) warn(findings finding.List) {
	warnings, of, printed := findings.Warnings(), map[alike]int{}, map[alike]int{}
	for _, f := range warnings {
		of[alike{f.Rule, f.Reason, f.Fix}]++
	}
	for _, f := range warnings {
		same := alike{f.Rule, f.Reason, f.Fix}
		printed[same]++
		if a.verbose || of[same] <= manyAlike || printed[same] <= someAlike {
			printFinding(a.Err, f)
		}
		if !a.verbose && of[same] > manyAlike && printed[same] == someAlike {
			a.Err.Printf("and %s like it (rule %s; --verbose lists all)\n", finding.Count(of[same]-someAlike, "more warning"), f.Rule)
		}
	}
}
