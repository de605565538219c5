package expand

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"
)

// listGenerator makes the elements that it lists.
type listGenerator struct {
	Elements     []map[string]any `json:"elements"`
	ElementsYAML string           `json:"elementsYaml"`
}

func (x *expansion) list(g *listGenerator) ([]map[string]any, error) {
	out := g.Elements
	if g.ElementsYAML != "" {
		var more []map[string]any
		if err := yaml.Unmarshal([]byte(g.ElementsYAML), &more); err != nil {
			return nil, fmt.Errorf("elementsYaml is not a list of mappings: %w", err)
		}
		out = append(out, more...)
	}
	return out, nil
}

// clusterGenerator makes an element of each registered cluster.
type clusterGenerator struct {
	Selector metav1.LabelSelector `json:"selector"`
	Values   map[string]string    `json:"values"`
	FlatList bool                 `json:"flatList"`
}

const (
	inClusterName   = "in-cluster"
	inClusterServer = "https://kubernetes.default.svc"
	clusterLabel    = "argocd.argoproj.io/secret-type"
)

// hiddenAnnotations are those of a cluster that templates never see.
var hiddenAnnotations = []string{
	"argocd.argoproj.io/refresh", "argocd.argoproj.io/hydrate", "argocd.argoproj.io/tracking-id",
	"argocd.argoproj.io/installation-id", "kubectl.kubernetes.io/last-applied-configuration",
}

func (x *expansion) clusters(g *clusterGenerator) ([]map[string]any, error) {
	selected, err := x.selectClusters(&g.Selector)
	if err != nil {
		return nil, err
	}
	var out []map[string]any
	local := len(g.Selector.MatchLabels)+len(g.Selector.MatchExpressions) == 0
	for i, c := range selected {
		if i > 0 && selected[i-1].Name == c.Name {
			return nil, fmt.Errorf("two clusters are named %s, and Argo CD could use either: rename one of them", c.Name)
		}
		local = local && c.Server != inClusterServer
		out = append(out, c.params())
	}
	if local {
		out = append(out, map[string]any{"name": inClusterName, "nameNormalized": inClusterName, "server": inClusterServer, "project": ""})
	}
	for _, params := range out {
		if err := x.withValues(g.Values, params); err != nil {
			return nil, fmt.Errorf("cluster %s: %w", params["name"], err)
		}
	}
	if g.FlatList {
		return []map[string]any{{"clusters": out}}, nil
	}
	return out, nil
}

// selectClusters returns the clusters that the selector takes, by name.
func (x *expansion) selectClusters(s *metav1.LabelSelector) ([]Cluster, error) {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return nil, fmt.Errorf("selector: %w", err)
	}
	var out []Cluster
	for _, c := range x.world.Clusters {
		c.Labels = maps.Clone(c.Labels)
		if c.Labels == nil {
			c.Labels = map[string]string{}
		}
		c.Labels[clusterLabel] = "cluster"
		if selector.Matches(labels.Set(c.Labels)) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Cluster) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (c Cluster) params() map[string]any {
	metadata := map[string]any{"labels": c.Labels}
	if len(c.Annotations) > 0 {
		seen := maps.Clone(c.Annotations)
		for _, key := range hiddenAnnotations {
			delete(seen, key)
		}
		metadata["annotations"] = seen
	}
	return map[string]any{
		"name": c.Name, "nameNormalized": Normalize(c.Name), "server": c.Server, "project": c.Project, "metadata": metadata,
	}
}

// pullRequestGenerator makes an element of each open pull request.
type pullRequestGenerator struct {
	GitHub          *forge              `json:"github"`
	GitLab          *forge              `json:"gitlab"`
	Gitea           *forge              `json:"gitea"`
	BitbucketServer *forge              `json:"bitbucketServer"`
	Bitbucket       *forge              `json:"bitbucket"`
	AzureDevOps     *forge              `json:"azuredevops"`
	Filters         []pullRequestFilter `json:"filters"`
	Values          map[string]string   `json:"values"`
}

// forge is what a forge is asked for.
type forge struct {
	Labels []string `json:"labels"`
}

// pullRequestFilter takes the pull requests that match all of its fields.
type pullRequestFilter struct {
	BranchMatch       *string `json:"branchMatch"`
	TargetBranchMatch *string `json:"targetBranchMatch"`
	TitleMatch        *string `json:"titleMatch"`
}

func (x *expansion) pullRequests(g *pullRequestGenerator) ([]map[string]any, error) {
	var from *forge
	for _, f := range []*forge{g.AzureDevOps, g.Bitbucket, g.BitbucketServer, g.Gitea, g.GitLab, g.GitHub} {
		if f != nil {
			from = f
		}
	}
	if from == nil {
		return nil, fmt.Errorf("no forge is set: use one of github, gitlab, gitea, bitbucketServer, bitbucket, azuredevops")
	}
	var out []map[string]any
	for _, r := range x.world.PullRequests {
		labelled := !slices.ContainsFunc(from.Labels, func(l string) bool { return !slices.Contains(r.Labels, l) })
		ok, err := r.passes(g.Filters)
		if err != nil {
			return nil, err
		}
		if !ok || !labelled {
			continue
		}
		params := r.params()
		if err := x.withValues(g.Values, params); err != nil {
			return nil, fmt.Errorf("pull request %d: %w", r.Number, err)
		}
		out = append(out, params)
	}
	return out, nil
}

// passes reports whether any of the filters takes r; no filters take all.
func (r PullRequest) passes(filters []pullRequestFilter) (bool, error) {
	out := len(filters) == 0
	for i, f := range filters {
		all := true
		for _, m := range []struct {
			field, text string
			pattern     *string
		}{
			{"branchMatch", r.Branch, f.BranchMatch}, {"targetBranchMatch", r.TargetBranch, f.TargetBranchMatch}, {"titleMatch", r.Title, f.TitleMatch},
		} {
			if m.pattern == nil {
				continue
			}
			re, err := regexp.Compile(*m.pattern)
			if err != nil {
				return false, fmt.Errorf("filters[%d].%s: %w", i, m.field, err)
			}
			all = all && re.MatchString(m.text)
		}
		out = out || all
	}
	return out, nil
}

func (r PullRequest) params() map[string]any {
	return map[string]any{
		"number": strconv.FormatInt(r.Number, 10), "title": r.Title, "author": r.Author, "labels": slices.Clone(r.Labels),
		"branch": r.Branch, "target_branch": r.TargetBranch,
		"head_sha": r.HeadSHA, "head_short_sha": r.HeadSHA[:min(8, len(r.HeadSHA))], "head_short_sha_7": r.HeadSHA[:min(7, len(r.HeadSHA))],
	}
}
