package accord

import (
	"slices"
	"sort"
)

// The revisions of one element that one party has tabled are a chain, from the latest to the first.
// A short chain is walked. A long one is written down as a list when it is first walked too far, so
// that an act costs the same however many there are.
type chains map[link][]tabling

type link struct {
	of    *Element
	party uint8
}

// A tabling is a revision's ordinal and number.
type tabling struct{ ordinal, number uint32 }

// longChain is how many steps are walked.
const longChain = 16

// add adds a revision that has just become the latest, where its chain is written down.
func (c chains) add(e *Element, r *Revision) {
	if len(c) == 0 {
		return
	}
	if list, long := c[link{e, r.Party}]; long {
		c[link{e, r.Party}] = append(list, tabling{uint32(r.Ordinal), uint32(r.Number)})
	}
}

// numberAt is the greatest number among the revisions of the element that the party had tabled in
// so many entries of its log: that of the last of them, since along a log numbers rise.
func (s *State) numberAt(e *Element, party uint8, count int) int {
	t := &e.seats[party]
	if t.latest == nil || int(t.tabled) < count {
		return int(t.number)
	}
	r := t.latest
	for range longChain {
		if r == nil {
			return 0
		}
		if r.Ordinal < count {
			return r.Number
		}
		r = r.prior
	}
	list := s.chain(e, party)
	i := sort.Search(len(list), func(i int) bool { return int(list[i].ordinal) >= count })
	if i == 0 {
		return 0
	}
	return int(list[i-1].number)
}

// chain is a party's chain as a list, the first revision first.
func (s *State) chain(e *Element, party uint8) []tabling {
	list, long := s.chains[link{e, party}]
	if long {
		return list
	}
	for r := e.seats[party].latest; r != nil; r = r.prior {
		list = append(list, tabling{uint32(r.Ordinal), uint32(r.Number)})
	}
	slices.Reverse(list)
	if s.chains == nil {
		s.chains = chains{}
	}
	s.chains[link{e, party}] = list
	return list
}
