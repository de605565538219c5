package feature

import (
	"fmt"
	"maps"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Report collects findings, and has the checks that many features need.
type Report struct {
	// Fleet is the whole fleet as it was written.
	Fleet *model.Fleet
	// Kinds are what the fleet says of kinds.
	Kinds kind.Table
	// Positions are where values were written; it may be nil.
	Positions finding.Positions
	// List are the findings.
	List finding.List

	apps []string // their names, once they were asked for
}

// Errorf adds an error. Arguments that may be secret are redacted.
func (r *Report) Errorf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	r.add(finding.Error, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

// Warnf adds a warning. Arguments that may be secret are redacted.
func (r *Report) Warnf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	r.add(finding.Warning, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

func (r *Report) add(s finding.Severity, rule string, at fieldpath.Path, fix, reason string) {
	r.List = append(r.List, finding.Finding{
		Rule: rule, Severity: s, Path: at, Position: r.Positions.At(at), Reason: reason, Fix: fix})
}

// Label checks that a name is a DNS label of at most so many characters.
func (r *Report) Label(at fieldpath.Path, name string, most int) {
	switch {
	case name == "":
		r.Errorf("missing-name", at, "add a name", "the name is missing")
	case len(validation.IsDNS1123Label(name)) > 0:
		r.Errorf("invalid-name", at, "use lowercase letters, digits and dashes, and start and end with a letter or digit", "%q is not a valid DNS label", name)
	case len(name) > most:
		r.Errorf("invalid-name", at, "shorten it", "%q has %d characters, more than the limit of %d", name, len(name), most)
	}
}

// Known reports whether name is one of the known names, and finds fault if not.
func (r *Report) Known(rule, what string, at fieldpath.Path, name string, known []string) bool {
	if slices.Contains(known, name) {
		return true
	}
	r.Errorf(rule, at, finding.Choose(name, known), "there is no %s named %s", what, name)
	return false
}

// AppNames returns the names of the fleet's apps. They are shared and must not be
// changed.
func (r *Report) AppNames() []string {
	if r.apps == nil {
		for i := range r.Fleet.Apps {
			r.apps = append(r.apps, r.Fleet.Apps[i].Name)
		}
	}
	return r.apps
}

// EachApp calls f for each app of the fleet as it was written, and where it is. It
// is for checks of the fleet, which are made in each run: what is remembered of a
// target would go stale.
func (r *Report) EachApp(f func(at fieldpath.Path, a *model.App)) {
	for i := range r.Fleet.Apps {
		f(fieldpath.Path("apps").Key(r.Fleet.Apps[i].Name), &r.Fleet.Apps[i])
	}
}

// Unique checks that a name stands once in a list, of which seen holds the names before.
func (r *Report) Unique(seen map[string]bool, at fieldpath.Path, name string) {
	if seen[name] {
		r.Errorf("duplicate-name", at, "rename or remove one of them", "the list has two entries named %s", name)
	}
	seen[name] = true
}

// Port checks the number of a port.
func (r *Report) Port(at fieldpath.Path, n int32) {
	if len(validation.IsValidPortNum(int(n))) > 0 {
		r.Errorf("invalid-value", at, "use a number from 1 to 65535", "%d is not a valid port", n)
	}
}

// ExactlyOne checks how many of some fields are set: at most one, and at least
// least.
func (r *Report) ExactlyOne(at fieldpath.Path, how string, set map[string]bool, least int) {
	var given []string
	for _, name := range SortedKeys(set) {
		if set[name] {
			given = append(given, name)
		}
	}
	if len(given) > 1 || len(given) < least {
		got := "none is set"
		if len(given) > 1 {
			got = Join(given) + " are set"
		}
		r.Errorf("one-of", at, "keep "+how+" of "+Join(SortedKeys(set)), "%s", got)
	}
}

// MountPath checks a path that something is mounted at, if there is one.
func (r *Report) MountPath(at fieldpath.Path, p string) {
	if p != "" && (!path.IsAbs(p) || strings.ContainsRune(p, ':')) {
		r.Errorf("invalid-value", at, "write an absolute path without a colon", "%q is not a valid mount path", p)
	}
}

// CIDR checks a network, if there is one.
func (r *Report) CIDR(at fieldpath.Path, s string) {
	if s == "" {
		return
	}
	if p, err := netip.ParsePrefix(s); err != nil {
		r.Errorf("invalid-value", at, "write it as 10.0.0.0/8", "%q is not a valid CIDR", s)
	} else if p.Masked() != p {
		r.Errorf("invalid-value", at, "write "+p.Masked().String(), "%q has bits set beyond its prefix length", s)
	}
}

// Host checks a host, if there is one, which may stand for all those right below a
// domain.
func (r *Report) Host(at fieldpath.Path, host string) {
	bare := strings.TrimPrefix(host, "*.")
	if host == "" {
		return
	}
	if _, err := netip.ParseAddr(host); err == nil || len(validation.IsDNS1123Subdomain(bare)) > 0 {
		r.Errorf("invalid-host", at, "write it in lowercase, as in shop or shop.example.com", "%q is not a valid host", host)
	}
}

// NamespacePattern checks a rule for a namespace, if there is one, which may hold
// {env}.
func (r *Report) NamespacePattern(at fieldpath.Path, rule string) {
	if rule != "" && len(validation.IsDNS1123Label(strings.ReplaceAll(rule, "{env}", "x"))) > 0 {
		r.Errorf("invalid-value", at, "use lowercase letters, digits, dashes and {env}", "%q does not produce a valid namespace", rule)
	}
}

// YAMLWords are spellings that kustomize's label and ConfigMap options read as
// something else than text when they are map keys.
var YAMLWords = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null|~|[-+]?[0-9][0-9_.]*(e[-+]?[0-9]+)?|0x[0-9a-f]+|0o?[0-7]+|\.inf|\.nan)$`)

// Placeholders are parts of a rule in braces, such as {app}.
var Placeholders = regexp.MustCompile(`\{[^{}]*\}`)

// Metadata checks labels or annotations.
func (r *Report) Metadata(at fieldpath.Path, m map[string]string, labels bool) {
	if !labels {
		r.PruneConfirm(at.Key(part.SyncOptions), m[part.SyncOptions])
	}
	for _, k := range SortedKeys(m) {
		switch {
		case len(validation.IsQualifiedName(strings.ToLower(k))) > 0:
			r.Errorf("invalid-key", at.Key(k), "use letters, digits, dashes, dots and at most one prefix with a slash", "%q is not a valid key of a label or annotation", k)
		case YAMLWords.MatchString(k):
			r.Errorf("invalid-key", at.Key(k), "use another key", "YAML readers do not read the key %q as text", k)
		case labels && len(validation.IsValidLabelValue(m[k])) > 0:
			r.Errorf("invalid-value", at.Key(k), "use at most 63 letters, digits, dashes, underscores and dots", "this is not a valid label value")
		case labels && strings.HasPrefix(k, "app.kubernetes.io/") && (k == "app.kubernetes.io/name" || k == "app.kubernetes.io/managed-by" || k == "app.kubernetes.io/part-of"):
			r.Errorf("reserved-label", at.Key(k), "remove it", "gitopsgen sets this label, and selectors depend on it")
		}
	}
}

// Duration checks a duration as Go writes it, if there is one.
func (r *Report) Duration(at fieldpath.Path, s string) {
	if s == "" {
		return
	}
	if d, err := time.ParseDuration(s); err != nil || d <= 0 {
		r.Errorf("invalid-duration", at, "write it in hours, minutes and seconds, as in 2160h or 5s", "%q is not a valid duration", s)
	}
}

// Quota checks the quota of a namespace.
func (r *Report) Quota(at fieldpath.Path, list corev1.ResourceList) {
	for name, q := range list {
		if q.Sign() < 0 {
			r.Errorf("invalid-value", at.Key(string(name)), "use a positive quantity", "a quota must not be negative")
		}
	}
}

// PruneConfirm finds sync options that hold an operation.
func (r *Report) PruneConfirm(at fieldpath.Path, options string) {
	for _, option := range strings.Split(options, ",") {
		if strings.TrimSpace(option) == "Prune=confirm" {
			r.Warnf("prune-confirm", at, "use Prune=false and delete the object by hand, or confirm soon after the commit",
				"a sync that deletes this object waits for confirmation and does not apply newer commits until then")
		}
	}
}

// SortedKeys returns the keys of a map, sorted.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Join lists names for people.
func Join(names []string) string { return strings.Join(names, ", ") }

// EntryAt returns the path of an entry of a list that need not have a name.
func EntryAt(list fieldpath.Path, name string, i int) fieldpath.Path {
	if name == "" {
		return list.Index(i)
	}
	return list.Key(name)
}

// IsTrue reports whether an optional value is true.
func IsTrue(b *bool) bool { return b != nil && *b }

// IsCron reports whether the API server and Argo CD read a text as a schedule: both
// use this parser. A time zone in the text is refused, before the parser, which
// panics where nothing follows it.
func IsCron(s string) bool {
	if strings.HasPrefix(s, "TZ=") || strings.HasPrefix(s, "CRON_TZ=") {
		return false
	}
	_, err := cron.ParseStandard(s)
	return err == nil
}
