package exchange

import (
	"cmp"
	"slices"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
)

// What is kept takes in memory beside its bytes, about.
const (
	leafCost = 24  // an entry
	partCost = 512 // the part of a log that entries belong to
)

// An assembler puts the pieces of logs from one counterpart together, until the checkpoint comes
// that proves them. Entries that are not stored yet are kept here and nowhere else. It is not safe
// for concurrent use.
type assembler struct {
	parts map[ledger.Log]*part
	again map[ledger.Log]bool // to be fetched from their first entry
	bytes int
	purse *purse
}

// A part is the beginning of a delta, or a whole one (with its checkpoint) that waits for others.
type part struct {
	chancery.Delta
	bytes int
}

func newAssembler(of *purse) *assembler {
	return &assembler{parts: map[ledger.Log]*part{}, again: map[ledger.Log]bool{}, purse: of}
}

// add takes pieces of one group in.
func (a *assembler) add(group act.Hash, pieces []Piece) error {
	for _, p := range pieces {
		log := ledger.Log{Group: group, Party: p.Party, Epoch: p.Epoch}
		q := a.parts[log]
		if q == nil || p.From != q.From+uint64(len(q.Leaves)) {
			a.drop(log)
			q = &part{Delta: chancery.Delta{Log: log, From: p.From}}
		}
		q.Leaves, q.Note = append(q.Leaves, p.Leaves...), p.Note
		more := len(p.Note)
		if q.bytes == 0 {
			more += partCost
		}
		for _, l := range p.Leaves {
			more += len(l) + leafCost
		}
		if err := a.purse.pay(more); err != nil {
			a.clear()
			return err
		}
		a.parts[log] = q
		q.bytes += more
		a.bytes += more
	}
	return nil
}

// whole takes out the deltas of a group that have their checkpoints.
func (a *assembler) whole(group act.Hash) []chancery.Delta {
	var out []chancery.Delta
	for log, q := range a.parts {
		if log.Group == group && q.Note != nil {
			out = append(out, q.Delta)
			delete(a.again, log)
			a.drop(log)
		}
	}
	slices.SortFunc(out, func(x, y chancery.Delta) int {
		return cmp.Or(cmp.Compare(x.Log.Party, y.Log.Party), cmp.Compare(x.Log.Epoch, y.Log.Epoch))
	})
	return out
}

func (a *assembler) drop(log ledger.Log) {
	if q := a.parts[log]; q != nil {
		a.bytes -= q.bytes
		a.purse.repay(q.bytes)
		delete(a.parts, log)
	}
}

func (a *assembler) clear() {
	clear(a.parts)
	a.purse.repay(a.bytes)
	a.bytes = 0
}

// restart has the log fetched from its first entry: the only way to tell damage from a fork.
func (a *assembler) restart(log ledger.Log) {
	a.drop(log)
	a.again[log] = true
}

// have says how much of a log there is to continue, where size entries are stored.
func (a *assembler) have(log ledger.Log, size uint64) uint64 {
	switch q := a.parts[log]; {
	case q != nil:
		return q.From + uint64(len(q.Leaves))
	case a.again[log]:
		return 0
	}
	return size
}
