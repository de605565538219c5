package rules

// Where rules of the core come from.
const (
	names      = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"
	strictness = "gitopsgen reads strictly: a mistyped field must not be passed over"
	invariants = "what the README says you can rely on"
	scopes     = "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace"
	api        = "https://kubernetes.io/docs/reference/kubernetes-api/"
)

// core returns the rules of loading, resolving and validating.
func core() []Rule {
	return []Rule{
		{"alias-bomb", "Aliases stand for more values than any model needs; reading on could take all memory.", "write the values out, or use fewer aliases", "https://en.wikipedia.org/wiki/Billion_laughs_attack"},
		{"custom-tag", "A YAML tag of somebody's own has no meaning here.", "remove the tag", strictness},
		{"duplicate-key", "A key stands twice in a mapping, and readers disagree on which one counts.", "remove one of them", strictness},
		{"duplicate-name", "Two things of one kind bear one name, so that only one of them would count.", "rename or remove one of them", strictness},
		{"duplicate-port", "A Service has one port of a number and a protocol; the API server refuses another.", "give one of them another servicePort, or make it private", "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services"},
		{"empty-fleet", "A fleet without apps, or without environments, would delete what an earlier one wrote; most likely a part of it was not read.", "add what is missing, or name its files with -f", invariants},
		{"empty-waiver", "A waiver without rule, path or reason cannot be reviewed.", "write rule, path and reason", invariants},
		{"file-extension", "A document of the model has a file name that is not read; what it describes would be deleted.", "let the name end in .yaml, or move the file out of the fleet's directory", strictness},
		{"invalid-image", "The image reference cannot be read, or names no version.", "write it as registry/name:tag or name@sha256:…", "https://github.com/opencontainers/distribution-spec"},
		{"invalid-key", "The API server refuses the key, or YAML readers take it for something else than text.", "use another key", "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"},
		{"invalid-name", "The API server refuses the name.", "use lower case letters, digits and dashes", names},
		{"invalid-object", "A whole object cannot be used, two objects are the same, kustomize cannot apply a patch to what is there, or a generator or filter of your own fails.", "change what the finding points to", "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/"},
		{"invalid-value", "The value is none of those that are possible here.", "use one of those that the finding names", api},
		{"job-runs-again", "Argo CD creates a Job again that is gone, and replaces one that it applies again: without any change, it would run once more.", "remove the time to live, and let Argo CD apply only what is out of sync", "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/"},
		{"manifest", "A file of whole objects cannot be read.", "name a YAML file by its path from the document", strictness},
		{"invalid-waiver", "Only some rules can be waived; the others say what would not work.", "fix what the rule finds", strictness},
		{"missing-fleet", "Without a Fleet, nothing says what the rest belongs to.", "add a document of kind Fleet", strictness},
		{"missing-image", "A container cannot start without an image.", "add an image", api},
		{"missing-name", "What has no name cannot be referred to.", "add a name", names},
		{"missing-namespace", "An object of a namespaced kind has to say where it lives, or its component has to.", "add metadata.namespace, or a namespace to the component", scopes},
		{"missing-value", "A value is missing that has no default.", "add it", api},
		{"mutable-image", "The tag names another image every day, so that two pods of one version may differ.", "use a version or a digest", "https://kubernetes.io/docs/concepts/containers/images/"},
		{"no-cluster", "An environment without a cluster runs nothing.", "name a cluster", strictness},
		{"no-effect", "A rule removes the value wherever it would count, such as the replicas of what an autoscaler scales.", "set what the finding names instead", "gitopsgen explain rules"},
		{"no-documents", "A file or directory that was named says nothing; what it should have said would be deleted.", "name the files or the directory of the fleet", strictness},
		{"not-utf8", "The file is no UTF-8 text.", "save it as UTF-8", "https://yaml.org/spec/1.2.2/"},
		{"one-of", "Of some fields, only one may be set, or one has to be.", "keep one of them", api},
		{"path-escapes", "The path leaves the repository.", "write a clean relative path", invariants},
		{"promotion-cycle", "Environments are promoted in a circle, so that none is the first.", "remove one of the edges", strictness},
		{"request-above-limit", "The API server refuses a request above its limit.", "raise the limit or lower the request", api},
		{"reserved-label", "Selectors depend on the label.", "remove it", "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"},
		{"secret-like", "The value looks random, or is named like a credential; the repository is no place for one.", "refer to a Secret, or add a waiver to guards.waivers", invariants},
		{"secret-value", "The value has the form of a credential, and everybody who reads the repository would have it.", "keep the value in a secret store and refer to it; replace it, since it was written down", invariants},
		{"too-large", "A file, a directory, a name, a text, a list or its nesting is larger than any model needs, or than Kubernetes takes.", "split the file, or shorten what the finding points to", strictness},
		{"unknown-app", "The app that is named does not exist.", "use one of those that the finding names", strictness},
		{"unknown-cluster", "The cluster that is named does not exist.", "use one of those that the finding names", strictness},
		{"unknown-config", "The Config entry, or the key in it, does not exist; the container would not start.", "use one of those that the finding names", strictness},
		{"unknown-environment", "The environment that is named does not exist.", "use one of those that the finding names", strictness},
		{"unknown-field", "There is no such field, so that what was meant would not happen.", "remove it or mend the spelling", strictness},
		{"unknown-kind", "There is no such kind of document.", "use Fleet, Cluster, Environment, App or PlatformComponent", strictness},
		{"unknown-name", "A flag or a selection names something that the fleet does not have.", "use one of the names of the fleet", strictness},
		{"unknown-port", "The port that is named does not exist.", "use one of those that the finding names", strictness},
		{"unknown-user", "Pods must not run as root. An image may name its user instead of giving its number; the kubelet cannot tell whether that is root, and starts no container (image has non-numeric user).", "set runAsUser in the securityContext of the pod or of each container", "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"},
		{"unknown-volume", "The volume that is mounted does not exist; the API server would refuse the pod.", "use one of those that the finding names", api},
		{"unread-file", "A symbolic link leads outside of the fleet's directory, or nowhere; what it stands for would be deleted.", "put the file into the directory, or name it with -f too", invariants},
		{"unsupported-api-version", "The document is of another version, or of somebody else.", "write the apiVersion that the finding names", strictness},
		{"unused-override", "The override is for an environment in which the app does not run.", "add it to runsIn, or remove the override", strictness},
		{"unused-rules", "Rules allow an account something, and no account is named.", "name the account, or remove the rules", "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"},
		{"unused-waiver", "The rule finds nothing at the path; the waiver would hide what comes later.", "remove it", invariants},
		{"wrong-type", "The value is of another type than the field.", "write what the finding names", strictness},
		{"yaml-syntax", "The file cannot be read as YAML.", "mend the syntax", "https://yaml.org/spec/1.2.2/"},
	}
}
