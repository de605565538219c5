package imageref_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
)

func ExampleParse() {
	r, err := imageref.Parse("registry.example.com:5000/acme/web:1.2")
	fmt.Println(r.Name, r.Tag, err)
	// Output: registry.example.com:5000/acme/web 1.2 <nil>
}
