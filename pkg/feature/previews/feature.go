// Package previews checks the previews of pull requests against the environment that
// they are like. What they deploy is made as for any other target.
package previews

import "github.com/gitopsgen/gitopsgen/pkg/feature"

// Feature returns the previews of pull requests.
func Feature() feature.Feature {
	return feature.Feature{Name: "previews", CheckFleet: checkFleet}
}
