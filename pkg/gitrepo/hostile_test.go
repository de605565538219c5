package gitrepo_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// The types of objects in a pack.
const (
	commitType, treeType, blobType = 1, 2, 3
	offsetDelta                    = 6
)

// packWriter writes a pack byte by byte.
type packWriter struct {
	bytes.Buffer
	objects uint32
}

// add adds an object and returns its hash.
func (p *packWriter) add(kind int, data string) string {
	p.raw(kind, uint64(len(data)), nil, strings.NewReader(data))
	names := []string{"", "commit", "tree", "blob"}
	sum := sha1.Sum(fmt.Appendf(nil, "%s %d\x00%s", names[kind], len(data), data))
	return string(sum[:])
}

// raw adds an object of a type that says to have a size, with what stands before
// its data, and returns where it begins.
func (p *packWriter) raw(kind int, size uint64, before []byte, data io.Reader) int {
	p.objects++
	start := p.Len() + 12
	b := byte(kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		p.WriteByte(b | 0x80)
		b = byte(size & 0x7f)
	}
	p.WriteByte(b)
	p.Write(before)
	z := zlib.NewWriter(p)
	_, _ = io.Copy(z, data)
	_ = z.Close()
	return start
}

// delta adds what copies the object at base, of so many bytes, several times.
func (p *packWriter) delta(base, size, times int) int {
	data := binary.AppendUvarint(nil, uint64(size))
	data = binary.AppendUvarint(data, uint64(size*times))
	for range times { // copy size bytes from 0
		data = append(data, 0x80|0x70, byte(size), byte(size>>8), byte(size>>16))
	}
	back := p.Len() + 12 - base
	before := []byte{byte(back & 0x7f)}
	for back >>= 7; back > 0; back >>= 7 {
		back--
		before = append([]byte{0x80 | byte(back&0x7f)}, before...)
	}
	return p.raw(offsetDelta, uint64(len(data)), before, bytes.NewReader(data))
}

// pack returns the pack, which may say to have another number of objects.
func (p *packWriter) pack(objects uint32) []byte {
	out := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), objects)
	out = append(out, p.Bytes()...)
	sum := sha1.Sum(out)
	return append(out, sum[:]...)
}

// commit adds a commit of a tree and returns its hash.
func (p *packWriter) commit(tree string) string {
	return p.add(commitType, fmt.Sprintf("tree %x\nauthor a <a@example.com> 1700000000 +0000\ncommitter a <a@example.com> 1700000000 +0000\n\nx\n", tree))
}

// bomb adds trees on so many levels, of ten names that all lead to one tree.
func (p *packWriter) bomb(levels int) string {
	at, mode := p.add(blobType, "x\n"), "100644"
	for range levels {
		var tree strings.Builder
		for i := range 10 {
			fmt.Fprintf(&tree, "%s %d\x00%s", mode, i, at)
		}
		at, mode = p.add(treeType, tree.String()), "40000"
	}
	return at
}

// line returns a line of git's protocol.
func line(format string, args ...any) string {
	s := fmt.Sprintf(format, args...)
	return fmt.Sprintf("%04x%s", len(s)+4, s)
}

// serveHostile serves a branch as git does over HTTP: what lists it ends with
// more, and answer writes what follows a request for its commit.
func serveHostile(t *testing.T, commit string, more func(w io.Writer), answer func(w io.Writer)) gitrepo.Remote {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service := r.URL.Query().Get("service")
		switch {
		case service != "":
			w.Header().Set("Content-Type", "application/x-"+service+"-advertisement")
			fmt.Fprint(w, line("# service=%s\n", service), "0000", line("%s refs/heads/main\x00report-status side-band-64k\n", hex.EncodeToString([]byte(commit))))
			more(w)
			fmt.Fprint(w, "0000")
		case strings.HasSuffix(r.URL.Path, "upload-pack"):
			w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
			fmt.Fprint(w, line("NAK\n"))
			answer(w)
		default:
			w.Header().Set("Content-Type", "application/x-git-receive-pack-result")
			fmt.Fprint(w, line("\x01%s", line("unpack ok\n")+line("ok refs/heads/main\n")+"0000"), "0000")
		}
	}))
	t.Cleanup(s.Close)
	return gitrepo.Remote{URL: s.URL, Timeout: 5 * time.Minute}
}

func nothing(io.Writer) {}

// sends returns an answer that sends a pack.
func sends(pack []byte) func(w io.Writer) {
	return func(w io.Writer) {
		for len(pack) > 0 {
			n := min(len(pack), 60000)
			fmt.Fprint(w, line("\x01%s", pack[:n]))
			pack = pack[n:]
		}
		fmt.Fprint(w, "0000")
	}
}

// zeros reads as so many zeros.
func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestHostile publishes to branches that stand for more than anybody could read:
// what does not have to be read costs nothing, and the rest is refused in time.
func TestHostile(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		pack   func(p *packWriter) (commit string)
		count  uint32 // of objects, if the pack lies
		err    error
		says   string
	}{
		"Trees": {"A billion paths are nine trees.", func(p *packWriter) string { return p.commit(p.bomb(9)) }, 0, nil, ""},
		"Inventories": {"Where all of them have to be looked at, that ends.", func(p *packWriter) string {
			return p.commit(p.add(treeType, "40000 .gitopsgen\x00"+p.bomb(9)))
		}, 0, gitrepo.ErrTooLarge, "paths"},
		"Deep": {"So do directories in each other.", func(p *packWriter) string { return p.commit(p.bomb(300)) }, 0, gitrepo.ErrTooLarge, "levels"},
		"Large": {"A large file that is not ours is left alone.", func(p *packWriter) string {
			p.raw(blobType, 300<<20, nil, zeros(300<<20))
			return p.commit(p.bomb(1))
		}, 0, nil, ""},
		"Huge": {"One that takes minutes to look at is not.", func(p *packWriter) string {
			p.raw(blobType, 8<<30, nil, zeros(1<<20))
			return p.commit(p.bomb(1))
		}, 0, gitrepo.ErrTooLarge, "8.0 GiB"},
		"LargeInventory": {"An inventory has to be read.", func(p *packWriter) string {
			p.raw(blobType, 65<<20, nil, zeros(65<<20))
			h := sha1.New()
			fmt.Fprintf(h, "blob %d\x00", 65<<20)
			_, _ = io.Copy(h, zeros(65<<20))
			unit := p.add(treeType, "100644 base.yaml\x00"+string(h.Sum(nil)))
			apps := p.add(treeType, "40000 a\x00"+unit)
			return p.commit(p.add(treeType, "40000 .gitopsgen\x00"+p.add(treeType, "40000 apps\x00"+apps)))
		}, 0, gitrepo.ErrTooLarge, "65.0 MiB"},
		"LargeTree": {"So does a directory.", func(p *packWriter) string {
			p.raw(treeType, 65<<20, nil, zeros(65<<20))
			h := sha1.New()
			fmt.Fprintf(h, "tree %d\x00", 65<<20)
			_, _ = io.Copy(h, zeros(65<<20))
			return p.commit(string(h.Sum(nil)))
		}, 0, gitrepo.ErrTooLarge, "65.0 MiB"},
		"Lies":    {"A file that has not the size it names is no bomb.", func(p *packWriter) string { p.raw(blobType, 10, nil, zeros(64<<20)); return p.commit(p.bomb(1)) }, 0, nil, "damaged"},
		"Count":   {"Nothing is set aside for objects that do not come.", func(p *packWriter) string { return p.commit(p.bomb(1)) }, 1 << 31, gitrepo.ErrTooLarge, "2147483648 objects"},
		"Missing": {"Objects have to be there.", func(p *packWriter) string { return p.commit(p.bomb(1)) }, 1000, nil, "damaged"},
		"Deltas": {"A chain of deltas that doubles each time ends where no file is as large.", func(p *packWriter) string {
			at, size := p.raw(blobType, 1<<16, nil, zeros(1<<16)), 1<<16
			for range 40 {
				at = p.delta(at, size, 2)
				size = min(size*2, 1<<23)
			}
			return p.commit(p.bomb(1))
		}, 0, nil, "damaged"},
		"Work": {"Deltas that make large files again and again end, too.", func(p *packWriter) string {
			at := p.raw(blobType, 1<<23, nil, zeros(1<<23))
			for range 1000 {
				p.delta(at, 1<<23, 1)
			}
			return p.commit(p.bomb(1))
		}, 0, gitrepo.ErrTooLarge, "4.0 GiB"},
		"Names": {"A name with a slash is none.", func(p *packWriter) string {
			return p.commit(p.add(treeType, "100644 ../x\x00"+p.add(blobType, "x")))
		}, 0, nil, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &packWriter{}
			commit := tc.pack(p)
			if tc.count == 0 {
				tc.count = p.objects
			}
			r := serveHostile(t, commit, nothing, sends(p.pack(tc.count)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := publish(t, r, first, ownership.Options{})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			t.Logf("%d bytes of pack: %v, %d MiB more from the system: %v", p.Len(), took.Round(time.Millisecond), int64(after.Sys-before.Sys)>>20, err)
			switch {
			case tc.err == nil && tc.says == "":
				if err != nil {
					t.Errorf("%s: error %v", tc.reason, err)
				}
			case err == nil || tc.err != nil && !errors.Is(err, tc.err) || !strings.Contains(err.Error(), tc.says):
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.says)
			}
			if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, gitrepo.ErrTimeout) {
				t.Errorf("%s: only the timeout ended it", tc.reason)
			}
		})
	}
}

// TestEndless publishes to servers that never come to an end.
func TestEndless(t *testing.T) {
	p := &packWriter{}
	commit := p.commit(p.bomb(1))
	forever := func(s string) func(w io.Writer) {
		return func(w io.Writer) {
			for {
				if _, err := io.WriteString(w, s); err != nil {
					return
				}
			}
		}
	}
	slowly := func(s string) func(w io.Writer) {
		return func(w io.Writer) {
			for {
				if _, err := io.WriteString(w, s); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(100 * time.Millisecond)
			}
		}
	}
	name := strings.Repeat("x", 60000)
	for name, tc := range map[string]struct {
		reason       string
		more, answer func(w io.Writer)
		err          error
	}{
		"Branches": {"A list of branches has an end.", forever(line("%040d refs/heads/%s\n", 1, name)), nothing, gitrepo.ErrTooLarge},
		"Pack":     {"So has a pack.", nothing, forever(line("\x01%s", name)), gitrepo.ErrTooLarge},
		"Progress": {"What a server says meanwhile is not kept.", nothing, forever(line("\x02%s", name)), gitrepo.ErrTooLarge},
		"Drips":    {"A byte now and then is no answer.", nothing, slowly(line("\x02x")), gitrepo.ErrTimeout},
		"Empty":    {"Nor is a line that is empty.", slowly(line("%040d refs/heads/x\n", 1)), nothing, gitrepo.ErrTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			r := serveHostile(t, commit, tc.more, tc.answer)
			if errors.Is(tc.err, gitrepo.ErrTimeout) {
				r.Timeout = 2 * time.Second
			}
			start := time.Now()
			_, err := publish(t, r, first, ownership.Options{})
			if !errors.Is(err, tc.err) {
				t.Errorf("%s: error %v, want %v", tc.reason, err, tc.err)
			}
			t.Logf("after %v: %v", time.Since(start).Round(time.Millisecond), err)
		})
	}
	t.Run("SSH", func(t *testing.T) {
		repo := bare(t)
		write(t, repo, "endless", line("%040d refs/heads/%s\x00\n", 1, name))
		if _, err := publish(t, serveSSH(t, repo), first, ownership.Options{}); !errors.Is(err, gitrepo.ErrTooLarge) {
			t.Errorf("a list of branches has an end over SSH, too: error %v", err)
		}
	})
}

// TestHostileModel looks at models whose repositories stand for more than anybody
// could read.
func TestHostileModel(t *testing.T) {
	repo := func(t *testing.T, tree func(dir string) string) (dir string, r gitrepo.Revision) {
		dir = t.TempDir()
		git(t, dir, "init", "-q", "-b", "main")
		write(t, dir, "fleet.yaml", "x\n")
		git(t, dir, "add", "-A")
		git(t, dir, "update-ref", "refs/heads/main", git(t, dir, "commit-tree", "-m", "x", tree(dir)))
		r, err := gitrepo.ModelRevision(dir)
		if err != nil {
			t.Fatal(err)
		}
		return dir, r
	}
	t.Run("Trees", func(t *testing.T) {
		dir, r := repo(t, func(dir string) string {
			tree := git(t, dir, "write-tree")
			for range 9 {
				list := ""
				for i := range 10 {
					list += fmt.Sprintf("040000 tree %s\t%d\n", tree, i)
				}
				tree = mktree(t, dir, list)
			}
			return tree
		})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if _, err := r.Uncommitted(ctx, nil, []string{dir}); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, gitrepo.ErrTooLarge) {
			t.Errorf("a billion paths of a model: error %v", err)
		}
	})
	t.Run("Large", func(t *testing.T) {
		dir, r := repo(t, func(dir string) string {
			var b strings.Builder
			blob := git(t, dir, "hash-object", "-w", "fleet.yaml")
			for i := range 300 {
				fmt.Fprintf(&b, "100644 blob %s\t%d%s\n", blob, i, strings.Repeat("x", 250_000))
			}
			return mktree(t, dir, b.String())
		})
		if _, err := r.Uncommitted(t.Context(), nil, []string{dir}); !errors.Is(err, gitrepo.ErrTooLarge) {
			t.Errorf("a directory of 70 MiB: error %v", err)
		}
	})
}

// mktree makes a tree of a list, as git ls-tree prints it.
func mktree(t *testing.T, dir, list string) string {
	t.Helper()
	cmd := exec.Command("git", "mktree")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(list)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestFilter publishes beside a file that is too large to be read, from servers
// that can leave it out and that cannot, with a cache and without.
func TestFilter(t *testing.T) {
	for _, filter := range []string{"true", "false"} {
		repo := bare(t)
		git(t, repo, "config", "uploadpack.allowFilter", filter)
		work := clone(t, repo)
		if err := os.WriteFile(filepath.Join(work, "large"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(work, "large"), 65<<20); err != nil {
			t.Fatal(err)
		}
		git(t, work, "add", "-A")
		git(t, work, "commit", "-qm", "large")
		git(t, work, "push", "-q", "origin", "HEAD:main")
		r := gitrepo.Remote{URL: repo, CacheDir: t.TempDir()}
		for _, want := range []map[string]string{first, second} {
			if _, err := publish(t, r, want, ownership.Options{AllowDelete: true}); err != nil {
				t.Errorf("with filters %s: %v", filter, err)
			}
		}
		tip, err := open(t, r).Tip(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		if tree, err := tip.Tree(); err != nil || tree.Len() == 0 {
			t.Errorf("with filters %s: the tree cannot be read: %v", filter, err)
		}
		if got := git(t, repo, "cat-file", "-s", "main:large"); got != fmt.Sprint(65<<20) {
			t.Errorf("with filters %s: the large file has %s bytes", filter, got)
		}
	}
}
