package plan

import (
	"bytes"
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
)

// # Silences that are waited for
//
// What may still come of the silences that were asked for is kept, and brought up to date where an
// act is about it: their element, a package, or what a party has seen. So an act costs what it is
// about, however many silences run beside it.

// A vigil is what State keeps of silence procedures that may still come to something. All of it
// follows from the acts, and stands in no snapshot.
type vigil struct {
	of    map[*Element]*attended
	ends  roll[*hush]   // all of them, by their ends
	asked []roll[*hush] // per party that asked, in the order of its acts
	seen  [][]int       // per party, how far it has seen each log, as far as receipts were looked for
	turns uint64
}

// attended are the procedures on one element.
type attended struct {
	met  int // of the table acts that ask for silence, how many were looked at
	open []*hush
}

func newVigil(parties int) vigil {
	v := vigil{of: map[*Element]*attended{}, asked: make([]roll[*hush], parties), seen: make([][]int, parties)}
	v.ends.compare = func(a, b *hush) int {
		return cmp.Or(cmp.Compare(a.until, b.until), a.e.compare(b.e), bytes.Compare(a.rev.ID[:], b.rev.ID[:]))
	}
	for p := range parties {
		v.asked[p].compare = func(a, b *hush) int { return cmp.Compare(a.rev.Ordinal, b.rev.Ordinal) }
		v.seen[p] = make([]int, parties)
	}
	return v
}

// SilenceTurns counts what has changed that silences depend on. While it is the same, so is what
// SilencesKept says.
func (s *State) SilenceTurns() uint64 { return s.vigil.turns }

// attend brings the procedures on an element up to date after acts about it.
func (s *State) attend(e *Element) {
	v := &s.vigil
	if e.kind == act.Package && len(v.ends.items) > 0 {
		v.turns++ // texts in it may be locked, or free again
	}
	asked := s.table.silences[e]
	if len(asked) == 0 {
		return
	}
	w := v.of[e]
	if w == nil {
		w = &attended{}
		v.of[e] = w
	}
	if len(w.open) > 0 || w.met < len(asked) {
		v.turns++
	}
	w.open = slices.DeleteFunc(w.open, func(h *hush) bool {
		if !s.pends(e, h.at, h.rev) {
			v.ends.drop, v.asked[h.at.Party].drop = append(v.ends.drop, h), append(v.asked[h.at.Party].drop, h)
			return true
		}
		return false
	})
	for _, at := range asked[w.met:] {
		if !s.pends(e, at, s.rule.Revision(s.LeafHash(at.Place))) {
			continue
		}
		if h := s.hushOf(e, at); h != nil && h.void == "" {
			w.open = append(w.open, h)
			v.ends.put, v.asked[at.Party].put = append(v.ends.put, h), append(v.asked[at.Party].put, h)
		}
	}
	w.met = len(asked)
	for _, h := range w.open {
		h.broken = len(s.breaks(h)) > 0
	}
}

// pends reports whether a procedure may still come to something: its text is not adopted, and the
// party that asked for silence still holds it. What has once come to its end is not begun again, as
// a party comes to a text once only.
func (s *State) pends(e *Element, at entry, r *accord.Revision) bool {
	return r != nil && !r.IsAdopted() && e.Position(at.Party) == r
}

// settleVigil puts the lists in order, and looks for the receipts that acts have brought.
func (s *State) settleVigil() {
	v := &s.vigil
	if v.ends.settle(); len(v.of) == 0 {
		return
	}
	for q := range v.asked {
		l := &v.asked[q]
		l.settle()
		if len(l.items) == 0 {
			continue
		}
		for p := range v.asked {
			if p == q {
				continue
			}
			was, now := v.seen[p][q], s.rule.SeenBy(uint8(p), uint8(q))
			v.seen[p][q] = now
			from, _ := slices.BinarySearchFunc(l.items, was, func(h *hush, n int) int { return cmp.Compare(h.rev.Ordinal, n) })
			for _, h := range l.items[from:] {
				if h.rev.Ordinal >= now {
					break
				}
				_, _, h.intime[p] = s.receipt(h, uint8(p))
				v.turns++
			}
		}
	}
}

// attendAll looks at all procedures, where a plan was restored.
func (s *State) attendAll() {
	for e := range s.table.silences {
		s.attend(e)
	}
	s.settleVigil()
}

// pending goes through the procedures that may still come to something, those that were broken
// included, soonest end first. They are shared: sheet takes a copy.
func (s *State) pending(yield func(*hush) bool) {
	for _, h := range s.vigil.ends.items {
		if !yield(h) {
			return
		}
	}
}

// Unacknowledged reports whether a text under silence is here that the party's own log does not show
// to have been received.
func (s *State) Unacknowledged(self uint8) bool {
	for q := range s.vigil.asked {
		if list := s.vigil.asked[q].items; q != int(self) && len(list) > 0 && s.rule.SeenBy(self, uint8(q)) <= list[len(list)-1].rev.Ordinal {
			return true
		}
	}
	return false
}
