package workload

import (
	"crypto/ed25519"
	"crypto/sha256"
	"time"

	"entente/act"
	"entente/ledger"
)

// A scroll is one log as its writer keeps it while making a history: no leaves, only the right
// edge of the tree and what has not been given out yet.
type scroll struct {
	log    ledger.Log
	key    ed25519.PrivateKey
	origin string
	size   uint64
	peaks  [48]act.Hash // by level, roots of the complete subtrees that size is the sum of
	seen   []uint64     // of the other logs, by ordinal
	given  uint64       // entries given out
	leaves [][]byte     // the rest
}

// A head is how long a log is, and its root.
type head struct {
	size uint64
	root act.Hash
}

// add appends a leaf and returns its hash.
func (s *scroll) add(leaf []byte) act.Hash {
	id := act.LeafHash(leaf)
	h, level := id, 0
	for ; s.size>>level&1 == 1; level++ {
		h = above(s.peaks[level], h)
	}
	s.peaks[level] = h
	s.size++
	s.leaves = append(s.leaves, leaf)
	return id
}

func above(left, right act.Hash) act.Hash {
	var b [1 + 2*act.HashSize]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+act.HashSize:], right[:])
	return sha256.Sum256(b[:])
}

// head is the RFC 6962 root at the present size.
func (s *scroll) head() head {
	h := head{size: s.size, root: sha256.Sum256(nil)}
	first := true
	for level := 0; s.size>>level != 0; level++ {
		switch {
		case s.size>>level&1 == 0:
		case first:
			h.root, first = s.peaks[level], false
		default:
			h.root = above(s.peaks[level], h.root)
		}
	}
	return h
}

// batch takes what has not been given out, under a checkpoint signed and cosigned by all.
func (s *scroll) batch(at int64, all []scroll) (ledger.Batch, error) {
	h := s.head()
	signed, err := ledger.Sign(s.key, ledger.Checkpoint{Origin: s.origin, Size: h.size, Root: h.root})
	if err != nil {
		return ledger.Batch{}, err
	}
	for i := range all {
		if &all[i] == s {
			continue
		}
		if signed, err = ledger.Cosign(all[i].key, signed, time.UnixMilli(at)); err != nil {
			return ledger.Batch{}, err
		}
	}
	b := ledger.Batch{Log: s.log, From: s.given, Leaves: s.leaves, Note: signed.Note()}
	s.given, s.leaves = s.size, nil
	return b, nil
}
