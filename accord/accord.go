// Package accord is the rule of agreement, the heart of Entente: logs in, positions and
// adoptions out.
//
// # The rule
//
// Each party has at most one position per element: the revision it holds, or none. A table act
// makes a revision and, unless it is only offered, takes it as position; an accept act takes one
// that is on the table; a withdraw act
// leaves the position. A party comes to a given revision once only. A confirm act says that the
// party holds the revision and, in the prefixes of the other logs named in what it had seen,
// every other party holds it too; a table or accept act for which that is true already is a
// confirmation in itself, unless it is tied to others. A revision is adopted when the log of every party of the group
// contains a valid confirmation of it.
//
// An act whose past is not all here is held: it waits, unjudged. An act that breaks a rule is
// void: it stays in its log with a Reason that is the same at every node, what it had seen still
// counts, and it changes nothing else. docs/spec/accord.md says all of this precisely enough to
// write it again.
//
// # What it is not
//
// It reads no bytes, checks no signatures, keeps no texts, and knows no clock: package ledger
// gives whole logs, package plan says what the acts amount to. Times in acts are testimony and
// do not reach this package.
//
// # Invariants
//
//   - The outcome is a function of the set of entries that are here, not of the order in which
//     they came.
//   - What is adopted stays adopted, and the list of adopted revisions of an element only grows
//     at its end: with part of the logs it is a prefix of what it is with more of them.
//   - If two revisions of an element are adopted, every party confirmed them in that order.
//   - Judging one act costs at most the number of parties squared, and to number a revision as
//     many steps as there are revisions of its element that crossed it, whatever the history.
//
// # Example
//
//	s := accord.New(2)
//	s.Advance(logs, func(j accord.Judged) { … })
//	if e := s.Element("A-1.1.2"); e != nil {
//		fmt.Println(e.Adopted(), e.Position(0), e.Position(1))
//	}
package accord

import (
	"slices"

	"entente/act"
)

// A Move is what the rule needs to know of an act.
type Move struct {
	Kind     act.Kind   // table, accept, withdraw and confirm count; others only show what was seen
	Element  act.Ref    // the element it is about
	Revision act.Hash   // table: the act's own leaf hash; accept, confirm: the revision named
	Seen     []act.Seen // what more of the other logs the writer had seen
	Offered  bool       // table: a text that its writer's party does not take as its position
	Tied     bool       // table, accept: it stands or falls with others, and confirms nothing by itself
	Flaw     Reason     // set where the entry is no act of this place at all
	Of       *Element   // the element of that reference, where the caller has it from here; or nil
}

// Logs gives the rule what is here of the parties' logs. A log is one sequence over all its
// epochs; an ordinal counts along it from 0.
type Logs interface {
	// Next gives the entry with this ordinal of the party's log, if it is here.
	Next(party uint8, ordinal int) (Move, bool)
	// Prefix finds the part of the party's log up to size entries of the epoch: how many entries
	// that is over all epochs, and the root of the epoch at that size. here is false while not
	// all of it is here.
	Prefix(party uint8, epoch uint32, size uint64) (count int, root act.Hash, here bool)
}

// Judged is one entry that has been judged, and what came of it.
type Judged struct {
	Party    uint8
	Ordinal  int
	Void     Reason    // Good, or why it counts for nothing
	Element  *Element  // the element it moved; nil where it moved none
	Revision *Revision // the revision tabled, accepted, left or confirmed; nil where none
	Adopted  bool      // with this entry the revision became adopted
}

// State is what the rule makes of the entries judged so far. It is not safe for use by
// several goroutines while one of them advances it.
type State struct {
	logs      []log
	elements  map[act.Ref]*Element
	order     []*Element // as they first appeared here
	revisions revisions
	sight     []int // room for what the entry being judged had seen
	chains    chains

	newElements slab[Element]
}

// A log is what has been judged of one party's log.
type log struct {
	judged int
	seen   []int // per party, how many entries its last judged act had seen
	open   bool  // what it had seen is not closed
	marks  marks // how seen came to be
	void   map[int]Reason
}

// maxLog bounds one party's log, in entries over all epochs; marks and stays hold ordinals in
// 32 bits. What comes later is never judged, at any node.
const maxLog = 1<<32 - 2

// New is the state of a group of that many parties, with empty logs.
func New(parties int) *State {
	s := &State{logs: make([]log, parties), elements: map[act.Ref]*Element{}, sight: make([]int, parties)}
	for i := range s.logs {
		s.logs[i].seen = make([]int, parties)
	}
	return s
}

// Expect makes room for so many more elements and revisions: before a long history is judged.
func (s *State) Expect(elements, revisions int) {
	if len(s.elements) == 0 {
		s.elements = make(map[act.Ref]*Element, elements)
	}
	s.order = slices.Grow(s.order, elements)
	s.revisions.expect(revisions)
}

// Parties is how many parties the group has.
func (s *State) Parties() int { return len(s.logs) }

// Count is how many entries of the party's log have been judged. It is also how much of that
// log an act written now may say that it has seen.
func (s *State) Count(party uint8) int { return s.logs[party].judged }

// SeenBy is how many entries of the other party's log the party's last judged act had seen.
func (s *State) SeenBy(party, other uint8) int { return s.logs[party].seen[other] }

// SawAt is how many entries of the other party's log the party's entry with this ordinal had seen.
func (s *State) SawAt(party uint8, ordinal int, other uint8) int {
	if then := s.sawAt(party, ordinal); then != nil && other != party {
		return int(then[other])
	}
	return 0
}

// Void is why an entry counts for nothing, or Good.
func (s *State) Void(party uint8, ordinal int) Reason { return s.logs[party].void[ordinal] }

// Voids is how many entries of the party's log are void.
func (s *State) Voids(party uint8) int { return len(s.logs[party].void) }

// Element finds an element, or nil where no valid act has tabled it.
func (s *State) Element(ref act.Ref) *Element { return s.elements[ref] }

// Elements lists the references of all elements, in the order in which they were first judged
// here: an order that may differ from node to node.
func (s *State) Elements() []act.Ref {
	out := make([]act.Ref, len(s.order))
	for i, e := range s.order {
		out[i] = e.ref
	}
	return out
}

// Revision finds a revision by its id, or nil.
func (s *State) Revision(id act.Hash) *Revision { return s.revisions.find(&id) }

// Advance judges every entry that is here and whose past is here, log by log, until nothing
// more can be judged. It calls each after every entry, in an order in which causes come first.
func (s *State) Advance(logs Logs, each func(Judged)) {
	for progress := true; progress; {
		progress = false
		for p := range s.logs {
			for s.step(logs, uint8(p), each) {
				progress = true
			}
		}
	}
}

// step judges the next entry of one log, if it is here with all its past.
func (s *State) step(logs Logs, p uint8, each func(Judged)) bool {
	l := &s.logs[p]
	m, here := logs.Next(p, l.judged)
	if !here || l.judged == maxLog {
		return false
	}
	sight, here := s.look(logs, p, &m)
	if !here {
		return false
	}
	j := s.judge(p, &m, &sight)
	s.apply(p, &m, &sight, &j)
	each(j)
	return true
}

// Try says what would become of a move if it were the next entry of the party's log, having
// seen all that has been judged here. It changes nothing.
func (s *State) Try(p uint8, m Move) Reason {
	l := &s.logs[p]
	now := sight{seen: make([]int, len(s.logs)), changed: true}
	for q := range s.logs {
		now.seen[q] = s.logs[q].judged
	}
	now.seen[p] = l.seen[p]
	return s.judge(p, &m, &now).Void
}
