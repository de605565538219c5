package model

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SecretStore is a store of the values of Secrets. Exactly one of its providers
// is set. Each environment that uses it has its own object, named
// NAME-ENVIRONMENT, so that environments can share a cluster.
type SecretStore struct {
	// Name is the store's name.
	Name string `json:"name"`
	// Kind is ClusterSecretStore, or SecretStore for an object in each namespace.
	// Default: ClusterSecretStore.
	Kind StoreKind `json:"kind,omitempty"`
	// Conditions are the namespaces that can use a ClusterSecretStore. Default:
	// those of the environment's apps.
	Conditions []StoreCondition `json:"conditions,omitempty"`
	// CallsPerMonth is the estimated number of calls in an environment above which a
	// warning is reported. Default: 1000000.
	CallsPerMonth *int64 `json:"callsPerMonth,omitempty"`
	// AWS is Secrets Manager or Parameter Store.
	AWS *AWSStore `json:"aws,omitempty"`
	// GCP is Google Secret Manager.
	GCP *GCPStore `json:"gcp,omitempty"`
	// Azure is a Key Vault.
	Azure *AzureStore `json:"azure,omitempty"`
	// Vault is HashiCorp Vault or OpenBao.
	Vault *VaultStore `json:"vault,omitempty"`
	// OnePassword is a 1Password Connect server.
	OnePassword *OnePasswordStore `json:"onePassword,omitempty"`
	// Kubernetes is a namespace of some cluster.
	Kubernetes *KubernetesStore `json:"kubernetes,omitempty"`
	// Fake holds fake values, for development.
	Fake *FakeStore `json:"fake,omitempty"`
}

// StoreCondition selects namespaces that can use a ClusterSecretStore. One of its
// fields is set.
type StoreCondition struct {
	// Namespaces are names.
	Namespaces []string `json:"namespaces,omitempty"`
	// NamespaceRegexes are regular expressions of names.
	NamespaceRegexes []string `json:"namespaceRegexes,omitempty"`
	// NamespaceSelector selects by labels.
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}

// ServiceAccountRef names the service account whose identity is used.
type ServiceAccountRef struct {
	// Name is the account's name.
	Name string `json:"name"`
	// Namespace is the account's; required in a ClusterSecretStore, and not
	// allowed elsewhere.
	Namespace string `json:"namespace,omitempty"`
	// Audiences are those of its token.
	Audiences []string `json:"audiences,omitempty"`
}

// NamespacedSecretKeySelector names a key of a Secret that may be in another
// namespace.
type NamespacedSecretKeySelector struct {
	// Name is the Secret's name, and Key a key in it.
	Name string `json:"name"`
	Key  string `json:"key"`
	// Namespace is the Secret's; required in a ClusterSecretStore, and not
	// allowed elsewhere.
	Namespace string `json:"namespace,omitempty"`
}

// CARef names a certificate authority with which the certificate of a server is
// verified.
type CARef struct {
	// Kind is ConfigMap or Secret. Default: ConfigMap.
	Kind string `json:"kind,omitempty"`
	// NamespacedSecretKeySelector is the object and its key.
	NamespacedSecretKeySelector `json:",inline"`
}

// AWSStore is AWS Secrets Manager or Parameter Store. Without ServiceAccount and
// Keys, the operator's own identity is used (EKS Pod Identity).
type AWSStore struct {
	// Service is SecretsManager or ParameterStore. Default: SecretsManager.
	Service string `json:"service,omitempty"`
	// Region is the region, as in eu-central-1.
	Region string `json:"region"`
	// Role is the ARN of a role to assume. Default: none.
	Role string `json:"role,omitempty"`
	// ServiceAccount is the identity (IRSA).
	ServiceAccount *ServiceAccountRef `json:"serviceAccount,omitempty"`
	// Keys are long-lived keys; prefer another way where there is one.
	Keys *AWSKeys `json:"keys,omitempty"`
	// Prefix is prepended to all keys.
	Prefix string `json:"prefix,omitempty"`
	// Account is the account's number, for the policies of report secrets.
	Account string `json:"account,omitempty"`
}

// AWSKeys are long-lived keys of AWS.
type AWSKeys struct {
	// AccessKeyID and SecretAccessKey are the keys of Secrets with the two parts.
	AccessKeyID     NamespacedSecretKeySelector `json:"accessKeyID"`
	SecretAccessKey NamespacedSecretKeySelector `json:"secretAccessKey"`
}

// GCPStore is Google Secret Manager. Without WorkloadIdentity and Key, the
// operator's own identity is used.
type GCPStore struct {
	// Project is the project's id.
	Project string `json:"project"`
	// Location is the region of regional secrets. Default: global.
	Location string `json:"location,omitempty"`
	// WorkloadIdentity is the identity.
	WorkloadIdentity *GCPIdentity `json:"workloadIdentity,omitempty"`
	// Key is a long-lived key; prefer another way where there is one.
	Key *NamespacedSecretKeySelector `json:"key,omitempty"`
}

// GCPIdentity is a service account of a GKE cluster.
type GCPIdentity struct {
	// ServiceAccount is the identity.
	ServiceAccount ServiceAccountRef `json:"serviceAccount"`
	// ClusterName, ClusterLocation and ClusterProject name the cluster.
	// Default: the one that the operator runs in.
	ClusterName     string `json:"clusterName,omitempty"`
	ClusterLocation string `json:"clusterLocation,omitempty"`
	ClusterProject  string `json:"clusterProject,omitempty"`
}

// AzureStore is an Azure Key Vault. Without ServiceAccount and Client, the
// identity of the nodes is used (managed identity).
type AzureStore struct {
	// VaultURL is the vault's address, as in https://shop.vault.azure.net.
	VaultURL string `json:"vaultURL"`
	// TenantID is the tenant's id.
	TenantID string `json:"tenantID,omitempty"`
	// IdentityID selects one of several managed identities.
	IdentityID string `json:"identityID,omitempty"`
	// ServiceAccount is the identity (workload identity).
	ServiceAccount *ServiceAccountRef `json:"serviceAccount,omitempty"`
	// Client is a long-lived credential; prefer another way where there is one.
	Client *AzureClient `json:"client,omitempty"`
	// EnvironmentType is PublicCloud, USGovernmentCloud, ChinaCloud or
	// GermanCloud. Default: PublicCloud.
	EnvironmentType string `json:"environmentType,omitempty"`
}

// AzureClient is a long-lived credential of Azure.
type AzureClient struct {
	// ID and Secret are the keys of Secrets with the two parts.
	ID     NamespacedSecretKeySelector `json:"id"`
	Secret NamespacedSecretKeySelector `json:"secret"`
}

// VaultStore is a Vault server. Exactly one of Kubernetes, JWT, AppRole and
// Token is set.
type VaultStore struct {
	// Server is its address, as in https://vault.example.com:8200.
	Server string `json:"server"`
	// Path is the mount of the key-value engine. Default: secret.
	Path string `json:"path,omitempty"`
	// Version is that of the key-value engine, v1 or v2. Default: v2.
	Version string `json:"version,omitempty"`
	// Namespace is that of Vault Enterprise.
	Namespace string `json:"namespace,omitempty"`
	// CA is the certificate authority of the server. Default: those that the
	// operator trusts.
	CA *CARef `json:"ca,omitempty"`
	// Kubernetes authenticates with a service account.
	Kubernetes *VaultKubernetes `json:"kubernetes,omitempty"`
	// JWT authenticates with the token of a service account at the JWT method.
	JWT *VaultJWT `json:"jwt,omitempty"`
	// AppRole authenticates with a long-lived id.
	AppRole *VaultAppRole `json:"appRole,omitempty"`
	// Token authenticates with a long-lived token.
	Token *NamespacedSecretKeySelector `json:"token,omitempty"`
}

// VaultKubernetes is Vault's Kubernetes method.
type VaultKubernetes struct {
	// Mount is where the method is mounted. Default: kubernetes.
	Mount string `json:"mount,omitempty"`
	// Role is the role in Vault.
	Role string `json:"role"`
	// ServiceAccount is the identity. Default: the operator's own.
	ServiceAccount *ServiceAccountRef `json:"serviceAccount,omitempty"`
}

// VaultJWT is Vault's JWT method.
type VaultJWT struct {
	// Mount is where the method is mounted. Default: jwt.
	Mount string `json:"mount,omitempty"`
	// Role is the role in Vault.
	Role string `json:"role,omitempty"`
	// ServiceAccount is the identity.
	ServiceAccount ServiceAccountRef `json:"serviceAccount"`
}

// VaultAppRole is Vault's AppRole method.
type VaultAppRole struct {
	// Mount is where the method is mounted. Default: approle.
	Mount string `json:"mount,omitempty"`
	// RoleID is the role's id, which is not secret.
	RoleID string `json:"roleID"`
	// SecretID is the key of a Secret with the secret id.
	SecretID NamespacedSecretKeySelector `json:"secretID"`
}

// OnePasswordStore is a 1Password Connect server.
type OnePasswordStore struct {
	// ConnectHost is the server's address.
	ConnectHost string `json:"connectHost"`
	// Vaults are the vaults to search, each with its position in the order.
	Vaults map[string]int32 `json:"vaults,omitempty"`
	// Token is the key of a Secret with the token of the server.
	Token NamespacedSecretKeySelector `json:"token"`
}

// KubernetesStore is a namespace of a cluster.
type KubernetesStore struct {
	// Namespace holds the Secrets. Default: default.
	Namespace string `json:"namespace,omitempty"`
	// Server is the API server. Default: that of the cluster.
	Server string `json:"server,omitempty"`
	// CA is the certificate authority of the API server. Default: the ConfigMap
	// kube-root-ca.crt.
	CA *CARef `json:"ca,omitempty"`
	// ServiceAccount is the identity. Token is a long-lived one instead.
	ServiceAccount *ServiceAccountRef           `json:"serviceAccount,omitempty"`
	Token          *NamespacedSecretKeySelector `json:"token,omitempty"`
}

// FakeStore holds fake values; production environments cannot use it.
type FakeStore struct {
	// Data are the values. The value of a Key with the default path is a JSON object
	// as text.
	Data []FakeValue `json:"data,omitempty"`
}

// FakeValue is a fake value.
type FakeValue struct {
	// Key is its name, and Value its value, which is not secret.
	Key   string `json:"key"`
	Value string `json:"value"`
	// Version is its version. Default: none.
	Version string `json:"version,omitempty"`
}

// SharedSecret is a Secret in each namespace of an environment: a
// ClusterExternalSecret.
type SharedSecret struct {
	// Secret is what each namespace gets. The default of Target is its name; no
	// pod gets it by itself.
	Secret `json:",inline"`
	// NamespaceSelector selects namespaces. Default: those of the environment's apps.
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}
