package view

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The labels of the namespace of a preview. What lets previews in, such as a
// listener or the policy of an app that they call, selects their namespaces by
// these labels, since nobody knows the names beforehand.
const (
	// PreviewLabel names the app, and is on no other namespace.
	PreviewLabel = "gitopsgen.dev/preview"
	// EnvironmentLabel names the environment that the preview is like.
	EnvironmentLabel = "gitopsgen.dev/environment"
	// PullRequestLabel holds the number of the pull request.
	PullRequestLabel = "gitopsgen.dev/pull-request"
)

// Preview names the preview of a pull request of an app.
type Preview struct {
	// App is the app, and Number the number of the pull request.
	App, Number string
	// Commit is the tag of the image that the pull request builds; "" for the
	// environment's image.
	Commit string
}

// Example is the number of the pull request in the tree. No forge has it: Argo CD
// puts another one in its place.
const Example = "0"

// LongExample is a number as long as those of pull requests become.
const LongExample = "999999"

// PreviewSelector selects the namespaces of all previews of an environment.
func PreviewSelector(env string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{EnvironmentLabel: env},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: PreviewLabel, Operator: metav1.LabelSelectorOpExists}}}
}

// PreviewName returns the name of the preview of a pull request: that of its
// Application and of its namespace, and the first label of its hosts.
func PreviewName(app, number string) string { return app + "-pr-" + number }

// IsPreview reports whether a scope is that of a preview.
func (s Scope) IsPreview() bool { return s.Preview.App != "" }

// Like returns the scope that a preview is like, or the scope itself.
func (s Scope) Like() Scope { return Scope{Environment: s.Environment, Cluster: s.Cluster} }

// Scope is where a target runs. Without an environment it is the base: what is
// the same everywhere. Without a cluster it is what all clusters of the
// environment share.
type Scope struct {
	Environment, Cluster string
	// Preview is the pull request whose preview the target is, in an environment
	// that has one cluster; zero for the environment itself.
	Preview Preview
}
