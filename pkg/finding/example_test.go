package finding_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

func ExampleFinding() {
	fmt.Println(finding.Finding{
		Rule: "unknown-cluster", Severity: finding.Error, Path: "environments[prod].clusters[0]",
		Position: finding.Position{File: "fleet.yaml", Line: 7, Col: 12},
		Reason:   `there is no cluster "hmoe"`, Fix: "did you mean " + finding.Nearest("hmoe", []string{"home", "lab"}) + "?",
	})
	// Output: fleet.yaml:7:12: environments[prod].clusters[0]: there is no cluster "hmoe" (did you mean home?)
}
