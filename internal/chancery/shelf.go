package chancery

import (
	"crypto/ed25519"

	"entente/act"
	"entente/group"
	"entente/ledger"
)

// A shelf holds the books of one group: for each party one book an epoch. It is plan.Logs, with
// the leaves that are being written to the party's own log at its end.
type shelf struct {
	id      act.Hash
	charter group.Charter
	self    uint8
	rows    []row
	pending []string // leaves of one's own that are folded but not yet committed
	raw     [][]byte // the same, as they were encoded
	hashes  []act.Hash
	ahead   *reading // what was read ahead, while the group is opened
}

type row struct {
	books []*ledger.Book
	base  []int // base[e]: entries in the epochs before e
}

func newShelf(id act.Hash, c group.Charter, self uint8) *shelf {
	return &shelf{id: id, charter: c, self: self, rows: make([]row, len(c.Parties))}
}

func (s *shelf) key(p uint8) ed25519.PublicKey { return s.charter.Parties[p].Signing }

// book finds a log's book, and makes it where it is the next epoch.
func (s *shelf) book(log ledger.Log) *ledger.Book {
	if log.Group != s.id || int(log.Party) >= len(s.rows) {
		return nil
	}
	r := &s.rows[log.Party]
	n := uint32(len(r.books))
	if log.Epoch < n {
		return r.books[log.Epoch]
	}
	if log.Epoch > n {
		return nil
	}
	return ledger.NewBook(log, s.key(log.Party))
}

// put adds a book of the next epoch to its row.
func (s *shelf) put(b *ledger.Book) {
	r := &s.rows[b.Log().Party]
	if int(b.Log().Epoch) == len(r.books) {
		r.base = append(r.base, r.count())
		r.books = append(r.books, b)
	}
}

func (r *row) count() int {
	n := len(r.books)
	if n == 0 {
		return 0
	}
	return r.base[n-1] + int(r.books[n-1].Size())
}

// last is the book of the newest epoch, or nil.
func (s *shelf) last(p uint8) *ledger.Book {
	if n := len(s.rows[p].books); n > 0 {
		return s.rows[p].books[n-1]
	}
	return nil
}

// Leaf is plan.Logs's.
func (s *shelf) Leaf(p uint8, ordinal int) (string, bool) {
	b, i, here := s.find(p, ordinal)
	if here {
		return b.Leaf(i), true
	}
	if n := ordinal - s.rows[p].count(); p == s.self && n >= 0 && n < len(s.pending) {
		return s.pending[n], true
	}
	return "", false
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

// LeafHash is plan.Logs's.
func (s *shelf) LeafHash(p uint8, ordinal int) act.Hash {
	b, i, here := s.find(p, ordinal)
	if here {
		return b.LeafHash(i)
	}
	return s.hashes[ordinal-s.rows[p].count()]
}

// Place is plan.Logs's.
func (s *shelf) Place(p uint8, ordinal int) (uint32, uint64) {
	r := &s.rows[p]
	for e := len(r.books) - 1; e >= 0; e-- {
		if ordinal >= r.base[e] {
			return uint32(e), uint64(ordinal - r.base[e])
		}
	}
	return 0, uint64(ordinal)
}

// Prefix is plan.Logs's.
func (s *shelf) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	r := &s.rows[p]
	if int(epoch) >= len(r.books) {
		return 0, act.Hash{}, false
	}
	root, here := r.books[epoch].Root(size)
	return r.base[epoch] + int(size), root, here
}

// add puts a leaf of one's own at the end, before it is committed, and gives its hash.
func (s *shelf) add(leaf []byte) act.Hash {
	id := act.LeafHash(leaf)
	s.pending, s.raw = append(s.pending, string(leaf)), append(s.raw, leaf)
	s.hashes = append(s.hashes, id)
	return id
}

func (s *shelf) settle() { s.pending, s.raw, s.hashes = nil, nil, nil }
