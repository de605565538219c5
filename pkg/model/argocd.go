package model

import corev1 "k8s.io/api/core/v1"

// ArgoCD is an instance of Argo CD that syncs part of the fleet.
type ArgoCD struct {
	// Name is the instance's name, a DNS label.
	Name string `json:"name"`
	// Cluster is the cluster that the instance runs on.
	Cluster string `json:"cluster"`
	// Namespace is where it runs. Default: argocd.
	Namespace string `json:"namespace,omitempty"`
	// Version is its version, as in 3.5. Default: 3.5.
	Version string `json:"version,omitempty"`
	// Clusters are the clusters that it manages. Default: all clusters if it is the
	// only instance, else its own.
	Clusters []string `json:"clusters,omitempty"`
	// URL is the address of its user interface, for links in notifications.
	URL string `json:"url,omitempty"`
	// SettingsApplied says that the settings in clusters/CLUSTER/settings are
	// applied to Argo CD, and disables the warnings about them. Default: false.
	SettingsApplied *bool `json:"settingsApplied,omitempty"`
	// Notifications are the services that it notifies through.
	Notifications *Notifications `json:"notifications,omitempty"`
}

// Registration is how Argo CD instances connect to a cluster that they do not run
// on.
type Registration struct {
	// Store names a ClusterSecretStore of the External Secrets Operator on the
	// instance's cluster. It must exist before Argo CD does, so it is created
	// elsewhere.
	Store string `json:"store"`
	// Key is the remote secret. Its property config holds what Argo CD calls the
	// config of the cluster: JSON with its credentials.
	Key string `json:"key"`
}

// Project configures an Argo CD project, in addition to what its apps need.
type Project struct {
	// Name is the project's name, as apps use it.
	Name string `json:"name"`
	// Description describes its purpose, in at most 255 characters.
	Description string `json:"description,omitempty"`
	// Roles are what teams can do with the project's Applications.
	Roles []ProjectRole `json:"roles,omitempty"`
	// Windows are the sync windows of the project's apps.
	Windows []SyncWindow `json:"windows,omitempty"`
	// Notify subscribes to all Applications of the project.
	Notify []Subscription `json:"notify,omitempty"`
	// AlsoPermits is allowed in addition to what the apps need. Argo CD does not
	// delete objects that a project no longer allows: when the last app with a kind,
	// in a namespace or on a cluster is removed, list it here until its objects are
	// deleted.
	AlsoPermits *Permits `json:"alsoPermits,omitempty"`
	// OrphanedResources warns of objects in the project's namespaces that belong
	// to no Application. Default: true.
	OrphanedResources *bool `json:"orphanedResources,omitempty"`
}

// Permits are kinds and destinations.
type Permits struct {
	// Kinds are namespaced kinds, as GROUP/KIND, or KIND alone in the core group.
	Kinds []string `json:"kinds,omitempty"`
	// Destinations are namespaces of clusters.
	Destinations []PermittedPlace `json:"destinations,omitempty"`
}

// PermittedPlace is a namespace of a cluster.
type PermittedPlace struct {
	// Cluster is the cluster's name, and Namespace the namespace's.
	Cluster   string `json:"cluster"`
	Namespace string `json:"namespace"`
}

// ProjectRole is what a team can do with a project's Applications.
type ProjectRole struct {
	// Name is the role's name.
	Name string `json:"name"`
	// Description describes its purpose.
	Description string `json:"description,omitempty"`
	// Groups are the groups of the identity provider that have the role.
	Groups []string `json:"groups,omitempty"`
	// Actions are Argo CD's actions on Applications, such as get, sync and
	// action/apps/Deployment/restart. Default: get.
	Actions []string `json:"actions,omitempty"`
	// Environments limits the role to Applications of these environments. Default:
	// all.
	Environments []string `json:"environments,omitempty"`
}

// Strategy names what creates the Applications of an app.
type Strategy string

// The strategies.
const (
	// Applications is an Application for each environment and cluster. It is
	// the default: what changes is seen in a review, and nothing is deleted by
	// a generator.
	Applications Strategy = "applications"
	// ListSet is an ApplicationSet that lists the environments and clusters: all that
	// it creates can be read in one file.
	ListSet Strategy = "list"
	// ClusterSet is one that asks Argo CD for the clusters of an environment, by
	// the labels of their registration: an Application exists while its cluster is
	// registered and labeled, without a commit.
	ClusterSet Strategy = "clusters"
	// DirectorySet is one that looks for the app's directories in git: an Application
	// exists once its directory is merged, and needs no labels. It refuses clusters of
	// an environment that share a directory.
	DirectorySet Strategy = "directories"
	// FileSet is one that reads a file of parameters for each target: an Application
	// exists once its file is merged, also where clusters share a directory.
	FileSet Strategy = "files"
	// MatrixSet is one that combines directories in git with clusters: an Application
	// exists once its directory is merged and while its cluster is registered, also
	// where clusters share a directory.
	MatrixSet Strategy = "matrix"
)

// Delivery is how the Applications of an app are created.
type Delivery struct {
	// Strategy is what creates them: applications for Application manifests, or an
	// ApplicationSet that lists the targets (list), selects registered clusters by
	// label (clusters), finds directories (directories) or files of parameters (files)
	// in git, or both directories and clusters (matrix). Default: applications.
	Strategy Strategy `json:"strategy,omitempty"`
	// Rolling syncs environments one after another, in the order of their promotion,
	// and the canary cluster of each first. It needs an ApplicationSet, which then
	// syncs instead of the Applications themselves. Default: false.
	Rolling *bool `json:"rolling,omitempty"`
	// MaxUpdate is how many Applications of one step are synced at the same time, as
	// a number or a percentage. Default: all.
	MaxUpdate string `json:"maxUpdate,omitempty"`
	// Previews creates an environment for each pull request of the app's own
	// repository. Default: none.
	Previews *Previews `json:"previews,omitempty"`
}

// Previews are environments for pull requests. Exactly one forge is set. The
// preview of pull request 7 of app web has the namespace web-pr-7, which denies
// traffic by default and is deleted with the preview. It has its own hosts and
// the Secrets that the app reads in the environment, and it calls what the app
// calls there. Nothing in the environment calls it, and it does not push Secrets.
type Previews struct {
	// Environment is the environment that previews are based on. It must have
	// exactly one cluster.
	Environment string `json:"environment"`
	// Domain completes the hosts of previews: web-pr-7.DOMAIN for a host web of the
	// app web, shop-web-pr-7.DOMAIN for a host shop. It must not be the domain of an
	// environment. Default: previews. followed by the environment's domain.
	Domain string `json:"domain,omitempty"`
	// Quota is the hard limit of the ResourceQuota of a preview. Default: that of
	// the environment's namespaces, or 20 pods if they have none.
	Quota corev1.ResourceList `json:"quota,omitempty"`
	// Labels are labels that a pull request must have. Default: preview.
	Labels []string `json:"labels,omitempty"`
	// Image is the image that is built for each pull request, without a tag: the
	// tag is the commit. Default: that of the main container.
	Image string `json:"image,omitempty"`
	// RequeueAfterSeconds is how often the forge is polled, in seconds. Default:
	// 1800.
	RequeueAfterSeconds *int64 `json:"requeueAfterSeconds,omitempty"`
	// GitHub is a repository on GitHub.
	GitHub *Forge `json:"github,omitempty"`
	// GitLab is a project on GitLab; its Repo is the project's path or number.
	GitLab *Forge `json:"gitlab,omitempty"`
	// Gitea is a repository on Gitea or Forgejo; API is required.
	Gitea *Forge `json:"gitea,omitempty"`
}

// Forge is a repository on a forge.
type Forge struct {
	// API is the address of the forge. Default: the public one.
	API string `json:"api,omitempty"`
	// Owner is the repository's owner; not for GitLab.
	Owner string `json:"owner,omitempty"`
	// Repo is the repository's name.
	Repo string `json:"repo"`
	// TokenSecret is the Secret in Argo CD's namespace that holds the token.
	TokenSecret *KeySelector `json:"tokenSecret,omitempty"`
}

// Notifications are the services that an instance notifies through, and the
// subscriptions to all Applications.
type Notifications struct {
	// Services are the services.
	Services []NotificationService `json:"services,omitempty"`
	// Secret is the Secret with the tokens that the services refer to. Default: the
	// Secret argocd-notifications-secret is created elsewhere.
	Secret *Registration `json:"secret,omitempty"`
	// Triggers are additional triggers, or replacements for those with the same
	// name.
	Triggers []Trigger `json:"triggers,omitempty"`
	// Templates are additional templates, or replacements for those with the same
	// name, in the form that Argo CD documents.
	Templates map[string]string `json:"templates,omitempty"`
	// Notify subscribes to all Applications of the instance.
	Notify []Subscription `json:"notify,omitempty"`
}

// NotificationService is a service of Argo CD's notifications.
type NotificationService struct {
	// Name is the service's type, such as slack, email, webhook, teams, github,
	// grafana, opsgenie, pagerduty, telegram or mattermost; the type of a webhook is
	// followed by its name, as in webhook.chat.
	Name string `json:"name"`
	// Settings are the service's, as Argo CD documents them. Tokens and passwords
	// are references to keys of argocd-notifications-secret, as in $slack-token.
	Settings map[string]any `json:"settings,omitempty"`
}

// Trigger is when a notification is sent.
type Trigger struct {
	// Name is the trigger's name, as in on-deployed.
	Name string `json:"name"`
	// When is the condition.
	When string `json:"when"`
	// OncePer is the field of the Application for whose value a notification is sent
	// once. Default: the revision.
	OncePer string `json:"oncePer,omitempty"`
	// Send are the names of the templates.
	Send []string `json:"send"`
}

// Subscription is who is notified of what.
type Subscription struct {
	// Service is the name of a service, as in slack.
	Service string `json:"service"`
	// To are the recipients: channels, addresses or what else the service supports.
	To []string `json:"to,omitempty"`
	// On are the triggers. Default: on-sync-failed, on-health-degraded and
	// on-sync-status-unknown.
	On []string `json:"on,omitempty"`
}
