package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// store holds objects in memory by their hashes. What it holds is what its hash
// says, also after it was read from a cache.
type store map[plumbing.Hash]rawObject

type rawObject struct {
	kind plumbing.ObjectType
	size int64
	data []byte
	// at is where the object is in its pack, or nowhere; pack is nil once it was read.
	at   int32
	pack *pack
}

// nowhere is the place of an object that is in no pack.
const nowhere = -1

// get returns the content of an object. The error wraps errIncomplete where there
// is none, and ErrTooLarge where it is too large.
func (s store) get(ctx context.Context, h plumbing.Hash, kind plumbing.ObjectType) ([]byte, error) {
	o, ok := s[h]
	if !ok || o.kind != kind {
		return nil, errIncomplete
	}
	if o.pack == nil {
		return o.data, nil
	}
	data, err := o.pack.content(ctx, o.at)
	if errors.Is(err, errObject) {
		return nil, tooLarge("the %s %s has %s, more than %s", kind, h, bytesOf(o.size), bytesOf(o.pack.object))
	}
	if err != nil {
		return nil, err
	}
	s[h] = newObject(kind, data)
	return data, nil
}

// add adds an object and returns its hash.
func (s store) add(kind plumbing.ObjectType, data []byte) plumbing.Hash {
	h := hashOf(kind, data)
	s[h] = newObject(kind, data)
	return h
}

func newObject(kind plumbing.ObjectType, data []byte) rawObject {
	return rawObject{kind: kind, size: int64(len(data)), data: data, at: nowhere}
}

func hashOf(kind plumbing.ObjectType, data []byte) plumbing.Hash {
	h := newHasher(kind, int64(len(data)))
	_, _ = h.Write(data) // a hash takes all
	return h.sum()
}

// hasher makes the hash of an object that is written to it.
type hasher struct{ hash.Hash }

func newHasher(kind plumbing.ObjectType, size int64) hasher {
	h := hasher{sha1.New()}
	fmt.Fprintf(h, "%s %d\x00", kind, size)
	return h
}

func (h hasher) sum() (out plumbing.Hash) {
	h.Sum(out[:0])
	return out
}

// cachePath returns the file that holds what is known of the branch, or "".
func (r *Repo) cachePath() string {
	if r.CacheDir == "" {
		return ""
	}
	id := sha256.Sum256([]byte(r.endpoint.String() + "\x00" + r.Branch))
	return filepath.Join(r.CacheDir, "git-"+hex.EncodeToString(id[:8]))
}

// cached returns the tip that was seen last, and its trees and inventories. A
// cache that is damaged holds less, and what is missing is fetched.
func (r *Repo) cached() (tip plumbing.Hash, s store) {
	s = store{}
	data, err := disk.ReadFile(r.cachePath(), r.limits.received)
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
		if err != nil || n > uint64(in.Len()) {
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
		o, ok := t.store[h]
		if !ok || o.pack != nil {
			continue // an inventory that is not read
		}
		_ = w.WriteByte(byte(o.kind)) // Flush returns the first error
		_, _ = w.Write(binary.AppendUvarint(nil, uint64(len(o.data))))
		_, _ = w.Write(o.data)
	}
	err = w.Flush()
	if cerr := tmp.Close(); err == nil && cerr == nil {
		_ = os.Rename(tmp.Name(), path)
	}
}
