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

// server says whose server this is.
func (s *Server) server(*http.Request, visit) (any, error) {
	return struct {
		Card
		Now   int64  `json:"now"`
		Pages string `json:"pages,omitempty"`
	}{cardOf(s.Chancery.Card()), s.Chancery.Now().UnixMilli(), s.Pages}, nil
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

// today tells of every group what the party needs to know.
func (s *Server) today(r *http.Request, v visit) (any, error) {
	type brief struct {
		GroupLine
		plan.Briefing
	}
	out := []brief{}
	day := act.Date(s.Chancery.Now().UTC().Format("2006-01-02"))
	for _, g := range s.seen(v) {
		b := brief{GroupLine: lineOf(g)}
		g.View(func(p *plan.State) { b.Briefing = p.Briefing(plan.BriefingQuery{Viewer: g.Self(), Today: day}) })
		out = append(out, b)
	}
	return map[string]any{"groups": out}, nil
}

// A Found is a search hit with its group.
type Found struct {
	Group string `json:"group"`
	plan.Hit
}

func (s *Server) search(r *http.Request, v visit) (any, error) {
	q := r.URL.Query().Get("q")
	if len(q) > maxDrift {
		return nil, badRequest("A search has at most %d bytes. Nothing was looked for.", maxDrift)
	}
	hits, all := []Found{}, 0
	for _, g := range s.seen(v) {
		g.View(func(p *plan.State) {
			list, n := p.Search(q, plan.MaxRows)
			all += n
			for _, h := range list {
				hits = append(hits, Found{g.Handle(), h})
			}
		})
	}
	return map[string]any{"hits": hits, "total": all}, nil
}

// where says in which groups a reference is.
func (s *Server) where(r *http.Request, v visit) (any, error) {
	ref, err := ParseRef(r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	groups := []string{}
	for _, g := range s.seen(v) {
		g.View(func(p *plan.State) {
			if p.Element(ref) != nil {
				groups = append(groups, g.Handle())
			}
		})
	}
	return map[string]any{"element": ref, "groups": groups}, nil
}

func (s *Server) groups(r *http.Request, v visit) (any, error) {
	out := []GroupLine{}
	for _, g := range s.seen(v) {
		out = append(out, lineOf(g))
	}
	return map[string]any{"groups": out}, nil
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

func (s *Server) group(_ *http.Request, v visit) (any, error) {
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

func (s *Server) outline(r *http.Request, v visit) (any, error) {
	q, err := outlineQuery(r)
	if err != nil {
		return nil, err
	}
	var out plan.Outline
	v.group.View(func(p *plan.State) { out = p.Outline(q) })
	return out, nil
}

func outlineQuery(r *http.Request) (q plan.OutlineQuery, err error) {
	f := r.URL.Query()
	if ref := f.Get("under"); ref != "" {
		if q.Under, err = ParseRef(ref); err != nil {
			return q, err
		}
	}
	if kind := f.Get("kind"); kind != "" {
		if q.Kind, err = act.ParseElementKind(kind); err != nil {
			return q, badRequest("%v.", err)
		}
	}
	if st := f.Get("status"); st != "" {
		var status plan.Status
		if err := status.UnmarshalText([]byte(st)); err != nil || status.String() != st {
			return q, badRequest("%.20q is no status: in-brackets, agreed, reserved, withdrawn or removed.", st)
		}
		q.Status = &status
	}
	q.Party, q.Turn = party.Code(f.Get("party")), party.Code(f.Get("turn"))
	q.Offset, q.Limit, err = window(r)
	return q, err
}

// window reads which part of a list is asked for.
func window(r *http.Request) (offset, limit int, err error) {
	for _, x := range []struct {
		name string
		into *int
	}{{"offset", &offset}, {"limit", &limit}} {
		if s := r.URL.Query().Get(x.name); s != "" {
			if *x.into, err = strconv.Atoi(s); err != nil || *x.into < 0 {
				return 0, 0, badRequest("%.20q is no number for %s.", s, x.name)
			}
		}
	}
	return offset, limit, nil
}

// pathRef is the reference in the path; to ask for one that is none is to ask for nothing.
func pathRef(r *http.Request) (act.Ref, error) {
	ref, err := act.ParseRef(r.PathValue("ref"))
	if err != nil {
		return "", chancery.ErrWithheld
	}
	return ref, nil
}

func (s *Server) element(r *http.Request, v visit) (any, error) {
	ref, err := pathRef(r)
	if err != nil {
		return nil, err
	}
	var d plan.Dossier
	var here bool
	v.group.View(func(p *plan.State) { d, here = p.Dossier(ref, v.group.Self()) })
	if !here {
		return nil, chancery.ErrWithheld
	}
	return d, nil
}

// diff compares two revisions of an element by their ids or their numbers.
func (s *Server) diff(r *http.Request, v visit) (any, error) {
	ref, err := pathRef(r)
	if err != nil {
		return nil, err
	}
	var out plan.Comparison
	var here bool
	v.group.View(func(p *plan.State) {
		list := p.Revisions(ref)
		a, ok1 := pick(list, r.URL.Query().Get("from"))
		b, ok2 := pick(list, r.URL.Query().Get("to"))
		if ok1 && ok2 {
			out, here = p.Compare(a, b)
		}
	})
	if !here {
		return nil, chancery.ErrWithheld
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

func (s *Server) document(r *http.Request, v visit) (any, error) {
	f := r.URL.Query()
	q := plan.DocumentQuery{View: f.Get("view")}
	var err error
	if q.Offset, q.Limit, err = window(r); err != nil {
		return nil, err
	}
	if since := f.Get("since"); since != "" {
		if q.Since, err = strconv.Atoi(since); err != nil {
			return nil, badRequest("%.20q is no number of a rolling text.", since)
		}
	}
	for _, l := range f["lang"] {
		lang, err := text.ParseLang(l)
		if err != nil {
			return nil, badRequest("%v.", err)
		}
		q.Langs = append(q.Langs, lang)
	}
	var out plan.Document
	v.group.View(func(p *plan.State) { out = p.Document(q) })
	return out, nil
}

func (s *Server) negotiation(r *http.Request, v visit) (any, error) {
	q := plan.NegotiationQuery{Turn: party.Code(r.URL.Query().Get("turn"))}
	var err error
	if q.Offset, q.Limit, err = window(r); err != nil {
		return nil, err
	}
	var out plan.Negotiation
	v.group.View(func(p *plan.State) { out = p.Negotiation(q) })
	return out, nil
}

func (s *Server) statements(_ *http.Request, v visit) (any, error) {
	var out []plan.StatementSummary
	v.group.View(func(p *plan.State) { out = p.Statements() })
	return map[string]any{"statements": out}, nil
}

func (s *Server) coverage(r *http.Request, v visit) (any, error) {
	ref, err := pathRef(r)
	if err != nil {
		return nil, err
	}
	var out plan.Coverage
	var here bool
	v.group.View(func(p *plan.State) { out, here = p.Coverage(ref) })
	if !here {
		return nil, chancery.ErrWithheld
	}
	return out, nil
}

func (s *Server) gaps(_ *http.Request, v visit) (any, error) {
	var out plan.Gaps
	v.group.View(func(p *plan.State) { out = p.Gaps() })
	return out, nil
}
