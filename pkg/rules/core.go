package rules

// Where rules of the core come from.
const (
	names      = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"
	strictness = "gitopsgen reads strictly: a mistyped field must not be ignored"
	invariants = "what the README says you can rely on"
	scopes     = "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace"
	api        = "https://kubernetes.io/docs/reference/kubernetes-api/"
)

// core returns the rules of loading, resolving and validating.
func core() []Rule {
	return []Rule{
		{"alias-bomb", "Aliases expand to more values than any model needs; expanding them could use up all memory.", "write the values out, or use fewer aliases", "https://en.wikipedia.org/wiki/Billion_laughs_attack"},
		{"charts-lock", "charts.lock says which archive each chart is. An entry that is incomplete or wrong would make the same model render differently elsewhere.", "remove the entry and run gitopsgen charts update, or restore the file", invariants},
		{"controlled-twice", "Two controllers that write the same field, such as a HorizontalPodAutoscaler and a ScaledObject that set the replicas of a workload, undo each other's changes. So do an autoscaler that scales by the use in percent of the request, and one that changes the request.", "keep one of them", "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md"},
		{"custom-tag", "Custom YAML tags have no meaning in the model.", "remove the tag", strictness},
		{"duplicate-key", "A mapping has the same key twice, and YAML readers disagree on which value they use.", "remove one of them", strictness},
		{"duplicate-name", "Two entries of the same kind have the same name, so only one of them would be used.", "rename or remove one of them", strictness},
		{"empty-fleet", "A fleet without apps or without environments would delete everything that was written before; most likely a part of it was not read.", "add what is missing, or pass its files with -f", invariants},
		{"empty-waiver", "A waiver without rule, path or reason cannot be reviewed.", "write rule, path and reason", invariants},
		{"file-extension", "A document of the model is in a file whose extension is not read; what it describes would be deleted.", "rename the file to end in .yaml, or move it out of the directory of the fleet", strictness},
		{"incomplete-host", "A host without a dot is completed with the domain of the environment, and the environment has none.", "Set the domain of the environment, or write the full host.", "gitopsgen"},
		{"invalid-duration", "Gateways and cert-manager read durations in hours, minutes and seconds; days are not supported.", "Write 10s or 1m30s for a timeout, or 2160h for the duration of a certificate.", "https://gateway-api.sigs.k8s.io/geps/gep-2257/"},
		{"invalid-host", "Hosts are lowercase DNS names; *. at the beginning matches one label. IP addresses are not hosts.", "Write shop, or shop.example.com.", "https://gateway-api.sigs.k8s.io/reference/spec/"},
		{"invalid-key", "The API server rejects the key, or YAML readers do not read it as text.", "use another key", "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"},
		{"invalid-name", "The API server rejects the name.", "use lowercase letters, digits and dashes", names},
		{"invalid-object", "An object cannot be used as it is, two objects are the same, kustomize cannot apply a patch, or a custom generator or filter fails.", "change what the finding points to", "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/"},
		{"invalid-value", "The value is not one of the allowed values.", "use one of those that the finding lists", api},
		{"manifest", "A file of Kubernetes objects cannot be read.", "set the path of a YAML file, relative to the document", strictness},
		{"invalid-waiver", "Only some rules can be waived; the others report what would not work.", "fix what the rule reports", strictness},
		{"missing-fleet", "Every other document belongs to a Fleet.", "add a document of kind Fleet", strictness},
		{"missing-name", "An entry without a name cannot be referred to.", "add a name", names},
		{"missing-namespace", "An object of a namespaced kind needs a namespace, its own or that of its component.", "add metadata.namespace to the object, or a namespace to the component", scopes},
		{"missing-value", "A required value is missing.", "add it", api},
		{"no-cluster", "An environment without a cluster does not run anything.", "add a cluster", strictness},
		{"no-effect", "A default removes the value wherever it would apply, such as the replicas of a workload with an autoscaler.", "set the field that the finding names instead", "gitopsgen explain rules"},
		{"no-documents", "A file or directory that was named has no documents; what they should have described would be deleted.", "pass the files or the directory of the fleet", strictness},
		{"not-utf8", "The file is not valid UTF-8.", "save it as UTF-8", "https://yaml.org/spec/1.2.2/"},
		{"one-of", "Of several fields, at most one can be set, or exactly one has to be set.", "keep one of them", api},
		{"path-escapes", "The path leaves the repository.", "write a clean relative path", invariants},
		{"promotion-cycle", "Environments are promoted in a cycle, so none of them is the first.", "remove one of the promotions", strictness},
		{"reserved-label", "Selectors depend on the label, which gitopsgen sets.", "remove it", "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"},
		{"secret-like", "The value looks random or is named like a credential, and credentials do not belong in the repository.", "refer to a Secret, or add a waiver to guards.waivers", invariants},
		{"secret-value", "The value has the form of a credential, and everybody who can read the repository would have it.", "keep the value in a secret store and refer to it; rotate it, because it was written in plain text", invariants},
		{"chart", "A chart, or a file of its values, cannot be used.", "set the path of a packaged chart, of the directory of a chart, or of a file of values, relative to the document", strictness},
		{"source", "The directory that an app's objects come from cannot be used.", "set the path of a directory of plain YAML, relative to the document", strictness},
		{"too-large", "A file, a directory, a name, a text, a list or its nesting is larger than any model needs or than Kubernetes accepts.", "split the file, or shorten what the finding points to", strictness},
		{"unknown-app", "The named app does not exist.", "use one of those that the finding lists", strictness},
		{"unknown-cluster", "The named cluster does not exist.", "use one of those that the finding lists", strictness},
		{"unknown-environment", "The named environment does not exist.", "use one of those that the finding lists", strictness},
		{"unknown-extension", "Settings belong to a feature of the program, and have its type. Those of another would have no effect.", "fix the spelling, or use the program that has the feature", strictness},
		{"unknown-field", "The field does not exist, so the value would have no effect.", "remove it, or fix the spelling", strictness},
		{"unknown-kind", "Documents of this kind do not exist.", "use Fleet, Cluster, Environment, App or PlatformComponent", strictness},
		{"unknown-name", "A flag or a selection names something that the fleet does not have.", "use one of the names of the fleet", strictness},
		{"unknown-port", "The named port does not exist.", "use one of those that the finding lists", strictness},
		{"unread-file", "A symbolic link points outside of the directory of the fleet, or to nothing; what its target describes would be deleted.", "put the file into the directory, or pass it with -f too", invariants},
		{"unsupported-api-version", "The document has another API version, or belongs to another tool.", "write the apiVersion that the finding names", strictness},
		{"unused-override", "The override is for an environment in which the app does not run.", "add it to runsIn, or remove the override", strictness},
		{"unused-waiver", "The rule does not report anything at the path; the waiver would hide a later finding.", "remove it", invariants},
		{"url-login", "Addresses are written to the tree and printed, including a login or a query in them.", "remove it from the address and keep it in a Secret", invariants},
		{"wrong-type", "The value does not have the type of the field.", "write a value of the type that the finding names", strictness},
		{"yaml-syntax", "The file cannot be read as YAML.", "fix the syntax", "https://yaml.org/spec/1.2.2/"},
	}
}
