package charts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// repository is a chart repository that is asked over HTTP.
type repository struct {
	f       *Fetcher
	address string

	once   sync.Once
	err    error
	base   *url.URL
	login  repositoryLogin
	wire   *wire
	client *http.Client

	mu       sync.Mutex
	index    *index
	indexErr error
}

// open reads what is noted about the repository.
func (r *repository) open() error {
	r.once.Do(func() {
		if r.base, r.err = url.Parse(r.address + "/"); r.err != nil {
			return
		}
		if r.login, r.err = r.f.Logins.repository(r.address); r.err != nil {
			return
		}
		base, err := r.f.transport(r.login)
		if err != nil {
			r.err = err
			return
		}
		r.wire = r.f.wire(base, r.base)
		r.wire.login = func(u *url.URL) (string, string, bool) {
			own := u.Scheme == r.base.Scheme && u.Host == r.base.Host
			return r.login.Username, r.login.Password, own && r.login.Password != ""
		}
		r.client = r.wire.client()
	})
	return r.err
}

// find returns the version of a chart that is requested, and where its archive is.
func (r *repository) find(ctx context.Context, name, requested string) (published, error) {
	if err := r.open(); err != nil {
		return published{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.readIndex(ctx); err != nil {
		return published{}, err
	}
	all, ok, err := r.index.chart(name)
	if err != nil {
		return published{}, err
	}
	if !ok || len(all) == 0 {
		names := r.index.names()
		return published{}, &finding.Wrong{Err: errors.New("the repository has no chart of this name"), Fix: printable(finding.Choose(name, names))}
	}
	var versions []string
	for _, p := range all {
		if len(p.URLs) > 0 {
			versions = append(versions, p.Version)
		}
	}
	version, err := choose(requested, versions)
	if err != nil {
		return published{}, err
	}
	for _, p := range all {
		if p.Version == version && len(p.URLs) > 0 {
			return p, nil
		}
	}
	return published{}, errors.New("the chart has no archive")
}

// readIndex reads the index once, also where that fails: a server that is down is not
// asked again for each chart.
func (r *repository) readIndex(ctx context.Context) error {
	if r.index != nil || r.indexErr != nil {
		return r.indexErr
	}
	data, err := r.fetchIndex(ctx)
	if err == nil {
		r.index, err = parseIndex(data)
	}
	if err != nil {
		r.index = nil
	}
	if ctx.Err() == nil {
		r.indexErr = err
	}
	return err
}

// archive fetches the archive of a published version.
func (r *repository) archive(ctx context.Context, p published) ([]byte, error) {
	ref, err := url.Parse(p.URLs[0])
	if err != nil {
		return nil, errors.New("the address of the archive in the index is not valid")
	}
	u := r.base.ResolveReference(ref)
	if u.Scheme == "oci" { // as some repositories have it that moved to a registry
		return r.f.registryArchive(ctx, u)
	}
	client := r.client
	if r.login.PassAll {
		w := *r.wire
		w.login = func(v *url.URL) (string, string, bool) {
			return r.login.Username, r.login.Password, r.login.Password != "" && v.Scheme == "https" && (v.Host == u.Host || v.Host == r.base.Host)
		}
		client = w.client()
	}
	// A server may call the archive's own compression that of its answer.
	res, err := ask(ctx, client, u, http.Header{"Accept-Encoding": {"identity"}})
	if err != nil {
		return nil, err
	}
	if res.status != http.StatusOK {
		return nil, refused(res, "the archive that the index names is not there", "the repository is incomplete; use another version")
	}
	if want := strings.TrimPrefix(strings.ToLower(p.Digest), "sha256:"); want != "" && "sha256:"+want != Digest(res.data) {
		return nil, &finding.Wrong{Err: fmt.Errorf("the archive has the digest %s, and the index of the repository says sha256:%s", Digest(res.data), printable(want)),
			Fix: "the repository is being changed, or was tampered with: try again later"}
	}
	return res.data, nil
}

// answer is what a server answers.
type answer struct {
	status int
	header http.Header
	data   []byte
}

// ask sends a request and returns the answer.
func ask(ctx context.Context, client *http.Client, u *url.URL, header http.Header) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body) // which is in memory
	return &answer{res.StatusCode, res.Header, data}, err
}

// refused returns the error of an answer that is not what was asked for.
func refused(res *answer, missing, fix string) error {
	switch res.status {
	case http.StatusNotFound, http.StatusGone:
		return &finding.Wrong{Err: errors.New(missing), Fix: fix}
	case http.StatusUnauthorized:
		return &finding.Wrong{Err: errors.New("the repository asks for a login, or does not accept the one it got"), Fix: "run helm repo add with --username and --password-stdin, or add the host to .netrc"}
	case http.StatusForbidden:
		return &finding.Wrong{Err: errors.New("the repository refuses access"), Fix: "use another login, or ask for permission to read"}
	case http.StatusTooManyRequests:
		return &finding.Wrong{Err: errors.New("the server refuses more requests for now"), Fix: "try again later" + retryAfter(res)}
	}
	return fmt.Errorf("the server answers %d %s", res.status, http.StatusText(res.status))
}

func retryAfter(res *answer) string {
	if after := res.header.Get("Retry-After"); after != "" {
		return "; it says Retry-After: " + printable(after)
	}
	return ""
}

// keptIndex is what is kept with an index, in a line before it.
type keptIndex struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
	Digest       string `json:"digest"`
}

// fetchIndex returns the index: the one that is kept, if the server says that it is
// still the same.
func (r *repository) fetchIndex(ctx context.Context) ([]byte, error) {
	u := r.base.JoinPath("index.yaml")
	kept, data := r.kept(u)
	header := http.Header{}
	if kept.ETag != "" {
		header.Set("If-None-Match", kept.ETag)
	} else if kept.LastModified != "" {
		header.Set("If-Modified-Since", kept.LastModified)
	}
	res, err := ask(ctx, r.client, u, header)
	if err != nil {
		return nil, err
	}
	if res.status == http.StatusNotModified && data != nil {
		return data, nil
	}
	if res.status != http.StatusOK {
		return nil, refused(res, "there is no chart repository at this address: it has no index.yaml", "check the address; that of a registry begins with oci://")
	}
	r.keep(keptIndex{URL: u.String(), ETag: res.header.Get("ETag"), LastModified: res.header.Get("Last-Modified"), Digest: Digest(res.data)}, res.data)
	return res.data, nil
}

// indexFile returns the file that keeps the index of an address, or "".
func (r *repository) indexFile(u *url.URL) string {
	if r.f.Cache.dir == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(u.String()))
	return filepath.Join(r.f.Cache.dir, "index", hex.EncodeToString(sum[:]))
}

// kept returns the index that is kept, if it is whole.
func (r *repository) kept(u *url.URL) (keptIndex, []byte) {
	file := r.indexFile(u)
	if file == "" {
		return keptIndex{}, nil
	}
	all, err := disk.ReadFile(file, MaxArchive+1<<16)
	if err != nil {
		return keptIndex{}, nil
	}
	line, data, _ := bytes.Cut(all, []byte("\n"))
	var k keptIndex
	if json.Unmarshal(line, &k) != nil || k.URL != u.String() || k.Digest != Digest(data) {
		return keptIndex{}, nil
	}
	return k, data
}

// keep keeps an index for the next time, if the server will tell whether it changed.
func (r *repository) keep(k keptIndex, data []byte) {
	file := r.indexFile(r.base.JoinPath("index.yaml"))
	line, err := json.Marshal(k)
	if file == "" || err != nil || k.ETag == "" && k.LastModified == "" || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	_ = writeFile(file, append(append(line, '\n'), data...), 0o600) // it is fetched again next time
}

// transport returns what connects to a server, with the certificates of the user.
func (f *Fetcher) transport(l repositoryLogin) (http.RoundTripper, error) {
	own := http.DefaultTransport.(*http.Transport).Clone()
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	bundle := f.CABundle
	if l.CAFile != "" {
		data, err := disk.ReadNamed(l.CAFile, maxConfig)
		if err != nil {
			return nil, fmt.Errorf("reading the certificates of the repository: %w", err)
		}
		bundle = append(append(bytes.Clone(bundle), '\n'), data...)
	}
	if len(bundle) > 0 {
		roots, err := systemRoots()
		if err != nil {
			return nil, err
		}
		roots.AppendCertsFromPEM(bundle)
		config.RootCAs = roots
	}
	if l.CertFile != "" || l.KeyFile != "" {
		pair, err := tls.LoadX509KeyPair(l.CertFile, l.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("reading the certificate for the repository: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	own.TLSClientConfig = config
	return own, nil
}
