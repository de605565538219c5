package diff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// site is a unit on a cluster of an environment. The cluster is "" where a tree
// does not name those of an environment: it stands for all that have no
// directory of their own.
type site struct {
	unit, env, cluster string
}

func (s site) compare(other site) int {
	return cmp.Or(cmp.Compare(s.unit, other.unit), cmp.Compare(s.env, other.env), cmp.Compare(s.cluster, other.cluster))
}

// sitesOf returns, for each of two trees, the directory that each site builds.
func sitesOf(from, to *tree.Tree) [2]map[site]string {
	own := members{}
	for _, dir := range dirs(from, to) {
		p, _ := layout.ParseDir(dir)
		own.add(p.Environment, p.Cluster)
	}
	return [2]map[site]string{sites(from, own), sites(to, own)}
}

// sites returns the directory of each site of a tree: the cluster's own, or the
// environment's. Where the tree does not name the clusters of an environment,
// they are those of own.
func sites(t *tree.Tree, own members) map[site]string {
	said, out := membersOf(t), map[site]string{}
	var shared []layout.Place
	for _, dir := range dirs(t) {
		p, _ := layout.ParseDir(dir)
		if p.Cluster == "" {
			shared = append(shared, p)
		} else {
			out[site{p.Unit, p.Environment, p.Cluster}] = dir
		}
	}
	for _, p := range shared {
		clusters := said.of(p.Environment)
		if len(clusters) == 0 {
			clusters = append(own.of(p.Environment), "")
		}
		for _, c := range clusters {
			if s := (site{p.Unit, p.Environment, c}); out[s] == "" {
				out[s] = layout.Overlay(p.Unit, p.Environment)
			}
		}
	}
	return out
}

// sorted returns the sites of a map in order.
func sorted(m map[site]string) []site { return slices.SortedFunc(maps.Keys(m), site.compare) }

// members are the clusters of each environment.
type members map[string]map[string]bool

func (m members) add(env, cluster string) {
	if env == "" || cluster == "" || strings.Contains(env+cluster, "{{") {
		return
	}
	if m[env] == nil {
		m[env] = map[string]bool{}
	}
	m[env][cluster] = true
}

// of returns the clusters of an environment, sorted.
func (m members) of(env string) []string { return slices.Sorted(maps.Keys(m[env])) }

// The labels of Applications, and of the Secrets of clusters, that say what they
// are for.
const (
	environmentLabel = "gitopsgen.dev/environment"
	clusterLabel     = "gitopsgen.dev/cluster"
	memberPrefix     = environmentLabel + "-"
)

// membersOf returns what the Applications of a tree, its ApplicationSets and the
// registrations of clusters say. Files that do not parse say nothing here.
func membersOf(t *tree.Tree) members {
	m := members{}
	for _, f := range t.Under(layout.ArgoCD("")) {
		if parsed, err := object.Parse(f.Data); err == nil {
			for _, o := range parsed {
				m.read(o.Map(), o.Kind() == "ApplicationSet")
			}
		}
	}
	return m
}

// read notes the labels below a value, and the parameters of a set's generators.
func (m members) read(v any, ofSet bool) {
	switch v := v.(type) {
	case map[string]any:
		text := func(key string) string { s, _ := v[key].(string); return s }
		m.add(text(environmentLabel), text(clusterLabel))
		if ofSet {
			m.add(text("environment"), text("cluster"))
		}
		for k, e := range v {
			if env, ok := strings.CutPrefix(k, memberPrefix); ok {
				m.add(env, text(clusterLabel))
			}
			m.read(e, ofSet)
		}
	case []any:
		for _, e := range v {
			m.read(e, ofSet)
		}
	}
}
