// Package argocd judges the expansion of ApplicationSets: Argo CD's own
// controller expands them too, against an API in memory, a git repository in a
// temporary directory and a small forge, and both results have to be the same.
//
//	go test .
//
// The first run compiles Argo CD, which takes minutes; git is needed.
package argocd
