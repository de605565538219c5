package helm_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// TestUnreadNothing checks that values which are right are not reported: the defaults
// of each chart, those of its ci directory and mixtures of them.
func TestUnreadNothing(t *testing.T) {
	for _, s := range subjects(t) {
		t.Run(s.name, func(t *testing.T) {
			c, err := s.load()
			if err != nil {
				t.Fatal(err)
			}
			all := append(sets(t, s.name, s.files, *setCount), written(t, "all defaults", c.Values()))
			for _, values := range all {
				unread, err := c.Unread(t.Context(), try(t, values.text))
				if err != nil {
					t.Fatal(err)
				}
				for _, u := range unread {
					if strings.HasPrefix(s.name, "shop") && (u.Path == "unknown" || u.Path == "cache") {
						continue // it is not: the sets name a subchart, which has only aliases, and a name that is unknown
					}
					t.Errorf("%s: %s is reported as not read (perhaps %v); nearest: %s", values.name, u.Path, u.Perhaps, u.Nearest)
				}
			}
		})
	}
}

// TestUnreadTypos misspells names of defaults, one at a time, and checks that nearly
// all of those that change nothing are reported, and with the right name.
func TestUnreadTypos(t *testing.T) {
	const atLeast = 0.95
	most := 10
	if *setCount == 0 {
		most = 60
	}
	total, found, near := 0, 0, 0
	seen := map[string]bool{}
	for _, s := range subjects(t) {
		if seen[s.name+".tgz"] = true; seen[s.name] {
			continue // the same chart, packed
		}
		c, err := s.load()
		if err != nil {
			t.Fatal(err)
		}
		before, err := c.Render(t.Context(), try(t, ""))
		if err != nil {
			continue
		}
		paths := names(c.Values(), nil)
		ofChart, foundOfChart := 0, 0
		for i := range min(most, len(paths)) {
			path := paths[i*len(paths)/min(most, len(paths))]
			values := map[string]any{}
			put(values, misspelt(path), at(c.Values(), path))
			r := try(t, written(t, "", values).text)
			unread, err := c.Unread(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if len(unread) == 0 && changes(t, c, r, before) {
				continue // it is read under any name
			}
			ofChart++
			if len(unread) == 1 {
				foundOfChart++
				if steps, err := unread[0].Nearest.Steps(); err == nil && len(steps) == len(path) && steps[len(path)-1].Name == path[len(path)-1] {
					near++
				}
				continue
			}
			t.Logf("%s: %v is not found: %v", s.name, misspelt(path), unread)
		}
		t.Logf("%s: %d of %d", s.name, foundOfChart, ofChart)
		total, found = total+ofChart, found+foundOfChart
	}
	t.Logf("%d of %d typos are found, %d with the right name", found, total, near)
	if total == 0 || float64(found) < atLeast*float64(total) || float64(near) < atLeast*float64(found) {
		t.Errorf("%d of %d typos are found, %d with the right name; want %v of both", found, total, near, atLeast)
	}
}

// try returns the release that charts are tried with.
func try(t *testing.T, values string) helm.Release {
	t.Helper()
	v := map[string]any{}
	if err := yaml.Unmarshal([]byte(values), &v); err != nil {
		t.Fatal(err)
	}
	return helm.Release{Name: releaseName, Namespace: namespace, KubeVersion: kubeVersion, APIVersions: apiVersions, Values: v}
}

// changes reports whether a release renders otherwise than before, or not at all.
func changes(t *testing.T, c *helm.Chart, r helm.Release, before *helm.Output) bool {
	t.Helper()
	after, err := c.Render(context.Background(), r)
	return err != nil || !reflect.DeepEqual(applied(before), applied(after))
}

// applied returns all objects but tests.
func applied(out *helm.Output) []helm.Object {
	return slices.DeleteFunc(slices.Clone(out.Objects), func(o helm.Object) bool {
		return o.Hook != nil && slices.Contains(o.Hook.Events, "test")
	})
}

// names returns the paths of all names in values.
func names(v map[string]any, at []string) (out [][]string) {
	for _, k := range slices.Sorted(maps.Keys(v)) {
		path := append(slices.Clone(at), k)
		out = append(out, path)
		if m, ok := v[k].(map[string]any); ok {
			out = append(out, names(m, path)...)
		}
	}
	return out
}

// misspelt swaps two letters of the last name of a path, or adds one.
func misspelt(path []string) []string {
	out := slices.Clone(path)
	name := []byte(out[len(out)-1])
	i := len(name) / 2
	if len(name) < 4 || name[i] == name[i-1] {
		name = append(name, 'x')
	} else {
		name[i], name[i-1] = name[i-1], name[i]
	}
	out[len(out)-1] = string(name)
	return out
}
