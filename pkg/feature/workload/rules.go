package workload

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// Where rules come from.
const api = "https://kubernetes.io/docs/reference/kubernetes-api/"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "hook-needs-later",
		Reason: "A hook that runs before the sync, or in a wave before 0, runs when the ConfigMaps, Secrets, claims and service accounts of the app do not exist yet, or are those of the last sync. After the app is deleted, they are gone.",
		Fix:    "give the hook its own values, or keep what it needs in another app and list that app in after",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/"},
	{ID: "invalid-image",
		Reason: "The image reference is not valid, or does not name a version.",
		Fix:    "write it as registry/name:tag or name@sha256:…",
		Source: "https://github.com/opencontainers/distribution-spec"},
	{ID: "job-runs-again",
		Reason: "Argo CD creates a Job again when it is gone, and replaces it when it is applied again, so the Job would run again without any change.",
		Fix:    "remove the time to live, and let Argo CD apply only what is out of sync",
		Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/"},
	{ID: "missing-image",
		Reason: "A container cannot start without an image.",
		Fix:    "add an image",
		Source: api},
	{ID: "mutable-image",
		Reason: "The tag can refer to a different image on every pull, so two pods of the same version can differ.",
		Fix:    "use a version or a digest",
		Source: "https://kubernetes.io/docs/concepts/containers/images/"},
	{ID: "request-above-limit",
		Reason: "The API server rejects a request that exceeds its limit.",
		Fix:    "raise the limit or lower the request",
		Source: api},
	{ID: "unknown-user",
		Reason: "Pods must not run as root. If an image sets its user by name, the kubelet cannot verify that the user is not root and does not start the container (image has non-numeric user).",
		Fix:    "set runAsUser in the securityContext of the pod or of each container",
		Source: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"},
	{ID: "unknown-volume",
		Reason: "The mounted volume does not exist; the API server would reject the pod.",
		Fix:    "use one of those that the finding lists",
		Source: api},
}
