package proof

import (
	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/plan"
)

// A shelf is the logs of a file as plan.Logs: for each party one sequence over all its epochs.
type shelf struct{ rows []row }

type row struct {
	books []*ledger.Book
	base  []int // base[e]: entries in the epochs before e
	size  int
}

func newShelf(c group.Charter, logs []logCheck) *shelf {
	s := &shelf{rows: make([]row, len(c.Parties))}
	for i := range logs {
		r := &s.rows[logs[i].book.Log().Party]
		r.base = append(r.base, r.size)
		r.books = append(r.books, logs[i].book)
		r.size += int(logs[i].book.Size())
	}
	return s
}

// all lists the books in the order of the file.
func (s *shelf) all() (out []*ledger.Book) {
	for _, r := range s.rows {
		out = append(out, r.books...)
	}
	return out
}

// after is how many entries of its party's log there are when the book ends.
func (s *shelf) after(b *ledger.Book) int {
	return s.rows[b.Log().Party].base[b.Log().Epoch] + int(b.Size())
}

func (s *shelf) find(p uint8, ordinal int) (*ledger.Book, uint64, bool) {
	r := &s.rows[p]
	for e := len(r.books) - 1; e >= 0; e-- {
		if ordinal >= r.base[e] {
			i := uint64(ordinal - r.base[e])
			return r.books[e], i, i < r.books[e].Size()
		}
	}
	return nil, 0, false
}

// Leaf is plan.Logs's.
func (s *shelf) Leaf(p uint8, ordinal int) (string, bool) {
	b, i, here := s.find(p, ordinal)
	if !here {
		return "", false
	}
	return b.Leaf(i), true
}

// LeafHash is plan.Logs's.
func (s *shelf) LeafHash(p uint8, ordinal int) act.Hash {
	b, i, here := s.find(p, ordinal)
	if !here {
		return act.Hash{}
	}
	return b.LeafHash(i)
}

// Place is plan.Logs's.
func (s *shelf) Place(p uint8, ordinal int) (uint32, uint64) {
	b, i, here := s.find(p, ordinal)
	if !here {
		return 0, 0
	}
	return b.Log().Epoch, i
}

// Prefix is plan.Logs's.
func (s *shelf) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	r := &s.rows[p]
	if int64(epoch) >= int64(len(r.books)) {
		return 0, act.Hash{}, false
	}
	root, here := r.books[epoch].Root(size)
	return r.base[epoch] + int(size), root, here
}

// stamp is where an act stands, and its time.
func (s *shelf) stamp(state *plan.State, p uint8, ordinal int) Stamp {
	epoch, index := s.Place(p, ordinal)
	return Stamp{epoch, index, state.Act(plan.Place{Party: p, Ordinal: uint32(ordinal)}).At}
}
