package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// maxCache bounds the file of the cache, in bytes.
const maxCache = 32 << 20

// fileCache remembers proofs and outcomes in a file, one on each line: a hash, and
// its value where it has one. What cannot be read or written is proved again.
type fileCache struct {
	path string
	mu   sync.Mutex
	old  map[string]string
	used map[string]string
	// fresh tells that something was added.
	fresh bool
}

// openCache opens the cache in dir, or in the user's cache directory where
// dir is "". "none" remembers nothing.
func openCache(dir string) *fileCache {
	m := &fileCache{old: map[string]string{}, used: map[string]string{}}
	if dir == "none" {
		return m
	}
	if dir = cacheDir(dir); dir == "" {
		return m
	}
	build, err := executableHash()
	if err != nil {
		return m
	}
	m.path = filepath.Join(dir, "proofs-"+build[:16])
	data, err := disk.ReadFile(m.path, 2*maxCache)
	if err != nil {
		return m
	}
	for line := range strings.Lines(string(data)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if len(key) == hex.EncodedLen(sha256.Size) {
			m.old[key] = value
		}
	}
	return m
}

// option lets a render use the cache. One that is kept nowhere would take memory for
// nothing.
func (m *fileCache) option() render.Option {
	if m.path == "" {
		return render.WithCache(nil)
	}
	return render.WithCache(m)
}

// executableHash returns the hash of the running program: proofs of another
// build count for nothing.
func executableHash() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Get returns the value of a key.
func (m *fileCache) Get(key string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.old[key]
	if ok {
		m.used[key] = value
	}
	return value, ok
}

// Put remembers a value.
func (m *fileCache) Put(key, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.old[key]; !ok || known != value {
		m.fresh = true
	}
	m.used[key] = value
}

// save writes the cache: what this run used, and older values up to the bound.
func (m *fileCache) save() {
	if m.path == "" || !m.fresh {
		return
	}
	var lines []string
	size := 0
	add := func(key, value string) {
		line := strings.TrimSuffix(key+" "+value, " ")
		if size += len(line) + 1; size <= maxCache {
			lines = append(lines, line)
		}
	}
	for key, value := range m.used {
		add(key, value)
	}
	for key, value := range m.old {
		if _, ok := m.used[key]; !ok {
			add(key, value)
		}
	}
	slices.Sort(lines)
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(m.path), "proofs-*")
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(strings.Join(lines, "\n") + "\n")
	if cerr := tmp.Close(); err == nil && cerr == nil {
		_ = os.Rename(tmp.Name(), m.path) // a cache: proved again next time
	}
}
