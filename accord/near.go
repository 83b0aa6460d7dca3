package accord

import "entente/act"

// Near looks at what moves that are about to be judged will need, of several at once: elements, and
// revisions by their ids, where there are any. A long history is more than a processor has at hand,
// and nearly all the time of judging it would be spent waiting for memory, one place after another;
// what is asked for together comes together. It changes nothing, and what it returns means nothing:
// it is there so that the looking is not left out.
func (s *State) Near(elements []*Element, ids []*act.Hash) (n uint32) {
	for _, e := range elements {
		n += e.nth
	}
	if len(s.revisions.slots) == 0 {
		return n
	}
	last := len(s.revisions.slots) - 1
	for _, id := range ids {
		n += s.revisions.slots[placeOf(id)&last].tag
	}
	for _, id := range ids {
		at := s.revisions.slots[placeOf(id)&last]
		if at.nth != 0 && at.tag == tagOf(id) {
			n += uint32(s.revisions.nth(at.nth).held)
		}
	}
	for _, e := range elements {
		for i := range e.seats {
			if r := e.seats[i].held; r != nil {
				n += uint32(r.held)
			}
		}
	}
	return n
}
