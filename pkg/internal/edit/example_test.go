package edit_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/internal/edit"
)

// What a CI job does after a build: one value changes, comments stay.
func ExampleSet() {
	file := []byte(`kind: App
metadata: {name: web}
spec:
  image: ghcr.io/acme/web:1.0 # set by CI
  environments:
    prod:
      replicas: 3
`)
	out, err := edit.Set(file, edit.Place{App: "web", Path: "image"}, "ghcr.io/acme/web:1.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err = edit.Set(out, edit.Place{App: "web", Environment: "prod", Path: "replicas"}, int64(5))
	fmt.Print(string(out), err)
	// Output:
	// kind: App
	// metadata: {name: web}
	// spec:
	//   image: ghcr.io/acme/web:1.1 # set by CI
	//   environments:
	//     prod:
	//       replicas: 5
	// <nil>
}
