package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
)

// Changes is what one Advance has brought.
type Changes struct {
	Judged  int       // entries judged
	Void    int       // of them, void ones
	Touched []act.Ref // elements that some valid act was about, each once
	Adopted []act.Ref // elements of which a revision was adopted, each once
	Seated  bool      // some delegation changed
}

// Advance judges and applies every entry that is here with its past.
func (s *State) Advance() Changes {
	f := fold{State: s}
	s.rule.Advance(s, f.apply)
	byReference(f.touched)
	f.out.Touched = make([]act.Ref, len(f.touched))
	for i, e := range f.touched {
		if i%atHand == 0 {
			s.nearShown(f.touched[i:])
		}
		f.out.Touched[i] = e.Ref()
		if e.renewed {
			f.out.Adopted = append(f.out.Adopted, e.Ref())
		}
		e.touched, e.renewed = false, false
		s.refresh(e)
	}
	s.settle()
	if len(f.touched) > 0 {
		s.board.list, s.board.load = nil, nil
	}
	return f.out
}

// Compact gives what is kept about every element memory of just its size, after a long history was
// folded.
func (s *State) Compact() {
	stories, remarks, reports := 0, 0, 0
	for _, e := range s.nth {
		stories, remarks, reports = stories+len(e.story), remarks+len(e.remarks), reports+len(e.reports)
	}
	story, remark, report := make([]entry, 0, stories), make([]remark, 0, remarks), make([]entry, 0, reports)
	for _, e := range s.nth {
		e.story, story = moveTo(story, e.story)
		e.remarks, remark = moveTo(remark, e.remarks)
		e.reports, report = moveTo(report, e.reports)
		if len(e.confirming) == 0 {
			e.confirming = nil
		}
	}
}

// moveTo copies a list to the end of a greater one, which has room for it.
func moveTo[T any](all, list []T) (moved, rest []T) {
	if len(list) == 0 {
		return nil, all
	}
	from := len(all)
	all = append(all, list...)
	return all[from:len(all):len(all)], all
}

// Next reads an entry for the rule; it is accord.Logs's Next.
func (s *State) Next(party uint8, ordinal int) (accord.Move, bool) {
	if s.nowAt[party] != ordinal {
		s.near(party, ordinal)
		g := s.gist(party, ordinal)
		if g == nil {
			return accord.Move{}, false
		}
		s.now[party], s.nowAt[party] = g, ordinal
	}
	g := s.now[party]
	if flaw := g.flawAt(ordinal); flaw != accord.Good {
		return accord.Move{Flaw: flaw}, true
	}
	m := accord.Move{Kind: g.kind, Seen: g.Seen(), Revision: g.revision, Offered: g.offered, Tied: g.tied}
	if g.element != nil {
		if m.Element = g.element.ref; g.element.of != nil {
			m.Of = g.element.of.Element
		}
	}
	if g.kind == act.KindTable && m.Revision.IsZero() {
		m.Revision = s.logs.LeafHash(party, ordinal)
	}
	return m, true
}

// Prefix is accord.Logs's Prefix.
func (s *State) Prefix(party uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	return s.logs.Prefix(party, epoch, size)
}

// A fold applies judged entries to the plan.
type fold struct {
	*State
	out     Changes
	touched []*Element
}

func (f *fold) apply(j accord.Judged) {
	f.out.Judged++
	g := f.now[j.Party]
	at := f.entryOf(j)
	if j.Void != accord.Good {
		f.out.Void++
		f.voids = append(f.voids, at)
		if g.element != nil {
			f.voidOf[g.element.ref] = append(f.voidOf[g.element.ref], at)
		}
		return
	}
	if g.personal {
		f.spoke[j.Party] = int32(j.Ordinal)
	}
	switch g.kind {
	case act.KindAccredit:
		b, _ := f.Act(at.Place).Body.(act.Accredit)
		f.seats[j.Party] = Delegation{at.Place, b.Delegates}
		f.out.Seated = true
	case act.KindTable:
		e := f.enter(j.Element)
		g.element.of = e
		if e.moves[at.Party].first < 0 {
			e.moves[at.Party].first = int32(at.Ordinal)
		}
		if g.offered {
			f.note(e, at)
		} else {
			f.moved(e, at, j)
		}
		f.confirmed(e, at, j)
		f.tabled(e, g, at)
	case act.KindAccept:
		e := f.nth[j.Element.Nth()]
		f.moved(e, at, j)
		f.confirmed(e, at, j)
	case act.KindWithdraw:
		f.moved(f.nth[j.Element.Nth()], at, j)
	case act.KindConfirm:
		e := f.nth[j.Element.Nth()]
		f.note(e, at)
		f.confirmed(e, at, j)
	case act.KindRemark:
		f.remarked(g, at)
	case act.KindReport:
		f.reported(g, at)
	case act.KindRefer, act.KindCertify, act.KindSit, act.KindCalendar, act.KindAttest, act.KindDispute:
		f.spoken(g, at)
	}
}

// entryOf counts the past of the entry that was just judged.
func (f *fold) entryOf(j accord.Judged) entry {
	at := entry{Place{j.Party, uint32(j.Ordinal)}, uint64(j.Ordinal) + 1}
	for q := range f.rule.Parties() {
		if q != int(j.Party) {
			at.past += uint64(f.rule.SeenBy(j.Party, uint8(q)))
		}
	}
	return at
}

// enter finds the element or makes it.
func (f *fold) enter(ruled *accord.Element) *Element {
	if n := ruled.Nth(); n < len(f.nth) {
		return f.nth[n]
	}
	e := f.room.take(f.rule.Parties())
	e.Element, e.key = ruled, keyOf(ruled.Ref())
	f.elements[ruled.Ref()] = e
	f.nth = append(f.nth, e)
	return e
}

// moved notes an act by which a party came to a revision, or left one.
func (f *fold) moved(e *Element, at entry, j accord.Judged) {
	e.moves[at.Party].last = int32(at.Ordinal)
	f.note(e, at)
}

// confirmed notes how far the confirmations of a revision reach, and adoption where the act brought
// it about. A revision is adopted by the latest of the parties' confirmations, whichever arrived last.
func (f *fold) confirmed(e *Element, at entry, j accord.Judged) {
	if !j.Revision.ConfirmedBy(at.Party) {
		return
	}
	i := slices.IndexFunc(e.confirming, func(c confirming) bool { return c.rev == j.Revision })
	if i < 0 {
		i = len(e.confirming)
		e.confirming = append(e.confirming, confirming{rev: j.Revision})
	}
	if c := &e.confirming[i]; at.compare(c.latest) > 0 {
		c.latest = at
	}
	if j.Adopted {
		e.renewed = true
		f.lists.adopted.put = append(f.lists.adopted.put, adoption{e.confirming[i].latest, j.Revision, e})
		e.confirming = slices.Delete(e.confirming, i, i+1)
	}
}

func (f *fold) note(e *Element, at entry) {
	if n := len(e.story); n > 0 && at.compare(e.story[n-1]) < 0 {
		e.untidy = true
	}
	e.story = append(e.story, at)
	if !e.touched {
		e.touched = true
		f.touched = append(f.touched, e)
	}
}

// known finds the element that a remark or a report is about, if its writer had seen it tabled.
// Such acts about anything else stay in the log and are shown nowhere.
func (f *fold) known(n *name, at entry) *Element {
	e := f.find(n)
	if e == nil {
		return nil
	}
	for p, m := range e.moves {
		if m.first < 0 {
			continue
		}
		if p == int(at.Party) || int(m.first) < f.rule.SeenBy(at.Party, uint8(p)) {
			return e
		}
	}
	return nil
}

func (f *fold) remarked(g *Gist, at entry) {
	e := f.known(g.element, at)
	if e == nil {
		return
	}
	f.note(e, at)
	if !g.revision.IsZero() {
		f.liftRemark(e, g.revision, at.Party)
	}
	if e.remarkAt != nil {
		e.remarkAt[f.LeafHash(at.Place)] = int32(len(e.remarks))
	}
	e.remarks = append(e.remarks, remark{entry: at, Sort: g.sort})
}

// liftRemark ends a remark of the party's own. Where the remarks stand by their leaf hashes is kept
// from the first such act on, until they are put in order: a party that lifts a thousand times
// costs no more than one that remarks a thousand times.
func (s *State) liftRemark(e *Element, id act.Hash, party uint8) {
	if e.remarkAt == nil {
		e.remarkAt = make(map[act.Hash]int32, len(e.remarks))
		for i, r := range e.remarks {
			e.remarkAt[s.LeafHash(r.Place)] = int32(i)
		}
	}
	if i, here := e.remarkAt[id]; here && e.remarks[i].Party == party {
		e.remarks[i].Lifted = true
	}
}

func (f *fold) reported(g *Gist, at entry) {
	if g.observed {
		f.spoken(g, at)
		return
	}
	if e := f.known(g.element, at); e != nil {
		f.note(e, at)
		e.reports = append(e.reports, at)
	}
}
