package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// runOutcome is what is remembered of a run whose tree stands.
type runOutcome struct {
	Findings finding.List `json:"findings,omitempty"`
	Report   Report       `json:"report"`
	// Positions is the hash of where values were written, if there are findings:
	// they may name places.
	Positions string `json:"positions,omitempty"`
}

// runKey returns the hash of all that a run depends on, with the tree that stands,
// or "" where the run remembers nothing.
func (r *renderer) runKey() string {
	if !r.caches() {
		return ""
	}
	input, err := digest([]any{r.fleet, r.versions(), r.version})
	if err != nil {
		return ""
	}
	return string(input[:])
}

// treeKey returns the key of a run whose tree stands. The files are hashed in parts,
// on all cores.
func treeKey(input string, t *tree.Tree) string {
	var sums [16][]byte
	var wg sync.WaitGroup
	for i := range sums {
		wg.Go(func() {
			h := sha256.New()
			hashFiles(h.Write, t.Files()[t.Len()*i/len(sums):t.Len()*(i+1)/len(sums)])
			sums[i] = h.Sum(nil)
		})
	}
	wg.Wait()
	h := sha256.New()
	h.Write([]byte("run\x00" + input))
	for _, sum := range sums {
		h.Write(sum)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// unchanged returns the result of a run that is known to come out as the tree that
// stands.
func (r *renderer) unchanged(input string) (*Result, bool) {
	if input == "" || r.prior.Len() == 0 {
		return nil, false
	}
	text, ok := r.cache.Get(treeKey(input, r.prior))
	var o runOutcome
	if !ok || json.Unmarshal([]byte(text), &o) != nil || o.Positions != r.positionsOf(o.Findings) {
		return nil, false
	}
	res := r.result()
	res.Tree, res.Targets, res.Findings, res.Report = r.prior, r.targetsOf(r.prior), r.placed(o.Findings), o.Report
	return res, true
}

// targetsOf returns the targets of a whole tree, sorted by Dir.
func (r *renderer) targetsOf(t *tree.Tree) []Target {
	units := map[string][]tree.File{}
	for _, f := range t.Files() {
		if !inventory.IsPath(f.Path) {
			units[f.Owner.Unit] = append(units[f.Owner.Unit], f)
		}
	}
	var out []Target
	for _, files := range units {
		out = append(out, r.cached(files, nil).targets...)
	}
	slices.SortFunc(out, func(a, b Target) int { return compare(a.Dir, b.Dir) })
	return out
}

// remember notes the result of a run for the next one.
func (r *renderer) remember(input string, res *Result) {
	if input == "" {
		return
	}
	o := runOutcome{Findings: unplaced(res.Findings), Report: res.Report, Positions: r.positionsOf(res.Findings)}
	o.Report.Proved, o.Report.Remembered = 0, res.Report.Proved+res.Report.Remembered
	if text, err := json.Marshal(o); err == nil {
		r.cache.Put(treeKey(input, res.Tree), string(text))
	}
}

// positionsOf returns the hash of all positions, or "" without findings.
func (r *renderer) positionsOf(findings finding.List) string {
	if len(findings) == 0 || len(r.positions) == 0 {
		return ""
	}
	all := make(map[string]finding.Position, len(r.positions))
	for p, at := range r.positions {
		all[string(p)] = at
	}
	d, err := digest(all)
	if err != nil {
		return "unknown"
	}
	return hex.EncodeToString(d[:])
}
