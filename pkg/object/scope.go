package object

// clusterScoped are kinds without a namespace.
var clusterScoped = map[string]bool{
	"Namespace": true, "ClusterRole": true, "ClusterRoleBinding": true, "CustomResourceDefinition": true, "PersistentVolume": true,
	"StorageClass": true, "PriorityClass": true, "IngressClass": true, "RuntimeClass": true, "GatewayClass": true,
	"ClusterIssuer": true, "ClusterSecretStore": true, "ClusterExternalSecret": true, "ValidatingWebhookConfiguration": true,
	"MutatingWebhookConfiguration": true, "APIService": true, "Node": true,
}

// ClusterScoped reports whether a kind is known to have no namespace.
func ClusterScoped(kind string) bool { return clusterScoped[kind] }
