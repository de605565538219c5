// Package model holds the typed structs that a user writes, in Go or in YAML:
// a Fleet of Clusters, Environments and Apps. The types have no behaviour; the
// comments say what each field means, its unit and its default.
//
// Struct tags named merge tell how a list of one layer meets that of an
// earlier one:
//
//	merge:"KEY"          entries with equal KEY merge, others are appended
//	merge:"KEY,replace"  entries with equal KEY are replaced as a whole
//	merge:"append"       all entries are kept, earlier layers first
//	merge:"identity"     Kubernetes objects; equal identities are replaced
//	merge:"-"            the field belongs to its layer and is not merged
//
// A list without the tag is replaced as a whole. With merge:"values", a map of any
// values is read and merged as Helm does it with files of values: maps in it merge at
// any depth, and null is a value.
//
// A field with the tag oneof:"true" excludes the others of its struct that have it: a
// layer that sets one of them drops the others that it inherits. Fields whose tag is
// another word exclude those with other words, and not each other.
//
// A tag named was holds the field's name in earlier versions. YAML that uses it
// is reported with the new name.
package model

import (
	corev1 "k8s.io/api/core/v1"
)

// APIVersion is the apiVersion of all kinds in YAML.
const APIVersion = "gitopsgen.dev/v1alpha1"

// Fleet is everything that one configuration repository describes.
type Fleet struct {
	// Name is the fleet's name, a DNS label.
	Name string `json:"name"`
	// Repository is the repository of the generated tree.
	Repository Repository `json:"repository,omitzero"`
	// GeneratorVersion is the version constraint that gitopsgen has to satisfy
	// to render this fleet, as in ">= 0.1.0". Default: any.
	GeneratorVersion string `json:"generatorVersion,omitempty"`
	// Defaults is the first layer of every app.
	Defaults AppSpec `json:"defaults,omitzero"`
	// Guards limit what one run can do.
	Guards Guards `json:"guards,omitzero"`
	// ArgoCD are the instances that sync the fleet. Default: one named argocd, if
	// the fleet has one cluster.
	ArgoCD []ArgoCD `json:"argoCD,omitempty"`
	// Projects configures Argo CD projects. What a project can deploy, and where, is
	// derived from its apps.
	Projects []Project `json:"projects,omitempty"`
	// Delivery is how the Applications of the apps are created.
	Delivery Delivery `json:"delivery,omitzero"`
	// SecretStores are the stores of the values of Secrets.
	SecretStores []SecretStore `json:"secretStores,omitempty"`
	// Gateways are where traffic enters clusters.
	Gateways []Gateway `json:"gateways,omitempty" merge:"name"`
	// Issuers sign certificates.
	Issuers []Issuer `json:"issuers,omitempty" merge:"name"`
	// Kinds declares the scopes of kinds whose scope is unknown.
	Kinds []KindScope `json:"kinds,omitempty"`
	// Components are workloads and objects that exist once per cluster and belong to
	// no app.
	Components []PlatformComponent `json:"components,omitempty"`
	// Clusters are the clusters that apps run on.
	Clusters []Cluster `json:"clusters,omitempty"`
	// Environments are the stages that apps run in.
	Environments []Environment `json:"environments,omitempty"`
	// Apps are the applications.
	Apps []App `json:"apps,omitempty"`
}

// Layout names a layout of the tree.
type Layout string

const (
	// Overlays is a base for each app and an overlay for each environment,
	// grouped by app. It is the default.
	Overlays Layout = "overlays"
	// Rendered is the built objects: a directory for each environment, cluster
	// and app, one file for each object.
	Rendered Layout = "rendered"
)

// Repository is the configuration repository that Argo CD reads.
type Repository struct {
	// URL is the address of the repository, without a login or a query.
	URL string `json:"url,omitempty"`
	// Branch is the branch that Argo CD reads. Default: main.
	Branch string `json:"branch,omitempty"`
	// Path is the directory of the tree inside the repository. Default: its root.
	Path string `json:"path,omitempty"`
	// Layout is the layout of the tree. Default: overlays.
	Layout Layout `json:"layout,omitempty"`
}

// Guards limit what one run can do to an existing tree.
type Guards struct {
	// MaxDeletePercent is the percentage of the owned files that one run can delete.
	// Default: 30.
	MaxDeletePercent *int32 `json:"maxDeletePercent,omitempty"`
	// Waivers disable rules where they do not apply. Default: none.
	Waivers []Waiver `json:"waivers,omitempty" was:"notSecret"`
}

// Waiver disables a rule for one value, so that the rule reports neither an error
// nor a warning.
type Waiver struct {
	// Rule is the id of the rule: secret-value or secret-like. Others cannot be
	// waived.
	Rule string `json:"rule"`
	// Path is the value's path in the fleet, as findings have it:
	// apps[web].spec.env[SALT].value.
	Path string `json:"path"`
	// Reason is why the rule does not apply there.
	Reason string `json:"reason"`
}

// Cluster is a Kubernetes cluster.
type Cluster struct {
	// Name is the cluster's name, a DNS label.
	Name string `json:"name"`
	// Server is the address of its API server.
	Server string `json:"server,omitempty"`
	// KubernetesVersion is its version, as in 1.36. Default: the newest known.
	KubernetesVersion string `json:"kubernetesVersion,omitempty"`
	// Registration is how Argo CD instances on other clusters connect to it.
	// Default: it is registered elsewhere, under its name.
	Registration *Registration `json:"registration,omitempty"`
	// Operators are the versions of the operators on the cluster.
	Operators Operators `json:"operators,omitzero"`
	// Gateway names the gateway of routes on this cluster. Default: the
	// environment's. At most one of Gateway and IngressClass is set.
	Gateway string `json:"gateway,omitempty"`
	// IngressClass makes routes on this cluster Ingresses of this class.
	IngressClass string `json:"ingressClass,omitempty"`
	// IngressController are the pods that call the apps for an Ingress. Default: any
	// pod of the cluster.
	IngressController *Pods `json:"ingressController,omitempty"`
	// Monitoring are the pods that scrape metrics. Default: those of the
	// namespace monitoring.
	Monitoring *Pods `json:"monitoring,omitempty"`
	// Istiod are the pods of Istio's control plane, which sidecars call. Default:
	// those of istio-system with the label app=istiod.
	Istiod *Pods `json:"istiod,omitempty"`
	// APIServerCIDRs are the addresses of the API server as pods see it. Default:
	// any address, at the ports 443 and 6443.
	APIServerCIDRs []string `json:"apiServerCIDRs,omitempty"`
	// Platform is the Kubernetes platform: gke, eks, aks or openshift. It sets the
	// defaults of DNS. Default: none, which suits clusters that were created with
	// kubeadm, kOps or kubespray.
	Platform Platform `json:"platform,omitempty"`
	// DNS is where the pods of the cluster look up names; every network policy
	// allows that. Default: that of the platform.
	DNS *ClusterDNS `json:"dns,omitempty"`
	// CertManagerNamespace is where cert-manager looks for the Secrets of
	// ClusterIssuers. Default: cert-manager.
	CertManagerNamespace string `json:"certManagerNamespace,omitempty"`
	// Labels describe the cluster for selection; they are not added to objects.
	Labels map[string]string `json:"labels,omitempty"`
	// Defaults is the cluster's layer of every app that runs on it.
	Defaults AppSpec `json:"defaults,omitzero"`
}

// Platform names a Kubernetes platform.
type Platform string

// The platforms that differ in what apps see of them.
const (
	GKE       Platform = "gke"
	EKS       Platform = "eks"
	AKS       Platform = "aks"
	OpenShift Platform = "openshift"
)

// ClusterDNS is where the pods of a cluster look up names, with UDP and TCP. What
// is set here replaces the defaults of the platform, field by field.
type ClusterDNS struct {
	// Pods are the servers that run as pods. Default: all of kube-system, on
	// OpenShift those of openshift-dns.
	Pods []Pods `json:"pods,omitempty"`
	// Addresses are networks of DNS servers at port 53 that are not pods, so that a
	// network policy cannot select them, as in 169.254.20.10/32: a cache on each
	// node, or a server outside of the cluster. On GKE without Dataplane V2,
	// NodeLocal DNSCache answers at the address of the Service kube-dns. Default:
	// 169.254.20.10, 169.254.25.10 and 169.254.169.254, on AKS also 169.254.10.10
	// and 169.254.10.11, on OpenShift none.
	Addresses []string `json:"addresses,omitempty"`
	// Port is the port of the Pods. Default: 53, on OpenShift 5353.
	Port *int32 `json:"port,omitempty"`
}

// Operators are the versions of a cluster's operators, as in 1.3 or v1.3.2. What
// is generated for an operator matches its version. Default: the newest known.
type Operators struct {
	// ExternalSecrets is the version of the External Secrets Operator.
	ExternalSecrets string `json:"externalSecrets,omitempty"`
	// CertManager is the version of cert-manager.
	CertManager string `json:"certManager,omitempty"`
	// GatewayAPI is the version of the Gateway API's resources.
	GatewayAPI string `json:"gatewayAPI,omitempty"`
	// ExternalDNS is the version of ExternalDNS.
	ExternalDNS string `json:"externalDNS,omitempty"`
	// Istio is the version of Istio.
	Istio string `json:"istio,omitempty"`
}

// Environment is a stage that apps run in.
type Environment struct {
	// Name is the environment's name, a DNS label.
	Name string `json:"name"`
	// PromotedFrom is the environment that changes come from. Default: none.
	PromotedFrom string `json:"promotedFrom,omitempty"`
	// Production marks an environment on which users depend. Default: true for an
	// environment that is promoted from another one and from which none is promoted.
	Production *bool `json:"production,omitempty"`
	// Branch is the branch of the repository that contains only the files of this
	// environment. Default: that of the repository.
	Branch string `json:"branch,omitempty"`
	// Clusters are the clusters of the environment. At least one.
	Clusters []string `json:"clusters,omitempty"`
	// Canary is the cluster that rolling syncs try first. Default: none.
	Canary string `json:"canary,omitempty"`
	// Namespace is the pattern for the namespace of an app, in which {app},
	// {project} and {env} are replaced. Default: {project}-{env}.
	Namespace string `json:"namespace,omitempty"`
	// Domain completes the hosts of routes: shop becomes shop.DOMAIN.
	Domain string `json:"domain,omitempty"`
	// Gateway names the gateway of the environment's routes. Default: the only one
	// of the fleet. At most one of Gateway and IngressClass is set.
	Gateway string `json:"gateway,omitempty"`
	// IngressClass makes the environment's routes Ingresses of this class.
	IngressClass string `json:"ingressClass,omitempty"`
	// Issuer names the issuer of the environment's certificates. Default: the
	// only one of the fleet.
	Issuer string `json:"issuer,omitempty"`
	// Namespaces configures the namespaces of the environment.
	Namespaces Namespaces `json:"namespaces,omitzero"`
	// SecretStore names the SecretStore that the environment's apps read. Default: none.
	SecretStore string `json:"secretStore,omitempty"`
	// SecretPath is the pattern for the path of a Secret's values in the store, in
	// which {app}, {project}, {env} and {secret} are replaced. Default:
	// {env}/{app}/{secret}, with dashes in stores whose names cannot contain
	// slashes, and with a leading slash in a Parameter Store without prefix.
	SecretPath string `json:"secretPath,omitempty"`
	// SharedSecrets are Secrets in each of the environment's namespaces.
	SharedSecrets []SharedSecret `json:"sharedSecrets,omitempty"`
	// ExistingSecrets are names of Secrets in the environment's namespaces that are
	// created elsewhere.
	ExistingSecrets []string `json:"existingSecrets,omitempty" was:"outsideSecrets"`
	// Defaults is the environment's layer of every app that runs in it.
	Defaults AppSpec `json:"defaults,omitzero"`
}

// PodSecurityLevel is a level of the pod security standards.
type PodSecurityLevel string

// The levels of the pod security standards.
const (
	Privileged PodSecurityLevel = "privileged"
	Baseline   PodSecurityLevel = "baseline"
	Restricted PodSecurityLevel = "restricted"
)

// Namespaces configures the namespaces of an environment.
type Namespaces struct {
	// Manage generates the Namespace objects and what belongs to them. Default:
	// true.
	Manage *bool `json:"manage,omitempty"`
	// PodSecurity is the level that is enforced, audited and warned about, except in
	// the namespaces of apps with another level. Default: restricted.
	PodSecurity PodSecurityLevel `json:"podSecurity,omitempty"`
	// DefaultDeny adds a NetworkPolicy that denies all traffic that no other policy
	// allows. Default: true.
	DefaultDeny *bool `json:"defaultDeny,omitempty"`
	// Labels are added to the Namespace objects.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are added to the Namespace objects.
	Annotations map[string]string `json:"annotations,omitempty"`
	// Quota is the hard limit of a ResourceQuota. Default: none.
	Quota corev1.ResourceList `json:"quota,omitempty"`
	// Limits are the items of a LimitRange. Default: none.
	Limits []corev1.LimitRangeItem `json:"limits,omitempty"`
}
