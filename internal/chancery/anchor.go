package chancery

import (
	"context"

	"entente/act"
	"entente/ledger"
)

// anchorName is the file beside a group's database that says how far its own log had come.
const anchorName = "anchor"

// A landing is how a step comes to last: in the store, and one's own entries in the anchor. Nothing
// of it may be let be seen before both are there.
//
// Where a step is only entries at the end of one's own log, both are written at the same time, and
// the anchor's record holds the entries. What a crash leaves is then
//
//   - neither, or the store alone: as if one had come after the other;
//   - the record alone: the store is completed from it when the group is opened (see completeStep).
//
// Any other step (what came from a counterpart, the first of an epoch, one that is too large) is
// stored first, and anchored when it lasts.
type landing struct {
	*Group
	mine     ledger.Batch
	together bool
	anchored chan error
}

// land begins it: the error is the store's. Whatever it is, finish or takeBack must follow.
func (g *Group) land(ctx context.Context, batches []ledger.Batch, mine ledger.Batch) (*landing, error) {
	l := &landing{Group: g, mine: mine, together: len(batches) == 1 && mine.From > 0 && g.anchor.Fits(mine)}
	if l.together {
		l.anchored = make(chan error, 1)
		go func() { l.anchored <- g.anchor.Put(mine.Anchor(), mine) }()
	}
	err := g.store.Commit(ctx, batches...)
	return l, err
}

// finish ends it where the step is stored. Where the error is not nil, nothing more may be written.
func (l *landing) finish() error {
	var err error
	switch {
	case l.together:
		err = <-l.anchored
	case !l.mine.Empty():
		err = l.anchor.Put(l.mine.Anchor(), ledger.Batch{})
	}
	if err != nil {
		l.hold = closedAnchor
	}
	return err
}

// takeBack ends it where the step is not stored, and the group is as it was: it anchors one's own log
// as it is, so that a record that may hold the step counts no more and its numbers are free. Where
// the error is not nil, nothing more may be written.
func (l *landing) takeBack() error {
	if !l.together {
		return nil
	}
	<-l.anchored // whether it was written does not matter
	if l.hold == closedBlind {
		return nil // nothing will be written under those numbers; when it can be read again, it is completed
	}
	own := l.shelf.last(l.self)
	if own == nil || own.Log() != l.mine.Log || own.Size() != l.mine.From {
		l.hold = closedAnchor // somebody else has written to the store
		return &ledger.Moved{Log: l.mine.Log, Want: l.mine.From}
	}
	head := own.Head().Checkpoint()
	err := l.anchor.Put(ledger.Anchor{Log: own.Log(), Size: head.Size, Root: head.Root}, ledger.Batch{})
	if err != nil {
		l.hold = closedAnchor
	}
	return err
}

// checkAnchor compares one's own log with the anchor. A store that lacks just the anchor's step is
// completed from it. One that is otherwise behind is a restored copy: the group opens for reading,
// and what it may not do says why.
func (g *Group) checkAnchor(ctx context.Context) error {
	f, a, err := ledger.OpenAnchor(g.disk, anchorName)
	if err != nil {
		return err
	}
	g.anchor = f
	if a.Turn == 0 {
		return nil
	}
	log, size, root := g.own()
	stranger := a.Log.Group != log.Group || a.Log.Party != log.Party // not of this log at all
	if root == nil || stranger || a.Log != log && a.Log.Epoch >= log.Epoch {
		g.hold = closedBehind
		return nil
	}
	if a.Log != log {
		return nil
	}
	if !a.Step.Empty() && a.Step.From == size && !g.c.moved {
		if g.early != nil {
			return errUnfinished
		}
		if err := g.completeStep(ctx, a.Step); err != nil {
			return err
		}
		_, _, root = g.own()
	}
	if r, here := root(a.Size); g.hold == "" && (!here || r != a.Root) {
		g.hold = closedBehind
	}
	return nil
}

// own is one's own log, its size and its roots; nil where there is none yet.
func (g *Group) own() (log ledger.Log, size uint64, root func(size uint64) (act.Hash, bool)) {
	if g.early != nil {
		if s := g.early.last(g.self); s != nil {
			return s.Log(), s.Size(), func(size uint64) (act.Hash, bool) {
				_, r, here := g.early.Prefix(g.self, s.Log().Epoch, size)
				return r, here
			}
		}
	} else if b := g.shelf.last(g.self); b != nil {
		return b.Log(), b.Size(), b.Root
	}
	return ledger.Log{}, 0, nil
}

// completeStep stores a step that the anchor holds and the store does not: under the same numbers, the
// same entries. Whether it was answered cannot be known, and does not matter. In a folder that was
// copied that is not done: where it comes from, the step may have been taken back.
func (g *Group) completeStep(ctx context.Context, step ledger.Batch) error {
	own := g.shelf.last(g.self)
	batch, err := own.Offer(step.Note, step.From, step.Leaves)
	if err != nil || batch.Empty() || !g.holdsPast(batch.Leaves) {
		return nil // the store is another copy than the anchor's
	}
	if err := g.store.Commit(ctx, batch); err != nil {
		g.c.log.Error("the entries that the anchor holds could not be stored", "group", g.handle, "err", err)
		if err := g.load(ctx); err != nil {
			return err
		}
		if own = g.shelf.last(g.self); own == nil || own.Size() == step.From {
			g.hold = closedUnfinished
		}
		return nil
	}
	if err := own.Apply(batch); err != nil {
		return err
	}
	g.watch.touch(g.plan, g.plan.Advance().Touched)
	g.announce()
	g.c.log.Info("the last step had been cut off, and was completed from the anchor", "group", g.handle, "entries", len(batch.Leaves))
	return nil
}

// holdsPast reports whether all that the entries had seen of others' logs is here.
func (g *Group) holdsPast(leaves [][]byte) bool {
	for _, leaf := range leaves {
		a, err := act.Decode(string(leaf))
		if err != nil {
			return false
		}
		for _, s := range a.Seen {
			if int(s.Party) >= len(g.shelf.rows) {
				return false
			}
			if _, root, here := g.shelf.Prefix(s.Party, s.Epoch, s.Size); !here || root != s.Root {
				return false
			}
		}
	}
	return true
}
