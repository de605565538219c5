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
)

// maxRemembered bounds the file of remembered proofs, in lines of 65 bytes.
const maxRemembered = 200_000

// proofCache remembers proofs in a file, one hash a line. What cannot be read or
// written is proved again.
type proofCache struct {
	path string
	mu   sync.Mutex
	old  map[string]bool
	used map[string]bool
}

// openCache opens the cache in dir, or in the user's cache directory where
// dir is "". "none" remembers nothing.
func openCache(dir string) *proofCache {
	m := &proofCache{old: map[string]bool{}, used: map[string]bool{}}
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
	data, err := disk.ReadFile(m.path, int64(2*maxRemembered*(hex.EncodedLen(sha256.Size)+1)))
	if err != nil {
		return m
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); len(line) == hex.EncodedLen(sha256.Size) {
			m.old[line] = true
		}
	}
	return m
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

// Has reports whether the proof of key is remembered.
func (m *proofCache) Has(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.old[key] {
		m.used[key] = true
	}
	return m.old[key]
}

// Add remembers a proof.
func (m *proofCache) Add(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used[key] = true
}

// save writes the cache: what this run used, and older proofs up to the bound.
func (m *proofCache) save() {
	if m.path == "" {
		return
	}
	var lines []string
	fresh := false
	for key := range m.used {
		lines = append(lines, key)
		fresh = fresh || !m.old[key]
	}
	if !fresh {
		return
	}
	for key := range m.old {
		if !m.used[key] && len(lines) < maxRemembered {
			lines = append(lines, key)
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
