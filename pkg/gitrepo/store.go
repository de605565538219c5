package gitrepo

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
)

// store holds objects in memory by their hashes. What it holds is what its hash
// says, also after it was read from a cache.
type store map[plumbing.Hash]rawObject

type rawObject struct {
	kind plumbing.ObjectType
	data []byte
}

// add adds an object and returns its hash.
func (s store) add(kind plumbing.ObjectType, data []byte) plumbing.Hash {
	h := hashOf(kind, data)
	s[h] = rawObject{kind, data}
	return h
}

func hashOf(kind plumbing.ObjectType, data []byte) (h plumbing.Hash) {
	sum := sha1.New()
	fmt.Fprintf(sum, "%s %d\x00", kind, len(data))
	sum.Write(data)
	sum.Sum(h[:0])
	return h
}

// cachePath returns the file that holds what is known of the branch, or "".
func (r *Repo) cachePath() string {
	if r.CacheDir == "" {
		return ""
	}
	id := sha256.Sum256([]byte(r.endpoint.String() + "\x00" + r.Branch))
	return filepath.Join(r.CacheDir, "git-"+hex.EncodeToString(id[:8]))
}

// maxCached bounds an object of the cache, in bytes.
const maxCached = 64 << 20

// cached returns the tip that was seen last, and its trees and inventories. A
// cache that is damaged holds less, and what is missing is fetched.
func (r *Repo) cached() (tip plumbing.Hash, s store) {
	s = store{}
	data, err := os.ReadFile(r.cachePath())
	if err != nil {
		return plumbing.ZeroHash, s
	}
	in := bytes.NewReader(data)
	for {
		kind, err := in.ReadByte()
		if err != nil {
			return tip, s
		}
		n, err := binary.ReadUvarint(in)
		if err != nil || n > maxCached || n > uint64(in.Len()) {
			return tip, s
		}
		object := make([]byte, n)
		if _, err := io.ReadFull(in, object); err != nil {
			return tip, s
		}
		h := s.add(plumbing.ObjectType(kind), object)
		if plumbing.ObjectType(kind) == plumbing.CommitObject {
			tip = h
		}
	}
}

// remember writes the cache: the commit and what was reached from it. It is a
// cache: what cannot be written is fetched again.
func (r *Repo) remember(t *Tip) {
	path := r.cachePath()
	if path == "" || t.Commit == "" || os.MkdirAll(r.CacheDir, 0o700) != nil {
		return
	}
	tmp, err := os.CreateTemp(r.CacheDir, "git-*")
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriter(tmp)
	for _, h := range t.kept() {
		o := t.store[h]
		_ = w.WriteByte(byte(o.kind)) // Flush returns the first error
		_, _ = w.Write(binary.AppendUvarint(nil, uint64(len(o.data))))
		_, _ = w.Write(o.data)
	}
	err = w.Flush()
	if cerr := tmp.Close(); err == nil && cerr == nil {
		_ = os.Rename(tmp.Name(), path)
	}
}
