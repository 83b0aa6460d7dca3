package accord

import "entente/act"

// An Element is what the parties agree on or not: its revisions, each party's position among
// them, and those that were adopted.
type Element struct {
	ref       act.Ref
	revisions []*Revision
	held      []*Revision // per party, its position
	latest    []*Revision // per party, the last revision it tabled
	adopted   []*Revision
}

// Ref is the element's reference.
func (e *Element) Ref() act.Ref { return e.ref }

// Revisions lists the element's revisions in the order in which they were judged here.
func (e *Element) Revisions() []*Revision { return e.revisions }

// Position is the revision that the party holds, or nil.
func (e *Element) Position(party uint8) *Revision { return e.held[party] }

// Adopted lists the adopted revisions in their one order; the last is the text in force.
func (e *Element) Adopted() []*Revision { return e.adopted }

// InForce is the last adopted revision, or nil.
func (e *Element) InForce() *Revision {
	if n := len(e.adopted); n > 0 {
		return e.adopted[n-1]
	}
	return nil
}

// Open reports whether some party holds a revision other than the one in force, or none was
// adopted while somebody holds one.
func (e *Element) Open() bool {
	now := e.InForce()
	for _, r := range e.held {
		if r != nil && r != now {
			return true
		}
	}
	return false
}

// Ripe is the revision that the party ought to confirm now: it holds it, every other party is
// here known to hold it, and it has not confirmed it yet. Nil where there is none.
func (e *Element) Ripe(party uint8) *Revision {
	mine := e.held[party]
	if mine == nil || mine.confirmed.has(party) {
		return nil
	}
	for _, r := range e.held {
		if r != mine {
			return nil
		}
	}
	return mine
}

// A Revision is one exact content of an element.
type Revision struct {
	ID      act.Hash
	Element act.Ref
	Party   uint8 // who tabled it
	Ordinal int   // where in that party's log
	// Number is one more than the greatest number among the revisions of the element that its
	// writer had seen. Letters that cross may bear the same number; the party tells them apart.
	Number int

	prior     *Revision // the one that the same party tabled before
	stays     []stay
	confirmed parties
	adopted   bool
}

// A stay is the time a party held a revision, in ordinals of that party's own log. A party
// comes to a revision once, so it has one stay at most.
type stay struct {
	from, to int // to is the ordinal of the act that left it, or still
	party    uint8
}

const still = int(^uint(0) >> 1)

// IsAdopted reports whether every party has confirmed the revision.
func (r *Revision) IsAdopted() bool { return r.adopted }

// ConfirmedBy reports whether the party's log contains a valid confirmation.
func (r *Revision) ConfirmedBy(party uint8) bool { return r.confirmed.has(party) }

// HeldAt reports whether the revision was the party's position after that many entries of its log.
func (r *Revision) HeldAt(party uint8, count int) bool {
	st := r.stayOf(party)
	return st != nil && st.from < count && count <= st.to
}

// EverHeldBy reports whether the party holds or has held the revision.
func (r *Revision) EverHeldBy(party uint8) bool { return r.stayOf(party) != nil }

func (r *Revision) stayOf(party uint8) *stay {
	for i := range r.stays {
		if r.stays[i].party == party {
			return &r.stays[i]
		}
	}
	return nil
}

// parties is a set of ordinals; act.MaxParties is below 64.
type parties uint64

func (s parties) has(p uint8) bool     { return s&(1<<p) != 0 }
func (s parties) with(p uint8) parties { return s | 1<<p }
func (s parties) all(n int) bool       { return s == 1<<n-1 }

// judge says what becomes of a move. It changes nothing.
func (s *State) judge(p uint8, m Move, v sight) Judged {
	j := Judged{Party: p, Ordinal: s.logs[p].judged, Void: m.Flaw.or(v.flaw)}
	if j.Void != Good {
		return j
	}
	switch m.Kind {
	case act.KindTable:
		if s.revisions[m.Revision] != nil {
			j.Void = Again
		}
	case act.KindAccept:
		j.Revision, j.Void = s.judgeAccept(p, m, v)
	case act.KindWithdraw:
		e := s.elements[m.Element]
		if e == nil || e.held[p] == nil {
			j.Void = HoldsNone
		} else {
			j.Revision = e.held[p]
		}
	case act.KindConfirm:
		j.Revision, j.Void = s.judgeConfirm(p, m, v)
	}
	return j
}

// known finds the revision a move names, in the past that the move had seen.
func (s *State) known(p uint8, m Move, v sight) (*Revision, Reason) {
	r := s.revisions[m.Revision]
	if r == nil || (r.Party != p && r.Ordinal >= v.seen[r.Party]) {
		return nil, Unseen
	}
	if r.Element != m.Element {
		return nil, OtherElement
	}
	return r, Good
}

func (s *State) judgeAccept(p uint8, m Move, v sight) (*Revision, Reason) {
	r, why := s.known(p, m, v)
	if why == Good && r.EverHeldBy(p) {
		return nil, Again
	}
	return r, why
}

func (s *State) judgeConfirm(p uint8, m Move, v sight) (*Revision, Reason) {
	r, why := s.known(p, m, v)
	switch {
	case why != Good:
		return nil, why
	case s.elements[m.Element].held[p] != r:
		return nil, NotHeld
	case r.confirmed.has(p):
		return nil, Confirmed
	case !s.allOthersHeld(p, r, v):
		return nil, OthersNot
	}
	return r, Good
}

// allOthersHeld is the heart of a confirmation: in the prefixes seen, every other party's
// position is the revision.
func (s *State) allOthersHeld(p uint8, r *Revision, v sight) bool {
	for q := range s.logs {
		if q != int(p) && !r.HeldAt(uint8(q), v.seen[q]) {
			return false
		}
	}
	return true
}

// apply makes the judgement take effect.
func (s *State) apply(p uint8, m Move, v sight, j *Judged) {
	l := &s.logs[p]
	ordinal := l.judged
	l.judged++
	l.open = v.open
	if v.changed {
		l.seen = v.seen
		l.past = append(l.past, mark{ordinal, v.seen})
	}
	if j.Void != Good {
		if l.void == nil {
			l.void = map[int]Reason{}
		}
		l.void[ordinal] = j.Void
		return
	}
	switch m.Kind {
	case act.KindTable:
		e := s.element(m.Element)
		j.Revision = &Revision{ID: m.Revision, Element: m.Element, Party: p, Ordinal: ordinal}
		e.enter(j.Revision, v)
		s.revisions[m.Revision] = j.Revision
		j.Element = e
		s.hold(e, p, ordinal, v, j)
	case act.KindAccept:
		j.Element = s.elements[m.Element]
		s.hold(j.Element, p, ordinal, v, j)
	case act.KindWithdraw:
		j.Element = s.elements[m.Element]
		j.Element.leave(p, ordinal)
	case act.KindConfirm:
		j.Element = s.elements[m.Element]
		s.confirm(j.Element, p, j)
	}
}

func (s *State) element(ref act.Ref) *Element {
	e := s.elements[ref]
	if e == nil {
		e = &Element{ref: ref, held: make([]*Revision, len(s.logs)), latest: make([]*Revision, len(s.logs))}
		s.elements[ref] = e
		s.refs = append(s.refs, ref)
	}
	return e
}

// enter adds a revision that was just tabled, and numbers it.
func (e *Element) enter(r *Revision, v sight) {
	for q, last := range e.latest {
		for last != nil && q != int(r.Party) && last.Ordinal >= v.seen[q] {
			last = last.prior
		}
		if last != nil {
			r.Number = max(r.Number, last.Number)
		}
	}
	r.Number++
	r.prior = e.latest[r.Party]
	e.latest[r.Party] = r
	e.revisions = append(e.revisions, r)
}

// hold makes the revision the party's position, and a confirmation where that is already one.
func (s *State) hold(e *Element, p uint8, ordinal int, v sight, j *Judged) {
	e.leave(p, ordinal)
	e.held[p] = j.Revision
	j.Revision.stays = append(j.Revision.stays, stay{from: ordinal, to: still, party: p})
	if s.allOthersHeld(p, j.Revision, v) {
		s.confirm(e, p, j)
	}
}

func (e *Element) leave(p uint8, ordinal int) {
	if r := e.held[p]; r != nil {
		r.stayOf(p).to = ordinal
		e.held[p] = nil
	}
}

func (s *State) confirm(e *Element, p uint8, j *Judged) {
	r := j.Revision
	r.confirmed = r.confirmed.with(p)
	if r.confirmed.all(len(s.logs)) {
		r.adopted, j.Adopted = true, true
		e.adopted = append(e.adopted, r)
	}
}
