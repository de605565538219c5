package view

import "github.com/gitopsgen/gitopsgen/pkg/model"

// Stages returns the stage of each environment in the order of promotion: 1 where
// it is promoted from none, and else one more than that which it is promoted from.
func Stages(f *model.Fleet) map[string]int {
	from := map[string]string{}
	for _, e := range f.Environments {
		from[e.Name] = e.PromotedFrom
	}
	out := map[string]int{}
	for name := range from {
		for at := name; at != "" && out[name] <= len(from); at = from[at] {
			out[name]++
		}
	}
	return out
}
