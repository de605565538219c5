package rules

// Where rules of secrets come from.
const (
	externalSecret = "https://external-secrets.io/latest/api/externalsecret/"
	clusterStore   = "https://external-secrets.io/latest/api/clustersecretstore/"
	ownership      = "https://external-secrets.io/latest/guides/ownership-deletion-policy/"
	templating     = "https://external-secrets.io/latest/guides/templating/"
	multiTenancy   = "https://external-secrets.io/latest/guides/multi-tenancy/"
	environment    = "https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/"
)

// secrets returns the rules of External Secrets.
func secrets() []Rule {
	return []Rule{
		{"call-budget", "Providers bill each call and throttle frequent calls; the Secrets of an environment call a store more often than its callsPerMonth.", "raise refreshInterval, or read several keys of one entry with extract", externalSecret},
		{"delete-not-owned", "With deletionPolicy Delete, the operator would delete a Secret that it does not own.", "use Retain, or the creationPolicy Owner", ownership},
		{"duplicate-target", "Two ExternalSecrets write the same Secret and overwrite each other endlessly.", "give one of them another target, or the creationPolicy Merge", ownership},
		{"fake-store", "The values of a fake store are readable in the repository; production must not depend on them.", "use another store, or set production: false", "https://external-secrets.io/latest/provider/fake/"},
		{"invalid-template", "The text is not a valid template, so the operator could not create the Secret.", "fix the template", templating},
		{"missing-store", "The Secret has no store to read its values from.", "set secretStore on the environment, or store on the Secret", externalSecret},
		{"never-refreshed", "With an interval of 0, the store is read only once, so a rotated value never arrives.", "use refreshPolicy CreatedOnce if that is intended, or set an interval", externalSecret},
		{"no-restart", "Pods read environment variables only when they start; after a rotation, they keep the old value until it stops working.", "set restartOnChange to true where Reloader runs, mount the Secret as files, or set it to false; for a Secret of another app, annotate the reader for Reloader", environment},
		{"open-store", "A ClusterSecretStore whose conditions match every namespace allows everybody on the cluster to read everything in the store.", "list namespaces, or a label that only they have", multiTenancy},
		{"password-rotates", "The password generator creates a new password at each refresh, and whoever uses the old one does not get it.", "use refreshPolicy CreatedOnce", "https://external-secrets.io/latest/api/generator/password/"},
		{"plain-http-store", "Values would be sent without encryption.", "use https", "https://developer.hashicorp.com/vault/docs/concepts/production-hardening"},
		{"presync-secret", "A PreSync hook runs before the sync applies anything, so a Secret of the same sync does not exist the first time.", "run it as a Sync hook of a later wave, or keep the Secret in another app", "https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/"},
		{"short-refresh", "Each refresh is one call for each key on each cluster, and providers bill and throttle calls.", "use 5m or more", externalSecret},
		{"static-credential", "A long-lived credential of the store has to be stored, rotated and monitored itself; workload identity needs none.", "use the identity of a service account", multiTenancy},
		{"store-across-namespaces", "A SecretStore can refer only to objects in its own namespace.", "remove the namespace, or use a ClusterSecretStore", clusterStore},
		{"store-ref-namespace", "A ClusterSecretStore has no namespace, so its references have to name one.", "add the namespace", clusterStore},
		{"template-key", "The template uses a value that is not read, so the Secret would be empty or would not be created.", "add the key, or fix the name", templating},
		{"unknown-generator", "The named generator does not exist.", "name an entry of secretGenerators, or add the kind of an object that gitopsgen does not generate", "https://external-secrets.io/latest/guides/generator/"},
		{"unknown-store", "The named secret store does not exist.", "use one of those that the finding lists", externalSecret},
		{"unprovided-secret", "Pods that refer to a Secret that does not exist do not start.", "add it to secrets, or to existingSecrets if it is created elsewhere", "https://kubernetes.io/docs/concepts/configuration/secret/"},
		{"url-login", "Addresses are written to the tree and printed, including a login or a query in them.", "remove it from the address and keep it in a Secret", invariants},
	}
}
