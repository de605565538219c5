package validate

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// argoCD checks the instances of Argo CD, and that they reach every cluster.
func (c *checker) argoCD() {
	f := c.Fleet
	clusters := clusterNames(f)
	switch {
	case len(f.ArgoCD) == 0 && len(f.Clusters) > 1 && f.Repository.URL != "":
		c.Warnf("no-instance", "argoCD", "name an instance and the cluster that it runs on, as in argoCD: [{name: argocd, cluster: "+clusters[0]+"}]",
			"the fleet has %d clusters and does not name an instance of Argo CD, so nothing is written for Argo CD", len(clusters))
	case len(f.ArgoCD) > 0 && f.Repository.URL == "":
		c.Errorf("no-repository", "repository.url", "set the repository that Argo CD reads", "the instances of Argo CD have no repository to read")
	}
	managed := map[string]string{}
	seen := map[string]bool{}
	for i, a := range f.ArgoCD {
		at := fieldpath.Path("argoCD").Key(a.Name)
		if a.Name == "" {
			at = fieldpath.Path("argoCD").Index(i)
		}
		c.Label(at.Field("name"), a.Name, 63)
		c.Unique(seen, at, a.Name)
		c.instance(at, a)
		for j, name := range view.Instances(f)[i].Clusters {
			below := at.Field("clusters").Index(j)
			if c.Known("unknown-cluster", "cluster", below, name, clusters) && managed[name] != "" {
				c.Errorf("managed-twice", below, "remove it from one of them", "cluster %s is managed by two instances: %s and %s", name, managed[name], a.Name)
			}
			managed[name] = a.Name
		}
	}
	for _, e := range f.Environments {
		for i, name := range e.Clusters {
			if len(f.ArgoCD) > 0 && managed[name] == "" && slices.Contains(clusters, name) {
				c.Errorf("unmanaged-cluster", fieldpath.Path("environments").Key(e.Name).Field("clusters").Index(i),
					"add it to the clusters of an instance under argoCD", "no instance of Argo CD manages cluster %s", name)
			}
		}
		if e.Canary != "" {
			c.Known("unknown-cluster", "cluster of environment "+e.Name, fieldpath.Path("environments").Key(e.Name).Field("canary"), e.Canary, e.Clusters)
		}
	}
}

var argoVersion = regexp.MustCompile(`^v?([2-9])\.[0-9]{1,2}(\.[0-9]+)?$`)

func (c *checker) instance(at fieldpath.Path, a model.ArgoCD) {
	c.Known("unknown-cluster", "cluster", at.Field("cluster"), a.Cluster, clusterNames(c.Fleet))
	if a.Namespace != "" {
		c.Label(at.Field("namespace"), a.Namespace, 63)
	}
	if m := argoVersion.FindStringSubmatch(a.Version); a.Version != "" && (m == nil || m[1] == "2") {
		c.Errorf("invalid-value", at.Field("version"), "write it as 3.5", "%q is not a version of Argo CD, or is older than 3.0", a.Version)
	}
	if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		c.Errorf("invalid-value", at.Field("url"), "write it as https://HOST", "the address of the user interface is not an https URL")
	}
	for i, s := range c.Fleet.ArgoCD {
		if s.Name < a.Name && s.Cluster == a.Cluster && cmp.Or(s.Namespace, "argocd") == cmp.Or(a.Namespace, "argocd") {
			c.Errorf("managed-twice", at.Field("namespace"), "give each instance its own namespace", "the instances %s and %s use the same namespace of cluster %s", c.Fleet.ArgoCD[i].Name, a.Name, a.Cluster)
		}
	}
}

// reservedProject is Argo CD's own project, which allows everything.
const reservedProject = "default"

// projects checks what is said of projects, and their names.
func (c *checker) projects() {
	used := map[string]bool{}
	taken := []string{reservedProject, layout.PlatformProject(c.Fleet.Name), layout.RootProject(c.Fleet.Name)}
	named := func(at fieldpath.Path, project string) {
		used[project] = true
		if slices.Contains(taken, project) {
			reason := "the project name %s is reserved for gitopsgen"
			if project == reservedProject {
				reason = "Argo CD's own project %s allows everything to everybody"
			}
			c.Errorf("reserved-project", at, "use another name", reason, project)
		}
	}
	for _, a := range c.Fleet.Apps {
		if a.Project == "" {
			named("name", c.Fleet.Name)
		} else {
			named(fieldpath.Path("apps").Key(a.Name).Field("project"), a.Project)
		}
	}
	seen := map[string]bool{}
	for _, p := range c.Fleet.Projects {
		at := fieldpath.Path("projects").Key(p.Name)
		c.Unique(seen, at, p.Name)
		if !used[p.Name] {
			c.Warnf("unused-project", at, "remove it, or set it as the project of an app", "no app belongs to project %s", p.Name)
		}
		if len(p.Description) > 255 {
			c.Errorf("invalid-value", at.Field("description"), "shorten it", "the description of a project can have at most 255 characters")
		}
		c.permits(at.Field("alsoPermits"), p.AlsoPermits)
		for _, r := range p.Roles {
			c.role(at.Field("roles").Key(r.Name), r)
		}
	}
}

var kindName = regexp.MustCompile(`^([a-z0-9.-]+/)?[A-Z][A-Za-z0-9]*$`)

func (c *checker) permits(at fieldpath.Path, p *model.Permits) {
	if p == nil {
		return
	}
	for i, k := range p.Kinds {
		if !kindName.MatchString(k) {
			c.Errorf("invalid-value", at.Field("kinds").Index(i), "write it as apps/Deployment, or as Service", "%q is not a valid kind", k)
		}
	}
	for i, d := range p.Destinations {
		below := at.Field("destinations").Index(i)
		c.Known("unknown-cluster", "cluster", below.Field("cluster"), d.Cluster, clusterNames(c.Fleet))
		c.Label(below.Field("namespace"), d.Namespace, 63)
	}
}

var action = regexp.MustCompile(`^(get|create|update|delete|sync|override|action/[^, ]+|(update|delete)/[^, ]+|\*)$`)

func (c *checker) role(at fieldpath.Path, r model.ProjectRole) {
	c.Label(at.Field("name"), r.Name, 63)
	if len(r.Groups) == 0 {
		c.Warnf("role-without-group", at.Field("groups"), "add a group of the identity provider", "the role %s has no groups", r.Name)
	}
	for i, a := range r.Actions {
		if !action.MatchString(a) {
			c.Errorf("invalid-value", at.Field("actions").Index(i), "use get, create, update, delete, sync, override or action/GROUP/KIND/ACTION", "%q is not a valid action on Applications", a)
		}
	}
	for i, e := range r.Environments {
		c.Known("unknown-environment", "environment", at.Field("environments").Index(i), e, environmentNames(c.Fleet))
	}
	for i, g := range r.Groups {
		if g == "" || strings.ContainsAny(g, "\n,") {
			c.Errorf("invalid-value", at.Field("groups").Index(i), "use the group's name or id", "a group of a role is empty or contains a comma")
		}
	}
}

// deliveries checks how Applications come to be, and in which order.
func (c *checker) deliveries() {
	c.delivery("delivery", c.Fleet.Delivery, c.Fleet.Delivery.Strategy)
	c.previews("delivery", c.Fleet.Delivery.Previews)
	apps, ordered, rolling := map[string]*model.App{}, false, feature.IsTrue(c.Fleet.Delivery.Rolling)
	for i := range c.Fleet.Apps {
		apps[c.Fleet.Apps[i].Name] = &c.Fleet.Apps[i]
	}
	for i := range c.Fleet.Apps {
		a := &c.Fleet.Apps[i]
		at := fieldpath.Path("apps").Key(a.Name)
		if a.Delivery != nil {
			d := resolve.Delivery(c.Fleet, a)
			c.delivery(at.Field("delivery"), d, d.Strategy)
			c.previews(at.Field("delivery"), a.Delivery.Previews, a.RunsIn...)
			rolling = rolling || feature.IsTrue(d.Rolling)
		}
		for j, before := range a.After {
			if c.Known("unknown-app", "app", at.Field("after").Index(j), before, feature.SortedKeys(apps)) {
				c.orderOfSets(at.Field("after").Index(j), a, apps[before])
			}
			ordered = true
		}
	}
	c.orderCycles()
	c.settings(ordered, rolling)
}

// settings tells what Argo CD itself has to know for the order that is asked for.
func (c *checker) settings(ordered, rolling bool) {
	if c.Fleet.Repository.URL == "" {
		return
	}
	for _, a := range view.Instances(c.Fleet) {
		at, fix := fieldpath.Path("argoCD").Key(a.Name), "apply clusters/"+a.Cluster+"/settings server-side, and say settingsApplied: true"
		switch {
		case feature.IsTrue(a.SettingsApplied):
		case rolling:
			c.Warnf("settings-needed", at, fix, "rolling syncs work only where Argo CD enables them, and sync waves between apps only where Argo CD assesses the health of Applications")
		case ordered:
			c.Warnf("settings-needed", at, fix, "Argo CD waits for an app before it syncs the next one only where it assesses the health of Applications")
		}
	}
}

// orderOfSets finds apps that would come one after another, where a root creates
// the Applications of only one of them, or of neither.
func (c *checker) orderOfSets(at fieldpath.Path, app, before *model.App) {
	for _, a := range []*model.App{app, before} {
		if resolve.Delivery(c.Fleet, a).Strategy != model.Applications {
			c.Warnf("order-of-sets", at, "use the strategy applications for both, or remove the entry",
				"an ApplicationSet creates the Applications of app %s, and a root cannot order those, so app %s does not wait for app %s", a.Name, app.Name, before.Name)
			return
		}
	}
}

// applicationNames finds Applications that would bear one name.
func (c *checker) applicationNames() {
	names := map[string]string{}
	for _, a := range c.Fleet.Apps {
		for _, e := range c.Fleet.Environments {
			if len(a.RunsIn) > 0 && !slices.Contains(a.RunsIn, e.Name) {
				continue
			}
			for _, cluster := range e.Clusters {
				name := layout.ApplicationName(a.Name, e.Name, cluster)
				if other := names[name]; other != "" && other != a.Name {
					c.Errorf("duplicate-application", fieldpath.Path("apps").Key(a.Name).Field("name"), "rename one of them",
						"the apps %s and %s would both have an Application named %s", other, a.Name, name)
				}
				names[name] = a.Name
			}
		}
	}
	for _, x := range c.Fleet.Components {
		for _, cl := range c.Fleet.Clusters {
			name := layout.ApplicationName("platform-"+x.Name, "", cl.Name)
			if other := names[name]; other != "" {
				c.Errorf("duplicate-application", fieldpath.Path("components").Key(x.Name).Field("name"), "rename one of them",
					"the component %s and the app %s would both have an Application named %s", x.Name, other, name)
			}
		}
	}
}

// orderCycles finds apps that come after themselves in the end.
func (c *checker) orderCycles() {
	after := map[string][]string{}
	for _, a := range c.Fleet.Apps {
		if len(a.After) > 0 {
			after[a.Name] = a.After
		}
	}
	for _, a := range c.Fleet.Apps {
		if way := wayBack(after, a.Name); way != nil {
			c.Errorf("order-cycle", fieldpath.Path("apps").Key(a.Name).Field("after"), "remove one of them", "app %s depends on itself: %s", a.Name, strings.Join(way, " after "))
		}
	}
}

// wayBack returns a shortest way along edges from a node to itself, both ends
// included, or nil.
func wayBack(edges map[string][]string, node string) []string {
	ways, seen := [][]string{{node}}, map[string]bool{}
	for ; len(ways) > 0; ways = ways[1:] {
		for _, next := range edges[ways[0][len(ways[0])-1]] {
			way := append(slices.Clone(ways[0]), next)
			if next == node {
				return way
			}
			if !seen[next] {
				seen[next] = true
				ways = append(ways, way)
			}
		}
	}
	return nil
}

var update = regexp.MustCompile(`^([1-9][0-9]*|[1-9][0-9]?%|100%)$`)

func (c *checker) delivery(at fieldpath.Path, d model.Delivery, s model.Strategy) {
	switch s {
	case "", model.Applications:
		if feature.IsTrue(d.Rolling) {
			c.Errorf("rolling-without-set", at.Field("rolling"), "choose a strategy that creates ApplicationSets, such as list", "rolling syncs need an ApplicationSet")
		}
	case model.ListSet, model.DirectorySet, model.FileSet:
	case model.ClusterSet, model.MatrixSet:
		for _, cl := range c.Fleet.Clusters {
			if cl.Registration == nil {
				c.Warnf("unregistered-cluster", fieldpath.Path("clusters").Key(cl.Name).Field("registration"),
					"add a registration, or label the Secret by hand with gitopsgen.dev/cluster and gitopsgen.dev/environment-ENV: \"true\"",
					"the strategy %s selects cluster %s by the labels of its registration, which is missing", s, cl.Name)
			}
		}
	case "merge":
		c.Errorf("invalid-value", at.Field("strategy"), "use clusters, which creates the same Applications", "the strategy merge was removed")
	default:
		c.Errorf("invalid-value", at.Field("strategy"), "use applications, list, clusters, directories, files or matrix", "%q is not a known strategy", s)
	}
	if d.MaxUpdate != "" && !update.MatchString(d.MaxUpdate) {
		c.Errorf("invalid-value", at.Field("maxUpdate"), "write a number, or a percentage such as 50%", "%q is neither a number nor a percentage", d.MaxUpdate)
	}
}
