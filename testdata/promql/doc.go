// Package promql judges the rules for Prometheus, without a cluster, by
// Prometheus' own code: its parser of rules reads all of them, and its engine
// evaluates them against series of apps that fail in known ways.
//
//	go test .
package promql
