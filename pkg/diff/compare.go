package diff

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// compared is a target that was compared.
type compared struct {
	Target
	restarts []Restart // without places
	// like is what a target that comes or goes is like.
	like *likeness
	// lost are the objects that it no longer builds.
	lost []object.Object
	err  error
}

// lost are the objects that are not built any more from a directory after they were
// built from another one, or the same.
type lost map[[2]string][]object.Object

// compare adds the targets that change, and the workloads whose pods restart. It
// returns what is lost.
func (r *Report) compare(from, to *tree.Tree, at [2]map[site]string) (lost, error) {
	touched := map[string]bool{}
	for _, c := range r.Files {
		touched[unitOf(c.Path)] = true
	}
	builtBy := sitesByPair(at)
	all := slices.DeleteFunc(pairs(from, to, at), func(p pair) bool { return !touched[p.unit] || len(p.sites(builtBy)) == 0 })
	moves, gone := mover{from: from, to: to}, lost{}
	for i, c := range targets(from, to, all) {
		if c.err != nil {
			return nil, c.err
		}
		p := all[i]
		c.at = p.sites(builtBy)
		gone[[2]string{p.before, p.after}] = c.lost
		if len(c.Objects) > 0 || c.Kind != Changed {
			moves.targets, moves.likes = append(moves.targets, c.Target), append(moves.likes, c.like)
		}
		for _, s := range c.at {
			for _, restart := range c.restarts {
				restart.Environment, restart.Cluster = s.env, s.cluster
				r.Restarts = append(r.Restarts, restart)
			}
		}
	}
	var err error
	if r.Targets, err = moves.moved(); err != nil {
		return nil, err
	}
	slices.SortFunc(r.Restarts, func(x, y Restart) int { return x.compare(y, r.atlas) })
	slices.SortFunc(r.Targets, func(x, y Target) int {
		return cmp.Or(cmp.Compare(x.Unit, y.Unit), r.atlas.compare(x.Environment, y.Environment), cmp.Compare(x.Cluster, y.Cluster), cmp.Compare(x.Dir, y.Dir))
	})
	return gone, nil
}

// targets compares targets on all cores; the order is theirs.
func targets(from, to *tree.Tree, all []pair) []compared {
	out := make([]compared, len(all))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		wg.Go(func() {
			for i := range next {
				out[i] = target(from, to, all[i])
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}
