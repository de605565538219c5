package gitrepo

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/templates"
)

// CommitMeta is the metadata of the commits of a publish. The zero value is a
// commit by gitopsgen, now, without a revision and not signed.
type CommitMeta struct {
	// Subject is the first line of the message, without a line end. Default: what
	// changes, as in "Update apps/web in prod".
	Subject string
	// Author is who wrote the change. Default: gitopsgen <gitopsgen@localhost>.
	Author Person
	// Committer is who committed it. Default: Author.
	Committer Person
	// Time is that of the commit; its zone is written too. Default: now.
	Time time.Time
	// Revision is the revision of the model, which is recorded in the trailers of
	// the commit. A branch that was generated from a newer one is not published: see
	// ErrOlder. Default: none is recorded or compared.
	Revision Revision
	// Signer signs the commit. Default: it is not signed.
	Signer Signer
}

// Check returns an error if a text is not a single line, or contains a
// credential: a line break could forge a trailer or a field. Publish calls it.
func (m CommitMeta) Check() error {
	for _, x := range []struct{ what, text string }{
		{"the first line of the message", m.Subject}, {"the revision", m.Revision.Hash},
		{"the author's name", m.Author.Name}, {"the author's email address", m.Author.Email},
		{"the committer's name", m.Committer.Name}, {"the committer's email address", m.Committer.Email},
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

// commit returns what the commit of a plan says, by a version of the generator.
func (m CommitMeta) commit(p ownership.Plan, before inventory.Set, version string) (Commit, error) {
	author := m.Author
	if author == (Person{}) {
		author = Person{Name: "gitopsgen", Email: "gitopsgen@localhost"}
	}
	at := m.Time
	if at.IsZero() {
		at = time.Now()
	}
	changes := p.Changes(before)
	text, err := template.ParseFS(templates.FS, "commit.txt")
	if err != nil {
		return Commit{}, err
	}
	var b bytes.Buffer
	err = text.Execute(&b, map[string]any{
		"Subject": cmp.Or(m.Subject, escape.Line(subject(changes))), "Changes": lines(changes), "Trailers": m.Revision.Trailers(version),
	})
	return Commit{Author: author, Committer: cmp.Or(m.Committer, author), Time: at, Message: b.String(), Signer: m.Signer}, err
}

// subject returns the first line: what changes, where that is short. The guide is
// mentioned where nothing else changes.
func subject(changes []ownership.Change) string {
	units, environments := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		if c.Owner.Unit == layout.GuideUnit {
			continue
		}
		units[c.Owner.Unit] = true
		environments[cmp.Or(c.Owner.Environment, c.Owner.Cluster, "base")] = true
	}
	where := strings.Join(slices.Sorted(maps.Keys(environments)), ", ")
	switch {
	case len(changes) == 0:
		return "Update the inventories"
	case len(units) == 0:
		return "Update " + layout.Inventories
	case len(units) == 1:
		for u := range units {
			return fmt.Sprintf("Update %s in %s", u, where)
		}
	}
	return fmt.Sprintf("Update %d apps and components in %s", len(units), where)
}

// lines returns one line for each owner, sorted.
func lines(changes []ownership.Change) []string {
	var out []string
	for _, c := range changes {
		o := c.Owner
		what := o.Unit + " " + cmp.Or(o.Environment, o.Cluster, "base")
		if o.Unit == layout.GuideUnit {
			what = layout.Inventories
		}
		out = append(out, escape.Line(fmt.Sprintf("%s: %d changed, %d added, %d deleted", what, c.Count(tree.Modified), c.Count(tree.Added), c.Count(tree.Removed))))
	}
	return out
}
