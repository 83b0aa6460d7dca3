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
	a, at, ok := b.batchOf(p, agreement, party, id.Batch)
	if !ok {
		return false
	}
	r := p.Act(at).Body.(act.Report)
	if int(id.Nth) >= len(r.Readings) {
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
func (b *Book) batchOf(p *plan.State, agreement act.Ref, party uint8, id act.Hash) (*account, plan.Place, bool) {
	a := b.accounts[agreement]
	if a == nil {
		return nil, plan.Place{}, false
	}
	at, ok := a.doers.places[brief(id)]
	if !ok || at.Party != party || p.LeafHash(at) != id {
		return nil, plan.Place{}, false
	}
	r, is := p.Act(at).Body.(act.Report)
	return a, at, is && len(r.Readings) > 0 && a.stands(at, &sight{})
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
