package plan

import (
	"entente/act"
	"entente/party"
)

// A NegotiationQuery says which of the open elements to list.
type NegotiationQuery struct {
	Turn   party.Code // only those on which the next word is this party's
	Now    int64      // milliseconds since 1970; where it is 0, no time is over
	Offset int
	Limit  int // at most MaxRows; 0 for DefaultRows
}

// A Negotiation is the list of what is open.
type Negotiation struct {
	Items  []OpenItem `json:"items"`
	Offset int        `json:"offset"`
	Total  int        `json:"total"`
	More   bool       `json:"more"`
}

// An OpenItem is one element in brackets.
type OpenItem struct {
	Item
	Talks
	Brackets int          `json:"brackets"`
	Turn     []party.Code `json:"turn,omitempty"`
	Awaiting []party.Code `json:"awaiting,omitempty"` // all hold one text; these have yet to confirm it
	Stands   []Stand      `json:"stands"`
	Move     string       `json:"move"`  // the latest: "proposed", "countered", "accepted", "withdrawn", "removal"
	Since    Stamp        `json:"since"` // the latest move
	Due      act.Date     `json:"due,omitempty"`
	Crossed  bool         `json:"crossed,omitempty"`
}

// Negotiation lists the elements in brackets, by reference.
func (s *State) Negotiation(q NegotiationQuery) Negotiation {
	list := s.lists.open.items
	if q.Turn != "" {
		list = nil
		if p, ok := s.charter.Ordinal(q.Turn); ok {
			list = s.lists.turns[p].items
		}
	}
	offset, limit := page(q.Offset, q.Limit)
	out := Negotiation{Items: []OpenItem{}, Offset: offset, Total: len(list)}
	for _, e := range list[min(offset, len(list)):min(offset+limit, len(list))] {
		out.Items = append(out.Items, s.openItem(e, q.Now))
	}
	out.More = offset+limit < len(list)
	return out
}

func (s *State) openItem(e *Element, now int64) OpenItem {
	o := OpenItem{Item: s.itemOf(e), Talks: s.Talks(e.Ref(), now), Brackets: s.Brackets(e), Turn: s.codesOf(e.turn), Awaiting: s.awaiting(e), Stands: s.stands(e, false), Due: e.due, Crossed: e.crossed()}
	if x, ok := e.lastMoveOf(anybody); ok {
		a := s.Act(x.Place)
		o.Move, o.Since = s.moveName(e, x, &a), s.stamp(x.Place, &a)
	}
	return o
}
