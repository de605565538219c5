package charts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// The media types of charts, as Helm pushes them.
const (
	configType = "application/vnd.cncf.helm.config.v1+json"
	layerType  = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
	// oldLayerType is that of early versions of Helm.
	oldLayerType = "application/tar+gzip"
)

// maxTags bounds the tags of a chart.
const maxTags = 100_000

// tagOf returns the tag of a version, in which a plus sign is not possible.
func tagOf(version string) string { return strings.ReplaceAll(version, "+", "_") }

// versionOf is the reverse of tagOf.
func versionOf(tag string) string { return strings.ReplaceAll(tag, "_", "+") }

// registryChart is a chart in a registry.
type registryChart struct {
	repo   name.Repository
	puller *remote.Puller
}

// registryChart returns a chart by its address, as in oci://HOST/PATH/NAME.
func (f *Fetcher) registryChart(address string) (*registryChart, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	host := u.Host
	if host == "registry-1.docker.io" { // the logins are those of Docker Hub
		host = name.DefaultRegistry
	}
	var opts []name.Option
	if f.AllowPlainHTTP {
		opts = append(opts, name.Insecure)
	}
	repo, err := name.NewRepository(host+u.Path, append(opts, name.StrictValidation)...)
	if err != nil {
		return nil, fmt.Errorf("%s is not a valid address in a registry", printable(address))
	}
	base, err := f.transport(repositoryLogin{})
	if err != nil {
		return nil, err
	}
	puller, err := remote.NewPuller(remote.WithTransport(f.wire(base, u)), remote.WithAuthFromKeychain(f.Logins.keychain()),
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}), remote.WithUserAgent(f.UserAgent))
	return &registryChart{repo, puller}, err
}

// versions returns the versions that the tags of a chart stand for.
func (c *registryChart) versions(ctx context.Context) ([]string, error) {
	lister, err := c.puller.Lister(ctx, c.repo)
	if err != nil {
		return nil, explainedRegistry(err)
	}
	var out []string
	for lister.HasNext() {
		page, err := lister.Next(ctx)
		if err != nil {
			return nil, explainedRegistry(err)
		}
		for _, tag := range page.Tags {
			out = append(out, versionOf(tag))
		}
		if len(page.Tags) == 0 || len(out) > maxTags {
			break
		}
	}
	return out, nil
}

// pulled is a chart as a registry has it.
type pulled struct {
	manifest string // its digest
	data     []byte
}

// pull fetches the chart that a tag or the digest of a manifest names.
func (c *registryChart) pull(ctx context.Context, ref name.Reference) (pulled, error) {
	d, err := c.puller.Get(ctx, ref)
	if err != nil {
		return pulled{}, explainedRegistry(err)
	}
	layer, err := layerOf(d.MediaType, d.Manifest)
	if err != nil {
		return pulled{}, err
	}
	if layer.Size > MaxArchive {
		return pulled{}, fmt.Errorf("the archive has more than %d MiB", MaxArchive>>20)
	}
	blob, err := c.puller.Layer(ctx, c.repo.Digest(layer.Digest.String()))
	if err != nil {
		return pulled{}, explainedRegistry(err)
	}
	r, err := blob.Compressed() // which verifies the digest
	if err != nil {
		return pulled{}, explainedRegistry(err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxArchive+1))
	switch {
	case err != nil:
		return pulled{}, fmt.Errorf("the registry does not send the layer %s: %w", layer.Digest, err)
	case Digest(data) != layer.Digest.String():
		return pulled{}, fmt.Errorf("the registry sends another layer than %s", layer.Digest)
	}
	return pulled{manifest: d.Digest.String(), data: data}, nil
}

// layerOf returns the layer of a manifest that is the archive of a chart. Others, such
// as its signature, are left alone.
func layerOf(mediaType types.MediaType, manifest []byte) (v1.Descriptor, error) {
	if mediaType.IsIndex() {
		return v1.Descriptor{}, errors.New("this is a list of container images, not a Helm chart")
	}
	var m v1.Manifest
	if json.Unmarshal(manifest, &m) != nil || m.Config.MediaType == "" {
		return v1.Descriptor{}, errors.New("this is not a Helm chart: its manifest cannot be read")
	}
	if m.Config.MediaType != configType {
		return v1.Descriptor{}, fmt.Errorf("this is not a Helm chart: its config has the media type %s", printable(string(m.Config.MediaType)))
	}
	for _, want := range []types.MediaType{layerType, oldLayerType} {
		if i := slices.IndexFunc(m.Layers, func(d v1.Descriptor) bool { return d.MediaType == want }); i >= 0 {
			if m.Layers[i].Digest.Algorithm != "sha256" {
				return v1.Descriptor{}, fmt.Errorf("the layer %s has no SHA-256 digest", printable(m.Layers[i].Digest.String()))
			}
			return m.Layers[i], nil
		}
	}
	return v1.Descriptor{}, errors.New("the chart has no layer with an archive")
}

// explainedRegistry says what an answer of a registry means.
func explainedRegistry(err error) error {
	var answer *transport.Error
	if !errors.As(err, &answer) {
		return err
	}
	said := ""
	if len(answer.Errors) > 0 && answer.Errors[0].Message != "" {
		said = ": " + printable(answer.Errors[0].Message)
	}
	switch answer.StatusCode {
	case http.StatusNotFound:
		return errNotThere
	case http.StatusUnauthorized, http.StatusForbidden:
		return &finding.Wrong{Err: errors.New("the registry has no such chart, or does not show it to this login" + said), Fix: "check the name, or run helm registry login or docker login"}
	case http.StatusTooManyRequests:
		return &finding.Wrong{Err: errors.New("the registry refuses more requests for now" + said), Fix: "try again later, or log in"}
	}
	return fmt.Errorf("the registry answers %d %s%s", answer.StatusCode, http.StatusText(answer.StatusCode), said)
}

// errNotThere is returned for what a registry does not have.
var errNotThere = errors.New("the registry does not have it")
