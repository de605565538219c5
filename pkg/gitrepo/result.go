package gitrepo

import (
	"context"
	"errors"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Option changes what Publish can do, and the metadata of its commits.
type Option func(*publication)

// publication is one run of Publish.
type publication struct {
	force, allowDelete, allowOlder bool
	meta                           CommitMeta
	again                          func(context.Context, *tree.Tree) (*render.Result, error)
}

// WithForce overwrites files that were edited by hand or are unmanaged. Default:
// they are a *ownership.ConflictError, and nothing is pushed.
func WithForce() Option { return func(p *publication) { p.force = true } }

// WithAllowDelete disables the guards against deletions: the maximum percentage
// of the fleet's Guards, and the rule that files of an extension are deleted only
// by a program with that extension.
func WithAllowDelete() Option { return func(p *publication) { p.allowDelete = true } }

// WithAllowOlder publishes although a branch was generated from a newer revision
// of the model. Default: the error wraps ErrOlder.
func WithAllowOlder() Option { return func(p *publication) { p.allowOlder = true } }

// WithCommit sets the metadata of the commits. Default: see CommitMeta.
func WithCommit(m CommitMeta) Option { return func(p *publication) { p.meta = m } }

// WithRender renders again, given the owned files that are there now, where the
// result is narrowed and somebody has pushed since it was rendered. Default: the
// error wraps render.ErrStale.
func WithRender(render func(ctx context.Context, prior *tree.Tree) (*render.Result, error)) Option {
	return func(p *publication) { p.again = render }
}

// Publish updates the branches of a repository to match a result, with a commit
// for each branch that differs; an environment can have its own branch. The
// branch and the path of r are by default those of the fleet's repository.
//
// Only files that an inventory lists are changed or deleted, and nothing is ever
// forced: where somebody else pushes meanwhile, all of it is done again on the new
// tip. The error is a *ownership.ConflictError where files were edited by hand or are
// unmanaged; it wraps ErrOlder where the tip was made from a newer model, ErrRace
// where others push faster again and again, and render.ErrStale where the result is
// narrowed, and was not rendered for what is on the branches: see Branches. In these
// cases, where too much would be deleted, and where the result was not proved, the
// branch stays as it is.
//
// Each push is complete by itself: if one fails, the earlier ones remain, their
// outcomes are returned with the error, and the next Publish does the rest.
func Publish(ctx context.Context, r Remote, result *render.Result, opts ...Option) ([]Outcome, error) {
	if result == nil || result.Fleet == nil {
		return nil, result.CheckWrite(nil)
	}
	b, err := OpenBranches(r, result.Fleet)
	if err != nil {
		return nil, err
	}
	return b.Publish(ctx, result, opts...)
}

// Publish is the function Publish for branches that are open. A narrowed result is
// one that was rendered with WithPrior of Tree.
func (b *Branches) Publish(ctx context.Context, result *render.Result, opts ...Option) ([]Outcome, error) {
	var p publication
	for _, opt := range opts {
		if opt != nil {
			opt(&p)
		}
	}
	if err := p.meta.Check(); err != nil {
		return nil, err
	}
	result, err := p.current(ctx, b, result)
	if err != nil {
		return nil, err
	}
	narrowed := !result.Selection.IsZero()
	var out []Outcome
	for i, one := range b.list {
		if !one.selected(result.Selection.Environments) {
			continue
		}
		outcome, err := one.repo.Apply(ctx, narrowed, func(tip *Tip) (Change, error) {
			if !p.allowOlder {
				if err := p.meta.Revision.CheckNewer(ctx, tip); err != nil {
					return Change{}, err
				}
			}
			if narrowed && tip.Commit != b.tips[i].Commit {
				b.tips[i] = tip
				if result, err = p.current(ctx, b, result); err != nil {
					return Change{}, err
				}
			}
			return p.change(one, tip, result)
		})
		if err != nil {
			return out, err
		}
		out = append(out, outcome)
	}
	return out, nil
}

// current returns a result that may be written over the branches as they are: the
// given one, or one that is rendered again.
func (p *publication) current(ctx context.Context, b *Branches, result *render.Result) (*render.Result, error) {
	if result == nil || result.Selection.IsZero() {
		return result, result.CheckWrite(nil)
	}
	if b.tips == nil {
		if _, err := b.Tree(ctx); err != nil {
			return nil, err
		}
	}
	prior, err := b.union()
	if err != nil {
		return nil, err
	}
	if err = result.CheckWrite(prior); p.again == nil || !errors.Is(err, render.ErrStale) {
		return result, err
	}
	if result, err = p.again(ctx, prior); err != nil {
		return nil, err
	}
	return result, result.CheckWrite(prior)
}

// change returns what a result changes on a branch.
func (p *publication) change(b branch, tip *Tip, result *render.Result) (Change, error) {
	want, err := b.part(result.Tree)
	if err != nil {
		return Change{}, err
	}
	o := result.Ownership()
	o.Force, o.AllowDelete = p.force, p.allowDelete
	return Change{Tree: want, Options: o, Commit: func(plan ownership.Plan) (Commit, error) {
		return p.meta.commit(plan, tip.Owned(), result.Version)
	}}, nil
}
