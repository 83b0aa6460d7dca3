// Package plan is what the acts of a group amount to: elements and their revisions, the tree of
// ends, ways and means, what each party holds, remarks and reports, delegations; and, from
// these, what every page says.
//
// It is a pure fold. Bytes of logs go in by way of Logs; State comes out. It judges nothing by
// itself: the rule of agreement is package accord. It checks no signature and no Merkle tree:
// package ledger has done so before a leaf is here. It reads no clock: where a page needs the
// time, the caller hands it in.
//
// # Invariants
//
//   - The fold is total. A leaf that is no act, or an act that breaks a rule, is void with its
//     reason and changes nothing; it is never an error.
//   - Same logs, same plan: what State says is a function of the set of acts judged, whatever
//     the order in which they arrived.
//   - The tree has no cycles and at most MaxDepth levels, whatever the acts say: an element's
//     parent stands above it by kind (goal, way, action, means, clause) or, within a kind, has a
//     reference of fewer numbers; a parent that does not is as if it were not named.
//   - What a page shows costs what is shown, not what there is: counts of every subtree are kept
//     up to date as acts are applied.
//
// # Example
//
//	s := plan.New(charter, logs)
//	s.Advance()
//	for _, e := range s.Children("") { fmt.Println(e.Ref(), e.Status()) }
package plan

import (
	"entente/accord"
	"entente/act"
	"entente/group"
)

// Logs is what is here of the group's logs. A log is one sequence over all its epochs; an
// ordinal counts along it from 0.
type Logs interface {
	// Leaf gives one entry, if it is here.
	Leaf(party uint8, ordinal int) (leaf string, here bool)
	// LeafHash gives the RFC 6962 hash of an entry that is here.
	LeafHash(party uint8, ordinal int) act.Hash
	// Place gives the epoch and the index in it of an ordinal.
	Place(party uint8, ordinal int) (epoch uint32, index uint64)
	// Prefix is accord.Logs's: how many entries there are up to that size of the epoch, and the root.
	Prefix(party uint8, epoch uint32, size uint64) (count int, root act.Hash, here bool)
}

// A Place is where an act stands: a party's log, and the ordinal along it.
type Place struct {
	Party   uint8  `json:"party"`
	Ordinal uint32 `json:"ordinal"`
}

// State is the folded plan of one group. One goroutine may advance it while none reads;
// any number may read while none advances it.
type State struct {
	charter  group.Charter
	id       act.Hash
	raw      string // the charter's canonical bytes
	logs     Logs
	rule     *accord.State
	elements map[act.Ref]*Element
	roots    branch
	sum      tally                  // of all elements
	waiting  map[act.Ref][]*Element // by the parent named, elements that do not stand under it
	unsorted []*branch              // branches to be put in order
	citing   map[act.Ref][]*Element // by marked passage, the elements that answer to it
	lists    lists
	seats    []Delegation
	spoke    []int32 // per party, the ordinal of the last valid act of a person; -1 for none
	table    atTable
	vigil    vigil   // the silences that may still come to something
	voids    []entry // void entries
	voidOf   map[act.Ref][]entry
	nth      []*Element // as the rule numbers them
	ahead    Gists      // nil where nothing is read ahead
	reader   *Reader
	room     room    // for new elements
	now      []*Gist // per party, the entry being judged, read once
	nowAt    []int   // per party, its ordinal; -1 for none
	nears    nears   // what comes next of what was read ahead
	index    index   // words, for Search
	shelf    shelf   // bracketed words of elements shown lately
	board    squares // the open elements, for Board
}

// A Delegation is whom a party has sent, and where it said so.
type Delegation struct {
	Place     Place          `json:"place"`
	Delegates []act.Delegate `json:"delegates"`
}

// New is the plan of a group before any act.
func New(c group.Charter, logs Logs) *State {
	n := len(c.Parties)
	s := &State{
		charter: c, raw: string(c.Format()), logs: logs, rule: accord.New(n),
		elements: map[act.Ref]*Element{}, waiting: map[act.Ref][]*Element{}, citing: map[act.Ref][]*Element{},
		lists: newLists(n), table: newAtTable(n), vigil: newVigil(n), seats: make([]Delegation, n), spoke: make([]int32, n), voidOf: map[act.Ref][]entry{},
		now: make([]*Gist, n), nowAt: make([]int, n), nears: nears{from: make([]int, n)},
	}
	s.id = group.IDOf(s.raw)
	s.ahead, _ = logs.(Gists)
	s.reader = &Reader{charter: &s.charter, id: s.id, raw: s.raw}
	for i := range n {
		s.nowAt[i], s.spoke[i] = -1, -1
	}
	return s
}

// Charter is the group's charter.
func (s *State) Charter() group.Charter { return s.charter }

// Group is the group's id.
func (s *State) Group() act.Hash { return s.id }

// Rule is the rule of agreement's own state: positions, adoptions, void entries.
func (s *State) Rule() *accord.State { return s.rule }

// Delegation is what the party's last accredit act says; empty where there was none.
func (s *State) Delegation(party uint8) Delegation { return s.seats[party] }

// Element finds an element that some valid act has tabled, or nil.
func (s *State) Element(ref act.Ref) *Element { return s.elements[ref] }

// Count is how many paragraphs of the plan stand as the status says.
func (s *State) Count(st Status) int { return int(s.sum[countOf[st]]) }

// Children lists the elements below the given one, in order; "" for the roots. The caller does
// not change the list.
func (s *State) Children(parent act.Ref) []*Element {
	if parent == "" {
		return s.roots.kids
	}
	if e := s.elements[parent]; e != nil && e.kids != nil {
		return e.kids.kids
	}
	return nil
}

// Open lists the elements that are in brackets, by reference. The caller does not change the list.
func (s *State) Open() []*Element { return s.lists.open.items }

// Act decodes the act at a place. Void entries that are no act at all give the zero Act.
func (s *State) Act(p Place) act.Act {
	leaf, here := s.logs.Leaf(p.Party, int(p.Ordinal))
	if !here {
		return act.Act{}
	}
	a, err := act.Decode(leaf)
	if err != nil {
		return act.Act{}
	}
	return a
}

// LeafHash is the leaf hash of the act at a place: for a table act, its revision's id.
func (s *State) LeafHash(p Place) act.Hash { return s.logs.LeafHash(p.Party, int(p.Ordinal)) }

// Content is what a revision says.
func (s *State) Content(r *accord.Revision) act.Content {
	if r == nil {
		return act.Content{}
	}
	t, _ := s.Act(placeOf(r)).Body.(act.Table)
	return t.Content
}

func placeOf(r *accord.Revision) Place { return Place{r.Party, uint32(r.Ordinal)} }
