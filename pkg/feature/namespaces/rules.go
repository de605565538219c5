package namespaces

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "foreign-namespace",
		Reason: "The labels, policies and quotas of a managed namespace would stop what others run there: the cluster itself, Argo CD, or an operator.",
		Fix:    "use another rule, move the app into a PlatformComponent, or set namespaces.manage: false",
		Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces"},
	{ID: "pod-security-shared",
		Reason: "A namespace has one pod security level, and the apps in it need different ones: either some pods would be rejected, or some would have more privileges than they need.",
		Fix:    "give the app its own namespace",
		Source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
	{ID: "shared-namespace",
		Reason: "Two environments would share a namespace of a cluster: two Applications would own the same objects, and the policies and quotas of both environments would apply.",
		Fix:    "give one of them another rule, such as {project}-{env}",
		Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"},
	{ID: "unmanaged-namespace",
		Reason: "gitopsgen does not manage the namespace, so it does not set what the app needs.",
		Fix:    "manage the namespaces of the environment, or ask the owner of the namespace to set it",
		Source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/"},
}
