package config

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "unknown-config",
		Reason: "The Config entry, or the key in it, does not exist; the container would not start.",
		Fix:    "use one of those that the finding lists",
		Source: "gitopsgen reads strictly: a mistyped field must not be ignored"},
}
