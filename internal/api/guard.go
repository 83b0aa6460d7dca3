package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/party"
	"entente/plan"
	"entente/text"
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
func (m MarginDesk) prepared(g *chancery.Group, who chancery.Who, ref act.Ref, ask Ask) (national.Draft, act.Body, error) {
	if ask.Element == "" {
		ask.Element = string(ref)
	}
	var d chancery.Draft
	var err error
	g.View(func(p *plan.State) { d, err = Draft(p, g.Self(), ask, nil) })
	if err != nil {
		return national.Draft{}, nil, err
	}
	if act.About(d.Body) != ref {
		return national.Draft{}, nil, badRequest("The act is about another element than %s. Nothing was done.", ref.Display())
	}
	return draftOf(m.Chancery.Self(), g.Query(who, d.Body)), d.Body, nil
}

// Keep keeps a text that is being prepared beside its element, where the delegation sees it. It is
// another revision of the element's draft, if there is one.
func (m MarginDesk) Keep(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskDraft) (out MarginEntry, err error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return out, err
	}
	if ask.Act == nil || len(ask.Words) > 0 {
		return out, badRequest("Say which act is being prepared, and nothing else. Nothing was written.")
	}
	d, body, err := m.prepared(g, who, ref, *ask.Act)
	if err != nil {
		return out, err
	}
	t, ok := body.(act.Table)
	if !ok || len(t.Content.Title)+len(t.Content.Text) == 0 {
		return out, badRequest("A draft is a text for the table: table or counter. Nothing was written.")
	}
	e := national.Entry{Field: national.Drafted, Element: ref, Body: national.Body{Title: t.Content.Title, Words: t.Content.Text, Draft: d.Digest()}}
	if was, ok := m.Margins.Draft(g.ID(), ref); ok {
		e.Number = was.Number
	}
	out.Entry, err = m.enter(ctx, g, h, e)
	return out, err
}

// ClearedEntries are the clearances that were given at once.
type ClearedEntries struct {
	Cleared []national.Entry `json:"cleared"`
}

// Clear gives every clearance that the person may give, for one exact text: the act as it would be
// sent, or the element's draft.
func (m MarginDesk) Clear(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskDraft) (out ClearedEntries, err error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return out, err
	}
	digest, words, err := m.exact(g, who, ref, ask)
	if err != nil {
		return out, err
	}
	list := m.Margins.Clearances(g.ID(), ref, h)
	if len(list) == 0 {
		return out, refuse("clearance", "No clearance of %s is yours to give. Nothing was written.", ref.Display())
	}
	for _, need := range list {
		e, err := m.enter(ctx, g, h, national.Entry{Field: national.Cleared, Element: ref, Body: national.Body{Words: words, For: need.Number, Draft: digest}})
		if err != nil {
			return out, err
		}
		out.Cleared = append(out.Cleared, e)
	}
	return out, nil
}

// exact names the text that is meant, of an act or of the element's draft, and reads the words about it.
func (m MarginDesk) exact(g *chancery.Group, who chancery.Who, ref act.Ref, ask AskDraft) (digest act.Hash, words text.Texts, err error) {
	if words, err = ask.Words.Texts(); err != nil {
		return digest, nil, err
	}
	if ask.Act != nil {
		d, _, err := m.prepared(g, who, ref, *ask.Act)
		return d.Digest(), words, err
	}
	e, ok := m.Margins.Draft(g.ID(), ref)
	if !ok {
		return digest, nil, refuse("draft", "There is no draft of %s. Nothing was written. Keep one first:  entente margin draft %s", ref.Display(), ref)
	}
	return e.Draft, words, nil
}

// Release lets one exact text go out once although it was held, for the reason in Words.
func (m MarginDesk) Release(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskDraft) (out MarginEntry, err error) {
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return out, err
	}
	digest, words, err := m.exact(g, who, ref, ask)
	if err != nil {
		return out, err
	}
	out.Entry, err = m.enter(ctx, g, h, national.Entry{Field: national.Released, Element: ref, Body: national.Body{Words: words, Draft: digest}})
	return out, err
}

// Check says what the margin has against a text, and sends nothing.
func (m MarginDesk) Check(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskDraft) (out MarginCheck, err error) {
	if _, err := m.hand(ctx, g, who); err != nil {
		return out, err
	}
	if ask.Act == nil || len(ask.Words) > 0 {
		return out, badRequest("Say which act is to be checked, and nothing else. Nothing was done.")
	}
	d, _, err := m.prepared(g, who, ref, *ask.Act)
	if err != nil {
		return out, err
	}
	out.Crossings = m.Margins.Crossings(g.ID(), ref, d.Said)
	err = m.Margins.Guard(d, func(id act.Hash) bool {
		g, ok := m.Chancery.GroupByID(id)
		return ok && g.Seats(who)
	})
	var held *national.Held
	if errors.As(err, &held) {
		out.Held, out.Hits, out.Missing = held.Why, held.Hits, held.Missing
		return out, nil
	}
	return out, err
}

// Crossed lists the red lines that one's own texts cross now that they have been sent. It goes to who
// sent them, and to nobody else.
func (m MarginDesk) Crossed(g *chancery.Group, who chancery.Who, sent []Sent) (out []national.Crossing) {
	if m.Margins == nil || !g.Seats(who) {
		return nil
	}
	self := m.Chancery.Self()
	for _, x := range sent {
		if x.Element == "" {
			continue
		}
		var own []national.Said
		g.View(func(p *plan.State) {
			body := p.Act(x.Place).Body
			if _, takes := body.(act.Accept); takes { // another's words become one's own
				own = slices.DeleteFunc(onTable(p, x.Element), func(t national.Said) bool { return t.Party != self })
				return
			}
			own = draftOf(self, chancery.GuardQuery{Words: chancery.WordingOf(body)}).Said
		})
		out = append(out, m.Margins.Crossings(g.ID(), x.Element, own)...)
	}
	return out
}
