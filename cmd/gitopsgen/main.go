// The gitopsgen command generates the config repository that Argo CD syncs.
package main

import "github.com/gitopsgen/gitopsgen/pkg/cli"

func main() { cli.Main(cli.Program{}) }
