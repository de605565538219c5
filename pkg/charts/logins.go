package charts

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/docker/cli/cli/config"
	"github.com/google/go-containerregistry/pkg/authn"
	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// maxConfig bounds the files of logins and certificates, in bytes.
const maxConfig = 16 << 20

// Logins finds the logins of a user where Helm, Docker and curl keep them.
type Logins struct {
	// Getenv looks up an environment variable. Default: os.Getenv.
	Getenv func(string) string
}

// repositoryLogin is what a user has noted about a chart repository.
type repositoryLogin struct {
	URL      string `yaml:"url"`
	Username string `yaml:"username"`
	Password string `yaml:"password"`
	CertFile string `yaml:"certFile"`
	KeyFile  string `yaml:"keyFile"`
	CAFile   string `yaml:"caFile"`
	// PassAll sends the login to the hosts of archives too.
	PassAll bool `yaml:"pass_credentials_all"`
}

func (l Logins) getenv(name string) string {
	if l.Getenv == nil {
		return os.Getenv(name)
	}
	return l.Getenv(name)
}

// helmFile returns a file of Helm's configuration: that which a variable names, or
// else the one of a name in the directory where Helm has its own.
func (l Logins) helmFile(variable, name string) string {
	if file := l.getenv(variable); file != "" {
		return file
	}
	if dir := l.getenv("HELM_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, name)
	}
	dir := l.getenv("XDG_CONFIG_HOME")
	if home, err := os.UserHomeDir(); dir == "" && err == nil {
		switch runtime.GOOS {
		case "windows":
			dir = l.getenv("APPDATA")
		case "darwin":
			dir = filepath.Join(home, "Library", "Preferences")
		default:
			dir = filepath.Join(home, ".config")
		}
	}
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "helm", name)
}

// repository returns what the user has noted about a chart repository: what helm repo
// add wrote, or else the login in .netrc for its host.
func (l Logins) repository(address string) (repositoryLogin, error) {
	file := l.helmFile("HELM_REPOSITORY_CONFIG", "repositories.yaml")
	data, err := readConfig(file)
	if err != nil {
		return repositoryLogin{}, fmt.Errorf("reading the repositories of Helm: %w", err)
	}
	var doc struct {
		Repositories []repositoryLogin `yaml:"repositories"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return repositoryLogin{}, fmt.Errorf("%s is not a list of repositories as Helm writes it", file) // its error may tell a password
	}
	var out repositoryLogin
	for _, r := range doc.Repositories {
		if strings.TrimRight(r.URL, "/") == address {
			out = r
			break
		}
	}
	u, err := url.Parse(address)
	if err == nil && out.Username == "" && out.Password == "" {
		out.Username, out.Password, err = l.netrc(u.Hostname())
	}
	return out, err
}

// netrc returns the login for a host in .netrc.
func (l Logins) netrc(host string) (user, password string, err error) {
	file := l.getenv("NETRC")
	if home, err := os.UserHomeDir(); file == "" && err == nil {
		file = filepath.Join(home, ".netrc")
		if runtime.GOOS == "windows" {
			file = filepath.Join(home, "_netrc")
		}
	}
	data, err := readConfig(file)
	if err != nil {
		return "", "", fmt.Errorf("reading .netrc: %w", err)
	}
	user, password = loginOf(string(data), host)
	return user, password, nil
}

// loginOf returns the first login for a host in the text of a .netrc. A default, which
// would be sent to any host, and macros are not read.
func loginOf(netrc, host string) (user, password string) {
	ours, inMacro := false, false
	for line := range strings.Lines(netrc) {
		words := strings.Fields(line)
		if inMacro = inMacro && len(words) > 0; inMacro {
			continue
		}
		for i := 0; i < len(words); i++ {
			switch words[i] {
			case "machine", "default":
				if ours && password != "" {
					return user, password
				}
				ours, user, password = words[i] == "machine" && i+1 < len(words) && words[i+1] == host, "", ""
				if words[i] == "machine" {
					i++
				}
			case "macdef":
				i, inMacro = len(words), true
			case "login", "password", "account":
				if i++; i < len(words) && ours {
					switch words[i-1] {
					case "login":
						user = words[i]
					case "password":
						password = words[i]
					}
				}
			}
		}
	}
	if !ours || password == "" {
		return "", ""
	}
	return user, password
}

// readConfig reads a file of configuration; one that does not exist is empty.
func readConfig(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	data, err := disk.ReadFile(file, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// keychain returns the logins for registries: those of helm registry login, and then
// those of docker login and of the helpers that it is configured with.
func (l Logins) keychain() authn.Keychain {
	return authn.NewMultiKeychain(helmKeychain{l.helmFile("HELM_REGISTRY_CONFIG", filepath.Join("registry", "config.json"))}, authn.DefaultKeychain)
}

// helmKeychain reads a file of logins in Docker's format.
type helmKeychain struct{ file string }

// Resolve returns the login for a registry.
func (h helmKeychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	data, err := readConfig(h.file)
	if err != nil || len(data) == 0 {
		return authn.Anonymous, err
	}
	file, err := config.LoadFromReader(strings.NewReader(string(data)))
	if err != nil {
		return nil, fmt.Errorf("%s is not a configuration of registries", h.file) // its error may tell a password
	}
	found, err := file.GetAuthConfig(target.RegistryStr())
	if err != nil || found.Username == "" && found.Password == "" && found.IdentityToken == "" && found.RegistryToken == "" && found.Auth == "" {
		return authn.Anonymous, err
	}
	return authn.FromConfig(authn.AuthConfig{Username: found.Username, Password: found.Password, Auth: found.Auth,
		IdentityToken: found.IdentityToken, RegistryToken: found.RegistryToken}), nil
}
