package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

const (
	// maxHelper bounds how long credential helpers may take.
	maxHelper = 30 * time.Second
	// maxAnswer bounds what they answer, in bytes.
	maxAnswer = 64 << 10
)

// gitCredential asks the credential helpers that the user and the system have
// configured for git. There may be none, or no git. It is run in an empty directory
// outside of any repository: neither the configuration of one nor a program that
// lies in one has a say.
func gitCredential(ctx context.Context, u *url.URL, timeout time.Duration) (user, password string) {
	path := strings.TrimPrefix(u.Path, "/")
	if asked := u.Scheme + u.Host + path; escape.Line(asked) != asked {
		return "", "" // it would be another question
	}
	dir, err := os.MkdirTemp("", "gitopsgen-")
	if err != nil {
		return "", ""
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.Abs(dir); err != nil {
		return "", ""
	}
	ctx, cancel := context.WithTimeout(ctx, min(timeout, maxHelper))
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "credential", "fill")
	cmd.Dir = dir
	cmd.Env = append(childEnv(os.Environ()), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "PWD="+dir,
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=")
	cmd.WaitDelay = time.Second // a helper may outlive git and hold its output
	cmd.Stdin = strings.NewReader(fmt.Sprintf("protocol=%s\nhost=%s\npath=%s\n\n", u.Scheme, u.Host, path))
	out := &answer{}
	cmd.Stdout = out
	if cmd.Run() != nil {
		return "", ""
	}
	for line := range strings.Lines(out.String()) {
		switch key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "="); key {
		case "username":
			user = value
		case "password":
			password = value
		}
	}
	return user, password
}

// answer takes what helpers say, up to a bound.
type answer struct{ bytes.Buffer }

func (a *answer) Write(p []byte) (int, error) {
	if a.Len()+len(p) > maxAnswer {
		return 0, errors.New("the output of a credential helper is too large")
	}
	return a.Buffer.Write(p)
}

// envPrefix begins the names of our own variables, those of tokens and passphrases
// among them.
const envPrefix = "GITOPSGEN_"

// repositoryEnv are the variables that name a repository, as a hook has them set
// when it runs us. The configuration that a user gives by variables stays.
var repositoryEnv = []string{
	"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_QUARANTINE_PATH", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_CONFIG",
}

// isOwn reports whether a variable concerns this process alone.
func isOwn(name string) bool {
	return strings.HasPrefix(name, envPrefix) || slices.Contains(repositoryEnv, name)
}

// childEnv returns the environment of the programs that we start.
func childEnv(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return isOwn(name)
	})
}

// takeEnv takes the variables that concern this process alone out of its
// environment, so that no program that is started on the way, such as the hooks of
// a local repository, has them. It returns what looks up variables as they were.
func takeEnv() func(string) string {
	own := map[string]string{}
	for _, v := range os.Environ() {
		if name, value, _ := strings.Cut(v, "="); isOwn(name) {
			own[name] = value
			_ = os.Unsetenv(name) // it fails for names that are none
		}
	}
	return func(name string) string {
		if value, ok := own[name]; ok {
			return value
		}
		return os.Getenv(name)
	}
}
