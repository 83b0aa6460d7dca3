package plain

import (
	"errors"
	"fmt"
	"slices"
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
	r := &reader{src: src, opt: o, draft: &Draft{Form: form(src, o.Form)}}
	if r.draft.Form == Markdown {
		r.markdown()
	} else {
		r.layout()
	}
	first := &place{ref: "C-", parent: o.Parent, n: max(o.First, 1) - 1}
	if err := r.elements(r.tree(r.blocks()), first); err != nil {
		return nil, err
	}
	r.balance()
	return r.draft, nil
}

// Batches cuts the drafts into lists of at most MaxBatch acts, in order: what an
// element stands under comes before it.
func (d *Draft) Batches() [][]act.Table {
	var out [][]act.Table
	for part := range slices.Chunk(d.Elements, MaxBatch) {
		batch := make([]act.Table, len(part))
		for i, e := range part {
			batch[i] = e.Table
		}
		out = append(out, batch)
	}
	return out
}
