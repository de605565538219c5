// Package prove holds a tree to the model: kustomize itself, reading the tree's
// own bytes, has to build each target's objects. A proof may be remembered
// under a hash of everything that it depends on.
package prove

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Cache remembers proofs, and what else a run comes to, by keys. It is used by several goroutines, and
// has to forget when gitopsgen or kustomize changes: see Key.
type Cache interface {
	// Get returns the value of a key, and whether there is one.
	Get(key string) (value string, ok bool)
	// Put remembers a value, which holds no line break.
	Put(key, value string)
}

// Job is one directory to prove.
type Job struct {
	// Name names the target in failures, as in "apps/frontend prod".
	Name string
	// Dir is the directory to build, and Files are all files that it reads.
	Dir   string
	Files []tree.File
	// Want are the objects that it shall build, without name hashes.
	Want []object.Object
	// Targets is how many targets are deployed from the directory. Reports count
	// those; where others build on it, there may be none.
	Targets int
}

// Failure is a directory that builds something else, or nothing.
type Failure struct {
	// Name and Dir are those of the job.
	Name, Dir string
	// Differences are not empty unless Err is set.
	Differences []kustomize.Difference
	// Err is kustomize's error where it does not build.
	Err error
}

// Lines returns the failure, one line for each difference.
func (f Failure) Lines() []string {
	if f.Err != nil {
		return []string{escape.Line(f.Name + ": " + credential.RedactMessage(f.Err.Error()))}
	}
	lines := make([]string, len(f.Differences))
	for i, d := range f.Differences {
		lines[i] = escape.Line(f.Name + ": " + d.String())
	}
	return lines
}

// String returns the lines of the failure.
func (f Failure) String() string { return strings.Join(f.Lines(), "\n") }

// Report is the outcome of a run.
type Report struct {
	// Proved and Remembered count the targets that hold, and Failed those that do not.
	Proved, Remembered, Failed int
	// Failures stand in the order of the jobs.
	Failures []Failure
}

// All proves jobs on so many goroutines. It returns an error only where ctx ends.
func All(ctx context.Context, jobs []Job, workers int, cache Cache) (Report, error) {
	type outcome struct {
		remembered bool
		failure    *Failure
	}
	out := make([]outcome, len(jobs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range max(1, min(workers, len(jobs))) {
		wg.Go(func() {
			for i := range next {
				out[i].remembered, out[i].failure = one(jobs[i], cache)
			}
		})
	}
	for i := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	var r Report
	for i, o := range out {
		if o.failure != nil {
			r.Failures = append(r.Failures, *o.failure)
		}
		switch n := jobs[i].Targets; {
		case o.failure != nil:
			r.Failed += n
		case o.remembered:
			r.Remembered += n
		default:
			r.Proved += n
		}
	}
	return r, ctx.Err()
}

func one(j Job, cache Cache) (remembered bool, failure *Failure) {
	key := ""
	if cache != nil {
		key = Key(j)
		if _, ok := cache.Get(key); ok {
			return true, nil
		}
	}
	differences, err := kustomize.Prove(j.Files, j.Dir, j.Want)
	if err != nil || len(differences) > 0 {
		return false, &Failure{Name: j.Name, Dir: j.Dir, Differences: differences, Err: err}
	}
	if cache != nil {
		cache.Put(key, "")
	}
	return false, nil
}

// Key returns the hash of all bytes that a proof reads and of the wanted
// objects. The builds of gitopsgen and kustomize are not part of it: a cache
// belongs to one build.
func Key(j Job) string {
	h := sha256.New()
	field(h, j.Dir)
	files := slices.Clone(j.Files)
	slices.SortFunc(files, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range files {
		field(h, f.Path)
		field(h, string(f.Data))
	}
	for _, o := range j.Want {
		field(h, fmt.Sprint(o.Generated()))
		field(h, string(o.YAML()))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// field writes a text with its length, so that no two lists of texts are alike.
func field(h hash.Hash, s string) {
	fmt.Fprintf(h, "%d:", len(s))
	_, _ = io.WriteString(h, s) // a hash never fails
}
