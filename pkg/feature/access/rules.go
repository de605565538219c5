package access

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "unused-rules",
		Reason: "Rules grant permissions to a service account, and no service account is named.",
		Fix:    "name the account, or remove the rules",
		Source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"},
}
