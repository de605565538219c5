package argocd

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// generators returns what makes the elements. Whatever it is, an element holds
// the values that setBuilder.values returns, those of the destination apart
// where Argo CD names the cluster.
func (s *setBuilder) generators() ([]Generator, error) {
	switch s.delivery.Strategy {
	case model.ListSet:
		return s.list(), nil
	case model.FileSet:
		return s.files(), nil
	}
	var out []Generator
	for _, g := range s.groups() {
		made, err := s.group(g)
		if err != nil {
			return nil, err
		}
		out = append(out, made)
	}
	return out, nil
}

func (s *setBuilder) list() []Generator {
	var elements []map[string]any
	for _, t := range s.targets {
		elements = append(elements, map[string]any{"values": s.values(s.instance, t)})
	}
	return []Generator{{List: &ListGenerator{Elements: elements}}}
}

// files returns what reads the parameters of the targets, in each branch that
// holds some.
func (s *setBuilder) files() []Generator {
	var out []Generator
	var branches []string
	at := path.Join(s.fleet.Repository.Path, path.Dir(layout.Parameters(layout.App(s.app), "", "")), "*.yaml")
	for _, t := range s.targets {
		branch := s.branch(t.Environment)
		if slices.Contains(branches, branch) {
			continue
		}
		branches = append(branches, branch)
		out = append(out, Generator{Git: s.git(branch, func(g *GitGenerator) { g.Files = []GitFile{{Path: at}} }), Selector: s.own(branch)})
	}
	return out
}

func (s *setBuilder) git(revision string, complete func(*GitGenerator)) *GitGenerator {
	g := &GitGenerator{RepoURL: s.fleet.Repository.URL, Revision: revision}
	complete(g)
	return g
}

// own returns what leaves out the targets of other instances, whose directories
// and files stand beside those of this one on a branch; nil where there are none.
func (s *setBuilder) own(branch string) *metav1.LabelSelector {
	others := slices.ContainsFunc(s.fleet.Environments, func(e model.Environment) bool {
		return s.branch(e.Name) == branch && slices.ContainsFunc(e.Clusters, func(c string) bool { return !slices.Contains(s.instance.Clusters, c) })
	})
	if !others {
		return nil
	}
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
		Key: "values.cluster", Operator: metav1.LabelSelectorOpIn, Values: slices.Sorted(slices.Values(s.instance.Clusters)),
	}}}
}

// group is targets of one environment whose directories one pattern names: the
// environment's own, or those of its differing clusters.
type group struct {
	env      string
	clusters []string
	// pattern is the directory of all, with anyCluster in the place of the cluster.
	pattern string
	targets []Target
}

// anyCluster stands for the cluster in a group's pattern; no name holds it.
const anyCluster = "{}"

// groups returns the groups of the targets, in their order.
func (s *setBuilder) groups() []group {
	var out []group
	for _, t := range s.targets {
		pattern := t.Dir
		if place, ok := layout.ParseDir(t.Dir); ok && place.Cluster != "" {
			pattern = layout.Cluster(t.Unit, t.Environment, anyCluster)
			if s.fleet.Repository.Layout == model.Rendered {
				pattern = layout.Rendered(t.Environment, anyCluster, t.Unit)
			}
		}
		i := slices.IndexFunc(out, func(g group) bool { return g.env == t.Environment && g.pattern == pattern })
		if i < 0 {
			i = len(out)
			out = append(out, group{env: t.Environment, pattern: pattern})
		}
		out[i].clusters, out[i].targets = append(out[i].clusters, t.Cluster), append(out[i].targets, t)
	}
	return out
}

// differing returns the clusters of an environment that have directories of
// their own, sorted.
func (s *setBuilder) differing(env string) []string {
	var out []string
	for _, g := range s.groups() {
		if g.env == env && strings.Contains(g.pattern, anyCluster) {
			out = append(out, g.clusters...)
		}
	}
	slices.Sort(out)
	return out
}

func (s *setBuilder) group(g group) (Generator, error) {
	perCluster := strings.Contains(g.pattern, anyCluster)
	switch s.delivery.Strategy {
	case model.DirectorySet:
		if !perCluster && len(g.targets) > 1 {
			return Generator{}, &StrategyError{s.app, s.delivery.Strategy, fmt.Sprintf("the clusters %s of %s share a directory", strings.Join(g.clusters, ", "), g.env)}
		}
		out := Generator{Git: s.directories(g)}
		if perCluster {
			out.Selector = s.own(s.branch(g.env))
		}
		return out, nil
	case model.MatrixSet:
		directories := s.directories(g)
		directories.Values = nil
		clusters := s.clusters(g)
		clusters.Values["path"] = "{{.path.path}}"
		if perCluster {
			clusters.Selector = metav1.LabelSelector{MatchLabels: map[string]string{
				memberPrefix + g.env: "true", clusterLabel: s.segment(g)}}
		}
		return Generator{Matrix: &NestedGenerators{Generators: []Generator{{Git: directories}, {Clusters: clusters}}}}, nil
	}
	return Generator{Clusters: s.clusters(g)}, nil
}

// directories returns what looks for the directories of a group in git.
func (s *setBuilder) directories(g group) *GitGenerator {
	return s.git(s.branch(g.env), func(git *GitGenerator) {
		at := path.Join(s.fleet.Repository.Path, strings.ReplaceAll(g.pattern, anyCluster, "*"))
		git.Directories = []GitDirectory{{Path: at}}
		git.Values = s.values(s.instance, g.targets[0])
		if strings.Contains(g.pattern, anyCluster) {
			git.Values["cluster"], git.Values["path"] = s.segment(g), "{{.path.path}}"
			git.Values["server"], git.Values["name"] = s.addressed(g, s.segment(g))
		}
	})
}

// segment returns the template of the cluster in the path of a group's directory.
func (s *setBuilder) segment(g group) string {
	parts := strings.Split(path.Join(s.fleet.Repository.Path, g.pattern), "/")
	if i := slices.Index(parts, anyCluster); i != len(parts)-1 {
		return "{{index .path.segments " + strconv.Itoa(i) + "}}"
	}
	return "{{.path.basename}}"
}

// addressed returns the templates of the address and the name of a cluster: its
// own cluster has an address, every other a name.
func (s *setBuilder) addressed(g group, cluster string) (server, name string) {
	if !slices.Contains(g.clusters, s.instance.Cluster) {
		return "", cluster
	}
	expression := strings.Trim(cluster, "{}")
	if strings.Contains(expression, " ") {
		expression = "(" + expression + ")"
	}
	own := "eq " + expression + " " + quote(s.instance.Cluster)
	return "{{if " + own + "}}" + inCluster + "{{end}}", "{{if not (" + own + ")}}" + cluster + "{{end}}"
}

// clusters returns what asks Argo CD for the clusters of a group.
func (s *setBuilder) clusters(g group) *ClusterGenerator {
	values := s.values(s.instance, g.targets[0])
	delete(values, "server")
	delete(values, "name")
	values["cluster"] = clusterTemplate
	values["path"] = path.Join(s.fleet.Repository.Path, strings.ReplaceAll(g.pattern, anyCluster, clusterTemplate))
	out := &ClusterGenerator{Selector: metav1.LabelSelector{MatchLabels: map[string]string{memberPrefix + g.env: "true"}}, Values: values}
	if own := s.differing(g.env); len(own) > 0 && s.shares(g) {
		in := metav1.LabelSelectorRequirement{Key: clusterLabel, Operator: metav1.LabelSelectorOpIn, Values: own}
		if !strings.Contains(g.pattern, anyCluster) {
			in.Operator = metav1.LabelSelectorOpNotIn // so that another cluster changes nothing here
		}
		out.Selector.MatchExpressions = []metav1.LabelSelectorRequirement{in}
	}
	return out
}

// shares reports whether another group is of the same environment.
func (s *setBuilder) shares(g group) bool {
	return slices.ContainsFunc(s.groups(), func(o group) bool { return o.env == g.env && o.pattern != g.pattern })
}

// clusterTemplate is the cluster of an element as the model names it.
const clusterTemplate = `{{index .metadata.labels "` + clusterLabel + `"}}`
