package argocd

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
)

// newForge returns a server that lists the pull requests in the way of GitHub,
// for every repository.
func newForge(pulls []Pull) *httptest.Server {
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
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list) // a client that has gone needs no answer
	}))
}

// askForge makes all pull request generators below value ask the forge.
func askForge(value any, address string) {
	switch v := value.(type) {
	case map[string]any:
		if github, ok := v["github"].(map[string]any); ok {
			github["api"] = address
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
