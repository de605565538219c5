// Package directory knows apps whose objects are a directory of plain YAML.
package directory

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// Feature returns the source of apps whose objects are a directory of plain YAML.
func Feature() feature.Feature {
	return feature.Feature{
		Name:        "directory",
		Source:      source.Directory(),
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Rules: []rules.Rule{
			{ID: "source-place", Reason: "A source is that of one app: in the defaults of a fleet, an environment or a cluster, all apps would have the same objects.",
				Fix: "set the source in the app, or in its overrides", Source: "what the README says you can rely on"},
			{ID: "source-workload", Reason: "An app whose objects come from a source has no workload of its own; what it says about one would have no effect.",
				Fix: "remove the source, or what describes a workload", Source: "what the README says you can rely on"},
		},
	}
}
