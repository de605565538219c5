package argocd

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
)

// newForge returns a server that lists the pull requests in the ways of GitHub,
// Gitea and GitLab, for every repository.
func newForge(pulls []Pull) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer := requests(pulls)
		switch {
		case strings.HasSuffix(r.URL.Path, "/version"):
			answer = map[string]string{"version": "1.24.0"}
		case strings.HasSuffix(r.URL.Path, "/merge_requests"):
			answer = mergeRequests(pulls, r.URL.Query().Get("labels"))
		}
		_ = json.NewEncoder(w).Encode(answer) // a client that has gone needs no answer
	}))
}

// requests returns pull requests as GitHub and Gitea have them.
func requests(pulls []Pull) any {
	type label struct {
		Name string `json:"name"`
	}
	type ref struct {
		Ref string `json:"ref"`
		SHA string `json:"sha,omitempty"`
	}
	type pull struct {
		Number int               `json:"number"`
		Title  string            `json:"title"`
		User   map[string]string `json:"user"`
		Head   ref               `json:"head"`
		Base   ref               `json:"base"`
		Labels []label           `json:"labels"`
	}
	list := []pull{}
	for _, p := range pulls {
		out := pull{Number: p.Number, Title: p.Title, User: map[string]string{"login": p.Author},
			Head: ref{Ref: p.Branch, SHA: p.Commit}, Base: ref{Ref: p.Target}}
		for _, l := range p.Labels {
			out.Labels = append(out.Labels, label{l})
		}
		list = append(list, out)
	}
	return list
}

// mergeRequests returns those pull requests that have all labels, as GitLab
// does; the labels are separated by commas.
func mergeRequests(pulls []Pull, labels string) any {
	list := []any{}
	for _, p := range pulls {
		lacks := func(label string) bool { return !slices.Contains(p.Labels, label) }
		if labels != "" && slices.ContainsFunc(strings.Split(labels, ","), lacks) {
			continue
		}
		list = append(list, map[string]any{"iid": p.Number, "title": p.Title, "author": map[string]any{"username": p.Author},
			"source_branch": p.Branch, "target_branch": p.Target, "sha": p.Commit, "labels": p.Labels})
	}
	return list
}

// askForge makes all pull request generators below value ask the forge.
func askForge(value any, address string) {
	switch v := value.(type) {
	case map[string]any:
		for _, kind := range []string{"github", "gitlab", "gitea"} {
			if forge, ok := v[kind].(map[string]any); ok {
				forge["api"] = address
			}
		}
		for _, below := range v {
			askForge(below, address)
		}
	case []any:
		for _, below := range v {
			askForge(below, address)
		}
	}
}
