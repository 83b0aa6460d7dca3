package accord

import "entente/act"

// An Element is what the parties agree on or not: its revisions, each party's position among
// them, and those that were adopted.
type Element struct {
	ref       act.Ref
	nth       uint32 // in the order in which elements were first judged here
	offers    uint32 // how many of its revisions were only offered
	seats     []seat // per party
	revisions []*Revision
	adopted   []*Revision
	room      [usual]seat // where seats stands, if it fits
}

// A seat is one party's place at an element.
type seat struct {
	held   *Revision // its position
	latest *Revision // the last revision that it tabled
	tabled uint32    // that one's ordinal and number: here too, since they are asked for most
	number uint32
}

// Ref is the element's reference.
func (e *Element) Ref() act.Ref { return e.ref }

// Nth is the element's place, from 0, among those that were judged here, in the order of their
// first: an index for whoever keeps more about each.
func (e *Element) Nth() int { return int(e.nth) }

// Revisions lists the element's revisions in the order in which they were judged here.
func (e *Element) Revisions() []*Revision { return e.revisions }

// Position is the revision that the party holds, or nil.
func (e *Element) Position(party uint8) *Revision { return e.seats[party].held }

// Adopted lists the adopted revisions in their one order; the last is the text in force.
func (e *Element) Adopted() []*Revision { return e.adopted }

// InForce is the last adopted revision, or nil.
func (e *Element) InForce() *Revision {
	if n := len(e.adopted); n > 0 {
		return e.adopted[n-1]
	}
	return nil
}

// Offer is the offered text that stands: of those that nobody has adopted, and that have a greater
// number than the text in force, the one with the greatest; nil where there is none. Where letters
// crossed, it is that of the party that joined last.
func (e *Element) Offer() (stands *Revision) {
	if e.offers == 0 {
		return nil
	}
	least := 0
	if now := e.InForce(); now != nil {
		least = now.Number
	}
	for _, r := range e.revisions {
		if r.Offered && !r.adopted && r.Number > least &&
			(stands == nil || r.Number > stands.Number || r.Number == stands.Number && r.Party > stands.Party) {
			stands = r
		}
	}
	return stands
}

// Open reports whether some party holds a revision other than the one in force, or none was
// adopted while somebody holds one, or an offer stands.
func (e *Element) Open() bool {
	now := e.InForce()
	for i := range e.seats {
		if r := e.seats[i].held; r != nil && r != now {
			return true
		}
	}
	return e.Offer() != nil
}

// Ripe is the revision that the party ought to confirm now: it holds it, every other party is
// here known to hold it, and it has not confirmed it yet. Nil where there is none.
func (e *Element) Ripe(party uint8) *Revision {
	mine := e.seats[party].held
	if mine == nil || mine.ConfirmedBy(party) {
		return nil
	}
	for i := range e.seats {
		if e.seats[i].held != mine {
			return nil
		}
	}
	return mine
}

// A Revision is one exact content of an element.
type Revision struct {
	ID      act.Hash
	Element act.Ref
	Ordinal int // where in its writer's log
	// Number is one more than the greatest number among the revisions of the element that its
	// writer had seen. Letters that cross may bear the same number; the party tells them apart.
	Number  int
	Party   uint8 // who tabled it
	Offered bool  // and did not take it as its position by that

	confirmed uint8 // how many parties have confirmed it
	adopted   bool
	held      uint8       // how many parties have held it
	stays     [usual]stay // of the first that did
	more      *[]stay     // of the others; nil for none
	prior     *Revision   // the one that the same party tabled before
	of        *Element
}

// A stay is the time a party held a revision, in ordinals of that party's own log. A party
// comes to a revision once, so it has one stay at most, and confirms it during that.
type stay struct {
	from, to  uint32 // to is the ordinal of the act that left it, or still
	party     uint8
	confirmed bool
}

const still = maxLog + 1

// IsAdopted reports whether every party has confirmed the revision.
func (r *Revision) IsAdopted() bool { return r.adopted }

// ConfirmedBy reports whether the party's log contains a valid confirmation.
func (r *Revision) ConfirmedBy(party uint8) bool {
	st := r.stayOf(party)
	return st != nil && st.confirmed
}

// HeldAt reports whether the revision was the party's position after that many entries of its log.
func (r *Revision) HeldAt(party uint8, count int) bool {
	st := r.stayOf(party)
	return st != nil && int(st.from) < count && count <= int(st.to)
}

// EverHeldBy reports whether the party holds or has held the revision.
func (r *Revision) EverHeldBy(party uint8) bool { return r.stayOf(party) != nil }

func (r *Revision) stayOf(party uint8) *stay {
	for i := range min(int(r.held), usual) {
		if r.stays[i].party == party {
			return &r.stays[i]
		}
	}
	if r.more != nil {
		for i := range *r.more {
			if st := &(*r.more)[i]; st.party == party {
				return st
			}
		}
	}
	return nil
}

// stay begins a stay.
func (r *Revision) stay(st stay) {
	switch {
	case r.held < usual:
		r.stays[r.held] = st
	case r.more == nil:
		r.more = &[]stay{st}
	default:
		*r.more = append(*r.more, st)
	}
	r.held++
}

// judge says what becomes of a move. It changes nothing.
func (s *State) judge(p uint8, m *Move, v *sight) Judged {
	j := Judged{Party: p, Ordinal: s.logs[p].judged, Void: m.Flaw.or(v.flaw)}
	if j.Void != Good {
		return j
	}
	switch m.Kind {
	case act.KindTable:
		if s.revisions.find(&m.Revision) != nil {
			j.Void = Again
		}
	case act.KindAccept:
		j.Revision, j.Void = s.judgeAccept(p, m, v)
	case act.KindWithdraw:
		e := s.elements[m.Element]
		if e == nil || e.seats[p].held == nil {
			j.Void = HoldsNone
		} else {
			j.Element, j.Revision = e, e.seats[p].held
		}
	case act.KindConfirm:
		j.Revision, j.Void = s.judgeConfirm(p, m, v)
	}
	return j
}

// known finds the revision a move names, in the past that the move had seen.
func (s *State) known(p uint8, m *Move, v *sight) (*Revision, Reason) {
	r := s.revisions.find(&m.Revision)
	if r == nil || (r.Party != p && r.Ordinal >= v.seen[r.Party]) {
		return nil, Unseen
	}
	if r.of != m.Of && r.Element != m.Element {
		return nil, OtherElement
	}
	return r, Good
}

func (s *State) judgeAccept(p uint8, m *Move, v *sight) (*Revision, Reason) {
	r, why := s.known(p, m, v)
	if why == Good && r.EverHeldBy(p) {
		return nil, Again
	}
	return r, why
}

func (s *State) judgeConfirm(p uint8, m *Move, v *sight) (*Revision, Reason) {
	r, why := s.known(p, m, v)
	switch {
	case why != Good:
		return nil, why
	case r.of.seats[p].held != r:
		return nil, NotHeld
	case r.ConfirmedBy(p):
		return nil, Confirmed
	case !s.allOthersHeld(p, r, v):
		return nil, OthersNot
	}
	return r, Good
}

// allOthersHeld is the heart of a confirmation: in the prefixes seen, every other party's
// position is the revision.
func (s *State) allOthersHeld(p uint8, r *Revision, v *sight) bool {
	for q := range s.logs {
		if q != int(p) && !r.HeldAt(uint8(q), v.seen[q]) {
			return false
		}
	}
	return true
}

// apply makes the judgement take effect.
func (s *State) apply(p uint8, m *Move, v *sight, j *Judged) {
	l := &s.logs[p]
	if v.changed {
		l.mark(p, v.seen)
		copy(l.seen, v.seen)
	}
	l.open = v.open
	l.judged++
	if j.Void != Good {
		if l.void == nil {
			l.void = map[int]Reason{}
		}
		l.void[j.Ordinal] = j.Void
		return
	}
	switch m.Kind {
	case act.KindTable:
		if j.Element = m.Of; j.Element == nil {
			j.Element = s.element(m.Element)
		}
		if j.Revision = s.enter(j.Element, m, v, j); !m.Offered {
			s.hold(m, v, j)
		}
	case act.KindAccept:
		j.Element = j.Revision.of
		s.hold(m, v, j)
	case act.KindWithdraw:
		j.Element.leave(p, j.Ordinal)
	case act.KindConfirm:
		j.Element = j.Revision.of
		s.confirm(j)
	}
}

func (s *State) element(ref act.Ref) *Element {
	e := s.elements[ref]
	if e == nil {
		e = s.newElements.take()
		if e.ref, e.seats = ref, e.room[:]; len(s.logs) != usual {
			e.seats = make([]seat, len(s.logs))
		}
		e.nth = uint32(len(s.order))
		s.elements[ref] = e
		s.order = append(s.order, e)
	}
	return e
}

// enter adds the revision that was just tabled, and numbers it.
func (s *State) enter(e *Element, m *Move, v *sight, j *Judged) *Revision {
	r := s.revisions.add(&m.Revision)
	r.Element, r.of, r.Party, r.Ordinal = e.ref, e, j.Party, j.Ordinal
	if r.Offered = m.Offered; m.Offered {
		e.offers++
	}
	mine := &e.seats[j.Party]
	r.Number = int(mine.number)
	for q := range e.seats {
		if q != int(j.Party) {
			r.Number = max(r.Number, s.numberAt(e, uint8(q), v.seen[q]))
		}
	}
	r.Number++
	r.prior = mine.latest
	mine.latest, mine.tabled, mine.number = r, uint32(r.Ordinal), uint32(r.Number)
	if e.revisions == nil {
		e.revisions = make([]*Revision, 0, fewRevisions)
	}
	e.revisions = append(e.revisions, r)
	s.chains.add(e, r)
	return r
}

// hold makes the revision the party's position, and a confirmation where that is already one.
func (s *State) hold(m *Move, v *sight, j *Judged) {
	j.Element.leave(j.Party, j.Ordinal)
	j.Element.seats[j.Party].held = j.Revision
	j.Revision.stay(stay{from: uint32(j.Ordinal), to: still, party: j.Party})
	if !m.Tied && s.allOthersHeld(j.Party, j.Revision, v) {
		s.confirm(j)
	}
}

func (e *Element) leave(p uint8, ordinal int) {
	if r := e.seats[p].held; r != nil {
		r.stayOf(p).to = uint32(ordinal)
		e.seats[p].held = nil
	}
}

func (s *State) confirm(j *Judged) {
	r := j.Revision
	r.stayOf(j.Party).confirmed = true
	if r.confirmed++; int(r.confirmed) == len(s.logs) {
		r.adopted, j.Adopted = true, true
		j.Element.adopted = append(j.Element.adopted, r)
	}
}
