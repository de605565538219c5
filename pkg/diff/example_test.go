package diff_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
)

// Differences are by meaning: the order of keys never counts, that of lists does.
func ExampleValues() {
	from := map[string]any{"replicas": int64(2), "args": []any{"-v", "serve"}}
	to := map[string]any{"args": []any{"serve", "-v"}, "replicas": int64(3)}
	for _, f := range diff.Values("spec", from, to) {
		fmt.Println(f)
	}
	// Output:
	// spec.args[0]: - "-v"
	// spec.args[1]: + "-v"
	// spec.replicas: 2 -> 3
}
