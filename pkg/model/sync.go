package model

// Sync is how Argo CD keeps a target in sync.
type Sync struct {
	// Automated enables automatic syncs. Default: true.
	Automated *bool `json:"automated,omitempty"`
	// Prune deletes objects that are no longer in git. Default: true.
	Prune *bool `json:"prune,omitempty"`
	// SelfHeal undoes changes that were made in the cluster. Default: true.
	SelfHeal *bool `json:"selfHeal,omitempty"`
	// AllowEmpty lets a sync delete everything. Default: false.
	AllowEmpty *bool `json:"allowEmpty,omitempty"`
	// ConfirmDeletion makes Argo CD wait for confirmation by a person before it
	// deletes what the Application deployed, once the app is removed; diff prints
	// the command. Argo CD supports this from 3.4 on; in older versions, the
	// Application stays until a person deletes it. Default: true in production.
	ConfirmDeletion *bool `json:"confirmDeletion,omitempty"`
	// Retry is what happens after a failed sync.
	Retry *Retry `json:"retry,omitempty"`
	// Options are sync options by name, as in ServerSideApply: "true". Default:
	// ServerSideApply, ApplyOutOfSyncOnly and FailOnSharedResource,
	// RespectIgnoreDifferences if differences are ignored, and CreateNamespace if
	// gitopsgen does not generate the Namespace. With PruneLast, the ConfigMaps of old pods stay until new pods are
	// ready, but a sync that deletes something waits for that and does not apply
	// newer commits until then.
	Options map[string]string `json:"options,omitempty"`
	// IgnoreDifferences are fields that other controllers own. Those of an
	// autoscaler are ignored automatically.
	IgnoreDifferences []IgnoreDifference `json:"ignoreDifferences,omitempty"`
	// RevisionHistoryLimit is the number of syncs to keep in the history. Default:
	// 10.
	RevisionHistoryLimit *int64 `json:"revisionHistoryLimit,omitempty"`
	// Labels are added to the Application.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are added to the Application.
	Annotations map[string]string `json:"annotations,omitempty"`
	// Info are links and notes that the user interface shows.
	Info []Info `json:"info,omitempty" merge:"name"`
	// Windows are the sync windows of the app.
	Windows []SyncWindow `json:"windows,omitempty" merge:"name"`
	// Notify are the subscriptions to notifications about the Application.
	Notify []Subscription `json:"notify,omitempty" merge:"service"`
}

// Retry is what happens after a failed sync.
type Retry struct {
	// Limit is the number of retries; 0 means none. Default: 10, which take four
	// minutes, longer than Argo CD needs to notice a commit that changes another
	// dependency.
	Limit *int64 `json:"limit,omitempty"`
	// Duration is the wait before the first retry, as in 5s. Default: 5s.
	Duration string `json:"duration,omitempty"`
	// Factor is the factor by which each wait is longer than the previous one.
	// Default: 2.
	Factor *int64 `json:"factor,omitempty"`
	// MaxDuration is the longest wait. Default: 30s.
	MaxDuration string `json:"maxDuration,omitempty"`
	// Refresh retries with the newest commit, which may fix the failure. Default:
	// true.
	Refresh *bool `json:"refresh,omitempty"`
}

// IgnoreDifference names fields that Argo CD does not compare. At least one of
// JSONPointers, JQPathExpressions and ManagedFieldsManagers is set.
type IgnoreDifference struct {
	// Group is the API group; "" is the core group.
	Group string `json:"group,omitempty"`
	// Kind is the object's kind.
	Kind string `json:"kind"`
	// Name is the object's name. Default: all of the kind.
	Name string `json:"name,omitempty"`
	// JSONPointers are fields, as in /spec/replicas.
	JSONPointers []string `json:"jsonPointers,omitempty"`
	// JQPathExpressions are fields, as in .spec.template.spec.initContainers[0].
	JQPathExpressions []string `json:"jqPathExpressions,omitempty"`
	// ManagedFieldsManagers are field managers whose fields are ignored.
	ManagedFieldsManagers []string `json:"managedFieldsManagers,omitempty"`
}

// Info is a link or a note on an Application.
type Info struct {
	// Name is its title.
	Name string `json:"name"`
	// Value is the text, or the address.
	Value string `json:"value"`
}

// WindowKind is whether a window allows or denies syncs.
type WindowKind string

// The kinds of window.
const (
	Allow WindowKind = "allow"
	Deny  WindowKind = "deny"
)

// SyncWindow is when syncing is allowed, or not.
type SyncWindow struct {
	// Name is the window's name; its description in Argo CD.
	Name string `json:"name"`
	// Kind is allow or deny.
	Kind WindowKind `json:"kind"`
	// Schedule is when it begins, as a cron schedule of five fields.
	Schedule string `json:"schedule"`
	// Duration is how long it lasts, as in 8h.
	Duration string `json:"duration"`
	// TimeZone is an IANA time zone. Default: Etc/UTC.
	TimeZone string `json:"timeZone,omitempty"`
	// ManualSync allows manual syncs nevertheless. Default: false.
	ManualSync *bool `json:"manualSync,omitempty"`
}

// HookPhase is when a hook runs.
type HookPhase string

// The phases of Argo CD's syncs.
const (
	PreSync    HookPhase = "PreSync"
	SyncPhase  HookPhase = "Sync"
	PostSync   HookPhase = "PostSync"
	SyncFail   HookPhase = "SyncFail"
	PostDelete HookPhase = "PostDelete"
)

// Hook is a Job named APP-NAME that runs in each sync, such as the migration of a
// database. Its pods have their own labels, so that no Service sends them
// traffic, and it can call what the app calls.
type Hook struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Phase is when it runs. Default: PreSync.
	Phase HookPhase `json:"phase,omitempty"`
	// Wave is its order among the hooks of its phase. Default: 0.
	Wave *int32 `json:"wave,omitempty"`
	// ServiceAccount is what it runs as. Default: the app's; it does not exist
	// before the first sync and after the app is deleted, so PreSync and PostDelete
	// hooks run as default.
	ServiceAccount string `json:"serviceAccount,omitempty"`
	// Job holds the settings of the Job. Default: as for other Jobs, with a
	// deadline of ten minutes.
	Job *JobSpec `json:"job,omitempty"`
	// ContainerSpec is what it runs. Image and resources are the main container's
	// unless said otherwise. A hook before the sync cannot read what the sync
	// makes, such as the app's Config.
	ContainerSpec `json:",inline"`
}
