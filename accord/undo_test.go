package accord

import "entente/act"

// A saved state is what one more entry may change of a state with one element, few revisions
// and at most four parties: enough to take the entry back.
type saved struct {
	seen      [4]int
	seats     [4]seat
	offers    uint32
	revisions []*Revision
	adopted   int
	count     uint32
	copies    [maxTexts]Revision
	stays     [maxTexts][4]stay // beyond those that a Revision has room for
	more      [maxTexts]int
}

const maxTexts = 4

func (x *exhaustive) save() (o saved) {
	s := x.s
	o.count = s.revisions.count
	for n := range o.count {
		r := s.revisions.nth(n + 1)
		o.copies[n] = *r
		if o.more[n] = 0; r.more != nil {
			o.more[n] = copy(o.stays[n][:], *r.more)
		}
	}
	if e := s.elements[theElement]; e != nil {
		copy(o.seats[:], e.seats)
		o.revisions, o.adopted, o.offers = e.revisions, len(e.adopted), e.offers
	}
	return o
}

// undo takes back the entry that was done last. It must be given what was saved before it.
func (x *exhaustive) undo(c *choice, o saved) {
	p, s := c.party, x.s
	x.line = x.line[:len(x.line)-1]
	x.w.logs[p] = x.w.logs[p][:len(x.w.logs[p])-1]
	x.view.have[p]--
	l := &s.logs[p]
	l.judged--
	if len(c.m.Seen) > 0 {
		l.marks = l.marks[:len(l.marks)-len(s.logs)]
		clear(l.seen)
		for q, n := range l.marks[max(0, len(l.marks)-len(s.logs)):] {
			if q != int(p) {
				l.seen[q] = int(n)
			}
		}
	}
	if c.m.Kind == act.KindTable {
		x.tabled--
		s.revisions.forget()
	}
	for n := range o.count {
		r := s.revisions.nth(n + 1)
		*r = o.copies[n]
		if r.more != nil {
			*r.more = append((*r.more)[:0], o.stays[n][:o.more[n]]...)
		}
	}
	if e := s.elements[theElement]; e != nil {
		copy(e.seats, o.seats[:])
		e.revisions, e.adopted, e.offers = o.revisions, e.adopted[:o.adopted], o.offers
	}
	if o.count == 0 {
		delete(s.elements, theElement)
		s.order = s.order[:0]
	}
	x.retract(p)
}

// retract drops the party's last confirmation if it no longer stands.
func (x *exhaustive) retract(p uint8) {
	n := len(x.words[p])
	if n == 0 {
		return
	}
	if r := x.s.Revision(x.words[p][n-1]); r == nil || !r.ConfirmedBy(p) {
		x.words[p] = x.words[p][:n-1]
	}
}

// forget drops the revision that came last. Slots are taken in order of coming, so that the
// last may be emptied without a gap in anybody's way.
func (x *revisions) forget() {
	r := x.nth(x.count)
	x.slots[x.slot(&r.ID)] = slot{}
	*r = Revision{}
	x.count--
}

// sum writes the state as numbers, in an order that does not depend on how it came about, and
// says how many they are.
func (x *exhaustive) sum(out *[96]uint64) int {
	n, s := 0, x.s
	put := func(v uint64) { out[n] = v; n++ }
	name := func(r *Revision) uint64 {
		if r == nil {
			return 0
		}
		return uint64(r.Party+1)<<32 | uint64(r.Ordinal)
	}
	for p := range s.logs {
		put(uint64(s.logs[p].judged))
		for _, v := range s.logs[p].seen {
			put(uint64(v))
		}
	}
	e := s.Element(theElement)
	for p := range e.seats {
		put(name(e.seats[p].held))
		for r := e.seats[p].latest; r != nil; r = r.prior {
			put(name(r))
			put(uint64(r.Number))
			put(uint64(r.confirmed))
			for q := range uint8(len(s.logs)) {
				if st := r.stayOf(q); st != nil {
					put(uint64(st.from)<<32 | uint64(st.to))
					if st.confirmed {
						put(1)
					}
				}
			}
		}
	}
	for _, r := range e.adopted {
		put(name(r))
	}
	put(name(e.Offer()))
	return n
}
