package sync

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// noticeDocs is where rules of notifications come from.
const noticeDocs = "https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "ignored-but-healed",
		Reason: "Without RespectIgnoreDifferences, a sync that selfHeal starts overwrites the fields that are ignored in the comparison.",
		Fix:    "keep RespectIgnoreDifferences true, or disable selfHeal",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#respect-ignore-difference-configs"},
	{ID: "invalid-window",
		Reason: "Argo CD ignores all sync windows of a project if one of them has a schedule, duration or time zone that it cannot read.",
		Fix:    "write kind, a cron schedule of five fields, a duration such as 8h, and an IANA time zone",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/"},
	{ID: "namespace-twice",
		Reason: "gitopsgen already writes the namespace as an object, and Argo CD would create, label and track it too.",
		Fix:    "remove the option, or set namespaces.manage to false",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#create-namespace"},
	{ID: "replaces-everything",
		Reason: "Replace and Force delete and recreate objects that could be updated in place, which causes an outage and can lose data.",
		Fix:    "annotate only the object that needs it",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#replace-resource-instead-of-applying-changes"},
	{ID: "unknown-service",
		Reason: "A subscription to a service that is not configured does not reach anybody.",
		Fix:    "add the service to the notifications of the instance",
		Source: noticeDocs},
	{ID: "unknown-trigger",
		Reason: "A subscription to a trigger that does not exist is never sent.",
		Fix:    "use one from the catalog, or add it to the notifications of the instance",
		Source: noticeDocs},
}
