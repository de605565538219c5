// Package crds judges custom resources, without a cluster, by the definitions
// that the operators publish in their Go modules: as strictly as an API server,
// and more strictly in one thing. Whatever a server would add inside an item of
// a list must be written, since Argo CD sees it as a difference for ever.
//
//	go test .
//
// The modules are downloaded once, by the go command.
package crds
