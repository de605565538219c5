package rules

// Where rules of Argo CD come from.
const (
	argoDocs    = "https://argo-cd.readthedocs.io/en/stable/"
	projectDocs = argoDocs + "user-guide/projects/"
	optionDocs  = argoDocs + "user-guide/sync-options/"
	waveDocs    = argoDocs + "user-guide/sync-waves/"
	hookDocs    = argoDocs + "user-guide/resource_hooks/"
	windowDocs  = argoDocs + "user-guide/sync_windows/"
	setDocs     = argoDocs + "operator-manual/applicationset/"
	rollingDocs = argoDocs + "operator-manual/applicationset/Progressive-Syncs/"
	noticeDocs  = argoDocs + "operator-manual/notifications/"
	clusterDocs = argoDocs + "operator-manual/declarative-setup/#clusters"
	healthDocs  = argoDocs + "operator-manual/health/#argocd-app"
	requestDocs = argoDocs + "operator-manual/applicationset/Generators-Pull-Request/"
)

// argoCD returns the rules of Argo CD.
func argoCD() []Rule {
	return []Rule{
		{"duplicate-application", "An Application is named after its app, environment and cluster; two of one name would replace each other.", "rename one of the apps", argoDocs + "operator-manual/declarative-setup/#applications"},
		{"hook-kind", "Argo CD deletes a hook and makes it anew at each sync; pods that read the values in it lose them meanwhile.", "remove the annotation, and order the object with argocd.argoproj.io/sync-wave", hookDocs},
		{"hook-needs-later", "A hook before the sync, or in a wave before 0, runs when the app's own ConfigMaps, Secrets, claims and accounts are not there, or are those of the last sync; after a deletion they are gone.", "give the hook its own values, or keep what it needs in another app and name that in after", hookDocs},
		{"ignored-but-healed", "Without RespectIgnoreDifferences, a sync that selfHeal starts overwrites the very fields that are not compared.", "leave RespectIgnoreDifferences true, or switch selfHeal off", optionDocs + "#respect-ignore-difference-configs"},
		{"invalid-window", "Argo CD ignores the sync windows of a project in which one has a schedule, duration or zone that it cannot read.", "write kind, a cron schedule of five fields, a duration such as 8h, and an IANA time zone", windowDocs},
		{"managed-twice", "Two instances that manage one cluster would sync the same apps, each undoing the other.", "leave the cluster, or the namespace, to one of them", clusterDocs},
		{"moving-revision", "HEAD follows whatever the default branch of the repository is at the moment.", "name the branch", argoDocs + "user-guide/tracking_strategies/"},
		{"namespace-twice", "Argo CD would create, label and track a namespace that is an object of ours already.", "remove the option, or set namespaces.manage to false", optionDocs + "#create-namespace"},
		{"no-instance", "With several clusters nobody can guess where Argo CD runs; without an instance nothing is written for it.", "name an instance and its cluster under argoCD", clusterDocs},
		{"no-repository", "An Application has to say where its manifests come from.", "set repository.url", argoDocs + "operator-manual/declarative-setup/#applications"},
		{"order-cycle", "Apps that come after each other would wait for ever.", "remove one of the entries of after", waveDocs},
		{"order-of-sets", "The root of an environment creates its Applications one wave after another. It does not create those of an ApplicationSet, which spans environments: were a root to wait for one, a broken app of dev would hold prod.", "use the strategy applications for both apps, or remove the entry of after", setDocs},
		{"preview-backend", "A preview has a namespace of its own. A route calls a Service of another namespace only where a ReferenceGrant there names the route's namespace, and an Ingress never does.", "give the other app a route of its own", "https://gateway-api.sigs.k8s.io/api-types/referencegrant/"},
		{"preview-environment", "A preview is an Application in one cluster, like one of the app's own.", "choose an environment with one cluster, in which the app runs", requestDocs},
		{"preview-forge", "Pull requests are asked of one forge.", "set one of github, gitlab and gitea", requestDocs},
		{"preview-host", "A preview has hosts of its own, directly below one domain, so that one listener and one certificate serve them all, and no host of the environment can be taken.", "set previews.domain to a domain that nothing else uses", "gitopsgen"},
		{"preview-listener", "A preview's route is served only where a listener of the gateway lets its namespace in.", "add such a listener, or leave the gateway to gitopsgen", "https://gateway-api.sigs.k8s.io/guides/multiple-ns/"},
		{"preview-name", "The first label of a preview's host holds that of the environment's host, the app and the number of the pull request. A label has at most 63 characters.", "shorten the first label of the host", "https://www.rfc-editor.org/rfc/rfc1035"},
		{"preview-production", "A pull request was not reviewed yet, and its preview reads the Secrets of the environment that it is like.", "choose an environment that is not production", requestDocs},
		{"preview-rendered", "A preview changes the image and the namespace of what kustomize builds, and rendered objects are not built any more.", "use the layout overlays, or remove the previews", requestDocs},
		{"preview-shared-object", "Each preview would deploy the same object, and so would the environment: they would change it back and forth.", "give the object an app of its own, or remove the previews", requestDocs},
		{"replaces-everything", "Replace and Force delete and create objects that could be changed in place, with an outage, and with data that is lost.", "annotate the one object that needs it", optionDocs + "#replace-resource-instead-of-applying-changes"},
		{"prune-confirm", "With Prune=confirm, a sync that would delete the object waits until a person confirms, and takes no newer commit meanwhile, also for everything else that it syncs. Prune=false keeps the object without waiting.", "use Prune=false and delete the object by hand, or confirm soon after the commit", optionDocs + "#resource-pruning-with-confirmation"},
		{"reserved-project", "Argo CD's project default allows everything, and gitopsgen has projects of its own for the root and the platform.", "use another name", projectDocs + "#the-default-project"},
		{"role-without-group", "A role without a group is nobody's.", "name a group of the identity provider", projectDocs + "#project-roles"},
		{"rolling-without-set", "Only the controller of ApplicationSets syncs Applications one after another.", "choose a strategy that makes ApplicationSets, such as list", rollingDocs},
		{"settings-needed", "Argo CD gives Applications no health, so that waves between them wait for nothing, and does not sync step by step unless it is told to.", "apply clusters/CLUSTER/settings server-side, and say settingsApplied: true", healthDocs},
		{"shared-directory", "The strategy directories makes one Application of each directory, and several clusters that build the same share one.", "use the strategy list, clusters, matrix or applications", argoDocs + "operator-manual/applicationset/Generators-Git/"},
		{"shared-object", "Two Applications that deploy one object change it back and forth; with FailOnSharedResource, which is set, the sync of the second fails.", "rename the object in one of them, or move it into a PlatformComponent", optionDocs + "#fail-the-sync-if-a-shared-resource-is-found"},
		{"unknown-service", "A subscription to a service that is not configured reaches nobody.", "add the service to the notifications of the instance", noticeDocs},
		{"unknown-trigger", "A subscription to a trigger that does not exist is never sent.", "use one of the catalogue, or add it to the notifications of the instance", noticeDocs},
		{"unmanaged-cluster", "No instance of Argo CD syncs what runs there.", "add the cluster to the clusters of an instance", clusterDocs},
		{"unregistered-cluster", "The strategy asks Argo CD for clusters by the labels of the Secrets that register them.", "add a registration to the cluster, or label its Secret by hand", argoDocs + "operator-manual/applicationset/Generators-Cluster/"},
		{"unused-project", "What is said of the project concerns no app.", "remove it, or name it in an app's project", projectDocs},
	}
}
