package diff

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// judge marks what the changes of an object risk. The objects are nil where it
// comes or goes; all are those of the target before and after.
func judge(before, after object.Object, all [2][]object.Object, out *Object) {
	if after.IsZero() {
		return // what is deleted depends on Argo CD
	}
	if before.IsZero() {
		if grants(after) {
			out.Risk = RiskPermissions
		}
		return
	}
	of := kind.Lookup(before.KindName())
	for i, f := range out.Fields {
		path := withoutKeys(f.Path)
		switch {
		case loosens(of, path, f):
			out.Fields[i].Risk = RiskPermissions
		case of.Replicas != nil && path == strings.Join(of.Replicas, "."):
			had, _ := pods(before, of, all[0])
			if has, _ := pods(after, of, all[1]); has < had {
				out.Fields[i].Risk = RiskReplicas
				if deletesClaims(after) {
					out.Fields[i].Risk = RiskData
				}
			}
		case of.Scaler != nil && path == strings.Join(of.Scaler.Least, ".") && f.From != nil && leastOf(f.To) < leastOf(f.From):
			out.Fields[i].Risk = RiskReplicas
		}
	}
	if out.Immutable != nil && out.Immutable.Replaces && of.HoldsData {
		out.Risk = RiskData
	}
}

// leastOf returns the least number of pods that a field of an autoscaler means;
// it is 1 without the field.
func leastOf(v any) int64 {
	if n, ok := v.(int64); ok {
		return n
	}
	return 1
}

// deletesClaims reports whether a StatefulSet deletes the claims of pods that it
// no longer has.
func deletesClaims(o object.Object) bool {
	return o.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") == "Delete"
}

// losesData reports whether data goes with an object that is deleted.
func losesData(o object.Object) bool {
	of := kind.Lookup(o.KindName())
	return of.HoldsData || o.KindName() == kind.Name{Kind: "Namespace"} || of.Claims != nil && o.Text(of.Claims.Policy...) == "Delete"
}

const rbacGroup = "rbac.authorization.k8s.io"

// grants reports whether a new object lets somebody do more.
func grants(o object.Object) bool {
	if o.Group() == rbacGroup {
		return true
	}
	of := kind.Lookup(o.KindName())
	if of.PodTemplate == nil {
		return false
	}
	return slices.ContainsFunc(Leaves(o.Map()), func(f Field) bool { return frees(withoutKeys(f.Path), f) })
}

// loosens reports whether a change of a field lets somebody do more.
func loosens(of kind.Kind, path string, f Field) bool {
	switch {
	case of.Name.Group == rbacGroup:
		if strings.HasSuffix(path, ".resourceNames") && f.Kind != Changed {
			// Without names, a rule is for all; with one more, for one more.
			return f.Kind == Removed && isList(f.From) || f.Kind == Added && !isList(f.To)
		}
		top, _, _ := strings.Cut(path, ".")
		return top != "metadata" && f.Kind != Removed
	case of.Name == kind.Name{Group: "argoproj.io", Kind: "AppProject"}:
		deny := strings.Contains(path, "Blacklist") || path == "spec.syncWindows" || denies(f.From) || denies(f.To)
		if !deny && !slices.ContainsFunc(permissive, func(p string) bool { return path == p || strings.HasPrefix(path, p+".") }) {
			return false
		}
		return f.Kind == Changed || (f.Kind == Removed) == deny
	case of.Name == kind.Name{Kind: "Namespace"}:
		return strings.HasPrefix(string(f.Path), "metadata.labels[pod-security.kubernetes.io/enforce]") && level(f.To) < level(f.From)
	case of.PodTemplate != nil:
		return frees(path, f)
	}
	return false
}

// permissive are the fields of a project that permit.
var permissive = []string{"spec.sourceRepos", "spec.destinations", "spec.namespaceResourceWhitelist", "spec.clusterResourceWhitelist",
	"spec.roles", "spec.sourceNamespaces"}

func isList(v any) bool { _, ok := v.([]any); return ok }

// level returns how strict a level of pod security is.
func level(v any) int { return slices.Index([]string{"baseline", "restricted"}, text(v)) }

func text(v any) string { s, _ := v.(string); return s }

// frees reports whether a change at a path of a workload lets its pods do more to
// their node or to the cluster. What comes or goes as a whole counts by what is in
// it.
func frees(path string, f Field) bool {
	field := path[strings.LastIndexByte(path, '.')+1:]
	switch field {
	case "hostNetwork", "hostPID", "hostIPC", "privileged", "allowPrivilegeEscalation", "automountServiceAccountToken":
		return f.To == true
	case "runAsNonRoot", "readOnlyRootFilesystem":
		return f.From == true && f.To != true
	case "runAsUser":
		return f.To == int64(0)
	case "hostPath", "hostPort":
		return f.Kind == Added
	case "add":
		return strings.HasSuffix(path, "capabilities.add") && f.Kind != Removed && f.To != any("NET_BIND_SERVICE")
	case "drop":
		return strings.HasSuffix(path, "capabilities.drop") && f.Kind != Added
	case "securityContext", "seccompProfile":
		if f.Kind == Removed {
			return true
		}
	case "capabilities":
		if m, ok := f.From.(map[string]any); ok && f.Kind == Removed {
			return m["drop"] != nil
		}
	}
	if m, ok := f.To.(map[string]any); ok && f.Kind == Added {
		return slices.ContainsFunc(leaves(spot{of: &kind.Kind{}}, m), func(l Field) bool { return frees(path+"."+withoutKeys(l.Path), l) })
	}
	return f.Kind == Added && strings.Contains(path, ".hostPath.")
}
