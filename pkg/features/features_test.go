package features_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
)

// TestDefault checks that the features go together: names, rules, kinds, and the order
// of their defaults.
func TestDefault(t *testing.T) {
	if _, err := feature.NewSet(features.All()...); err != nil {
		t.Fatal(err)
	}
}
