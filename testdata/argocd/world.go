package argocd

import (
	"cmp"
	"fmt"
	"io/fs"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namespace is where Argo CD runs unless the world says otherwise.
const namespace = "argocd"

// World is what the generators of an ApplicationSet look at.
type World struct {
	// Clusters are those that Argo CD knows, beside the one it runs on.
	Clusters []Cluster
	// Projects are the names of the AppProjects.
	Projects []string
	// Namespace is where Argo CD runs, if it is not argocd.
	Namespace string
	// Files is the content of every git repository, at every revision that is
	// not one of Branches.
	Files    fs.FS
	Branches map[string]fs.FS
	// Pulls are the open pull requests of every repository.
	Pulls []Pull
}

// Cluster is one that Argo CD knows.
type Cluster struct {
	Name, Server, Project string
	Labels, Annotations   map[string]string
}

// Pull is an open pull request.
type Pull struct {
	Number                                int
	Title, Author, Branch, Target, Commit string
	Labels                                []string
}

func (w World) namespace() string { return cmp.Or(w.Namespace, namespace) }

// secrets returns the Secrets that hold the clusters.
func (w World) secrets() []*corev1.Secret {
	var out []*corev1.Secret
	for i, c := range w.Clusters {
		s := &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Name: fmt.Sprintf("cluster-%d", i), Namespace: w.namespace(),
				Labels:      map[string]string{common.LabelKeySecretType: common.LabelValueSecretTypeCluster},
				Annotations: c.Annotations,
			},
			Data: map[string][]byte{"name": []byte(c.Name), "server": []byte(c.Server), "config": []byte("{}")},
		}
		if c.Project != "" {
			s.Data["project"] = []byte(c.Project)
		}
		for k, v := range c.Labels {
			s.Labels[k] = v
		}
		out = append(out, s)
	}
	return out
}

// projects returns the AppProjects.
func (w World) projects() []*v1alpha1.AppProject {
	var out []*v1alpha1.AppProject
	for _, name := range w.Projects {
		out = append(out, &v1alpha1.AppProject{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: w.namespace()}})
	}
	return out
}

// pulls are those that the previews of the fleets show; one has no label.
var pulls = []Pull{
	{Number: 7, Title: "Add search", Author: "ann", Branch: "feature/Search_box", Target: "main",
		Commit: "0123456789abcdef0123456789abcdef01234567", Labels: []string{"preview", "ui"}},
	{Number: 12, Title: "Fix", Author: "bob", Branch: "fix", Target: "main", Commit: "fedcba9876543210fedcba9876543210fedcba98", Labels: []string{"preview"}},
	{Number: 13, Title: "Hidden", Author: "bob", Branch: "b", Target: "main", Commit: "abc"},
}
