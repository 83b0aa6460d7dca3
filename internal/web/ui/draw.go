package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/web/locale"
	"entente/text"
)

// Text of record is written here by hand, not by a template: within a sentence
// no white space may be added between one element and the next.

// Inline is Brackets without a paragraph of its own; badges have the letters of
// the text's language.
func Inline(lang text.Lang, segments []text.Segment, parties Parties) templ.Component {
	return written(func(ctx context.Context, b *strings.Builder) {
		d := drawing{b: b, p: locale.From(ctx), lang: string(lang)}
		for _, p := range pieces(segments, parties) {
			d.piece(p, false)
		}
	})
}

// Gap is a bracket that nobody has filled yet: "[ ]".
func Gap() templ.Component {
	return written(func(ctx context.Context, b *strings.Builder) {
		b.WriteString(`<span class="bk p0" data-bracket tabindex="-1"><span class="vh">`)
		b.WriteString(templ.EscapeString(locale.T(ctx, "bracket.gap")))
		b.WriteString(`</span><span class="o" aria-hidden="true">[</span><span class="gap" aria-hidden="true"> </span><span class="c" aria-hidden="true">]</span></span>`)
	})
}

// changed writes the words of Changes.
func changed(spans []text.Span, p Party) templ.Component {
	return written(func(_ context.Context, b *strings.Builder) {
		for _, s := range spans {
			words := templ.EscapeString(s.Text)
			switch s.Op {
			case text.Put:
				b.WriteString(`<ins class="w ` + p.class() + `">` + words + `</ins>`)
			case text.Cut:
				b.WriteString(`<del class="w">` + words + `</del>`)
			default:
				b.WriteString(words)
			}
		}
	})
}

// written makes a component of what a function writes.
func written(f func(context.Context, *strings.Builder)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		f(ctx, &b)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// drawing writes the pieces of a bracketed text.
type drawing struct {
	b    *strings.Builder
	p    *locale.Printer
	lang string
}

// piece writes words or a bracket; words within a bracket carry its line.
func (d drawing) piece(p piece, inside bool) {
	if p.who == nil {
		d.words(p.words, inside)
		return
	}
	word, rest := firstWord(p.in)
	d.b.WriteString(`<span class="bk ` + p.who[0].class() + `" data-bracket tabindex="-1">`)
	d.open(p.who, word)
	if !kept(word) {
		d.words(word, true)
	}
	for _, in := range rest {
		d.piece(in, true)
	}
	d.b.WriteString(`<span class="vh">` + templ.EscapeString(d.p.T("bracket.end")) +
		`</span><span class="c" aria-hidden="true">]</span></span>`)
}

// words writes plain words.
func (d drawing) words(s string, inside bool) {
	if s == "" {
		return
	}
	if !inside {
		d.b.WriteString(templ.EscapeString(s))
		return
	}
	d.b.WriteString(`<span class="t">` + templ.EscapeString(s) + `</span>`)
}

// open writes the bracket, the badges and the first word, kept on one line.
func (d drawing) open(who []Party, word string) {
	d.b.WriteString(`<span class="nowrap"><span class="vh">` + templ.EscapeString(spokenParties(d.p, who)) +
		`</span><span class="o" aria-hidden="true">[</span>`)
	for i, w := range who {
		mark := ": "
		if i < len(who)-1 {
			mark = ", "
		}
		d.badge(w, mark)
	}
	if kept(word) {
		d.words(word, true)
	}
	d.b.WriteString(`</span>`)
}

// badge writes a badge within a bracket: its letters are copied, and a colon or
// a comma after them that takes no room on the screen.
func (d drawing) badge(p Party, mark string) {
	d.b.WriteString(`<span class="pty ` + p.class() + `" aria-hidden="true" title="` + templ.EscapeString(p.spoken()) + `"><svg viewBox="0 0 10 10" aria-hidden="true">` + shapes[shapeOf(p)] + `</svg>` +
		templ.EscapeString(p.letters(d.lang)) + `</span><span class="cc" aria-hidden="true">` + mark + `</span>`)
}
