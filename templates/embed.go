// Package templates holds texts for people: scaffolds, the messages of commits, the
// pages that explain a tree, and the texts of Argo CD's notifications, which are
// templates of its own. No Kubernetes YAML is made from text.
package templates

import "embed"

// FS holds the files of this directory.
//
//go:embed guide init/*.yaml notifications/*.yaml commit.txt
var FS embed.FS
