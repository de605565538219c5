package secrets

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The API versions of the operator's kinds.
const (
	apiVersion          = "external-secrets.io/v1"
	pushVersion         = "external-secrets.io/v1alpha1"
	generatorAPIVersion = "generators.external-secrets.io/v1alpha1"
)

// resource is an object of the External Secrets Operator. The structs below are
// the part of its API that the model reaches; fields that the API server would
// fill in inside of lists have no omitempty, and are always set.
type resource struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              any `json:"spec"`
}

// Spec is a struct of ours for the spec of a kind.
type Spec struct {
	// APIVersion and Kind name the kind, and Of is a value of the struct.
	APIVersion, Kind string
	Of               any
}

// Specs returns the structs of this package, for those who hold them to the
// operator's definitions.
func Specs() []Spec {
	return []Spec{
		{apiVersion, "ExternalSecret", externalSecretSpec{}}, {apiVersion, "ClusterExternalSecret", clusterExternalSecretSpec{}},
		{apiVersion, "SecretStore", storeSpec{}}, {apiVersion, "ClusterSecretStore", storeSpec{}}, {pushVersion, "PushSecret", pushSecretSpec{}},
		{generatorAPIVersion, "Password", passwordSpec{}}, {generatorAPIVersion, "ECRAuthorizationToken", ecrSpec{}},
		{generatorAPIVersion, "GCRAccessToken", gcrSpec{}}, {generatorAPIVersion, "GithubAccessToken", githubSpec{}},
		{generatorAPIVersion, "VaultDynamicSecret", vaultDynamicSpec{}},
	}
}

type externalSecretSpec struct {
	RefreshPolicy   string     `json:"refreshPolicy"`
	RefreshInterval string     `json:"refreshInterval"`
	SecretStoreRef  *storeRef  `json:"secretStoreRef,omitempty"`
	Target          target     `json:"target"`
	Data            []data     `json:"data,omitempty"`
	DataFrom        []dataFrom `json:"dataFrom,omitempty"`
}

type storeRef struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

type target struct {
	Name           string    `json:"name"`
	CreationPolicy string    `json:"creationPolicy"`
	DeletionPolicy string    `json:"deletionPolicy"`
	Immutable      bool      `json:"immutable,omitempty"`
	Template       *template `json:"template,omitempty"`
}

type template struct {
	EngineVersion string            `json:"engineVersion"`
	MergePolicy   string            `json:"mergePolicy"`
	Type          corev1.SecretType `json:"type,omitempty"`
	Metadata      *templateMeta     `json:"metadata,omitempty"`
	Data          map[string]string `json:"data,omitempty"`
	TemplateFrom  []templateFrom    `json:"templateFrom,omitempty"`
}

type templateMeta struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type templateFrom struct {
	Target    string          `json:"target"`
	ConfigMap *templateObject `json:"configMap,omitempty"`
	Secret    *templateObject `json:"secret,omitempty"`
	Literal   *string         `json:"literal,omitempty"`
}

type templateObject struct {
	Name  string         `json:"name"`
	Items []templateItem `json:"items"`
}

type templateItem struct {
	Key        string `json:"key"`
	TemplateAs string `json:"templateAs"`
}

type data struct {
	SecretKey string    `json:"secretKey"`
	RemoteRef remoteRef `json:"remoteRef"`
}

type sourceRef struct {
	GeneratorRef generatorRef `json:"generatorRef"`
}

type generatorRef struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
}

type remoteRef struct {
	Key                string `json:"key"`
	Property           string `json:"property,omitempty"`
	Version            string `json:"version,omitempty"`
	ConversionStrategy string `json:"conversionStrategy"`
	DecodingStrategy   string `json:"decodingStrategy"`
	MetadataPolicy     string `json:"metadataPolicy"`
}

type dataFrom struct {
	Extract   *remoteRef `json:"extract,omitempty"`
	Find      *find      `json:"find,omitempty"`
	SourceRef *sourceRef `json:"sourceRef,omitempty"`
	Rewrite   []rewrite  `json:"rewrite,omitempty"`
}

type find struct {
	Path               string            `json:"path,omitempty"`
	Name               *findName         `json:"name,omitempty"`
	Tags               map[string]string `json:"tags,omitempty"`
	ConversionStrategy string            `json:"conversionStrategy"`
	DecodingStrategy   string            `json:"decodingStrategy"`
}

type findName struct {
	Regexp string `json:"regexp"`
}

type rewrite struct {
	Regexp    *rewriteRegexp    `json:"regexp,omitempty"`
	Transform *rewriteTransform `json:"transform,omitempty"`
	Merge     *rewriteMerge     `json:"merge,omitempty"`
}

type rewriteRegexp struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

type rewriteTransform struct {
	Template string `json:"template"`
}

type rewriteMerge struct {
	Into           string   `json:"into"`
	Priority       []string `json:"priority,omitempty"`
	PriorityPolicy string   `json:"priorityPolicy,omitempty"`
	ConflictPolicy string   `json:"conflictPolicy"`
	Strategy       string   `json:"strategy"`
}

type pushSecretSpec struct {
	RefreshInterval string       `json:"refreshInterval"`
	UpdatePolicy    string       `json:"updatePolicy"`
	DeletionPolicy  string       `json:"deletionPolicy"`
	SecretStoreRefs []storeRef   `json:"secretStoreRefs"`
	Selector        pushSelector `json:"selector"`
	Data            []pushData   `json:"data"`
}

type pushSelector struct {
	Secret struct {
		Name string `json:"name"`
	} `json:"secret"`
}

type pushData struct {
	ConversionStrategy string    `json:"conversionStrategy"`
	Match              pushMatch `json:"match"`
}

type pushMatch struct {
	SecretKey string     `json:"secretKey"`
	RemoteRef pushRemote `json:"remoteRef"`
}

type pushRemote struct {
	RemoteKey string `json:"remoteKey"`
	Property  string `json:"property,omitempty"`
}

type clusterExternalSecretSpec struct {
	ExternalSecretName string                 `json:"externalSecretName"`
	NamespaceSelectors []metav1.LabelSelector `json:"namespaceSelectors"`
	RefreshTime        string                 `json:"refreshTime"`
	ExternalSecretSpec externalSecretSpec     `json:"externalSecretSpec"`
}
