package crds

import (
	"context"
	"fmt"

	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
)

// panel has a judge for each release.
type panel []*judge

func newPanel(ctx context.Context, releases []release) (panel, error) {
	out := make(panel, len(releases))
	errs := make(chan error, len(releases))
	for i, r := range releases {
		go func() {
			var err error
			if out[i], err = newJudge(ctx, r); err != nil {
				err = fmt.Errorf("%s: %w", r, err)
			}
			errs <- err
		}()
	}
	var first error
	for range releases {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return out, first
}

// of returns the judges of the operators that a kind belongs to: those of all
// its releases if one of them defines the kind. Operators may share a group.
func (p panel) of(apiVersion, kind string) panel {
	want := runtimeschema.FromAPIVersionAndKind(apiVersion, kind).GroupKind()
	operators := map[string]bool{}
	for _, j := range p {
		for k := range j.kinds {
			if k.GroupKind() == want {
				operators[j.release.operator] = true
			}
		}
	}
	var out panel
	for _, j := range p {
		if operators[j.release.operator] {
			out = append(out, j)
		}
	}
	return out
}

// hasGroup tells whether a release defines any kind of the group.
func (p panel) hasGroup(apiVersion string) bool {
	want := runtimeschema.FromAPIVersionAndKind(apiVersion, "").Group
	for _, j := range p {
		for k := range j.kinds {
			if k.Group == want {
				return true
			}
		}
	}
	return false
}

// rounds returns panels of one release of each operator, such that every release
// is in one: the newest of all, then the next older of each, and so on.
func (p panel) rounds() []panel {
	byOperator := map[string]panel{}
	most := 0
	for _, j := range p {
		of := append(byOperator[j.release.operator], j)
		byOperator[j.release.operator], most = of, max(most, len(of))
	}
	out := make([]panel, most)
	for i := range out {
		for _, of := range byOperator {
			out[i] = append(out[i], of[min(i, len(of)-1)])
		}
	}
	return out
}

// unversioned returns the releases that are written for where a model names no
// versions.
func (p panel) unversioned() panel {
	var out panel
	seen := map[string]bool{}
	for _, j := range p {
		if o := j.release.operator; !seen[o] && (o != "Argo CD" || j.release.minor == "3.5") {
			seen[o] = true
			out = append(out, j)
		}
	}
	return out
}

// minor returns the version of an operator's release, or "".
func (p panel) minor(operator string) string {
	for _, j := range p {
		if j.release.operator == operator {
			return j.release.minor
		}
	}
	return ""
}
