package routes_test

import (
	"flag"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
)

var update = flag.Bool("update", false, "rewrite the expected objects")

// TestObjects compares what small fleets get with what testdata expects.
func TestObjects(t *testing.T) { featurestest.Objects(t, *update) }
