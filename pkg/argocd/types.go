package argocd

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// The types here are what gitopsgen writes of Argo CD's kinds
// (argoproj.io/v1alpha1), and no more. A test holds them to the official
// definitions.

// Application is an Argo CD Application.
type Application struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ApplicationSpec `json:"spec"`
}

// ApplicationSpec is what an Application syncs, and how.
type ApplicationSpec struct {
	Project              string             `json:"project"`
	Source               Source             `json:"source"`
	Destination          Destination        `json:"destination"`
	SyncPolicy           *SyncPolicy        `json:"syncPolicy,omitempty"`
	IgnoreDifferences    []IgnoreDifference `json:"ignoreDifferences,omitempty"`
	RevisionHistoryLimit *int64             `json:"revisionHistoryLimit,omitempty"`
	Info                 []Info             `json:"info,omitempty"`
}

// Source is where the manifests come from.
type Source struct {
	RepoURL        string           `json:"repoURL"`
	TargetRevision string           `json:"targetRevision"`
	Path           string           `json:"path"`
	Directory      *SourceDirectory `json:"directory,omitempty"`
	Kustomize      *SourceKustomize `json:"kustomize,omitempty"`
}

// SourceDirectory is how plain manifests are read.
type SourceDirectory struct {
	Recurse bool   `json:"recurse,omitempty"`
	Exclude string `json:"exclude,omitempty"`
	Include string `json:"include,omitempty"`
}

// SourceKustomize changes what kustomize builds; previews alone need it.
type SourceKustomize struct {
	Namespace string           `json:"namespace,omitempty"`
	Images    []string         `json:"images,omitempty"`
	Patches   []KustomizePatch `json:"patches,omitempty"`
}

// KustomizePatch changes one object.
type KustomizePatch struct {
	Target PatchTarget `json:"target"`
	Patch  string      `json:"patch"`
}

// PatchTarget names the object that a patch changes.
type PatchTarget struct {
	Group string `json:"group,omitempty"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
}

// Destination is a namespace of a cluster, by the cluster's name or its server.
type Destination struct {
	Server    string `json:"server,omitempty"`
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
}

// SyncPolicy is how an Application is kept in sync.
type SyncPolicy struct {
	Automated   *Automated `json:"automated,omitempty"`
	SyncOptions []string   `json:"syncOptions,omitempty"`
	Retry       *Retry     `json:"retry,omitempty"`
}

// Automated is present where Argo CD syncs by itself.
type Automated struct {
	Prune      bool `json:"prune"`
	SelfHeal   bool `json:"selfHeal"`
	AllowEmpty bool `json:"allowEmpty"`
}

// Retry is what happens after a failed sync.
type Retry struct {
	Limit   int64    `json:"limit"`
	Backoff *Backoff `json:"backoff,omitempty"`
	// Refresh tries again with the newest commit.
	Refresh bool `json:"refresh,omitempty"`
}

// Backoff is how long Argo CD waits before it tries again.
type Backoff struct {
	Duration    string `json:"duration"`
	Factor      int64  `json:"factor"`
	MaxDuration string `json:"maxDuration"`
}

// IgnoreDifference names fields that are not compared.
type IgnoreDifference struct {
	Group                 string   `json:"group,omitempty"`
	Kind                  string   `json:"kind"`
	Name                  string   `json:"name,omitempty"`
	JSONPointers          []string `json:"jsonPointers,omitempty"`
	JQPathExpressions     []string `json:"jqPathExpressions,omitempty"`
	ManagedFieldsManagers []string `json:"managedFieldsManagers,omitempty"`
}

// Info is a link or a note.
type Info struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AppProject is an Argo CD AppProject.
type AppProject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              AppProjectSpec `json:"spec"`
}

// AppProjectSpec is what the Applications of a project may do.
type AppProjectSpec struct {
	Description                string                `json:"description,omitempty"`
	SourceRepos                []string              `json:"sourceRepos"`
	Destinations               []Destination         `json:"destinations"`
	ClusterResourceWhitelist   []ResourceRestriction `json:"clusterResourceWhitelist,omitempty"`
	NamespaceResourceWhitelist []GroupKind           `json:"namespaceResourceWhitelist,omitempty"`
	NamespaceResourceBlacklist []GroupKind           `json:"namespaceResourceBlacklist,omitempty"`
	OrphanedResources          *OrphanedResources    `json:"orphanedResources,omitempty"`
	Roles                      []ProjectRole         `json:"roles,omitempty"`
	SyncWindows                []SyncWindow          `json:"syncWindows,omitempty"`
}

// GroupKind is a kind of objects.
type GroupKind struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
}

// ResourceRestriction is a kind of objects of a cluster; from 3.3 on, it may be
// narrowed to objects by name.
type ResourceRestriction struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
	Name  string `json:"name,omitempty"`
}

// OrphanedResources says what becomes of objects that belong to no Application.
type OrphanedResources struct {
	Warn bool `json:"warn"`
}

// ProjectRole is what some groups may do.
type ProjectRole struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Policies    []string `json:"policies,omitempty"`
	Groups      []string `json:"groups,omitempty"`
}

// SyncWindow is when syncing is allowed, or not.
type SyncWindow struct {
	Kind         string   `json:"kind"`
	Schedule     string   `json:"schedule"`
	Duration     string   `json:"duration"`
	TimeZone     string   `json:"timeZone"`
	Applications []string `json:"applications,omitempty"`
	Namespaces   []string `json:"namespaces,omitempty"`
	Clusters     []string `json:"clusters,omitempty"`
	AndOperator  bool     `json:"andOperator,omitempty"`
	ManualSync   bool     `json:"manualSync,omitempty"`
	Description  string   `json:"description,omitempty"`
}

// ApplicationSet is an Argo CD ApplicationSet.
type ApplicationSet struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ApplicationSetSpec `json:"spec"`
}

// ApplicationSetSpec is which Applications a set makes, and from what.
type ApplicationSetSpec struct {
	GoTemplate        bool           `json:"goTemplate"`
	GoTemplateOptions []string       `json:"goTemplateOptions"`
	Generators        []Generator    `json:"generators"`
	Strategy          *SetStrategy   `json:"strategy,omitempty"`
	SyncPolicy        *SetSyncPolicy `json:"syncPolicy,omitempty"`
	Template          SetTemplate    `json:"template"`
	TemplatePatch     string         `json:"templatePatch,omitempty"`
}

// SetStrategy is the order in which the Applications of a set are synced.
type SetStrategy struct {
	Type        string       `json:"type"`
	RollingSync *RollingSync `json:"rollingSync,omitempty"`
}

// RollingSync syncs step by step.
type RollingSync struct {
	Steps []RollingStep `json:"steps"`
}

// RollingStep is the Applications that one step syncs.
type RollingStep struct {
	MatchExpressions []MatchExpression `json:"matchExpressions"`
	MaxUpdate        any               `json:"maxUpdate,omitempty"`
}

// MatchExpression selects by a label.
type MatchExpression struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
}

// SetSyncPolicy is what a set may do to its Applications.
type SetSyncPolicy struct {
	ApplicationsSync            string `json:"applicationsSync,omitempty"`
	PreserveResourcesOnDeletion bool   `json:"preserveResourcesOnDeletion,omitempty"`
}

// SetTemplate is the Application that each element becomes.
type SetTemplate struct {
	Metadata SetTemplateMeta `json:"metadata"`
	Spec     ApplicationSpec `json:"spec"`
}

// SetTemplateMeta is the metadata of the Applications.
type SetTemplateMeta struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Finalizers  []string          `json:"finalizers,omitempty"`
}

// Generator makes elements. One of its fields is set; within Matrix and Merge
// neither of these two.
type Generator struct {
	List        *ListGenerator        `json:"list,omitempty"`
	Clusters    *ClusterGenerator     `json:"clusters,omitempty"`
	Git         *GitGenerator         `json:"git,omitempty"`
	Matrix      *NestedGenerators     `json:"matrix,omitempty"`
	PullRequest *PullRequestGenerator `json:"pullRequest,omitempty"`
	// Selector leaves out elements by their parameters.
	Selector *metav1.LabelSelector `json:"selector,omitempty"`
}

// ListGenerator makes the elements that it lists.
type ListGenerator struct {
	Elements []map[string]any `json:"elements"`
}

// ClusterGenerator makes an element of each registered cluster.
type ClusterGenerator struct {
	Selector metav1.LabelSelector `json:"selector,omitempty"`
	Values   map[string]string    `json:"values,omitempty"`
}

// GitGenerator makes an element of each directory or file in git.
type GitGenerator struct {
	RepoURL     string            `json:"repoURL"`
	Revision    string            `json:"revision"`
	Directories []GitDirectory    `json:"directories,omitempty"`
	Files       []GitFile         `json:"files,omitempty"`
	Values      map[string]string `json:"values,omitempty"`
}

// GitDirectory is a pattern of directories.
type GitDirectory struct {
	Path    string `json:"path"`
	Exclude bool   `json:"exclude,omitempty"`
}

// GitFile is a pattern of files.
type GitFile struct {
	Path string `json:"path"`
}

// NestedGenerators combines each element of one generator with each of another.
type NestedGenerators struct {
	Generators []Generator `json:"generators"`
}

// PullRequestGenerator makes an element of each open pull request.
type PullRequestGenerator struct {
	GitHub              *GitHubRequests `json:"github,omitempty"`
	GitLab              *GitLabRequests `json:"gitlab,omitempty"`
	Gitea               *GiteaRequests  `json:"gitea,omitempty"`
	RequeueAfterSeconds *int64          `json:"requeueAfterSeconds,omitempty"`
}

// GitHubRequests are the pull requests of a repository on GitHub.
type GitHubRequests struct {
	API      string     `json:"api,omitempty"`
	Owner    string     `json:"owner"`
	Repo     string     `json:"repo"`
	TokenRef *SecretRef `json:"tokenRef,omitempty"`
	Labels   []string   `json:"labels,omitempty"`
}

// GitLabRequests are the merge requests of a project on GitLab.
type GitLabRequests struct {
	API              string     `json:"api,omitempty"`
	Project          string     `json:"project"`
	TokenRef         *SecretRef `json:"tokenRef,omitempty"`
	Labels           []string   `json:"labels,omitempty"`
	PullRequestState string     `json:"pullRequestState"`
}

// GiteaRequests are the pull requests of a repository on Gitea or Forgejo.
type GiteaRequests struct {
	API      string     `json:"api"`
	Owner    string     `json:"owner"`
	Repo     string     `json:"repo"`
	TokenRef *SecretRef `json:"tokenRef,omitempty"`
	Labels   []string   `json:"labels,omitempty"`
}

// SecretRef is a key of a Secret in Argo CD's namespace.
type SecretRef struct {
	SecretName string `json:"secretName"`
	Key        string `json:"key"`
}
