package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// explain adds to conflicts what differs between the person's file and ours.
// The contents may have to be fetched for it; without them the conflicts stay as
// they are.
func (r *Repo) explain(ctx context.Context, t *Tip, want *tree.Tree, conflicts []ownership.Conflict) {
	for i, c := range conflicts {
		e, err := t.find(t.prefix + c.Path)
		ours, wanted := want.Get(c.Path)
		if err != nil || e == nil || e.dir != nil || e.mode == filemode.Submodule {
			continue
		}
		if special := e.special(); special != "" {
			conflicts[i].Reason += ": it is " + special
		}
		if !wanted {
			continue
		}
		theirs, err := t.store.get(ctx, e.hash, plumbing.BlobObject)
		if errors.Is(err, errIncomplete) {
			full, missing := r.Tip(ctx, true)
			if missing != nil || full.Commit != t.Commit {
				return
			}
			t = full
			theirs, err = t.store.get(ctx, e.hash, plumbing.BlobObject)
		}
		if err != nil || len(theirs) > maxCompared {
			continue
		}
		if d := differences(theirs, ours.Data); d != "" {
			conflicts[i].Reason += ": " + d
		}
	}
}

// maxCompared bounds the files whose differences are shown, in bytes: no object
// of Kubernetes is as large.
const maxCompared = 4 << 20

// maxDifferences bounds how many fields of a file are told.
const maxDifferences = 5

// differences returns the fields that differ, in one line.
func differences(theirs, ours []byte) string {
	from, err := object.ParseValue(theirs)
	if err != nil {
		return "it is no longer valid YAML"
	}
	to, err := object.ParseValue(ours)
	if err != nil {
		return ""
	}
	fields := diff.Values("", from, to)
	var out []string
	for _, f := range fields[:min(len(fields), maxDifferences)] {
		out = append(out, f.String())
	}
	if n := len(fields) - maxDifferences; n > 0 {
		out = append(out, fmt.Sprintf("and %d more fields", n))
	}
	return strings.Join(out, ", ")
}
