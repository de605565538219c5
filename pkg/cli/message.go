package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
)

// commitMeta reads what a commit shall say from flags and environment.
func (a *app) commitMeta(in input, p publishFlags) (gitrepo.CommitMeta, error) {
	m := gitrepo.CommitMeta{Subject: p.message, Time: time.Now(), Revision: gitrepo.Revision{Hash: p.revision}}
	m.Author = gitrepo.Person{Name: cmp.Or(a.Getenv("GIT_AUTHOR_NAME"), "gitopsgen"), Email: cmp.Or(a.Getenv("GIT_AUTHOR_EMAIL"), "gitopsgen@localhost")}
	var err error
	if p.author != "" {
		if m.Author, err = person(p.author); err != nil {
			return m, err
		}
	}
	m.Committer = gitrepo.Person{Name: cmp.Or(a.Getenv("GIT_COMMITTER_NAME"), m.Author.Name), Email: cmp.Or(a.Getenv("GIT_COMMITTER_EMAIL"), m.Author.Email)}
	if err := m.Check(); err != nil {
		return m, err
	}
	if epoch := a.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return m, fmt.Errorf("SOURCE_DATE_EPOCH=%q is not a number of seconds", epoch)
		}
		m.Time = time.Unix(seconds, 0).UTC()
	}
	if m.Revision, err = gitrepo.ModelRevision(modelDir(in)); p.revision != "" {
		m.Revision = m.Revision.Named(p.revision)
	} else if err != nil {
		return m, err
	}
	if p.signKey != "" {
		key, err := disk.ReadNamed(p.signKey, maxCredential)
		if err != nil {
			return m, fmt.Errorf("reading the signing key: %w", err)
		}
		if m.Signer, err = gitrepo.NewSigner(key, a.Getenv("GITOPSGEN_SIGN_PASSPHRASE")); err != nil {
			return m, fmt.Errorf("--sign-key %s: %w", p.signKey, err)
		}
	}
	return m, nil
}
