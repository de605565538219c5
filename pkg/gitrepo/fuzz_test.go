package gitrepo

import (
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/memory"
)

// small are limits that a fuzzer reaches.
var small = limits{advertised: 1 << 16, received: 1 << 16, objects: 64, object: 1 << 12, inflated: 1 << 18, trees: 1 << 14, entries: 256, depth: 8, contents: 1 << 16}

// seedPack returns the objects of a commit with an inventory, as a pack.
func seedPack() []byte {
	n := &newObjects{store: store{}}
	blob := n.add(plumbing.BlobObject, []byte("a: 1\n"))
	inv := n.add(plumbing.BlobObject, fmt.Appendf(nil, "apiVersion: gitopsgen.dev/v1alpha1\nkind: Inventory\ngenerator: v1\nfiles:\n  apps/a/base/x.yaml: %s\n", blob))
	dirOf := func(name string, mode filemode.FileMode, hash plumbing.Hash) plumbing.Hash {
		d := dir{entries: []entry{{name: name, mode: mode, hash: hash}}}
		return n.add(plumbing.TreeObject, d.encode())
	}
	apps := dirOf("a", filemode.Dir, dirOf("base", filemode.Dir, dirOf("x.yaml", filemode.Regular, blob)))
	invs := dirOf("apps", filemode.Dir, dirOf("a", filemode.Dir, dirOf("base.yaml", filemode.Regular, inv)))
	root := dir{entries: []entry{{name: ".gitopsgen", mode: filemode.Dir, hash: invs}, {name: "apps", mode: filemode.Dir, hash: apps}}}
	n.add(plumbing.CommitObject, fmt.Appendf(nil, "tree %s\n\nx\n\nGitopsgen-Version: v1\n", n.add(plumbing.TreeObject, root.encode())))
	return n.pack()
}

// deltas is a pack of a file of 16 bytes and of two deltas of it.
func deltas() []byte {
	whole := (&newObjects{store: store{}})
	base := whole.add(plumbing.BlobObject, []byte("0123456789abcdef"))
	pack := whole.pack()
	object := func(kind int, before, data []byte) []byte {
		o := rawObject{kind: plumbing.BlobObject, data: data}
		head := packHeader(o)
		head[0] = head[0]&^0x70 | byte(kind)<<4
		one := (&newObjects{store: store{}})
		one.add(plumbing.BlobObject, data)
		p := one.pack()
		return append(append(head, before...), p[12+len(packHeader(o)):len(p)-sha1.Size]...)
	}
	twice := []byte{16, 32, 0x90, 16, 0x90, 16}
	body := pack[12 : len(pack)-sha1.Size]
	out := append([]byte("PACK\x00\x00\x00\x02\x00\x00\x00\x03"), body...)
	out = append(out, object(6, []byte{byte(len(body))}, twice)...)
	return append(out, object(7, base[:], twice)...)
}

// FuzzUnpack reads packs that anybody could send, without their checksum: what
// is read is what go-git reads, too, within the limits and in time, and each
// commit among it can be read or is refused.
func FuzzUnpack(f *testing.F) {
	pack := seedPack()
	f.Add(pack[:len(pack)-sha1.Size])
	f.Add(deltas())
	f.Add([]byte("PACK\x00\x00\x00\x02\x80\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := sha1.Sum(data)
		data = append(bytes.Clone(data), sum[:]...)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		s := store{}
		if err := unpack(ctx, data, small, s); err != nil {
			if !errors.Is(err, errDamaged) && !errors.Is(err, ErrTooLarge) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		for h, o := range s {
			content, err := s.get(ctx, h, o.kind)
			if errors.Is(err, ErrTooLarge) {
				continue
			}
			if err != nil {
				t.Fatalf("reading %s: %v", h, err)
			}
			if int64(len(content)) > small.object || hashOf(o.kind, content) != h {
				t.Fatalf("%s is read as %d other bytes", h, len(content))
			}
			if o.kind == plumbing.CommitObject {
				readTip(ctx, t, h, s)
			}
		}
		compareWithGoGit(t, data, s)
	})
}

// readTip reads a commit as the tip of a branch.
func readTip(ctx context.Context, t *testing.T, h plumbing.Hash, s store) {
	tip, err := newTip(ctx, "", h, s, small)
	if err != nil {
		return
	}
	if err := tip.load(ctx); err != nil {
		return
	}
	if _, err := tip.Tree(); err != nil && !strings.Contains(err.Error(), "both a file and a directory") {
		t.Fatalf("the tree of %s: %v", h, err)
	}
	tip.kept()
}

// compareWithGoGit checks that go-git finds no other objects in a pack.
func compareWithGoGit(t *testing.T, data []byte, s store) {
	objects := memory.NewStorage()
	if packfile.UpdateObjectStorage(objects, io.LimitReader(bytes.NewReader(data), int64(len(data)))) != nil {
		return // it is stricter here and there
	}
	for h, o := range objects.Objects {
		if ours, ok := s[h]; !ok && o.Size() <= small.object || ok && ours.kind != o.Type() {
			t.Errorf("go-git finds the %s %s, which is %v", o.Type(), h, ours.kind)
		}
	}
}

// FuzzTree reads trees that anybody could commit: what is read can be written and
// reads the same again.
func FuzzTree(f *testing.F) {
	h := strings.Repeat("h", 20)
	for _, s := range []string{"100644 a\x00" + h, "40000 a\x00" + h + "120000 b\x00" + h, "100644 ..\x00" + h, "100644 \x00" + h, "0100644 a/b\x00" + h, "100644 .git\x00" + h, "160000 m\x00" + h + "x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(data []byte) (*dir, error) {
			d := &dir{}
			for len(data) > 0 {
				e, rest, err := nextEntry(data)
				if err != nil {
					return nil, err
				}
				d.entries, data = append(d.entries, e), rest
			}
			return d, nil
		}
		d, err := read(data)
		if err != nil {
			return
		}
		for _, e := range d.entries {
			if e.name == "" || strings.Contains(e.name, "/") || e.name == "." || e.name == ".." {
				t.Errorf("%q is taken for a name", e.name)
			}
		}
		again, err := read(d.encode())
		if err != nil || fmt.Sprint(again.entries) != fmt.Sprint(d.entries) {
			t.Errorf("%q is written as %q: %v", data, d.encode(), err)
		}
	})
}

// TestDeltas reads both kinds of deltas.
func TestDeltas(t *testing.T) {
	data := deltas()
	sum := sha1.Sum(data)
	s := store{}
	if err := unpack(t.Context(), append(data, sum[:]...), defaultLimits, s); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("0123456789abcdef", 2)
	got, err := s.get(t.Context(), hashOf(plumbing.BlobObject, []byte(want)), plumbing.BlobObject)
	if err != nil || string(got) != want {
		t.Errorf("the delta is read as %q: %v", got, err)
	}
	if len(s) != 2 {
		t.Errorf("the pack has %d objects, want 2: both deltas make the same", len(s))
	}
}
