package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
)

// server is a running etcd with a kube-apiserver on top.
type server struct {
	config    *rest.Config
	processes []*process
}

// start builds and starts both programs, with their state and logs in dir, and
// waits until they are ready. It needs a stop also where it returns an error.
func start(ctx context.Context, dir string) (*server, error) {
	s := &server{}
	etcdPath, err := etcd.build(ctx)
	if err != nil {
		return s, err
	}
	apiserverPath, err := apiserver.build(ctx)
	if err != nil {
		return s, err
	}
	ports, err := freePorts(3)
	if err != nil {
		return s, err
	}
	etcdURL, err := s.startEtcd(ctx, etcdPath, dir, ports[0], ports[1])
	if err != nil {
		return s, err
	}
	return s, s.startAPIServer(ctx, apiserverPath, dir, etcdURL, ports[2])
}

func (s *server) startEtcd(ctx context.Context, path, dir string, client, peer int) (string, error) {
	clientURL, peerURL := fmt.Sprintf("http://127.0.0.1:%d", client), fmt.Sprintf("http://127.0.0.1:%d", peer)
	p, err := run(dir, path,
		"--name=e2e", "--data-dir="+filepath.Join(dir, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls="+clientURL, "--advertise-client-urls="+clientURL,
		"--listen-peer-urls="+peerURL, "--initial-advertise-peer-urls="+peerURL,
		"--initial-cluster=e2e="+peerURL)
	if err != nil {
		return "", err
	}
	s.processes = append(s.processes, p)
	return clientURL, p.waitReady(ctx, &rest.Config{Host: clientURL}, "/health")
}

func (s *server) startAPIServer(ctx context.Context, path, dir, etcdURL string, port int) error {
	key := filepath.Join(dir, "service-account.key")
	if err := writeKey(key); err != nil {
		return err
	}
	token, tokens := rand.Text(), filepath.Join(dir, "tokens.csv")
	if err := os.WriteFile(tokens, []byte(token+",admin,admin,system:masters\n"), 0o600); err != nil {
		return err
	}
	certs := filepath.Join(dir, "certs")
	p, err := run(dir, path,
		"--etcd-servers="+etcdURL,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", port),
		"--endpoint-reconciler-type=none", "--cert-dir="+certs,
		"--token-auth-file="+tokens, "--authorization-mode=RBAC",
		"--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+key, "--service-account-signing-key-file="+key,
		"--disable-admission-plugins=ServiceAccount")
	if err != nil {
		return err
	}
	s.processes = append(s.processes, p)
	s.config = &rest.Config{
		Host:            fmt.Sprintf("https://127.0.0.1:%d", port),
		BearerToken:     token,
		TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(certs, "apiserver.crt")},
		QPS:             200,
		Burst:           400,
	}
	return p.waitReady(ctx, s.config, "/readyz")
}

// stop ends what start started, the last first.
func (s *server) stop() {
	for i := len(s.processes) - 1; i >= 0; i-- {
		s.processes[i].stop()
	}
}

// process is a program that runs in the background.
type process struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
}

// run starts a program whose output goes to a log file in dir.
func run(dir, path string, args ...string) (*process, error) {
	name := filepath.Base(path)
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	p := &process{cmd: cmd, log: log.Name(), done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended stands in its log
		close(p.done)
	}()
	return p, nil
}

// waitReady polls path until it answers 200, for two minutes at most. The
// client is made anew each time, since its certificate may not be there yet.
func (p *process) waitReady(ctx context.Context, config *rest.Config, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		err := get(ctx, config, path)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.failed(errors.New("it ended"))
		case <-ctx.Done():
			return p.failed(errors.Join(ctx.Err(), err))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func get(ctx context.Context, config *rest.Config, path string) error {
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, config.Host+path, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	return nil
}

// failed adds the end of the log to err.
func (p *process) failed(err error) error {
	log, readErr := os.ReadFile(p.log)
	if len(log) > 4000 {
		log = log[len(log)-4000:]
	}
	return errors.Join(fmt.Errorf("%s is not ready: %w\n%s", filepath.Base(p.cmd.Path), err, log), readErr)
}

// stop asks the process to end, and makes it end after ten seconds.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only where it has ended
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// freePorts returns n ports of 127.0.0.1 that nobody listens on.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// writeKey writes a new private key, which the server signs tokens with.
func writeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}
