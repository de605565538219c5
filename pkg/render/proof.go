package render

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
)

// ProofError is returned when kustomize does not build what the model says. No
// tree is returned.
type ProofError struct {
	// Failures are sorted by target.
	Failures []prove.Failure
}

// Error names app, environment, object and field of every difference.
func (e *ProofError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "kustomize does not build what the model says for %s; this is a bug in gitopsgen or in an extension:", finding.Count(len(e.Failures), "overlay"))
	for _, f := range e.Failures {
		fmt.Fprintf(&b, "\n%s", f)
	}
	return b.String()
}
