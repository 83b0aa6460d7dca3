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
	return InlineTree(lang, text.NodesOf(segments), parties)
}

// InlineTree is Inline for a text whose brackets are a tree.
func InlineTree(lang text.Lang, nodes []text.Node, parties Parties) templ.Component {
	return written(func(ctx context.Context, b *strings.Builder) {
		d := drawing{b: b, p: locale.From(ctx), lang: string(lang), parties: parties}
		d.nodes(nodes, false)
	})
}

// Gap is a bracket that nobody has filled yet: "[ ]".
func Gap() templ.Component {
	return written(func(ctx context.Context, b *strings.Builder) {
		d := drawing{b: b, p: locale.From(ctx)}
		d.gap()
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

// drawing writes the nodes of a bracketed text.
type drawing struct {
	b       *strings.Builder
	p       *locale.Printer
	lang    string
	parties Parties
}

// nodes writes nodes in their order; words within a bracket carry its line.
func (d drawing) nodes(list []text.Node, inside bool) {
	for i, n := range list {
		switch n.Kind {
		case text.NodeWords:
			before := i > 0 && list[i-1].Kind == text.NodeOption
			after := i+1 < len(list) && list[i+1].Kind == text.NodeOption
			d.between(n.Words, before, after, inside)
		case text.NodeGap:
			d.gap()
		case text.NodeBracket:
			d.bracket(n, inside)
		case text.NodeOption:
			d.option(n)
		default:
			d.words(n.Words, inside)
		}
	}
}

// between writes words that may stand beside a block: the new line between them
// is the block's own, and is there for copying alone.
func (d drawing) between(s string, before, after, inside bool) {
	rest := s
	if before {
		if rest = strings.TrimPrefix(s, "\n"); rest != s {
			d.hidden("\n")
		}
	}
	last := after && strings.HasSuffix(rest, "\n")
	if last {
		rest = strings.TrimSuffix(rest, "\n")
	}
	d.escaped(rest, inside)
	if last {
		d.hidden("\n")
	}
}

// hidden writes what is copied and never shown.
func (d drawing) hidden(copied string) {
	d.b.WriteString(`<span hidden data-copy="` + strings.ReplaceAll(templ.EscapeString(copied), "\n", "&#10;") + `"></span>`)
}

// bracket writes a bracket with what it holds.
func (d drawing) bracket(n text.Node, inside bool) {
	who := d.parties.of(n.Who)
	word, rest := firstWord(n.Nodes)
	d.b.WriteString(`<span class="bk ` + holders(who, inside) + `" data-bracket tabindex="-1">`)
	d.open(n, who, word)
	tag, end := "", ""
	if n.Verb == text.Strikes {
		tag, end = struck, unstruck
	}
	d.b.WriteString(tag)
	if !kept(word) {
		d.escaped(word, true)
	}
	d.nodes(rest, true)
	d.b.WriteString(end)
	d.heard(d.p.T("bracket.end"))
	d.b.WriteString(`<span class="c" aria-hidden="true">]</span></span>`)
}

// What stands round words that are struck out.
const (
	struck   = `<s class="struck">`
	unstruck = `</s>`
)

// heard writes what only a screen reader says, in the language of the page.
func (d drawing) heard(s string) {
	d.b.WriteString(`<span class="vh"`)
	if tag := d.p.Tag(); d.lang != "" && tag != d.lang {
		d.b.WriteString(` lang="` + tag + `" dir="` + locale.Dir(tag) + `"`)
	}
	d.b.WriteString(`>` + templ.EscapeString(s) + `</span>`)
}

// option writes one of several alternatives as a block of its own.
func (d drawing) option(n text.Node) {
	class := "opt"
	if n.NoText() {
		class += " notext"
	}
	word := n.Words
	if word == "" {
		word = text.OptionWords()[0]
	}
	d.b.WriteString(`<span class="` + class + `"><span class="optn" data-copy="` + templ.EscapeString(word+" "+n.Label+": ") + `">` +
		templ.EscapeString(optionWord(n, d.lang)+" ") + `<bdi>` + templ.EscapeString(n.Label) + `</bdi><span class="cc">: </span></span><span class="optb">`)
	d.nodes(n.Nodes, false)
	d.b.WriteString(`</span></span>`)
}

// gap writes an empty bracket.
func (d drawing) gap() {
	d.b.WriteString(`<span class="bk p0 chair" data-bracket tabindex="-1">`)
	d.heard(d.p.T("bracket.gap"))
	d.b.WriteString(`<span class="o" aria-hidden="true">[</span><span class="gap" aria-hidden="true"> </span><span class="c" aria-hidden="true">]</span></span>`)
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

// escaped writes words: a bracket that belongs to them is copied with the
// backslash of the plain form.
func (d drawing) escaped(s string, inside bool) {
	for {
		n := strings.IndexAny(s, `[]\`)
		if n < 0 {
			d.words(s, inside)
			return
		}
		d.words(s[:n], inside)
		d.b.WriteString(`<span data-copy="\` + s[n:n+1] + `">`)
		d.words(s[n:n+1], inside)
		d.b.WriteString(`</span>`)
		s = s[n+1:]
	}
}

// open writes the bracket, the badges, what their parties do with the words and
// the first word, kept on one line; of many badges the first and the last.
func (d drawing) open(n text.Node, who []Party, word string) {
	key := verbKey(n.Verb)
	long := len(who) > 2 || len(who) == 2 && key != ""
	d.b.WriteString(`<span class="nowrap">`)
	d.heard(spokenBracket(d.p, who, n.Verb))
	d.b.WriteString(`<span class="o" aria-hidden="true">[</span>`)
	for i, w := range who {
		last := i == len(who)-1
		mark := ", "
		switch {
		case last && key != "":
			mark = " "
		case last:
			mark = ": "
		}
		if long && last {
			d.b.WriteString(`<span class="nowrap">`)
		}
		d.badge(w, mark)
		if long && i == 0 {
			d.b.WriteString(`</span>`)
		}
	}
	if key != "" {
		d.b.WriteString(`<span class="kind" aria-hidden="true" data-copy="` + plainVerb(n.Verb, len(who)) + `">` +
			templ.EscapeString(d.p.N(key, len(who))) + `</span><span class="cc" aria-hidden="true">: </span>`)
	}
	if kept(word) && word != "" {
		tag, end := "", ""
		if n.Verb == text.Strikes {
			tag, end = struck, unstruck
		}
		d.b.WriteString(tag)
		d.escaped(word, true)
		d.b.WriteString(end)
	}
	d.b.WriteString(`</span>`)
}

// badge writes a badge within a bracket: its letters are copied, or with a
// script the party's code, and a mark after them that takes no room on the screen.
func (d drawing) badge(p Party, mark string) {
	letters, copied := p.letters(d.lang), ""
	if letters != p.Code {
		copied = ` data-copy="` + templ.EscapeString(p.Code) + `"`
	}
	d.b.WriteString(`<span class="pty ` + p.class() + `" aria-hidden="true" title="` + templ.EscapeString(p.spoken()) + `"` + copied + `><svg viewBox="0 0 10 10" aria-hidden="true">` + shapes[shapeOf(p)] + `</svg>` +
		templ.EscapeString(letters) + `</span><span class="cc" aria-hidden="true">` + mark + `</span>`)
}
