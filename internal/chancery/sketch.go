package chancery

import (
	"entente/act"
	"entente/ledger"
)

// A sketch is the logs of a group as a snapshot remembers them, with what has come since: plan.Logs
// of which nearly nothing has been read. What it gives out has been checked against the signed
// checkpoints; what does not agree with them it says is not here, and reports.
type sketch struct {
	rows  []sketchRow
	upset func(error) // is told why something could not be given; from several goroutines
}

type sketchRow struct {
	spines []*ledger.Spine
	base   []int // base[e]: entries in the epochs before e
}

func newSketch(parties int, upset func(error)) *sketch {
	return &sketch{rows: make([]sketchRow, parties), upset: upset}
}

// put adds the log of the next epoch to its row; false where it is not that.
func (k *sketch) put(s *ledger.Spine) bool {
	r := &k.rows[s.Log().Party]
	if int(s.Log().Epoch) != len(r.spines) {
		return false
	}
	r.base, r.spines = append(r.base, r.count()), append(r.spines, s)
	return true
}

func (r *sketchRow) count() int {
	n := len(r.spines)
	if n == 0 {
		return 0
	}
	return r.base[n-1] + int(r.spines[n-1].Size())
}

// last is the log of the newest epoch, or nil.
func (k *sketch) last(p uint8) *ledger.Spine {
	if n := len(k.rows[p].spines); n > 0 {
		return k.rows[p].spines[n-1]
	}
	return nil
}

// Place is plan.Logs's.
func (k *sketch) Place(p uint8, ordinal int) (uint32, uint64) {
	r := &k.rows[p]
	for e := len(r.spines) - 1; e >= 0; e-- {
		if ordinal >= r.base[e] {
			return uint32(e), uint64(ordinal - r.base[e])
		}
	}
	return 0, uint64(ordinal)
}

func (k *sketch) find(p uint8, ordinal int) (*ledger.Spine, uint64) {
	epoch, i := k.Place(p, ordinal)
	if r := &k.rows[p]; int(epoch) < len(r.spines) && i < r.spines[epoch].Size() {
		return r.spines[epoch], i
	}
	return nil, 0
}

// Leaf is plan.Logs's.
func (k *sketch) Leaf(p uint8, ordinal int) (string, bool) {
	s, i := k.find(p, ordinal)
	if s == nil {
		return "", false
	}
	leaf, err := s.Leaf(i)
	if err != nil {
		k.upset(err)
	}
	return leaf, err == nil
}

// LeafHash is plan.Logs's. It is zero where the entry cannot be given.
func (k *sketch) LeafHash(p uint8, ordinal int) (h act.Hash) {
	s, i := k.find(p, ordinal)
	if s == nil {
		return h
	}
	h, err := s.LeafHash(i)
	if err != nil {
		k.upset(err)
	}
	return h
}

// Prefix is plan.Logs's.
func (k *sketch) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	r := &k.rows[p]
	if int(epoch) >= len(r.spines) || size > r.spines[epoch].Size() {
		return 0, act.Hash{}, false
	}
	root, err := r.spines[epoch].Root(size)
	if err != nil {
		k.upset(err)
	}
	return r.base[epoch] + int(size), root, err == nil
}

// heads are the checkpoints of all logs.
func (k *sketch) heads() (out []ledger.State) {
	for _, r := range k.rows {
		for _, s := range r.spines {
			if head := s.Head(); !head.IsZero() {
				out = append(out, ledger.State{Log: s.Log(), Size: s.Size(), Note: head.Note()})
			}
		}
	}
	return out
}
