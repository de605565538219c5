package load_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// Everything that is wrong is reported at once, with its place and what to do.
func ExampleFleet() {
	_, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(`apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec:
  imgae: ghcr.io/acme/web:1.0
  replicas: three
`)})
	fmt.Println(err)
	// Output:
	// fleet.yaml:9:3: apps[web].spec.imgae: the field does not exist (did you mean image?)
	// fleet.yaml:10:13: apps[web].spec.replicas: expected an integer, found a string (write an integer)
}

// A program whose features have settings names their types; feature.Set has them, as
// render.Features returns it.
func ExampleLoader() {
	type Cost struct {
		Center string `json:"center,omitempty"`
	}
	l, err := load.Loader{Settings: map[string]any{"cost": (*Cost)(nil)}}.Fleet(load.File{Name: "fleet.yaml", Data: []byte(`apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
spec:
  defaults:
    extensions:
      cost: {center: retail}
`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Fleet.Defaults.Extensions["cost"].(*Cost).Center, l.Positions["defaults.extensions[cost].center"])
	// Output: retail fleet.yaml:7:22
}
