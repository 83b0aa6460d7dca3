package plan

import (
	"cmp"
	"errors"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/flat"
)

// A snapshot is the plan as bytes: a cache, so that the acts need not be folded anew when a server
// starts. It holds what the fold has found and no words: those stay in the logs, and are read there
// when they are shown. Everything stands in an order of its own, so that two plans of the same acts
// have the same snapshot.
//
// Edition names what a snapshot of this package is. Raise it with every change of the form, or of
// what the fold makes of the same acts.
const Edition = 2

// errSnapshot is all that is said of bytes that are no snapshot: they are thrown away.
var errSnapshot = errors.New("this is no snapshot of a plan")

// Bits that say what a revision's content is besides its kind.
const (
	struckBit = 1 << iota
	asideBit
	dueBit
)

// liftedBit stands beside the sort of a remark.
const liftedBit = 1 << 7

// dateSize is the length of a date, in bytes.
const dateSize = len("2017-12-19")

// Snapshot writes the plan.
func (s *State) Snapshot(w *flat.Writer) {
	ruled := s.rule.Snapshot(w)
	x := writing{State: s, refs: make(map[act.Ref]uint32, len(ruled)), nths: map[*accord.Revision]uint32{}}
	list := make([]*Element, len(ruled))
	for i, e := range ruled {
		list[i], x.refs[e.Ref()] = s.nth[e.Nth()], uint32(i)+1
	}
	for p, d := range s.seats {
		w.U32(uint32(s.spoke[p]))
		w.U32(d.Place.Ordinal) // 0 for none: a log's first entry is its charter
	}
	for _, e := range list {
		x.facts(e)
		x.acts(e)
	}
	for _, d := range s.lists.due.items {
		x.due.U32(x.refs[d.of.Ref()] - 1)
	}
	for _, a := range s.lists.adopted.items {
		x.agreedOf.U32(x.refs[a.of.Ref()] - 1)
		x.step(&x.agreed, a.of, a.rev, a.entry)
	}
	x.void()
	for _, c := range x.columns() {
		w.Column(*c)
	}
	w.U32(uint32(len(x.voidParty)))
	for _, c := range []*flat.Writer{&x.voidParty, &x.voidOrdinal, &x.voidPast, &x.voidRef} {
		w.Column(*c)
	}
	x.table(w)
}

// A writing is the columns of a snapshot. Of a reference, the number is its element's place in the
// order of references and one more, or beyond those its place in strangers; 0 stands for none.
type writing struct {
	*State
	refs map[act.Ref]uint32
	nths map[*accord.Revision]uint32 // where revisions that steps name stand among those of their element

	lens, strangers                              flat.Writer
	kinds, bits, orders, parents, dates          flat.Writer
	citing, cites, leads, supports, turns        flat.Writer
	moves                                        flat.Writer
	stories, storyParty, storyOrdinal, storyPast flat.Writer
	remarks, remarkAt, remarkSort                flat.Writer
	reports, reportAt                            flat.Writer
	confirms                                     flat.Writer
	confirming                                   steps
	due                                          flat.Writer
	agreedOf                                     flat.Writer
	agreed                                       steps
	voidParty, voidOrdinal, voidPast, voidRef    flat.Writer
}

// steps name revisions of elements, by where they stand in the order of party and ordinal, each with
// an act of the element's story.
type steps struct{ revision, story flat.Writer }

func (x *writing) step(c *steps, e *Element, r *accord.Revision, at entry) {
	c.revision.U32(x.nths[r])
	c.story.U32(e.storyAt(at))
}

// number finds where the revisions of an element stand that steps name.
func (x *writing) number(e *Element) {
	if len(e.Adopted())+len(e.confirming) == 0 {
		return
	}
	for i, r := range slices.SortedFunc(slices.Values(e.Revisions()), byPlace) {
		if r.IsAdopted() || len(e.confirming) > 0 {
			x.nths[r] = uint32(i)
		}
	}
}

// columns are all columns, in the order in which they stand.
func (x *writing) columns() []*flat.Writer {
	return []*flat.Writer{
		&x.lens, &x.strangers, &x.kinds, &x.bits, &x.orders, &x.parents, &x.dates, &x.citing, &x.cites, &x.leads, &x.supports, &x.turns, &x.moves,
		&x.stories, &x.storyParty, &x.storyOrdinal, &x.storyPast, &x.remarks, &x.remarkAt, &x.remarkSort, &x.reports, &x.reportAt,
		&x.confirms, &x.confirming.revision, &x.confirming.story,
		&x.due, &x.agreedOf, &x.agreed.revision, &x.agreed.story,
	}
}

// ref numbers a reference.
func (x *writing) ref(ref act.Ref) uint32 {
	if ref == "" {
		return 0
	}
	n, known := x.refs[ref]
	if !known {
		n = uint32(len(x.refs)) + 1
		x.refs[ref] = n
		x.lens.U8(uint8(len(ref)))
		x.strangers.Text(string(ref))
	}
	return n
}

// facts writes what the shown revision of an element says.
func (x *writing) facts(e *Element) {
	bits := uint8(0)
	if e.struck {
		bits |= struckBit
	}
	if e.aside {
		bits |= asideBit
	}
	if e.due != "" {
		bits |= dueBit
		x.dates.Text(string(e.due))
	}
	x.kinds.U8(uint8(e.kind))
	x.bits.U8(bits)
	x.orders.U32(e.order)
	x.parents.U32(x.ref(e.parent))
	x.citing.U32(uint32(len(e.cites)))
	for _, ref := range e.cites {
		x.cites.U32(x.ref(ref))
	}
	x.leads.U64(e.leads)
	x.supports.U64(e.supports)
	x.turns.U64(e.turn)
}

// acts writes what was done about an element.
func (x *writing) acts(e *Element) {
	for _, m := range e.moves {
		x.moves.U32(uint32(m.first))
		x.moves.U32(uint32(m.last))
	}
	x.stories.U32(uint32(len(e.story)))
	for _, a := range e.story {
		x.storyParty.U8(a.Party)
		x.storyOrdinal.U32(a.Ordinal)
		x.storyPast.U64(a.past)
	}
	x.remarks.U32(uint32(len(e.remarks)))
	for _, r := range e.remarks {
		x.remarkAt.U32(e.storyAt(r.entry))
		sort := uint8(r.Sort)
		if r.Lifted {
			sort |= liftedBit
		}
		x.remarkSort.U8(sort)
	}
	x.reports.U32(uint32(len(e.reports)))
	for _, r := range e.reports {
		x.reportAt.U32(e.storyAt(r))
	}
	x.number(e)
	x.confirms.U32(uint32(len(e.confirming)))
	list := slices.SortedFunc(slices.Values(e.confirming), func(a, b confirming) int { return byPlace(a.rev, b.rev) })
	for _, c := range list {
		x.step(&x.confirming, e, c.rev, c.latest)
	}
}

func byPlace(a, b *accord.Revision) int {
	return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(a.Ordinal, b.Ordinal))
}

// storyAt is where an act stands among those about the element.
func (e *Element) storyAt(x entry) uint32 {
	i, _ := slices.BinarySearchFunc(e.story, x, entry.compare)
	return uint32(i)
}

// void writes the void entries, with what they are about.
func (x *writing) void() {
	about := make(map[Place]act.Ref, len(x.voidOf))
	for ref, list := range x.voidOf {
		for _, v := range list {
			about[v.Place] = ref
		}
	}
	for _, v := range slices.SortedFunc(slices.Values(x.voids), entry.compare) {
		x.voidParty.U8(v.Party)
		x.voidOrdinal.U32(v.Ordinal)
		x.voidPast.U64(v.past)
		x.voidRef.U32(x.ref(about[v.Place]))
	}
}
