package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestSecretValues checks that no difference tells a value that may be secret,
// wherever it stands, and that it is one nevertheless.
func TestSecretValues(t *testing.T) {
	for name, tc := range map[string]struct{ reason, from, to, want string }{
		"Changed":  {"A variable that changes.", "env: [{name: DB_PASSWORD, value: hunter2}]", "env: [{name: DB_PASSWORD, value: hunter3}]", `env[DB_PASSWORD].value: "(redacted)" -> "(redacted)"`},
		"Added":    {"One that comes.", "env: []", "env: [{name: DB_PASSWORD, value: hunter2}]", `env[DB_PASSWORD]: + {"name":"DB_PASSWORD","value":"(redacted)"}`},
		"Removed":  {"One that goes.", "env: [{name: DB_PASSWORD, value: hunter2}]", "env: []", `env[DB_PASSWORD]: - {"name":"DB_PASSWORD","value":"(redacted)"}`},
		"Twice":    {"One that is there twice, so that its name is not in the path.", "env: [{name: DB_PASSWORD, value: hunter2}, {name: DB_PASSWORD, value: hunter2}]", "env: [{name: DB_PASSWORD, value: hunter2}, {name: DB_PASSWORD, value: hunter3}]", `env[1].value: "(redacted)" -> "(redacted)"`},
		"Keyed":    {"An entry with a key.", "parameters: [{key: db_password, value: hunter2}]", "parameters: [{key: db_password, value: hunter3}]", `parameters[0].value: "(redacted)" -> "(redacted)"`},
		"Secret":   {"Any value of a Secret.", "kind: Secret\ndata: {a: hunter2}", "kind: Secret\ndata: {a: hunter3, b: hunter2}", `data.a: "(redacted)" -> "(redacted)", data.b: + "(redacted)"`},
		"Turned":   {"Also where something else became one.", "kind: ConfigMap\ndata: {a: x}", "kind: Secret\ndata: {a: hunter2}", `data.a: "x" -> "(redacted)", kind: "ConfigMap" -> "Secret"`},
		"Argument": {"What follows an option.", "args: [--password, hunter2]", "args: [--password, hunter3]", `args[1]: "(redacted)" -> "(redacted)"`},
		"List":     {"A list of them.", "tokens: [hunter2]", "tokens: [hunter3]", `tokens[0]: "(redacted)" -> "(redacted)"`},
		"Kept": {"A reference is told.", "env: [{name: DB_PASSWORD, value: hunter2}]", "env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]",
			`env[DB_PASSWORD].value: - "(redacted)", env[DB_PASSWORD].valueFrom: + {"secretKeyRef":{"key":"password","name":"db"}}`},
	} {
		from, err := object.ParseValue([]byte(tc.from))
		if err != nil {
			t.Fatal(err)
		}
		to, err := object.ParseValue([]byte(tc.to))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range diff.Values("", from, to) {
			got = append(got, f.String())
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
		if all := fmt.Sprint(got, diff.Leaves(from), diff.Leaves(to)); strings.Contains(all, "hunter") {
			t.Errorf("%s: it tells %s", name, all)
		}
	}
}
