package diff

import (
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Confirmation is what a person does before Argo CD deletes what an Application
// deployed.
type Confirmation struct {
	Application string `json:"application"`
	// Command is a line of a shell. It is run after the commit has arrived: Argo CD
	// takes no approval that is older than its question.
	Command string `json:"command"`

	request
}

// request is what a command asks for, of any Application.
type request struct {
	kubectl         string
	delete, approve bool
}

// command returns the line for some Applications.
func (r request) command(names string) string {
	var commands []string
	if r.delete {
		command := r.kubectl + " delete applications.argoproj.io " + names
		if r.approve {
			command += " --wait=false"
		}
		commands = append(commands, command)
	}
	if r.approve {
		commands = append(commands, r.kubectl+" annotate applications.argoproj.io "+names+
			` --overwrite argocd.argoproj.io/deletion-approved="$(date -u +%Y-%m-%dT%H:%M:%SZ)"`)
	}
	return strings.Join(commands, " && ")
}

// atOnce is how many Applications a line names.
const atOnce = 10

// commands returns the commands of confirmations. One asks for several
// Applications, where it can.
func commands(all []Confirmation) []string {
	var order []request
	names := map[request][]string{}
	var out []string
	for _, c := range all {
		if c.kubectl == "" {
			out = append(out, c.Command)
			continue
		}
		if names[c.request] == nil {
			order = append(order, c.request)
		}
		names[c.request] = append(names[c.request], c.Application)
	}
	for _, r := range order {
		for some := range slices.Chunk(names[r], atOnce) {
			out = append(out, r.command(strings.Join(some, " ")))
		}
	}
	return out
}

// byHand reports whether Argo CD keeps an Application that is no longer in git:
// its root does not delete it, or went too, as it does with its environment.
func (a application) byHand(from, to *tree.Tree) bool {
	_, had := from.Get(a.root)
	_, has := to.Get(a.root)
	return a.retained || had && !has
}

// confirmation returns what a person does about an Application: delete it,
// approve of the deletion, or both.
func (a application) confirmation(t *tree.Tree, byHand, approve bool) Confirmation {
	r := request{"kubectl --context=" + a.instanceCluster(t) + " --namespace=" + a.home, byHand, approve}
	return Confirmation{a.name, r.command(a.name), r}
}

// instanceCluster returns the cluster of the Argo CD whose Application it is.
func (a application) instanceCluster(t *tree.Tree) string {
	instance := path.Base(path.Dir(path.Dir(a.root))) // argocd, where there is one
	for _, f := range t.Under(path.Dir(layout.Bootstrap("x"))) {
		name, ok := strings.CutSuffix(path.Base(f.Path), "-roots.yaml")
		if ok && (name == instance || instance == layout.ArgoCD("")) {
			return path.Base(path.Dir(f.Path))
		}
	}
	return "CLUSTER"
}

// asks reports whether Argo CD asks a person before it deletes an object of an
// Application that is kept, or all objects of one that goes.
func asks(o object.Object, kept bool) bool {
	options := syncOptions(o)
	return slices.Contains(options, "Prune=confirm") || !kept && slices.Contains(options, "Delete=confirm")
}
