package schema_test

import (
	"encoding/json"
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/internal/schema"
)

func ExampleJSON() {
	data, err := schema.JSON(nil)
	fmt.Println(json.Valid(data), err)
	// Output: true <nil>
}
