package view

import (
	corev1 "k8s.io/api/core/v1"

	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// PodSecurity returns the level of a namespace of the environment. Apps that share a
// namespace agree on it, or the feature namespaces reports it.
func (s *Environment) PodSecurity(namespace string) model.PodSecurityLevel {
	for _, l := range s.Levels {
		if l.Namespace == namespace {
			return l.Level
		}
	}
	return cmp.Or(s.Model.Namespaces.PodSecurity, model.Restricted)
}

// Environment is an environment, or one of its clusters, as the parts of the platform
// see it that belong to no app.
type Environment struct {
	Scope
	// Model is the environment as the model has it.
	Model model.Environment
	// Clusters are the clusters of the environment, or the one of the scope.
	Clusters []model.Cluster
	// Namespaces are those that the environment's apps live in, sorted.
	Namespaces []string
	// Levels are the pod security levels that the apps want, by the app's name.
	Levels []Level
	// KubernetesVersion is the lowest of all clusters of the environment, as in 1.36; ""
	// where none is known.
	KubernetesVersion string
	// SecretStores are the environment's own store and those that Secrets of the
	// scope really use, in the fleet's order.
	SecretStores []model.SecretStore
	// SharedSecrets are the environment's, with nothing left to fill in.
	SharedSecrets []model.SharedSecret
	// Production tells that people depend on the environment.
	Production bool
	// Platform is what the platform offers to the environment's apps.
	Platform *Platform
	// Routes are those of all apps, by the app's name.
	Routes []AppRoute
	// Certificates are the certificates in the apps' namespaces, by the app's name.
	Certificates []AppCertificate
	// Records are the DNS records of all apps, by the app's name.
	Records []AppDNSRecord
	// Meshes are the namespaces with apps in the service mesh, by name.
	Meshes map[string]Meshed
	// Previews are the apps whose pull requests get previews like the environment, by
	// name, and PreviewRoutes are the routes of these, of the pull request Example.
	Previews      []string
	PreviewRoutes []AppRoute
	// PreviewQuota is the quota that the model gives the preview that this is.
	PreviewQuota corev1.ResourceList
	// Objects are the whole objects that apps bring along, by the app's name.
	Objects []RawObject
}

// ManagesNamespaces reports whether we emit the environment's namespaces.
func (s Environment) ManagesNamespaces() bool {
	m := s.Model.Namespaces.Manage
	return m == nil || *m
}
