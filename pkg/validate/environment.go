package validate

import (
	"path"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// repository checks the place of the tree.
func (c *checker) repository() {
	r, at := c.Fleet.Repository, fieldpath.Path("repository")
	switch r.Layout {
	case "", model.Overlays, model.Rendered:
	default:
		c.Errorf("invalid-value", at.Field("layout"), "use overlays or rendered", "%q is not a known layout", r.Layout)
	}
	if p := r.Path; p != "" && (path.IsAbs(p) || path.Clean(p) != p || p == ".." || strings.HasPrefix(p, "../") || strings.ContainsRune(p, '\\')) {
		c.Errorf("path-escapes", at.Field("path"), "write a clean relative path such as deploy/config", "the path %q is not clean, or leaves the repository", p)
	}
	c.branch(at.Field("branch"), r.Branch)
	if p := c.Fleet.Guards.MaxDeletePercent; p != nil && (*p < 0 || *p > 100) {
		c.Errorf("invalid-value", "guards.maxDeletePercent", "use a number from 0 to 100", "%d is not a percentage", *p)
	}
}

// branch checks the name of a branch, which stands in Applications and is given to git.
func (c *checker) branch(at fieldpath.Path, name string) {
	if strings.HasPrefix(name, "-") || strings.ContainsAny(name, " ~^:?*[\\") || strings.Contains(name, "..") || escape.Line(name) != name {
		c.Errorf("invalid-value", at, "use a name that git accepts", "%q is not a valid branch name", name)
	}
	if name == "HEAD" {
		c.Errorf("moving-revision", at, "name the branch", "HEAD follows the default branch of the repository")
	}
}

var kubernetesVersion = regexp.MustCompile(`^v?1\.[0-9]{1,2}(\.[0-9]+)?$`)

// environments checks environments.
func (c *checker) environments() {
	for _, e := range c.Fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		c.promotion(at, e)
		c.branch(at.Field("branch"), e.Branch)
	}
}

// promotion finds environments that are promoted from themselves in the end.
func (c *checker) promotion(at fieldpath.Path, e model.Environment) {
	from := map[string]string{}
	for _, x := range c.Fleet.Environments {
		from[x.Name] = x.PromotedFrom
	}
	chain := []string{e.Name}
	for next := e.PromotedFrom; next != ""; next = from[next] {
		chain = append(chain, next)
		if next == e.Name {
			c.Errorf("promotion-cycle", at.Field("promotedFrom"), "remove one of them", "environments are promoted in a cycle: %s", strings.Join(chain, " <- "))
			return
		}
		if len(chain) > len(from) {
			return // the circle is another's
		}
	}
}
