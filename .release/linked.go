package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// command is the package of the command.
const command = "./cmd/gitopsgen"

// platform is what an archive is for.
type platform struct{ os, arch string }

// platforms are those of a release.
var platforms = []platform{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}

func (p platform) String() string { return p.os + "_" + p.arch }

// env is the environment of go for a platform, without what could change the
// bytes.
func (p platform) env() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=-mod=readonly", "GOEXPERIMENT=", "GOFIPS140=off", "GOWORK=off")
}

// output runs a command and returns what it prints.
func output(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, env, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return out, nil
}

// linkedModule is a module of which the command links packages.
type linkedModule struct {
	path, version string
	// released is the day of the version, and dir where its files are.
	released, dir string
	// files holds the source files that are linked, by their directories.
	files map[string][]string
	// needs are the modules that those files import.
	needs map[string]bool
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir string
	Standard        bool
	GoFiles, SFiles []string
	Imports         []string
	ImportMap       map[string]string
	Module          *listedModule
}

// listedModule is what go list says of a module.
type listedModule struct {
	Path, Version, Dir, Time string
	Main                     bool
	Replace                  *listedModule
}

// linked returns the modules that the command links on some platforms, by path;
// "" is the module of the command itself.
func linked(ctx context.Context, root string, platforms ...platform) (map[string]*linkedModule, error) {
	modules := map[string]*linkedModule{}
	for _, p := range platforms {
		out, err := output(ctx, root, p.env(), "go", "list", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,SFiles,Imports,ImportMap,Module", command)
		if err != nil {
			return nil, err
		}
		packages, err := decode[listed](out)
		if err != nil {
			return nil, err
		}
		if err := add(modules, packages); err != nil {
			return nil, err
		}
	}
	return modules, nil
}

// add adds the modules of packages.
func add(modules map[string]*linkedModule, packages []listed) error {
	owner := map[string]string{}
	for _, p := range packages {
		if p.Standard {
			continue
		}
		if p.Module == nil || p.Module.Replace != nil {
			return fmt.Errorf("%s is in no module of a version", p.ImportPath)
		}
		key := p.Module.Path
		if p.Module.Main {
			key = ""
		}
		owner[p.ImportPath] = key
		m := modules[key]
		if m == nil {
			m = &linkedModule{path: p.Module.Path, version: p.Module.Version, dir: p.Module.Dir, files: map[string][]string{}, needs: map[string]bool{}}
			m.released, _, _ = strings.Cut(p.Module.Time, "T")
			modules[key] = m
		}
		m.files[p.Dir] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.files[p.Dir], p.GoFiles, p.SFiles))))
		for _, i := range p.Imports {
			if mapped, ok := p.ImportMap[i]; ok {
				i = mapped
			}
			if other, ok := owner[i]; ok && other != key { // go list -deps names what is imported first
				m.needs[other] = true
			}
		}
	}
	return nil
}

// decode reads values of JSON, one after the other.
func decode[T any](data []byte) ([]T, error) {
	var out []T
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var v T
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// others returns the modules but that of the command, sorted by path.
func others(modules map[string]*linkedModule) []*linkedModule {
	var out []*linkedModule
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		if path != "" {
			out = append(out, modules[path])
		}
	}
	return out
}
