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
	// Each refresh is a call for each key on each cluster; providers bill and throttle them.
	// use 5m or more
}
