package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/export/plain"
	"entente/plan"
	"entente/text"
)

// AskImport is a draft in Markdown or plain text that is to be read and, where it is taken in, tabled.
type AskImport struct {
	Text   string `json:"text" doc:"the draft as it stands in its file"`
	Lang   string `json:"lang,omitempty" doc:"its language; none for the group's first"`
	Form   string `json:"form,omitempty" doc:"markdown or layout; none to tell by the text"`
	First  int    `json:"first,omitempty" doc:"the number of the first article; none for the next that is free"`
	Source string `json:"source,omitempty" doc:"where it comes from"`
	Own    bool   `json:"own,omitempty" doc:"as this party's own text; without it a co-chair's, which no party holds"`

	With []AskVersion `json:"with,omitempty" doc:"the same draft in the group's other languages"`
}

// An AskVersion is a draft in a further language: article for article, paragraph for paragraph.
type AskVersion struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// An Import is what was read of a draft, and what tabling it makes or has made.
type Import struct {
	Title    string          `json:"title,omitempty"`   // in the front matter
	Form     string          `json:"form"`              // in which it was read: markdown or layout
	Lang     text.Lang       `json:"lang"`              // of the draft
	Missing  []text.Lang     `json:"missing,omitempty"` // languages of the group in which there is none: it cannot be tabled yet
	First    int             `json:"first"`             // the number of the first article: asked for again, nothing is tabled twice
	Root     act.Ref         `json:"root"`              // the first element
	Acts     int             `json:"acts"`              // elements to table
	Batches  int             `json:"batches"`           // in which they go: each is tabled whole or not at all
	There    int             `json:"there"`             // elements that stand already, word for word
	Sent     int             `json:"sent"`              // elements that were tabled now
	Articles []plain.Article `json:"articles"`
	Source   plain.Count     `json:"source"` // the brackets of the whole file
	Kept     plain.Count     `json:"kept"`   // and of the elements
	Skips    []ImportSkip    `json:"skips,omitempty"`
	Problems []plain.Problem `json:"problems,omitempty"` // what was not understood, and where
	Untold   int             `json:"untold,omitempty"`   // how many more of them there are
}

// An ImportSkip says how many stretches of a draft were left out, and why.
type ImportSkip struct {
	What  string `json:"what"`
	Times int    `json:"times"`
	Line  int    `json:"line"` // the first of them
}

// forms are the forms of a draft by name.
var forms = map[string]plain.Form{"": plain.Auto, "markdown": plain.Markdown, "layout": plain.Layout}

// maxClashes is how many references that are taken are told one by one.
const maxClashes = 5

// ReadImport says what a draft says and what tabling it would make. Nothing is sent.
func ReadImport(g *chancery.Group, ask AskImport) (Import, error) {
	out, _, err := readImport(g, ask)
	return out, err
}

// readImport reads a draft, and gives the acts that are still to be sent, batch by batch.
func readImport(g *chancery.Group, ask AskImport) (out Import, left [][]act.Table, err error) {
	charter := g.Charter()
	out.Lang, out.First = charter.Languages[0], ask.First
	if ask.Lang != "" {
		if out.Lang, err = text.ParseLang(ask.Lang); err != nil || !slices.Contains(charter.Languages, out.Lang) {
			return out, nil, refuse("language", "The group has no texts in %.20q. Nothing was sent. Say one of its languages.", ask.Lang)
		}
	}
	form, known := forms[ask.Form]
	if !known {
		return out, nil, badRequest("%.20q is no form of a draft: markdown or layout. Nothing was sent.", ask.Form)
	}
	if out.First < 0 || out.First > maxArticle {
		return out, nil, badRequest("The first article has a number from 1 to %d. Nothing was sent.", maxArticle)
	}
	if out.First == 0 {
		g.View(func(p *plan.State) { out.First = nextArticle(p) })
	}
	o := plain.Options{Lang: out.Lang, Form: form, First: out.First, Source: ask.Source, Offered: !ask.Own}
	d, err := readDraft(ask.Text, o)
	if err != nil {
		return out, nil, err
	}
	out.tell(d)
	batches := d.Batches()
	langs := []text.Lang{out.Lang}
	for _, v := range ask.With {
		if o.Lang, err = text.ParseLang(v.Lang); err != nil || !slices.Contains(charter.Languages, o.Lang) || slices.Contains(langs, o.Lang) {
			return out, nil, refuse("language", "A draft in %.20q has no place here. Nothing was sent. Give one draft for each language of the group.", v.Lang)
		}
		langs = append(langs, o.Lang)
		if err := addVersion(batches, d, v.Text, o); err != nil {
			return out, nil, err
		}
	}
	for _, l := range charter.Languages {
		if !slices.Contains(langs, l) {
			out.Missing = append(out.Missing, l)
		}
	}
	left, err = stillToSend(g, batches, &out)
	return out, left, err
}

// readDraft reads a draft in one language.
func readDraft(src string, o plain.Options) (*plain.Draft, error) {
	d, err := plain.Read(strings.TrimPrefix(src, "\ufeff"), o)
	if err != nil {
		return nil, refuse("draft", "The draft was not read: %v. Nothing was sent.", err)
	}
	if len(d.Elements) == 0 {
		return nil, refuse("draft", "There are no words in the draft that could be tabled. Nothing was sent.")
	}
	return d, nil
}

// addVersion puts the words of a draft in another language beside those of the first: both must have
// the same elements in the same order.
func addVersion(batches [][]act.Table, first *plain.Draft, src string, o plain.Options) error {
	d, err := readDraft(src, o)
	if err != nil {
		return err
	}
	for i, e := range first.Elements {
		if i >= len(d.Elements) || d.Elements[i].Ref != e.Ref || (d.Elements[i].Title == "") != (e.Title == "") || (d.Elements[i].Text == "") != (e.Text == "") {
			line := 0
			if i < len(d.Elements) {
				line = d.Elements[i].Line
			}
			return refuse("versions", "The drafts part at %s: line %d of the one, line %d of the one in %s. Nothing was sent. Give both the same articles and paragraphs.",
				e.Ref.Display(), e.Line, line, o.Lang.Autonym())
		}
	}
	if n := len(d.Elements) - len(first.Elements); n > 0 {
		return refuse("versions", "The draft in %s goes on for %d elements after the other has ended. Nothing was sent. Give both the same articles and paragraphs.", o.Lang.Autonym(), n)
	}
	i := 0
	for _, batch := range batches {
		for j := range batch {
			c := &batch[j].Content
			other := d.Table(i).Content
			c.Title, c.Text, c.Source = joined(c.Title, other.Title), joined(c.Text, other.Text), joined(c.Source, other.Source)
			i++
		}
	}
	return nil
}

func joined(t, more text.Texts) text.Texts {
	for _, v := range more {
		t = t.With(v.Lang, v.Text)
	}
	return t
}

// tell takes over what was read.
func (out *Import) tell(d *plain.Draft) {
	out.Title, out.Acts, out.Root, out.Articles, out.Source, out.Kept = d.Title, len(d.Elements), d.Elements[0].Ref, d.Articles, d.Source, d.Kept
	out.Problems, out.Untold, out.Form = d.Problems, d.Untold, "markdown"
	if d.Form == plain.Layout {
		out.Form = "layout"
	}
	for _, x := range d.Skips {
		i := slices.IndexFunc(out.Skips, func(s ImportSkip) bool { return s.What == x.What.String() })
		if i < 0 {
			i = len(out.Skips)
			out.Skips = append(out.Skips, ImportSkip{What: x.What.String(), Line: x.Line})
		}
		out.Skips[i].Times++
	}
}

// maxArticle is the greatest number of an article that a reference can have.
const maxArticle = 999_999

// nextArticle is the number of the next article that is free.
func nextArticle(p *plan.State) int {
	ref := p.NextRef(act.Clause, "")
	n := 0
	for _, c := range strings.TrimPrefix(string(ref), "C-") {
		if c < '0' || c > '9' {
			return 1
		}
		n = n*10 + int(c-'0')
	}
	return max(n, 1)
}

// stillToSend leaves out what stands already word for word, and refuses where something else stands.
func stillToSend(g *chancery.Group, batches [][]act.Table, out *Import) (left [][]act.Table, err error) {
	var clashes []string
	g.View(func(p *plan.State) {
		for _, batch := range batches {
			out.Batches++
			var rest []act.Table
			for _, t := range batch {
				switch {
				case p.Element(t.Element) == nil:
					rest = append(rest, t)
				case tabledSame(p, g.Self(), t):
					out.There++
				default:
					clashes = append(clashes, t.Element.Display())
				}
			}
			if len(rest) > 0 {
				left = append(left, rest)
			}
		}
	})
	if n := len(clashes); n > 0 {
		return nil, refuse("taken", "Other texts stand already at %s (%d in all). Nothing was sent. Choose another number for the first article.",
			strings.Join(clashes[:min(n, maxClashes)], ", "), n)
	}
	return left, nil
}

// tabledSame reports whether the party has tabled exactly that already.
func tabledSame(p *plan.State, self uint8, t act.Table) bool {
	want := wordsOf(t)
	for _, r := range p.Revisions(t.Element) {
		rev := p.Rule().Revision(r.ID)
		if rev == nil || rev.Party != self || rev.Offered != t.Offered {
			continue
		}
		if bytes.Equal(wordsOf(act.Table{Element: t.Element, Content: p.Content(rev), Offered: rev.Offered}), want) {
			return true
		}
	}
	return false
}

// wordsOf is an act without its writer, to be compared.
func wordsOf(t act.Table) []byte {
	leaf, err := act.Encode(act.Act{Group: act.Hash{1}, By: "a", At: 1, Body: t})
	if err != nil {
		return nil
	}
	return leaf
}

// Import tables a draft, in batches that are each tabled whole or not at all. Before the first is sent
// all are looked at: by the margin of the party, and for references that are taken. Where it breaks off
// all the same, the same request goes on where it ended. step, where given, is told how far it has come.
func (m MarginDesk) Import(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskImport, step func(done, of int)) (Import, error) {
	out, left, err := readImport(g, ask)
	if err != nil {
		return out, err
	}
	if len(out.Missing) > 0 {
		return out, refuse("language", "The draft is missing in %s. All languages of the group are equally authentic. Nothing was sent. Give the same draft in it too.", out.Missing[0].Autonym())
	}
	if err := m.unheld(g, who, left); err != nil {
		return out, err
	}
	for _, batch := range left {
		drafts := make([]chancery.Draft, len(batch))
		for i, t := range batch {
			drafts[i] = chancery.Draft{Body: t}
		}
		if _, err := g.Admit(ctx, who, drafts...); err != nil {
			return out, err
		}
		if out.Sent += len(batch); step != nil {
			step(out.There+out.Sent, out.Acts)
		}
	}
	return out, nil
}

// unheld holds a draft of which one text must not go out, before any of it has.
func (m MarginDesk) unheld(g *chancery.Group, who chancery.Who, left [][]act.Table) error {
	if m.Margins == nil || !g.Seats(who) {
		return nil
	}
	ask := Guard(m.Margins, m.Chancery.Self(), m.Chancery.GroupByID, m.Chancery.Now)
	for _, batch := range left {
		for _, t := range batch {
			if err := ask(context.Background(), g.Query(who, t)); err != nil {
				var held *chancery.HeldBack
				if errors.As(err, &held) {
					return &chancery.HeldBack{Why: t.Element.Display() + ": " + held.Why}
				}
				return err
			}
		}
	}
	return nil
}

// mayImport keeps a draft to who may propose.
func mayImport(v visit) error {
	if !v.group.Powers(v.who).Has(act.MayPropose) {
		return mayPropose()
	}
	return nil
}

func (s *Server) readImport(r *http.Request, v visit, ask AskImport) (Import, error) {
	if err := errors.Join(s.named(r.Context(), v), mayImport(v)); err != nil {
		return Import{}, err
	}
	return ReadImport(v.group, ask)
}

func (s *Server) importDraft(r *http.Request, v visit, ask AskImport) (Import, error) {
	if err := errors.Join(s.named(r.Context(), v), mayImport(v)); err != nil {
		return Import{}, err
	}
	return MarginDesk{s.Chancery, s.Margin}.Import(r.Context(), v.group, v.who, ask, nil)
}
