package plain

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"entente/act"
	"entente/text"
)

// Read reads a source. It fails only where there is nothing to keep whole: a
// source that is too long or no text, or more elements than a draft may have.
// Everything that it does not understand is in the draft, and told.
func Read(src string, o Options) (*Draft, error) {
	switch {
	case !o.Lang.Known():
		return nil, fmt.Errorf("%q is not a language that this program knows", o.Lang)
	case len(src) > MaxSource:
		return nil, fmt.Errorf("the file has %d bytes, more than %d: read it in parts", len(src), MaxSource)
	case !utf8.ValidString(src) || strings.IndexByte(src, 0) >= 0:
		return nil, errors.New("the file is no text in UTF-8: save it as one (a PDF must be turned into text first)")
	case len(o.Source) > act.MaxSource:
		return nil, fmt.Errorf("the name of the source is longer than %d bytes", act.MaxSource)
	}
	if o.Source != "" {
		if err := text.Check(o.Source); err != nil {
			return nil, fmt.Errorf("the name of the source: %w", err)
		}
	}
	r := &reader{src: src, opt: o, draft: &Draft{Form: form(src, o.Form), opt: o}}
	r.lines = make([]line, 0, strings.Count(src, "\n")+1)
	r.marks = make([]bracketMark, 0, strings.Count(src, "[")+strings.Count(src, "]"))
	r.draft.Skips = make([]Skip, 0, len(src)/128)
	if r.draft.Form == Markdown {
		r.markdown()
	} else {
		r.layout()
	}
	p := &place{ref: "C-", parent: o.Parent, n: max(o.First, 1) - 1}
	blocks := r.blocks()
	r.draft.Elements = make([]Element, 0, min(len(blocks), MaxElements))
	r.refs = make([]refMarks, 0, len(blocks))
	if err := r.elements(r.tree(blocks), p); err != nil {
		return nil, err
	}
	r.balance()
	return r.draft, nil
}

// Table makes the act that tables element i.
func (d *Draft) Table(i int) act.Table {
	e := &d.Elements[i]
	c := act.Content{Kind: act.Clause, Parent: e.Parent, Order: uint32(i + 1)}
	c.Title = text.Texts(nil).With(d.opt.Lang, e.Title)
	c.Text = text.Texts(nil).With(d.opt.Lang, e.Text)
	c.Source = text.Texts(nil).With(d.opt.Lang, d.opt.Source)
	return act.Table{Element: e.Ref, Content: c, Offered: d.opt.Offered}
}

// Batches makes the acts that table the draft, in lists of at most MaxBatch, in
// order: what an element stands under comes before it.
func (d *Draft) Batches() [][]act.Table {
	var out [][]act.Table
	for i := range d.Elements {
		if i%MaxBatch == 0 {
			out = append(out, make([]act.Table, 0, min(MaxBatch, len(d.Elements)-i)))
		}
		out[i/MaxBatch] = append(out[i/MaxBatch], d.Table(i))
	}
	return out
}
