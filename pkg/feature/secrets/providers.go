package secrets

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// storeSpec is the spec of a SecretStore and a ClusterSecretStore.
type storeSpec struct {
	Provider   provider    `json:"provider"`
	Conditions []condition `json:"conditions,omitempty"`
}

type provider struct {
	AWS         *aws         `json:"aws,omitempty"`
	GCPSM       *gcp         `json:"gcpsm,omitempty"`
	AzureKV     *azure       `json:"azurekv,omitempty"`
	Vault       *vault       `json:"vault,omitempty"`
	OnePassword *onePassword `json:"onepassword,omitempty"`
	Kubernetes  *kubernetes  `json:"kubernetes,omitempty"`
	Fake        *fake        `json:"fake,omitempty"`
}

type accountRef struct {
	Name      string   `json:"name"`
	Namespace string   `json:"namespace,omitempty"`
	Audiences []string `json:"audiences,omitempty"`
}

type keyRef struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
	Key       string `json:"key"`
}

type caProvider struct {
	Type      string `json:"type"`
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
	Key       string `json:"key"`
}

type aws struct {
	Service string   `json:"service"`
	Region  string   `json:"region"`
	Role    string   `json:"role,omitempty"`
	Prefix  string   `json:"prefix,omitempty"`
	Auth    *awsAuth `json:"auth,omitempty"`
}

type awsAuth struct {
	JWT       *accountAuth `json:"jwt,omitempty"`
	SecretRef *awsKeys     `json:"secretRef,omitempty"`
}

type accountAuth struct {
	ServiceAccountRef accountRef `json:"serviceAccountRef"`
}

type awsKeys struct {
	AccessKeyID     keyRef `json:"accessKeyIDSecretRef"`
	SecretAccessKey keyRef `json:"secretAccessKeySecretRef"`
}

type gcp struct {
	ProjectID string   `json:"projectID"`
	Location  string   `json:"location,omitempty"`
	Auth      *gcpAuth `json:"auth,omitempty"`
}

type gcpAuth struct {
	WorkloadIdentity *gcpIdentity `json:"workloadIdentity,omitempty"`
	SecretRef        *gcpKey      `json:"secretRef,omitempty"`
}

type gcpKey struct {
	SecretAccessKey keyRef `json:"secretAccessKeySecretRef"`
}

type gcpIdentity struct {
	ServiceAccountRef accountRef `json:"serviceAccountRef"`
	ClusterName       string     `json:"clusterName,omitempty"`
	ClusterLocation   string     `json:"clusterLocation,omitempty"`
	ClusterProjectID  string     `json:"clusterProjectID,omitempty"`
}

type azure struct {
	VaultURL          string       `json:"vaultUrl"`
	TenantID          string       `json:"tenantId,omitempty"`
	AuthType          string       `json:"authType"`
	EnvironmentType   string       `json:"environmentType"`
	IdentityID        string       `json:"identityId,omitempty"`
	ServiceAccountRef *accountRef  `json:"serviceAccountRef,omitempty"`
	AuthSecretRef     *azureClient `json:"authSecretRef,omitempty"`
}

type azureClient struct {
	ClientID     keyRef `json:"clientId"`
	ClientSecret keyRef `json:"clientSecret"`
}

type vault struct {
	Server     string      `json:"server"`
	Path       string      `json:"path,omitempty"`
	Version    string      `json:"version"`
	Namespace  string      `json:"namespace,omitempty"`
	CAProvider *caProvider `json:"caProvider,omitempty"`
	Auth       *vaultAuth  `json:"auth,omitempty"`
}

type vaultAuth struct {
	Kubernetes     *vaultKubernetes `json:"kubernetes,omitempty"`
	JWT            *vaultJWT        `json:"jwt,omitempty"`
	AppRole        *vaultAppRole    `json:"appRole,omitempty"`
	TokenSecretRef *keyRef          `json:"tokenSecretRef,omitempty"`
}

type vaultKubernetes struct {
	MountPath         string      `json:"mountPath"`
	Role              string      `json:"role"`
	ServiceAccountRef *accountRef `json:"serviceAccountRef,omitempty"`
}

type vaultJWT struct {
	Path  string      `json:"path"`
	Role  string      `json:"role,omitempty"`
	Token accountAuth `json:"kubernetesServiceAccountToken"`
}

type vaultAppRole struct {
	Path      string `json:"path"`
	RoleID    string `json:"roleId"`
	SecretRef keyRef `json:"secretRef"`
}

type onePassword struct {
	ConnectHost string           `json:"connectHost"`
	Vaults      map[string]int32 `json:"vaults"`
	Auth        onePasswordAuth  `json:"auth"`
}

type onePasswordAuth struct {
	SecretRef struct {
		ConnectToken keyRef `json:"connectTokenSecretRef"`
	} `json:"secretRef"`
}

type kubernetes struct {
	RemoteNamespace string           `json:"remoteNamespace"`
	Server          kubernetesServer `json:"server"`
	Auth            kubernetesAuth   `json:"auth"`
}

type kubernetesServer struct {
	URL        string      `json:"url"`
	CAProvider *caProvider `json:"caProvider,omitempty"`
}

type kubernetesAuth struct {
	ServiceAccount *accountRef      `json:"serviceAccount,omitempty"`
	Token          *kubernetesToken `json:"token,omitempty"`
}

type kubernetesToken struct {
	BearerToken keyRef `json:"bearerToken"`
}

type fake struct {
	Data []fakeValue `json:"data"`
}

type fakeValue struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Version string `json:"version,omitempty"`
}

func accountRefOf(a *model.ServiceAccountRef) *accountRef {
	if a == nil {
		return nil
	}
	return &accountRef{a.Name, a.Namespace, a.Audiences}
}

func keyRefOf(r model.NamespacedSecretKeySelector) keyRef { return keyRef{r.Name, r.Namespace, r.Key} }

func optionalKey(r *model.NamespacedSecretKeySelector) *keyRef {
	if r == nil {
		return nil
	}
	out := keyRefOf(*r)
	return &out
}

func caOf(c *model.CARef) *caProvider {
	if c == nil {
		return nil
	}
	return &caProvider{cmp.Or(c.Kind, "ConfigMap"), c.Name, c.Namespace, c.Key}
}
