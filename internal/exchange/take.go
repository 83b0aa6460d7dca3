package exchange

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
)

// maxProblem is how much of an error is kept in the record, in bytes.
const maxProblem = 400

// take hands to the chancery what came from a counterpart. more says that the rest is, or may be,
// still to come. It reports whether anything changed here. When all of it has been put together, and
// nothing is taken yet, it calls ready.
func (x *Exchange) take(ctx context.Context, from chancery.Counterpart, asm *assembler, p Parcel, more bool, ready func()) (bool, error) {
	changed := false
	var errs []error
	for _, raw := range p.Charters {
		fresh, err := x.c.Offered(ctx, raw, from.Card.Code)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		changed = changed || fresh
		x.peer(from.Card.Code).note(group.IDOf(string(raw)))
	}
	groups := x.shared(from.Card)
	for _, n := range p.Groups {
		// What is not shared with this counterpart is passed over, like what does not exist.
		if slices.ContainsFunc(groups, func(g *chancery.Group) bool { return g.ID() == n.Group }) {
			if err := asm.add(n.Group, n.Pieces); err != nil {
				errs = append(errs, err)
			}
		}
	}
	ready()
	for _, g := range groups {
		if more && g.Held() != "" {
			continue // first all of it, so that how far one's own log had come is known
		}
		took, err := x.takeGroup(ctx, from.Card.Code, asm, g, asm.whole(g.ID()))
		changed = changed || took
		if err != nil {
			errs = append(errs, err)
		}
	}
	return changed, errors.Join(errs...)
}

// note remembers that the counterpart has offered a group, of as many as a message can name. One
// that offers more is offering what concerns nobody here.
func (p *peer) note(id act.Hash) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.offered) >= MaxGroups {
		return
	}
	p.offered[id], p.knows[id] = true, true
}

// takeGroup takes deltas of one group together or, where that fails, party by party, so that what
// is wrong with one log does not hold up the others.
func (x *Exchange) takeGroup(ctx context.Context, from party.Code, asm *assembler, g *chancery.Group, deltas []chancery.Delta) (bool, error) {
	if len(deltas) == 0 {
		return false, nil
	}
	before := g.Version()
	t, err := g.Take(ctx, from, deltas)
	if err == nil {
		x.received(ctx, from, g, deltas, t)
		return g.Version() != before, nil
	}
	byParty := map[uint8][]chancery.Delta{}
	for _, d := range deltas {
		byParty[d.Log.Party] = append(byParty[d.Log.Party], d)
	}
	var fork *ledger.Fork
	caught := errors.As(err, &fork)
	if len(byParty) == 1 || t.Own || caught {
		x.refused(ctx, from, g, asm, deltas, err)
	}
	if len(byParty) == 1 || t.Own {
		return g.Version() != before, err
	}
	var errs []error
	if caught {
		errs = append(errs, err)
		delete(byParty, fork.Log.Party)
	}
	for _, some := range byParty {
		_, err := x.takeGroup(ctx, from, asm, g, some)
		errs = append(errs, err)
	}
	return g.Version() != before, errors.Join(errs...)
}

// received writes what was taken into the record, a line for each log.
func (x *Exchange) received(ctx context.Context, from party.Code, g *chancery.Group, deltas []chancery.Delta, t chancery.Taken) {
	for _, d := range deltas {
		n := t.By[g.Charter().Code(d.Log.Party)]
		if n == 0 || len(d.Leaves) == 0 {
			continue
		}
		x.record(ctx, g, chancery.ExchangeRow{Party: from, What: "received", Log: d.Log, Entries: min(n, len(d.Leaves)), Result: "proved"})
	}
}

// refused writes what was not taken into the record, and has a log that does not fit fetched anew.
func (x *Exchange) refused(ctx context.Context, from party.Code, g *chancery.Group, asm *assembler, deltas []chancery.Delta, err error) {
	row := chancery.ExchangeRow{Party: from, What: "refused", Log: deltas[0].Log, Result: short(err)}
	var mismatch *ledger.Mismatch
	var fork *ledger.Fork
	switch {
	case errors.As(err, &fork):
		row.What, row.Log = "forked", fork.Log
	case errors.As(err, &mismatch):
		asm.restart(mismatch.Log)
	}
	p := x.peer(from)
	p.mu.Lock()
	again := p.status.Problem == row.Result
	p.status.Problem = row.Result
	p.mu.Unlock()
	if !again {
		x.record(ctx, g, row)
	}
}

// record adds a line to the exchange record, with how the log stands now.
func (x *Exchange) record(ctx context.Context, g *chancery.Group, row chancery.ExchangeRow) {
	row.At, row.Group = x.c.Now().UTC(), g.ID()
	g.Book(row.Log, func(b *ledger.Book) {
		if row.Size == 0 {
			row.Size = b.Size()
		}
		row.Root, _ = b.Root(row.Size)
	})
	if err := x.desk.AddExchange(context.WithoutCancel(ctx), row); err != nil {
		x.log.Error("the exchange record could not be written", "err", err)
	}
}

// proved writes into the record what the counterpart has shown to hold of this party's logs.
func (x *Exchange) proved(ctx context.Context, to party.Code, grown map[ledger.Log][2]uint64) {
	logs := make([]ledger.Log, 0, len(grown))
	for log := range grown {
		logs = append(logs, log)
	}
	slices.SortFunc(logs, func(a, b ledger.Log) int {
		return cmp.Or(bytes.Compare(a.Group[:], b.Group[:]), cmp.Compare(a.Epoch, b.Epoch))
	})
	for _, log := range logs {
		if g, ok := x.c.GroupByID(log.Group); ok {
			was, now := grown[log][0], grown[log][1]
			x.record(ctx, g, chancery.ExchangeRow{Party: to, What: "sent", Log: log, Entries: int(now - was), Size: now, Result: "proved"})
		}
	}
}

func sortIDs(ids []act.Hash) {
	slices.SortFunc(ids, func(a, b act.Hash) int { return bytes.Compare(a[:], b[:]) })
}

// short is an error for a page or a record.
func short(err error) string {
	s := fmt.Sprint(err)
	if len(s) > maxProblem {
		s = s[:maxProblem] + "…"
	}
	return s
}
