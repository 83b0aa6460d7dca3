package accord

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"entente/act"
	"entente/flat"
)

// A snapshot is the state as bytes. It is a cache, read by the program that wrote it and by nobody
// else, so that a state need not be judged anew from all entries. Elements stand in the order of
// their references and revisions in that of party and ordinal: two states of which the same
// entries were judged have the same snapshot, in whatever order these came.

// errSnapshot is all that is said of bytes that are no snapshot: they are thrown away.
var errSnapshot = errors.New("this is no snapshot of a state of the rule")

const (
	confirmedBit = 1 << 7 // beside the party of a stay
	offeredBit   = 1 << 7 // beside the party of a revision
)

// Snapshot writes the state, and returns its elements in the order in which they were written: the
// order that they will have where it is read.
func (s *State) Snapshot(w *flat.Writer) []*Element {
	for p := range s.logs {
		s.logs[p].snapshot(w)
	}
	order := slices.SortedFunc(slices.Values(s.order), func(a, b *Element) int { return a.ref.Compare(b.ref) })
	var lens, refs, counts flat.Writer
	var c revisionColumns
	for _, e := range order {
		lens.U8(uint8(len(e.ref)))
		refs.Text(string(e.ref))
		counts.U32(uint32(len(e.revisions)))
		c.element(e)
	}
	w.U32(uint32(len(order)))
	for _, col := range []flat.Writer{lens, refs, counts, c.ids, c.ordinals, c.numbers, c.parties, c.held, c.stays, c.from, c.to, c.adoptions, c.adopted} {
		w.Column(col)
	}
	return order
}

func (l *log) snapshot(w *flat.Writer) {
	w.U32(uint32(l.judged))
	w.U8(one(l.open))
	for _, n := range l.seen {
		w.U32(uint32(n))
	}
	var rows, ordinals, reasons flat.Writer
	for _, n := range l.marks {
		rows.U32(n)
	}
	void := make([]int, 0, len(l.void))
	for o := range l.void {
		void = append(void, o)
	}
	slices.Sort(void)
	for _, o := range void {
		ordinals.U32(uint32(o))
		reasons.U8(uint8(l.void[o]))
	}
	w.Column(rows)
	w.Column(ordinals)
	w.Column(reasons)
}

func one(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// revisionColumns are the revisions of all elements.
type revisionColumns struct {
	ids, ordinals, numbers, parties, held flat.Writer // for each revision
	stays, from, to                       flat.Writer // for each party that held it
	adoptions, adopted                    flat.Writer // for each element how many, and which of its revisions
}

func byPlace(a, b *Revision) int {
	return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(a.Ordinal, b.Ordinal))
}

func (c *revisionColumns) element(e *Element) {
	list := slices.SortedFunc(slices.Values(e.revisions), byPlace)
	for _, r := range list {
		c.ids.Bytes(r.ID[:])
		c.ordinals.U32(uint32(r.Ordinal))
		c.numbers.U32(uint32(r.Number))
		c.parties.U8(r.Party | one(r.Offered)*offeredBit)
		c.held.U8(r.held)
		for _, st := range r.sortedStays() {
			c.stays.U8(st.party | one(st.confirmed)*confirmedBit)
			c.from.U32(st.from)
			c.to.U32(st.to)
		}
	}
	c.adoptions.U32(uint32(len(e.adopted)))
	for _, r := range e.adopted {
		i, _ := slices.BinarySearchFunc(list, r, byPlace)
		c.adopted.U32(uint32(i))
	}
}

func (r *Revision) sortedStays() []stay {
	out := slices.Clone(r.stays[:min(int(r.held), usual)])
	if r.more != nil {
		out = append(out, *r.more...)
	}
	slices.SortFunc(out, func(a, b stay) int { return cmp.Compare(a.party, b.party) })
	return out
}

// ByNth lists all elements by their Nth.
func (s *State) ByNth() []*Element { return s.order }

// Restore reads what Snapshot has written of a group of that many parties. Of anything else it
// makes an error or a state that is as safe to use, and wrong: whoever restores has checked where
// the bytes come from.
func Restore(parties int, r *flat.Reader) (*State, error) {
	s := New(parties)
	for p := range s.logs {
		if !s.logs[p].restore(r, p) {
			return nil, errSnapshot
		}
	}
	if !s.soundLogs() || !s.restoreElements(r) {
		return nil, errSnapshot
	}
	return s, nil
}

func (l *log) restore(r *flat.Reader, p int) bool {
	judged := r.U32()
	l.judged, l.open = int(judged), r.U8() == 1
	for q := range l.seen {
		l.seen[q] = int(r.U32())
	}
	width := len(l.seen)
	rows := flat.U32s(r.Run())
	ordinals := flat.U32s(r.Run())
	reasonOf := r.Column(ordinals.Len(), 1)
	if !r.OK() || judged > maxLog || len(rows)%(4*width) != 0 || len(ordinals)%4 != 0 {
		return false
	}
	l.marks = make(marks, rows.Len())
	for i := range l.marks {
		l.marks[i] = rows.At(i)
	}
	for i := p; i < len(l.marks); i += width {
		if l.marks[i] >= judged || i >= width && l.marks[i] <= l.marks[i-width] {
			return false
		}
	}
	if ordinals.Len() > 0 {
		l.void = make(map[int]Reason, ordinals.Len())
	}
	for i := range ordinals.Len() {
		o, why := ordinals.At(i), Reason(reasonOf[i])
		if o >= judged || i > 0 && o <= ordinals.At(i-1) || why == Good || int(why) >= len(reasons) {
			return false
		}
		l.void[int(o)] = why
	}
	return true
}

// soundLogs reports whether no log has seen more of another than has been judged of that.
func (s *State) soundLogs() bool {
	for p := range s.logs {
		l := &s.logs[p]
		for q, n := range l.seen {
			if n > s.logs[q].judged || q == p && n != 0 {
				return false
			}
		}
		for i, n := range l.marks {
			if q := i % len(s.logs); q != p && int(n) > s.logs[q].judged {
				return false
			}
		}
	}
	return true
}

// A restoring is the columns that elements are read from, and how far that has come.
type restoring struct {
	*State
	ids, parties, held, stays           []byte
	ordinals, numbers, from, to, chosen flat.U32s
	slab                                []Revision
	list                                []*Revision // of all elements, one after another
	adopted                             []*Revision
	nextRevision, nextStay, nextAdopted int
}

// restoreElements reads all elements with their revisions.
func (s *State) restoreElements(r *flat.Reader) bool {
	n := int(min(r.U32(), math.MaxInt32))
	lens := r.Column(n, 1)
	refs := string(r.Run())
	counts, m := r.Counts(n, r.Left()/act.HashSize)
	x := restoring{State: s, ids: r.Column(m, act.HashSize), ordinals: r.Column(m, 4), numbers: r.Column(m, 4), parties: r.Column(m, 1), held: r.Column(m, 1)}
	k := 0
	for _, h := range x.held {
		k += int(h)
	}
	x.stays, x.from, x.to = r.Column(k, 1), r.Column(k, 4), r.Column(k, 4)
	adoptions, a := r.Counts(n, m)
	x.chosen = r.Column(a, 4)
	if !r.OK() {
		return false
	}
	x.room(m, a)
	s.elements, s.order = make(map[act.Ref]*Element, n), make([]*Element, n)
	elements := make([]Element, n)
	var seats []seat
	if len(s.logs) != usual {
		seats = make([]seat, n*len(s.logs))
	}
	for i := range elements {
		e := &elements[i]
		size := int(lens[i])
		if size > len(refs) {
			return false
		}
		e.ref, refs, e.nth = act.Ref(refs[:size]), refs[size:], uint32(i)
		if i > 0 && s.order[i-1].ref.Compare(e.ref) >= 0 {
			return false
		}
		if e.seats = e.room[:]; seats != nil {
			w := len(s.logs)
			e.seats = seats[i*w : (i+1)*w : (i+1)*w]
		}
		s.elements[e.ref], s.order[i] = e, e
		if !x.element(e, int(counts.At(i)), int(adoptions.At(i))) {
			return false
		}
	}
	return refs == ""
}

// room sets aside what all revisions need.
func (x *restoring) room(revisions, adopted int) {
	blocks := (revisions + block - 1) / block
	x.slab = make([]Revision, blocks*block)
	for b := range blocks {
		x.revisions.blocks = append(x.revisions.blocks, x.slab[b*block:(b+1)*block:(b+1)*block])
	}
	x.revisions.expect(revisions)
	x.list, x.adopted = make([]*Revision, revisions), make([]*Revision, adopted)
}

// element reads the revisions of one element.
func (x *restoring) element(e *Element, revisions, adopted int) bool {
	from := x.nextRevision
	if revisions == 0 {
		return false
	}
	var before *Revision
	agreed := 0
	for range revisions {
		r := x.revision(e)
		if r == nil || before != nil && byPlace(before, r) >= 0 {
			return false
		}
		if before != nil && before.Party == r.Party {
			r.prior = before
		}
		mine := &e.seats[r.Party]
		mine.latest, mine.tabled, mine.number = r, uint32(r.Ordinal), uint32(r.Number)
		if before = r; r.adopted {
			agreed++
		}
		if r.Offered {
			e.offers++
		}
	}
	e.revisions = x.list[from:x.nextRevision:x.nextRevision]
	first := x.nextAdopted
	for range adopted {
		i := int(x.chosen.At(x.nextAdopted))
		if i >= revisions || !e.revisions[i].adopted {
			return false
		}
		x.adopted[x.nextAdopted] = e.revisions[i]
		x.nextAdopted++
	}
	e.adopted = x.adopted[first:x.nextAdopted:x.nextAdopted]
	return agreed == adopted
}

// revision reads the next revision, with who held it; nil where it cannot be.
func (x *restoring) revision(e *Element) *Revision {
	i := x.nextRevision
	r := &x.slab[i]
	r.ID = act.Hash(x.ids[i*act.HashSize : (i+1)*act.HashSize])
	r.Element, r.of, r.Party, r.Offered = e.ref, e, x.parties[i]&^offeredBit, x.parties[i]&offeredBit != 0
	r.Ordinal, r.Number = int(x.ordinals.At(i)), int(x.numbers.At(i))
	if int(r.Party) >= len(x.logs) || r.Ordinal >= x.logs[r.Party].judged {
		return nil
	}
	last := -1
	for range x.held[i] {
		st := stay{from: x.from.At(x.nextStay), to: x.to.At(x.nextStay), party: x.stays[x.nextStay] &^ confirmedBit, confirmed: x.stays[x.nextStay]&confirmedBit != 0}
		x.nextStay++
		p := int(st.party)
		if p <= last || p >= len(x.logs) || st.from >= st.to || int(st.from) >= x.logs[p].judged || st.to > still {
			return nil
		}
		last = p
		if st.to == still {
			if e.seats[p].held != nil {
				return nil
			}
			e.seats[p].held = r
		}
		if r.stay(st); st.confirmed {
			r.confirmed++
		}
	}
	r.adopted = int(r.confirmed) == len(x.logs)
	at := x.revisions.slot(&r.ID)
	if x.revisions.slots[at].nth != 0 {
		return nil // two of one id
	}
	x.nextRevision++
	x.revisions.count++
	x.revisions.slots[at] = slot{tagOf(&r.ID), x.revisions.count}
	x.list[i] = r
	return r
}
