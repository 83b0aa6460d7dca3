package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"entente/act"
	"entente/cmd/entente/story"
	"entente/group"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// draftsOf is what is sent for a step: its act and, with a package, the acceptance of whatever the
// party does not hold of it yet.
func draftsOf(p *plan.State, self uint8, st *story.Step) ([]chancery.Draft, error) {
	body, err := bodyOf(p, st)
	if err != nil {
		return nil, err
	}
	var members []act.Contained
	switch b := body.(type) {
	case act.Table:
		members = b.Content.Contains
	case act.Accept:
		members = p.Content(p.Rule().Revision(b.Revision)).Contains
	}
	var drafts []chancery.Draft
	for _, m := range members {
		if r := p.Element(m.Element).Position(self); r == nil || r.ID != m.Revision {
			drafts = append(drafts, chancery.Draft{Body: act.Accept{Element: m.Element, Revision: m.Revision}})
		}
	}
	return append(drafts, chancery.Draft{Body: body}), nil
}

// meant is the revision that a step speaks of: the one that a party holds, or that is offered.
func meant(p *plan.State, ref act.Ref, st *story.Step) (act.Hash, error) {
	e := p.Element(ref)
	if st.Offered && e != nil && e.Offer() != nil {
		return e.Offer().ID, nil
	}
	return heldBy(p, ref, st.Of)
}

func heldBy(p *plan.State, ref act.Ref, code party.Code) (act.Hash, error) {
	of, ok := p.Charter().Ordinal(code)
	e := p.Element(ref)
	if !ok || e == nil || e.Position(of) == nil {
		return act.Hash{}, fmt.Errorf("%s holds no text of %s", code, ref)
	}
	return e.Position(of).ID, nil
}

// others fills in what a content says of other texts, as they stand.
func others(p *plan.State, ref act.Ref, s *story.Content, c *act.Content) (err error) {
	for _, m := range s.Contains {
		in := act.Contained{Element: act.Ref(m.Element)}
		if in.Revision, err = heldBy(p, in.Element, m.Of); err != nil {
			return err
		}
		c.Contains = append(c.Contains, in)
	}
	for _, f := range s.Follows {
		r, err := heldBy(p, ref, f.Of)
		if err != nil {
			return err
		}
		c.Follows = append(c.Follows, act.Following{Lang: f.Lang, Revision: r})
	}
	return nil
}

func sitting(ref act.Ref, st *story.Step) act.Sit {
	s := act.Sit{Round: ref, Step: act.RoundOpens}
	if st.Sits == "closes" {
		s.Step = act.RoundCloses
	}
	for _, p := range st.Present {
		s.Present = append(s.Present, act.Seated{Party: p.Party, Person: p.Person})
	}
	slices.SortFunc(s.Present, func(a, b act.Seated) int {
		return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(a.Person, b.Person))
	})
	return s
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// silenceOf is what a story's group allows, as its charter has it.
func silenceOf(s *story.Silence) (out group.Silence, err error) {
	if s == nil {
		return out, nil
	}
	out.Least = time.Duration(s.Hours) * time.Hour
	for _, name := range s.Kinds {
		k, err := act.ParseElementKind(name)
		if err != nil {
			return out, err
		}
		out.Kinds = append(out.Kinds, k)
	}
	slices.Sort(out.Kinds)
	return out, nil
}

// keepCalendar tells a group on which days the party's capital does not work.
func (t *town) keepCalendar(ctx context.Context, g *chancery.Group, who chancery.Who) error {
	if len(t.of.Rest)+len(t.of.Holidays) == 0 {
		return nil
	}
	var c act.Calendar
	for _, d := range t.of.Rest {
		c.Rest |= act.On(d)
	}
	for _, h := range t.of.Holidays {
		c.Days = append(c.Days, act.Holiday{On: act.Date(h.On), Name: h.Name})
	}
	_, err := g.Admit(ctx, who, chancery.Draft{Body: c})
	return err
}

// margins writes what each party notes for itself alone, through its own API, as the command does.
func (p *play) margins(ctx context.Context) error {
	for i := range p.story.Margin {
		n := &p.story.Margin[i]
		t := p.town(n.Party)
		c := &client{http: &http.Client{Transport: direct{t.api}}, person: string(n.By), dir: t.dir}
		path := "/v1/g/" + strconv.FormatUint(uint64(n.Group), 10)
		if n.Element != "" {
			path += "/e/" + n.Element
		}
		path += "/margin"
		var ask any = askMargin(n)
		if n.Field == "draft" {
			path += "/draft"
			ask = api.AskDraft{Act: &api.Ask{Act: "counter", Element: n.Element, Text: askWords(n.Words)}}
		}
		if n.Reading != nil {
			path += "/reading"
			ask = api.AskMarginReading{Reading: askReading(n.Reading), Source: n.From, Words: askWords(n.Words)}
		}
		if err := c.post(ctx, path, ask, nil); err != nil {
			return fmt.Errorf("the margin of %s, %s of %q: %w", n.Party, n.Field, n.Element, err)
		}
	}
	return nil
}

func askMargin(n *story.Note) api.AskMargin {
	ask := api.AskMargin{Field: n.Field, Words: askWords(n.Words), Role: n.Role}
	if l := n.Line; l != nil {
		ask.Line = &api.AskLine{Kind: "number", Units: l.Units, Min: l.Min, Max: l.Max, Phrase: askWords(l.Must)}
		if len(l.Must) > 0 {
			ask.Line.Kind = "must"
		}
	}
	return ask
}

func askReading(r *act.Reading) *api.AskReading {
	a := &api.AskReading{Quantity: r.Quantity, Sign: r.Sign.String(), Value: r.Value, Unit: r.Unit, AsOf: string(r.AsOf), Reported: string(r.Reported),
		Grade: r.Grade.String(), Note: r.Note}
	for _, b := range r.Bears {
		a.Bears = append(a.Bears, api.AskBearing{Hypothesis: string(b.Hypothesis), Weight: int(b.Weight)})
	}
	return a
}

func askWords(t text.Texts) api.Words {
	if len(t) == 0 {
		return nil
	}
	w := api.Words{}
	for _, v := range t {
		w[string(v.Lang)] = v.Text
	}
	return w
}
