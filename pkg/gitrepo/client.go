package gitrepo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	gogithttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// newClient returns what speaks the protocol of an endpoint. What a server says is
// bounded.
func newClient(e *transport.Endpoint, caBundle []byte, l limits) (transport.Transport, error) {
	if e.Protocol != "http" && e.Protocol != "https" {
		c, err := client.NewClient(e)
		if err != nil {
			return nil, errors.New("the address of the repository has an unsupported scheme; use https, ssh, file or a path")
		}
		return boundedClient{c, l}, nil
	}
	t := http.DefaultTransport
	if len(caBundle) > 0 {
		roots, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("reading the certificates of the system: %w", err)
		}
		roots.AppendCertsFromPEM(caBundle)
		own := t.(*http.Transport).Clone()
		own.TLSClientConfig = &tls.Config{RootCAs: roots}
		t = own
	}
	return gogithttp.NewClient(&http.Client{Transport: boundedTransport{t, l}}), nil
}

// boundedTransport bounds what is read of answers.
type boundedTransport struct {
	http.RoundTripper
	limits
}

// RoundTrip returns an answer whose body is bounded.
func (b boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body := &boundedReader{r: res.Body, what: "the answer of the server", most: b.received}
	if r.Method == http.MethodGet {
		body.what, body.most = "the list of branches that the server sends", b.advertised
	}
	res.Body = readCloser{body, res.Body}
	return res, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// boundedClient bounds what a program says that is reached over SSH, or runs here.
type boundedClient struct {
	transport.Transport
	limits
}

// NewUploadPackSession returns a session that fetches.
func (c boundedClient) NewUploadPackSession(e *transport.Endpoint, a transport.AuthMethod) (transport.UploadPackSession, error) {
	s, err := c.Transport.NewUploadPackSession(e, a)
	if err != nil {
		return nil, err
	}
	said, err := bound(s, c.limits)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return uploadSession{s, said, c.limits}, nil
}

// NewReceivePackSession returns a session that pushes.
func (c boundedClient) NewReceivePackSession(e *transport.Endpoint, a transport.AuthMethod) (transport.ReceivePackSession, error) {
	s, err := c.Transport.NewReceivePackSession(e, a)
	if err != nil {
		return nil, err
	}
	if _, err := bound(s, c.limits); err != nil { // what follows a list of branches is short
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// uploadSession lets a pack be larger than a list of branches.
type uploadSession struct {
	transport.UploadPackSession
	said *boundedReader
	limits
}

// UploadPack asks for a pack.
func (u uploadSession) UploadPack(ctx context.Context, r *packp.UploadPackRequest) (*packp.UploadPackResponse, error) {
	u.said.what, u.said.most = "the answer of the server", u.said.read+u.received
	return u.UploadPackSession.UploadPack(ctx, r)
}

// bound bounds what a session reads, which go-git has neither an option nor a type
// for that others can name: its sessions have a field Stdout.
func bound(session any, l limits) (*boundedReader, error) {
	field := reflect.Indirect(reflect.ValueOf(session)).FieldByName("Stdout")
	if !field.IsValid() || !field.CanSet() || field.Type() != reflect.TypeFor[io.Reader]() {
		return nil, errors.New("go-git's sessions have no output that can be limited")
	}
	said := &boundedReader{r: field.Interface().(io.Reader), what: "the list of branches that the server sends", most: l.advertised}
	field.Set(reflect.ValueOf(said))
	return said, nil
}
