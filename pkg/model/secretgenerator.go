package model

// SecretGenerator generates values: a generator of the External Secrets Operator,
// named APP-NAME. Exactly one of its kinds is set.
type SecretGenerator struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Password generates a random password, a new one at each refresh.
	Password *PasswordGenerator `json:"password,omitempty" oneof:"true"`
	// ECR generates a token for Amazon's container registry.
	ECR *ECRGenerator `json:"ecr,omitempty" oneof:"true"`
	// GCR generates a token for Google's container registries.
	GCR *GCRGenerator `json:"gcr,omitempty" oneof:"true"`
	// GitHub generates a token of a GitHub App.
	GitHub *GitHubGenerator `json:"github,omitempty" oneof:"true"`
	// Vault reads a dynamic secret of Vault.
	Vault *VaultGenerator `json:"vault,omitempty" oneof:"true"`
}

// PasswordGenerator generates a random password.
type PasswordGenerator struct {
	// Length is the number of characters. Default: 24.
	Length *int32 `json:"length,omitempty"`
	// Digits and Symbols are the numbers of such characters. Default: a quarter each.
	Digits  *int32 `json:"digits,omitempty"`
	Symbols *int32 `json:"symbols,omitempty"`
	// SymbolCharacters are the symbols to choose from.
	SymbolCharacters string `json:"symbolCharacters,omitempty"`
	// NoUpper excludes uppercase letters. Default: false.
	NoUpper *bool `json:"noUpper,omitempty"`
	// AllowRepeat allows a character to occur more than once. Default: true, because
	// 24 different characters are hard to find.
	AllowRepeat *bool `json:"allowRepeat,omitempty"`
}

// ECRGenerator generates a token for Amazon's container registry.
type ECRGenerator struct {
	// Region is the registry's region.
	Region string `json:"region"`
	// Role is the role to assume. Default: none.
	Role string `json:"role,omitempty"`
	// ServiceAccount is the identity. Default: the operator's own.
	ServiceAccount *ServiceAccountRef `json:"serviceAccount,omitempty"`
	// Scope is private or public. Default: private.
	Scope string `json:"scope,omitempty"`
}

// GCRGenerator generates a token for Google's container registries.
type GCRGenerator struct {
	// Project is the project's id.
	Project string `json:"project"`
	// WorkloadIdentity is the identity.
	WorkloadIdentity *GCPIdentity `json:"workloadIdentity,omitempty"`
}

// GitHubGenerator generates a token of a GitHub App.
type GitHubGenerator struct {
	// AppID and InstallID are numbers that GitHub shows.
	AppID     string `json:"appID"`
	InstallID string `json:"installID"`
	// URL is the address of a GitHub Enterprise server. Default: github.com.
	URL string `json:"url,omitempty"`
	// Repositories limit the token. Default: all of the installation.
	Repositories []string `json:"repositories,omitempty"`
	// Permissions limit the token, as in contents: read. Default: all of the
	// installation.
	Permissions map[string]string `json:"permissions,omitempty"`
	// PrivateKey is the Secret with the App's private key.
	PrivateKey NamespacedSecretKeySelector `json:"privateKey"`
}

// VaultGenerator reads a dynamic secret of Vault.
type VaultGenerator struct {
	// Path is what is read, as in database/creds/web.
	Path string `json:"path"`
	// Method is GET or POST. Default: GET.
	Method string `json:"method,omitempty"`
	// Parameters are sent with POST.
	Parameters map[string]any `json:"parameters,omitempty"`
	// ResultType is Data, Auth or Raw. Default: Data.
	ResultType string `json:"resultType,omitempty"`
	// Vault is the server and how to authenticate.
	Vault VaultStore `json:"vault"`
}

// PushSecret writes keys of a Secret into a store.
type PushSecret struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Secret names one of the app's Secrets, or another Secret in the namespace.
	Secret string `json:"secret,omitempty"`
	// Store and StoreRef are as in Secret.
	Store    string    `json:"store,omitempty"`
	StoreRef *StoreRef `json:"storeRef,omitempty"`
	// Path is where the values are written, as in Secret.
	Path string `json:"path,omitempty"`
	// Keys are the keys to write.
	Keys []PushKey `json:"keys,omitempty" merge:"name"`
	// UpdatePolicy is Replace or IfNotExists. Default: Replace.
	UpdatePolicy string `json:"updatePolicy,omitempty"`
	// DeletionPolicy is None, or Delete to remove the values from the store
	// together with this object. Default: None.
	DeletionPolicy string `json:"deletionPolicy,omitempty"`
	// RefreshInterval is the time between two writes. Default: 1h.
	RefreshInterval string `json:"refreshInterval,omitempty"`
}

// PushKey is a key that is written into a store.
type PushKey struct {
	// Name is the key in the Secret.
	Name string `json:"name"`
	// Key and Property are where the value is written. Default: the property Name at
	// Path.
	Key      string  `json:"key,omitempty"`
	Property *string `json:"property,omitempty"`
	// Conversion is None or ReverseUnicode. Default: None.
	Conversion string `json:"conversion,omitempty"`
}
