package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// Person is an author or a committer.
type Person struct{ Name, Email string }

// Commit is the metadata of a commit.
type Commit struct {
	Author, Committer Person
	// Time is that of the commit; its zone is written too.
	Time time.Time
	// Message is the whole message, trailers included.
	Message string
	// Signer signs the commit. Default: it is not signed.
	Signer Signer
}

// check refuses what would change the format of the commit, or what its lines look
// like: control and invisible characters, a line end in a name among them.
func (c Commit) check() error {
	for _, s := range []string{c.Author.Name, c.Author.Email, c.Committer.Name, c.Committer.Email} {
		if escape.Line(s) != s {
			return errors.New("the author or the committer of the commit contains a line break, or a control or invisible character")
		}
	}
	if s := strings.NewReplacer("\n", "", "\t", "").Replace(c.Message); escape.Line(s) != s {
		return errors.New("the message of the commit contains a control or invisible character")
	}
	return nil
}

// Signer signs commits. Its result is what git writes as gpgsig.
type Signer interface {
	Sign(commit []byte) (signature string, err error)
}

// write makes the objects of a commit that carries a plan out.
func (t *Tip) write(p ownership.Plan, c Commit) (plumbing.Hash, *newObjects, error) {
	if err := c.check(); err != nil {
		return plumbing.ZeroHash, nil, err
	}
	n := &newObjects{store: store{}}
	root := t.root.apply(t.changes(p), n)
	if root == nil {
		root = &dir{}
		root.hash = n.add(plumbing.TreeObject, nil)
	}
	var head strings.Builder
	fmt.Fprintf(&head, "tree %s\n", root.hash)
	if t.Commit != "" {
		fmt.Fprintf(&head, "parent %s\n", t.Commit)
	}
	at := fmt.Sprintf("%d %s", c.Time.Unix(), c.Time.Format("-0700"))
	fmt.Fprintf(&head, "author %s %s\ncommitter %s %s\n", c.Author, at, c.Committer, at)
	message := "\n" + strings.TrimSpace(c.Message) + "\n"
	data := head.String() + message
	if c.Signer != nil {
		signature, err := c.Signer.Sign([]byte(data))
		if err != nil {
			return plumbing.ZeroHash, nil, fmt.Errorf("signing the commit: %w", err)
		}
		lines := strings.ReplaceAll(strings.TrimSpace(signature), "\n", "\n ")
		data = head.String() + "gpgsig " + lines + "\n" + message
	}
	return n.add(plumbing.CommitObject, []byte(data)), n, nil
}

// String returns the person as git writes one: nothing of it can end the field.
func (p Person) String() string {
	clean := strings.NewReplacer("<", "", ">", "", "\n", " ", "\x00", "")
	return fmt.Sprintf("%s <%s>", strings.TrimSpace(clean.Replace(p.Name)), strings.TrimSpace(clean.Replace(p.Email)))
}

// moved returns the tip that a commit made of t.
func (t *Tip) moved(ctx context.Context, to plumbing.Hash, n *newObjects) *Tip {
	s := make(store, len(t.store)+len(n.order))
	for h, o := range t.store {
		s[h] = o
	}
	for h, o := range n.store {
		s[h] = o
	}
	next, err := newTip(ctx, t.prefix, to, s, t.limits)
	if err != nil {
		return &Tip{} // nothing to remember
	}
	return next
}
