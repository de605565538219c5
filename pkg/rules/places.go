package rules

// places returns the rules of namespaces, of scopes, and of what runs once per
// cluster.
func places() []Rule {
	return []Rule{
		{"cluster-scoped-differs", "A cluster-scoped object exists only once in a cluster. If it differs between environments that share the cluster, they would change it back and forth.", "make it the same in both, or rename it in one of them", scopes},
		{"cluster-scoped-namespace", "An object of a cluster-scoped kind must not have a namespace.", "remove metadata.namespace", scopes},
		{"foreign-namespace", "The labels, policies and quotas of a managed namespace would stop what others run there: the cluster itself, Argo CD, or an operator.", "use another rule, move the app into a PlatformComponent, or set namespaces.manage: false", "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces"},
		{"pod-security-shared", "A namespace has one pod security level, and the apps in it need different ones: either some pods would be rejected, or some would have more privileges than they need.", "give the app its own namespace", "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
		{"reserved-component", "gitopsgen generates a component with this name itself, and the two would share a directory.", "use another name", invariants},
		{"shared-namespace", "Two environments would share a namespace of a cluster: two Applications would own the same objects, and the policies and quotas of both environments would apply.", "give one of them another rule, such as {project}-{env}", "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"},
		{"unknown-component", "The named component does not exist.", "use one of those that the finding lists", strictness},
		{"unknown-scope", "kustomize and Argo CD treat cluster-scoped and namespaced objects differently. The kind is neither built in nor that of a known operator, and its CustomResourceDefinition is not among the objects.", "declare group, kind and scope in kinds of the Fleet", scopes},
		{"unmanaged-namespace", "gitopsgen does not manage the namespace, so it does not set what the app needs.", "manage the namespaces of the environment, or ask the owner of the namespace to set it", "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
	}
}
