package compliance

import (
	"entente/act"
	"entente/plan"
)

// BatchStands reports whether a batch of observations of an agreement or a programme is one of the
// party's, and nothing that stands takes it back. An id is the leaf hash of the batch.
func (b *Book) BatchStands(p *plan.State, agreement act.Ref, party uint8, id act.Hash) bool {
	_, _, ok := b.batchOf(p, agreement, party, id)
	return ok
}

// Stands reports whether a reading is one of the party's, and is neither replaced nor of a batch that
// was taken back.
func (b *Book) Stands(p *plan.State, agreement act.Ref, party uint8, id act.ReadingID) bool {
	a, of, ok := b.batchOf(p, agreement, party, id.Batch)
	if !ok || id.Nth >= of.n {
		return false
	}
	for _, d := range a.doers.replaced[id] {
		if a.stands(d.place, &sight{}) {
			return false
		}
	}
	return true
}

// batchOf finds a batch that stands.
func (b *Book) batchOf(p *plan.State, agreement act.Ref, party uint8, id act.Hash) (*account, batch, bool) {
	a := b.accounts[agreement]
	if a == nil {
		return nil, batch{}, false
	}
	of, ok := a.doers.places[brief(id)]
	ok = ok && of.place.Party == party && of.n > 0 && p.LeafHash(of.place) == id && a.stands(of.place, &sight{})
	return a, of, ok
}

// Batches calls f with every batch of a party's observations that stands, in causal order.
func (b *Book) Batches(p *plan.State, agreement act.Ref, party uint8, f func(id act.Hash, r act.Report)) {
	a := b.accounts[agreement]
	if a == nil {
		return
	}
	for _, at := range a.batches {
		if r, is := p.Act(at).Body.(act.Report); is && at.Party == party && len(r.Readings) > 0 && a.stands(at, &sight{}) {
			f(p.LeafHash(at), r)
		}
	}
}
