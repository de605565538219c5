package rules

// places returns the rules of namespaces, of scopes, and of what runs once per
// cluster.
func places() []Rule {
	return []Rule{
		{"cluster-scoped-differs", "A cluster-scoped object exists once in a cluster. Where it differs between environments that share the cluster, they would change it back and forth.", "make it the same in both, or give it another name in one of them", scopes},
		{"cluster-scoped-namespace", "An object of a cluster-scoped kind has no namespace.", "remove metadata.namespace", scopes},
		{"foreign-namespace", "The labels, policies and quotas of a managed namespace would stop what others run there: the cluster itself, Argo CD, or an operator.", "use another rule, move the app into a PlatformComponent, or set namespaces.manage: false", "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces"},
		{"pod-security-shared", "A namespace has one pod security level, and the apps in it want several: either one would be refused, or another would have more freedom than it should.", "give the app a namespace of its own", "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
		{"reserved-component", "The component is one that gitopsgen makes itself; the two would share a directory.", "use another name", invariants},
		{"shared-namespace", "Two environments would share a namespace of one cluster: two Applications would own the same objects, and the policies and quotas of both environments apply.", "give one of them another rule, such as {project}-{env}", "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"},
		{"unknown-component", "The component that is named does not exist.", "use one of those that the finding names", strictness},
		{"unknown-scope", "Kustomize and Argo CD have to be told of a cluster-scoped object in another way than of one in a namespace. The kind is not built in, of no known operator, and its CustomResourceDefinition is not among the objects.", "declare group, kind and scope in kinds of the Fleet", scopes},
		{"unmanaged-namespace", "The namespace is not managed by gitopsgen, so what an app wants of it is not set.", "manage the namespaces of the environment, or have its owner set it", "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
	}
}
