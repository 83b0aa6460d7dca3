package plan

import (
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/flat"
	"entente/group"
)

// Restore is the plan that Snapshot has written, over logs that hold at least the acts that it was
// made of; Advance goes on from there. Of anything else it makes an error or a plan that is as safe
// to ask, and wrong: whoever restores has checked where the bytes come from.
func Restore(c group.Charter, logs Logs, r *flat.Reader) (*State, error) {
	s := New(c, logs)
	rule, err := accord.Restore(len(c.Parties), r)
	if err != nil {
		return nil, err
	}
	s.rule = rule
	seated := make([]uint32, len(s.seats))
	for p := range s.seats {
		s.spoke[p], seated[p] = int32(r.U32()), r.U32()
		if n := rule.Count(uint8(p)); s.spoke[p] < -1 || int(s.spoke[p]) >= n || int(seated[p]) > 0 && int(seated[p]) >= n {
			return nil, errSnapshot
		}
	}
	x := restoring{State: s, ruled: rule.ByNth(), parties: len(c.Parties)}
	if !x.read(r) || !x.elements() {
		return nil, errSnapshot
	}
	x.grow()
	if !x.dates() || !x.adoptions() || !x.void() || !x.table(r) || !r.Done() {
		return nil, errSnapshot
	}
	for p, at := range seated {
		if at == 0 {
			continue
		}
		place := Place{uint8(p), at}
		b, is := s.Act(place).Body.(act.Accredit)
		if !is {
			return nil, errSnapshot
		}
		s.seats[p] = Delegation{place, b.Delegates}
	}
	s.attendAll()
	return s, nil
}

// A restoring is the columns of a snapshot, as writing has them, and how far reading has come.
type restoring struct {
	*State
	ruled   []*accord.Element
	parties int
	all     []Element
	names   []name // by number, less one: the elements, then the strangers

	kinds, bits, dateText                         []byte
	orders, parents, citing, cites                flat.U32s
	leads, supports, turns                        flat.U64s
	moves, stories                                flat.U32s
	story                                         []entry
	remarks, remarkAt, reports, reportAt          flat.U32s
	remarkSort                                    []byte
	confirms                                      flat.U32s
	confirming, agreed                            stepColumns
	due, agreedOf                                 flat.U32s
	voids                                         []entry
	voidRef                                       flat.U32s
	atCite, atRemark, atReport, atConfirm, atDate int
}

type stepColumns struct{ revision, story flat.U32s }

// read takes the columns apart and sees to it that none is shorter than what the others say.
func (x *restoring) read(r *flat.Reader) bool {
	n := len(x.ruled)
	lens := r.Run()
	strangers := string(r.Run())
	x.kinds, x.bits, x.orders, x.parents, x.dateText = r.Column(n, 1), r.Column(n, 1), r.Column(n, 4), r.Column(n, 4), r.Run()
	var cites, acts, remarks, reports, confirms int
	x.citing, cites = r.Counts(n, r.Left())
	x.cites = r.Column(cites, 4)
	x.leads, x.supports, x.turns = r.Column(n, 8), r.Column(n, 8), r.Column(n, 8)
	x.moves = r.Column(n*x.parties*2, 4)
	x.stories, acts = r.Counts(n, r.Left())
	x.story = x.entries(r, acts)
	x.remarks, remarks = r.Counts(n, acts)
	x.remarkAt, x.remarkSort = r.Column(remarks, 4), r.Column(remarks, 1)
	x.reports, reports = r.Counts(n, acts)
	x.reportAt = r.Column(reports, 4)
	x.confirms, confirms = r.Counts(n, acts)
	x.confirming = readSteps(r, confirms)
	x.due = r.Run()
	x.agreedOf = r.Run()
	x.agreed = readSteps(r, x.agreedOf.Len())
	voids := r.U32()
	x.voids = x.entries(r, int(voids))
	x.voidRef = r.Column(int(voids), 4)
	if !r.OK() || len(x.due)%4 != 0 || len(x.agreedOf)%4 != 0 {
		return false
	}
	return x.name(lens, strangers)
}

func readSteps(r *flat.Reader, n int) stepColumns {
	return stepColumns{revision: r.Column(n, 4), story: r.Column(n, 4)}
}

// entries reads places of acts with their past.
func (x *restoring) entries(r *flat.Reader, n int) []entry {
	parties, ordinals, pasts := r.Column(n, 1), flat.U32s(r.Column(n, 4)), flat.U64s(r.Column(n, 8))
	if !r.OK() {
		return nil
	}
	judged := make([]uint32, x.parties)
	for p := range judged {
		judged[p] = uint32(x.rule.Count(uint8(p)))
	}
	out := make([]entry, n)
	for i := range out {
		p, o := parties[i], ordinals.At(i)
		if int(p) >= len(judged) || o >= judged[p] {
			r.Fail()
			return nil
		}
		out[i] = entry{Place{p, o}, pasts.At(i)}
	}
	return out
}

// name makes the names of all references that something was said about.
func (x *restoring) name(lens []byte, strangers string) bool {
	x.names = make([]name, len(x.ruled)+len(lens))
	for i, e := range x.ruled {
		x.names[i].ref = e.Ref()
	}
	for i, n := range lens {
		if int(n) > len(strangers) || n == 0 {
			return false
		}
		x.names[len(x.ruled)+i].ref, strangers = act.Ref(strangers[:n]), strangers[n:]
	}
	return strangers == ""
}

// elements makes all elements, each with what is known of it alone.
func (x *restoring) elements() bool {
	n := len(x.ruled)
	x.all = make([]Element, n)
	x.State.elements, x.nth = make(map[act.Ref]*Element, n), make([]*Element, n)
	moves := make([]move, n*x.parties)
	for i := range moves {
		moves[i] = move{int32(x.moves.At(2 * i)), int32(x.moves.At(2*i + 1))}
	}
	remarks, reports := make([]remark, 0, x.remarkAt.Len()), make([]entry, 0, x.reportAt.Len())
	for i := range x.all {
		e := &x.all[i]
		e.Element = x.ruled[i]
		e.key, e.inTree = keyOf(e.Ref()), true
		e.moves = moves[i*x.parties : (i+1)*x.parties : (i+1)*x.parties]
		x.State.elements[e.Ref()], x.nth[i], x.names[i].of = e, e, e
		k := int(x.stories.At(i))
		e.story, x.story = x.story[:k:k], x.story[k:]
		if i > 0 && x.all[i-1].compare(e) >= 0 || !slices.IsSortedFunc(e.story, entry.compare) {
			return false
		}
		from := len(remarks)
		for range int(x.remarks.At(i)) {
			at, sort := int(x.remarkAt.At(x.atRemark)), x.remarkSort[x.atRemark]
			x.atRemark++
			if at >= k || int(sort&^liftedBit) >= len(remarkNews) {
				return false
			}
			remarks = append(remarks, remark{e.story[at], act.RemarkSort(sort &^ liftedBit), sort&liftedBit != 0})
		}
		e.remarks = remarks[from:len(remarks):len(remarks)]
		from = len(reports)
		for range int(x.reports.At(i)) {
			at := int(x.reportAt.At(x.atReport))
			x.atReport++
			if at >= k {
				return false
			}
			reports = append(reports, e.story[at])
		}
		e.reports = reports[from:len(reports):len(reports)]
		if !x.facts(e, i) || !x.confirmed(e, int(x.confirms.At(i))) {
			return false
		}
	}
	return x.atDate == len(x.dateText)
}

// facts reads what the shown revision says, and works out how the element stands.
func (x *restoring) facts(e *Element, i int) bool {
	bits := x.bits[i]
	e.shown = e.Shown(x.parties)
	e.kind, e.order, e.struck, e.aside = act.ElementKind(x.kinds[i]), x.orders.At(i), bits&struckBit != 0, bits&asideBit != 0
	e.leads, e.supports, e.turn = x.leads.At(i), x.supports.At(i), x.turns.At(i)
	if int(e.kind) >= len(ranks) || bits >= 2*dueBit {
		return false
	}
	if bits&dueBit != 0 {
		if len(x.dateText)-x.atDate < dateSize {
			return false
		}
		due, err := act.ParseDate(string(x.dateText[x.atDate : x.atDate+dateSize]))
		if err != nil {
			return false
		}
		e.due = due
		x.atDate += dateSize
	}
	if n := x.parents.At(i); n > 0 {
		if int(n) > len(x.names) {
			return false
		}
		e.above = &x.names[n-1]
		e.parent = e.above.ref
	}
	if n := int(x.citing.At(i)); n > 0 {
		e.cites = make([]act.Ref, n)
		for k := range e.cites {
			c := x.cites.At(x.atCite)
			x.atCite++
			if c == 0 || int(c) > len(x.names) {
				return false
			}
			e.cites[k] = x.names[c-1].ref
			x.State.citing[e.cites[k]] = append(x.State.citing[e.cites[k]], e)
		}
	}
	for _, r := range e.remarks {
		if attached(r) {
			e.reservers |= 1 << r.Party
		}
	}
	e.status = e.standing()
	e.count()
	if e.own[cLive] != 0 {
		e.inDue = e.due
	}
	return true
}

// confirmed reads how far the confirmations of revisions reach that are not adopted.
func (x *restoring) confirmed(e *Element, n int) bool {
	for range n {
		rev, at, ok := x.confirming.step(e, x.atConfirm)
		x.atConfirm++
		if !ok {
			return false
		}
		e.confirming = append(e.confirming, confirming{rev, at})
	}
	return true
}

// step reads one revision of an element, and one act about it.
func (c *stepColumns) step(e *Element, i int) (*accord.Revision, entry, bool) {
	rev, at := int(c.revision.At(i)), int(c.story.At(i))
	if rev >= len(e.Revisions()) || at >= len(e.story) {
		return nil, entry{}, false
	}
	return e.Revisions()[rev], e.story[at], true
}

// revisionAt finds a revision of an element that was just restored by its place; nil where there is none.
func revisionAt(e *Element, party uint8, ordinal uint32) *accord.Revision {
	list := e.Revisions()
	i, here := slices.BinarySearchFunc(list, Place{party, ordinal}, func(r *accord.Revision, at Place) int {
		return cmp.Or(cmp.Compare(r.Party, at.Party), cmp.Compare(r.Ordinal, int(at.Ordinal)))
	})
	if !here {
		return nil
	}
	return list[i]
}

// grow makes the tree. Elements come by kind and reference, so that most branches are in order as
// they are made.
func (x *restoring) grow() {
	var byRank [len(ranks)][]*Element
	for _, e := range x.nth {
		byRank[e.rank()] = append(byRank[e.rank()], e)
	}
	for _, list := range byRank {
		for _, e := range list {
			b := &x.roots
			if e.up = x.allowedParent(e); e.up != nil {
				if e.up.kids == nil {
					e.up.kids = &branch{}
				}
				b = e.up.kids
			}
			b.kids = append(b.kids, e)
			x.wait(e)
		}
	}
	x.roots.restore()
	for i := range x.roots.blocks {
		x.sum.add(&x.roots.blocks[i])
	}
	for _, e := range x.nth { // in the order of references
		if e.status == InBrackets {
			x.lists.open.items = append(x.lists.open.items, e)
		}
		for p := range x.lists.turns {
			if e.turn&(1<<p) != 0 {
				x.lists.turns[p].items = append(x.lists.turns[p].items, e)
			}
		}
		x.lists.turned += one(e.turn != 0)
	}
}

// restore works out the counts of a branch, from the bottom up. It has at most MaxDepth levels.
func (b *branch) restore() {
	for _, e := range b.kids {
		for c, n := range e.own {
			e.sum[c] = int32(n)
		}
		if e.kids != nil {
			e.kids.restore()
			for i := range e.kids.blocks {
				e.sum.add(&e.kids.blocks[i])
			}
		}
		e.sum[cRows] = e.rowsNow()
		b.rows += e.sum[cRows]
	}
	for i, e := range b.kids {
		if i > 0 && b.kids[i-1].besides(e) >= 0 {
			break
		}
		b.sorted++
	}
	merge(b.kids, int(b.sorted), (*Element).besides)
	b.tally(0)
}

// dates reads the list of what is due, which must be that of the elements.
func (x *restoring) dates() bool {
	n := 0
	for _, e := range x.nth {
		n += one(e.inDue != "")
	}
	l := &x.lists.due
	if x.due.Len() != n {
		return false
	}
	l.items = make([]dated, n)
	for i := range l.items {
		k := x.due.At(i)
		if int(k) >= len(x.nth) || x.nth[k].inDue == "" {
			return false
		}
		l.items[i] = dated{x.nth[k].inDue, x.nth[k]}
		if i > 0 && l.compare(l.items[i-1], l.items[i]) >= 0 {
			return false
		}
	}
	return true
}

// adoptions reads the list of adoptions.
func (x *restoring) adoptions() bool {
	l := &x.lists.adopted
	l.items = make([]adoption, x.agreedOf.Len())
	for i := range l.items {
		k := x.agreedOf.At(i)
		if int(k) >= len(x.nth) {
			return false
		}
		e := x.nth[k]
		rev, at, ok := x.agreed.step(e, i)
		if !ok || !rev.IsAdopted() {
			return false
		}
		l.items[i] = adoption{at, rev, e}
		if i > 0 && l.compare(l.items[i-1], l.items[i]) >= 0 {
			return false
		}
	}
	return true
}

// void reads the void entries.
func (x *restoring) void() bool {
	x.State.voids = x.voids
	for i, v := range x.voids {
		n := int(x.voidRef.At(i))
		if n > len(x.names) {
			return false
		}
		if n > 0 {
			ref := x.names[n-1].ref
			x.voidOf[ref] = append(x.voidOf[ref], v)
		}
	}
	return true
}
