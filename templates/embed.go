// Package templates holds texts for people: scaffolds, and the messages of
// commits. No Kubernetes YAML is made from text.
package templates

import "embed"

// FS holds the files of this directory.
//
//go:embed init/*.yaml commit.txt
var FS embed.FS
