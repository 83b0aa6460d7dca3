package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
)

// A Status says how the text of an element stands.
type Status uint8

// The statuses. An agreed element to which a party holds a reservation is Reserved.
const (
	Withdrawn  Status = iota // nobody holds a text of it, and none was adopted
	InBrackets               // somebody holds a text that is not the one in force
	Agreed                   // all hold the text in force, or have left it as it is
	Reserved                 // agreed, with a reservation attached
	Removed                  // agreed to be struck out
	statusCount
)

var statusNames = [...]string{"withdrawn", "in-brackets", "agreed", "reserved", "removed"}

// String is the status's name, as in JSON.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return "unknown"
}

// MarshalText writes the status's name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the status's name.
func (s *Status) UnmarshalText(b []byte) error {
	*s = Status(max(0, slices.Index(statusNames[:], string(b))))
	return nil
}

// An Element is one element of the plan: its revisions and positions, which the rule keeps, and
// what the plan adds.
type Element struct {
	*accord.Element
	kind    act.ElementKind
	parent  act.Ref // as named and allowed; "" for a root
	order   uint32
	status  Status
	placed  act.Ref // under which parent it stands in the tree
	at      int     // where among that parent's children
	inTree  bool
	last    []int32  // per party, the ordinal of its last table, accept or withdraw; -1 for none
	story   []Place  // every valid act about it, causes first
	remarks []remark // in the order of the story
	reports []Place
}

type remark struct {
	Place  Place
	Sort   act.RemarkSort
	Lifted bool
}

// Kind is what the element is to the plan, by its shown revision.
func (e *Element) Kind() act.ElementKind { return e.kind }

// Parent is the element above it in the tree, or "".
func (e *Element) Parent() act.Ref { return e.placed }

// Status says how its text stands.
func (e *Element) Status() Status { return e.status }

// Shown is the revision that stands for the element where only one can: the one in force; if
// there is none, the one held by the first party that holds one; if nobody does, the last one
// that the first party to table any has tabled.
func (e *Element) Shown(parties int) *accord.Revision {
	if r := e.InForce(); r != nil {
		return r
	}
	for p := range parties {
		if r := e.Position(uint8(p)); r != nil {
			return r
		}
	}
	var best *accord.Revision
	for _, r := range e.Revisions() {
		if best == nil || r.Party < best.Party || r.Party == best.Party && r.Ordinal > best.Ordinal {
			best = r
		}
	}
	return best
}

// levels orders the kinds from ends to means; an element's parent has a lower one, or the same
// and a smaller reference.
var levels = [...]int{act.Statement: 1, act.Goal: 2, act.Way: 3, act.Action: 4, act.Means: 5, act.Passage: 6, act.Clause: 7, act.Document: 8}

// refresh brings what is derived of an element up to date after acts about it.
func (s *State) refresh(e *Element) {
	c := s.Content(e.Shown(s.rule.Parties()))
	kindChanged := c.Kind != e.kind
	moved := !e.inTree || kindChanged || c.Order != e.order || c.Parent != e.parent
	if e.counted() {
		s.tally[e.status]--
	}
	e.kind, e.order, e.parent = c.Kind, c.Order, c.Parent
	e.status = s.statusOf(e, c.Struck)
	if e.counted() {
		s.tally[e.status]++
	}
	if e.status == InBrackets {
		s.open[e.Ref()] = e
	} else {
		delete(s.open, e.Ref())
	}
	if moved {
		s.place(e, s.allowedParent(e))
	}
	if kindChanged {
		s.gather(e)
	}
}

func (s *State) statusOf(e *Element, struck bool) Status {
	switch now := e.InForce(); {
	case e.Element.Open():
		return InBrackets
	case now == nil:
		return Withdrawn
	case struck:
		return Removed
	}
	if slices.ContainsFunc(e.remarks, remark.binds) {
		return Reserved
	}
	return Agreed
}

// binds reports whether the remark is a reservation that stands.
func (r remark) binds() bool { return r.Sort == act.Reservation && !r.Lifted }

// counted reports whether the element is a paragraph of the plan: statements and the passages
// marked in them are what the plan answers to, and documents are made of it.
func (e *Element) counted() bool {
	return e.kind != 0 && e.kind != act.Statement && e.kind != act.Passage && e.kind != act.Document
}

// TurnOf reports whether the next word on the element is the party's: another party holds a
// text that it has never held, and had not seen when it last moved on this element. Letters that
// cross make it both parties' turn.
func (s *State) TurnOf(e *Element, party uint8) bool {
	for q := range s.rule.Parties() {
		r := e.Position(uint8(q))
		if q == int(party) || r == nil || r.EverHeldBy(party) || r == e.InForce() {
			continue
		}
		if e.last[party] < 0 || s.rule.SawAt(party, int(e.last[party]), r.Party) <= r.Ordinal {
			return true
		}
	}
	return false
}
