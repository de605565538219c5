package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// binary is a server that is built from a module of this directory.
type binary struct {
	// name is that of the module's directory and of the program.
	name string
	// module is the dependency whose version is the program's.
	module string
	// pkg is the main package to build.
	pkg string
	// versionIn is the package whose version variables are set, or "".
	versionIn string
}

var (
	etcd = binary{name: "etcd", module: "go.etcd.io/etcd/server/v3", pkg: "go.etcd.io/etcd/server/v3"}

	apiserver = binary{name: "kube-apiserver", module: "k8s.io/kubernetes",
		pkg: "k8s.io/kubernetes/cmd/kube-apiserver", versionIn: "k8s.io/component-base/version"}
)

// build returns the path of the program, which is built only where the cache
// does not hold this version.
func (b binary) build(ctx context.Context) (string, error) {
	version, err := b.goTool(ctx, "list", "-m", "-f", "{{.Version}}", b.module)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache directory: %w", err)
	}
	cache = filepath.Join(cache, "gitopsgen-e2e")
	path := filepath.Join(cache, b.name+"-"+version)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}

	// Whoever finishes first wins, and nobody ever sees half a program.
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(cache, "build-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	built := filepath.Join(dir, b.name)
	if _, err := b.goTool(ctx, "build", "-trimpath", "-ldflags", b.ldflags(version), "-o", built, b.pkg); err != nil {
		return "", err
	}
	return path, os.Rename(built, path)
}

func (b binary) ldflags(version string) string {
	flags := "-s -w"
	if b.versionIn == "" {
		return flags
	}
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	for _, v := range []string{"gitVersion=" + version, "gitMajor=" + major, "gitMinor=" + minor} {
		flags += " -X " + b.versionIn + "." + v
	}
	return flags
}

// goTool runs the go command in the program's module.
func (b binary) goTool(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.name
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s in %s: %w\n%s", args[0], b.name, err, stderr.Bytes())
	}
	return strings.TrimSpace(string(out)), nil
}
