package secrets

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checkModel checks the secret stores of the fleet, and the environments' use of
// them.
func checkModel(r *feature.Report) {
	c := checker{r}
	seen := map[string]bool{}
	var names []string
	for i := range c.Fleet.SecretStores {
		s := &c.Fleet.SecretStores[i]
		at := fieldpath.Path("secretStores").Key(s.Name)
		c.Label(at.Field("name"), s.Name, 63)
		c.Unique(seen, at, s.Name)
		names = append(names, s.Name)
		c.choice(at.Field("kind"), string(s.Kind), string(model.ClusterStore), string(model.NamespacedStore))
		c.ExactlyOne(at, "exactly one", map[string]bool{"aws": s.AWS != nil, "gcp": s.GCP != nil, "azure": s.Azure != nil, "vault": s.Vault != nil,
			"onePassword": s.OnePassword != nil, "kubernetes": s.Kubernetes != nil, "fake": s.Fake != nil}, 1)
		c.conditions(at.Field("conditions"), s)
		p := storeChecker{c, s.Kind != model.NamespacedStore}
		p.clouds(at, s)
		p.servers(at, s)
	}
	for _, e := range c.Fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		if e.SecretStore != "" {
			c.Known("unknown-store", "secret store", at.Field("secretStore"), e.SecretStore, names)
		}
		c.place(at.Field("secretPath"), e.SecretPath)
		for i := range e.SharedSecrets {
			s := &e.SharedSecrets[i].Secret
			c.secret(at.Field("sharedSecrets").Key(s.Name), s, names)
		}
	}
}

// conditions finds stores that every namespace of a cluster may use.
func (c checker) conditions(at fieldpath.Path, s *model.SecretStore) {
	if s.Kind == model.NamespacedStore && len(s.Conditions) > 0 {
		c.Errorf("invalid-value", at, "remove them", "a SecretStore serves only its own namespace and has no conditions")
	}
	for i, x := range s.Conditions {
		below := at.Index(i)
		open := len(x.Namespaces)+len(x.NamespaceRegexes) == 0 && (x.NamespaceSelector == nil || len(x.NamespaceSelector.MatchLabels)+len(x.NamespaceSelector.MatchExpressions) == 0)
		for j, r := range x.NamespaceRegexes {
			re, err := regexp.Compile(r)
			if err != nil {
				c.Errorf("invalid-value", below.Field("namespaceRegexes").Index(j), "fix the expression", "this is not a valid regular expression")
				continue
			}
			open = open || re.MatchString("kube-system") && re.MatchString("default") && re.MatchString("x")
		}
		if open {
			c.Warnf("open-store", below, "list namespaces, or a label that only they have", "every namespace of the cluster can read the store")
		}
	}
}

// storeChecker checks what a store's provider needs.
type storeChecker struct {
	checker
	// cluster tells that the store is a ClusterSecretStore.
	cluster bool
}

// clouds checks the providers of clouds.
func (p storeChecker) clouds(at fieldpath.Path, s *model.SecretStore) {
	if x, at := s.AWS, at.Field("aws"); x != nil {
		p.required(at, map[string]string{"region": x.Region})
		p.choice(at.Field("service"), x.Service, "SecretsManager", "ParameterStore")
		p.ExactlyOne(at, "at most one", map[string]bool{"serviceAccount": x.ServiceAccount != nil, "keys": x.Keys != nil}, 0)
		p.account(at.Field("serviceAccount"), x.ServiceAccount)
		if x.Keys != nil {
			p.static(at.Field("keys"), "serviceAccount, or EKS Pod Identity", x.Keys.AccessKeyID, x.Keys.SecretAccessKey)
		}
	}
	if x, at := s.GCP, at.Field("gcp"); x != nil {
		p.required(at, map[string]string{"project": x.Project})
		p.ExactlyOne(at, "at most one", map[string]bool{"workloadIdentity": x.WorkloadIdentity != nil, "key": x.Key != nil}, 0)
		if x.WorkloadIdentity != nil {
			p.account(at.Field("workloadIdentity").Field("serviceAccount"), &x.WorkloadIdentity.ServiceAccount)
		}
		if x.Key != nil {
			p.static(at.Field("key"), "workloadIdentity", *x.Key)
		}
	}
	if x, at := s.Azure, at.Field("azure"); x != nil {
		p.server(at.Field("vaultURL"), x.VaultURL)
		p.choice(at.Field("environmentType"), x.EnvironmentType, "PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud")
		p.ExactlyOne(at, "at most one", map[string]bool{"serviceAccount": x.ServiceAccount != nil, "client": x.Client != nil}, 0)
		p.account(at.Field("serviceAccount"), x.ServiceAccount)
		if x.Client != nil {
			p.static(at.Field("client"), "serviceAccount", x.Client.ID, x.Client.Secret)
		}
	}
}

// servers checks the providers that are servers of one's own.
func (p storeChecker) servers(at fieldpath.Path, s *model.SecretStore) {
	if s.Vault != nil {
		p.vault(at.Field("vault"), s.Vault)
	}
	if x, at := s.OnePassword, at.Field("onePassword"); x != nil {
		p.server(at.Field("connectHost"), x.ConnectHost)
		p.ref(at.Field("token"), x.Token)
		if len(x.Vaults) == 0 {
			p.Errorf("missing-value", at.Field("vaults"), "add a vault, as in shop: 1", "the store has no vaults")
		}
	}
	if x, at := s.Kubernetes, at.Field("kubernetes"); x != nil {
		p.ExactlyOne(at, "exactly one", map[string]bool{"serviceAccount": x.ServiceAccount != nil, "token": x.Token != nil}, 1)
		p.account(at.Field("serviceAccount"), x.ServiceAccount)
		if x.Token != nil {
			p.static(at.Field("token"), "serviceAccount", *x.Token)
		}
		if x.CA != nil {
			p.ref(at.Field("ca"), x.CA.NamespacedSecretKeySelector)
		}
	}
}

func (p storeChecker) vault(at fieldpath.Path, x *model.VaultStore) {
	p.server(at.Field("server"), x.Server)
	p.choice(at.Field("version"), x.Version, "v1", "v2")
	p.ExactlyOne(at, "exactly one", map[string]bool{"kubernetes": x.Kubernetes != nil, "jwt": x.JWT != nil, "appRole": x.AppRole != nil, "token": x.Token != nil}, 1)
	if x.Kubernetes != nil {
		p.required(at.Field("kubernetes"), map[string]string{"role": x.Kubernetes.Role})
		p.account(at.Field("kubernetes").Field("serviceAccount"), x.Kubernetes.ServiceAccount)
	}
	if x.JWT != nil {
		p.account(at.Field("jwt").Field("serviceAccount"), &x.JWT.ServiceAccount)
	}
	if x.AppRole != nil {
		p.static(at.Field("appRole"), "kubernetes", x.AppRole.SecretID)
	}
	if x.Token != nil {
		p.static(at.Field("token"), "kubernetes", *x.Token)
	}
	if x.CA != nil {
		p.ref(at.Field("ca"), x.CA.NamespacedSecretKeySelector)
	}
}

// server checks the address of a server.
func (p storeChecker) server(at fieldpath.Path, address string) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		p.Errorf("missing-value", at, "write it as https://HOST[:PORT]", "the address of the server is missing")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		p.Errorf("invalid-value", at, "write it as https://HOST[:PORT]", "the address of the server is not a valid URL")
	case u.Scheme == "http":
		p.Warnf("plain-http-store", at, "write https", "secrets would be sent without encryption")
	}
}

func (p storeChecker) account(at fieldpath.Path, a *model.ServiceAccountRef) {
	if a != nil {
		p.required(at, map[string]string{"name": a.Name})
		p.namespace(at, a.Namespace)
	}
}

func (p storeChecker) ref(at fieldpath.Path, r model.NamespacedSecretKeySelector) {
	p.required(at, map[string]string{"name": r.Name, "key": r.Key})
	p.namespace(at, r.Namespace)
}

// static checks long-lived credentials.
func (p storeChecker) static(at fieldpath.Path, instead string, refs ...model.NamespacedSecretKeySelector) {
	p.Warnf("static-credential", at, "use "+instead, "a long-lived credential has to be stored, rotated and monitored, and there is an alternative")
	for _, r := range refs {
		p.ref(at, r)
	}
}

// namespace checks that a reference says where, or that it may not.
func (p storeChecker) namespace(at fieldpath.Path, namespace string) {
	switch {
	case p.cluster && namespace == "":
		p.Errorf("store-ref-namespace", at.Field("namespace"), "add the namespace", "a ClusterSecretStore has no namespace, so its references have to name one")
	case !p.cluster && namespace != "":
		p.Errorf("store-across-namespaces", at.Field("namespace"), "remove it, or use a ClusterSecretStore", "a SecretStore can refer only to its own namespace")
	}
}

// required finds values that are missing.
func (c checker) required(at fieldpath.Path, values map[string]string) {
	for _, field := range feature.SortedKeys(values) {
		if values[field] == "" {
			c.Errorf("missing-value", at.Field(field), "add it", "%s is missing", field)
		}
	}
}

// choice checks that a value is one of some, where it is set.
func (c checker) choice(at fieldpath.Path, value string, from ...string) {
	for _, f := range append(from, "") {
		if value == f {
			return
		}
	}
	c.Errorf("invalid-value", at, "use "+strings.Join(from[:len(from)-1], ", ")+" or "+from[len(from)-1], "this is not one of the allowed values")
}
