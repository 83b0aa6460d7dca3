package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/party"
	"entente/plan"
)

// Guard is the national margin as the chancery asks it: what must not go out is held back. find gives
// a group of this party, to tell who may be told of its margin.
func Guard(m *national.Margins, self party.Code, find func(act.Hash) (*chancery.Group, bool), now func() time.Time) chancery.Guard {
	return func(ctx context.Context, q chancery.GuardQuery) error {
		d := draftOf(self, q)
		if q.Sent {
			return m.Sent(ctx, d, q.Who.Person, now())
		}
		err := m.Guard(d, func(id act.Hash) bool {
			g, ok := find(id)
			return ok && g.Seats(q.Who)
		})
		var held *national.Held
		if errors.As(err, &held) {
			return &chancery.HeldBack{Why: held.Why}
		}
		return err
	}
}

// draftOf is a text that is about to be sent, as the margin knows it.
func draftOf(self party.Code, q chancery.GuardQuery) national.Draft {
	d := national.Draft{Group: q.Group, Element: q.Element, Tables: q.Tables, Known: q.Known, Ceiling: q.Ceiling, Self: self}
	for _, w := range q.Words {
		d.Said = append(d.Said, national.Said{What: w.What, Party: self, Texts: w.Texts})
	}
	return d
}

// prepared turns the request for an act about an element into what the guard would be asked, and
// the act.
func (s *Server) prepared(v visit, ref act.Ref, ask Ask) (national.Draft, act.Body, error) {
	if ask.Element == "" {
		ask.Element = string(ref)
	}
	var d chancery.Draft
	var err error
	v.group.View(func(p *plan.State) { d, err = Draft(p, v.group.Self(), ask, nil) })
	if err != nil {
		return national.Draft{}, nil, err
	}
	if act.About(d.Body) != ref {
		return national.Draft{}, nil, badRequest("The act is about another element than %s. Nothing was done.", ref.Display())
	}
	return draftOf(s.Chancery.Self(), v.group.Query(v.who, d.Body)), d.Body, nil
}

// at is an element's reference and who asks, for the addresses below its margin.
func (s *Server) besideElement(r *http.Request, v visit) (act.Ref, national.Hand, error) {
	ref, err := pathRef(r)
	if err != nil {
		return "", national.Hand{}, err
	}
	h, err := s.desk(r, v)
	return ref, h, err
}

// keepDraft keeps a text that is being prepared beside its element, where the delegation sees it.
func (s *Server) keepDraft(r *http.Request, v visit, ask AskDraft) (out MarginEntry, err error) {
	ref, h, err := s.besideElement(r, v)
	if err != nil {
		return out, err
	}
	if ask.Act == nil || len(ask.Words) > 0 {
		return out, badRequest("Say which act is being prepared, and nothing else. Nothing was written.")
	}
	d, body, err := s.prepared(v, ref, *ask.Act)
	if err != nil {
		return out, err
	}
	t, ok := body.(act.Table)
	if !ok || len(t.Content.Title)+len(t.Content.Text) == 0 {
		return out, badRequest("A draft is a text for the table: table or counter. Nothing was written.")
	}
	e := national.Entry{Field: national.Drafted, Element: ref, Body: national.Body{Title: t.Content.Title, Words: t.Content.Text, Draft: d.Digest()}}
	if was, ok := s.Margin.Draft(v.group.ID(), ref); ok {
		e.Number = was.Number
	}
	out.Entry, err = s.Margin.Write(r.Context(), v.group.ID(), h, s.Chancery.Now(), e)
	return out, marginFault(err)
}

// ClearedEntries are the clearances that were given at once.
type ClearedEntries struct {
	Cleared []national.Entry `json:"cleared"`
}

// clearDraft gives every clearance that the person may give, for one exact text: the act as it would
// be sent, or the element's draft.
func (s *Server) clearDraft(r *http.Request, v visit, ask AskDraft) (out ClearedEntries, err error) {
	ref, h, err := s.besideElement(r, v)
	if err != nil {
		return out, err
	}
	digest, err := s.digestOf(v, ref, ask.Act)
	if err != nil {
		return out, err
	}
	words, err := ask.Words.Texts()
	if err != nil {
		return out, err
	}
	list := s.Margin.Clearances(v.group.ID(), ref, h)
	if len(list) == 0 {
		return out, refuse("clearance", "No clearance of %s is yours to give. Nothing was written.", ref.Display())
	}
	for _, need := range list {
		e, err := s.Margin.Write(r.Context(), v.group.ID(), h, s.Chancery.Now(),
			national.Entry{Field: national.Cleared, Element: ref, Body: national.Body{Words: words, For: need.Number, Draft: digest}})
		if err != nil {
			return out, marginFault(err)
		}
		out.Cleared = append(out.Cleared, e)
	}
	return out, nil
}

// digestOf names an exact text: of an act, or of the element's draft where none is given.
func (s *Server) digestOf(v visit, ref act.Ref, ask *Ask) (act.Hash, error) {
	if ask != nil {
		d, _, err := s.prepared(v, ref, *ask)
		return d.Digest(), err
	}
	e, ok := s.Margin.Draft(v.group.ID(), ref)
	if !ok {
		return act.Hash{}, refuse("draft", "There is no draft of %s. Nothing was written. Keep one first:  entente margin draft %s", ref.Display(), ref)
	}
	return e.Draft, nil
}

// releaseDraft lets one exact text go out once although it was held.
func (s *Server) releaseDraft(r *http.Request, v visit, ask AskDraft) (out MarginEntry, err error) {
	ref, h, err := s.besideElement(r, v)
	if err != nil {
		return out, err
	}
	digest, err := s.digestOf(v, ref, ask.Act)
	if err != nil {
		return out, err
	}
	words, err := ask.Words.Texts()
	if err != nil {
		return out, err
	}
	out.Entry, err = s.Margin.Write(r.Context(), v.group.ID(), h, s.Chancery.Now(),
		national.Entry{Field: national.Released, Element: ref, Body: national.Body{Words: words, Draft: digest}})
	return out, marginFault(err)
}

// checkDraft says what the margin has against a text, and sends nothing.
func (s *Server) checkDraft(r *http.Request, v visit, ask AskDraft) (out MarginCheck, err error) {
	ref, _, err := s.besideElement(r, v)
	if err != nil {
		return out, err
	}
	if ask.Act == nil || len(ask.Words) > 0 {
		return out, badRequest("Say which act is to be checked, and nothing else. Nothing was done.")
	}
	d, _, err := s.prepared(v, ref, *ask.Act)
	if err != nil {
		return out, err
	}
	out.Crossings = s.Margin.Crossings(v.group.ID(), ref, d.Said)
	err = s.Margin.Guard(d, func(id act.Hash) bool {
		g, ok := s.Chancery.GroupByID(id)
		return ok && g.Seats(v.who)
	})
	var held *national.Held
	if errors.As(err, &held) {
		out.Held, out.Hits, out.Missing = held.Why, held.Hits, held.Missing
		return out, nil
	}
	return out, err
}

// warned lists the red lines that one's own texts cross now that they have been sent. It goes to who
// sent them, and to nobody else.
func (s *Server) warned(g *chancery.Group, who chancery.Who, sent []Sent) (out []national.Crossing) {
	if s.Margin == nil || !g.Seats(who) {
		return nil
	}
	for _, x := range sent {
		if x.Element == "" {
			continue
		}
		var own []national.Said
		g.View(func(p *plan.State) {
			body := p.Act(x.Place).Body
			if _, takes := body.(act.Accept); takes { // another's words become one's own
				own = slices.DeleteFunc(onTable(p, x.Element), func(t national.Said) bool { return t.Party != s.Chancery.Self() })
				return
			}
			own = draftOf(s.Chancery.Self(), chancery.GuardQuery{Words: chancery.WordingOf(body)}).Said
		})
		out = append(out, s.Margin.Crossings(g.ID(), x.Element, own)...)
	}
	return out
}
