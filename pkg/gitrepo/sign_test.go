package gitrepo_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/crypto/ssh"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// signed publishes with a signed commit and returns the repository.
func signed(t *testing.T, key []byte) string {
	t.Helper()
	signer, err := gitrepo.NewSigner(key, "")
	if err != nil {
		t.Fatal(err)
	}
	repo := bare(t)
	_, err = open(t, gitrepo.Remote{URL: repo}).Apply(context.Background(), false, func(tip *gitrepo.Tip) (gitrepo.Change, error) {
		c, err := change(t, first, ownership.Options{})(tip)
		c.Commit = func(ownership.Plan) (gitrepo.Commit, error) {
			commit := said("signed\n\nbody\n")
			commit.Signer = signer
			return commit, nil
		}
		return c, err
	})
	if err != nil {
		t.Fatal(err)
	}
	git(t, repo, "fsck", "--strict")
	return repo
}

// TestSignSSH lets git verify a signature of an SSH key.
func TestSignSSH(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("git needs ssh-keygen to verify")
	}
	file, public := keyFile(t)
	key, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	repo := signed(t, key)
	allowed := filepath.Join(t.TempDir(), "allowed_signers")
	write(t, filepath.Dir(allowed), "allowed_signers", "bot@example.com "+string(ssh.MarshalAuthorizedKey(public)))
	out := git(t, repo, "-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", "-v", "main")
	if !strings.Contains(out, `Good "git" signature for bot@example.com`) {
		t.Errorf("git says %s", out)
	}
}

// TestSignOpenPGP lets git verify a signature of an OpenPGP key.
func TestSignOpenPGP(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("git needs gpg to verify")
	}
	entity, err := openpgp.NewEntity("bot", "", "bot@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	var private, public bytes.Buffer
	for _, k := range []struct {
		to   *bytes.Buffer
		kind string
		f    func(w *bytes.Buffer) error
	}{
		{&private, openpgp.PrivateKeyType, func(w *bytes.Buffer) error { return entity.SerializePrivate(w, nil) }},
		{&public, openpgp.PublicKeyType, func(w *bytes.Buffer) error { return entity.Serialize(w) }},
	} {
		var raw bytes.Buffer
		w, err := armor.Encode(k.to, k.kind, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = k.f(&raw)
		_, werr := w.Write(raw.Bytes())
		if err := errors.Join(err, werr, w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	repo := signed(t, private.Bytes())
	home, err := os.MkdirTemp("", "gpg") // a short path, for the agent's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	t.Setenv("GNUPGHOME", home)
	cmd := exec.Command("gpg", "--batch", "--no-autostart", "--import")
	cmd.Stdin = &public
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("gpg: %v\n%s", err, out)
	}
	if out := git(t, repo, "verify-commit", "-v", "main"); !strings.Contains(out, `Good signature from "bot <bot@example.com>"`) {
		t.Errorf("git says %s", out)
	}
}

// TestCheckNewer publishes revisions of a model in and out of order.
func TestCheckNewer(t *testing.T) {
	model, repo := t.TempDir(), bare(t)
	git(t, model, "init", "-q", "-b", "main")
	revision := func() gitrepo.Revision {
		t.Helper()
		r, err := gitrepo.ModelRevision(model)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := revision(); r.Hash != "" {
		t.Errorf("a model without commits has the revision %v", r)
	}
	commit := func(at string) gitrepo.Revision {
		t.Helper()
		t.Setenv("GIT_COMMITTER_DATE", at)
		git(t, model, "commit", "-q", "--allow-empty", "-m", "x")
		return revision()
	}
	older, newer := commit("2026-01-01T00:00:00Z"), commit("2026-01-02T00:00:00Z")
	git(t, model, "checkout", "-q", older.Hash)
	publishAs := func(r gitrepo.Revision, files map[string]string) error {
		_, err := open(t, gitrepo.Remote{URL: repo}).Apply(context.Background(), false, func(tip *gitrepo.Tip) (gitrepo.Change, error) {
			if err := r.CheckNewer(t.Context(), tip); err != nil {
				return gitrepo.Change{}, err
			}
			c, err := change(t, files, ownership.Options{MaxDeletePercent: 100})(tip)
			c.Commit = func(ownership.Plan) (gitrepo.Commit, error) {
				return said("publish\n\n" + strings.Join(r.Trailers("test"), "\n")), nil
			}
			return c, err
		})
		return err
	}
	elsewhere := func(at int64) gitrepo.Revision {
		return gitrepo.Revision{Hash: strings.Repeat("ab", 20), Time: time.Unix(at, 0)}
	}
	for i, tc := range []struct {
		reason string
		as     gitrepo.Revision
		files  map[string]string
		older  bool
	}{
		{"The first publish has nothing to be older than.", newer, first, false},
		{"A job that was overtaken stops.", older, second, true},
		{"The same revision may publish again.", newer, second, false},
		{"An unknown revision of an earlier time stops.", elsewhere(1700000000), first, true},
		{"One of a later time is newer.", elsewhere(1800000000), first, false},
		{"Without a revision, nothing can be said.", gitrepo.Revision{}, second, false},
	} {
		if err := publishAs(tc.as, tc.files); errors.Is(err, gitrepo.ErrOlder) != tc.older || err != nil && !tc.older {
			t.Errorf("%d: %s: error %v", i, tc.reason, err)
		}
	}
}
