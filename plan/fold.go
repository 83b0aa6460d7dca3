package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
)

// Changes is what one Advance has brought.
type Changes struct {
	Judged   int       // entries judged
	Void     int       // of them, void ones
	Touched  []act.Ref // elements that some valid act was about, each once
	Adopted  []act.Ref // elements of which a revision was adopted, each once
	Seated   bool      // some delegation changed
	Mentions []Place   // acts of the kinds a person is told about: everything but confirm and see
}

// Advance judges and applies every entry that is here with its past.
func (s *State) Advance() Changes {
	f := fold{State: s, touched: map[act.Ref]bool{}, adopted: map[act.Ref]bool{}}
	s.rule.Advance(s, f.apply)
	f.out.Touched, f.out.Adopted = sortedRefs(f.touched), sortedRefs(f.adopted)
	for _, ref := range f.out.Touched {
		s.refresh(s.elements[ref])
	}
	s.sortChildren()
	return f.out
}

func sortedRefs(set map[act.Ref]bool) []act.Ref {
	out := make([]act.Ref, 0, len(set))
	for r := range set {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

// Next decodes an entry for the rule; it is accord.Logs's Next.
func (s *State) Next(party uint8, ordinal int) (accord.Move, bool) {
	if s.nowAt[party] != ordinal {
		leaf, here := s.logs.Leaf(party, ordinal)
		if !here {
			return accord.Move{}, false
		}
		a, err := act.Decode(leaf)
		if err != nil {
			a = act.Act{}
		}
		s.now[party], s.nowAt[party] = a, ordinal
	}
	a := &s.now[party]
	if flaw := s.flaw(a, party, ordinal); flaw != accord.Good {
		return accord.Move{Flaw: flaw}, true
	}
	return s.move(a, party, ordinal), true
}

// Prefix is accord.Logs's Prefix.
func (s *State) Prefix(party uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	return s.logs.Prefix(party, epoch, size)
}

// flaw says why an entry is no act of this place.
func (s *State) flaw(a *act.Act, party uint8, ordinal int) accord.Reason {
	if a.Body == nil {
		return accord.NoAct
	}
	epoch, index := s.logs.Place(party, ordinal)
	if a.Group != s.id || a.Party != party || a.Epoch != epoch || a.Index != index {
		return accord.WrongPlace
	}
	switch b := a.Body.(type) {
	case act.Constitute:
		if ordinal != 0 {
			return accord.Misplaced
		}
		if b.Charter != s.raw {
			return accord.BadCharter
		}
	case act.Resume:
		if index != 0 || epoch == 0 {
			return accord.Misplaced
		}
	default:
		if index == 0 {
			return accord.Misplaced
		}
	}
	return accord.Good
}

// move takes from an act what the rule needs.
func (s *State) move(a *act.Act, party uint8, ordinal int) accord.Move {
	m := accord.Move{Kind: a.Body.Kind(), Seen: a.Seen}
	switch b := a.Body.(type) {
	case act.Table:
		m.Element, m.Revision = b.Element, s.logs.LeafHash(party, ordinal)
	case act.Accept:
		m.Element, m.Revision = b.Element, b.Revision
	case act.Withdraw:
		m.Element = b.Element
	case act.Confirm:
		m.Element, m.Revision = b.Element, b.Revision
	}
	return m
}

// A fold applies judged entries to the plan.
type fold struct {
	*State
	out     Changes
	touched map[act.Ref]bool
	adopted map[act.Ref]bool
}

func (f *fold) apply(j accord.Judged) {
	f.out.Judged++
	if j.Void != accord.Good {
		f.out.Void++
		return
	}
	a := &f.now[j.Party]
	at := Place{j.Party, uint32(j.Ordinal)}
	if k := a.Body.Kind(); k != act.KindConfirm && k != act.KindSee {
		f.out.Mentions = append(f.out.Mentions, at)
	}
	switch b := a.Body.(type) {
	case act.Accredit:
		f.seats[j.Party] = Delegation{at, b.Delegates}
		f.out.Seated = true
	case act.Table:
		f.moved(f.enter(b.Element, j.Element), at, j)
	case act.Accept, act.Withdraw:
		f.moved(f.elements[j.Element.Ref()], at, j)
	case act.Confirm:
		f.confirmed(f.elements[b.Element], at, j)
	case act.Remark:
		f.remarked(b, at)
	case act.Report:
		f.reported(b, at)
	}
}

// enter finds the element or makes it.
func (f *fold) enter(ref act.Ref, ruled *accord.Element) *Element {
	e := f.elements[ref]
	if e == nil {
		e = &Element{Element: ruled, last: make([]int32, f.rule.Parties())}
		for i := range e.last {
			e.last[i] = -1
		}
		f.elements[ref] = e
	}
	return e
}

func (f *fold) moved(e *Element, at Place, j accord.Judged) {
	e.last[at.Party] = int32(at.Ordinal)
	f.confirmed(e, at, j)
}

func (f *fold) confirmed(e *Element, at Place, j accord.Judged) {
	f.note(e, at)
	if j.Adopted {
		f.adopted[e.Ref()] = true
	}
}

func (f *fold) note(e *Element, at Place) {
	e.story = append(e.story, at)
	f.touched[e.Ref()] = true
}

// remarked attaches a remark, unless the element is not known here yet in the remark's past.
func (f *fold) remarked(b act.Remark, at Place) {
	e := f.elements[b.Element]
	if e == nil {
		return
	}
	f.note(e, at)
	if !b.Lifts.IsZero() {
		for i := range e.remarks {
			r := &e.remarks[i]
			if r.Place.Party == at.Party && !r.Lifted && f.LeafHash(r.Place) == b.Lifts {
				r.Lifted = true
			}
		}
	}
	e.remarks = append(e.remarks, remark{Place: at, Sort: b.Sort})
}

func (f *fold) reported(b act.Report, at Place) {
	if e := f.elements[b.Element]; e != nil {
		f.note(e, at)
		e.reports = append(e.reports, at)
	}
}
