package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrTooLarge is returned if a repository, or what a server sends, exceeds the
// limits.
var ErrTooLarge = errors.New("the repository is too large")

// limits bound what is read of a repository, whoever wrote it: a few kilobytes of
// a pack can stand for any number of objects, paths and bytes.
type limits struct {
	advertised int64 // bytes of an answer that lists branches
	received   int64 // bytes of any other answer
	objects    int64 // of a pack
	object     int64 // bytes of an object that is read
	inflated   int64 // bytes that the objects of a pack are made from
	trees      int64 // bytes of all trees and commits
	entries    int64 // of all trees, and paths that are walked
	depth      int   // of directories
	contents   int64 // bytes of all files that are read, for each path
}

// defaultLimits leave room for a commit with a million files.
var defaultLimits = limits{
	advertised: 128 << 20,
	received:   1 << 30,
	objects:    4_000_000,
	object:     64 << 20,
	inflated:   4 << 30,
	trees:      512 << 20,
	entries:    4_000_000,
	depth:      256,
	contents:   2 << 30,
}

// fixTooLarge is what a user can do about a limit.
const fixTooLarge = "remove what is not needed from the branch, or publish to a separate branch"

// tooLarge returns an error that names a limit.
func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s (%s)", ErrTooLarge, fmt.Sprintf(format, args...), fixTooLarge)
}

// bytesOf returns a number of bytes as people read it.
func bytesOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}

// ctxReader reads until its context ends.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// boundedReader reads up to a number of bytes, and then fails. What it reads is
// named in the error.
type boundedReader struct {
	r    io.Reader
	what string
	most int64
	read int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.read += int64(n); b.read > b.most {
		return 0, tooLarge("%s has more than %s", b.what, bytesOf(b.most))
	}
	return n, err
}

// boundedBuffer keeps the first bytes that are written to it.
type boundedBuffer struct {
	data []byte
	most int
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	b.data = append(b.data, p[:min(len(p), b.most-len(b.data))]...)
	return len(p), nil
}

func (b *boundedBuffer) String() string { return string(b.data) }
