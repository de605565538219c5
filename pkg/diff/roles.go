package diff

import (
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// policy is a line of a role of an Argo CD project, as in
// "p, proj:shop:dev, applications, sync, shop/*-dev-one, allow".
type policy struct {
	subject, resource, action, object, effect string
}

func policyOf(line string) (policy, bool) {
	parts := strings.Split(line, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) != 6 || parts[0] != "p" {
		return policy{}, false
	}
	return policy{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

// denies reports whether a line takes away what others permit.
func denies(line any) bool {
	p, ok := policyOf(text(line))
	return ok && p.effect == "deny"
}

// covers reports whether the line permits an action on an Application.
func (p policy) covers(q policy, action, application string) bool {
	return p.effect == "allow" && p.subject == q.subject && p.resource == q.resource && matches(p.action, action) && matches(p.object, application)
}

// matches reports whether a pattern of Argo CD matches a name: there, slashes are no
// different from other characters.
func matches(pattern, name string) bool {
	flat := strings.NewReplacer("/", "\x00")
	ok, err := path.Match(flat.Replace(pattern), flat.Replace(name))
	return ok && err == nil
}

// keepRoles removes the risk of lines that a role of a project gets where others
// permitted the same before, for all of the project's Applications that they match: a
// pattern that takes the place of their names lets nobody do more. Names are those of
// the Applications of each project afterwards.
func keepRoles(o *Object, before object.Object, names func() (map[string][]string, error)) error {
	for i, f := range o.Fields {
		p, ok := policyOf(text(f.To))
		if !ok || f.Risk != RiskPermissions || f.Kind != Added || withoutKeys(f.Path) != "spec.roles.policies" {
			continue
		}
		all, err := names()
		if err != nil {
			return err
		}
		if p.permitted(policiesOf(before), all[before.Name()]) {
			o.Fields[i].Risk = ""
		}
	}
	return nil
}

// namesByProject returns the names of the Applications of each project of a tree.
func namesByProject(t *tree.Tree, at map[site]string) (map[string][]string, error) {
	all, err := applications(t, at)
	out := map[string][]string{}
	for _, a := range all {
		out[a.of] = append(out[a.of], a.name)
	}
	return out, err
}

// permitted reports whether lines permitted what a line does, to some Applications of
// its project. Where it matches none of these, what it is for is not known.
func (p policy) permitted(before []policy, names []string) bool {
	project, _, _ := strings.Cut(p.object, "/")
	matched := false
	for _, name := range names {
		application := project + "/" + name
		if !matches(p.object, application) {
			continue
		}
		matched = true
		if !slices.ContainsFunc(before, func(b policy) bool { return b.covers(p, p.action, application) }) {
			return false
		}
	}
	denied := slices.ContainsFunc(before, func(b policy) bool { return b.effect != "allow" && b.subject == p.subject })
	return matched && !denied
}

// policiesOf returns the lines of all roles of a project.
func policiesOf(project object.Object) []policy {
	roles, _ := project.Get("spec", "roles")
	list, _ := roles.([]any)
	var out []policy
	for _, r := range list {
		role, _ := r.(map[string]any)
		lines, _ := role["policies"].([]any)
		for _, line := range lines {
			if p, ok := policyOf(text(line)); ok {
				out = append(out, p)
			}
		}
	}
	return out
}
