package examples_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/examples/internal/reach"
)

// TestNetwork asks of the examples and sample fleets whether the policies that are
// rendered allow exactly what the model declares. The example in Go asks the same of
// itself.
func TestNetwork(t *testing.T) {
	counts := reach.Counts{}
	for name, fleet := range allFleets(t) {
		t.Run(name, func(t *testing.T) {
			for what, n := range reach.Ask(t, fleet) {
				counts[what] += n
			}
		})
	}
	t.Logf("asked: %v", counts)
	for _, want := range []string{"DNS open", "DNS closed", "pods open", "pods closed", "from previews open", "from previews closed", "in open", "in closed", "from networks open", "from networks closed", "out open", "out closed"} {
		if counts[want] == 0 {
			t.Errorf("nothing was asked about %s", want)
		}
	}
}
