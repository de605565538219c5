package credential_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// TestRedactValue checks which values of a document are printed.
func TestRedactValue(t *testing.T) {
	for name, tc := range map[string]struct{ reason, give, want string }{
		"Env":         {"The value of a variable stands below its name.", `{"env":[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"LOG","value":"debug"}]}`, `{"env":[{"name":"DB_PASSWORD","value":"(redacted)"},{"name":"LOG","value":"debug"}]}`},
		"Reference":   {"References stay readable.", `{"env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"name":"db-password","key":"password"}}}],"envFrom":[{"secretRef":{"name":"tokens"}}]}`, ""},
		"Volumes":     {"So do the names of Secrets and files.", `{"volumes":[{"name":"token","secret":{"secretName":"api-token","items":[{"key":"token","path":"token.txt"}]}}],"imagePullSecrets":[{"name":"registry-credentials"}],"tokenFile":"/var/run/token"}`, ""},
		"Remote":      {"And the keys of a secret store, with those that are written.", `{"kind":"ExternalSecret","spec":{"data":[{"secretKey":"password","remoteRef":{"key":"prod/db/password","property":"password"}}],"target":{"name":"db","template":{"data":{"url":"{{ .password }}"}}}}}`, ""},
		"Push":        {"The same the other way.", `{"kind":"PushSecret","spec":{"data":[{"match":{"secretKey":"password","remoteRef":{"remoteKey":"db-password"}}}]}}`, ""},
		"Config":      {"The key of a ConfigMap is a name.", `{"kind":"ConfigMap","data":{"API_TOKEN":"x1","mode":"fast"}}`, `{"kind":"ConfigMap","data":{"API_TOKEN":"(redacted)","mode":"fast"}}`},
		"File":        {"So is one in a file.", `{"kind":"ConfigMap","data":{"app.yaml":"mode: fast\npassword: hunter2\n"}}`, `{"kind":"ConfigMap","data":{"app.yaml":"(redacted)"}}`},
		"Secret":      {"Nothing of a Secret is printed but its names.", `{"kind":"Secret","metadata":{"name":"x"},"type":"Opaque","data":{"a":"Yg=="},"stringData":{"b":"c","e":"","f":"${F}"}}`, `{"kind":"Secret","metadata":{"name":"x"},"type":"Opaque","data":{"a":"(redacted)"},"stringData":{"b":"(redacted)","e":"","f":"${F}"}}`},
		"Field":       {"A field may be anywhere, and a number.", `{"spec":{"auth":{"token":"abc","password":12345678},"deep":[[{"password":"pw9"}]]}}`, `{"spec":{"auth":{"token":"(redacted)","password":"(redacted)"},"deep":[[{"password":"(redacted)"}]]}}`},
		"Below":       {"A value may stand below its name.", `{"password":{"value":"hunter2"},"passwords":["hunter2","hunter3"]}`, `{"password":{"value":"(redacted)"},"passwords":["(redacted)","(redacted)"]}`},
		"Args":        {"An argument stands below the option before it.", `{"args":["--password","hunter2","--port","80","run"]}`, `{"args":["--password","(redacted)","--port","80","run"]}`},
		"Switches":    {"What only switches something on is printed.", `{"automountServiceAccountToken":true,"serviceAccountToken":{"expirationSeconds":3600,"path":"token"}}`, ""},
		"Placeholder": {"So are placeholders.", `{"env":[{"name":"DB_PASSWORD","value":"$(PASSWORD)"},{"name":"API_TOKEN","value":""}]}`, ""},
	} {
		var give any
		if err := json.Unmarshal([]byte(tc.give), &give); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		data, err := json.Marshal(credential.RedactValue(give))
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if tc.want == "" {
			tc.want = tc.give
		}
		if json.Unmarshal(data, &got) != nil || json.Unmarshal([]byte(tc.want), &want) != nil {
			t.Fatalf("%s is no JSON", name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	for path, want := range map[fieldpath.Path]any{
		"env[DB_PASSWORD].value": credential.Redacted, "config[x].data[API_TOKEN]": credential.Redacted, "spec.token": credential.Redacted,
		"env[LOG].value": "hunter2", "image": "hunter2", "": "hunter2",
	} {
		if got := credential.PlaceOf(path).Redact("hunter2"); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}
