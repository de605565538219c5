package charts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

const (
	// maxTries is how often a request is sent at most.
	maxTries = 4
	// maxWait is the longest time that a server may ask to wait before the next.
	maxWait = time.Minute
	// maxRedirects bounds the redirects of a request.
	maxRedirects = 10
	// slowest is how many times the timeout an answer may take that never stalls.
	slowest = 10
)

// errTooLarge is returned where a server sends more than is read.
var errTooLarge = fmt.Errorf("the answer of the server is larger than %d MiB", MaxArchive>>20)

// wire is how all servers are asked. It bounds what they answer, and how long that
// takes; asks again where that can help; sends a login only to the host that it is for;
// and asks no server in plain text that is not to be asked so. What it returns was
// read to its end.
type wire struct {
	base    http.RoundTripper
	timeout time.Duration
	// pause is the time before the second try; it doubles with each.
	pause time.Duration
	agent string
	// plain tells whether a host may be asked in plain text.
	plain func(u *url.URL) bool
	// login returns the login for an address, if there is one. Registries have another
	// way to log in.
	login func(u *url.URL) (user, password string, ok bool)
}

// client returns a client that asks through the wire.
func (w *wire) client() *http.Client {
	return &http.Client{Transport: w, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) >= maxRedirects {
			return fmt.Errorf("the server redirects more than %d times", maxRedirects)
		}
		return nil
	}}
}

// RoundTrip sends a request, more than once if that can help.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && (r.URL.Scheme != "http" || !w.plain(r.URL)) {
		return nil, fmt.Errorf("%s is not asked over plain http (use https, or pass --allow-plain-http)", r.URL.Host)
	}
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", w.agent)
	if w.login != nil {
		r.Header.Del("Authorization")
		if user, password, ok := w.login(r.URL); ok {
			r.SetBasicAuth(user, password)
		}
	}
	for try := 1; ; try++ {
		res, err := w.once(r)
		wait, again := w.again(try, res, err)
		if !again && err != nil && isCut(err) {
			err = fmt.Errorf("the connection was cut: %w", err)
		}
		if !again || r.Body != nil {
			return res, err
		}
		select {
		case <-time.After(wait):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

// again reports whether a request is to be sent again, and after which time.
func (w *wire) again(try int, res *http.Response, err error) (wait time.Duration, ok bool) {
	wait = w.pause << (try - 1)
	if try == maxTries {
		return 0, false
	}
	if err != nil {
		return wait, isCut(err)
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0, false
	}
	if asked := res.Header.Get("Retry-After"); asked != "" {
		if seconds, err := strconv.Atoi(asked); err == nil {
			wait = time.Duration(min(max(seconds, 0), int(2*maxWait/time.Second))) * time.Second
		} else if at, err := http.ParseTime(asked); err == nil {
			wait = max(time.Until(at), 0)
		}
	}
	return wait, wait <= maxWait
}

// isCut reports whether an error is that of a connection that was cut.
func isCut(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// once sends a request once, and reads the answer.
func (w *wire) once(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	late := fmt.Errorf("the server did not answer within %s", w.timeout)
	stall := time.AfterFunc(w.timeout, func() { cancel(late) })
	defer stall.Stop()
	all := time.AfterFunc(slowest*w.timeout, func() { cancel(fmt.Errorf("the server took longer than %s to answer", slowest*w.timeout)) })
	defer all.Stop()
	explained := func(err error) error {
		if cause := context.Cause(ctx); cause != nil && r.Context().Err() == nil {
			return cause
		}
		return err
	}
	res, err := w.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, explained(err)
	}
	data, err := readAnswer(res.Body, func() { stall.Reset(w.timeout) })
	if cerr := res.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && ctx.Err() != nil { // what a server ends that sees the connection close is not all
		err = ctx.Err()
	}
	if err != nil {
		return nil, explained(err)
	}
	res.Body = io.NopCloser(bytes.NewReader(data))
	return res, nil
}

// readAnswer reads an answer, and says each time that some of it came.
func readAnswer(from io.Reader, came func()) ([]byte, error) {
	var b bytes.Buffer
	for {
		n, err := io.CopyN(&b, from, 64<<10)
		switch {
		case b.Len() > MaxArchive:
			return nil, errTooLarge
		case errors.Is(err, io.EOF):
			return b.Bytes(), nil
		case err != nil:
			return nil, err
		case n > 0:
			came()
		}
	}
}
