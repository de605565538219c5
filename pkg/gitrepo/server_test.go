package gitrepo_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
)

// The login that the test servers accept.
const user, password = "bot", "correct-horse-battery-staple"

// serveHTTP serves a repository with git http-backend on 127.0.0.1, to whom knows
// the login. Deny is the method and path prefix that is refused to all, if any.
func serveHTTP(t testing.TB, repo, deny string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(backend(t, repo, deny))
	t.Cleanup(s.Close)
	return s
}

// serveTLS is serveHTTP with a certificate that nobody knows, which it returns.
func serveTLS(t testing.TB, repo string) (*httptest.Server, []byte) {
	t.Helper()
	s := httptest.NewTLSServer(backend(t, repo, ""))
	t.Cleanup(s.Close)
	return s, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// backend is git's own server behind a login.
func backend(t testing.TB, repo, deny string) http.Handler {
	t.Helper()
	out, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Fatal(err)
	}
	handler := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(out)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + repo, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=/dev/null", "REMOTE_USER=" + user},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, p, ok := r.BasicAuth()
		switch {
		case !ok || u != user || p != password:
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			w.WriteHeader(http.StatusUnauthorized)
		case deny != "" && strings.Contains(r.URL.String(), deny):
			w.WriteHeader(http.StatusForbidden)
		default:
			handler.ServeHTTP(w, r)
		}
	})
}

// keyFile writes a new private key and returns its file and public key.
func keyFile(t testing.TB) (string, ssh.PublicKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id_ed25519")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return file, key
}

// serveSSH serves a repository over SSH on 127.0.0.1 with git's own commands.
func serveSSH(t testing.TB, repo string) gitrepo.Remote {
	t.Helper()
	remote, _, _ := startSSH(t, repo)
	return remote
}

// startSSH is serveSSH that also returns the known_hosts file and the user's key.
func startSSH(t testing.TB, repo string) (remote gitrepo.Remote, hosts, userFile string) {
	t.Helper()
	hostFile, hostKey := keyFile(t)
	userFile, userKey := keyFile(t)
	data, err := os.ReadFile(hostFile)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(userKey.Marshal()) {
			return nil, os.ErrPermission
		}
		return &ssh.Permissions{}, nil
	}}
	config.AddHostKey(signer)
	// Another key, that known_hosts lacks and clients ask for first.
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if signer, err = ssh.NewSignerFromKey(other); err != nil {
		t.Fatal(err)
	}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveConn(conn, config)
		}
	}()
	hosts = filepath.Join(t.TempDir(), "known_hosts")
	line := knownhosts.Line([]string{listener.Addr().String()}, hostKey)
	if err := os.WriteFile(hosts, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	login, err := gitrepo.SSH("git", userFile, "", hosts)
	if err != nil {
		t.Fatal(err)
	}
	return gitrepo.Remote{URL: "ssh://git@" + listener.Addr().String() + repo, Auth: login}, hosts, userFile
}

// serveConn runs the commands of one connection.
func serveConn(conn net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				var payload struct{ Command string }
				if r.Type != "exec" || ssh.Unmarshal(r.Payload, &payload) != nil {
					_ = r.Reply(false, nil)
					continue
				}
				_ = r.Reply(true, nil)
				name, arg, _ := strings.Cut(payload.Command, " ")
				if words, err := os.ReadFile(filepath.Join(strings.Trim(arg, "'"), "denied")); err == nil && name == "git-receive-pack" {
					_, _ = channel.Stderr().Write(words)
					_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{1}))
					_ = channel.Close()
					return
				}
				if line, err := os.ReadFile(filepath.Join(strings.Trim(arg, "'"), "endless")); err == nil {
					for _, err := channel.Write(line); err == nil; {
						_, err = channel.Write(line)
					}
					return
				}
				if name != "git-upload-pack" && name != "git-receive-pack" {
					_ = channel.Close()
					return
				}
				cmd := exec.Command("git", strings.TrimPrefix(name, "git-"), strings.Trim(arg, "'"))
				cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
				in, err := cmd.StdinPipe()
				if err != nil {
					return
				}
				go func() {
					buf := make([]byte, 32<<10)
					for {
						n, err := channel.Read(buf)
						if n > 0 {
							if _, werr := in.Write(buf[:n]); werr != nil {
								break
							}
						}
						if err != nil {
							break
						}
					}
					_ = in.Close()
				}()
				status := uint32(0)
				if err := cmd.Run(); err != nil {
					status = 1
				}
				_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
				_ = channel.Close()
			}
		}()
	}
}

// serveAgent serves a repository to a key that an agent holds.
func serveAgent(t *testing.T, repo string) gitrepo.Remote {
	t.Helper()
	r, hosts, userFile := startSSH(t, repo)
	data, err := os.ReadFile(userFile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "agent") // a short path, for the socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn) }() // until the client is gone
		}
	}()
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(dir, "s"))
	if r.Auth, err = gitrepo.SSH("git", "", "", hosts); err != nil {
		t.Fatal(err)
	}
	return r
}

// otherKey serves a repository to somebody else's key.
func otherKey(t testing.TB, repo string) gitrepo.Remote {
	t.Helper()
	r, hosts, _ := startSSH(t, repo)
	key, _ := keyFile(t)
	login, err := gitrepo.SSH("git", key, "", hosts)
	if err != nil {
		t.Fatal(err)
	}
	return gitrepo.Remote{URL: r.URL, Auth: login}
}
