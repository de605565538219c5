package charts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/distribution/distribution/v3/configuration"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"github.com/sirupsen/logrus"
	"golang.org/x/crypto/bcrypt"
	"helm.sh/helm/v3/pkg/registry"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

// The login that the registry accepts.
const user, password = "reader", "correct-horse-battery-staple"

// server is a registry, and Helm logged in to it.
type server struct {
	*httptest.Server
	host string
	helm *registry.Client
	// logins is where Helm keeps its logins.
	logins string
	ca     []byte
}

// serve starts a registry behind TLS and a login.
func serve(t *testing.T) *server {
	t.Helper()
	logrus.SetOutput(io.Discard)
	dir := t.TempDir()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "htpasswd"), []byte(user+":"+string(hash)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := &configuration.Configuration{
		Storage: configuration.Storage{"inmemory": {}, "delete": {"enabled": true}},
		Auth:    configuration.Auth{"htpasswd": {"realm": "charts", "path": filepath.Join(dir, "htpasswd")}},
	}
	config.HTTP.Secret = "of the tests"
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{Server: httptest.NewTLSServer(handlers.NewApp(ctx, config)), logins: filepath.Join(dir, "config.json")}
	t.Cleanup(cancel)
	t.Cleanup(s.Close)
	s.host = strings.TrimPrefix(s.URL, "https://")
	s.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	s.helm, err = registry.NewClient(registry.ClientOptCredentialsFile(s.logins), registry.ClientOptWriter(io.Discard),
		registry.ClientOptHTTPClient(&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.helm.Login(s.host, registry.LoginOptBasicAuth(user, password)); err != nil {
		t.Fatal(err)
	}
	return s
}

// push pushes a chart with a signature, as helm push does.
func (s *server) push(t *testing.T, data []byte, version string) *registry.PushResult {
	t.Helper()
	result, err := s.helm.Push(data, s.host+"/charts/web:"+version, registry.PushOptProvData([]byte("signed")))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func (s *server) ref(version string) charts.Ref {
	return charts.Ref{Repository: "oci://" + s.host + "/charts", Name: "web", Version: version}
}

// fetcher returns a fetcher with a cache of its own, and the logins of files.
func fetcher(t *testing.T, ca []byte, files map[string]string) *charts.Fetcher {
	t.Helper()
	store, err := charts.Open(t.TempDir(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none")
	return &charts.Fetcher{Cache: store.Cache, CABundle: ca, Logins: charts.Logins{Getenv: func(name string) string {
		if file, ok := files[name]; ok {
			return file
		}
		return none
	}}}
}

// TestPushedByHelm checks that what Helm pushed is found, byte for byte, and that a tag
// that moves changes nothing that is locked.
func TestPushedByHelm(t *testing.T) {
	s := serve(t)
	f := func() *charts.Fetcher { return fetcher(t, s.ca, map[string]string{"HELM_REGISTRY_CONFIG": s.logins}) }
	first := archive(t, "web", "1.3.0+build.7", "")
	s.push(t, archive(t, "web", "1.2.3", ""), "1.2.3")
	pushed := s.push(t, first, "1.3.0+build.7")

	got, err := f().Resolve(t.Context(), s.ref("^1"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != "1.3.0+build.7" || string(got.Data) != string(first) || got.Manifest != pushed.Manifest.Digest || got.Digest != pushed.Chart.Digest {
		t.Errorf("resolved %+v, pushed %+v", got.Entry, pushed)
	}
	pulled, err := s.helm.Pull(s.host + "/charts/web:1.3.0+build.7")
	if err != nil || string(pulled.Chart.Data) != string(got.Data) {
		t.Errorf("Helm pulls another archive: %v", err)
	}
	if _, err := fetcher(t, s.ca, nil).Resolve(t.Context(), s.ref("^1")); err == nil || !strings.Contains(err.Error(), "does not show it to this login") {
		t.Errorf("without a login: %v", err)
	}

	moved := s.push(t, archive(t, "web", "1.3.0+build.7", "moved"), "1.3.0+build.7")
	if again, err := f().Fetch(t.Context(), got.Entry); err != nil || string(again.Data) != string(first) {
		t.Errorf("what was locked is not fetched: %v", err)
	}
	req, err := http.NewRequest(http.MethodDelete, s.URL+"/v2/charts/web/manifests/"+got.Manifest, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, password)
	res, err := s.Client().Do(req)
	if err != nil || res.StatusCode != http.StatusAccepted {
		t.Fatal(res, err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = f().Fetch(t.Context(), got.Entry)
	if !errors.Is(err, charts.ErrDigest) || !strings.Contains(err.Error(), "the tag 1.3.0_build.7 was moved since it was locked, to "+moved.Manifest.Digest) {
		t.Errorf("after the tag was moved: %v", err)
	}
}
