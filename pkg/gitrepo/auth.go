package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	"github.com/skeema/knownhosts"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// Auth is a way to log in. It prints as its kind, without the credential.
type Auth interface {
	fmt.Stringer
	method(e *transport.Endpoint) transport.AuthMethod
}

type auth struct {
	kind string
	with func(e *transport.Endpoint) transport.AuthMethod
}

func (a auth) String() string                                    { return a.kind }
func (a auth) GoString() string                                  { return a.kind }
func (a auth) method(e *transport.Endpoint) transport.AuthMethod { return a.with(e) }

// method returns the login that go-git shall use, or nil.
func (r *Repo) method() transport.AuthMethod {
	if r.Auth == nil {
		return nil
	}
	return r.Auth.method(r.endpoint)
}

// Basic logs in over HTTPS with a user and a password, or a token as the password.
func Basic(user, password string) Auth {
	return auth{"user and password", func(*transport.Endpoint) transport.AuthMethod {
		return &http.BasicAuth{Username: user, Password: password}
	}}
}

// maxKeys bounds a file with keys, in bytes.
const maxKeys = 16 << 20

// SSH logs in over SSH as user with the key in a file, which passphrase unlocks,
// or with the agent where key is "". The key of the server must be in one of the
// knownHosts files. Default: those of the user and of the system.
func SSH(user, key, passphrase string, knownHosts ...string) (Auth, error) {
	if len(knownHosts) == 0 {
		if home, err := os.UserHomeDir(); err == nil {
			knownHosts = append(knownHosts, filepath.Join(home, ".ssh", "known_hosts"))
		}
		knownHosts = append(knownHosts, "/etc/ssh/ssh_known_hosts")
	}
	var there []string
	for _, f := range knownHosts {
		switch _, err := disk.ReadFile(f, maxKeys); {
		case err == nil:
			there = append(there, f)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("reading known_hosts: %w", err)
		}
	}
	if there == nil {
		return nil, fmt.Errorf("there is no known_hosts file to verify the server with: %w", ErrHostKey)
	}
	known, err := gitssh.NewKnownHostsDb(there...)
	if err != nil {
		return nil, fmt.Errorf("reading known_hosts: %w", err)
	}
	if key == "" {
		agent, err := gitssh.NewSSHAgentAuth(user)
		if err != nil {
			return nil, fmt.Errorf("asking the SSH agent: %w (start it, or pass a key with --ssh-key)", err)
		}
		return auth{"SSH agent", func(e *transport.Endpoint) transport.AuthMethod {
			a := *agent
			a.HostKeyCallbackHelper = checked(known, e)
			return &a
		}}, nil
	}
	var keys *gitssh.PublicKeys
	data, err := disk.ReadNamed(key, maxKeys)
	if err == nil {
		keys, err = gitssh.NewPublicKeys(user, data, passphrase)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the SSH key %s: %w", key, err)
	}
	return auth{"SSH key", func(e *transport.Endpoint) transport.AuthMethod {
		k := *keys
		k.HostKeyCallbackHelper = checked(known, e)
		return &k
	}}, nil
}

// checked makes a server prove itself by a key that is known. It has to be asked
// for one of a known kind: it may have others, too.
func checked(known *knownhosts.HostKeyDB, e *transport.Endpoint) gitssh.HostKeyCallbackHelper {
	host, port := e.Host, e.Port
	if name := gitssh.DefaultSSHConfig.Get(host, "Hostname"); name != "" {
		if p, err := strconv.Atoi(gitssh.DefaultSSHConfig.Get(host, "Port")); err == nil {
			port = p
		}
		host = name
	}
	if port <= 0 {
		port = gitssh.DefaultPort
	}
	return gitssh.HostKeyCallbackHelper{
		HostKeyCallback:   known.HostKeyCallback(),
		HostKeyAlgorithms: known.HostKeyAlgorithms(net.JoinHostPort(host, strconv.Itoa(port))),
	}
}
