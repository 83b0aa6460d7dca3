package chancery

import (
	"context"
	"reflect"
	"strings"

	"entente/act"
	"entente/marking"
	"entente/plan"
	"entente/text"
)

// A Guard is asked about every text that a person is about to send, before anything of it is
// written. An error of sort *HeldBack keeps the text here. It is called without any lock, and may
// look at groups.
type Guard func(ctx context.Context, q GuardQuery) error

// A GuardQuery is a text that is about to be sent, or that has been sent.
type GuardQuery struct {
	Who     Who
	Group   act.Hash // zero for a group that is only proposed
	Element act.Ref  // none where it is about no element
	Tables  bool     // it puts a text on the table
	Words   []Wording
	Known   func() []text.Texts // of the element, what every party of the group has already
	Ceiling marking.Label
	Sent    bool // it has gone out: what comes of that is noted, and no error holds it any more
}

// A Wording is one text of an act.
type Wording struct {
	What  string // which one: "text", "title", "remark", "reason" …
	Texts text.Texts
}

// maxKnown is how many revisions of an element count as what the others have.
const maxKnown = 64

// WordingOf lists every text of an act, whatever its kind: what would be read by others. What a batch
// of observations says many times over is listed once.
func WordingOf(b act.Body) []Wording {
	if r, ok := b.(act.Report); ok {
		return wordingOfReport(r)
	}
	var out []Wording
	_, tables := b.(act.Table)
	collect(reflect.ValueOf(b), "", func(what string, t text.Texts) {
		if what == "text" && !tables {
			what = b.Kind().String()
		}
		out = append(out, Wording{what, t})
	})
	return out
}

// wordingOfReport is WordingOf for what may hold thousands of readings. A decimal number says no words.
func wordingOfReport(b act.Report) (out []Wording) {
	type saying struct{ what, words string }
	told := map[saying]bool{}
	say := func(what, words string) {
		if x := (saying{what, words}); words != "" && !told[x] {
			told[x] = true
			out = append(out, Wording{what, text.Texts{{Text: words}}})
		}
	}
	if len(b.Note) > 0 {
		out = append(out, Wording{"note", b.Note})
	}
	for _, c := range b.Sources {
		say("title", c.Title)
		say("document", c.Document)
		say("place", c.Place)
		say("address", c.Address)
		say("quote", c.Quote)
	}
	for i := range b.Readings {
		r := &b.Readings[i]
		say("quantity", r.Quantity)
		say("unit", r.Unit)
		say("note", r.Note)
		if !act.DecimalOK(r.Value) {
			say("value", r.Value)
		}
	}
	return out
}

// collect visits every text in a value, named by the field it stands in.
func collect(v reflect.Value, name string, take func(string, text.Texts)) {
	if v.Type() == reflect.TypeFor[text.Texts]() {
		if t := v.Interface().(text.Texts); len(t) > 0 {
			take(name, t)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), strings.ToLower(v.Type().Field(i).Name), take)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), name, take)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			collect(v.Elem(), name, take)
		}
	case reflect.String: // a quotation, an amount; references and dates have types of their own
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			take(name, text.Texts{{Text: v.String()}})
		}
	}
}

// guarded asks the guard about drafts; sent says that they have gone out.
func (g *Group) guarded(ctx context.Context, who Who, drafts []Draft, sent bool) error {
	if g.c.guard == nil || !g.Seats(who) {
		return nil // who is not seated is told so at the door, and nothing else
	}
	for _, d := range drafts {
		q := g.Query(who, d.Body)
		q.Sent = sent
		if len(q.Words) == 0 && !q.Tables {
			continue
		}
		if err := g.c.guard(ctx, q); err != nil && !sent {
			return err
		} else if err != nil {
			g.c.log.Error("what was sent could not be noted", "group", g.handle, "err", err)
		}
	}
	return nil
}

// Query is what the guard is asked about an act before it is sent.
func (g *Group) Query(who Who, b act.Body) GuardQuery {
	_, tables := b.(act.Table)
	return GuardQuery{Who: who, Group: g.id, Element: act.About(b), Tables: tables, Words: WordingOf(b), Ceiling: g.charter.Ceiling,
		Known: func() (out []text.Texts) {
			g.View(func(p *plan.State) { out = known(p, b) })
			return out
		}}
}

// known lists the texts that the others have: revisions of the element, and of what it stands under; of
// observations, what the latest batches there say of themselves.
func known(p *plan.State, b act.Body) (out []text.Texts) {
	if r, ok := b.(act.Report); ok && r.Observed() {
		places := p.Accounts(r.Element)
		for _, at := range places[max(0, len(places)-maxKnown):] {
			if o, ok := p.Act(at).Body.(act.Report); ok {
				for _, w := range wordingOfReport(o) {
					out = append(out, w.Texts)
				}
			}
		}
	}
	refs := []act.Ref{act.About(b)}
	if t, ok := b.(act.Table); ok && t.Content.Parent != "" {
		refs = append(refs, t.Content.Parent)
	}
	for _, ref := range refs {
		revs := p.Revisions(ref)
		for _, r := range revs[max(0, len(revs)-maxKnown):] {
			if rev := p.Rule().Revision(r.ID); rev != nil {
				c := p.Content(rev)
				out = append(out, c.Title, c.Text)
			}
		}
	}
	return out
}

// guardTerms asks the guard about a group that is proposed to others.
func (c *Chancery) guardTerms(ctx context.Context, who Who, t Terms) error {
	if c.guard == nil || !c.mayConvene(who) {
		return nil
	}
	var words []Wording
	for _, w := range []Wording{{"name", t.Name}, {"plan", t.Plan}, {"terms", t.Terms}, {"notice", t.Notice}} {
		if len(w.Texts) > 0 {
			words = append(words, w)
		}
	}
	return c.guard(ctx, GuardQuery{Who: who, Words: words, Ceiling: t.Ceiling, Known: func() []text.Texts { return nil }})
}
