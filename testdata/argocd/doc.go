// Package argocd judges the expansion of ApplicationSets: Argo CD's own
// controller expands them too, against an API in memory, a git repository in a
// temporary directory and a small forge, and both results have to be the same.
// It does so for a table of sets in cases, where a difference that is intended
// says so, and for the sets of all sample fleets. For these, Argo CD's own code
// also judges what the projects permit, which windows hold, and which changes
// refresh an Application.
//
//	go test .
//
// The first run compiles Argo CD, which takes minutes; git is needed.
package argocd
