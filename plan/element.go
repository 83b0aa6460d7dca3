package plan

import (
	"slices"
	"sync/atomic"

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
	key    uint64  // orders references
	parent act.Ref // as named; "" for a root
	above  *name   // the same; nil for a root
	waits  act.Ref // the parent named, while the element cannot stand under it
	due    act.Date
	cites  []act.Ref
	shown  *accord.Revision

	up      *Element // above it in the tree
	kids    *branch  // nil for none
	at      int32    // where among its siblings
	order   uint32
	own     marks // what it counts for
	sum     tally // the same with all below it
	kind    act.ElementKind
	status  Status
	inTree  bool
	aside   bool // a passage set aside, with a reason
	struck  bool
	inDue   act.Date // the date under which it is in the list of dates; "" for none
	untidy  bool     // story or remarks are out of order
	touched bool     // some act of this Advance is about it
	renewed bool     // in this Advance a revision of it was adopted

	turn            uint64 // the parties whose turn it is, as bits
	leads, supports uint64 // members of the group, as bits
	reservers       uint64 // parties with a reservation that stands
	moves           []move // per party
	confirming      []confirming
	story           []entry // every valid act about it, causes first
	remarks         []remark
	remarkAt        map[act.Hash]int32 // see State.liftRemark; nil while not kept
	reports         []entry
	brackets        atomic.Int32 // how many brackets it shows, plus one; 0 while not counted
	doc             int32        // its number in the word index, plus one; 0 for none
}

// Room is made for that many elements at a time, and for that many acts about each at first.
const (
	roomAtOnce = 16
	fewActs    = 4
)

// room is where new elements come from.
type room struct {
	elements []Element
	moves    []move
	stories  []entry
}

func (r *room) take(parties int) *Element {
	if len(r.elements) == 0 {
		r.elements = make([]Element, roomAtOnce)
		r.moves = make([]move, roomAtOnce*parties)
		r.stories = make([]entry, roomAtOnce*fewActs)
		for i := range r.moves {
			r.moves[i] = move{-1, -1}
		}
	}
	e := &r.elements[0]
	e.moves, e.story = r.moves[:parties:parties], r.stories[:0:fewActs]
	r.elements, r.moves, r.stories = r.elements[1:], r.moves[parties:], r.stories[fewActs:]
	return e
}

// A move is where a party first tabled a revision of the element, and where it last tabled,
// accepted or withdrew one: ordinals along its log, or -1.
type move struct{ first, last int32 }

// confirming is how far the confirmations of a revision reach.
type confirming struct {
	rev    *accord.Revision
	latest entry
}

type remark struct {
	entry
	Sort   act.RemarkSort
	Lifted bool
}

// Kind is what the element is to the plan, by its shown revision.
func (e *Element) Kind() act.ElementKind { return e.kind }

// Parent is the element above it in the tree, or "".
func (e *Element) Parent() act.Ref {
	if e.up == nil {
		return ""
	}
	return e.up.Ref()
}

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

// refresh brings what is derived of an element up to date after acts about it.
func (s *State) refresh(e *Element) {
	e.tidy()
	e.brackets.Store(0)
	s.shelf.drop(e)
	kind, order, parent, own := e.kind, e.order, e.parent, e.own
	if r := e.Shown(s.rule.Parties()); r != e.shown {
		e.shown = r
		s.read(e, s.factsOf(r))
	}
	s.classify(e)
	if own != e.own || kind != e.kind {
		s.lift(e, e.own.minus(&own), false)
	}
	if kind != e.kind {
		s.release(e)
	}
	if !e.inTree || kind != e.kind || order != e.order || parent != e.parent {
		s.place(e, s.allowedParent(e))
	}
	s.wait(e)
	if kind != e.kind {
		s.gather(e)
	}
	s.attend(e)
	s.index.touch(e)
}

// read takes from the shown revision what lists and counts need.
func (s *State) read(e *Element, c *facts) {
	e.kind, e.order, e.struck = c.kind, c.order, c.struck
	if e.above, e.parent = c.parent, ""; e.above != nil {
		e.parent = e.above.ref
	}
	e.leads, e.supports = c.leads, c.supports
	for _, ref := range e.cites {
		s.citing[ref] = slices.DeleteFunc(s.citing[ref], func(o *Element) bool { return o == e })
	}
	e.cites = c.cites
	for _, ref := range e.cites {
		s.citing[ref] = append(s.citing[ref], e)
	}
	e.due, e.aside = c.due, c.aside
}

// classify works out how the element stands, and enters it in the lists accordingly.
func (s *State) classify(e *Element) {
	wasOpen, wasDue, wasTurn := e.status == InBrackets, e.inDue, e.turn
	e.reservers = 0
	for _, r := range e.remarks {
		if attached(r) {
			e.reservers |= 1 << r.Party
		}
	}
	e.status, e.turn = e.standing(), 0
	if e.status == InBrackets {
		e.turn = s.turns(e)
	}
	e.count()
	s.enroll(&s.lists.open, e, wasOpen, e.status == InBrackets)
	for p := range s.lists.turns {
		s.enroll(&s.lists.turns[p], e, wasTurn&(1<<p) != 0, e.turn&(1<<p) != 0)
	}
	s.lists.turned += one(e.turn != 0) - one(wasTurn != 0)
	e.inDue = ""
	if e.own[cLive] != 0 {
		e.inDue = e.due
	}
	if wasDue != e.inDue {
		if wasDue != "" {
			s.lists.due.drop = append(s.lists.due.drop, dated{wasDue, e})
		}
		if e.inDue != "" {
			s.lists.due.put = append(s.lists.due.put, dated{e.inDue, e})
		}
	}
}

func (s *State) enroll(l *roll[*Element], e *Element, was, is bool) {
	switch {
	case is && !was:
		l.put = append(l.put, e)
	case was && !is:
		l.drop = append(l.drop, e)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tidy puts acts about the element in an order that is the same at every node.
func (e *Element) tidy() {
	if e.untidy {
		slices.SortFunc(e.story, entry.compare)
		slices.SortFunc(e.reports, entry.compare)
		slices.SortFunc(e.remarks, func(a, b remark) int { return a.compare(b.entry) })
		e.remarkAt = nil
		e.untidy = false
	}
}

func (e *Element) standing() Status {
	switch now := e.InForce(); {
	case e.Element.Open():
		return InBrackets
	case now == nil:
		return Withdrawn
	case e.struck:
		return Removed
	case e.reservers != 0:
		return Reserved
	}
	return Agreed
}

// count works out what the element itself counts for.
func (e *Element) count() {
	e.own = marks{}
	if !e.Counted() {
		return
	}
	e.own[countOf[e.status]] = 1
	if e.InForce() != nil && !e.struck {
		e.own[cForce] = 1
	}
	if e.status == Withdrawn || e.status == Removed {
		return
	}
	e.own[cLive] = 1
	switch e.kind {
	case act.Way:
		e.own[cWays] = 1
	case act.Action:
		e.own[cActions] = 1
	}
}

// Counted reports whether the element is a paragraph of the plan: statements and the passages
// marked in them are what the plan answers to, and documents are made of it.
func (e *Element) Counted() bool { return level(e.kind) > 0 }

// TurnOf reports whether the next word on the element is the party's: another party holds a text
// that is neither in force nor its own, and came to it by an act that the party had not seen when
// it last moved on this element itself. Letters that cross make it both parties' turn. Where that
// leaves nobody, the next word is with those who hold a text while another, as they had not seen,
// has withdrawn its own. An offer that stands is put to every party, that of its writer included.
func (s *State) TurnOf(e *Element, party uint8) bool { return e.turn&(1<<party) != 0 }

func (s *State) turns(e *Element) (bits uint64) {
	for _, withdrawn := range []bool{false, true} {
		for p := range s.rule.Parties() {
			if s.mustSpeak(e, uint8(p), withdrawn) {
				bits |= 1 << p
			}
		}
		if bits != 0 {
			break
		}
	}
	return bits
}

// mustSpeak reports whether the party is called on: by those who hold another text or, if
// withdrawn is set, by those who have withdrawn theirs.
func (s *State) mustSpeak(e *Element, party uint8, withdrawn bool) bool {
	own, now := e.Position(party), e.InForce()
	if withdrawn && (own == nil || own == now) {
		return false
	}
	if o := e.Offer(); !withdrawn && o != nil && o != own && !s.answered(e, party, o) {
		return true
	}
	for q := range s.rule.Parties() {
		r := e.Position(uint8(q))
		mine, theirs := e.moves[party].last, e.moves[q].last
		calls := theirs >= 0 && r != own && (r == nil) == withdrawn && (withdrawn || r != now)
		if calls && (mine < 0 || s.rule.SawAt(party, int(mine), uint8(q)) <= int(theirs)) {
			return true
		}
	}
	return false
}

// answered reports whether the party has moved on the element since it knew the offer.
func (s *State) answered(e *Element, party uint8, offer *accord.Revision) bool {
	mine := e.moves[party].last
	if party == offer.Party {
		return int(mine) > offer.Ordinal
	}
	return mine >= 0 && s.rule.SawAt(party, int(mine), offer.Party) > offer.Ordinal
}
