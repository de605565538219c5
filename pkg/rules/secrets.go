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
		{"call-budget", "Providers bill each call and throttle many; the Secrets of an environment ask a store more often than its callsPerMonth.", "raise refreshInterval, or read several keys of one entry with extract", externalSecret},
		{"delete-not-owned", "With deletionPolicy Delete, the operator would delete a Secret that it does not own.", "use Retain, or the creationPolicy Owner", ownership},
		{"duplicate-target", "Two ExternalSecrets write one Secret and undo each other's work for ever.", "give one of them another target, or the creationPolicy Merge", ownership},
		{"fake-store", "The values of a fake store are made up and stand in the repository; production must not depend on them.", "use another store, or say production: false", "https://external-secrets.io/latest/provider/fake/"},
		{"invalid-template", "The text is no template, and the operator could make no Secret from it.", "mend it", templating},
		{"missing-store", "Nothing says where the values of the Secret lie.", "set secretStore on the environment, or store on the Secret", externalSecret},
		{"never-refreshed", "An interval of 0 reads the store once and never again, so that a rotated value never arrives.", "use refreshPolicy CreatedOnce if that is meant, or an interval", externalSecret},
		{"no-restart", "Pods read environment variables when they start; after a rotation they keep the old value until it stops working.", "set restartOnChange to true where Reloader runs, mount the Secret as files, or set it to false; for a Secret of another app, annotate the reader for Reloader", environment},
		{"open-store", "A ClusterSecretStore whose conditions fit every namespace lets anybody on the cluster read everything in the store.", "name namespaces, or a label that only they have", multiTenancy},
		{"password-rotates", "The password generator makes a new password at each refresh, which those who know the old one do not learn.", "use refreshPolicy CreatedOnce", "https://external-secrets.io/latest/api/generator/password/"},
		{"plain-http-store", "Values would travel without encryption.", "write https", "https://developer.hashicorp.com/vault/docs/concepts/production-hardening"},
		{"presync-secret", "A PreSync hook runs before anything of the sync is applied, so that a Secret of the same sync is not there at the first time.", "run it as a Sync hook of a later wave, or keep the Secret in another app", "https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/"},
		{"short-refresh", "Each refresh is a call for each key on each cluster; providers bill and throttle them.", "use 5m or more", externalSecret},
		{"static-credential", "A long-lived credential of the store has to be kept, rotated and watched itself, and there is workload identity.", "use the identity of a service account", multiTenancy},
		{"store-across-namespaces", "A SecretStore and what it refers to stand in one namespace.", "remove the namespace, or use a ClusterSecretStore", clusterStore},
		{"store-ref-namespace", "A ClusterSecretStore stands in no namespace, so that its references have to name one.", "add the namespace", clusterStore},
		{"template-key", "The template uses a value that is not read, and would give an empty or no Secret.", "add the key, or mend the name", templating},
		{"unknown-generator", "The generator that is named does not exist.", "name an entry of secretGenerators, or add the kind of an object that is not ours", "https://external-secrets.io/latest/guides/generator/"},
		{"unknown-store", "The secret store that is named does not exist.", "use one of those that the finding names", externalSecret},
		{"unprovided-secret", "Pods that refer to a Secret which nobody makes do not start.", "add it to secrets, or to existingSecrets where somebody else makes it", "https://kubernetes.io/docs/concepts/configuration/secret/"},
		{"url-login", "Addresses are written to the tree and printed, with the login or the query that they carry.", "remove it from the address, and keep it in a Secret", invariants},
	}
}
