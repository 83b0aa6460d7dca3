package accord

import (
	"encoding/binary"
	"fmt"
	"slices"

	"entente/act"
)

// A world is a set of logs as a test writes them. Roots and revision ids are made up, but as
// in earnest they are different for every log, epoch and size.
type world struct {
	logs   [][]Move
	starts [][]int // per party, the ordinal at which each epoch begins
}

func newWorld(parties int) *world {
	w := &world{logs: make([][]Move, parties), starts: make([][]int, parties)}
	for p := range w.starts {
		w.starts[p] = []int{0}
	}
	return w
}

func rootOf(party uint8, epoch uint32, size uint64) (h act.Hash) {
	h[0], h[1] = 'r', party
	binary.BigEndian.PutUint32(h[2:], epoch)
	binary.BigEndian.PutUint64(h[8:], size)
	return h
}

// revisionOf is the id of the revision tabled by the party's entry with that ordinal.
func revisionOf(party uint8, ordinal int) (h act.Hash) {
	h[0], h[1] = 't', party
	binary.BigEndian.PutUint64(h[8:], uint64(ordinal))
	return h
}

// at names the party's log up to count entries over all epochs, as an act would.
func (w *world) at(party uint8, count int) act.Seen {
	epoch := len(w.starts[party]) - 1
	for epoch > 0 && w.starts[party][epoch] >= count {
		epoch--
	}
	size := uint64(count - w.starts[party][epoch])
	return act.Seen{Party: party, Epoch: uint32(epoch), Size: size, Root: rootOf(party, uint32(epoch), size)}
}

// write adds an entry. A table without an id gets its own.
func (w *world) write(p uint8, m Move) {
	if m.Kind == act.KindTable && m.Revision.IsZero() {
		m.Revision = revisionOf(p, len(w.logs[p]))
	}
	w.logs[p] = append(w.logs[p], m)
}

// resume begins a new epoch of the party's log.
func (w *world) resume(p uint8) {
	if n := len(w.logs[p]); n > w.starts[p][len(w.starts[p])-1] {
		w.starts[p] = append(w.starts[p], n)
		w.write(p, Move{Kind: act.KindResume})
	}
}

func (w *world) lengths() []int {
	out := make([]int, len(w.logs))
	for p := range w.logs {
		out[p] = len(w.logs[p])
	}
	return out
}

// all is the view of somebody who has everything.
func (w *world) all() *view { return &view{w, w.lengths()} }

// A view is the part of a world that somebody has: a prefix of each log.
type view struct {
	w    *world
	have []int
}

func (v *view) Next(p uint8, ordinal int) (Move, bool) {
	if ordinal >= v.have[p] {
		return Move{}, false
	}
	return v.w.logs[p][ordinal], true
}

func (v *view) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	starts := v.w.starts[p]
	if int(epoch) >= len(starts) {
		return 0, act.Hash{}, false
	}
	end := v.have[p]
	if int(epoch)+1 < len(starts) {
		end = min(end, starts[epoch+1])
	}
	if starts[epoch] > end || size > uint64(end-starts[epoch]) {
		return 0, act.Hash{}, false
	}
	return starts[epoch] + int(size), rootOf(p, epoch, size), true
}

func nothing(Judged) {}

// fold is the production state of a view.
func fold(v *view) *State {
	s := New(len(v.have))
	s.Advance(v, nothing)
	return s
}

// show is all that the rule says about the judged entries, in an order that does not depend on
// the order in which they were judged: two states are the same where it is the same.
func show(s *State) string {
	var b []byte
	for p := range s.Parties() {
		b = fmt.Appendf(b, "log %d: %d", p, s.Count(uint8(p)))
		for q := range s.Parties() {
			b = fmt.Appendf(b, " %d", s.SeenBy(uint8(p), uint8(q)))
		}
		for i := range s.Count(uint8(p)) {
			b = fmt.Appendf(b, " %v", s.Void(uint8(p), i))
		}
		b = append(b, '\n')
	}
	for _, ref := range slices.Sorted(slices.Values(s.Elements())) {
		b = s.Element(ref).show(b, s.Parties())
	}
	return string(b)
}

func (e *Element) show(b []byte, parties int) []byte {
	b = fmt.Appendf(b, "%s open=%v offer=%s positions", e.Ref(), e.Open(), nameOf(e.Offer()))
	for p := range parties {
		b = fmt.Appendf(b, " %s", nameOf(e.Position(uint8(p))))
	}
	b = append(b, " adopted"...)
	for _, r := range e.Adopted() {
		b = fmt.Appendf(b, " %s", nameOf(r))
	}
	b = append(b, '\n')
	revisions := slices.Clone(e.Revisions())
	slices.SortFunc(revisions, func(x, y *Revision) int { return slices.Compare(x.ID[:], y.ID[:]) })
	for _, r := range revisions {
		b = fmt.Appendf(b, "  %s number %d offered=%v adopted=%v", nameOf(r), r.Number, r.Offered, r.IsAdopted())
		for p := range parties {
			b = fmt.Appendf(b, " %v/%v", r.EverHeldBy(uint8(p)), r.ConfirmedBy(uint8(p)))
		}
		b = append(b, '\n')
	}
	return b
}

func nameOf(r *Revision) string {
	if r == nil {
		return "–"
	}
	return fmt.Sprintf("%d:%d", r.Party, r.Ordinal)
}
