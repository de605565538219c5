package objects

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// Where rules come from.
const scopes = "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "cluster-scoped-namespace",
		Reason: "An object of a cluster-scoped kind must not have a namespace.",
		Fix:    "remove metadata.namespace",
		Source: scopes},
	{ID: "hook-kind",
		Reason: "Argo CD deletes a hook and creates it again in each sync; until then, pods that read its values lose them.",
		Fix:    "remove the annotation, and order the object with argocd.argoproj.io/sync-wave",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/"},
	{ID: "unknown-scope",
		Reason: "kustomize and Argo CD treat cluster-scoped and namespaced objects differently. The kind is neither built in nor that of a known operator, and its CustomResourceDefinition is not among the objects.",
		Fix:    "declare group, kind and scope in kinds of the Fleet",
		Source: scopes},
}
