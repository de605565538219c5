package helm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// TestVarying checks that what would differ in another render is found where it reaches
// an object, and only there.
func TestVarying(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		// field is what the template writes into data.a of a ConfigMap.
		field, values, want string
	}{
		"Constant":       {"Nothing differs.", `{{ .Values.a | default "x" | sha256sum }}`, "", ""},
		"Random":         {"A random text.", `{{ randAlphaNum 20 | b64enc }}`, "", "random randAlphaNum t.yaml:6 data.a"},
		"Operand":        {"A function as an argument.", `{{ date "2006" now | quote }}`, "", "clock now t.yaml:6 data.a"},
		"NotReached":     {"These values do not reach it.", `{{ .Values.password | default (randAlphaNum 20) }}`, "password: x", ""},
		"Reached":        {"And these do.", `{{ .Values.password | default (randAlphaNum 20) }}`, "", "random randAlphaNum t.yaml:6 data.a"},
		"Dropped":        {"What does not reach the output is not found.", `{{ $x := uuidv4 }}{{ if $x }}x{{ end }}`, "", ""},
		"Int":            {"A random number.", `"{{ randInt 1 9 | add 1 }}"`, "", "random randInt t.yaml:6 data.a"},
		"Certificate":    {"Of a certificate, fields are used.", `{{ $ca := genCA "x" 1 }}{{ (genSignedCert "y" nil nil 1 $ca).Cert | b64enc }}`, "", "random genSignedCert t.yaml:6 data.a"},
		"Authority":      {"Both are found where both are used.", `{{ $ca := genCA "x" 1 }}{{ $c := genSignedCert "y" nil nil 1 $ca }}{{ print $ca.Cert $c.Key | b64enc }}`, "", "random genCA t.yaml:6 data.a; random genSignedCert t.yaml:6 data.a"},
		"Password":       {"Hashes have a salt.", `{{ htpasswd "user" "x" }}{{ bcrypt "x" }}`, "", "random htpasswd t.yaml:6 data.a; random bcrypt t.yaml:6 data.a"},
		"Shuffle":        {"Letters in any order.", `{{ shuffle "abc" }}{{ "abc" | shuffle }}`, "", "random shuffle t.yaml:6 data.a; random shuffle t.yaml:6 data.a"},
		"Encrypt":        {"AES begins with random bytes.", `{{ encryptAES "key" "x" }}`, "", "random encryptAES t.yaml:6 data.a"},
		"Clock":          {"The time of the render.", `{{ now | unixEpoch | quote }}`, "", "clock now t.yaml:6 data.a"},
		"Ago":            {"How long ago something was.", `{{ ago (toDate "2006" "2020") }}`, "", "clock ago t.yaml:6 data.a"},
		"Date":           {"A date that is not one is that of today.", `{{ .Values.day | date "2006" | quote }}`, "day: x", "clock date t.yaml:6 data.a"},
		"GivenDate":      {"A date that is given is the same for ever.", `{{ $d := toDate "2006-01-02" "2020-02-03" }}{{ $d | date "2006" | quote }}`, "", ""},
		"Lookup":         {"An object of the cluster.", `{{ $s := lookup "v1" "Secret" "a" "b" }}{{ if $s }}{{ $s.data.found }}{{ else }}none{{ end }}`, "", "cluster lookup t.yaml:6 data.a"},
		"LookupBreaks":   {"One whose content is not known.", `{{ $s := lookup "v1" "Secret" "a" "b" }}{{ if $s }}{{ index $s.data.found.x 1 }}{{ else }}none{{ end }}`, "", "cluster lookup t.yaml:6 (not rendered)"},
		"LookupValidate": {"One that is only validated.", `{{ if lookup "v1" "Secret" "a" "b" }}{{ fail "there already" }}{{ end }}x`, "", ""},
		"Host":           {"An address of the network.", `{{ getHostByName "example.com" | default "none" }}`, "", "cluster getHostByName t.yaml:6 data.a"},
		"Keys":           {"The keys of a map come in any order.", `{{ keys .Values.m | join "," }}`, "m: {a: 1, b: 2}", "order keys t.yaml:6 data.a"},
		"SortedKeys":     {"Unless they are sorted.", `{{ keys .Values.m | sortAlpha | join "," }}{{ (.Values.m | keys | sortAlpha) | first }}`, "m: {a: 1, b: 2}", ""},
		"OneKey":         {"One key has one order.", `{{ keys .Values.m | join "," }}`, "m: {a: 1}", ""},
		"Values":         {"So do the values.", `{{ join ", )" (values .Values.m) | quote }}`, "m: {a: 1, b: 2}", "order values t.yaml:6 data.a"},
		"Install":        {"Whether it is an installation.", `{{ if .Release.IsInstall }}new{{ else }}old{{ end }}{{ $.Release.Revision }}`, "", "install .Release.IsInstall t.yaml:6 data.a; install .Release.Revision t.yaml:6 data.a"},
		"HelmVersion":    {"Which Helm renders.", `{{ .Capabilities.HelmVersion.Version }}`, "", "install .Capabilities.HelmVersion.Version t.yaml:6 data.a"},
		"NotHelmVersion": {"A range that all versions fit.", `{{ if semverCompare ">=3.0.0-0" .Capabilities.HelmVersion.Version }}x{{ end }}`, "", ""},
		"Tpl":            {"A template in a value.", `{{ tpl .Values.a . }}`, "a: '{{ randAlpha 3 }}'", "random randAlpha - data.a"},
		"NoTpl":          {"Braces that are a text.", "'{{ `{{ now }}` }}'", "", ""},
		"Helper":         {"In a helper.", `{{ include "h" . }}`, "", "random uuidv4 _h.tpl:2 data.a"},
		"Comment":        {"In a comment.", `{{/* now */}}x # {{ "now" }} .Release.IsInstall`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := helm.LoadFiles([]helm.File{
				{Name: "Chart.yaml", Data: []byte("{apiVersion: v2, name: c, version: 1.0.0}")},
				{Name: "templates/_h.tpl", Data: []byte("{{ define \"h\" }}\n{{- uuidv4 }}{{ end }}")},
				{Name: "templates/t.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: " + tc.field + "\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Varying(t.Context(), try(t, tc.values))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, varying(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestVaryingObjects checks how what reaches several objects, or their names, is
// reported.
func TestVaryingObjects(t *testing.T) {
	c, err := helm.LoadFiles([]helm.File{
		{Name: "Chart.yaml", Data: []byte("{apiVersion: v2, name: c, version: 1.0.0}")},
		{Name: "templates/_h.tpl", Data: []byte(`{{ define "suffix" }}{{ randAlpha 3 | lower }}{{ end }}`)},
		{Name: "templates/a.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 'a-{{ include \"suffix\" . }}', annotations: {example.com/at: '{{ now }}'}}\n")},
		{Name: "templates/b.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {list: '{{ include \"suffix\" . }}'}\n")},
		{Name: "templates/NOTES.txt", Data: []byte("installed at {{ now }}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Varying(t.Context(), try(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	want := "random randAlpha _h.tpl:1 metadata.name and data.list; clock now a.yaml:3 metadata.annotations[example.com/at]"
	if diff := cmp.Diff(want, varying(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestVaryingCharts checks that the charts there are render the same twice where
// nothing is reported, and are not reported where they do.
func TestVaryingCharts(t *testing.T) {
	for _, s := range subjects(t) {
		t.Run(s.name, func(t *testing.T) {
			c, err := s.load()
			if err != nil {
				t.Fatal(err)
			}
			for _, values := range sets(t, s.name, s.files, *setCount) {
				r := try(t, values.text)
				first, err := c.Render(t.Context(), r)
				if err != nil {
					continue
				}
				found, err := c.Varying(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				if len(found) > 0 {
					t.Logf("%s: %s", values.name, varying(found))
				} else if changes(t, c, r, first) {
					t.Errorf("%s: two renders differ, and nothing is found", values.name)
				}
			}
		})
	}
}

func varying(all []helm.Varying) string {
	var out []string
	for _, v := range all {
		at := "-"
		if v.Template != "" {
			at = fmt.Sprintf("%s:%d", v.Template[strings.LastIndex(v.Template, "/")+1:], v.Line)
		}
		s := fmt.Sprintf("%s %s %s", v.Cause, v.Construct, at)
		if len(v.Objects) == 0 {
			s += " (not rendered)"
		}
		for i, o := range v.Objects {
			if i > 0 {
				s += " and"
			}
			for _, f := range o.Fields {
				s += " " + string(f)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}
