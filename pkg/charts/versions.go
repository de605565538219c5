package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// choose returns the version that a request stands for, as Helm does: the one that is
// written alike, or else the highest that the range contains. Versions that cannot be
// read are passed over.
func choose(requested string, have []string) (string, error) {
	if slices.Contains(have, requested) {
		return requested, nil
	}
	c, err := semver.NewConstraint(requested)
	if err != nil {
		return "", fmt.Errorf("%q is neither a version nor a range of versions", requested)
	}
	sorted := newest(have)
	best := func() string {
		for _, v := range sorted {
			if c.Check(v) {
				return v.Original()
			}
		}
		return ""
	}
	if v := best(); v != "" {
		return v, nil
	}
	fix := "use one of those"
	if !IsExact(requested) {
		if c.IncludePrerelease = true; best() != "" {
			return "", &finding.Wrong{Err: fmt.Errorf("only pre-releases are in the range %s, such as %s", requested, best()), Fix: "name one, or end the range in -0"}
		}
	} else if near := finding.Nearest(requested, have); near != "" {
		fix = "did you mean " + near + "?"
	}
	return "", &finding.Wrong{Err: fmt.Errorf("there is no version %s; the repository has %s", requested, some(sorted)), Fix: fix}
}

// newest returns versions, the highest first. Those that only differ in what does not
// count come in the order of their names.
func newest(have []string) []*semver.Version {
	var out []*semver.Version
	for _, s := range have {
		if v, err := semver.NewVersion(s); err == nil {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b *semver.Version) int {
		return cmp.Or(b.Compare(a), strings.Compare(b.Original(), a.Original()))
	})
	return out
}

// some names the first of some versions.
func some(list []*semver.Version) string {
	const most = 5
	var names []string
	for _, v := range list[:min(len(list), most)] {
		names = append(names, v.Original())
	}
	switch {
	case len(list) == 0:
		return "none that can be read"
	case len(list) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(list)-most)
	}
	return strings.Join(names, ", ")
}
