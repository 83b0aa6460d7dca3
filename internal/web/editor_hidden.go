package web

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// shownBefore is how many letters before a character that may not stand are said with it.
const shownBefore = 24

// hidden says which characters in the fields may not stand in a text, and where: what was pasted
// from elsewhere may hold some that nobody sees.
func (w *words) hidden(p *locale.Printer) (out []ui.Problem) {
	for _, l := range w.langs {
		for _, x := range []struct {
			name string
			in   map[text.Lang]string
		}{{"title-", w.title}, {"text-", w.text}, {"source-", w.source}, {"unit-", w.unit}} {
			if said := hiddenSaid(p, l, x.in[l]); said != "" {
				out = append(out, ui.Problem{Field: x.name + string(l), Words: said})
			}
		}
	}
	return out
}

// hiddenSaid says which character of a text may not stand in it, and where; "" if all may.
func hiddenSaid(p *locale.Printer, l text.Lang, s string) string {
	var bad *text.CharError
	if !errors.As(text.Check(s), &bad) {
		return ""
	}
	args := locale.Args{"Language": locale.Name(string(l)), "Char": "U+" + strings.ToUpper(hex4(bad.Rune))}
	if len(s) > text.MaxText {
		return p.F("problem.toolong", locale.Args{"Language": args["Language"], "Max": locale.Int(text.MaxText)})
	}
	before := s[:bad.Index]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	args["Line"], args["Column"] = locale.Int(strings.Count(before, "\n")+1), locale.Int(utf8.RuneCountInString(line)+1)
	if near := []rune(line); len(near) > 0 {
		args["After"] = strings.TrimSpace(string(near[max(0, len(near)-shownBefore):]))
		return p.F("problem.hidden.after", args)
	}
	return p.F("problem.hidden", args)
}

// hex4 is the number of a character in at least four digits.
func hex4(r rune) string {
	s := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", max(0, 4-len(s))) + s
}
