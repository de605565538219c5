package diff

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Kept is an object that is no longer in git, and that Argo CD leaves on the
// cluster as it is told to: it holds data.
type Kept struct {
	// Deletion is what would be deleted. Its name ends in -* where it stands for
	// the claims that a StatefulSet made of a template.
	Deletion
	// Command deletes it, once nobody needs the data.
	Command string `json:"command"`
}

// String returns what is kept, and the command that deletes it.
func (k Kept) String() string {
	return fmt.Sprintf("%s: %s (Application %s): %s", k.Cluster, k.ID, k.Application, k.Command)
}

// keep returns what is kept in place of a deletion.
func keep(d Deletion) Kept {
	d.Confirm, d.ByHand, d.Data = false, false, false
	return Kept{d, d.kubectl(d.ID.Name)}
}

// claims returns the claims that an object leaves behind when it is deleted:
// Argo CD does not know them, and Kubernetes keeps them unless it is told not to.
func claims(d Deletion, o object.Object) []Kept {
	made := kind.Lookup(o.KindName()).Claims
	if made == nil || o.Text(made.Policy...) == "Delete" {
		return nil
	}
	v, _ := o.Get("spec", "selector", "matchLabels")
	labels, _ := v.(map[string]any)
	var selector []string
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		selector = append(selector, fmt.Sprintf("%s=%v", k, labels[k]))
	}
	v, _ = o.Get(made.Templates...)
	templates, _ := v.([]any)
	var out []Kept
	for _, t := range templates {
		m, _ := t.(map[string]any)
		meta, _ := m["metadata"].(map[string]any)
		of := Deletion{Cluster: d.Cluster, Application: d.Application, Unit: d.Unit, Environment: d.Environment, namespace: d.namespace,
			ID: object.ID{Group: kind.Claim.Group, Kind: kind.Claim.Kind, Namespace: d.ID.Namespace, Name: fmt.Sprintf("%v-%s-*", meta["name"], o.Name())}}
		out = append(out, Kept{of, of.kubectl("--selector=" + strings.Join(selector, ","))})
	}
	return out
}

// contextName is a name that a context of kubectl may have.
var contextName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// kubectl returns the command that deletes objects of d's kind. It names the
// context, so that it deletes nothing on another cluster.
func (d Deletion) kubectl(which string) string {
	resource, context := strings.ToLower(d.ID.Kind), d.Cluster
	if d.ID.Group != "" {
		resource += "." + d.ID.Group
	}
	if !contextName.MatchString(context) {
		context = "CLUSTER"
	}
	command := "kubectl --context=" + context
	if d.ID.Namespace != "" {
		command += " --namespace=" + d.ID.Namespace
	}
	return command + " delete " + resource + " " + which
}
