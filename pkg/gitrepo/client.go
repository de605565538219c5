package gitrepo

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	gogithttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// newClient returns what speaks the protocol of an endpoint. What a server says
// over HTTP is bounded, and ends with the context of the request; over SSH, only
// the pack is, and the time of all else.
func newClient(e *transport.Endpoint, caBundle []byte, l limits) (transport.Transport, error) {
	if e.Protocol != "http" && e.Protocol != "https" {
		c, err := client.NewClient(e)
		if err != nil {
			return nil, errors.New("the address of the repository has a scheme that is not known; use https, ssh, file or a path")
		}
		return c, nil
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
