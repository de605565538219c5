package secrets

import (
	"cmp"
	"maps"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// templateOf returns a template, or nil where the Secret holds the values as
// they are.
func templateOf(t *model.SecretTemplate) *template {
	if t == nil {
		return nil
	}
	out := &template{EngineVersion: "v2", MergePolicy: cmp.Or(t.MergePolicy, "Replace"), Data: map[string]string{}}
	if len(t.Labels)+len(t.Annotations) > 0 {
		out.Metadata = &templateMeta{t.Labels, t.Annotations}
	}
	switch {
	case t.TLS != nil:
		out.Type = corev1.SecretTypeTLS
		out.Data[corev1.TLSCertKey] = valueOf(cmp.Or(t.TLS.Certificate, corev1.TLSCertKey))
		out.Data[corev1.TLSPrivateKeyKey] = valueOf(cmp.Or(t.TLS.Key, corev1.TLSPrivateKeyKey))
	case t.DockerConfig != nil:
		out.Type = corev1.SecretTypeDockerConfigJson
		out.Data[corev1.DockerConfigJsonKey] = dockerConfig(t.DockerConfig)
	case t.BasicAuth != nil:
		out.Type = corev1.SecretTypeBasicAuth
		out.Data[corev1.BasicAuthUsernameKey] = valueOf(cmp.Or(t.BasicAuth.Username, "username"))
		out.Data[corev1.BasicAuthPasswordKey] = valueOf(cmp.Or(t.BasicAuth.Password, "password"))
	}
	maps.Copy(out.Data, t.Data)
	out.Type = cmp.Or(t.Type, out.Type)
	for _, f := range t.From {
		from := templateFrom{Target: cmp.Or(f.Target, "Data"), ConfigMap: items(f.ConfigMap), Secret: items(f.Secret)}
		if f.Literal != "" {
			from.Literal = &f.Literal
		}
		out.TemplateFrom = append(out.TemplateFrom, from)
	}
	return out
}

func items(o *model.TemplateObject) *templateObject {
	if o == nil {
		return nil
	}
	out := &templateObject{Name: o.Name, Items: []templateItem{}}
	for _, x := range o.Items {
		out.Items = append(out.Items, templateItem{x.Key, cmp.Or(x.As, "Values")})
	}
	return out
}

// get returns the part of a template that stands for a value. Index knows keys
// that are no words of Go, such as tls.crt.
func get(key string) string { return "index . " + strconv.Quote(key) }

func valueOf(key string) string { return "{{ " + get(key) + " }}" }

// dockerConfig returns the template of the file that image pulls read. ToJson
// keeps a quote in a password from ending the text.
func dockerConfig(d *model.DockerTemplate) string {
	user, word := get(cmp.Or(d.Username, "username")), get(cmp.Or(d.Password, "password"))
	return `{"auths":{` + strconv.Quote(d.Registry) + `:{"username":{{ ` + user + ` | toJson }},"password":{{ ` + word +
		` | toJson }},"auth":"{{ printf "%s:%s" (` + user + `) (` + word + `) | b64enc }}"}}}`
}
