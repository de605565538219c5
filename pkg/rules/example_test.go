package rules_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/rules"
)

func ExampleFind() {
	r, _ := rules.Find("short-refresh")
	fmt.Println(r.Reason)
	fmt.Println(r.Fix)
	// Output:
	// Each refresh is one call for each key on each cluster, and providers bill and throttle calls.
	// use 5m or more
}
