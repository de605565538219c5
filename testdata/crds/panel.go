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
