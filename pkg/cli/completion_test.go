package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCompletion asks as the scripts of shells do.
func TestCompletion(t *testing.T) {
	fleet := many(t, 3) // app00, app01 and web
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("kind: {\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		reason string
		args   []string
		want   string // the words, in one line
	}{
		"Apps":        {"Apps are those of the fleet.", []string{"build", "-f", fleet, "app/"}, "app/app00 app/app01 app/web"},
		"Platform":    {"So are components of the platform.", []string{"build", "-f", fleet, "platform/n"}, "platform/namespaces"},
		"Environment": {"And environments.", []string{"build", "app/web", "-f", fleet, "--env", ""}, "dev prod"},
		"List":        {"A list goes on, without what it has.", []string{"render", "-f", fleet, "--env", "dev,"}, "dev,prod"},
		"Begun":       {"What is begun is ended.", []string{"diff", "-f", fleet, "--app", "app"}, "app00 app01"},
		"Cluster":     {"Clusters too.", []string{"graph", "-f", fleet, "--cluster", ""}, "local"},
		"Assignment":  {"An assignment begins with an app.", []string{"set", "replicas", "-f", fleet, "web=2", "w"}, "web="},
		"Rule":        {"Rules need no fleet.", []string{"explain", "rule/secret-va"}, "rule/secret-value"},
		"Format":      {"Formats are those of the command.", []string{"diff", "-o", ""}, "text json markdown"},
		"Color":       {"Flags of all commands have words too.", []string{"render", "--color", ""}, "auto always never"},
		"Command":     {"Commands are completed.", []string{"re"}, "render report"},
		"Flag":        {"So are flags.", []string{"render", "--output-"}, "--output-dir"},
		"NoFleet":     {"Without a fleet there is nothing to say.", []string{"build", "app/"}, ""},
		"Broken":      {"Nor with a broken one.", []string{"build", "-f", broken, "app/"}, ""},
		"Missing":     {"Nor with none.", []string{"build", "-f", broken + "x", "--env", ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			said, code := run(append([]string{"__completeNoDesc"}, tc.args...)...)
			words, rest, ok := strings.Cut(said, ":")
			if !ok || code != 0 || strings.Count(rest, "\n") > 2 {
				t.Fatalf("%s: exit code %d: %s", tc.reason, code, said)
			}
			if diff := cmp.Diff(tc.want, strings.Join(strings.Fields(words), " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
