// Package sprigfuncs holds the functions of Argo CD's ApplicationSet templates:
// those of sprig and a few of its own. It is apart from package expand for the
// modules that it links.
//
//	apps, err := expand.Applications(set, expand.World{Funcs: sprigfuncs.Map(), Slug: sprigfuncs.Slug})
//
// Functions that make keys, certificates and password hashes return an error:
// they are slow, and what they make is another each time. So are results that
// are far bigger than what they are made of.
package sprigfuncs

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
)

// Map returns the functions, in a new map.
func Map() template.FuncMap {
	out := template.FuncMap(sprig.GenericFuncMap())
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(out, name) // as Argo CD does
	}
	for _, name := range []string{
		"genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey",
		"genSignedCert", "genSignedCertWithKey", "derivePassword", "htpasswd", "bcrypt",
	} {
		out[name] = func(...any) (string, error) {
			return "", fmt.Errorf("%s makes another result each time, or takes long: it is not available here", name)
		}
	}
	bound(out)
	out["normalize"] = expand.Normalize
	out["slugify"] = slugify
	out["toYaml"] = toYAML
	out["fromYaml"] = fromYAML
	out["fromYamlArray"] = fromYAMLArray
	return out
}

// maxSlug is the length of a slug unless a template gives another.
const maxSlug = 50

// Slug returns the slug of a branch's name, as Argo CD's pull request generator
// has it: lower case words of ASCII with "-" between them, at most 50 bytes.
func Slug(name string) string {
	return cut(words(strings.ReplaceAll(name, "_", "-")), maxSlug)
}

// slugify is the template function: up to two options, then the name.
func slugify(args ...any) (string, error) {
	size, smart, name := maxSlug, true, ""
	for i, arg := range args {
		ok := false
		switch {
		case i == len(args)-1:
			name, ok = arg.(string)
		case i == 0:
			size, ok = arg.(int)
			ok = ok && size >= 0
		case i == 1:
			smart, ok = arg.(bool)
		}
		if !ok {
			return "", fmt.Errorf("slugify takes a length, whether to cut at words, and a name; its argument %d is %v", i+1, arg)
		}
	}
	name = expand.Normalize(name)
	if smart {
		return cut(words(name), size), nil
	}
	// A name is cut before what is no word in it becomes a dash.
	return words(name[:min(size, len(name))]), nil
}

// words returns the slug of a name however long it is. Package slug cuts it by
// variables of the package, which stay untouched here.
func words(name string) string { return slug.Make(name) }

// cut shortens a slug to whole words, or within the first one; 0 is no limit.
func cut(name string, size int) string {
	if size == 0 || len(name) <= size {
		return name
	}
	if i := strings.LastIndexByte(name[:size+1], '-'); i >= 0 {
		return name[:i]
	}
	return name[:size]
}

func toYAML(v any) (string, error) {
	data, err := yaml.Marshal(v)
	return strings.TrimSuffix(string(data), "\n"), err
}

func fromYAML(text string) (map[string]any, error) {
	out := map[string]any{}
	err := yaml.Unmarshal([]byte(text), &out)
	return out, err
}

func fromYAMLArray(text string) ([]any, error) {
	out := []any{}
	err := yaml.Unmarshal([]byte(text), &out)
	return out, err
}
