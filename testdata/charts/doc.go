// Package charts judges how charts are fetched: from the registry that most registries
// are made of, to which Helm pushes, and from a repository with the index that Helm
// writes, with the logins that Helm keeps.
//
//	go test .
package charts
