package model

import corev1 "k8s.io/api/core/v1"

// Secret is a Secret of an app whose values come from a secret store: an
// ExternalSecret of the External Secrets Operator. The model contains the names
// and locations of values, and never a value.
type Secret struct {
	// Name is unique in the app; fromSecret and imagePullSecrets may use it.
	Name string `json:"name"`
	// Target is the name of the Secret in the namespace. Default: APP-NAME.
	Target string `json:"target,omitempty"`
	// Store names one of the fleet's SecretStores. Default: the environment's.
	Store string `json:"store,omitempty"`
	// StoreRef names a store on the cluster that does not belong to the fleet.
	// Default: the object of Store.
	StoreRef *StoreRef `json:"storeRef,omitempty"`
	// Path is the location of the values in the store. {app}, {project}, {env},
	// {secret} are replaced, here and in Keys and From. Default: the environment's
	// SecretPath.
	Path string `json:"path,omitempty"`
	// Keys are single values. Default if From is empty too: all values at Path.
	Keys []SecretKey `json:"keys,omitempty" merge:"name"`
	// From are sources of any number of values.
	From []SecretSource `json:"from,omitempty"`
	// Template is the template of the Secret. Default: the Secret has the values as
	// they are.
	Template *SecretTemplate `json:"template,omitempty"`
	// Env makes each key an environment variable of the main container. Default: false.
	Env *bool `json:"env,omitempty"`
	// MountPath mounts the keys as files into the main container. Default: not mounted.
	MountPath string `json:"mountPath,omitempty"`
	// RestartOnChange restarts the pods when the Secret changes, with an annotation
	// for Stakater Reloader. Default: false.
	RestartOnChange *bool `json:"restartOnChange,omitempty"`
	// SecretPolicy tells how the Secret is kept.
	SecretPolicy `json:",inline"`
}

// SecretPolicy is how the operator manages a Secret.
type SecretPolicy struct {
	// CreationPolicy is Owner, Orphan, Merge or None. Default: Owner.
	CreationPolicy string `json:"creationPolicy,omitempty"`
	// DeletionPolicy is Retain, Delete or Merge. Default: Retain.
	DeletionPolicy string `json:"deletionPolicy,omitempty"`
	// RefreshPolicy is Periodic, OnChange or CreatedOnce. Default: Periodic.
	RefreshPolicy string `json:"refreshPolicy,omitempty"`
	// RefreshInterval is the time between two reads, as in 15m; "0" is never.
	// Default: 1h.
	RefreshInterval string `json:"refreshInterval,omitempty"`
	// Immutable prevents changes to the Secret once it exists. Default: false.
	Immutable *bool `json:"immutable,omitempty"`
}

// StoreKind is the kind of a store's object.
type StoreKind string

// The kinds of stores.
const (
	// ClusterStore serves the namespaces that its conditions name.
	ClusterStore StoreKind = "ClusterSecretStore"
	// NamespacedStore serves its own namespace.
	NamespacedStore StoreKind = "SecretStore"
)

// StoreRef names a store's object.
type StoreRef struct {
	// Name is the object's name.
	Name string `json:"name"`
	// Kind is SecretStore or ClusterSecretStore. Default: ClusterSecretStore.
	Kind StoreKind `json:"kind,omitempty"`
}

// SecretKey is a value of a Secret.
type SecretKey struct {
	// Name is the key in the Secret.
	Name string `json:"name"`
	// RemoteRef is where the value lies. Default: the property Name at the
	// Secret's Path.
	RemoteRef `json:",inline"`
}

// RemoteRef is the location of a value in a store, and how to read it.
type RemoteRef struct {
	// Key is the name of the entry in the store.
	Key string `json:"key,omitempty"`
	// Property is the property of the entry; "" is the whole entry.
	Property *string `json:"property,omitempty"`
	// Version is the entry's version. Default: the newest.
	Version string `json:"version,omitempty"`
	// Metadata is None, or Fetch to read the entry's tags. Default: None.
	Metadata string `json:"metadata,omitempty"`
	// Reading tells how the value is read.
	Reading `json:",inline"`
}

// Reading is how values of a store are read.
type Reading struct {
	// Decoding is None, Base64, Base64URL or Auto. Default: None.
	Decoding string `json:"decoding,omitempty"`
	// Conversion of names is Default or Unicode. Default: Default.
	Conversion string `json:"conversion,omitempty"`
}

// SecretSource is a source of any number of values. Exactly one of Extract, Find
// and Generator is set.
type SecretSource struct {
	// Extract takes all properties of an entry.
	Extract *RemoteRef `json:"extract,omitempty"`
	// Find takes all entries that it matches.
	Find *SecretFind `json:"find,omitempty"`
	// Generator generates the values.
	Generator *GeneratorRef `json:"generator,omitempty"`
	// Rewrite changes the keys, one rule after another.
	Rewrite []SecretRewrite `json:"rewrite,omitempty"`
}

// SecretFind matches entries of a store.
type SecretFind struct {
	// Path is the path to search.
	Path string `json:"path,omitempty"`
	// Name is a regular expression that names match.
	Name string `json:"name,omitempty"`
	// Tags are tags that entries have.
	Tags map[string]string `json:"tags,omitempty"`
	// Reading tells how the values are read.
	Reading `json:",inline"`
}

// SecretRewrite changes keys. Exactly one of its fields is set.
type SecretRewrite struct {
	// Regexp replaces what matches.
	Regexp *RewriteRegexp `json:"regexp,omitempty"`
	// Transform is a template of Go in which {{ .value }} is the key.
	Transform string `json:"transform,omitempty"`
	// Merge merges the values of several sources.
	Merge *RewriteMerge `json:"merge,omitempty"`
}

// RewriteRegexp replaces what a regular expression matches.
type RewriteRegexp struct {
	// Source is the regular expression, and Target what replaces a match.
	Source string `json:"source"`
	Target string `json:"target"`
}

// RewriteMerge merges values with the same keys.
type RewriteMerge struct {
	// Into is the key that gets the result as JSON; strategy JSON.
	Into string `json:"into,omitempty"`
	// Priority are keys, in ascending priority.
	Priority []string `json:"priority,omitempty"`
	// PriorityPolicy is Strict or IgnoreNotFound; External Secrets 1.0 and
	// newer. Default: Strict.
	PriorityPolicy string `json:"priorityPolicy,omitempty"`
	// ConflictPolicy is Error or Ignore. Default: Error.
	ConflictPolicy string `json:"conflictPolicy,omitempty"`
	// Strategy is Extract or JSON. Default: Extract.
	Strategy string `json:"strategy,omitempty"`
}

// GeneratorRef names a generator of values.
type GeneratorRef struct {
	// Name is an entry of SecretGenerators, or, with a Kind, an object that
	// gitopsgen does not generate.
	Name string `json:"name"`
	// Kind is the object's kind. Default: that of the entry.
	Kind string `json:"kind,omitempty"`
}

// SecretTemplate is the template of a Secret with the values that were read. At
// most one of TLS, DockerConfig and BasicAuth is set; texts are templates of Go,
// in which {{ .KEY }} is a value.
type SecretTemplate struct {
	// Type is the Secret's type. Default: that of the part that is set, or Opaque.
	Type corev1.SecretType `json:"type,omitempty"`
	// TLS creates a Secret of type kubernetes.io/tls.
	TLS *TLSTemplate `json:"tls,omitempty" oneof:"true"`
	// DockerConfig creates a Secret to pull images with.
	DockerConfig *DockerTemplate `json:"dockerConfig,omitempty" oneof:"true"`
	// BasicAuth creates a Secret of type kubernetes.io/basic-auth.
	BasicAuth *BasicAuthTemplate `json:"basicAuth,omitempty" oneof:"true"`
	// Data are further keys.
	Data map[string]string `json:"data,omitempty"`
	// From are templates in other objects.
	From []TemplateSource `json:"from,omitempty"`
	// MergePolicy is Replace, or Merge to keep the values in addition to Data.
	// Default: Replace.
	MergePolicy string `json:"mergePolicy,omitempty"`
	// Labels are the Secret's.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are the Secret's.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// TLSTemplate names the values of a certificate.
type TLSTemplate struct {
	// Certificate is the key of the chain. Default: tls.crt.
	Certificate string `json:"certificate,omitempty"`
	// Key is the key of the private key. Default: tls.key.
	Key string `json:"key,omitempty"`
}

// DockerTemplate names the values of an account at a registry.
type DockerTemplate struct {
	// Registry is the registry's host, as in ghcr.io.
	Registry string `json:"registry"`
	// Username and Password are keys. Default: username and password.
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
}

// BasicAuthTemplate names the values of an account.
type BasicAuthTemplate struct {
	// Username and Password are keys. Default: username and password.
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
}

// TemplateSource is a source of templates. Exactly one of ConfigMap, Secret and
// Literal is set.
type TemplateSource struct {
	// ConfigMap and Secret are objects in the namespace. An entry of Config that is
	// used here needs a stable name.
	ConfigMap *TemplateObject `json:"configMap,omitempty"`
	Secret    *TemplateObject `json:"secret,omitempty"`
	// Literal is a template that produces a YAML mapping.
	Literal string `json:"literal,omitempty"`
	// Target is Data, Labels or Annotations. Default: Data.
	Target string `json:"target,omitempty"`
}

// TemplateObject is an object that holds templates.
type TemplateObject struct {
	// Name is the object's name.
	Name string `json:"name"`
	// Items are the keys to read.
	Items []TemplateItem `json:"items,omitempty"`
}

// TemplateItem is a key that holds a template.
type TemplateItem struct {
	// Key is the key in the object.
	Key string `json:"key"`
	// As is Values, or KeysAndValues for a template of a YAML mapping. Default: Values.
	As string `json:"as,omitempty"`
}
