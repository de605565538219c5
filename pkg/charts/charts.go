// Package charts has the Helm charts that a model names by repository, name and version:
// which archive each of them is, locked in charts.lock beside the model; where its
// bytes are, in a directory beside the model or in a cache; and how they are fetched,
// from chart repositories and from OCI registries. It does not render charts.
//
//	store, err := charts.Open(dir, cacheDir)
//	archive, err := store.Archive(charts.Ref{Repository: "https://…", Name: "podinfo", Version: "~6.9"})
//
// A Store opens no connection. A Fetcher does, and it alone resolves ranges of versions.
package charts

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// Ref names a chart as a model does.
type Ref struct {
	// Repository is the address of a chart repository, as in https://…, or of a
	// registry, as in oci://registry.example.com/charts.
	Repository string
	// Name is the name of the chart there.
	Name string
	// Version is a version, as in 4.15.1, or a range of them as Helm reads it, as in
	// ~4.15.
	Version string
}

// String returns the chart, its version and its repository.
func (r Ref) String() string { return r.Name + " " + r.Version + " of " + r.Repository }

// normal returns the Ref by which the lock knows a chart.
func (r Ref) normal() Ref {
	r.Repository = strings.TrimRight(r.Repository, "/")
	return r
}

// isOCI reports whether the repository is one of a registry.
func (r Ref) isOCI() bool { return strings.HasPrefix(r.Repository, ociScheme) }

// ociScheme begins the addresses of registries.
const ociScheme = "oci://"

// nameOf matches the names of charts. They are parts of the names of files.
var nameOf = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,251}[a-zA-Z0-9])?$`)

// Check returns what is wrong with a reference, of which there is at most one thing, as
// a *finding.Wrong with the path repository, name or version.
func (r Ref) Check() error {
	if why, fix := wrongRepository(r.Repository); why != "" {
		return &finding.Wrong{Path: "repository", Err: errors.New(why), Fix: fix}
	}
	if !nameOf.MatchString(r.Name) {
		return &finding.Wrong{Path: "name", Err: fmt.Errorf("%q is not a valid name of a chart", credential.Redact(r.Name)), Fix: "use the name in its Chart.yaml; a path belongs to the repository"}
	}
	if IsExact(r.Version) {
		return nil
	}
	if _, err := semver.NewConstraint(r.Version); err != nil || r.Version == "" {
		return &finding.Wrong{Path: "version", Err: fmt.Errorf("%q is neither a version nor a range of versions", credential.Redact(r.Version)), Fix: "write a version, as in 4.15.1, or a range, as in ~4.15"}
	}
	return nil
}

// wrongRepository returns what is wrong with the address of a repository, and the fix;
// "" is nothing.
func wrongRepository(address string) (why, fix string) {
	u, err := url.Parse(address)
	shown := credential.RedactAddresses(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "oci":
		return fmt.Sprintf("%q is not the address of a chart repository", shown), "write https://HOST/PATH, or oci://HOST/PATH for a registry"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "the address of the repository contains a login, a query or a fragment", "remove it; gitopsgen charts --help says where logins are read from"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "the repository is not read over plain http", "use https"
	}
	return "", ""
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// exact matches versions of all three numbers. With fewer, a version is a range: 4.15 is
// any 4.15.x.
var exact = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$`)

// IsExact reports whether a version is one version, and not a range.
func IsExact(version string) bool {
	_, err := semver.NewVersion(version)
	return err == nil && exact.MatchString(version)
}
