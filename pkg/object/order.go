package object

// freeForm are the fields whose keys are the user's own, and stand in the order
// of the alphabet.
var freeForm = map[string]bool{
	"data": true, "binaryData": true, "stringData": true, "labels": true, "annotations": true, "matchLabels": true,
	"nodeSelector": true, "requests": true, "limits": true, "hard": true, "pairs": true, "values": true,
}

// ranks holds the place of each key that people write before or behind others.
var ranks = func() map[string]int {
	m := map[string]int{}
	for i, k := range firstKeys {
		m[k] = i - len(firstKeys)
	}
	for i, k := range lastKeys {
		m[k] = i + 1
	}
	return m
}()

// rank returns the place of a key in a map that stands under parent. A pod's
// security context stands before its containers, a container's behind the rest.
func rank(key, parent string) int {
	if key == "group" && groupFirst[parent] {
		return -len(firstKeys) - 1
	}
	if key == "securityContext" && (parent == "containers" || parent == "initContainers") {
		return len(lastKeys)
	}
	return ranks[key]
}

// groupFirst are the fields that name kinds, group first.
var groupFirst = map[string]bool{
	"clusterResourceWhitelist": true, "namespaceResourceWhitelist": true, "ignoreDifferences": true,
	"parentRefs": true, "backendRefs": true, "certificateRefs": true, "issuerRef": true, "from": true, "to": true,
}

// firstKeys stand before all others, in this order.
var firstKeys = []string{
	"apiVersion", "kind", "metadata",
	"$patch", "repoURL", "targetRevision", "op", "path", "apiGroup", "group", "server", "secretKey", "name", "generateName", "namespace", "refreshPolicy", "refreshInterval", "secretStoreRef", "target", "labels", "annotations",
	"scaleTargetRef", "minReplicas", "maxReplicas",
	"description", "project", "sourceRepos", "source", "destination", "destinations", "goTemplate", "goTemplateOptions", "generators",
	"type", "from", "to", "key", "operator", "value", "effect",
	"behavior", "literals", "files", "options", "newName", "newTag", "digest", "count",
	"pairs", "includeSelectors", "includeTemplates",
	"schedule", "timeZone", "concurrencyPolicy", "replicas",
	"parentRefs", "hostname", "hostnames", "matches", "filters",
	"roleRef", "subjects", "podSelector", "namespaceSelector", "policyTypes", "ingress", "egress",
	"serviceName", "clusterIP", "selector", "strategy", "updateStrategy", "revisionHistoryLimit", "template",
	"serviceAccountName", "automountServiceAccountToken", "enableServiceLinks", "securityContext",
	"initContainers", "containers",
	"image", "imagePullPolicy", "restartPolicy", "command", "args", "workingDir",
	"port", "containerPort", "targetPort", "nodePort", "protocol", "appProtocol", "ports",
	"envFrom", "env", "valueFrom",
	"mountPath", "maxSkew", "topologyKey", "whenUnsatisfiable", "requests", "limits",
}

// lastKeys stand behind all others, in this order.
var lastKeys = []string{
	"labelSelector", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle", "volumeMounts", "volumes", "volumeClaimTemplates",
	"patches", "images", "status",
}
