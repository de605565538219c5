package crds

// release is one version of an operator, whose definitions judge.
type release struct {
	operator, minor string
	// module and version say where the definitions come from.
	module, version string
	// files is a pattern below the module's directory.
	files string
}

func (r release) String() string { return r.operator + " " + r.minor }

// releases are those that gitopsgen writes for: of each operator the newest,
// and older ones that are in use. What is written for one has to be right there.
var releases = []release{
	{"Argo CD", "3.6", "github.com/argoproj/argo-cd/v3", "v3.6.1", "manifests/crds/*-crd.yaml"},
	{"Argo CD", "3.5", "github.com/argoproj/argo-cd/v3", "v3.5.7", "manifests/crds/*-crd.yaml"},
	{"Argo CD", "3.4", "github.com/argoproj/argo-cd/v3", "v3.4.13", "manifests/crds/*-crd.yaml"},
	{"Argo CD", "3.2", "github.com/argoproj/argo-cd/v3", "v3.2.12", "manifests/crds/*-crd.yaml"},

	{"External Secrets", "1.3", "github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases/*external-secrets.io_*.yaml"},
	{"External Secrets", "0.20", "github.com/external-secrets/external-secrets", "v0.20.4", "config/crds/bases/*external-secrets.io_*.yaml"},

	{"cert-manager", "1.21", "github.com/cert-manager/cert-manager", "v1.21.2", "deploy/crds/*.yaml"},
	{"cert-manager", "1.20", "github.com/cert-manager/cert-manager", "v1.20.0", "deploy/crds/*.yaml"},

	{"Gateway API", "1.7", "sigs.k8s.io/gateway-api", "v1.7.0", "config/crd/standard/*_*.yaml"},
	{"Gateway API", "1.6", "sigs.k8s.io/gateway-api", "v1.6.3", "config/crd/standard/*_*.yaml"},
	{"Gateway API", "1.4", "sigs.k8s.io/gateway-api", "v1.4.1", "config/crd/standard/*_*.yaml"},

	// Before 1.5, TLSRoute was in the experimental channel alone.
	{"Gateway API's experiments", "1.7", "sigs.k8s.io/gateway-api", "v1.7.0", "config/crd/experimental/*_tlsroutes.yaml"},
	{"Gateway API's experiments", "1.6", "sigs.k8s.io/gateway-api", "v1.6.3", "config/crd/experimental/*_tlsroutes.yaml"},
	{"Gateway API's experiments", "1.4", "sigs.k8s.io/gateway-api", "v1.4.1", "config/crd/experimental/*_tlsroutes.yaml"},

	{"ExternalDNS", "0.23", "sigs.k8s.io/external-dns", "v0.23.0", "config/crd/standard/*.yaml"},
	{"ExternalDNS", "0.22", "sigs.k8s.io/external-dns", "v0.22.0", "config/crd/standard/*.yaml"},
	{"ExternalDNS", "0.20", "sigs.k8s.io/external-dns", "v0.20.0", "config/crd/standard/*.yaml"},

	{"Istio", "1.31", "istio.io/api", "v1.31.1", "kubernetes/customresourcedefinitions.gen.yaml"},
	{"Istio", "1.28", "istio.io/api", "v1.28.0", "kubernetes/customresourcedefinitions.gen.yaml"},

	{"KEDA", "2.21", "github.com/kedacore/keda/v2", "v2.21.0", "config/crd/bases/*.yaml"},

	{"VerticalPodAutoscaler", "1.8", "k8s.io/autoscaler/vertical-pod-autoscaler", "v1.8.1", "deploy/vpa-v1-crd-gen.yaml"},

	{"Prometheus", "0.85", "github.com/prometheus-operator/prometheus-operator", "v0.85.0", "example/prometheus-operator-crd/*.yaml"},

	{"Argo Rollouts", "1.10", "github.com/argoproj/argo-rollouts", "v1.10.1", "manifests/crds/*-crd.yaml"},
}
