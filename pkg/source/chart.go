package source

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Charts renders Helm charts. Several goroutines call it at once, often for the same
// release. The one with Helm's own code is helm.Renderer; who needs no charts does not
// link it.
type Charts interface {
	// Render returns what a chart renders for a release, of which nothing may be
	// changed. Errors are a finding.AllWrong with paths below the chart of a spec, as
	// in version or values[replicaCount].
	Render(r Release) (*Rendered, error)
	// Inspect returns what users should know of a release that renders.
	Inspect(r Release) (*Inspected, error)
	// Version changes with anything that Render depends on beside the release: with
	// the charts that it knows, and with how it renders them. Caches rely on it.
	Version() string
}

// Release is what a chart is rendered for.
type Release struct {
	// Chart is merged. Its Values are those of the release, complete, with nulls.
	Chart model.Chart
	// Name and Namespace are those of the release.
	Name, Namespace string
	// KubernetesVersion is the cluster's, as in 1.36; "" where none is known, and the
	// one that Helm's command assumes is meant.
	KubernetesVersion string
	// APIVersions are those of the cluster beside the ones that Helm knows, as
	// group/version and as group/version/Kind.
	APIVersions []string
}

// Rendered is what a chart renders: what helm template prints for it, tests and CRDs
// among it.
type Rendered struct{ Objects []ChartObject }

// ChartObject is an object that a chart renders.
type ChartObject struct {
	// Object is complete as it was rendered, with nulls, and may lack a name.
	Object model.RawObject
	// Template is the file that it is from, as in podinfo/templates/service.yaml, and
	// Line its line there; 0 where none is known.
	Template string
	Line     int
	// IsCRD tells that it is from a directory of CRDs, which is not rendered.
	IsCRD bool
	// Hook is set for hooks.
	Hook *ChartHook
}

// ChartHook is when Helm creates an object, in Helm's words: what its annotations say.
type ChartHook struct {
	// Events are such as pre-install and test.
	Events []string
	Weight int
	// DeletePolicies are such as hook-succeeded.
	DeletePolicies []string
}

// Inspected is what users should know of a release.
type Inspected struct {
	// Unread are values that nothing in the chart reads.
	Unread []UnreadValue
	// Varying are what would be different in another render.
	Varying []Varying
}

// UnreadValue is a value that no template of a chart reads.
type UnreadValue struct {
	// Path is the place in the values, as in controller.replicaCuont, and Nearest that
	// of the value that was probably meant, or "".
	Path, Nearest fieldpath.Path
	// Perhaps says that a template reads values by names that only it knows.
	Perhaps bool
}

// Varying is what a template does that differs from render to render.
type Varying struct {
	Cause VaryingCause
	// Construct is what the template says, such as randAlphaNum or .Release.Revision.
	Construct string
	// Template is the file with the construct, and Line its line; both are zero for a
	// template in a value.
	Template string
	Line     int
	// Objects are those that it reaches; none where the chart would not render at all.
	Objects []VaryingObject
}

// VaryingObject is an object that something reaches which varies, and its fields.
type VaryingObject struct {
	ChartObject
	Fields []fieldpath.Path
}

// VaryingCause is why a chart would not render the same bytes for ever.
type VaryingCause string

const (
	// VariesRandomly is a random number, key, certificate or hash with a random salt.
	VariesRandomly VaryingCause = "random"
	// VariesInTime is the time of the render.
	VariesInTime VaryingCause = "clock"
	// VariesInCluster is what a cluster or the network says, which nobody asks here.
	VariesInCluster VaryingCause = "cluster"
	// VariesInOrder is the order of the entries of a map.
	VariesInOrder VaryingCause = "order"
	// VariesInInstallation is whether a release is installed or upgraded, and by which
	// Helm. Here, it never differs.
	VariesInInstallation VaryingCause = "install"
)
