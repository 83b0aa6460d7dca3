package plan

import (
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/text"
)

// Bounds of what changed between two cuts.
const (
	MaxDeeds   = 50    // acts told about one element, the latest
	maxLooked  = 20000 // entries looked through, the latest of each log
	maxChanged = 5000  // elements told of, those with the first references
)

// What somebody did to an element, as a page names it.
const (
	DidAdd       = "added"     // its first text
	DidReword    = "reworded"  // another text by a party that had tabled one
	DidCounter   = "countered" // another text by a party that had not
	DidOffer     = "offered"   // a text that its writer's party does not hold
	DidReopen    = "reopened"  // a text, after one was agreed
	DidRemoval   = "removal"   // proposed to strike it
	DidAccept    = "accepted"
	DidAgree     = "agreed" // the confirmation that was still missing
	DidStrike    = "removed"
	DidWithdraw  = "withdrawn"
	DidReserve   = "reserved"
	DidLift      = "lifted"
	DidRefer     = "referred"
	DidCertify   = "certified"
	DidReport    = "reported"
	DidObserve   = "observed"
	DidDispute   = "disputed"
	DidOpenRound = "opened"
	DidEndRound  = "closed"
)

// A BetweenQuery says which part of what changed to show.
type BetweenQuery struct {
	Party  party.Code // only elements on which this party acted; "" for all
	Offset int
	Limit  int // at most MaxRows; 0 for DefaultRows
}

// A Between is what changed between two cuts, element by element, and by whom.
type Between struct {
	From   Standing        `json:"from"`
	To     Standing        `json:"to"`
	Sums   []PartyDeeds    `json:"sums"` // in order of joining
	Rows   []ElementChange `json:"rows"` // by reference
	Offset int             `json:"offset"`
	Total  int             `json:"total"`
	More   bool            `json:"more"`
	Cut    bool            `json:"cut,omitempty"` // there were more acts or elements than are looked through
}

// A Standing is how the text stood at a cut.
type Standing struct {
	Paragraphs int `json:"paragraphs"`
	Agreed     int `json:"agreed"`
	Open       int `json:"open"`
	Rolling    int `json:"rolling"`
}

// PartyDeeds counts what one party did.
type PartyDeeds struct {
	Party party.Code `json:"party"`
	Deeds []Sum      `json:"deeds,omitempty"` // by what was done
}

// A Sum is how often something was done.
type Sum struct {
	What  string `json:"what"`
	Times int    `json:"times"`
}

// An ElementChange is what became of one element.
type ElementChange struct {
	Item                    // as it stands afterwards
	New       bool          `json:"new,omitempty"` // it was not there before
	Was       Status        `json:"was"`
	Brackets  [2]int        `json:"brackets"`        // before and after
	Title     []LangSpans   `json:"title,omitempty"` // the text that is asked about or in force, against the one before
	Text      []LangSpans   `json:"text,omitempty"`
	Fields    []string      `json:"fields,omitempty"` // what else differs
	Revisions []RevisionRef `json:"revisions"`        // the two texts compared: before, if there was one, and after
	Deeds     []Deed        `json:"deeds"`            // causes first
	DeedsAll  int           `json:"deedsAll"`
}

// A Deed is one act about an element.
type Deed struct {
	What     string       `json:"what"`
	Sort     string       `json:"sort,omitempty"` // of a remark that reserves or lifts
	Revision *RevisionRef `json:"revision,omitempty"`
	Stamp
}

// Changed tells what changed from this plan to a later one of the same group: to is the plan at a cut
// that holds this one's. What is in this one only is not told.
func (s *State) Changed(to *State, q BetweenQuery) Between {
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	c := comparing{from: s, to: to, before: s.Now(), deeds: map[*Element][]deed{}}
	out := Between{From: s.standing(), To: to.standing(), Rows: []ElementChange{}, Offset: q.Offset}
	out.Cut = c.collect()
	elements := c.elements()
	if len(elements) > maxChanged {
		elements, out.Cut = elements[:maxChanged], true
	}
	out.Sums = c.sums(elements)
	if p, ok := s.charter.Ordinal(q.Party); q.Party != "" {
		elements = slices.DeleteFunc(elements, func(e *Element) bool {
			return !ok || !slices.ContainsFunc(c.deeds[e], func(d deed) bool { return d.Party == p })
		})
	}
	out.Total = len(elements)
	elements = elements[min(q.Offset, len(elements)):]
	if out.More = len(elements) > q.Limit; out.More {
		elements = elements[:q.Limit]
	}
	for _, e := range elements {
		out.Rows = append(out.Rows, c.row(e))
	}
	return out
}

func (s *State) standing() Standing {
	t := s.Totals()
	return Standing{Paragraphs: t.Elements, Agreed: t.Agreed + t.Reserved, Open: len(s.lists.open.items), Rolling: t.Rolling}
}

// A deed is an act between two cuts that is told of.
type deed struct {
	entry
	what string
	sort string
	rev  act.Hash
}

type comparing struct {
	from, to *State
	before   Cut
	deeds    map[*Element][]deed // by element of the later plan, causes first
}

// collect looks through what the later plan has and the earlier one has not.
func (c *comparing) collect() (cut bool) {
	n := c.to.rule.Parties()
	for p := range n {
		first, end := c.before[p], c.to.rule.Count(uint8(p))
		if least := end - maxLooked/n; first < least {
			first, cut = least, true
		}
		for o := first; o < end; o++ {
			if c.to.rule.Void(uint8(p), o) == accord.Good {
				c.look(Place{uint8(p), uint32(o)})
			}
		}
	}
	for _, a := range slices.Backward(c.to.lists.adopted.items) {
		if !c.before.Holds(a.Place) {
			what := DidAgree
			if c.to.Content(a.rev).Struck {
				what = DidStrike
			}
			c.deeds[a.of] = append(c.deeds[a.of], deed{a.entry, what, "", a.rev.ID})
		}
	}
	for e, list := range c.deeds {
		slices.SortStableFunc(list, func(a, b deed) int { return a.entry.compare(b.entry) })
		c.name(e, list)
	}
	return cut
}

// look enters one act that is about an element.
func (c *comparing) look(at Place) {
	a := c.to.Act(at)
	e := c.to.elements[act.About(a.Body)]
	if e == nil {
		return
	}
	d := deed{entry: c.to.entryAt(at)}
	switch b := a.Body.(type) {
	case act.Table:
		d.what, d.rev = DidReword, c.to.LeafHash(at)
		switch {
		case b.Content.Struck:
			d.what = DidRemoval
		case b.Offered:
			d.what = DidOffer
		}
	case act.Accept:
		d.what, d.rev = DidAccept, b.Revision
	case act.Withdraw:
		d.what = DidWithdraw
	case act.Remark:
		if d.what, d.sort = DidReserve, b.Sort.String(); !b.Lifts.IsZero() {
			d.what = DidLift
		} else if b.Sort != act.Reservation && b.Sort != act.Scrutiny {
			return
		}
	case act.Refer:
		d.what, d.rev = DidRefer, b.Revision
	case act.Certify:
		d.what, d.rev = DidCertify, b.Revision
	case act.Report:
		if d.what = DidReport; b.Observed() {
			d.what = DidObserve
		}
	case act.Dispute:
		d.what, d.sort = DidDispute, b.Step.String()
	case act.Sit:
		d.what = DidOpenRound
		if b.Step == act.RoundCloses {
			d.what = DidEndRound
		}
	default:
		return
	}
	c.deeds[e] = append(c.deeds[e], d)
}

// name says which of the texts were the first, which were counter-texts, and which opened again
// what was agreed.
func (c *comparing) name(e *Element, list []deed) {
	was := c.from.elements[e.Ref()]
	agreed := was != nil && (was.status == Agreed || was.status == Reserved)
	for i := range list {
		d := &list[i]
		switch d.what {
		case DidAgree:
			agreed = true
		case DidReword:
			mine := e.moves[d.Party].first
			switch {
			case agreed:
				d.what, agreed = DidReopen, false
			case e.story[0].Place == d.Place:
				d.what = DidAdd
			case mine == int32(d.Ordinal):
				d.what = DidCounter
			}
		case DidRemoval, DidOffer, DidWithdraw:
			agreed = false
		}
	}
}

// elements are those about which anything is told, by reference.
func (c *comparing) elements() []*Element {
	out := make([]*Element, 0, len(c.deeds))
	for e := range c.deeds {
		out = append(out, e)
	}
	slices.SortFunc(out, (*Element).compare)
	return out
}

// sums counts what each party did.
func (c *comparing) sums(elements []*Element) []PartyDeeds {
	out := make([]PartyDeeds, c.to.rule.Parties())
	for p := range out {
		out[p].Party = c.to.charter.Code(uint8(p))
	}
	for _, e := range elements {
		for _, d := range c.deeds[e] {
			list := &out[d.Party].Deeds
			i := slices.IndexFunc(*list, func(s Sum) bool { return s.What == d.what })
			if i < 0 {
				i = len(*list)
				*list = append(*list, Sum{What: d.what})
			}
			(*list)[i].Times++
		}
	}
	for p := range out {
		slices.SortFunc(out[p].Deeds, func(a, b Sum) int { return cmp.Compare(a.What, b.What) })
	}
	return out
}

// row tells what became of one element.
func (c *comparing) row(e *Element) ElementChange {
	was := c.from.elements[e.Ref()]
	r := ElementChange{Item: c.to.itemOf(e), New: was == nil, Deeds: []Deed{}, DeedsAll: len(c.deeds[e]), Revisions: []RevisionRef{}}
	r.Brackets[1] = c.to.Brackets(e)
	var old, now act.Content
	if was != nil {
		r.Was, r.Brackets[0] = was.status, c.from.Brackets(was)
		old = c.from.told(was, &r)
	}
	now = c.to.told(e, &r)
	langs := c.to.charter.Languages
	if !old.Title.Equal(now.Title) {
		r.Title = diffs(old.Title, now.Title, langs)
	}
	if !old.Text.Equal(now.Text) {
		r.Text = diffs(old.Text, now.Text, langs)
	}
	if was != nil {
		r.Fields = slices.DeleteFunc(changed(&old, &now), func(f string) bool { return f == "title" || f == "text" })
	}
	for _, d := range tail(c.deeds[e], MaxDeeds) {
		r.Deeds = append(r.Deeds, Deed{d.what, d.sort, c.to.RevisionRef(c.to.rule.Revision(d.rev)), c.to.Stamp(d.Place)})
	}
	return r
}

// told is the text that stands for an element when two moments are compared: the one that is asked
// about or in force; if there is none, no words.
func (s *State) told(e *Element, r *ElementChange) act.Content {
	rev := e.Leading()
	if rev == nil {
		return act.Content{}
	}
	r.Revisions = append(r.Revisions, *s.RevisionRef(rev))
	c := s.Content(rev)
	if c.Struck {
		c.Text = text.Texts{}
	}
	return c
}
