package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/text"
)

// A Dossier is everything about one element: the Element page, the Negotiate page.
type Dossier struct {
	Item
	Talks
	Parent      act.Ref        `json:"parent,omitempty"`
	Words       []LangText     `json:"words,omitempty"`    // the text, with brackets
	Headings    []LangText     `json:"headings,omitempty"` // the title, with brackets
	Brackets    int            `json:"brackets"`
	Struck      bool           `json:"struck,omitempty"`  // the shown revision removes the element
	Crossed     bool           `json:"crossed,omitempty"` // letters crossed: each holds what the other has left
	Shown       *RevisionRef   `json:"shown,omitempty"`
	InForce     *RevisionRef   `json:"inForce,omitempty"`
	Adopted     []*RevisionRef `json:"adopted,omitempty"` // in order; the last is in force
	Positions   []Position     `json:"positions"`
	Differences []Difference   `json:"differences,omitempty"`
	Stands      []Stand        `json:"stands"`
	Turn        bool           `json:"turn"`                 // the viewer's
	TurnOf      []party.Code   `json:"turnOf,omitempty"`     // everybody's
	Awaiting    []party.Code   `json:"awaiting,omitempty"`   // all hold one text; these have yet to confirm it
	LastMove    *Stamp         `json:"lastMove,omitempty"`   // the latest table, accept or withdraw
	LastMoveIs  string         `json:"lastMoveIs,omitempty"` // "proposed", "countered", "accepted", "withdrawn", "removal"
	Choices     []Choice       `json:"choices,omitempty"`
	Fields      Fields         `json:"fields"`
	Remarks     []Note         `json:"remarks,omitempty"`
	Reserved    []Note         `json:"reservations,omitempty"` // scrutiny reservations too: Note.Sort tells

	Interpretations []Note    `json:"interpretations,omitempty"` // interpretative statements that stand
	Silences        []Silence `json:"silences,omitempty"`        // the action sheets of all procedures
	Offer           *Position `json:"offer,omitempty"`           // the Chair's or bridging text that stands

	Reports     []Progress `json:"reports,omitempty"`
	History     []Event    `json:"history"`
	HistoryAll  int        `json:"historyAll"` // acts in all; History holds the latest
	Trace       []Step     `json:"trace"`
	Path        []Item     `json:"path,omitempty"` // the elements above, from the top
	Children    []Item     `json:"children,omitempty"`
	ChildrenAll int        `json:"childrenAll"`
	CitedBy     []Item     `json:"citedBy,omitempty"` // of a passage: what answers to it
	Moves       []Series   `json:"moves,omitempty"`   // how numbers in the text moved
	Number      int        `json:"number,omitempty"`  // ¶ in the joint document
	Prev        act.Ref    `json:"prev,omitempty"`    // bracket before this, in the order of the document
	Next        act.Ref    `json:"next,omitempty"`
	Basis       string     `json:"basis"` // what a person reading this has read; see State.Basis
}

// Fields are what an element says beside title and text, by its shown revision.
type Fields struct {
	Lead      []party.Code    `json:"lead,omitempty"`
	Support   []party.Code    `json:"support,omitempty"`
	Due       act.Date        `json:"due,omitempty"`
	Cites     []act.Ref       `json:"cites,omitempty"`
	Source    text.Texts      `json:"source,omitempty"`
	Marking   string          `json:"marking"` // the group's ceiling where the element has none
	Narrower  bool            `json:"narrower,omitempty"`
	Order     uint32          `json:"order,omitempty"`
	Amount    string          `json:"amount,omitempty"`
	Unit      text.Texts      `json:"unit,omitempty"`
	SaidBy    text.Texts      `json:"saidBy,omitempty"`
	SaidOn    act.Date        `json:"saidOn,omitempty"`
	Paragraph uint32          `json:"paragraph,omitempty"`
	Quote     string          `json:"quote,omitempty"`
	Aside     text.Texts      `json:"aside,omitempty"`
	Contains  []act.Contained `json:"contains,omitempty"`
	Digests   []act.Digest    `json:"digests,omitempty"`
}

// A Position is the text that one party holds.
type Position struct {
	Party    party.Code   `json:"party"`
	Ordinal  uint8        `json:"ordinal"`
	Revision *RevisionRef `json:"revision"`
	Title    text.Texts   `json:"title,omitempty"`
	Text     text.Texts   `json:"text,omitempty"`
	Struck   bool         `json:"struck,omitempty"`  // would remove the element
	Base     *RevisionRef `json:"base,omitempty"`    // what Spans compare with: in force, or the other side's
	Spans    []LangSpans  `json:"spans,omitempty"`   // the text against the base
	Changed  []string     `json:"changed,omitempty"` // what differs from the base: "title", "text", "due" …
	Own      bool         `json:"own"`               // the viewer's
	Turn     bool         `json:"turn"`              // it is this party's turn
	InForce  bool         `json:"inForce"`
	Content  act.Content  `json:"-"` // for a form to begin with

	Attribution string `json:"attribution,omitempty"` // CoChair or Unchaired: the text is offered, and not the party's own
}

// A Choice is an act that the viewer's party can take on the element now.
type Choice struct {
	// Act is "accept", "counter", "silence", "offer", "refer", "object" (to break a silence), "reserve",
	// "scrutiny", "withdraw", "remark", "interpret", "lift", "certify" or "report".
	Act      string       `json:"act"`
	Of       party.Code   `json:"of,omitempty"`       // accept, refer, object: who holds or offered the text
	Offered  bool         `json:"offered,omitempty"`  // accept, refer: it is the text that is offered, see Dossier.Offer
	Revision *RevisionRef `json:"revision,omitempty"` // accept, withdraw: the text
	Note     *Note        `json:"note,omitempty"`     // lift: the reservation
}

// An Event is one act about an element.
type Event struct {
	Kind     string       `json:"kind"` // the act's kind: "table", "accept", …
	Stamp    Stamp        `json:"stamp"`
	Revision *RevisionRef `json:"revision,omitempty"`
	Changed  []string     `json:"changed,omitempty"` // table: what differs from the revision before
	Before   *act.Hash    `json:"before,omitempty"`  // table: the revision before, by the same count
	Sort     string       `json:"sort,omitempty"`    // remark: its sort; report: the progress
	Text     text.Texts   `json:"text,omitempty"`    // remark, report, withdraw: the words; refer: whose confirmation is awaited
	Until    int64        `json:"until,omitempty"`   // table: silence is asked for until then; refer: it lapses then
	Offered  bool         `json:"offered,omitempty"` // table: a Chair's or bridging text
	Chaired  bool         `json:"chaired,omitempty"` // table: whoever offered it is a co-chair
	Silent   bool         `json:"silent,omitempty"`  // accept: given by silence
	Adopted  bool         `json:"adopted,omitempty"` // with this act the revision became adopted
	Void     string       `json:"void,omitempty"`    // why it counts for nothing
	Why      string       `json:"why,omitempty"`     // the same as a sentence
}

// A Step is one step from a public statement down to an element.
type Step struct {
	Item
	Paragraph uint32     `json:"paragraph,omitempty"` // of a passage
	Quote     string     `json:"quote,omitempty"`
	Statement act.Ref    `json:"statement,omitempty"`
	SaidBy    text.Texts `json:"saidBy,omitempty"`
}

// Dossier is DossierAt where the time is not known: none is over.
func (s *State) Dossier(ref act.Ref, viewer uint8) (Dossier, bool) {
	return s.DossierAt(ref, viewer, 0)
}

// DossierAt tells everything about an element as seen by a party at a time, in milliseconds since
// 1970; a viewer that is no party has no turn and no choices.
func (s *State) DossierAt(ref act.Ref, viewer uint8, now int64) (Dossier, bool) {
	e := s.elements[ref]
	if e == nil {
		return Dossier{}, false
	}
	b, w := s.bracketer(e), s.bracketed(e)
	d := Dossier{
		Talks:  s.Talks(ref, now),
		Item:   Item{Ref: ref, Display: ref.Display(), Kind: e.kind, Title: b.shown.Title, Status: e.status},
		Parent: e.parent, Words: w.text, Headings: w.title,
		Brackets: w.brackets, Struck: e.struck, Shown: s.RevisionRef(e.shown), InForce: s.RevisionRef(e.InForce()),
		Differences: w.differences, Stands: s.stands(e, true), Turn: s.seated(viewer) && s.TurnOf(e, viewer), TurnOf: s.codesOf(e.turn), Awaiting: s.awaiting(e),
		Crossed: e.crossed(), Fields: s.fieldsOf(&b.shown), Basis: s.Basis(ref),
		Positions: s.positions(b, viewer), Reports: s.reportsOf(e),
		Remarks:  s.notes(e, func(remark) bool { return true }),
		Reserved: s.notes(e, attached), Interpretations: s.notes(e, interpretive),
		Silences: s.Silences(ref, now), Offer: s.offer(b),
		Trace: s.trace(e), Path: s.path(e), Moves: s.series(e),
		Prev: s.NextOpen(ref, true), Next: s.NextOpen(ref, false),
	}
	for _, r := range tail(e.Adopted(), MaxHistory) {
		d.Adopted = append(d.Adopted, s.RevisionRef(r))
	}
	if e.own[cLive] != 0 {
		d.Number = s.before(e, cLive) + 1
	}
	d.History, d.HistoryAll = s.history(e)
	d.Children, d.ChildrenAll = s.childItems(e)
	for _, o := range s.citers(ref) {
		d.CitedBy = append(d.CitedBy, s.itemOf(o))
	}
	s.tellLastMove(&d, e)
	d.Choices = s.choices(e, viewer, &d)
	return d, true
}

func (s *State) seated(viewer uint8) bool { return int(viewer) < s.rule.Parties() }

func tail[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

func (s *State) childItems(e *Element) (out []Item, all int) {
	for _, o := range s.Children(e.Ref()) {
		if o.Counted() && o.sum[cLive] == 0 || o.status == Withdrawn || o.status == Removed {
			continue
		}
		if all++; all <= MaxChildren {
			out = append(out, s.itemOf(o))
		}
	}
	return out, all
}

// citers lists the elements that stand and answer to a passage, by reference.
func (s *State) citers(ref act.Ref) []*Element {
	var out []*Element
	for _, o := range s.citing[ref] {
		if o.own[cLive] != 0 {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, (*Element).compare)
	return out[:min(len(out), MaxChildren)]
}

func (s *State) fieldsOf(c *act.Content) Fields {
	f := Fields{
		Lead: c.Lead, Support: c.Support, Due: c.Due, Cites: c.Cites, Source: c.Source, Order: c.Order,
		Amount: c.Amount, Unit: c.Unit, SaidBy: c.SaidBy, SaidOn: c.SaidOn, Paragraph: c.Paragraph, Quote: c.Quote, Aside: c.Aside,
		Contains: c.Contains, Digests: c.Digests, Marking: s.charter.Ceiling.String(),
	}
	if c.Marking != nil {
		f.Marking, f.Narrower = c.Marking.String(), true
	}
	return f
}

// crossed reports whether two parties each hold a text that the other has left.
func (e *Element) crossed() bool {
	now := e.InForce()
	for p := range e.moves {
		r := e.Position(uint8(p))
		if r == nil || r == now {
			continue
		}
		for q := range p {
			o := e.Position(uint8(q))
			if o != nil && o != r && o != now && r.EverHeldBy(uint8(q)) && o.EverHeldBy(uint8(p)) {
				return true
			}
		}
	}
	return false
}

// positions are the texts that parties hold, in order of joining, each against the text in force
// or, where there is none, against the first other text held.
func (s *State) positions(b *bracketer, viewer uint8) []Position {
	out := []Position{}
	e, held := b.e, b.held()
	for p := range s.rule.Parties() {
		r := e.Position(uint8(p))
		if r == nil {
			continue
		}
		at := s.position(b, held, uint8(p), r, contentOf(held, r))
		at.Own, at.Turn, at.InForce = uint8(p) == viewer, s.TurnOf(e, uint8(p)), r == e.InForce()
		out = append(out, at)
	}
	return out
}

// held are the texts that parties stand by, where the element has no brackets too.
func (b *bracketer) held() []reading {
	if len(b.readings) > 0 {
		return b.readings
	}
	held, _ := b.s.readings(b.e)
	return held
}

// position is a text of a party as a page shows it, against its base.
func (s *State) position(b *bracketer, held []reading, party uint8, r *accord.Revision, c *act.Content) Position {
	at := Position{Party: s.charter.Code(party), Ordinal: party, Revision: s.RevisionRef(r), Title: c.Title, Text: c.Text, Struck: c.Struck, Content: *c}
	if base, was := s.baseOf(b, held, r); base != nil && was.Kind != 0 {
		at.Base = s.RevisionRef(base)
		at.Spans = diffs(was.Text, c.Text, s.charter.Languages)
		at.Changed = changed(was, c)
	}
	return at
}

func contentOf(held []reading, r *accord.Revision) *act.Content {
	i := slices.IndexFunc(held, func(x reading) bool { return x.rev == r })
	return &held[i].content
}

// baseOf is what to compare a held revision with; nil for nothing.
func (s *State) baseOf(b *bracketer, held []reading, r *accord.Revision) (*accord.Revision, *act.Content) {
	if now := b.e.InForce(); now != nil {
		if now == r {
			return nil, nil
		}
		return now, &b.base
	}
	for i := range held {
		if held[i].rev != r {
			return held[i].rev, &held[i].content
		}
	}
	return nil, nil
}

// tellLastMove says who moved last on the element, and how.
func (s *State) tellLastMove(d *Dossier, e *Element) {
	if x, ok := e.lastMoveOf(anybody); ok {
		a := s.Act(x.Place)
		at := s.stamp(x.Place, &a)
		d.LastMove, d.LastMoveIs = &at, s.moveName(e, x, &a)
	}
}

// moveName says what a table, accept or withdraw act was in the negotiation.
func (s *State) moveName(e *Element, x entry, a *act.Act) string {
	switch b := a.Body.(type) {
	case act.Accept:
		return "accepted"
	case act.Withdraw:
		return "withdrawn"
	case act.Table:
		if b.Content.Struck {
			return "removal"
		}
		for p, m := range e.moves {
			if p != int(x.Party) && m.first >= 0 && s.rule.SawAt(x.Party, int(x.Ordinal), uint8(p)) > int(m.first) {
				return "countered"
			}
		}
	}
	return "proposed"
}

// path lists the elements above, from the top.
func (s *State) path(e *Element) []Item {
	var out []Item
	for up := e.up; up != nil; up = up.up {
		out = append(out, s.itemOf(up))
	}
	if top := s.top(e); top.parent != "" {
		out = append(out, s.item(top.parent)) // stands in the plenary, or cannot stand above it
	}
	slices.Reverse(out)
	return out
}

func (s *State) top(e *Element) *Element {
	for e.up != nil {
		e = e.up
	}
	return e
}

// trace goes from the passages that the element, or those above it, answer to, down to it.
func (s *State) trace(e *Element) []Step {
	var out []Step
	for x := e; x != nil; x = x.up {
		for _, ref := range x.cites {
			out = append(out, s.passageStep(ref))
		}
		if len(x.cites) > 0 {
			break
		}
	}
	if e.kind == act.Passage && e.up != nil {
		out = append(out, Step{Item: s.itemOf(e.up)})
	}
	for _, it := range s.path(e) {
		out = append(out, Step{Item: it})
	}
	return append(out, Step{Item: s.itemOf(e)})
}

func (s *State) passageStep(ref act.Ref) Step {
	st := Step{Item: s.item(ref)}
	if p := s.elements[ref]; p != nil && p.kind == act.Passage {
		c := s.Content(p.shown)
		st.Paragraph, st.Quote, st.Statement = c.Paragraph, c.Quote, c.Parent
		if p.up != nil {
			st.SaidBy = s.Content(p.up.shown).SaidBy
		}
	}
	return st
}
