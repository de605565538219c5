// Package templates holds texts for people: scaffolds, and later the bodies of
// commits and pull requests. No Kubernetes YAML is made from text.
package templates

import "embed"

// FS holds the files of this directory.
//
//go:embed init/*.yaml
var FS embed.FS
