package gitrepo

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// pack is a pack that was fetched. It stays compressed: what the files of a
// repository stand for may be any number of times larger, and most of them are
// never read.
type pack struct {
	limits
	data    []byte
	objects []packed // by start
	left    int64    // of the bytes that may still be inflated
	recent  *cache.BufferLRU
	z       io.ReadCloser // of zlib, used again for each object
}

// packed is where an object is found in a pack.
type packed struct {
	start int                 // of its header
	at    int                 // of its compressed data
	size  int64               // of that, inflated
	base  int32               // the object that it is a delta of, or nowhere
	kind  plumbing.ObjectType // of what comes out in the end, once it is known
	delta bool                // whether the data is a delta
	known bool
}

// recentBytes bounds what is kept of objects that others are deltas of.
const recentBytes = 64 << 20

// errDamaged tells that a pack breaks the rules of its format.
var errDamaged = errors.New("the pack is damaged")

// unpack finds the objects of a pack and adds them to s: commits and trees as
// they are, files as what is to be read of the pack.
func unpack(ctx context.Context, data []byte, l limits, s store) error {
	const head, sum = 12, sha1.Size
	if len(data) < head+sum || string(data[:4]) != "PACK" || binary.BigEndian.Uint32(data[4:]) != 2 {
		return fmt.Errorf("%w: it is not a pack of version 2", errDamaged)
	}
	end := len(data) - sum
	if got := sha1.Sum(data[:end]); !bytes.Equal(got[:], data[end:]) {
		return fmt.Errorf("%w: its checksum does not match", errDamaged)
	}
	count := int64(binary.BigEndian.Uint32(data[8:]))
	if count > l.objects {
		return tooLarge("the pack has %d objects, more than %d", count, l.objects)
	}
	u := unpacker{pack: &pack{limits: l, data: data[:end], left: l.inflated, recent: cache.NewBufferLRU(recentBytes)}, store: s,
		below: map[int32][]int32{}, waiting: map[plumbing.Hash][]int32{}}
	at := head
	for range count {
		next, err := u.object(ctx, at)
		if err != nil {
			return err
		}
		at = next
	}
	return u.resolve(ctx)
}

// unpacker is the state of unpack.
type unpacker struct {
	*pack
	store   store
	below   map[int32][]int32         // the deltas of each object
	waiting map[plumbing.Hash][]int32 // those of an object that is not known yet
	trees   int64                     // bytes of trees and commits so far
}

// object reads one object, and returns where the next begins.
func (u *unpacker) object(ctx context.Context, start int) (next int, err error) {
	i := int32(len(u.objects))
	o := packed{start: start, base: nowhere}
	kind, size, at, err := u.header(start)
	if err != nil {
		return 0, err
	}
	o.size, o.kind = size, kind
	switch kind {
	case plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject:
		o.known = true
	case plumbing.OFSDeltaObject, plumbing.REFDeltaObject:
		o.delta = true
		if o.base, at, err = u.base(i, start, at, kind); err != nil {
			return 0, err
		}
	default:
		return 0, fmt.Errorf("%w: an object has the type %d", errDamaged, kind)
	}
	o.at = at
	u.objects = append(u.objects, o)
	var hash hasher
	var keep *bytes.Buffer
	to := io.Discard
	if !o.delta {
		hash = newHasher(kind, size)
		to = hash
		if kind != plumbing.BlobObject && size <= u.limits.object {
			keep = &bytes.Buffer{}
			to = io.MultiWriter(hash, keep)
		}
	}
	if next, err = u.inflate(ctx, i, to); err != nil {
		return 0, err
	}
	if o.delta {
		return next, nil
	}
	var data []byte
	if keep != nil {
		data = keep.Bytes()
	}
	return next, u.add(i, hash.sum(), size, data)
}

// base reads what an object is a delta of, and notes that. It is nowhere where that
// object comes later.
func (u *unpacker) base(i int32, start, at int, kind plumbing.ObjectType) (base int32, next int, err error) {
	if kind == plumbing.OFSDeltaObject {
		back, next, err := u.distance(at)
		if err != nil {
			return 0, 0, err
		}
		b, ok := slices.BinarySearchFunc(u.objects, start-back, func(p packed, s int) int { return cmp.Compare(p.start, s) })
		if !ok {
			return 0, 0, fmt.Errorf("%w: a delta has no base", errDamaged)
		}
		u.below[int32(b)] = append(u.below[int32(b)], i)
		return int32(b), next, nil
	}
	if at+20 > len(u.data) {
		return 0, 0, fmt.Errorf("%w: it ends too early", errDamaged)
	}
	h := plumbing.Hash(u.data[at : at+20])
	if o, ok := u.store[h]; ok && o.at != nowhere {
		u.below[o.at] = append(u.below[o.at], i)
		return o.at, at + 20, nil
	}
	u.waiting[h] = append(u.waiting[h], i)
	return nowhere, at + 20, nil
}

// add adds an object that is known now; data is that of a commit or a tree.
func (u *unpacker) add(i int32, h plumbing.Hash, size int64, data []byte) error {
	kind := u.objects[i].kind
	o := rawObject{kind: kind, data: data, size: size, at: i}
	if data == nil {
		o.pack = u.pack
	} else if u.trees += size; u.trees > u.limits.trees {
		return tooLarge("its directories are larger than %s", bytesOf(u.limits.trees))
	}
	u.store[h] = o
	if more := u.waiting[h]; more != nil {
		delete(u.waiting, h)
		for _, d := range more {
			u.objects[d].base = i
		}
		u.below[i] = append(u.below[i], more...)
	}
	return nil
}

// resolve adds the objects that are deltas of others, depth first, so that their
// bases are at hand.
func (u *unpacker) resolve(ctx context.Context) error {
	var ready []int32
	for i := len(u.objects) - 1; i >= 0; i-- {
		if u.objects[i].known && len(u.below[int32(i)]) > 0 {
			ready = append(ready, int32(i))
		}
	}
	for len(ready) > 0 {
		base := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		deltas := u.below[base]
		delete(u.below, base)
		for _, i := range deltas {
			if u.objects[i].known {
				continue
			}
			u.objects[i].kind = u.objects[base].kind
			data, err := u.content(ctx, i)
			if errors.Is(err, errObject) {
				continue // too large to be read, and so is what is made from it
			}
			if err != nil {
				return err
			}
			u.objects[i].known = true
			kind := u.objects[i].kind
			h, size := hashOf(kind, data), int64(len(data))
			if kind == plumbing.BlobObject {
				data = nil
			}
			if err := u.add(i, h, size, data); err != nil {
				return err
			}
			if len(u.below[i]) > 0 {
				ready = append(ready, i)
			}
		}
	}
	u.left = math.MaxInt64 // what is read of the files has limits of its own
	return nil
}

// header reads the type and size of an object.
func (p *pack) header(at int) (kind plumbing.ObjectType, size int64, next int, err error) {
	for shift := 4; ; at++ {
		if at >= len(p.data) || shift > 60 {
			return 0, 0, 0, fmt.Errorf("%w: it ends too early", errDamaged)
		}
		b := p.data[at]
		if kind == 0 {
			kind, size = plumbing.ObjectType(b>>4&7), int64(b&15)
			if kind == 0 {
				return 0, 0, 0, fmt.Errorf("%w: an object has no type", errDamaged)
			}
		} else {
			size |= int64(b&0x7f) << shift
			shift += 7
		}
		if b&0x80 == 0 {
			return kind, size, at + 1, nil
		}
	}
}

// distance reads how far back the base of a delta begins.
func (p *pack) distance(at int) (back, next int, err error) {
	for n := 0; at < len(p.data) && n < 8; n++ {
		b := p.data[at]
		at++
		back |= int(b & 0x7f)
		if b&0x80 == 0 {
			return back, at, nil
		}
		back = (back + 1) << 7
	}
	return 0, 0, fmt.Errorf("%w: a delta has no base", errDamaged)
}

// inflate writes the data of an object, and returns where it ends in the pack.
func (p *pack) inflate(ctx context.Context, i int32, to io.Writer) (end int, err error) {
	o := p.objects[i]
	if p.left -= o.size; p.left < 0 {
		return 0, tooLarge("the objects of a commit are larger than %s, one of them %s", bytesOf(p.inflated), bytesOf(o.size))
	}
	in := bytes.NewReader(p.data[o.at:]) // a ByteReader, so that nothing is read ahead
	if p.z == nil {
		p.z, err = zlib.NewReader(in)
	} else {
		err = p.z.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errDamaged, err)
	}
	n, err := io.Copy(to, io.LimitReader(ctxReader{ctx, p.z}, o.size+1))
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil || n != o.size:
		return 0, fmt.Errorf("%w: an object does not have the size that it states", errDamaged)
	}
	return len(p.data) - in.Len(), nil
}

// errObject tells that an object is larger than what is read.
var errObject = errors.New("the object is too large")

// content returns an object, from its own data and its bases'.
func (p *pack) content(ctx context.Context, i int32) ([]byte, error) {
	var chain []int32
	var data []byte
	for {
		var ok bool
		if data, ok = p.recent.Get(int64(i)); ok {
			break
		}
		if p.objects[i].size > p.limits.object {
			return nil, errObject
		}
		chain = append(chain, i)
		if !p.objects[i].delta {
			break
		}
		i = p.objects[i].base
	}
	for n := len(chain) - 1; n >= 0; n-- {
		i := chain[n]
		var own bytes.Buffer
		own.Grow(int(min(p.objects[i].size, 1<<20)))
		if _, err := p.inflate(ctx, i, &own); err != nil {
			return nil, err
		}
		if !p.objects[i].delta {
			data = own.Bytes()
		} else {
			var err error
			if data, err = p.patch(data, own.Bytes()); err != nil {
				return nil, err
			}
		}
		p.recent.Put(int64(i), data)
	}
	return data, nil
}

// patch applies a delta.
func (p *pack) patch(base, delta []byte) ([]byte, error) {
	_, n := binary.Uvarint(delta) // the size of the base
	if n <= 0 {
		return nil, errDamaged
	}
	size, m := binary.Uvarint(delta[n:])
	switch {
	case m <= 0:
		return nil, errDamaged
	case size > uint64(p.limits.object):
		return nil, errObject
	case size == 0:
		return nil, nil
	}
	if p.left -= int64(size); p.left < 0 {
		return nil, tooLarge("the objects of a commit are larger than %s", bytesOf(p.inflated))
	}
	data, err := packfile.PatchDelta(base, delta)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return data, nil
}
