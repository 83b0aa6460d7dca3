package web

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/compliance"
	"entente/internal/web/locale"
)

// Package compliance hands over what it has found as sentences in data: which one, and what stands in
// its places. Here they are said in the reader's language. The sentence of the key "board.none" stands
// in locale under "watch.board.none"; one that a language lacks is said in English.

// phraseKey is where the pages keep a sentence of package compliance; the words of verdicts are those
// of their chips.
func phraseKey(key string) locale.Key {
	if strings.HasPrefix(key, "verdict.") {
		return locale.Key(key)
	}
	return locale.Key("watch." + key)
}

// told says a sentence of package compliance in the reader's language.
func told(ctx context.Context, sc scene, s compliance.Sentence) string {
	if s.IsZero() {
		return ""
	}
	p := locale.From(ctx)
	args := make(locale.Args, len(s.Args))
	for name, a := range s.Args {
		args[name] = placed(ctx, sc, a)
	}
	n, err := strconv.Atoi(s.Args["N"].Value)
	var out string
	if s.Args["N"].Is == compliance.IsCount && err == nil {
		out = p.NF(phraseKey(s.Key), n, args)
	} else {
		out = p.F(phraseKey(s.Key), args)
	}
	if strings.HasPrefix(out, "⟦") {
		return s.English
	}
	return beforeStop.Replace(strings.Join(strings.Fields(out), " "))
}

// beforeStop takes away the space of a place in which nothing stands, where a sentence ends there.
var beforeStop = strings.NewReplacer(" .", ".", " ,", ",")

// placed is what stands in a place of a sentence, in the reader's language. Codes and figures keep
// their own direction in a line that runs from right to left.
func placed(ctx context.Context, sc scene, a compliance.Arg) string {
	p := locale.From(ctx)
	switch a.Is {
	case compliance.IsDay:
		return fullDay(p, a.Value)
	case compliance.IsUnit:
		return unitSaid(p, a.Value)
	case compliance.IsTexts:
		return sc.best(a.Texts).Text
	case compliance.IsPhrase:
		if a.Phrase == nil {
			return ""
		}
		return told(ctx, sc, *a.Phrase)
	case compliance.IsCount:
		if n, err := strconv.Atoi(a.Value); err == nil {
			return locale.Int(n)
		}
	}
	return alongLine(p, a.Value)
}

// alongLine keeps a code or a figure in its own direction (UAX #9) where the line runs the other way.
func alongLine(p *locale.Printer, s string) string {
	if s == "" || p.Dir() == "ltr" {
		return s
	}
	return "\u2066" + s + "\u2069"
}

// fullDay is a calendar day with its year: “5 Nov 2017”.
func fullDay(p *locale.Printer, s string) string {
	y, m, ok := strings.Cut(s, "-")
	m, d, two := strings.Cut(m, "-")
	month, err := strconv.Atoi(m)
	if !ok || !two || err != nil || month < 1 || month > 12 {
		return s
	}
	return p.F("date.dayyear", locale.Args{"Day": strings.TrimPrefix(d, "0"), "Month": p.T(monthShort[month-1]), "Year": y})
}

var monthShort = [...]locale.Key{"month.short.1", "month.short.2", "month.short.3", "month.short.4", "month.short.5", "month.short.6",
	"month.short.7", "month.short.8", "month.short.9", "month.short.10", "month.short.11", "month.short.12"}

// unitSaid is a unit as it is read: "kg{U}" becomes “kg U”, "1" nothing.
func unitSaid(p *locale.Printer, code string) string {
	switch code {
	case "", "1":
		return ""
	case "t":
		return p.T("unit.t")
	case "d":
		return p.T("unit.d")
	}
	return alongLine(p, strings.Join(strings.Fields(strings.NewReplacer("{", " ", "}", " ").Replace(code)), " "))
}

// tell shows a sentence of package compliance.
func tell(sc scene, s compliance.Sentence) templ.Component {
	return inked(func(k *ink) { k.words(told(k.ctx, sc, s)) })
}
