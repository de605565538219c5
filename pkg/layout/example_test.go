package layout_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

func ExampleOverlay() {
	unit := layout.App("web")
	overlay := layout.Overlay(unit, "prod")
	fmt.Println(overlay, layout.Relative(overlay, layout.Base(unit)))
	// Output: apps/web/overlays/prod ../../base
}
