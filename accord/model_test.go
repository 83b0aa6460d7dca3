package accord

import (
	"fmt"
	"slices"
	"strings"

	"entente/act"
)

// A model is the rule of agreement a second time: written from its definitions alone, without
// any state that is kept from one act to the next. Everything is worked out from the whole set
// of entries, by going through it again and again. It is slow, and meant to be obvious.
type model struct {
	v       *view
	parties int
	done    []int // per log, how many entries are here with all their past
	reasons map[place]Reason
	sights  map[place][]int
}

// A place is one entry: a log and an ordinal in it.
type place struct {
	party uint8
	at    int
}

func newModel(v *view) *model {
	m := &model{v: v, parties: len(v.have), done: make([]int, len(v.have)),
		reasons: map[place]Reason{}, sights: map[place][]int{}}
	for m.settle() {
	}
	return m
}

// settle finds one more entry whose past is all here: the entries before it in its log, and
// every prefix that it names.
func (m *model) settle() bool {
	for p := range m.parties {
		if move, here := m.v.Next(uint8(p), m.done[p]); here && m.pastHere(uint8(p), move) {
			m.done[p]++
			return true
		}
	}
	return false
}

func (m *model) pastHere(p uint8, move Move) bool {
	for _, n := range move.Seen {
		if int(n.Party) >= m.parties || n.Party == p {
			continue
		}
		if count, _, here := m.v.Prefix(n.Party, n.Epoch, n.Size); !here || count > m.done[n.Party] {
			return false
		}
	}
	return true
}

func (m *model) move(x place) Move { return m.v.w.logs[x.party][x.at] }

// seen is what an entry had seen: of each other log the longest prefix that it or an entry
// before it in the same log named with the right root.
func (m *model) seen(x place) []int {
	if s, ok := m.sights[x]; ok {
		return s
	}
	out := make([]int, m.parties)
	if x.at > 0 {
		copy(out, m.seen(place{x.party, x.at - 1}))
	}
	for _, n := range m.move(x).Seen {
		if int(n.Party) >= m.parties || n.Party == x.party {
			continue
		}
		count, root, _ := m.v.Prefix(n.Party, n.Epoch, n.Size)
		if root == n.Root {
			out[n.Party] = max(out[n.Party], count)
		}
	}
	m.sights[x] = out
	return out
}

// closed: everything that can be reached from the entry by "had seen" and "stands after", it
// has seen itself.
func (m *model) closed(x place) bool {
	mine := m.seen(x)
	known := map[place]bool{x: true}
	for todo := []place{x}; len(todo) > 0; {
		y := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if y.party != x.party && y.at >= mine[y.party] {
			return false
		}
		for _, z := range m.direct(y) {
			if !known[z] {
				known[z] = true
				todo = append(todo, z)
			}
		}
	}
	return true
}

func (m *model) direct(y place) []place {
	var out []place
	for i := range y.at {
		out = append(out, place{y.party, i})
	}
	for q, n := range m.seen(y) {
		for i := range n {
			out = append(out, place{uint8(q), i})
		}
	}
	return out
}

// wrongSight is what is wrong with the seen of an entry.
func (m *model) wrongSight(x place) Reason {
	before := make([]int, m.parties)
	if x.at > 0 {
		before = m.seen(place{x.party, x.at - 1})
	}
	for _, n := range m.move(x).Seen {
		if int(n.Party) >= m.parties || n.Party == x.party {
			return SeenStranger
		}
		count, root, _ := m.v.Prefix(n.Party, n.Epoch, n.Size)
		if root != n.Root {
			return SeenRoot
		}
		if count < before[n.Party] {
			return SeenBack
		}
	}
	if !m.closed(x) {
		return SeenOpen
	}
	return Good
}

// reason is why an entry is void.
func (m *model) reason(x place) Reason {
	if why, ok := m.reasons[x]; ok {
		return why
	}
	why := m.move(x).Flaw
	if why == Good {
		why = m.wrongSight(x)
	}
	if why == Good {
		why = m.wrongBody(x)
	}
	m.reasons[x] = why
	return why
}

func (m *model) wrongBody(x place) Reason {
	move := m.move(x)
	switch move.Kind {
	case act.KindWithdraw:
		if m.position(x.party, move.Element, x.at) == nil {
			return HoldsNone
		}
	case act.KindAccept, act.KindConfirm:
		r := m.tabled(move.Revision)
		if r == nil || !m.knows(x, *r) {
			return Unseen
		}
		if m.move(*r).Element != move.Element {
			return OtherElement
		}
		if move.Kind == act.KindAccept {
			return m.wrongAccept(x, *r)
		}
		return m.wrongConfirm(x, *r)
	}
	return Good
}

func (m *model) wrongAccept(x place, r place) Reason {
	for i := range x.at {
		if m.takes(place{x.party, i}, r) {
			return Again
		}
	}
	return Good
}

func (m *model) wrongConfirm(x place, r place) Reason {
	if held := m.position(x.party, m.move(x).Element, x.at); held == nil || *held != r {
		return NotHeld
	}
	for i := range x.at {
		if m.confirms(place{x.party, i}, r) {
			return Confirmed
		}
	}
	if !m.othersHold(x, r) {
		return OthersNot
	}
	return Good
}

// tabled finds the valid table act that made a revision.
func (m *model) tabled(id act.Hash) *place {
	for p := range m.parties {
		for i := range m.done[p] {
			x := place{uint8(p), i}
			if m.move(x).Kind == act.KindTable && m.move(x).Revision == id && m.reason(x) == Good {
				return &x
			}
		}
	}
	return nil
}

// knows: y stands in what x had seen, or before it in the same log.
func (m *model) knows(x, y place) bool {
	if y.party == x.party {
		return y.at < x.at
	}
	return y.at < m.seen(x)[y.party]
}

// takes: with the entry x, its writer comes to the revision r.
func (m *model) takes(x, r place) bool {
	if m.reason(x) != Good {
		return false
	}
	return x == r && !m.move(x).Offered || m.move(x).Kind == act.KindAccept && m.move(x).Revision == m.move(r).Revision
}

// position is what the party held on the element after the first count entries of its log.
func (m *model) position(p uint8, e act.Ref, count int) (held *place) {
	for i := range count {
		x := place{p, i}
		move := m.move(x)
		if move.Element != e || m.reason(x) != Good {
			continue
		}
		switch move.Kind {
		case act.KindTable:
			if !move.Offered {
				held = &x
			}
		case act.KindAccept:
			held = m.tabled(move.Revision)
		case act.KindWithdraw:
			held = nil
		}
	}
	return held
}

// othersHold: in the prefixes that x had seen, the position of every party but the writer is r.
func (m *model) othersHold(x, r place) bool {
	for q, n := range m.seen(x) {
		if q == int(x.party) {
			continue
		}
		if held := m.position(uint8(q), m.move(r).Element, n); held == nil || *held != r {
			return false
		}
	}
	return true
}

// confirms: x is a valid confirmation of r.
func (m *model) confirms(x, r place) bool {
	if m.takes(x, r) {
		return !m.move(x).Tied && m.othersHold(x, r)
	}
	move := m.move(x)
	return move.Kind == act.KindConfirm && move.Revision == m.move(r).Revision && m.reason(x) == Good
}

// confirmations lists the revisions of an element that a party confirmed, in the order of its log.
func (m *model) confirmations(p uint8, revisions []place) []place {
	var out []place
	for i := range m.done[p] {
		for _, r := range revisions {
			if m.confirms(place{p, i}, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

func (m *model) hasConfirmed(p uint8, r *place) bool { return len(m.confirmations(p, []place{*r})) > 0 }

// revisions lists the revisions of each element.
func (m *model) revisions() map[act.Ref][]place {
	out := map[act.Ref][]place{}
	for p := range m.parties {
		for i := range m.done[p] {
			x := place{uint8(p), i}
			if m.move(x).Kind == act.KindTable && m.reason(x) == Good {
				out[m.move(x).Element] = append(out[m.move(x).Element], x)
			}
		}
	}
	return out
}

// adopted lists the revisions that every party's log confirms, in the order in which the party
// confirmed them.
func (m *model) adopted(p uint8, revisions []place) []place {
	return slices.DeleteFunc(m.confirmations(p, revisions), func(r place) bool {
		for q := range m.parties {
			if !slices.Contains(m.confirmations(uint8(q), revisions), r) {
				return true
			}
		}
		return false
	})
}

func (m *model) number(r place, revisions []place) int {
	n := 0
	for _, o := range revisions {
		if m.knows(r, o) {
			n = max(n, m.number(o, revisions))
		}
	}
	return n + 1
}

// compare says where production and model differ, and where the parties of the model differ
// about the order of adoption; empty where they do not.
func (m *model) compare(s *State) string {
	var b strings.Builder
	for p := range uint8(m.parties) {
		m.compareLog(&b, s, p)
	}
	all := m.revisions()
	if len(all) != len(s.Elements()) {
		fmt.Fprintf(&b, "%d elements, not %d\n", len(s.Elements()), len(all))
	}
	for ref, revisions := range all {
		if e := s.Element(ref); e == nil {
			fmt.Fprintf(&b, "no element %s\n", ref)
		} else {
			m.compareElement(&b, e, revisions)
		}
	}
	return b.String()
}

func (m *model) compareLog(b *strings.Builder, s *State, p uint8) {
	if s.Count(p) != m.done[p] {
		fmt.Fprintf(b, "log %d: %d judged, not %d\n", p, s.Count(p), m.done[p])
		return
	}
	voids := 0
	for i := range m.done[p] {
		want := m.reason(place{p, i})
		if got := s.Void(p, i); got != want {
			fmt.Fprintf(b, "entry %d:%d is %v, not %v\n", p, i, got, want)
		}
		if want != Good {
			voids++
		}
	}
	if s.Voids(p) != voids {
		fmt.Fprintf(b, "log %d: %d void, not %d\n", p, s.Voids(p), voids)
	}
	for q := range uint8(m.parties) {
		if n := m.done[p]; n > 0 && s.SeenBy(p, q) != m.seen(place{p, n - 1})[q] {
			fmt.Fprintf(b, "log %d has seen %d of %d\n", p, s.SeenBy(p, q), q)
		}
	}
}

func (m *model) compareElement(b *strings.Builder, e *Element, revisions []place) {
	for p := range uint8(m.parties) {
		held := m.position(p, e.Ref(), m.done[p])
		if got := e.Position(p); !same(got, held) {
			fmt.Fprintf(b, "%s: %d holds %s\n", e.Ref(), p, nameOf(got))
		}
		if want := m.adopted(p, revisions); !slices.EqualFunc(e.Adopted(), want, func(r *Revision, x place) bool { return same(r, &x) }) {
			fmt.Fprintf(b, "%s: adopted %v, not %v as party %d has it\n", e.Ref(), len(e.Adopted()), want, p)
		}
	}
	m.compareOpen(b, e, m.adopted(0, revisions))
	if len(e.Revisions()) != len(revisions) {
		fmt.Fprintf(b, "%s: %d revisions, not %d\n", e.Ref(), len(e.Revisions()), len(revisions))
	}
	for _, r := range e.Revisions() {
		m.compareRevision(b, r, revisions)
	}
}

// compareOpen: open is what somebody holds beyond the last adopted revision; ripe for a party
// is what all hold and it has not confirmed.
func (m *model) compareOpen(b *strings.Builder, e *Element, adopted []place) {
	var force *place
	if n := len(adopted); n > 0 {
		force = &adopted[n-1]
	}
	if !same(e.InForce(), force) {
		fmt.Fprintf(b, "%s: in force %s\n", e.Ref(), nameOf(e.InForce()))
	}
	open, all := false, true
	first := m.position(0, e.Ref(), m.done[0])
	for p := range uint8(m.parties) {
		held := m.position(p, e.Ref(), m.done[p])
		open = open || held != nil && (force == nil || *held != *force)
		all = all && held != nil && first != nil && *held == *first
	}
	offer := m.offer(e.Ref(), force)
	if !same(e.Offer(), offer) {
		fmt.Fprintf(b, "%s: offer %s\n", e.Ref(), nameOf(e.Offer()))
	}
	if e.Open() != (open || offer != nil) {
		fmt.Fprintf(b, "%s: open is %v\n", e.Ref(), e.Open())
	}
	for p := range uint8(m.parties) {
		if got := e.Ripe(p); (got != nil) != (all && !m.hasConfirmed(p, first)) {
			fmt.Fprintf(b, "%s: ripe for %d is %s\n", e.Ref(), p, nameOf(got))
		}
	}
}

// offer is the text that stands offered: the last by number, then by party, of those that not every
// party has confirmed and that have a greater number than the text in force.
func (m *model) offer(ref act.Ref, force *place) (stands *place) {
	all := m.revisions()[ref]
	adopted := m.adopted(0, all)
	for _, r := range all {
		if !m.move(r).Offered || slices.Contains(adopted, r) || force != nil && m.number(r, all) <= m.number(*force, all) {
			continue
		}
		if stands == nil || m.number(r, all) > m.number(*stands, all) || m.number(r, all) == m.number(*stands, all) && r.party > stands.party {
			stands = &r
		}
	}
	return stands
}

func (m *model) compareRevision(b *strings.Builder, r *Revision, revisions []place) {
	x := place{r.Party, r.Ordinal}
	if got, want := r.Number, m.number(x, revisions); got != want {
		fmt.Fprintf(b, "revision %s has number %d, not %d\n", nameOf(r), got, want)
	}
	for p := range uint8(m.parties) {
		if got, want := r.ConfirmedBy(p), slices.Contains(m.confirmations(p, revisions), x); got != want {
			fmt.Fprintf(b, "revision %s confirmed by %d: %v\n", nameOf(r), p, got)
		}
		for n := range m.done[p] + 1 {
			if got := r.HeldAt(p, n); got != same(r, m.position(p, m.move(x).Element, n)) {
				fmt.Fprintf(b, "revision %s held by %d after %d entries: %v\n", nameOf(r), p, n, got)
			}
		}
	}
}

func same(r *Revision, x *place) bool {
	if r == nil || x == nil {
		return r == nil && x == nil
	}
	return place{r.Party, r.Ordinal} == *x
}
