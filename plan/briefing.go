package plan

import (
	"cmp"
	"slices"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A Briefing is what one party needs to know of the group now: the page Today.
type Briefing struct {
	YoursToDecide []Decision  `json:"yoursToDecide"`
	YoursAll      int         `json:"yoursAll"`
	WorthYourEye  []News      `json:"worthYourEye"`
	WithOthers    []Waiting   `json:"withOthers"`
	OthersAll     int         `json:"othersAll"`
	StateOfText   StateOfText `json:"stateOfText"`
	Dates         []DueDate   `json:"dates"`
	DatesAll      int         `json:"datesAll"`
	Ending        []Deadline  `json:"ending"` // silences that end, acceptances ad referendum that lapse
	EndingAll     int         `json:"endingAll"`
}

// A BriefingQuery says for whom, and from which day on dates are of interest.
type BriefingQuery struct {
	Viewer uint8    // ordinal of the party
	Today  act.Date // dates before it are left out; "" for all dates
	Now    int64    // milliseconds since 1970; where it is 0, the beginning of Today in UTC
	Limit  int      // items of each list, at most MaxStory; 0 for ten
}

// A Decision is an element on which the next word is the viewer's.
type Decision struct {
	Item
	Brackets int          `json:"brackets"`
	Move     string       `json:"move"` // "proposed", "countered", "accepted", "removal", "withdrawn", "offered"
	By       Stamp        `json:"by"`   // who made that move
	Revision *RevisionRef `json:"revision,omitempty"`
	Crossed  bool         `json:"crossed,omitempty"`
	Due      act.Date     `json:"due,omitempty"`
	Silence  int64        `json:"silence,omitempty"`  // it is under silence until then, in milliseconds since 1970
	Referral *Referral    `json:"referral,omitempty"` // accepted ad referendum by the viewer's party: its capital has to confirm
}

// A Waiting is an element on which the next word is somebody else's.
type Waiting struct {
	Item
	Turn     []party.Code `json:"turn"`
	Since    Stamp        `json:"since"` // the move that made it their turn
	Brackets int          `json:"brackets"`
}

// News is something that happened since the viewer's party last acted.
type News struct {
	Item
	What  string     `json:"what"`  // "adopted", "reserved", "objected", "interpreted", "scrutinised", "referred", "certified", "remarked", "lifted", "withdrawn", "reported", "delegation", "void"
	Stamp Stamp      `json:"stamp"` // of the act
	Text  text.Texts `json:"text,omitempty"`
	Why   string     `json:"why,omitempty"` // void: the reason
}

// StateOfText counts the text, heading by heading, one mark a paragraph.
type StateOfText struct {
	Totals      Totals    `json:"totals"`
	Headings    []Heading `json:"headings"`
	HeadingsAll int       `json:"headingsAll"`
}

// A Heading is a goal (or a way whose goal is not of this group) with all that is under it. The
// one without a reference stands for all paragraphs under none.
type Heading struct {
	Item
	Agreed int       `json:"agreed"`
	Of     int       `json:"of"`
	Marks  []string  `json:"marks"` // of the first MaxMarks paragraphs
	Refs   []act.Ref `json:"refs"`  // the paragraphs that the marks stand for
}

// A DueDate is a day on which something is due.
type DueDate struct {
	Item
	Due      act.Date     `json:"due"`
	Lead     []party.Code `json:"lead,omitempty"`
	Progress string       `json:"progress,omitempty"` // as last reported by any party
}

// now is the time for which the briefing is.
func (q *BriefingQuery) now() int64 {
	day, err := time.Parse(time.DateOnly, string(q.Today))
	if q.Now != 0 || err != nil {
		return q.Now
	}
	return day.UnixMilli()
}

// Briefing tells a party what needs it, what it should know, and where the rest stands.
func (s *State) Briefing(q BriefingQuery) Briefing {
	if q.Limit <= 0 {
		q.Limit = 10
	}
	q.Limit = min(q.Limit, MaxStory)
	b := Briefing{YoursToDecide: []Decision{}, WorthYourEye: []News{}, WithOthers: []Waiting{}, Dates: []DueDate{}}
	mine := uint64(0)
	if s.seated(q.Viewer) {
		mine = 1 << q.Viewer
		turns := s.lists.turns[q.Viewer].items
		b.YoursAll = len(turns)
		for _, e := range turns[:min(len(turns), q.Limit)] {
			b.YoursToDecide = append(b.YoursToDecide, s.decision(e, q.Viewer, q.now()))
		}
		b.WorthYourEye = s.news(q.Viewer, q.Limit)
	}
	b.OthersAll = s.lists.turned - b.YoursAll
	for _, e := range s.lists.open.items {
		if len(b.WithOthers) == min(q.Limit, b.OthersAll) {
			break
		}
		if e.turn != 0 && e.turn&mine == 0 {
			b.WithOthers = append(b.WithOthers, s.waitingFor(e))
		}
	}
	b.StateOfText = s.stateOfText()
	b.Dates, b.DatesAll = s.dates(q.Today, q.Limit)
	ending := s.deadlines(q.Viewer, q.now())
	b.Ending, b.EndingAll = ending[:min(len(ending), q.Limit)], len(ending)
	return b
}

// decision tells of the latest move of another party: one that put a text before the viewer or,
// where no text of another stands, one that withdrew it. An offer that the viewer has not answered
// is told of, whosever it is, where nothing of another came after it.
func (s *State) decision(e *Element, viewer uint8, now int64) Decision {
	d := Decision{Item: s.itemOf(e), Brackets: s.Brackets(e), Crossed: e.crossed(), Due: e.due}
	if x := s.silenceOf(e, now); x != nil && x.Outcome == SilenceRuns {
		d.Silence = x.Until
	}
	if list := s.Referrals(e.Ref(), now); len(list) > 0 {
		if i := slices.IndexFunc(list, func(r Referral) bool { return r.Place.Party == viewer }); i >= 0 {
			d.Referral = &list[i]
		}
	}
	x, moved := e.lastMoveOf(func(p uint8) bool {
		r := e.Position(p)
		return p != viewer && r != nil && r != e.InForce() && r != e.Position(viewer)
	})
	if !moved {
		x, moved = e.lastMoveOf(func(p uint8) bool { return p != viewer })
	}
	o := e.Offer()
	switch {
	case o != nil && o != e.Position(viewer) && !s.answered(e, viewer, o) && (!moved || s.entryAt(placeOf(o)).compare(x) > 0):
		d.Move, d.By, d.Revision = DidOffer, s.Stamp(placeOf(o)), s.RevisionRef(o)
	case moved:
		s.tellDecision(&d, e, x)
	}
	return d
}

func (s *State) tellDecision(d *Decision, e *Element, x entry) {
	a := s.Act(x.Place)
	d.Move, d.By, d.Revision = s.moveName(e, x, &a), s.stamp(x.Place, &a), s.RevisionRef(e.Position(x.Party))
}

func (s *State) waitingFor(e *Element) Waiting {
	w := Waiting{Item: s.itemOf(e), Turn: s.codesOf(e.turn), Brackets: s.Brackets(e)}
	if x, ok := e.lastMoveOf(anybody); ok {
		w.Since = s.Stamp(x.Place)
	}
	return w
}

// news looks through the ends of the logs for what others did since the viewer's party last acted
// through a person, and for the viewer's own acts that came to nothing.
func (s *State) news(viewer uint8, limit int) []News {
	type found struct {
		entry
		News
	}
	var all []found
	n := s.rule.Parties()
	each := max(maxRecent/n, 16)
	for p := range n {
		from := s.knew(viewer, uint8(p))
		last := s.rule.Count(uint8(p))
		for o := last - 1; o >= max(from, last-each); o-- {
			at := Place{uint8(p), uint32(o)}
			if item, ok := s.newsAt(at, viewer); ok {
				all = append(all, found{s.entryAt(at), item})
			}
		}
	}
	adopted := s.lists.adopted.items
	for i := len(adopted) - 1; i >= 0 && i >= len(adopted)-maxRecent; i-- {
		x := adopted[i]
		if x.Party != viewer && int(x.Ordinal) >= s.knew(viewer, x.Party) {
			all = append(all, found{x.entry, News{Item: s.itemOf(x.of), What: "adopted", Stamp: s.Stamp(x.Place)}})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(b.entry.compare(a.entry), cmp.Compare(a.What, b.What), a.Ref.Compare(b.Ref))
	})
	out := []News{}
	for _, f := range all[:min(len(all), limit)] {
		out = append(out, f.News)
	}
	return out
}

// knew is how many entries of a party's log the viewer's party had seen when a person of it last
// acted; of its own log, all up to the entry before that act.
func (s *State) knew(viewer, p uint8) int {
	at := s.spoke[viewer]
	if at < 0 {
		return 0
	}
	if p == viewer {
		return int(at)
	}
	return s.rule.SawAt(viewer, int(at), p)
}

func (s *State) entryAt(p Place) entry {
	x := entry{p, uint64(p.Ordinal) + 1}
	for q := range s.rule.Parties() {
		if q != int(p.Party) {
			x.past += uint64(s.rule.SawAt(p.Party, int(p.Ordinal), uint8(q)))
		}
	}
	return x
}

var remarkNews = [...]string{act.Comment: "remarked", act.Objection: "objected", act.Reservation: "reserved", act.Interpretation: "interpreted", act.Scrutiny: "scrutinised"}

// newsAt tells of one act, if it is worth the viewer's eye.
func (s *State) newsAt(at Place, viewer uint8) (News, bool) {
	a := s.Act(at)
	n := News{Stamp: s.stamp(at, &a)}
	if why := s.rule.Void(at.Party, int(at.Ordinal)); why != 0 {
		n.What, n.Why = "void", why.Sentence()
		if ref := act.About(a.Body); ref != "" {
			n.Item = s.item(ref)
		}
		return n, at.Party == viewer
	}
	if at.Party == viewer {
		return n, false
	}
	switch b := a.Body.(type) {
	case act.Remark:
		n.What, n.Text = remarkNews[b.Sort], b.Text
		if !b.Lifts.IsZero() {
			n.What = "lifted"
		}
	case act.Withdraw:
		n.What, n.Text = "withdrawn", b.Reason
	case act.Report:
		n.What, n.Text = "reported", b.Note
		if b.Observed() {
			n.What = Observed
		}
	case act.Attest:
		n.What = "attested"
	case act.Dispute:
		n.What, n.Text = "disputed", b.Text
	case act.Refer:
		n.What, n.Text = "referred", b.Role
	case act.Certify:
		n.What = "certified"
	case act.Accredit:
		n.What = "delegation"
		return n, true
	default:
		return n, false
	}
	ref := act.About(a.Body)
	n.Item = s.item(ref)
	return n, s.elements[ref] != nil
}

// stateOfText counts under each heading at the top of the plan.
func (s *State) stateOfText() StateOfText {
	t := StateOfText{Totals: s.Totals(), Headings: []Heading{}}
	under := 0
	for _, kind := range []act.ElementKind{act.Goal, act.Way} {
		from, to := s.roots.firstOf(kind)
		under += s.roots.between(from, to, cLive)
		for _, e := range s.roots.kids[from:to] {
			if len(t.Headings) == MaxHeadings {
				t.HeadingsAll += to - int(e.at)
				break
			}
			if e.sum[cLive] == 0 {
				continue
			}
			t.HeadingsAll++
			h := Heading{Item: s.itemOf(e), Agreed: int(e.sum[cAgreed]), Of: int(e.sum[cLive])}
			if e.own[cLive] != 0 {
				h.mark(e)
			}
			if e.kids != nil {
				e.kids.walk(cLive, 0, h.mark)
			}
			t.Headings = append(t.Headings, h)
		}
	}
	if rest := t.Totals.Elements - under; rest > 0 {
		t.Headings = append(t.Headings, s.unheaded(rest))
	}
	return t
}

// unheaded counts the paragraphs that stand under no goal and no way.
func (s *State) unheaded(n int) Heading {
	h := Heading{Of: n, Agreed: int(s.sum[cAgreed])}
	for _, kind := range []act.ElementKind{act.Goal, act.Way} {
		from, to := s.roots.firstOf(kind)
		h.Agreed -= s.roots.between(from, to, cAgreed)
	}
	from, _ := s.roots.firstOf(act.Goal)
	_, to := s.roots.firstOf(act.Way)
	for i, e := range s.roots.kids {
		if i >= from && i < to || e.sum[cLive] == 0 {
			continue
		}
		if e.own[cLive] != 0 && !h.mark(e) || e.kids != nil && !e.kids.walk(cLive, 0, h.mark) {
			break
		}
	}
	return h
}

// mark adds a paragraph's mark; false when there are enough.
func (h *Heading) mark(e *Element) bool {
	if len(h.Marks) == MaxMarks {
		return false
	}
	m := MarkAgreed
	switch e.status {
	case InBrackets:
		m = MarkBracket
	case Reserved:
		m = MarkReserved
	}
	h.Marks, h.Refs = append(h.Marks, m), append(h.Refs, e.Ref())
	return true
}

// dates lists what is due from a day on, soonest first.
func (s *State) dates(today act.Date, limit int) ([]DueDate, int) {
	list := s.lists.due.items
	from, _ := slices.BinarySearchFunc(list, today, func(d dated, t act.Date) int { return cmp.Compare(d.due, t) })
	list = list[from:]
	out := []DueDate{}
	for _, d := range list[:min(len(list), limit)] {
		x := DueDate{Item: s.itemOf(d.of), Due: d.due, Lead: s.codesOf(d.of.leads)}
		if r := s.reportsOf(d.of); len(r) > 0 {
			x.Progress = r[len(r)-1].Progress.String()
		}
		out = append(out, x)
	}
	return out, len(list)
}
