package chart

import (
	"encoding/base64"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkSecrets refuses Secrets that hold credentials. Many charts keep configuration in
// them, which is what it is wherever it is written.
func checkSecrets(r *feature.Report, at fieldpath.Path, t *view.Target) {
	for _, w := range t.Sourced {
		if !view.HoldsValues(w.Object) {
			continue
		}
		if key, what := credentialIn(w.Object); key != "" {
			name := view.Text(w.Object, "metadata", "name")
			r.Errorf("chart-secret", at, "name an existing Secret in the values, often as existingSecret, or let an entry of secrets with target: "+name+" replace it",
				"the Secret %s of %s holds a credential: the value of %s looks like %s", name, w.From, key, what)
		}
	}
}

// credentialIn returns the key of the first value of a Secret that is a credential, and
// what it looks like; "" if none is.
func credentialIn(o map[string]any) (key, what string) {
	for _, field := range []string{"data", "stringData"} {
		m, _ := o[field].(map[string]any)
		for _, key := range feature.SortedKeys(m) {
			text, _ := m[key].(string)
			if field == "data" {
				if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
					text = string(plain)
				}
			}
			v := credential.Judge(key, text)
			if v.What == "" && credential.Random(text) {
				v.What = "a random key"
			}
			if v.What != "" && text != "" {
				return key, v.What
			}
		}
	}
	return "", ""
}
