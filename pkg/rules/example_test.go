package rules_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/rules"
)

func ExampleFind() {
	r, _ := rules.Find("no-cluster")
	fmt.Println(r.Reason)
	fmt.Println(r.Fix)
	// Output:
	// An environment without a cluster does not run anything.
	// add a cluster
}
