package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A MarginPage is the national margin beside an element, or of a group: for who is seated in this
// party's delegation, and nobody else.
type MarginPage struct {
	national.View
	May     MarginPowers    `json:"may"`
	Beside  []MarginElement `json:"beside,omitempty"`  // of a group: its elements that have a margin, or cross a red line
	Beyond  int             `json:"beyond,omitempty"`  // how many more there are
	Draft   *national.Entry `json:"draft,omitempty"`   // of an element: its draft as it stands
	Crosses []string        `json:"crosses,omitempty"` // of an element: the parties whose text crosses a red line
}

// MarginPowers say what the person may do in the margin beside writing.
type MarginPowers struct {
	Release bool `json:"release"` // let a text go out that was held
	Name    bool `json:"name"`    // name who may release
	Clear   bool `json:"clear"`   // of an element: clear its draft
}

// A MarginElement is an element of a group that has something in its margin.
type MarginElement struct {
	Element   act.Ref             `json:"element"`
	Title     text.Texts          `json:"title,omitempty"`
	Entries   int                 `json:"entries"`
	Uncleared []string            `json:"uncleared,omitempty"` // who has yet to clear its draft
	Waiting   bool                `json:"waiting,omitempty"`   // a bracket waits for instructions
	Crossings []national.Crossing `json:"crossings,omitempty"`
}

// AskMargin is an entry to be written: a new one, another revision of the one with that number, or
// its end.
type AskMargin struct {
	Number uint64   `json:"number,omitempty" doc:"of the entry that is changed or ended"`
	Field  string   `json:"field,omitempty" doc:"instruction, fallback, red-line, note, clearance, reason, never-say or officer"`
	End    bool     `json:"end,omitempty"`
	Words  Words    `json:"words,omitempty"`
	Line   *AskLine `json:"line,omitempty" doc:"red-line"`
	Person string   `json:"person,omitempty" doc:"clearance, officer"`
	Role   string   `json:"role,omitempty" doc:"clearance"`
	Reason string   `json:"reason,omitempty" doc:"reason: alternative, contentious, tactical, waiting or weary"`
	Of     string   `json:"of,omitempty" doc:"reason: whose words stand in the bracket"`
}

// An AskLine is a red line as requested.
type AskLine struct {
	Kind     string   `json:"kind" doc:"number, must, must-not or rule"`
	Langs    []string `json:"langs,omitempty"`
	Units    []string `json:"units,omitempty"`
	Position int      `json:"position,omitempty"`
	Min      string   `json:"min,omitempty"`
	Max      string   `json:"max,omitempty"`
	Phrase   Words    `json:"phrase,omitempty"`
	Rule     string   `json:"rule,omitempty"`
}

// AskDraft is an act that is being prepared, and a word about it where one is needed.
type AskDraft struct {
	Act   *Ask  `json:"act,omitempty" doc:"as it would be sent; none for the element's draft"`
	Words Words `json:"words,omitempty"`
}

// A MarginEntry is an entry as it was written.
type MarginEntry struct {
	Entry national.Entry `json:"entry"`
}

// A MarginCheck says what the margin has against a text that could be sent.
type MarginCheck struct {
	Crossings []national.Crossing `json:"crossings"`         // red lines that it crosses: a warning
	Held      string              `json:"held,omitempty"`    // why the guard would hold it; none where it would not
	Hits      []national.Hit      `json:"hits,omitempty"`    // where
	Missing   []string            `json:"missing,omitempty"` // who has yet to clear it
}

// A MarginDesk is the national margin as commands and pages use it: what a person may see and do there
// is decided here.
type MarginDesk struct {
	Chancery *chancery.Chancery
	Margins  *national.Margins // nil where there is none
}

// hand is the person as the margin knows people. Who is not seated in the delegation is answered as
// if there were no margin.
func (m MarginDesk) hand(ctx context.Context, g *chancery.Group, who chancery.Who) (national.Hand, error) {
	if m.Margins == nil || !g.Seats(who) {
		return national.Hand{}, chancery.ErrWithheld
	}
	h := national.Hand{Person: who.Person, Steward: who.Admin || g.Powers(who).Has(act.MayConvene)}
	people, err := m.Chancery.People(ctx)
	if err != nil {
		return h, err
	}
	for _, p := range people {
		if p.ID == who.Person {
			h.Roles = append(h.Roles, rolesOf(p.Role)...)
		}
	}
	g.View(func(p *plan.State) {
		for _, d := range p.Delegation(g.Self()).Delegates {
			if d.Person == who.Person {
				h.Roles = append(h.Roles, rolesOf(d.Role)...)
			}
		}
	})
	return h, nil
}

func rolesOf(t text.Texts) (out []string) {
	for _, v := range t {
		out = append(out, v.Text)
	}
	return out
}

// Element is the margin beside an element, with what stands for the whole group.
func (m MarginDesk) Element(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref) (MarginPage, error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return MarginPage{}, err
	}
	var said []national.Said
	g.View(func(p *plan.State) { said = append(onTable(p, ref), remarksOf(p, ref, g.Self())...) })
	out := MarginPage{View: m.Margins.View(g.ID(), ref, said), May: m.powers(g, h)}
	if d, ok := m.Margins.Draft(g.ID(), ref); ok {
		out.Draft, out.May.Clear = &d, len(m.Margins.Clearances(g.ID(), ref, h)) > 0
	}
	for _, c := range out.Crossings {
		if c.Party != "" && !slices.Contains(out.Crosses, string(c.Party)) {
			out.Crosses = append(out.Crosses, string(c.Party))
		}
	}
	return out, nil
}

func (m MarginDesk) powers(g *chancery.Group, h national.Hand) MarginPowers {
	return MarginPowers{Release: m.Margins.MayRelease(g.ID(), h), Name: h.Steward}
}

// onTable lists the texts that the parties hold of an element, one's own among them.
func onTable(p *plan.State, ref act.Ref) (out []national.Said) {
	e := p.Element(ref)
	if e == nil {
		return nil
	}
	for q := range p.Rule().Parties() {
		rev := e.Position(uint8(q))
		if rev == nil {
			continue
		}
		c := p.Content(rev)
		by := p.Charter().Code(uint8(q))
		for _, t := range []struct {
			what string
			t    text.Texts
		}{{"title", c.Title}, {"text", c.Text}} {
			if len(t.t) > 0 && !c.Struck {
				out = append(out, national.Said{What: t.what, Party: by, Revision: rev.ID, Texts: t.t})
			}
		}
	}
	return out
}

// remarksOf lists the remarks on an element.
func remarksOf(p *plan.State, ref act.Ref, self uint8) (out []national.Said) {
	d, ok := p.Dossier(ref, self)
	if !ok {
		return nil
	}
	for _, n := range slices.Concat(d.Remarks, d.Reserved) {
		out = append(out, national.Said{What: "remark", Party: p.Charter().Code(n.Place.Party), Texts: n.Text})
	}
	return out
}

// Group is the margin of the whole group, and what stands beside its elements.
func (m MarginDesk) Group(ctx context.Context, g *chancery.Group, who chancery.Who) (MarginPage, error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return MarginPage{}, err
	}
	out := MarginPage{View: m.Margins.View(g.ID(), "", nil), May: m.powers(g, h)}
	for _, e := range m.elements(g, len(out.RedLines) > 0) {
		b, some := m.beside(g.ID(), e)
		switch {
		case some && len(out.Beside) < plan.MaxRows:
			out.Beside = append(out.Beside, b)
		case some:
			out.Beyond++
		}
	}
	return out, nil
}

// CrossedElements lists the elements of a group of which a text on the table crosses a red line. To who
// is not seated in the delegation there is none.
func (m MarginDesk) CrossedElements(g *chancery.Group, who chancery.Who) (out []act.Ref) {
	if m.Margins == nil || !g.Seats(who) {
		return nil
	}
	for _, e := range m.elements(g, len(m.Margins.View(g.ID(), "", nil).RedLines) > 0) {
		if len(m.Margins.Crossings(g.ID(), e.ref, e.said)) > 0 {
			out = append(out, e.ref)
		}
	}
	return out
}

// A tabled is an element as it stands: what is checked against red lines, outside of the group's lock.
type tabled struct {
	ref   act.Ref
	title text.Texts
	said  []national.Said
}

// elements lists the elements of a group that have something beside them and, where a red line stands
// for the whole group, all that are open.
func (m MarginDesk) elements(g *chancery.Group, open bool) (out []tabled) {
	refs := m.Margins.Elements(g.ID())
	g.View(func(p *plan.State) {
		if open {
			for _, e := range p.Open() {
				refs = append(refs, e.Ref())
			}
		}
		slices.Sort(refs)
		for _, ref := range slices.Compact(refs) {
			x := tabled{ref: ref, said: onTable(p, ref)}
			if e := p.Element(ref); e != nil {
				x.title = p.Content(e.Shown(p.Rule().Parties())).Title
			}
			out = append(out, x)
		}
	})
	return out
}

// beside sums up what stands beside an element.
func (m MarginDesk) beside(group act.Hash, e tabled) (MarginElement, bool) {
	view := m.Margins.View(group, e.ref, e.said)
	b := MarginElement{Element: e.ref, Title: e.title, Crossings: view.Crossings}
	for _, list := range [][]national.Kept{view.Instructions, view.Fallbacks, view.RedLines, view.Notes, view.Reasons, view.NeverSay, view.Drafts} {
		for _, k := range list {
			if k.Element == e.ref {
				b.Entries++
			}
			b.Waiting = b.Waiting || k.Element == e.ref && k.Reason == national.Waiting
		}
	}
	for _, n := range view.Clearances {
		if n.Element == e.ref {
			b.Entries++
		}
		if n.Given == nil && len(view.Drafts) > 0 {
			b.Uncleared = append(b.Uncleared, cmp.Or(string(n.Person), n.Role))
		}
	}
	return b, b.Entries > 0 || len(b.Crossings) > 0
}

// Write writes an entry beside an element or, with no reference, for the whole group.
func (m MarginDesk) Write(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskMargin) (out MarginEntry, err error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return out, err
	}
	e := national.Entry{Number: ask.Number, Element: ref, Ended: ask.End}
	if ask.Number == 0 || ask.Field != "" {
		if e.Field, err = national.ParseField(ask.Field); err != nil {
			return out, badRequest("%v. Nothing was written.", err)
		}
	}
	switch e.Field {
	case national.Cleared, national.Drafted, national.Released, national.Reading:
		return out, badRequest("That is written by an address of its own (%s). Nothing was written.", e.Field)
	}
	if e.Body, err = ask.body(); err != nil {
		return out, err
	}
	if e.Person != "" {
		if _, err := m.Chancery.Local(ctx, e.Person); errors.Is(err, chancery.ErrWithheld) {
			return out, badRequest("There is no person %s here. Nothing was written.", e.Person)
		} else if err != nil {
			return out, err
		}
	}
	out.Entry, err = m.enter(ctx, g, h, e)
	return out, err
}

// enter keeps an entry, and says what the margin refused in the words of this package.
func (m MarginDesk) enter(ctx context.Context, g *chancery.Group, h national.Hand, e national.Entry) (national.Entry, error) {
	out, err := m.Margins.Write(ctx, g.ID(), h, m.Chancery.Now(), e)
	var refused *national.Refused
	if errors.As(err, &refused) {
		return out, &chancery.Refused{Rule: refused.Rule, Sentence: refused.Sentence, Form: refused.Form, Args: refused.Args}
	}
	return out, err
}

// body reads what an entry says.
func (ask AskMargin) body() (b national.Body, err error) {
	if b.Words, err = ask.Words.Texts(); err != nil {
		return b, err
	}
	b.Role, b.Reason = ask.Role, national.Reason(ask.Reason)
	if ask.Person != "" {
		if b.Person, err = party.ParsePerson(ask.Person); err != nil {
			return b, badRequest("%v. Nothing was written.", err)
		}
	}
	if ask.Of != "" {
		if b.Of, err = party.ParseCode(ask.Of); err != nil {
			return b, badRequest("%v. Nothing was written.", err)
		}
	}
	if ask.Line != nil {
		l := national.RedLine{Kind: national.LineKind(ask.Line.Kind), Units: ask.Line.Units, Position: ask.Line.Position,
			Min: ask.Line.Min, Max: ask.Line.Max, Rule: ask.Line.Rule}
		for _, s := range ask.Line.Langs {
			lang, err := text.ParseLang(s)
			if err != nil {
				return b, badRequest("%v. Nothing was written.", err)
			}
			l.Langs = append(l.Langs, lang)
		}
		if l.Phrase, err = ask.Line.Phrase.Texts(); err != nil {
			return b, err
		}
		b.Line = &l
	}
	return b, nil
}

// desk is the margin of this server, for a person who was named.
func (s *Server) desk(r *http.Request, v visit) (MarginDesk, error) {
	return MarginDesk{s.Chancery, s.Margin}, s.named(r.Context(), v)
}

// deskAt is the same, beside the element of the address.
func (s *Server) deskAt(r *http.Request, v visit) (MarginDesk, act.Ref, error) {
	ref, err := pathRef(r)
	if err != nil {
		return MarginDesk{}, "", err
	}
	m, err := s.desk(r, v)
	return m, ref, err
}

func (s *Server) groupMargin(r *http.Request, v visit, _ none) (MarginPage, error) {
	m, err := s.desk(r, v)
	if err != nil {
		return MarginPage{}, err
	}
	return m.Group(r.Context(), v.group, v.who)
}

func (s *Server) margin(r *http.Request, v visit, _ none) (MarginPage, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return MarginPage{}, err
	}
	return m.Element(r.Context(), v.group, v.who, ref)
}

func (s *Server) writeGroupMargin(r *http.Request, v visit, ask AskMargin) (MarginEntry, error) {
	m, err := s.desk(r, v)
	if err != nil {
		return MarginEntry{}, err
	}
	return m.Write(r.Context(), v.group, v.who, "", ask)
}

func (s *Server) writeMargin(r *http.Request, v visit, ask AskMargin) (MarginEntry, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return MarginEntry{}, err
	}
	return m.Write(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) keepDraft(r *http.Request, v visit, ask AskDraft) (MarginEntry, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return MarginEntry{}, err
	}
	return m.Keep(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) clearDraft(r *http.Request, v visit, ask AskDraft) (ClearedEntries, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return ClearedEntries{}, err
	}
	return m.Clear(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) releaseDraft(r *http.Request, v visit, ask AskDraft) (MarginEntry, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return MarginEntry{}, err
	}
	return m.Release(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) checkDraft(r *http.Request, v visit, ask AskDraft) (MarginCheck, error) {
	m, ref, err := s.deskAt(r, v)
	if err != nil {
		return MarginCheck{}, err
	}
	return m.Check(r.Context(), v.group, v.who, ref, ask)
}
