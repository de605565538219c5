// Library is a fleet that is defined in Go, with features of its own. It is the whole gitopsgen command for that fleet:
//
//	go run ./examples/library render --output-dir out
package main

import (
	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

func main() { cli.Main(program()) }
