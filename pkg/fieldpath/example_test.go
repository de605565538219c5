package fieldpath_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

func ExamplePath() {
	p := fieldpath.Path("metadata").Field("labels").Key("app.kubernetes.io/name")
	fmt.Println(p)
	steps, err := p.Steps()
	fmt.Println(len(steps), steps[2].Name, err)
	// Output:
	// metadata.labels[app.kubernetes.io/name]
	// 3 app.kubernetes.io/name <nil>
}
