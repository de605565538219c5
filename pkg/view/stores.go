package view

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// StoreObject returns the name of a store's object in an environment. Objects
// of stores belong to an environment, so that two of them may share a cluster.
func StoreObject(store, env string) string { return store + "-" + env }

// DefaultSecretPath returns the rule for where values lie in a store, where the
// environment has none. A nil store is one that is not of the fleet.
func DefaultSecretPath(s *model.SecretStore) string {
	const path = "{env}/{app}/{secret}"
	if s != nil && (s.GCP != nil || s.Azure != nil || s.OnePassword != nil || s.Kubernetes != nil) {
		return strings.ReplaceAll(path, "/", "-")
	}
	if s != nil && s.AWS != nil && s.AWS.Service == "ParameterStore" && s.AWS.Prefix == "" {
		return "/" + path // names of the Parameter Store with slashes begin with one
	}
	return path
}

// ReadsStore reports whether a Secret reads a store: not all of it is generated.
func ReadsStore(s *model.Secret) bool {
	return len(s.Keys) > 0 || slices.ContainsFunc(s.From, func(x model.SecretSource) bool { return x.Generator == nil })
}

// GeneratorKind returns the kind of a generator's object, or "" where it has none.
func GeneratorKind(g *model.SecretGenerator) string {
	switch {
	case g.Password != nil:
		return "Password"
	case g.ECR != nil:
		return "ECRAuthorizationToken"
	case g.GCR != nil:
		return "GCRAccessToken"
	case g.GitHub != nil:
		return "GithubAccessToken"
	case g.Vault != nil:
		return "VaultDynamicSecret"
	}
	return ""
}
