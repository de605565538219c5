package secrets

import (
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// leastRefresh is the shortest time between two reads that nobody wonders at.
const leastRefresh = 5 * time.Minute

// checkTarget checks the Secrets of a target.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	c, s := checker{r}, &t.Spec
	c.volumeNames(at, s)
	targets := map[string]bool{}
	for i := range s.Secrets {
		x := &s.Secrets[i]
		below := at.Field("secrets").Key(x.Name)
		if x.CreationPolicy == "Owner" || x.CreationPolicy == "Orphan" {
			if targets[x.Target] {
				c.Errorf("duplicate-target", below, "give one of them another target, or the creationPolicy Merge", "two entries of the app write the Secret %s", x.Target)
			}
			targets[x.Target] = true
		} else if x.DeletionPolicy == "Delete" {
			c.Errorf("delete-not-owned", below.Field("deletionPolicy"), "use Retain, or the creationPolicy Owner",
				"the Secret would be deleted although the ExternalSecret does not create it")
		}
		c.refresh(below, x, s)
		c.fetched(below.Field("template"), x)
		c.restart(below, x, s)
		for j, f := range x.From {
			if f.Generator != nil && f.Generator.Kind == "" {
				c.Errorf("unknown-generator", below.Field("from").Index(j).Field("generator").Field("name"),
					"name an entry of secretGenerators, or add the kind of an object that gitopsgen does not generate", "the generator does not exist")
			}
		}
		if s.Annotations[part.HookPhase] == "PreSync" && (usedByEnv(x, s) || x.MountPath != "") {
			c.Errorf("presync-secret", below, "run it as a Sync hook of a later wave, or keep the Secret in another app",
				"a PreSync hook runs before the Secret exists, because the sync itself creates it")
		}
	}
	for i := range s.SecretGenerators {
		if view.GeneratorKind(&s.SecretGenerators[i]) == "" {
			c.Errorf("missing-value", at.Field("secretGenerators").Key(s.SecretGenerators[i].Name), "add one, such as password: {}", "the generator has no kind")
		}
	}
	for i := range s.PushSecrets {
		if len(s.PushSecrets[i].Keys) == 0 || s.PushSecrets[i].Secret == "" {
			c.Errorf("missing-value", at.Field("pushSecrets").Key(s.PushSecrets[i].Name), "add secret and keys", "the push needs a secret and keys")
		}
	}
}

// volumeNames finds Secrets that would share the name of a volume with others.
func (c checker) volumeNames(at fieldpath.Path, s *model.AppSpec) {
	names := map[string]bool{}
	for _, x := range s.Config {
		names[x.Name] = true
	}
	for _, v := range s.Volumes {
		names[v.Name] = true
	}
	for _, x := range s.Secrets {
		if names[x.Name] && x.MountPath != "" {
			c.Errorf("duplicate-name", at.Field("secrets").Key(x.Name), "rename one of them", "an entry of config or volumes is named %s too", x.Name)
		}
	}
}

// refresh checks how often a Secret is read.
func (c checker) refresh(at fieldpath.Path, x *model.Secret, s *model.AppSpec) {
	d, err := time.ParseDuration(x.RefreshInterval)
	if err != nil || x.RefreshPolicy != "Periodic" {
		return
	}
	switch {
	case d == 0:
		c.Warnf("never-refreshed", at.Field("refreshInterval"), "use refreshPolicy CreatedOnce if that is intended, or set an interval", "with an interval of 0, the store is read only once")
	case d < leastRefresh:
		c.Warnf("short-refresh", at.Field("refreshInterval"), "use 5m or more", "the store is read every %s, and providers bill and throttle reads", d)
	}
	for _, f := range x.From {
		for i := range s.SecretGenerators {
			g := &s.SecretGenerators[i]
			if f.Generator != nil && f.Generator.Kind == "Password" && strings.HasSuffix(f.Generator.Name, "-"+g.Name) && g.Password != nil {
				c.Warnf("password-rotates", at.Field("refreshPolicy"), "use CreatedOnce if the password has to stay the same", "each refresh generates a new password")
			}
		}
	}
}

// restart finds Secrets that pods read when they start and that may change later.
func (c checker) restart(at fieldpath.Path, x *model.Secret, s *model.AppSpec) {
	stays := s.Kind == model.Deployment || s.Kind == model.StatefulSet || s.Kind == model.DaemonSet
	if stays && x.RestartOnChange == nil && x.RefreshPolicy != "CreatedOnce" && usedByEnv(x, s) {
		c.Warnf("no-restart", at.Field("restartOnChange"), "set it to true where Reloader runs, or to false", "pods read environment variables only when they start, and keep the old value when the Secret changes")
	}
}

// usedByEnv reports whether a container reads a Secret by its environment.
func usedByEnv(x *model.Secret, s *model.AppSpec) bool {
	if x.Env != nil && *x.Env {
		return true
	}
	return slices.ContainsFunc(part.Containers("", s), func(p part.Container) bool {
		return slices.ContainsFunc(p.Spec.Env, func(e model.EnvVar) bool {
			return e.FromSecret != nil && (e.FromSecret.Name == x.Name || e.FromSecret.Name == x.Target)
		})
	})
}

// fetched checks that a template uses values that are read.
func (c checker) fetched(at fieldpath.Path, x *model.Secret) {
	t := x.Template
	if t == nil {
		return
	}
	var keys []string
	for _, k := range x.Keys {
		keys = append(keys, k.Name)
	}
	known := func(at fieldpath.Path, key string) {
		if len(x.From) == 0 && !slices.Contains(keys, key) {
			c.Known("template-key", "key", at, key, keys)
		}
	}
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	switch {
	case t.TLS != nil:
		known(at.Field("tls").Field("certificate"), or(t.TLS.Certificate, "tls.crt"))
		known(at.Field("tls").Field("key"), or(t.TLS.Key, "tls.key"))
	case t.DockerConfig != nil:
		known(at.Field("dockerConfig").Field("username"), or(t.DockerConfig.Username, "username"))
		known(at.Field("dockerConfig").Field("password"), or(t.DockerConfig.Password, "password"))
	case t.BasicAuth != nil:
		known(at.Field("basicAuth").Field("username"), or(t.BasicAuth.Username, "username"))
		known(at.Field("basicAuth").Field("password"), or(t.BasicAuth.Password, "password"))
	}
	text := func(at fieldpath.Path, text string) {
		tree := parse.New("template")
		tree.Mode = parse.SkipFuncCheck
		if _, err := tree.Parse(text, "", "", map[string]*parse.Tree{}); err != nil {
			c.Errorf("invalid-template", at, "fix the template", "this is not a valid Go template")
			return
		}
		for _, key := range fields(text) {
			known(at, key)
		}
	}
	for _, k := range feature.SortedKeys(t.Data) {
		text(at.Field("data").Key(k), t.Data[k])
	}
	for i, f := range t.From {
		text(at.Field("from").Index(i).Field("literal"), f.Literal)
	}
}

var (
	actions  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	fieldsOf = regexp.MustCompile(`(?:^|[\s(|{])\.([A-Za-z_][A-Za-z0-9_]*)|\bindex \. "([^"]+)"`)
	narrowed = regexp.MustCompile(`\{\{-?\s*(?:range|with|define|block)\b`)
)

// fields returns the values that a template uses. Of one that changes what the
// dot is, nothing is known.
func fields(text string) []string {
	if narrowed.MatchString(text) {
		return nil
	}
	var out []string
	for _, a := range actions.FindAllString(text, -1) {
		for _, m := range fieldsOf.FindAllStringSubmatch(a, -1) {
			out = append(out, m[1]+m[2])
		}
	}
	return out
}
