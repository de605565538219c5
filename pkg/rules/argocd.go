package rules

// Where rules of Argo CD come from.
const (
	argoDocs    = "https://argo-cd.readthedocs.io/en/stable/"
	projectDocs = argoDocs + "user-guide/projects/"
	optionDocs  = argoDocs + "user-guide/sync-options/"
	waveDocs    = argoDocs + "user-guide/sync-waves/"
	setDocs     = argoDocs + "operator-manual/applicationset/"
	rollingDocs = argoDocs + "operator-manual/applicationset/Progressive-Syncs/"
	clusterDocs = argoDocs + "operator-manual/declarative-setup/#clusters"
	healthDocs  = argoDocs + "operator-manual/health/#argocd-app"
	requestDocs = argoDocs + "operator-manual/applicationset/Generators-Pull-Request/"
)

// argoCD returns the rules of Argo CD.
func argoCD() []Rule {
	return []Rule{
		{"duplicate-application", "An Application is named after its app, environment and cluster; two with the same name would replace each other.", "rename one of the apps", argoDocs + "operator-manual/declarative-setup/#applications"},
		{"managed-twice", "Two instances that manage the same cluster would sync the same apps and undo each other's changes.", "remove the cluster, or the namespace, from one of them", clusterDocs},
		{"moving-revision", "HEAD follows the default branch of the repository, which can change.", "name the branch", argoDocs + "user-guide/tracking_strategies/"},
		{"no-instance", "With several clusters, gitopsgen does not know where Argo CD runs; without an instance, nothing is written for Argo CD.", "add an instance and its cluster under argoCD", clusterDocs},
		{"no-repository", "An Application needs the repository that its manifests come from.", "set repository.url", argoDocs + "operator-manual/declarative-setup/#applications"},
		{"order-cycle", "Apps that come after each other would wait forever.", "remove one of the entries of after", waveDocs},
		{"order-of-sets", "The root of an environment creates its Applications one wave after another. It does not create those of an ApplicationSet, which spans environments: if a root waited for one, a broken app in dev would block prod.", "use the strategy applications for both apps, or remove the entry of after", setDocs},
		{"preview-backend", "A preview has its own namespace. A route can use a Service in another namespace only if a ReferenceGrant there names the namespace of the route, and an Ingress cannot use one at all.", "give the other app its own route", "https://gateway-api.sigs.k8s.io/api-types/referencegrant/"},
		{"preview-environment", "A preview is an Application on one cluster, like an Application of the app itself.", "choose an environment with one cluster in which the app runs", requestDocs},
		{"preview-forge", "Previews read pull requests from exactly one forge.", "set one of github, gitlab and gitea", requestDocs},
		{"preview-host", "A preview has its own hosts, directly below one domain, so that one listener and one certificate serve them all and no preview can take over a host of the environment.", "set previews.domain to a domain that nothing else uses", "gitopsgen"},
		{"preview-listener", "The route of a preview is served only if a listener of the gateway allows its namespace.", "add such a listener, or let gitopsgen manage the gateway", "https://gateway-api.sigs.k8s.io/guides/multiple-ns/"},
		{"preview-name", "The first label of the host of a preview consists of the first label of the environment's host, the app and the number of the pull request. A DNS label has at most 63 characters.", "shorten the first label of the host", "https://www.rfc-editor.org/rfc/rfc1035"},
		{"preview-production", "A pull request is not reviewed yet, and its preview reads the Secrets of the environment that it is based on.", "choose an environment that is not production", requestDocs},
		{"preview-rendered", "A preview changes the image and the namespace of a kustomization, and rendered objects are not a kustomization.", "use the layout overlays, or remove the previews", requestDocs},
		{"preview-shared-object", "Each preview and the environment would deploy the same object and change it back and forth.", "move the object into a separate app, or remove the previews", requestDocs},
		{"prune-confirm", "With Prune=confirm, a sync that would delete the object waits until a person confirms. Until then it does not apply newer commits, not even for its other objects. Prune=false keeps the object without waiting.", "use Prune=false and delete the object by hand, or confirm soon after the commit", optionDocs + "#resource-pruning-with-confirmation"},
		{"reserved-project", "Argo CD's project default allows everything, and gitopsgen has its own projects for the root and the platform.", "use another name", projectDocs + "#the-default-project"},
		{"role-without-group", "A role without a group applies to nobody.", "add a group of the identity provider", projectDocs + "#project-roles"},
		{"rolling-without-set", "Only the ApplicationSet controller can sync Applications one after another.", "choose a strategy that creates ApplicationSets, such as list", rollingDocs},
		{"settings-needed", "By default, Argo CD does not assess the health of Applications, so sync waves between them do not wait, and it does not sync them step by step.", "apply clusters/CLUSTER/settings server-side, and set settingsApplied: true", healthDocs},
		{"shared-directory", "The strategy directories creates one Application for each directory, and clusters with the same result share a directory.", "use the strategy list, clusters, matrix or applications", argoDocs + "operator-manual/applicationset/Generators-Git/"},
		{"shared-object", "Two Applications that deploy the same object change it back and forth; with FailOnSharedResource, which is set, the sync of the second one fails.", "rename the object in one of them, or move it into a PlatformComponent", optionDocs + "#fail-the-sync-if-a-shared-resource-is-found"},
		{"unmanaged-cluster", "No instance of Argo CD manages the cluster, so nothing on it is synced.", "add the cluster to the clusters of an instance", clusterDocs},
		{"unregistered-cluster", "The strategy selects clusters by the labels of the Secrets that register them with Argo CD.", "add a registration to the cluster, or label its Secret by hand", argoDocs + "operator-manual/applicationset/Generators-Cluster/"},
		{"unused-project", "The settings of the project do not apply to any app.", "remove it, or set it as the project of an app", projectDocs},
	}
}
