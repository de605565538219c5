package charts

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// inspect checks that an archive is the chart that an entry says, with all that it needs
// to be rendered, and returns the charts inside of it, sorted.
func inspect(data []byte, e Entry) ([]Dependency, error) {
	c, err := helm.Load(data)
	if err != nil {
		return nil, err
	}
	md := c.Metadata()
	if md.Name != e.Name || versionOf(tagOf(md.Version)) != versionOf(tagOf(e.Version)) {
		return nil, fmt.Errorf("the archive contains %s %s, and the repository calls it %s %s", printable(md.Name), printable(md.Version), e.Name, e.Version)
	}
	from := map[string]string{}
	var missing []string
	for _, d := range md.Dependencies {
		if why, _ := wrongRepository(d.Repository); why == "" { // not one of its author's machine
			from[d.Name] = d.Repository
		}
		if !d.Present {
			missing = append(missing, printable(d.Name))
		}
	}
	if missing != nil {
		return nil, &finding.Wrong{Err: errors.New("the archive lacks charts that it depends on: " + strings.Join(missing, ", ")),
			Fix: "ask its author to publish it with helm package --dependency-update, or use another version"}
	}
	var out []Dependency
	for _, s := range c.Subcharts() {
		out = append(out, Dependency{Name: s.Name, Version: s.Version, Repository: from[s.Name]})
	}
	slices.SortFunc(out, func(a, b Dependency) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version))
	})
	return slices.Compact(out), nil
}
