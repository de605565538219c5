package charts

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Fetcher fetches charts into a cache. Several goroutines may use one. It asks each chart
// repository for its index once: use a new one after a while.
type Fetcher struct {
	Cache  Cache
	Logins Logins
	// CABundle are certificates in PEM that are trusted in addition to those of the
	// system. Default: none.
	CABundle []byte
	// Timeout is how long a server may be silent. Default: 2 minutes.
	Timeout time.Duration
	// AllowPlainHTTP allows to ask servers in plain text, as is always allowed on this
	// machine itself.
	AllowPlainHTTP bool
	// UserAgent is what servers are told about the program. Default: gitopsgen.
	UserAgent string

	mu           sync.Mutex
	repositories map[string]*repository
	pause        time.Duration // before a second try; 0 is a second
}

// wire returns the wire to a server, and to those that it refers to.
func (f *Fetcher) wire(base http.RoundTripper, server *url.URL) *wire {
	w := &wire{base: base, timeout: f.Timeout, pause: f.pause, agent: f.UserAgent}
	if w.timeout == 0 {
		w.timeout = 2 * time.Minute
	}
	if w.pause == 0 {
		w.pause = time.Second
	}
	if w.agent == "" {
		w.agent = "gitopsgen"
	}
	w.plain = func(u *url.URL) bool {
		local := server.Scheme != "https" && isLoopback(server.Hostname()) && isLoopback(u.Hostname())
		return f.AllowPlainHTTP || local
	}
	return w
}

// repository returns the chart repository at an address.
func (f *Fetcher) repository(address string) *repository {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.repositories == nil {
		f.repositories = map[string]*repository{}
	}
	r := f.repositories[address]
	if r == nil {
		r = &repository{f: f, address: address}
		f.repositories[address] = r
	}
	return r
}

// Resolve fetches the chart that a reference stands for now, and returns what is to be
// locked. It is kept in the cache.
func (f *Fetcher) Resolve(ctx context.Context, r Ref) (*Archive, error) {
	r = r.normal()
	if err := r.Check(); err != nil {
		return nil, err
	}
	a, err := f.resolve(ctx, r)
	if err == nil {
		err = f.Cache.Put(a.Data)
	}
	if err != nil {
		return nil, failed(r, err)
	}
	return a, nil
}

func (f *Fetcher) resolve(ctx context.Context, r Ref) (*Archive, error) {
	e := Entry{Name: r.Name, Repository: r.Repository, Requested: r.Version}
	var data []byte
	if r.isOCI() {
		p, version, err := f.resolveRegistry(ctx, r)
		if err != nil {
			return nil, err
		}
		e.Version, e.Manifest, data = version, p.manifest, p.data
	} else {
		repo := f.repository(r.Repository)
		p, err := repo.find(ctx, r.Name, r.Version)
		if err != nil {
			return nil, err
		}
		if data, err = repo.archive(ctx, p); err != nil {
			return nil, err
		}
		e.Version = p.Version
	}
	if !IsExact(e.Version) {
		return nil, fmt.Errorf("the repository has the version %s, which is not a semantic version", printable(e.Version))
	}
	if e.Requested == e.Version {
		e.Requested = ""
	}
	e.Digest = Digest(data)
	var err error
	if e.Dependencies, err = inspect(data, e); err != nil {
		return nil, err
	}
	return &Archive{Entry: e, Data: data}, nil
}

// resolveRegistry fetches the chart of a registry that a reference stands for now.
func (f *Fetcher) resolveRegistry(ctx context.Context, r Ref) (pulled, string, error) {
	c, err := f.registryChart(r.Repository + "/" + r.Name)
	if err != nil {
		return pulled{}, "", err
	}
	if IsExact(r.Version) {
		p, err := c.pull(ctx, c.repo.Tag(tagOf(r.Version)))
		if !errors.Is(err, errNotThere) {
			return p, r.Version, err
		}
	}
	have, err := c.versions(ctx)
	if errors.Is(err, errNotThere) {
		return pulled{}, "", &finding.Wrong{Err: errors.New("the registry has no chart of this name"), Fix: "check the repository and the name"}
	}
	if err != nil {
		return pulled{}, "", err
	}
	version, err := choose(r.Version, have)
	if err != nil {
		return pulled{}, "", err
	}
	p, err := c.pull(ctx, c.repo.Tag(tagOf(version)))
	return p, version, err
}

// Fetch fetches the archive of an entry of a lock, and keeps it in the cache; if it is
// there already, no server is asked. The error wraps ErrDigest if the server has another
// archive now.
func (f *Fetcher) Fetch(ctx context.Context, e Entry) (*Archive, error) {
	if data, err := f.Cache.Get(e.Digest); err == nil {
		return &Archive{Entry: e, Data: data}, nil
	}
	data, err := f.fetch(ctx, e)
	if err == nil && Digest(data) != e.Digest {
		err = changed(e, Digest(data))
	}
	if err == nil {
		err = f.Cache.Put(data)
	}
	if err != nil {
		return nil, failed(e.Ref(), err)
	}
	return &Archive{Entry: e, Data: data}, nil
}

// Changed returns the error of an archive that has another digest in the repository than
// it was locked with.
func Changed(e Entry, digest string) error { return failed(e.Ref(), changed(e, digest)) }

func changed(e Entry, digest string) error {
	return moved(e, "the archive of the repository changed since it was locked: it has the digest "+digest)
}

// moved returns the error of an archive that is another one now.
func moved(e Entry, what string) error {
	return &finding.Wrong{Err: fmt.Errorf("%s: %w", what, ErrDigest),
		Fix: "ask its author why; to use what is there now, run gitopsgen charts update " + e.Name}
}

func (f *Fetcher) fetch(ctx context.Context, e Entry) ([]byte, error) {
	if !e.Ref().isOCI() {
		repo := f.repository(e.Ref().normal().Repository)
		p, err := repo.find(ctx, e.Name, e.Version)
		if err != nil {
			return nil, err
		}
		if p.Version != e.Version {
			return nil, fmt.Errorf("the repository no longer has the version %s", e.Version)
		}
		return repo.archive(ctx, p)
	}
	c, err := f.registryChart(e.Ref().normal().Repository + "/" + e.Name)
	if err != nil {
		return nil, err
	}
	p, err := c.pull(ctx, c.repo.Digest(e.Manifest))
	if !errors.Is(err, errNotThere) {
		return p.data, err
	}
	now, err := c.puller.Head(ctx, c.repo.Tag(tagOf(e.Version)))
	if err != nil {
		return nil, fmt.Errorf("the registry no longer has the version %s", e.Version)
	}
	return nil, moved(e, "the tag "+tagOf(e.Version)+" was moved since it was locked, to "+now.Digest.String()+", and the registry no longer has what was locked")
}

// registryArchive fetches an archive that the index of a chart repository has in a
// registry.
func (f *Fetcher) registryArchive(ctx context.Context, u *url.URL) ([]byte, error) {
	address, tag, ok := strings.Cut(strings.TrimPrefix(u.String(), ociScheme+u.Host), ":")
	if !ok {
		return nil, errors.New("the address of the archive in the index has no tag")
	}
	c, err := f.registryChart(ociScheme + u.Host + address)
	if err != nil {
		return nil, err
	}
	ref, err := name.NewTag(c.repo.Name()+":"+tag, name.StrictValidation)
	if err != nil {
		return nil, errors.New("the address of the archive in the index is not valid")
	}
	p, err := c.pull(ctx, ref)
	return p.data, err
}

// failed returns an error about a chart whose text is fit to be printed.
func failed(r Ref, err error) error {
	fix := ""
	var w *finding.Wrong
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &w):
		fix = w.Fix
	case errors.As(err, &unknown):
		fix = "pass the certificate of its authority with --ca-file, or with --ca-file of helm repo add"
	}
	return &finding.Wrong{Err: &shown{"the chart " + r.String() + " cannot be fetched: " + clean(err), err}, Fix: fix}
}

// shown is an error with a text that is fit to be printed.
type shown struct {
	text string
	error
}

func (s *shown) Error() string { return s.text }
func (s *shown) Unwrap() error { return s.error }

// maxWords bounds what is repeated of a server's words, in bytes.
const maxWords = 300

// clean returns what an error says, in a line without credentials.
func clean(err error) string { return printable(err.Error()) }

// printable returns a text of others in a line without credentials.
func printable(text string) string {
	text = escape.Line(credential.RedactMessage(text))
	if len(text) > 4*maxWords {
		text = strings.ToValidUTF8(text[:4*maxWords], "") + "…"
	}
	return text
}

// systemRoots returns the certificates that the system trusts.
func systemRoots() (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("reading the certificates of the system: %w", err)
	}
	return roots, nil
}
