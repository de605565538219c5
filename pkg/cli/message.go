package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/escape"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/templates"
)

// commitMeta is what the commits of a publish say, whatever they change.
type commitMeta struct {
	subject   string
	author    gitrepo.Person
	committer gitrepo.Person
	time      time.Time
	revision  gitrepo.Revision
	version   string
	signer    gitrepo.Signer
}

// commitMeta reads what a commit shall say from flags and environment.
func (a *app) commitMeta(in input, p publishFlags) (commitMeta, error) {
	s := commitMeta{subject: p.message, version: a.Version, time: time.Now()}
	s.author = gitrepo.Person{Name: cmp.Or(a.Getenv("GIT_AUTHOR_NAME"), "gitopsgen"), Email: cmp.Or(a.Getenv("GIT_AUTHOR_EMAIL"), "gitopsgen@localhost")}
	var err error
	if p.author != "" {
		if s.author, err = person(p.author); err != nil {
			return s, err
		}
	}
	s.committer = gitrepo.Person{Name: cmp.Or(a.Getenv("GIT_COMMITTER_NAME"), s.author.Name), Email: cmp.Or(a.Getenv("GIT_COMMITTER_EMAIL"), s.author.Email)}
	if err := s.check(p.revision); err != nil {
		return s, err
	}
	if epoch := a.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return s, fmt.Errorf("SOURCE_DATE_EPOCH=%q is not a number of seconds", epoch)
		}
		s.time = time.Unix(seconds, 0).UTC()
	}
	if s.revision, err = gitrepo.ModelRevision(modelDir(in)); p.revision != "" {
		s.revision = s.revision.Named(p.revision)
	} else if err != nil {
		return s, err
	}
	if p.signKey != "" {
		key, err := disk.ReadNamed(p.signKey, maxCredential)
		if err != nil {
			return s, fmt.Errorf("reading the signing key: %w", err)
		}
		if s.signer, err = gitrepo.NewSigner(key, a.Getenv("GITOPSGEN_SIGN_PASSPHRASE")); err != nil {
			return s, fmt.Errorf("--sign-key %s: %w", p.signKey, err)
		}
	}
	return s, nil
}

// check refuses what would not be one line of a commit, and credentials: a line end
// would begin a trailer or a field that nobody wrote.
func (s commitMeta) check(revision string) error {
	for _, x := range []struct{ what, text string }{
		{"--message", s.subject}, {"--revision", revision},
		{"the author's name", s.author.Name}, {"the author's email address", s.author.Email},
		{"the committer's name", s.committer.Name}, {"the committer's email address", s.committer.Email},
	} {
		redacted := func(word string) bool { return credential.Redact(word) != word }
		switch {
		case escape.Line(x.text) != x.text:
			return fmt.Errorf("%s contains a line break, or a control or invisible character; nothing was written (write one line of text)", x.what)
		case redacted(x.text) || slices.ContainsFunc(strings.Fields(x.text), redacted):
			return fmt.Errorf("%s seems to contain a credential; nothing was written (remove it)", x.what)
		}
	}
	return nil
}

// commit returns what the commit of a plan says.
func (s commitMeta) commit(p ownership.Plan, before inventory.Set) (gitrepo.Commit, error) {
	changes := changed(p, before)
	text, err := template.ParseFS(templates.FS, "commit.txt")
	if err != nil {
		return gitrepo.Commit{}, err
	}
	var b bytes.Buffer
	err = text.Execute(&b, map[string]any{
		"Subject": cmp.Or(s.subject, escape.Line(subject(changes))), "Changes": lines(changes), "Trailers": s.revision.Trailers(s.version),
	})
	return gitrepo.Commit{Author: s.author, Committer: s.committer, Time: s.time, Message: b.String(), Signer: s.signer}, err
}

// counts are how many files of an owner a commit adds, changes and deletes.
type counts struct{ added, changed, deleted int }

// changed counts the files of a plan by owner, the inventories not among them.
func changed(p ownership.Plan, before inventory.Set) map[tree.Owner]counts {
	out := map[tree.Owner]counts{}
	for _, f := range p.Writes {
		if strings.HasPrefix(f.Path, layout.Inventories+"/") {
			continue
		}
		c := out[f.Owner]
		if _, was := before.Files[f.Path]; was {
			c.changed++
		} else {
			c.added++
		}
		out[f.Owner] = c
	}
	for _, path := range p.Deletes {
		if f, was := before.Files[path]; was {
			c := out[f.Owner]
			c.deleted++
			out[f.Owner] = c
		}
	}
	return out
}

// subject returns the first line: what changes, where that is short.
func subject(changes map[tree.Owner]counts) string {
	units, environments := map[string]bool{}, map[string]bool{}
	for o := range changes {
		units[o.Unit] = true
		environments[cmp.Or(o.Environment, o.Cluster, "base")] = true
	}
	where := strings.Join(slices.Sorted(maps.Keys(environments)), ", ")
	switch len(units) {
	case 0:
		return "Update the inventories"
	case 1:
		for u := range units {
			return fmt.Sprintf("Update %s in %s", u, where)
		}
	}
	return fmt.Sprintf("Update %d apps and components in %s", len(units), where)
}

// lines returns one line for each owner, sorted.
func lines(changes map[tree.Owner]counts) []string {
	var out []string
	for _, o := range slices.SortedFunc(maps.Keys(changes), tree.Owner.Compare) {
		c := changes[o]
		out = append(out, escape.Line(fmt.Sprintf("%s %s: %d changed, %d added, %d deleted", o.Unit, cmp.Or(o.Environment, o.Cluster, "base"), c.changed, c.added, c.deleted)))
	}
	return out
}
