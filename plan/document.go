package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
	"entente/text"
)

// The views of the joint document.
const (
	WithBrackets = "brackets" // everything that stands, open words in brackets
	AgreedText   = "agreed"   // what is in force, numbered as an instrument would number it
	ChangesSince = "changes"  // what was adopted since a rolling text, and how the words changed
)

// A DocumentQuery says which part of the joint document to show, and how.
type DocumentQuery struct {
	View   string      // WithBrackets where empty
	Langs  []text.Lang // the group's where empty
	Since  int         // ChangesSince: the number of the rolling text
	At     act.Ref     // begin with this element; wins over Offset
	Offset int
	Limit  int // at most MaxRows; 0 for DefaultRows
}

// A Document is a part of the joint document.
type Document struct {
	Title      text.Texts  `json:"title"`
	View       string      `json:"view"`
	Langs      []text.Lang `json:"langs"`
	Paragraphs []Paragraph `json:"paragraphs"`
	Offset     int         `json:"offset"`
	Total      int         `json:"total"` // paragraphs of this view
	More       bool        `json:"more"`
	Cut        bool        `json:"cut,omitempty"` // of the changes, only the latest are shown
	Since      int         `json:"since,omitempty"`
	Totals     Totals      `json:"totals"`
}

// The marks of a paragraph.
const (
	MarkAgreed   = "agreed"
	MarkBracket  = "bracket"
	MarkReserved = "reserved"
)

// A Paragraph is one element in the joint document.
type Paragraph struct {
	Number       int             `json:"number"` // ¶
	Ref          act.Ref         `json:"ref"`
	Display      string          `json:"display"`
	Kind         act.ElementKind `json:"kind"`
	Level        int             `json:"level"`   // depth in the tree, from 0
	Heading      bool            `json:"heading"` // its title stands as a heading: goals and ways
	Mark         string          `json:"mark"`
	Bracket      int             `json:"bracket,omitempty"` // which of the open paragraphs, from 1
	Brackets     int             `json:"brackets,omitempty"`
	Title        []LangText      `json:"title,omitempty"`
	Text         []LangText      `json:"text,omitempty"`
	Changes      []LangSpans     `json:"changes,omitempty"` // ChangesSince: the text against what it was
	TitleWas     text.Texts      `json:"titleWas,omitempty"`
	Removed      bool            `json:"removed,omitempty"` // ChangesSince: struck out since
	Revision     *RevisionRef    `json:"revision,omitempty"`
	Drift        *Drift          `json:"drift,omitempty"`        // where a language of the revision is behind
	Reservations []Note          `json:"reservations,omitempty"` // scrutiny reservations too: Note.Sort tells

	Interpretations []Note `json:"interpretations,omitempty"` // interpretative statements that stand
}

// Attached are the reservations and interpretative statements that stay with the text wherever it is
// shown.
func (p *Paragraph) Attached() []Note { return slices.Concat(p.Reservations, p.Interpretations) }

// LangSpans is how a text in one language differs from another.
type LangSpans struct {
	Lang  text.Lang   `json:"lang"`
	Dir   string      `json:"dir"`
	Spans []text.Span `json:"spans"`
}

// Document shows a part of the joint document: every paragraph that stands, in the order of the
// tree, each branch's clauses first. It costs what it shows.
func (s *State) Document(q DocumentQuery) Document {
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	d := Document{Title: s.PlanTitle(), Langs: s.langs(q.Langs), Offset: q.Offset, Totals: s.Totals(), Paragraphs: []Paragraph{}}
	switch q.View {
	case AgreedText:
		d.View = AgreedText
		s.paragraphs(&d, &q, cForce, s.agreedParagraph)
	case ChangesSince:
		d.View, d.Since = ChangesSince, max(q.Since, 0)
		s.changes(&d, &q)
	default:
		d.View = WithBrackets
		s.paragraphs(&d, &q, cLive, s.bracketParagraph)
	}
	return d
}

func (s *State) paragraphs(d *Document, q *DocumentQuery, c counter, make func(*Element, []text.Lang) Paragraph) {
	d.Total = int(s.sum[c])
	if e := s.elements[q.At]; e != nil {
		d.Offset = s.before(e, c)
	}
	bracket := -1
	s.roots.walk(c, d.Offset, func(e *Element) bool {
		if len(d.Paragraphs) == q.Limit {
			d.More = true
			return false
		}
		p := make(e, d.Langs)
		p.Number = d.Offset + len(d.Paragraphs) + 1
		if e.status == InBrackets && c == cLive {
			if bracket < 0 {
				bracket = s.before(e, cOpen)
			}
			bracket++
			p.Bracket = bracket
		}
		d.Paragraphs = append(d.Paragraphs, p)
		return true
	})
}

func (s *State) paragraph(e *Element) Paragraph {
	p := Paragraph{
		Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Level: s.depth(e), Heading: e.opens(), Mark: MarkAgreed,
		Reservations: s.notes(e, attached), Interpretations: s.notes(e, interpretive),
	}
	if e.reservers != 0 {
		p.Mark = MarkReserved
	}
	return p
}

func (s *State) bracketParagraph(e *Element, langs []text.Lang) Paragraph {
	p := s.paragraph(e)
	if e.status == InBrackets {
		p.Mark, p.Brackets = MarkBracket, s.Brackets(e)
	}
	w := s.bracketed(e)
	p.Title, p.Text = in(w.title, langs), in(w.text, langs)
	p.at(s, e.Leading(), nil)
	return p
}

func (s *State) agreedParagraph(e *Element, langs []text.Lang) Paragraph {
	p := s.paragraph(e)
	c := s.Content(e.InForce())
	p.Title, p.Text = plain(c.Title, langs), plain(c.Text, langs)
	p.at(s, e.InForce(), &c)
	for i := range p.Text {
		s.follows(&p.Text[i], e.InForce(), &c)
	}
	return p
}

// at says which revision the paragraph shows, and whether its languages are in step.
func (p *Paragraph) at(s *State, r *accord.Revision, c *act.Content) {
	p.Revision = s.RevisionRef(r)
	if r == nil {
		return
	}
	if c == nil {
		said := s.Content(r)
		c = &said
	}
	if len(c.Follows) > 0 {
		d := s.drift(r, c)
		p.Drift = &d
	}
}

// plain is a text without brackets.
func plain(t text.Texts, langs []text.Lang) []LangText {
	var out []LangText
	for _, l := range langs {
		if w, ok := t.Get(l); ok {
			out = append(out, LangText{Lang: l, Dir: l.Dir(), Segments: []text.Segment{{Text: w}}})
		}
	}
	return out
}

// changes lists the paragraphs adopted since a rolling text, in the order of the document.
func (s *State) changes(d *Document, q *DocumentQuery) {
	since := s.lists.adopted.items[min(d.Since, len(s.lists.adopted.items)):]
	if len(since) > maxAdoptions {
		since, d.Cut = since[len(since)-maxAdoptions:], true
	}
	news := map[*Element]int{} // how many adoptions of it are news
	for _, a := range since {
		if a.of.Counted() {
			news[a.of]++
		}
	}
	type place struct {
		e *Element
		n int
	}
	var order []place
	for e := range news {
		order = append(order, place{e, s.before(e, cLive)})
	}
	slices.SortFunc(order, func(a, b place) int {
		if a.n != b.n {
			return a.n - b.n
		}
		return a.e.compare(b.e)
	})
	d.Total = len(order)
	order = order[min(q.Offset, len(order)):]
	if d.More = len(order) > q.Limit; d.More {
		order = order[:q.Limit]
	}
	for _, x := range order {
		p := s.changedParagraph(x.e, news[x.e], d.Langs)
		p.Number = x.n + 1
		d.Paragraphs = append(d.Paragraphs, p)
	}
}

// changedParagraph shows the text in force against the one that was before the last n adoptions.
func (s *State) changedParagraph(e *Element, n int, langs []text.Lang) Paragraph {
	p := s.agreedParagraph(e, langs)
	var was *accord.Revision
	if before := e.Adopted()[:len(e.Adopted())-n]; len(before) > 0 {
		was = before[len(before)-1]
	}
	old, now := s.Content(was), s.Content(e.InForce())
	p.Removed = now.Struck
	p.Changes = diffs(old.Text, now.Text, langs)
	if was != nil && !old.Title.Equal(now.Title) {
		p.TitleWas = old.Title
	}
	return p
}

// diffs is how b differs from a, in each of the languages that either has.
func diffs(a, b text.Texts, langs []text.Lang) []LangSpans {
	var out []LangSpans
	for _, l := range langs {
		x, _ := a.Get(l)
		y, _ := b.Get(l)
		if x != "" || y != "" {
			out = append(out, LangSpans{l, l.Dir(), text.Diff(x, y)})
		}
	}
	return out
}
