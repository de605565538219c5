package validate

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Secrets returns the findings about credentials in a fleet alone: what prints
// parts of a fleet that is not sound must not print those. Positions may be nil.
func Secrets(f *model.Fleet, positions finding.Positions) finding.List {
	c := &checker{Report: &feature.Report{Fleet: f, Positions: positions}}
	c.secrets()
	return c.List.Sort()
}

// secrets finds credentials among all texts of the fleet: forms that have a name
// are refused; what only looks random, or is only named like one, is warned of.
func (c *checker) secrets() {
	waived, used := c.waivers(), map[int]bool{}
	x := texts{found: func(t text, v credential.Verdict) {
		rule := ruleOf(v)
		if i, ok := waived[waiver{rule, t.at}]; ok {
			used[i] = true
			return
		}
		c.credential(rule, t.at, v.What)
	}}
	x.walk("", "", reflect.ValueOf(*c.Fleet))
	for i, w := range c.Fleet.Guards.Waivers {
		// A text of a patch is judged again where it ends up.
		if !used[i] && waived[waiver{w.Rule, fieldpath.Path(w.Path)}] == i && waivable[w.Rule] && w.Path != "" && !strings.Contains(w.Path, ".patches[") {
			c.Warnf("unused-waiver", fieldpath.Path("guards.waivers").Index(i), "remove it", "%s does not match anything at %s", w.Rule, w.Path)
		}
	}
}

// credential adds the finding about a credential.
func (c *checker) credential(rule string, at fieldpath.Path, what string) {
	const fix = "keep the value in a secret store and refer to it with fromSecret"
	if rule == secretValue {
		c.Errorf(secretValue, at, fix, "this looks like %s", what)
		return
	}
	c.Warnf("secret-like", at, fix+", or name the path and a reason in guards.waivers", "this looks like %s", what)
}

// secretValue is the rule about what certainly is a credential.
const secretValue = "secret-value"

// ruleOf returns the rule that a verdict belongs to.
func ruleOf(v credential.Verdict) string {
	if v.Sure {
		return secretValue
	}
	return "secret-like"
}

// waivable are the rules that a waiver may lift.
var waivable = map[string]bool{secretValue: true, "secret-like": true}

// waiver is what a waiver lifts: a rule at a path.
type waiver struct {
	rule string
	at   fieldpath.Path
}

// waivers returns the waivers of the fleet by what they lift, and checks them.
func (c *checker) waivers() map[waiver]int {
	out := map[waiver]int{}
	for i, w := range c.Fleet.Guards.Waivers {
		at := fieldpath.Path("guards.waivers").Index(i)
		if w.Rule == "" || w.Path == "" || w.Reason == "" {
			c.Errorf("empty-waiver", at, "write rule, path and reason", "a waiver needs the rule that it waives, the path and the reason")
			continue
		}
		if !waivable[w.Rule] {
			c.Errorf("invalid-waiver", at.Field("rule"), "use "+strings.Join(feature.SortedKeys(waivable), " or "), "the rule %s cannot be waived", w.Rule)
			continue
		}
		out[waiver{w.Rule, fieldpath.Path(w.Path)}] = i
	}
	return out
}

// Credentials finds credentials among objects as they are built, after patches and
// filters, that the model does not show: a value that gets its name only there, or a
// Secret that was something else.
type Credentials struct {
	checker *checker
	waived  map[waiver]int
	// known are the values that Secrets finds in the model, or that are waived there.
	known map[string]bool
}

// NewCredentials returns what is known of the credentials in a fleet.
func NewCredentials(f *model.Fleet, positions finding.Positions) *Credentials {
	c := &Credentials{checker: &checker{Report: &feature.Report{Fleet: f, Positions: positions}}, known: map[string]bool{}}
	c.waived = c.checker.waivers()
	x := texts{found: func(t text, _ credential.Verdict) { c.known[t.value] = true }}
	x.walk("", "", reflect.ValueOf(*f))
	return c
}

// Known returns the values that are found in the model, or are waived there, sorted.
func (c *Credentials) Known() []string { return slices.Sorted(maps.Keys(c.known)) }

// Objects returns the findings about the objects that a spec with these patches is
// built to. Written returns where in the fleet a path of the spec was written.
func (c *Credentials) Objects(objects []object.Object, patches []model.Patch, written func(fieldpath.Path) fieldpath.Path) finding.List {
	own := &checker{Report: &feature.Report{Fleet: c.checker.Fleet, Positions: c.checker.Positions}}
	add := func(rule string, is func(any) bool, report func(at fieldpath.Path)) {
		at := written(patchWith(patches, is))
		if _, ok := c.waived[waiver{rule, at}]; !ok {
			report(at)
		}
	}
	for _, o := range objects {
		if view.HoldsValues(o.Map()) {
			add(secretValue, func(v any) bool { return v == "Secret" }, func(at fieldpath.Path) {
				own.Errorf(secretValue, at, "keep the value in a secret store and refer to it", "the object %s is built into a Secret with its values", o.Name())
			})
			continue
		}
		x := texts{found: func(t text, v credential.Verdict) {
			if !c.known[t.value] && v.What != randomKey {
				add(ruleOf(v), func(v any) bool { return v == t.value || t.name != "" && v == t.name }, func(at fieldpath.Path) { own.credential(ruleOf(v), at, v.What) })
			}
		}}
		x.walk("", "", reflect.ValueOf(o.Map()))
	}
	return own.List.Sort()
}

// patchWith returns the path, in its spec, of the patch in which a value is, or of
// the operation; else that of all patches, or "" without any.
func patchWith(patches []model.Patch, is func(any) bool) fieldpath.Path {
	for i, p := range patches {
		at := fieldpath.Path("patches").Index(i)
		for j, op := range p.JSON {
			if anyValue(op.Value, is) {
				return at.Field("json").Index(j).Field("value")
			}
			if is(op.Path[strings.LastIndexByte(op.Path, '/')+1:]) {
				return at.Field("json").Index(j)
			}
		}
		if anyValue(p.Merge, is) {
			return at.Field("merge")
		}
	}
	if len(patches) == 0 {
		return ""
	}
	return "patches"
}

// anyValue reports whether a JSON value holds one.
func anyValue(v any, is func(any) bool) bool {
	switch v := v.(type) {
	case map[string]any:
		return slices.ContainsFunc(feature.SortedKeys(v), func(k string) bool { return is(k) || anyValue(v[k], is) })
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return anyValue(e, is) })
	}
	return v != nil && is(v)
}
