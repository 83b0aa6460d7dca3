package api

import (
	"cmp"
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

// desk is the margin of the group as the visitor may use it. Who is not seated in the delegation is
// answered as if there were none.
func (s *Server) desk(r *http.Request, v visit) (national.Hand, error) {
	if s.Margin == nil {
		return national.Hand{}, chancery.ErrWithheld
	}
	if err := s.named(r.Context(), v); err != nil {
		return national.Hand{}, err
	}
	if !v.group.Seats(v.who) {
		return national.Hand{}, chancery.ErrWithheld
	}
	h := national.Hand{Person: v.who.Person, Steward: v.who.Admin || v.group.Powers(v.who).Has(act.MayConvene)}
	people, err := s.Chancery.People(r.Context())
	if err != nil {
		return h, err
	}
	for _, p := range people {
		if p.ID == v.who.Person {
			h.Roles = append(h.Roles, rolesOf(p.Role)...)
		}
	}
	v.group.View(func(p *plan.State) {
		for _, d := range p.Delegation(v.group.Self()).Delegates {
			if d.Person == v.who.Person {
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

// marginFault says what the margin refused in the words of this package.
func marginFault(err error) error {
	var refused *national.Refused
	if errors.As(err, &refused) {
		return &chancery.Refused{Rule: refused.Rule, Sentence: refused.Sentence}
	}
	return err
}

func (s *Server) margin(r *http.Request, v visit, _ none) (MarginPage, error) {
	ref, err := pathRef(r)
	if err != nil {
		return MarginPage{}, err
	}
	h, err := s.desk(r, v)
	if err != nil {
		return MarginPage{}, err
	}
	return s.marginOf(v.group, h, ref), nil
}

// marginOf is the margin beside an element.
func (s *Server) marginOf(g *chancery.Group, h national.Hand, ref act.Ref) MarginPage {
	var said []national.Said
	g.View(func(p *plan.State) { said = append(onTable(p, ref), remarksOf(p, ref, g.Self())...) })
	out := MarginPage{View: s.Margin.View(g.ID(), ref, said), May: s.marginPowers(g, h)}
	if d, ok := s.Margin.Draft(g.ID(), ref); ok {
		out.Draft = &d
	}
	for _, c := range out.Crossings {
		if c.Party != "" && !slices.Contains(out.Crosses, string(c.Party)) {
			out.Crosses = append(out.Crosses, string(c.Party))
		}
	}
	return out
}

func (s *Server) marginPowers(g *chancery.Group, h national.Hand) MarginPowers {
	return MarginPowers{Release: s.Margin.MayRelease(g.ID(), h), Name: h.Steward}
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

// groupMargin is the margin of the whole group, and what stands beside its elements.
func (s *Server) groupMargin(r *http.Request, v visit, _ none) (MarginPage, error) {
	h, err := s.desk(r, v)
	if err != nil {
		return MarginPage{}, err
	}
	id := v.group.ID()
	out := MarginPage{View: s.Margin.View(id, "", nil), May: s.marginPowers(v.group, h)}
	refs := s.Margin.Elements(id)
	v.group.View(func(p *plan.State) {
		if len(out.RedLines) > 0 { // one that stands for the whole group is checked everywhere
			for _, e := range p.Open() {
				refs = append(refs, e.Ref())
			}
		}
		slices.Sort(refs)
		for _, ref := range slices.Compact(refs) {
			m, some := s.besides(p, id, ref)
			switch {
			case some && len(out.Beside) < plan.MaxRows:
				out.Beside = append(out.Beside, m)
			case some:
				out.Beyond++
			}
		}
	})
	return out, nil
}

// besides sums up what stands beside an element.
func (s *Server) besides(p *plan.State, group act.Hash, ref act.Ref) (MarginElement, bool) {
	view := s.Margin.View(group, ref, onTable(p, ref))
	m := MarginElement{Element: ref, Crossings: view.Crossings}
	for _, list := range [][]national.Kept{view.Instructions, view.Fallbacks, view.RedLines, view.Notes, view.Reasons, view.NeverSay, view.Drafts} {
		for _, k := range list {
			if k.Element == ref {
				m.Entries++
			}
			m.Waiting = m.Waiting || k.Element == ref && k.Reason == national.Waiting
		}
	}
	for _, n := range view.Clearances {
		if n.Element == ref {
			m.Entries++
		}
		if n.Given == nil && len(view.Drafts) > 0 {
			m.Uncleared = append(m.Uncleared, cmp.Or(string(n.Person), n.Role))
		}
	}
	if e := p.Element(ref); e != nil {
		m.Title = p.Content(e.Shown(p.Rule().Parties())).Title
	}
	return m, m.Entries > 0 || len(m.Crossings) > 0
}

// writeMargin writes an entry beside an element; groupEntry one for the whole group.
func (s *Server) writeMargin(r *http.Request, v visit, ask AskMargin) (MarginEntry, error) {
	ref, err := pathRef(r)
	if err != nil {
		return MarginEntry{}, err
	}
	return s.enterMargin(r, v, ref, ask)
}

func (s *Server) writeGroupMargin(r *http.Request, v visit, ask AskMargin) (MarginEntry, error) {
	return s.enterMargin(r, v, "", ask)
}

func (s *Server) enterMargin(r *http.Request, v visit, ref act.Ref, ask AskMargin) (out MarginEntry, err error) {
	h, err := s.desk(r, v)
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
	case national.Cleared, national.Drafted, national.Released:
		return out, badRequest("That is written by an address of its own (%s). Nothing was written.", e.Field)
	}
	if e.Body, err = ask.body(); err != nil {
		return out, err
	}
	if err := s.knownPerson(r, e.Person); err != nil {
		return out, err
	}
	out.Entry, err = s.Margin.Write(r.Context(), v.group.ID(), h, s.Chancery.Now(), e)
	return out, marginFault(err)
}

// knownPerson refuses somebody who is not here.
func (s *Server) knownPerson(r *http.Request, id party.Person) error {
	if id == "" {
		return nil
	}
	if _, err := s.Chancery.Local(r.Context(), id); err != nil {
		return s.nobody(r.Context(), id, err)
	}
	return nil
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
