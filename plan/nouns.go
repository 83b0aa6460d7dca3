package plan

import (
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/text"
)

// Bounds of what one page holds. Every list that is cut says how many there are in all.
const (
	MaxRows      = 200 // rows of the outline, paragraphs of the document, search hits
	DefaultRows  = 50
	MaxHistory   = 200 // acts told about one element, the latest
	MaxRemarks   = 100 // remarks shown with one element, the latest
	MaxChildren  = 100 // children listed with one element
	MaxPassages  = 500 // passages of one statement, and goals beside them
	MaxStory     = 50  // items of each list of the briefing
	MaxMarks     = 60  // paragraph marks of one heading
	MaxHeadings  = 24  // headings in the state of the text
	maxRecent    = 256 // entries of the logs' ends that the briefing looks through
	maxAdoptions = 2000
)

// A Party is a member of the group as a page names it.
type Party struct {
	Code    party.Code `json:"code"`
	Ordinal uint8      `json:"ordinal"`
	Names   text.Texts `json:"names"`
}

// A Stamp says who acted, when by that party's clock, and where the act stands.
type Stamp struct {
	Party party.Code   `json:"party"`
	By    party.Person `json:"by,omitempty"` // empty where the party's server acted by itself
	At    int64        `json:"at"`           // milliseconds since 1970, testimony
	Place Place        `json:"place"`
	Epoch uint32       `json:"epoch"`
	Index uint64       `json:"index"`
}

// A RevisionRef names a revision on a page: "rev 4 · 7f3a c21e".
type RevisionRef struct {
	ID     act.Hash `json:"id"`
	Short  string   `json:"short"`
	Number int      `json:"number"` // crossed letters may bear the same number
	Stamp
}

// The states of a party towards an element.
const (
	Accepts  = "accepts"  // holds the text last proposed, or is bound by the text in force
	NotYet   = "not-yet"  // has not accepted it, or holds another text
	Reserves = "reserves" // holds a reservation that stands
	Left     = "left"     // has withdrawn its text and holds none
)

// A Stand is where one party stands on an element.
type Stand struct {
	Party    party.Code   `json:"party"`
	Ordinal  uint8        `json:"ordinal"`
	State    string       `json:"state"`
	Revision *RevisionRef `json:"revision,omitempty"` // what it holds
}

// A LangText is a text in one language as a page shows it: brackets where positions differ. Nodes are
// the whole of it, where they do: brackets within brackets, options, words in force that nobody keeps.
// Segments are the same positions without options and struck words, for those who want a flat list.
type LangText struct {
	Lang     text.Lang      `json:"lang"`
	Dir      string         `json:"dir"`
	Segments []text.Segment `json:"segments,omitempty"`
	Nodes    []text.Node    `json:"nodes,omitempty"`   // where positions differ; else the words are in the plain form
	Behind   bool           `json:"behind,omitempty"`  // its words are not of the revision but of an earlier one
	Of       *RevisionRef   `json:"of,omitempty"`      // where it is behind: the revision that says so
	Follows  *RevisionRef   `json:"follows,omitempty"` // and the one that its words follow, if it is one of the element
}

// Tree is the text with its brackets, gaps and options as data, whether they come from positions or
// stand in the words.
func (t LangText) Tree() []text.Node {
	if t.Nodes != nil {
		return t.Nodes
	}
	return text.NodesOf(t.Segments)
}

// Plain is the text in the plain form: “[US: within thirty (30) days]”.
func (t LangText) Plain() string { return text.FormatNodes(t.Tree()) }

// An Item names an element in a list.
type Item struct {
	Ref     act.Ref         `json:"ref"`
	Display string          `json:"display"`
	Kind    act.ElementKind `json:"kind"`
	Title   text.Texts      `json:"title,omitempty"`
	Status  Status          `json:"status"`
	Missing bool            `json:"missing,omitempty"` // not of this group: look in the plenary
}

// Parties lists the members of the group in order of joining.
func (s *State) Parties() []Party {
	out := make([]Party, len(s.charter.Parties))
	for i, m := range s.charter.Parties {
		out[i] = Party{m.Code, uint8(i), m.Names}
	}
	return out
}

// stamp tells of the act at a place.
func (s *State) stamp(p Place, a *act.Act) Stamp {
	epoch, index := s.logs.Place(p.Party, int(p.Ordinal))
	return Stamp{Party: s.charter.Code(p.Party), By: a.By, At: a.At, Place: p, Epoch: epoch, Index: index}
}

// Stamp tells who wrote the act at a place, and when. The act is one that was judged good.
func (s *State) Stamp(p Place) Stamp {
	leaf, _ := s.logs.Leaf(p.Party, int(p.Ordinal))
	a := act.Envelope(leaf)
	return s.stamp(p, &a)
}

// RevisionRef names a revision; nil for nil.
func (s *State) RevisionRef(r *accord.Revision) *RevisionRef {
	if r == nil {
		return nil
	}
	return &RevisionRef{ID: r.ID, Short: r.ID.Short(), Number: r.Number, Stamp: s.Stamp(placeOf(r))}
}

// item names an element that is here, or one that is not.
func (s *State) item(ref act.Ref) Item {
	if e := s.elements[ref]; e != nil {
		return s.itemOf(e)
	}
	return Item{Ref: ref, Display: ref.Display(), Missing: true}
}

func (s *State) itemOf(e *Element) Item {
	return Item{Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Title: s.Content(e.shown).Title, Status: e.status}
}

// Leading is the revision that is being asked about: of those held that are not in force, and the
// offer that stands, the one with the greatest number, and of two with the same number the one of
// the party that joined first; where nothing is open, the one in force.
func (e *Element) Leading() *accord.Revision {
	now := e.InForce()
	var best *accord.Revision
	for p := range e.moves {
		r := e.Position(uint8(p))
		if r == nil || r == now || r == best {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(r.Number, best.Number), cmp.Compare(best.Party, r.Party)) > 0 {
			best = r
		}
	}
	if o := e.Offer(); o != nil && (best == nil || o.Number > best.Number) {
		best = o
	}
	if best == nil {
		return now
	}
	return best
}

// stands tells where each party stands; refs also says which revisions they hold.
func (s *State) stands(e *Element, refs bool) []Stand {
	out := make([]Stand, len(e.moves))
	lead, now := e.Leading(), e.InForce()
	for i := range out {
		p := uint8(i)
		held := e.Position(p)
		out[i] = Stand{Party: s.charter.Code(p), Ordinal: p, State: NotYet}
		switch {
		case e.reservers&(1<<p) != 0:
			out[i].State = Reserves
		case held == nil && e.moves[i].last >= 0 && (lead != now || now == nil):
			out[i].State = Left
		case lead != nil && (held == lead || lead == now):
			out[i].State = Accepts
		}
		if refs {
			out[i].Revision = s.RevisionRef(held)
		}
	}
	return out
}

// codesOf spells out a set of parties.
func (s *State) codesOf(bits uint64) []party.Code {
	var out []party.Code
	for p := range s.rule.Parties() {
		if bits&(1<<p) != 0 {
			out = append(out, s.charter.Code(uint8(p)))
		}
	}
	return out
}

// langs are the languages to show: those asked for, or the group's.
func (s *State) langs(asked []text.Lang) []text.Lang {
	if len(asked) > 0 {
		return asked
	}
	return s.charter.Languages
}

// page bounds an offset and a limit.
func page(offset, limit int) (int, int) {
	if limit <= 0 {
		limit = DefaultRows
	}
	return max(offset, 0), min(limit, MaxRows)
}

// lastMoveOf is the latest table, accept or withdraw about the element by one of the parties that
// of takes.
func (e *Element) lastMoveOf(of func(party uint8) bool) (entry, bool) {
	for _, x := range slices.Backward(e.story) {
		if e.moves[x.Party].last == int32(x.Ordinal) && of(x.Party) {
			return x, true
		}
	}
	return entry{}, false
}

func anybody(uint8) bool { return true }

// awaiting are the parties whose confirmation is still to come, where all hold the same text and
// it is not yet in force: their servers write it by themselves as soon as they know.
func (s *State) awaiting(e *Element) []party.Code {
	r := e.Position(0)
	if e.status != InBrackets || r == nil {
		return nil
	}
	bits := uint64(0)
	for p := range e.moves {
		if e.Position(uint8(p)) != r {
			return nil
		}
		if !r.ConfirmedBy(uint8(p)) {
			bits |= 1 << p
		}
	}
	return s.codesOf(bits)
}
