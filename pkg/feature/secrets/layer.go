package secrets

import (
	"regexp"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checker checks Secrets.
type checker struct{ *feature.Report }

// checkLayer checks the Secrets, generators and pushes of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	var stores []string
	for _, x := range c.Fleet.SecretStores {
		stores = append(stores, x.Name)
	}
	seen := map[string]bool{}
	for i := range s.Secrets {
		below := at.Field("secrets").Key(s.Secrets[i].Name)
		c.Unique(seen, below, s.Secrets[i].Name)
		c.secret(below, &s.Secrets[i], stores)
	}
	clear(seen)
	for i := range s.SecretGenerators {
		g := &s.SecretGenerators[i]
		below := at.Field("secretGenerators").Key(g.Name)
		c.Label(below.Field("name"), g.Name, 63)
		c.Unique(seen, below, g.Name)
		c.ExactlyOne(below, "one", map[string]bool{"password": g.Password != nil, "ecr": g.ECR != nil, "gcr": g.GCR != nil,
			"github": g.GitHub != nil, "vault": g.Vault != nil}, 0)
		if g.Vault != nil {
			p := storeChecker{c, false}
			p.required(below.Field("vault"), map[string]string{"path": g.Vault.Path})
			p.vault(below.Field("vault").Field("vault"), &g.Vault.Vault)
		}
	}
	clear(seen)
	for i := range s.PushSecrets {
		p := &s.PushSecrets[i]
		below := at.Field("pushSecrets").Key(p.Name)
		c.Label(below.Field("name"), p.Name, 63)
		c.Unique(seen, below, p.Name)
		c.storeRef(below, p.Store, p.StoreRef, stores)
		c.place(below.Field("path"), p.Path)
		c.interval(below.Field("refreshInterval"), p.RefreshInterval)
		c.choice(below.Field("updatePolicy"), p.UpdatePolicy, "Replace", "IfNotExists")
		c.choice(below.Field("deletionPolicy"), p.DeletionPolicy, "None", "Delete")
		for _, k := range p.Keys {
			c.place(below.Field("keys").Key(k.Name).Field("key"), k.Key)
			c.choice(below.Field("keys").Key(k.Name).Field("conversion"), k.Conversion, "None", "ReverseUnicode")
		}
	}
}

// secret checks a Secret.
func (c checker) secret(at fieldpath.Path, s *model.Secret, stores []string) {
	c.Label(at.Field("name"), s.Name, 63)
	if s.Target != "" && len(validation.IsDNS1123Subdomain(s.Target)) > 0 {
		c.Errorf("invalid-name", at.Field("target"), "use lowercase letters, digits, dashes and dots", "this is not a valid name of a Secret")
	}
	c.storeRef(at, s.Store, s.StoreRef, stores)
	c.place(at.Field("path"), s.Path)
	c.MountPath(at.Field("mountPath"), s.MountPath)
	c.interval(at.Field("refreshInterval"), s.RefreshInterval)
	c.choice(at.Field("creationPolicy"), s.CreationPolicy, "Owner", "Orphan", "Merge", "None")
	c.choice(at.Field("deletionPolicy"), s.DeletionPolicy, "Retain", "Delete", "Merge")
	c.choice(at.Field("refreshPolicy"), s.RefreshPolicy, "Periodic", "OnChange", "CreatedOnce")
	seen := map[string]bool{}
	for i := range s.Keys {
		k := &s.Keys[i]
		below := at.Field("keys").Key(k.Name)
		c.Unique(seen, below, k.Name)
		if len(validation.IsConfigMapKey(k.Name)) > 0 {
			c.Errorf("invalid-key", below.Field("name"), "use letters, digits, dashes, underscores and dots", "this is not a valid key of a Secret")
		}
		c.remote(below, &k.RemoteRef)
	}
	for i := range s.From {
		c.source(at.Field("from").Index(i), &s.From[i])
	}
	if s.Template != nil {
		c.template(at.Field("template"), s.Template)
	}
}

func (c checker) storeRef(at fieldpath.Path, store string, ref *model.StoreRef, stores []string) {
	if store != "" {
		c.Known("unknown-store", "secret store", at.Field("store"), store, stores)
	}
	if ref == nil {
		return
	}
	if store != "" {
		c.Errorf("one-of", at, "keep at most one of store and storeRef", "store and storeRef are both set")
	}
	c.required(at.Field("storeRef"), map[string]string{"name": ref.Name})
	c.choice(at.Field("storeRef").Field("kind"), string(ref.Kind), string(model.ClusterStore), string(model.NamespacedStore))
}

func (c checker) remote(at fieldpath.Path, r *model.RemoteRef) {
	c.place(at.Field("key"), r.Key)
	c.reading(at, r.Reading)
	c.choice(at.Field("metadata"), r.Metadata, "None", "Fetch")
}

func (c checker) reading(at fieldpath.Path, r model.Reading) {
	c.choice(at.Field("decoding"), r.Decoding, "None", "Base64", "Base64URL", "Auto")
	c.choice(at.Field("conversion"), r.Conversion, "Default", "Unicode")
}

func (c checker) source(at fieldpath.Path, s *model.SecretSource) {
	c.ExactlyOne(at, "exactly one", map[string]bool{"extract": s.Extract != nil, "find": s.Find != nil, "generator": s.Generator != nil}, 1)
	if s.Extract != nil {
		c.remote(at.Field("extract"), s.Extract)
	}
	if s.Find != nil {
		below := at.Field("find")
		c.place(below.Field("path"), s.Find.Path)
		c.reading(below, s.Find.Reading)
		c.regexp(below.Field("name"), s.Find.Name)
		if s.Find.Name == "" && len(s.Find.Tags) == 0 {
			c.Errorf("missing-value", below, "add name or tags", "the search matches everything in the store")
		}
	}
	for i, r := range s.Rewrite {
		below := at.Field("rewrite").Index(i)
		c.ExactlyOne(below, "exactly one", map[string]bool{"regexp": r.Regexp != nil, "transform": r.Transform != "", "merge": r.Merge != nil}, 1)
		if r.Regexp != nil {
			c.regexp(below.Field("regexp").Field("source"), r.Regexp.Source)
		}
		if m := r.Merge; m != nil {
			below = below.Field("merge")
			c.choice(below.Field("conflictPolicy"), m.ConflictPolicy, "Error", "Ignore")
			c.choice(below.Field("priorityPolicy"), m.PriorityPolicy, "Strict", "IgnoreNotFound")
			c.choice(below.Field("strategy"), m.Strategy, "Extract", "JSON")
		}
	}
}

func (c checker) regexp(at fieldpath.Path, text string) {
	if _, err := regexp.Compile(text); err != nil {
		c.Errorf("invalid-value", at, "fix the expression", "this is not a valid regular expression")
	}
}

func (c checker) template(at fieldpath.Path, t *model.SecretTemplate) {
	c.ExactlyOne(at, "at most one", map[string]bool{"tls": t.TLS != nil, "dockerConfig": t.DockerConfig != nil, "basicAuth": t.BasicAuth != nil}, 0)
	c.choice(at.Field("mergePolicy"), t.MergePolicy, "Replace", "Merge")
	if t.DockerConfig != nil {
		c.required(at.Field("dockerConfig"), map[string]string{"registry": t.DockerConfig.Registry})
	}
	c.Metadata(at.Field("labels"), t.Labels, true)
	c.Metadata(at.Field("annotations"), t.Annotations, false)
	for i, f := range t.From {
		below := at.Field("from").Index(i)
		c.ExactlyOne(below, "exactly one", map[string]bool{"configMap": f.ConfigMap != nil, "secret": f.Secret != nil, "literal": f.Literal != ""}, 1)
		c.choice(below.Field("target"), f.Target, "Data", "Labels", "Annotations")
	}
}

// place checks the placeholders of a place.
func (c checker) place(at fieldpath.Path, place string) {
	for _, p := range feature.Placeholders.FindAllString(place, -1) {
		switch p {
		case "{app}", "{project}", "{env}", "{secret}":
		default:
			c.Errorf("invalid-value", at, "use {app}, {project}, {env} and {secret}", "this is not a known placeholder")
		}
	}
}

// interval checks a duration, where it is set.
func (c checker) interval(at fieldpath.Path, text string) {
	if text == "" {
		return
	}
	if d, err := time.ParseDuration(text); err != nil || d < 0 {
		c.Errorf("invalid-value", at, "write it as 30m or 1h", "this is not a valid duration")
	}
}
