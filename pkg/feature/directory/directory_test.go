package directory_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

const fleet = `apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: home}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: prod}
spec: {clusters: [home]}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec:
  source: {path: raw}
`

// TestFindings checks what is refused of a directory of objects, and where it is
// reported.
func TestFindings(t *testing.T) {
	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
	for name, tc := range map[string]struct{ reason, spec, object, more, want string }{
		"Twice": {"Two files must not have the same object: both are named.", "", service, service,
			"fleet/raw/b.yaml:1:1: apps[web].spec.source.objects[1]: two objects are Service web; the other is at fleet/raw/a.yaml:1:1 (rename or remove one of them)"},
		"Object": {"Nor must the app bring along the same.", "  objects: [{apiVersion: v1, kind: Service, metadata: {name: web}}]\n", service, "",
			"fleet/fleet.yaml:19:13: apps[web].spec.objects[0]: two objects are Service web (rename or remove one of them)"},
		"Secret": {"The values of a Secret never get into the repository.", "", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: b}\n", "",
			"fleet/raw/a.yaml:1:1: apps[web].spec.source.objects[0]: the values of the Secret would be readable by everybody who can read the repository (keep the value in a secret store and refer to it)"},
		"Credential": {"Neither does any other credential.", "", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  url: postgres://shop:hunter2hunter2@db/shop\n", "",
			"fleet/raw/a.yaml:1:1: apps[web].spec.source.objects[0][data][url]: this looks like a password in a URL (keep the value in a secret store and refer to it with fromSecret)"},
		"Workload": {"A workload beside a source is meant differently.", "  image: web:1\n  ports: [{name: http, port: 80}]\n", service, "",
			"fleet/fleet.yaml:18:11: apps[web].spec.source: the objects come from a source, beside which the app describes a Deployment (remove kind and image, and patch the objects of the source instead, or remove the source)"},
		"Scope": {"Objects are where their kind can be.", "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, namespace: y}\n", "",
			"fleet/raw/a.yaml:1:1: apps[web].spec.source.objects[0]"},
		"Patch": {"A patch has to fit.", "  patches: [{merge: {apiVersion: v1, kind: Service, metadata: {name: nope}}}]\n", service, "",
			"fleet/fleet.yaml:19:13: apps[web].spec.patches[0]"},
		"Name": {"A name that Kubernetes refuses is found in its file.", "", "apiVersion: v1\nkind: Service\nmetadata: {name: Web}\nspec: {ports: [{port: 80}]}\n", "",
			"fleet/raw/a.yaml:1:1: apps[web].spec.source.objects[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"fleet.yaml": {Data: []byte(fleet + tc.spec)}, "raw/a.yaml": {Data: []byte(tc.object)}}
			if tc.more != "" {
				files["raw/b.yaml"] = &fstest.MapFile{Data: []byte(tc.more)}
			}
			read, err := load.FS(files, "fleet")
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(nil, read...)
			if err == nil {
				_, err = render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			}
			if err == nil {
				t.Fatalf("%s: nothing was found", tc.reason)
			}
			found := false
			for line := range strings.Lines(err.Error()) {
				found = found || strings.HasPrefix(line, tc.want)
			}
			if !found {
				t.Errorf("%s (-want +got):\n%s", tc.reason, cmp.Diff(tc.want, err.Error()))
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error(errors.New("the finding shows the credential"))
			}
		})
	}
}
