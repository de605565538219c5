package gitrepo

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"io"
	"runtime"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
)

// pack returns the objects as a pack. It looks for no deltas: go-git's encoder
// does, which takes far longer than it saves on small files.
func (n *newObjects) pack() []byte {
	workers := runtime.GOMAXPROCS(0)
	parts := make([]bytes.Buffer, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			// The level is a valid one, and a buffer takes all that is written.
			z, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed)
			for _, h := range n.order[len(n.order)*w/workers : len(n.order)*(w+1)/workers] {
				o := n.store[h]
				parts[w].Write(packHeader(o))
				z.Reset(&parts[w])
				_, _ = z.Write(o.data)
				_ = z.Close()
			}
		})
	}
	wg.Wait()
	out := append([]byte("PACK"), 0, 0, 0, 2)
	out = binary.BigEndian.AppendUint32(out, uint32(len(n.order)))
	for i := range parts {
		out = append(out, parts[i].Bytes()...)
	}
	sum := sha1.Sum(out)
	return append(out, sum[:]...)
}

// packHeader returns the type and length that precede an object in a pack: four
// bits of the length beside the type, then seven at a time, lowest first.
func packHeader(o rawObject) []byte {
	n := len(o.data)
	b := byte(packType(o.kind))<<4 | byte(n&15)
	var out []byte
	for n >>= 4; n > 0; n >>= 7 {
		out = append(out, b|0x80)
		b = byte(n & 0x7f)
	}
	return append(out, b)
}

func packType(kind plumbing.ObjectType) int {
	switch kind {
	case plumbing.CommitObject:
		return 1
	case plumbing.TreeObject:
		return 2
	}
	return 3
}

// packReader returns the pack of an answer.
func packReader(req *packp.UploadPackRequest, res io.Reader) io.Reader {
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		return sideband.NewDemuxer(sideband.Sideband64k, res)
	case req.Capabilities.Supports(capability.Sideband):
		return sideband.NewDemuxer(sideband.Sideband, res)
	}
	return res
}
