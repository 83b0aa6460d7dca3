package api

import (
	"net/http"
	"strconv"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A Card is a party's public card as it is shown.
type Card struct {
	Code      party.Code   `json:"code"`
	Names     text.Texts   `json:"names"`
	Languages []text.Lang  `json:"languages"`
	Number    party.Number `json:"number"`
	Address   string       `json:"address,omitempty"`
	Text      string       `json:"card"` // the card itself
}

func cardOf(c party.Card) Card {
	return Card{c.Code, c.Names, c.Languages, c.Number(), c.Address, string(c.Bytes())}
}

// A ServerPage says whose server this is.
type ServerPage struct {
	Card
	Now   int64  `json:"now"`
	Pages string `json:"pages,omitempty"`
}

func (s *Server) server(*http.Request, visit, none) (ServerPage, error) {
	return ServerPage{cardOf(s.Chancery.Card()), s.Chancery.Now().UnixMilli(), s.Pages}, nil
}

// A GroupLine names a group in a list.
type GroupLine struct {
	Handle string      `json:"group"`
	ID     act.Hash    `json:"id"`
	Number uint32      `json:"number"`
	Name   text.Texts  `json:"name"`
	Plan   text.Texts  `json:"plan,omitempty"`
	Totals plan.Totals `json:"totals"`
	Yours  int         `json:"yours"`          // decisions that are this party's
	Held   string      `json:"held,omitempty"` // why this server may not write there
}

func lineOf(g *chancery.Group) GroupLine {
	c := g.Charter()
	l := GroupLine{Handle: g.Handle(), ID: g.ID(), Number: c.Number, Name: c.Name, Plan: c.Plan, Held: g.Held()}
	g.View(func(p *plan.State) {
		l.Totals = p.Totals()
		l.Yours = p.Negotiation(plan.NegotiationQuery{Turn: c.Code(g.Self()), Limit: 1}).Total
	})
	return l
}

// A Brief is a group with what is new and waits in it.
type Brief struct {
	GroupLine
	plan.Briefing
	Crossed []act.Ref `json:"crossed,omitempty"` // elements of which a text crosses a red line, for the delegation alone
}

// A Today is every group's brief.
type Today struct {
	Groups []Brief `json:"groups"`
}

// today tells of every group what the party needs to know.
func (s *Server) today(_ *http.Request, v visit, _ none) (Today, error) {
	out := Today{[]Brief{}}
	now := s.Chancery.Now()
	day := act.Date(now.UTC().Format("2006-01-02"))
	for _, g := range s.seen(v) {
		b := Brief{GroupLine: lineOf(g)}
		g.View(func(p *plan.State) {
			b.Briefing = p.Briefing(plan.BriefingQuery{Viewer: g.Self(), Today: day, Now: now.UnixMilli()})
		})
		b.Crossed = MarginDesk{s.Chancery, s.Margin}.CrossedElements(g, v.who)
		out.Groups = append(out.Groups, b)
	}
	return out, nil
}

// A Found is a search hit with its group.
type Found struct {
	Group string `json:"group"`
	plan.Hit
}

// AskSearch is what is looked for.
type AskSearch struct {
	Q string `json:"q" doc:"words; those in quotation marks side by side"`
}

// A FoundList is what was found.
type FoundList struct {
	Hits  []Found `json:"hits"`
	Total int     `json:"total"` // also those that are not listed
}

func (s *Server) search(_ *http.Request, v visit, ask AskSearch) (FoundList, error) {
	q := ask.Q
	if len(q) > maxDrift {
		return FoundList{}, badRequest("A search has at most %d bytes. Nothing was looked for.", maxDrift)
	}
	out := FoundList{Hits: []Found{}}
	for _, g := range s.seen(v) {
		g.View(func(p *plan.State) {
			list, n := p.Search(q, plan.MaxRows)
			out.Total += n
			for _, h := range list {
				out.Hits = append(out.Hits, Found{g.Handle(), h})
			}
		})
	}
	return out, nil
}

// A Where says in which groups a reference is.
type Where struct {
	Element act.Ref  `json:"element"`
	Groups  []string `json:"groups"`
}

// where says in which groups a reference is.
func (s *Server) where(r *http.Request, v visit, _ none) (Where, error) {
	ref, err := ParseRef(r.PathValue("ref"))
	if err != nil {
		return Where{}, err
	}
	groups := []string{}
	for _, g := range s.seen(v) {
		g.View(func(p *plan.State) {
			if p.Element(ref) != nil {
				groups = append(groups, g.Handle())
			}
		})
	}
	return Where{ref, groups}, nil
}

// A GroupList lists groups.
type GroupList struct {
	Groups []GroupLine `json:"groups"`
}

func (s *Server) groups(_ *http.Request, v visit, _ none) (GroupList, error) {
	out := GroupList{[]GroupLine{}}
	for _, g := range s.seen(v) {
		out.Groups = append(out.Groups, lineOf(g))
	}
	return out, nil
}

// A GroupPage tells all about a group that is not in its plan.
type GroupPage struct {
	GroupLine
	Terms       text.Texts          `json:"terms,omitempty"`
	Notice      text.Texts          `json:"notice,omitempty"`
	Languages   []text.Lang         `json:"languages"`
	Ceiling     string              `json:"ceiling"`
	Convened    int64               `json:"convened"`
	Parties     []plan.Party        `json:"parties"`
	Chairs      []Chair             `json:"chairs,omitempty"`
	Delegations []plan.Delegation   `json:"delegations"` // in the order of the parties
	Powers      []string            `json:"powers"`      // of who asks
	Voids       []plan.VoidEntry    `json:"voids,omitempty"`
	Frozen      map[party.Code]bool `json:"frozen,omitempty"` // parties that were caught with two histories
}

// A Chair is a co-chair of a group.
type Chair struct {
	Party  party.Code   `json:"party"`
	Person party.Person `json:"person"`
}

func (s *Server) group(_ *http.Request, v visit, _ none) (GroupPage, error) {
	g, c := v.group, v.group.Charter()
	out := GroupPage{GroupLine: lineOf(g), Terms: c.Terms, Notice: c.Notice, Languages: c.Languages, Ceiling: c.Ceiling.String(),
		Convened: c.Convened, Powers: g.Powers(v.who).Names()}
	for _, ch := range c.Chairs {
		out.Chairs = append(out.Chairs, Chair{ch.Party, ch.Person})
	}
	g.View(func(p *plan.State) {
		out.Parties = p.Parties()
		for i := range c.Parties {
			out.Delegations = append(out.Delegations, p.Delegation(uint8(i)))
		}
		out.Voids, _ = p.Voids(maxVoids)
	})
	for i := range c.Parties {
		if _, caught := g.Frozen(uint8(i)); caught {
			if out.Frozen == nil {
				out.Frozen = map[party.Code]bool{}
			}
			out.Frozen[c.Code(uint8(i))] = true
		}
	}
	return out, nil
}

const maxVoids = 50 // void entries told of a group

// A Window is a part of a list.
type Window struct {
	Offset int `json:"offset,omitempty" doc:"of the first"`
	Limit  int `json:"limit,omitempty" doc:"how many, at most"`
}

// AskOutline asks for a level of the plan.
type AskOutline struct {
	Under  string `json:"under,omitempty" doc:"only what stands right below this element"`
	Kind   string `json:"kind,omitempty" doc:"only elements of this kind"`
	Status string `json:"status,omitempty" doc:"in-brackets, agreed, reserved, withdrawn or removed"`
	Party  string `json:"party,omitempty" doc:"only what this party leads or supports"`
	Turn   string `json:"turn,omitempty" doc:"only where it is this party's turn"`
	AskMoment
	Window
}

func (s *Server) outline(r *http.Request, v visit, ask AskOutline) (out OutlineAt, err error) {
	q, err := ask.query()
	if err != nil {
		return out, err
	}
	out.Moment, err = asOf(r, v, ask.At, func(p *plan.State) { out.Outline = p.Outline(q) })
	return out, err
}

func (a AskOutline) query() (q plan.OutlineQuery, err error) {
	if a.Under != "" {
		if q.Under, err = ParseRef(a.Under); err != nil {
			return q, err
		}
	}
	if a.Kind != "" {
		if q.Kind, err = act.ParseElementKind(a.Kind); err != nil {
			return q, badRequest("%v.", err)
		}
	}
	if a.Status != "" {
		var status plan.Status
		if err := status.UnmarshalText([]byte(a.Status)); err != nil || status.String() != a.Status {
			return q, badRequest("%.20q is no status: in-brackets, agreed, reserved, withdrawn or removed.", a.Status)
		}
		q.Status = &status
	}
	q.Party, q.Turn = party.Code(a.Party), party.Code(a.Turn)
	q.Offset, q.Limit = a.Offset, a.Limit
	return q, nil
}

// pathRef is the reference in the path; to ask for one that is none is to ask for nothing.
func pathRef(r *http.Request) (act.Ref, error) {
	ref, err := act.ParseRef(r.PathValue("ref"))
	if err != nil {
		return "", chancery.ErrWithheld
	}
	return ref, nil
}

func (s *Server) element(r *http.Request, v visit, ask AskMoment) (d DossierAt, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	var here bool
	now := int64(0) // as of another moment, no time is over
	if ask.At == "" {
		now = s.Chancery.Now().UnixMilli()
	}
	d.Moment, err = asOf(r, v, ask.At, func(p *plan.State) { d.Dossier, here = p.DossierAt(ref, v.group.Self(), now) })
	if err == nil && !here {
		err = chancery.ErrWithheld
	}
	if d.Moment != nil && !d.Moment.Now {
		d.Choices = nil
	}
	return d, err
}

// AskDiff names two revisions by their numbers, their ids or the beginning of these.
type AskDiff struct {
	From string `json:"from" doc:"a revision: its number, or its id"`
	To   string `json:"to" doc:"another"`
}

// diff compares two revisions of an element by their ids or their numbers.
func (s *Server) diff(r *http.Request, v visit, ask AskDiff) (out plan.Comparison, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	var here bool
	v.group.View(func(p *plan.State) {
		list := p.Revisions(ref)
		a, ok1 := pick(list, ask.From)
		b, ok2 := pick(list, ask.To)
		if ok1 && ok2 {
			out, here = p.Compare(a, b)
		}
	})
	if !here {
		return out, chancery.ErrWithheld
	}
	return out, nil
}

// pick finds a revision by its number, its id or the beginning of it.
func pick(list []*plan.RevisionRef, name string) (act.Hash, bool) {
	for _, r := range list {
		if strconv.Itoa(r.Number) == name || len(name) >= 8 && strings.HasPrefix(r.ID.String(), strings.ToLower(name)) {
			return r.ID, true
		}
	}
	return act.Hash{}, false
}

// AskDocument asks for a part of the joint document.
type AskDocument struct {
	View  string   `json:"view,omitempty" doc:"how it is shown; none for the rolling text"`
	Lang  []string `json:"lang,omitempty" doc:"the languages; again for others"`
	Since int      `json:"since,omitempty" doc:"the number of a rolling text: what has changed since"`
	AskMoment
	Window
}

func (s *Server) document(r *http.Request, v visit, ask AskDocument) (out DocumentAt, err error) {
	q := plan.DocumentQuery{View: ask.View, Offset: ask.Offset, Limit: ask.Limit, Since: ask.Since}
	for _, l := range ask.Lang {
		lang, err := text.ParseLang(l)
		if err != nil {
			return out, badRequest("%v.", err)
		}
		q.Langs = append(q.Langs, lang)
	}
	out.Moment, err = asOf(r, v, ask.At, func(p *plan.State) { out.Document = p.Document(q) })
	return out, err
}

// AskNegotiation asks for what is open.
type AskNegotiation struct {
	Turn string `json:"turn,omitempty" doc:"only where it is this party's turn"`
	Window
}

func (s *Server) negotiation(_ *http.Request, v visit, ask AskNegotiation) (out plan.Negotiation, err error) {
	q := plan.NegotiationQuery{Turn: party.Code(ask.Turn), Now: s.Chancery.Now().UnixMilli(), Offset: ask.Offset, Limit: ask.Limit}
	v.group.View(func(p *plan.State) { out = p.Negotiation(q) })
	return out, nil
}

// A StatementList lists the statements of a plan.
type StatementList struct {
	Statements []plan.StatementSummary `json:"statements"`
}

func (s *Server) statements(_ *http.Request, v visit, _ none) (out StatementList, err error) {
	v.group.View(func(p *plan.State) { out.Statements = p.Statements() })
	return out, nil
}

func (s *Server) coverage(r *http.Request, v visit, _ none) (out plan.Coverage, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	var here bool
	v.group.View(func(p *plan.State) { out, here = p.Coverage(ref) })
	if !here {
		return out, chancery.ErrWithheld
	}
	return out, nil
}

func (s *Server) gaps(_ *http.Request, v visit, _ none) (out plan.Gaps, err error) {
	v.group.View(func(p *plan.State) { out = p.Gaps() })
	return out, nil
}
