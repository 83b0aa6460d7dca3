package web

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
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

func (k *ink) part(c templ.Component) {
	if k.err == nil {
		k.err = c.Render(k.ctx, k.w)
	}
}

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

// segments shows a text with its brackets.
func (c scene) segments(list []text.Segment) templ.Component {
	return inked(func(k *ink) {
		for i := 0; i < len(list); {
			if len(list[i].Who) == 0 {
				k.words(list[i].Text)
				i++
				continue
			}
			end := i + 1
			for end < len(list) && list[end].Place == list[i].Place && list[end].Alt == list[i].Alt && len(list[end].Who) > 0 {
				end++
			}
			c.bracket(k, list[i:end])
			i = end
			if i < len(list) && list[i].Place == list[i-1].Place && len(list[i].Who) > 0 {
				k.raw(" ")
			}
		}
	})
}

// bracket shows one bracket; inner ones stand within it.
func (c scene) bracket(k *ink, list []text.Segment) {
	who := list[0].Who
	for _, s := range list {
		if s.Depth == 1 {
			who = s.Who
			break
		}
	}
	lead, _, _ := list[0].Trim()
	_, _, tail := list[len(list)-1].Trim()
	if list[0].Depth > 1 {
		lead = ""
	}
	if list[len(list)-1].Depth > 1 {
		tail = ""
	}
	k.words(lead)
	parties := c.sides(who)
	k.raw(`<span class="bk ` + partyClass(parties[0]) + `">`)
	k.raw(`<span class="vh">`)
	k.words(locale.F(k.ctx, "bracket.start", locale.Args{"Party": spoken(parties)}))
	k.raw(`</span><span class="nowrap"><span class="o" aria-hidden="true">[</span><span aria-hidden="true">`)
	for i, p := range parties {
		if i > 0 {
			k.raw(`<span class="cc">, </span>`)
		}
		k.part(ui.Badge(p, ui.Speaks))
	}
	k.raw(`<span class="cc">: </span></span>`)
	c.within(k, list, len(lead), len(tail))
	k.raw(`<span class="c" aria-hidden="true">]</span><span class="vh">`)
	k.words(locale.T(k.ctx, "bracket.end"))
	k.raw(`</span></span>`)
	k.words(tail)
}

// within shows the words of a bracket, whose first word stays with its beginning.
func (c scene) within(k *ink, list []text.Segment, lead, tail int) {
	open := true // the part that is not broken
	unbroken := func() {
		if open {
			k.raw(`</span>`)
			open = false
		}
	}
	for i, s := range list {
		if s.Depth > 1 {
			unbroken()
			inner := s
			inner.Depth = 1
			c.bracket(k, []text.Segment{inner})
			if i+1 < len(list) && list[i+1].Depth > 1 {
				k.raw(" ")
			}
			continue
		}
		words := s.Text
		if i == len(list)-1 {
			words = words[:len(words)-tail]
		}
		if i == 0 {
			words = words[lead:]
		}
		if strings.TrimSpace(words) == "" {
			_, words, _ = s.Trim()
		}
		head, rest := words, ""
		if at := strings.IndexByte(words, ' '); open && at > 0 {
			head, rest = words[:at], words[at:]
		}
		k.raw(`<span class="t">`)
		k.words(head)
		k.raw(`</span>`)
		unbroken()
		if rest != "" {
			k.raw(`<span class="t">`)
			k.words(rest)
			k.raw(`</span>`)
		}
	}
	unbroken()
}

func (c scene) sides(who []string) []ui.Party {
	out := make([]ui.Party, len(who))
	for i, w := range who {
		out[i] = c.party(party.Code(w))
	}
	return out
}

func spoken(list []ui.Party) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
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
