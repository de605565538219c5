package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// bomOf is what a bill of materials is made of.
type bomOf struct {
	// info is what the binary says of itself.
	info    *buildinfo.BuildInfo
	binary  []byte
	modules map[string]*linkedModule
	found   map[string]licenses
	platform
	at time.Time
}

// bill returns the bill of materials of a binary, in the JSON of CycloneDX: the
// modules that it says it is built of, their hashes, licenses, and which needs which.
func bill(b bomOf) ([]byte, error) {
	if len(b.info.Deps) != len(b.found) {
		return nil, fmt.Errorf("the command says that it has %d modules, and go list finds %d", len(b.info.Deps), len(b.found))
	}
	own := &cdx.Component{Type: cdx.ComponentTypeApplication, Name: "gitopsgen", Version: b.info.Main.Version,
		PackageURL: purl(b.info.Main) + "?goos=" + b.os + "&goarch=" + b.arch, Licenses: expression("Apache-2.0"),
		Hashes: &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: fmt.Sprintf("%x", sha256.Sum256(b.binary))}}}
	own.BOMRef = own.PackageURL
	std := debug.Module{Path: "std", Version: b.info.GoVersion}
	refs := map[string]string{"": own.BOMRef}
	components := []cdx.Component{{BOMRef: purl(std), Type: cdx.ComponentTypeLibrary, Name: "std", Version: std.Version, PackageURL: purl(std), Licenses: expression("BSD-3-Clause")}}
	for _, m := range b.info.Deps {
		hash, err := sum(m)
		if err != nil {
			return nil, err
		}
		l, ok := b.found[m.Path]
		if !ok {
			return nil, fmt.Errorf("the command has the module %s, which go list does not find", m.Path)
		}
		refs[m.Path] = purl(*m)
		components = append(components, cdx.Component{BOMRef: purl(*m), Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version,
			PackageURL: purl(*m), Licenses: expression(l.String()), Hashes: &[]cdx.Hash{hash}})
	}
	var needs []cdx.Dependency
	for _, path := range slices.Sorted(maps.Keys(b.modules)) {
		on := []string{purl(std)}
		for _, other := range slices.Sorted(maps.Keys(b.modules[path].needs)) {
			on = append(on, refs[other])
		}
		needs = append(needs, cdx.Dependency{Ref: refs[path], Dependencies: &on})
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: b.at.Format(time.RFC3339), Component: own}
	bom.Components, bom.Dependencies = &components, &needs
	var out bytes.Buffer
	err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
	return out.Bytes(), err
}

// purl returns the package URL of a module.
func purl(m debug.Module) string { return "pkg:golang/" + strings.ToLower(m.Path) + "@" + m.Version }

// expression returns licenses by their SPDX expression.
func expression(spdx string) *cdx.Licenses { return &cdx.Licenses{{Expression: spdx}} }

// sum returns the hash of a module's content that go.sum has.
func sum(m *debug.Module) (cdx.Hash, error) {
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
	if err != nil || len(data) != sha256.Size {
		return cdx.Hash{}, fmt.Errorf("%s has the sum %q, which is not a hash", m.Path, m.Sum)
	}
	return cdx.Hash{Algorithm: cdx.HashAlgoSHA256, Value: fmt.Sprintf("%x", data)}, nil
}
