package secrets

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

type condition struct {
	Namespaces        []string              `json:"namespaces,omitempty"`
	NamespaceRegexes  []string              `json:"namespaceRegexes,omitempty"`
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}

// Stores makes the stores and the shared Secrets of an environment. What is
// cluster-scoped bears the environment's name, so that environments on one
// cluster do not make the same object twice.
func Stores(s view.Environment) ([]object.Object, error) {
	var typed []*resource
	for i := range s.SecretStores {
		typed = append(typed, stores(s, &s.SecretStores[i])...)
	}
	for i := range s.SharedSecrets {
		if x := &s.SharedSecrets[i]; x.StoreRef != nil {
			typed = append(typed, shared(s, x))
		}
	}
	return object.FromAll(typed...)
}

// OfPreview makes the stores in the namespace of a preview.
func OfPreview(_ *view.Target, s view.Environment, _ *view.View) ([]object.Object, error) {
	var typed []*resource
	for i := range s.SecretStores {
		if x := &s.SecretStores[i]; x.Kind == model.NamespacedStore {
			typed = append(typed, stores(s, x)...)
		}
	}
	return object.FromAll(typed...)
}

func meta(name, namespace string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}}
}

// stores makes the object of a store, or that in each namespace.
func stores(s view.Environment, x *model.SecretStore) []*resource {
	name, spec := view.StoreObject(x.Name, s.Scope.Environment), storeSpec{Provider: providerOf(x)}
	if x.Kind == model.NamespacedStore {
		var out []*resource
		for _, namespace := range s.Namespaces {
			out = append(out, &resource{metav1.TypeMeta{APIVersion: apiVersion, Kind: string(model.NamespacedStore)}, meta(name, namespace), spec})
		}
		return out
	}
	for _, c := range x.Conditions {
		spec.Conditions = append(spec.Conditions, condition(c))
	}
	if len(spec.Conditions) == 0 {
		if len(s.Namespaces) == 0 {
			return nil // without conditions, everybody might use it
		}
		spec.Conditions = []condition{{Namespaces: s.Namespaces}}
	}
	if len(s.Previews) > 0 {
		spec.Conditions = append(spec.Conditions, condition{NamespaceSelector: view.PreviewSelector(s.Model.Name)})
	}
	return []*resource{{metav1.TypeMeta{APIVersion: apiVersion, Kind: string(model.ClusterStore)}, meta(name, ""), spec}}
}

// shared makes the ClusterExternalSecret of a shared Secret.
func shared(s view.Environment, x *model.SharedSecret) *resource {
	selector := x.NamespaceSelector
	if selector == nil {
		selector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpIn, Values: s.Namespaces}}}
	}
	selectors := []metav1.LabelSelector{*selector}
	if len(s.Previews) > 0 {
		selectors = append(selectors, *view.PreviewSelector(s.Model.Name))
	}
	return &resource{
		metav1.TypeMeta{APIVersion: apiVersion, Kind: "ClusterExternalSecret"}, meta(view.StoreObject(x.Name, s.Scope.Environment), ""),
		clusterExternalSecretSpec{ExternalSecretName: x.Target, NamespaceSelectors: selectors,
			RefreshTime: "1m0s", ExternalSecretSpec: spec(&x.Secret)},
	}
}

// providerOf returns the provider of a store.
func providerOf(x *model.SecretStore) provider {
	var p provider
	switch {
	case x.AWS != nil:
		p.AWS = &aws{Service: cmp.Or(x.AWS.Service, "SecretsManager"), Region: x.AWS.Region, Role: x.AWS.Role, Prefix: x.AWS.Prefix,
			Auth: awsAuthOf(x.AWS.ServiceAccount, x.AWS.Keys)}
	case x.GCP != nil:
		p.GCPSM = &gcp{ProjectID: x.GCP.Project, Location: x.GCP.Location, Auth: gcpAuthOf(x.GCP)}
	case x.Azure != nil:
		p.AzureKV = azureOf(x.Azure)
	case x.Vault != nil:
		p.Vault = vaultOf(x.Vault)
		p.Vault.Path = cmp.Or(x.Vault.Path, "secret")
	case x.OnePassword != nil:
		p.OnePassword = &onePassword{ConnectHost: x.OnePassword.ConnectHost, Vaults: x.OnePassword.Vaults}
		p.OnePassword.Auth.SecretRef.ConnectToken = keyRefOf(x.OnePassword.Token)
	case x.Kubernetes != nil:
		p.Kubernetes = kubernetesOf(x.Kubernetes, x.Kind)
	case x.Fake != nil:
		p.Fake = &fake{Data: []fakeValue{}}
		for _, v := range x.Fake.Data {
			p.Fake.Data = append(p.Fake.Data, fakeValue(v))
		}
	}
	return p
}

func awsAuthOf(account *model.ServiceAccountRef, keys *model.AWSKeys) *awsAuth {
	switch {
	case account != nil:
		return &awsAuth{JWT: &accountAuth{*accountRefOf(account)}}
	case keys != nil:
		return &awsAuth{SecretRef: &awsKeys{keyRefOf(keys.AccessKeyID), keyRefOf(keys.SecretAccessKey)}}
	}
	return nil
}

func gcpAuthOf(g *model.GCPStore) *gcpAuth {
	switch {
	case g.WorkloadIdentity != nil:
		return &gcpAuth{WorkloadIdentity: gcpIdentityOf(g.WorkloadIdentity)}
	case g.Key != nil:
		return &gcpAuth{SecretRef: &gcpKey{keyRefOf(*g.Key)}}
	}
	return nil
}

func gcpIdentityOf(w *model.GCPIdentity) *gcpIdentity {
	if w == nil {
		return nil
	}
	return &gcpIdentity{*accountRefOf(&w.ServiceAccount), w.ClusterName, w.ClusterLocation, w.ClusterProject}
}

func azureOf(a *model.AzureStore) *azure {
	out := &azure{VaultURL: a.VaultURL, TenantID: a.TenantID, IdentityID: a.IdentityID, AuthType: "ManagedIdentity",
		EnvironmentType: cmp.Or(a.EnvironmentType, "PublicCloud")}
	switch {
	case a.ServiceAccount != nil:
		out.AuthType, out.ServiceAccountRef = "WorkloadIdentity", accountRefOf(a.ServiceAccount)
	case a.Client != nil:
		out.AuthType, out.AuthSecretRef = "ServicePrincipal", &azureClient{keyRefOf(a.Client.ID), keyRefOf(a.Client.Secret)}
	}
	return out
}

func vaultOf(v *model.VaultStore) *vault {
	out := &vault{Server: v.Server, Path: v.Path, Version: cmp.Or(v.Version, "v2"), Namespace: v.Namespace, CAProvider: caOf(v.CA), Auth: &vaultAuth{}}
	switch {
	case v.Kubernetes != nil:
		out.Auth.Kubernetes = &vaultKubernetes{cmp.Or(v.Kubernetes.Mount, "kubernetes"), v.Kubernetes.Role, accountRefOf(v.Kubernetes.ServiceAccount)}
	case v.JWT != nil:
		out.Auth.JWT = &vaultJWT{cmp.Or(v.JWT.Mount, "jwt"), v.JWT.Role, accountAuth{*accountRefOf(&v.JWT.ServiceAccount)}}
	case v.AppRole != nil:
		out.Auth.AppRole = &vaultAppRole{cmp.Or(v.AppRole.Mount, "approle"), v.AppRole.RoleID, keyRefOf(v.AppRole.SecretID)}
	case v.Token != nil:
		out.Auth.TokenSecretRef = optionalKey(v.Token)
	default:
		out.Auth = nil
	}
	return out
}

// kubernetesOf returns the provider of another namespace. Every namespace has
// the authority of its cluster in kube-root-ca.crt; a ClusterSecretStore reads
// that of the namespace with the Secrets.
func kubernetesOf(k *model.KubernetesStore, kind model.StoreKind) *kubernetes {
	out := &kubernetes{RemoteNamespace: cmp.Or(k.Namespace, "default"), Server: kubernetesServer{cmp.Or(k.Server, "kubernetes.default"), caOf(k.CA)},
		Auth: kubernetesAuth{ServiceAccount: accountRefOf(k.ServiceAccount)}}
	if k.CA == nil {
		out.Server.CAProvider = &caProvider{Type: "ConfigMap", Name: "kube-root-ca.crt", Key: "ca.crt"}
		if kind != model.NamespacedStore {
			out.Server.CAProvider.Namespace = cmp.Or(k.Namespace, "default")
		}
	}
	if k.Token != nil {
		out.Auth.Token = &kubernetesToken{keyRefOf(*k.Token)}
	}
	return out
}
