package web

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// What the parties wrote is shown here: words in their language, with brackets as real characters,
// and what was put in or taken out. It is written without a template, since between these tags no
// space may come about that was not in the text.

// An ink writes HTML and remembers the first failure.
type ink struct {
	ctx context.Context
	w   io.Writer
	err error
}

func (k *ink) raw(s string) {
	if k.err == nil {
		_, k.err = io.WriteString(k.w, s)
	}
}

func (k *ink) words(s string) { k.raw(templ.EscapeString(s)) }

// inked is a component that an ink writes.
func inked(f func(*ink)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		k := &ink{ctx: ctx, w: w}
		f(k)
		return k.err
	})
}

// version shows a stored text: its language and direction go with it.
func version(v text.Version) templ.Component {
	return inked(func(k *ink) {
		if v.Text == "" {
			return
		}
		k.raw(`<span lang="` + string(v.Lang) + `" dir="` + v.Lang.Dir() + `">`)
		k.words(v.Text)
		k.raw(`</span>`)
	})
}

// known are the parties of the group, to be found by their codes.
func (c scene) known() ui.Parties { return partiesOf(c.lang, c.charter) }

// inline shows a text with its brackets within a sentence or a heading.
func (c scene) inline(t plan.LangText) templ.Component {
	return ui.InlineTree(t.Lang, t.Tree(), c.known())
}

// partyClass gives the colour class of a party.
func partyClass(p ui.Party) string {
	if p.Ordinal < 0 || p.Ordinal >= partyColours {
		return "p0"
	}
	return "p" + string(rune('1'+p.Ordinal))
}

const partyColours = 6 // parties with a colour of their own, as in package ui

// tracked shows how a text differs from another: words taken out, words put in.
func tracked(list []text.Span, by ui.Party) templ.Component {
	return inked(func(k *ink) {
		for _, s := range list {
			switch s.Op {
			case text.Cut:
				k.raw(`<del class="w">`)
				k.words(s.Text)
				k.raw(`</del>`)
			case text.Put:
				putIn(k, s.Text, by)
			default:
				k.words(s.Text)
			}
		}
	})
}

// held shows a text with what is its own in it underlined: what it compares with is not shown.
func held(list []text.Span, by ui.Party) templ.Component {
	return inked(func(k *ink) {
		for _, s := range list {
			switch s.Op {
			case text.Put:
				putIn(k, s.Text, by)
			case text.Same:
				k.words(s.Text)
			}
		}
	})
}

func putIn(k *ink, s string, by ui.Party) {
	k.raw(`<ins class="w ` + partyClass(by) + `">`)
	k.words(s)
	k.raw(`</ins>`)
}

// spansIn finds the comparison in one language.
func spansIn(list []plan.LangSpans, l text.Lang) ([]text.Span, bool) {
	for _, s := range list {
		if s.Lang == l {
			return s.Spans, true
		}
	}
	return nil, false
}

// inLang finds a text with brackets in one language, or else the first there is.
func inLang(list []plan.LangText, l text.Lang) (plan.LangText, bool) {
	for _, t := range list {
		if t.Lang == l {
			return t, true
		}
	}
	if len(list) > 0 {
		return list[0], true
	}
	return plan.LangText{}, false
}
