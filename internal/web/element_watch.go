package web

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// What the text of something that is watched says besides words: the rule and what it needs, the terms
// of an agreement, a joint verdict. Whoever accepts such a text accepts these.

// watchedPairs are the particulars of a content that is about something watched, in the words of the
// differences between texts; none for any other.
func (c scene) watchedPairs(ctx context.Context, content act.Content) []ui.Pair {
	var out []ui.Pair
	put := func(name string, body templ.Component) {
		out = append(out, ui.Pair{Term: locale.T(ctx, fieldKey(name)), Body: body})
	}
	code := func(name, s string) {
		if s != "" {
			put(name, codeOf(s))
		}
	}
	texts := func(name string, list ...text.Texts) {
		var said []string
		for _, t := range list {
			if s := c.best(t).Text; s != "" {
				said = append(said, s)
			}
		}
		if len(said) > 0 {
			put(name, ui.Words(strings.Join(said, ", ")))
		}
	}
	if t := content.Terms; t != nil {
		texts("bound", t.Bound...)
		for _, x := range t.Conversions {
			code("conversions", conversionWords(locale.From(ctx), x))
		}
		for _, st := range t.Procedure {
			put("procedure", ui.Words(c.best(st.Name).Text+", "+stageDays(ctx, st)))
		}
	}
	if w := content.Watch; w != nil {
		code("place", w.Paragraph)
		texts("owes", w.Owes)
		code("quantity", w.Quantity)
		code("measure", w.Unit)
		code("rule", w.Rule)
		code("near", w.Near)
		if w.From != "" || w.To != "" {
			put("applies", ui.Words(strings.TrimSpace(fullDay(locale.From(ctx), string(w.From))+" – "+fullDay(locale.From(ctx), string(w.To)))))
		}
		texts("verified", w.Verified)
		c.needsPairs(ctx, w, code)
	}
	if j := content.Judgement; j != nil {
		c.judgedPairs(ctx, j, put)
	}
	if x := content.Extends; x != nil {
		put("extends", ui.Words(locale.F(ctx, "stage.n", locale.Args{"N": locale.Int(int(x.Stage))})+", "+locale.N(ctx, "stage.days", int(x.Days))))
	}
	return out
}

// needsPairs are what a verdict needs, and an indicator's ends.
func (c scene) needsPairs(ctx context.Context, w *act.Watch, code func(name, s string)) {
	for _, x := range []struct {
		name string
		n    int
	}{{"every", int(w.Every)}, {"fresh", int(w.Fresh)}, {"sources", int(w.Sources)}} {
		if x.n > 0 {
			code(x.name, locale.Int(x.n))
		}
	}
	code("grade", w.Grade.String())
	for _, x := range []struct {
		name, value string
		on          act.Date
	}{{"baseline", w.Baseline, w.BaselineOn}, {"target", w.Target, w.TargetOn}} {
		if x.value != "" && x.on != "" {
			code(x.name, x.value+" · "+fullDay(locale.From(ctx), string(x.on)))
		} else {
			code(x.name, x.value)
		}
	}
}

// judgedPairs are a joint verdict and how sure it is.
func (c scene) judgedPairs(ctx context.Context, j *act.Judgement, put func(string, templ.Component)) {
	if j.Verdict != 0 {
		put("verdict", ui.Verdict(j.Verdict))
	}
	if j.Likelihood != 0 {
		put("likelihood", ui.Words(locale.T(ctx, likelihoodKey(j.Likelihood))))
	}
	if j.Confidence != 0 {
		put("confidence", ui.Words(locale.T(ctx, confidenceKey(j.Confidence))))
	}
	if j.AsOf != "" {
		put("as-of", ui.Words(fullDay(locale.From(ctx), string(j.AsOf))))
	}
}

// codeOf shows a rule, a unit or a name that is the same in every language.
func codeOf(s string) templ.Component {
	return inked(func(k *ink) {
		k.raw(`<bdi class="mono" dir="ltr">`)
		k.words(s)
		k.raw(`</bdi>`)
	})
}

// spokenFor is the content that an element's particulars are told of: the latest text that is not in
// force, or else the one that is.
func (d elementData) spokenFor() (act.Content, bool) {
	if i := d.lead(); i >= 0 {
		return d.Positions[i].Content, true
	}
	for _, p := range d.Positions {
		if p.InForce {
			return p.Content, true
		}
	}
	if len(d.Positions) > 0 {
		return d.Positions[0].Content, true
	}
	return act.Content{}, false
}
