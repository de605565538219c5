package load

import (
	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// Strict reads a file with one document that is not of the model, such as a lock, into
// the struct that into points to, as strictly as Fleet reads. It returns the positions
// of the values by their path from the struct down. Errors in the file are returned as
// a *finding.ValidationError.
func Strict(f File, into any) (finding.Positions, error) {
	d := newDecoder(nil, nil)
	d.file = f
	documents := 0
	d.documentsOf(func(root *yaml.Node) {
		if documents++; documents > 1 {
			d.errorf("wrong-type", root, "", "remove the other documents", "the file contains more than one document")
			return
		}
		d.positions[""] = d.at(root)
		d.decode(root, into, "")
	})
	if documents == 0 && len(d.list) == 0 {
		d.list = append(d.list, finding.Finding{Rule: "no-documents", Severity: finding.Error, Position: finding.Position{File: f.Name},
			Reason: "the file contains no document", Fix: "delete the file, or restore it"})
	}
	return d.positions, d.list.Err()
}
