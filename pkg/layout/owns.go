package layout

import (
	"path"
	"slices"
	"strings"
)

// tops are the directories that generated files stand in, beside the inventories.
var tops = []string{"apps", "argocd", "clusters", "platform", "rendered"}

// CanOwn reports whether some owner can have a file at p.
func CanOwn(p string) bool {
	top, rest, ok := strings.Cut(p, "/")
	return isGuide(p) || ok && strings.Contains(rest, "/") && slices.Contains(tops, top)
}

// isGuide reports whether p is a file of GuideUnit.
func isGuide(p string) bool { return p == Guide || p == Attributes }

// Owns reports whether a unit can have a file at p: in an environment, or, with
// env "", in what its environments share. It knows every place that this package
// names, so that an inventory cannot claim the files of another owner, or those
// of a person.
func Owns(unit, env, p string) bool {
	kind, name, _ := strings.Cut(unit, "/")
	dir, file := path.Split(p)
	dir = strings.TrimSuffix(dir, "/")
	if rest, ok := strings.CutPrefix(p, "argocd/"); ok {
		parts := strings.Split(rest, "/")
		return ownsArgoCD(kind, name, env, parts) || ownsArgoCD(kind, name, env, parts[1:])
	}
	switch {
	case isGuide(p) || unit == GuideUnit:
		return isGuide(p) && unit == GuideUnit && env == ""
	case kind == "clusters":
		return env == "" && strings.HasPrefix(p, unit+"/")
	case kind != "apps" && kind != "platform":
		return false
	case env == "":
		return strings.HasPrefix(p, Base(unit)+"/")
	case path.Join(unit, "targets") == dir:
		return strings.HasPrefix(file, env+"-")
	case strings.HasPrefix(p, Preview(unit, env)+"/"):
		return kind == "apps"
	case strings.HasPrefix(p, path.Join("rendered", env)+"/"):
		parts := strings.SplitN(p, "/", 6)
		return len(parts) == 6 && path.Join(parts[3], parts[4]) == unit
	}
	return strings.HasPrefix(p, Overlay(unit, env)+"/") || strings.HasPrefix(p, path.Join(unit, "clusters", env)+"/")
}

// OwnsOnCluster is Owns for a unit that runs once per cluster, on that cluster.
func OwnsOnCluster(unit, cluster, p string) bool {
	kind, name, _ := strings.Cut(unit, "/")
	if kind != "platform" {
		return false
	}
	if rest, ok := strings.CutPrefix(p, "argocd/"); ok {
		parts := strings.Split(rest, "/")
		file := "platform-" + name + "-" + cluster + ".yaml"
		return slices.Equal(parts, []string{"platform", file}) || slices.Equal(parts[1:], []string{"platform", file})
	}
	return strings.HasPrefix(p, OnCluster(unit, cluster)+"/") || path.Dir(p) == Rendered("", cluster, unit)
}

// ownsArgoCD is Owns for what stands in the directory of an instance.
func ownsArgoCD(kind, name, env string, rest []string) bool {
	if len(rest) < 2 {
		return false
	}
	file := rest[len(rest)-1]
	if kind == "platform" {
		name = "platform-" + name
	}
	switch {
	case len(rest) == 3 && rest[0] == "apps":
		return env != "" && rest[1] == env && strings.HasPrefix(file, name+"-")
	case len(rest) != 2 || env != "":
		return false
	case rest[0] == "appsets":
		return kind == "apps" && strings.HasPrefix(file, name)
	case rest[0] == "projects":
		return kind == "argocd" && file == name+".yaml"
	case rest[0] == "roots":
		return kind == "argocd" && "root-"+file == name+".yaml"
	}
	return rest[0] == "settings" && kind == "clusters"
}
