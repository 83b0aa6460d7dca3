package chancery

import (
	"context"

	"entente/act"
	"entente/ledger"
)

// A Recovery says what opening a new epoch found in one group.
type Recovery struct {
	Handle string `json:"group"`
	Epoch  uint32 `json:"epoch"` // the new epoch
	Size   uint64 `json:"size"`  // how many entries the epoch before it has
	Lost   uint64 `json:"lost"`  // entries that the anchor knows of and nobody holds any more
}

// Recovering lets entries of this party's own log be taken back from counterparts until stop is
// called. Between the two, the exchange asks every counterpart for all it holds.
func (c *Chancery) Recovering() (stop func()) {
	c.recovering.Store(true)
	return func() { c.recovering.Store(false) }
}

// Recover opens a new epoch in every group in which this server may not write, after its own
// entries have been fetched back: numbers used before the restore are never used again. What was
// written and never reached anybody is lost, and said to be.
func (c *Chancery) Recover(ctx context.Context, who Who, place string) ([]Recovery, error) {
	if !who.Admin {
		return nil, refuse("powers", "Only an administrator recovers a server. Nothing was changed.")
	}
	var out []Recovery
	for _, g := range c.Groups() {
		g.await()
		if g.Held() == "" {
			continue
		}
		r, err := g.recover(ctx)
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, c.desk.PutSetting(ctx, settingPlace, place)
}

func (g *Group) recover(ctx context.Context) (Recovery, error) {
	o := &order{ctx: ctx, resume: true}
	r := Recovery{Handle: g.handle}
	if a, err := ledger.ReadAnchor(g.disk, anchorName); err == nil {
		g.mu.RLock()
		if own := g.shelf.last(g.self); own != nil && own.Log() == a.Log && a.Size > own.Size() {
			r.Lost = a.Size - own.Size()
		}
		g.mu.RUnlock()
	}
	g.enqueue(o)
	if o.err != nil {
		return r, o.err
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	books := g.shelf.rows[g.self].books
	r.Epoch = books[len(books)-1].Log().Epoch
	if r.Epoch > 0 {
		r.Size = books[r.Epoch-1].Size()
	}
	return r, nil
}

// resume begins a new epoch of one's own log, chained to the one before.
func (s *step) resume(*order) error {
	before := s.shelf.last(s.self)
	if before == nil || before.Size() == 0 {
		s.hold = ""
		_, err := s.fold("", act.Constitute{Charter: string(s.charter.Format())})
		return err
	}
	if before.Log().Epoch+1 >= s.maxEpochs() {
		return s.endless(s.self)
	}
	s.hold = ""
	root, _ := before.Root(before.Size())
	next := before.Log()
	next.Epoch++
	s.shelf.put(s.shelf.book(next))
	_, err := s.fold("", act.Resume{Epoch: before.Log().Epoch, Size: before.Size(), Root: root})
	return err
}
