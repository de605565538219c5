package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// release is what is built of a checkout.
type release struct {
	// root is the checkout, at the tag of the version and without changes.
	root, version string
	// dir is where the files are written; it must not exist.
	dir string
}

// build writes the archives of platforms, a bill of materials for each, and their
// checksums.
func (r release) build(ctx context.Context, platforms []platform) error {
	commit, err := output(ctx, r.root, os.Environ(), "git", "log", "-1", "--format=%ct")
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(commit)), 10, 64)
	if err != nil {
		return err
	}
	find, err := newFinder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	var sums []string
	for _, p := range platforms {
		files, err := r.files(ctx, p, find, work, time.Unix(seconds, 0).UTC())
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(r.dir, f.name), f.data, 0o644); err != nil {
				return err
			}
			sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(f.data), f.name))
		}
	}
	slices.SortFunc(sums, func(a, b string) int { return strings.Compare(a[2*sha256.Size:], b[2*sha256.Size:]) })
	return os.WriteFile(filepath.Join(r.dir, "SHA256SUMS"), []byte(strings.Join(sums, "")), 0o644)
}

// file is a file of a release, or of an archive.
type file struct {
	name string
	data []byte
	// program is whether it is executable.
	program bool
}

// files returns the archive of a platform and its bill of materials.
func (r release) files(ctx context.Context, p platform, find finder, work string, at time.Time) ([]file, error) {
	binary, info, err := r.binary(ctx, p, work)
	if err != nil {
		return nil, err
	}
	modules, err := linked(ctx, r.root, p)
	if err != nil {
		return nil, err
	}
	found := map[string]licenses{}
	for _, m := range others(modules) {
		if found[m.path], err = find.of(m); err != nil {
			return nil, err
		}
	}
	goroot, err := output(ctx, r.root, p.env(), "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	third, err := thirdParty(strings.TrimSpace(string(goroot)), others(modules), found)
	if err != nil {
		return nil, err
	}
	program := "gitopsgen"
	if p.os == "windows" {
		program += ".exe"
	}
	content := []file{{program, binary, true}, {"THIRD_PARTY_LICENSES", third, false}}
	for _, name := range []string{"LICENSE", "README.md"} {
		data, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		content = append(content, file{name, data, false})
	}
	base := "gitopsgen_" + strings.TrimPrefix(r.version, "v") + "_" + p.String()
	packed, err := archive(p.os == "windows", base, content, at)
	if err != nil {
		return nil, err
	}
	packed.name = base + packed.name
	bom, err := bill(bomOf{info, binary, modules, found, p, at})
	return []file{packed, {name: base + ".cdx.json", data: bom}}, err
}

// binary builds the command, and checks that it is of the version.
func (r release) binary(ctx context.Context, p platform, work string) ([]byte, *buildinfo.BuildInfo, error) {
	path := filepath.Join(work, p.String())
	if _, err := output(ctx, r.root, p.env(), "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", path, command); err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return nil, nil, err
	}
	if info.Main.Version != r.version {
		return nil, nil, fmt.Errorf("the command is %s, not %s: check out the tag %s, without changes", info.Main.Version, r.version, r.version)
	}
	return data, info, nil
}

// thirdParty returns the licenses and notices of Go and of all modules.
func thirdParty(goroot string, modules []*linkedModule, found map[string]licenses) ([]byte, error) {
	var out bytes.Buffer
	add := func(title string, texts []string) error {
		for _, path := range texts {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "%s: %s\n\n%s\n%s\n\n", title, filepath.Base(path), bytes.TrimSpace(data), strings.Repeat("-", 80))
		}
		return nil
	}
	if err := add("Go", []string{filepath.Join(goroot, "LICENSE")}); err != nil {
		return nil, err
	}
	for _, m := range modules {
		if err := add(m.path+" "+m.version, found[m.path].texts); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
