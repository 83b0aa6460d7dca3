package ui

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"entente/internal/web/locale"
	"entente/text"
)

// Parties finds a party by its code.
type Parties []Party

// Of gives the party with a code; an unknown code is shown by its letters
// alone, without a colour.
func (l Parties) Of(code string) Party {
	for _, p := range l {
		if p.Code == code {
			return p
		}
	}
	return Party{Ordinal: -1, Code: code}
}

// of gives the parties with several codes; a Who may itself be a list ("US, AU").
func (l Parties) of(who []string) []Party {
	var out []Party
	for _, w := range who {
		for code := range strings.SplitSeq(w, ", ") {
			out = append(out, l.Of(code))
		}
	}
	return out
}

// holders gives the colour class of a bracket: that of the party whose words
// they are, no party's where several hold them. A bracket that somebody tabled
// is nobody's; within a party's words it has their line.
func holders(who []Party, inside bool) string {
	switch {
	case len(who) == 1:
		return who[0].class()
	case len(who) > 1:
		return "p0 joint"
	case inside:
		return "chair"
	}
	return "p0 chair"
}

// firstWord parts the first word of a bracket from the rest, so that bracket,
// badge and first word can be kept together at the end of a line. A bracket
// that begins with another bracket has no first word of its own.
func firstWord(in []text.Node) (word string, rest []text.Node) {
	if len(in) == 0 || in[0].Kind != text.NodeWords {
		return "", in
	}
	words := in[0].Words
	cut := strings.IndexFunc(words, unicode.IsSpace)
	if cut < 0 {
		return words, in[1:]
	}
	rest = append([]text.Node{{Kind: text.NodeWords, Words: words[cut:]}}, in[1:]...)
	return words[:cut], rest
}

// maxKept is the longest first word kept beside its badge, in characters: a
// longer one would push the line beyond a narrow screen.
const maxKept = 16

// kept says whether a first word is short enough to be kept beside its badge.
func kept(word string) bool { return utf8.RuneCountInString(word) <= maxKept }

// spokenBracket says for a screen reader whose bracket begins, and what they do
// with its words.
func spokenBracket(p *locale.Printer, who []Party, verb text.Verb) string {
	names := make([]string, len(who))
	for i, w := range who {
		names[i] = w.spoken()
	}
	args := locale.Args{"Party": strings.Join(names, ", ")}
	switch {
	case len(who) == 0:
		return p.T("bracket.chair")
	case verb == text.Opposes:
		return p.F("bracket.opposed", args)
	case verb == text.Reserves:
		return p.F("bracket.reserved", args)
	case verb == text.Strikes:
		return p.F("bracket.struck", args)
	}
	return p.F("bracket.start", args)
}

// verbKey is what stands after the badges of a bracket: nothing, where they
// hold the words.
func verbKey(verb text.Verb) locale.Key {
	switch verb {
	case text.Opposes:
		return "bracket.opposes"
	case text.Reserves:
		return "bracket.reserves"
	case text.Strikes:
		return "bracket.strikes"
	}
	return ""
}

// plainVerb is the same in the plain form.
func plainVerb(verb text.Verb, parties int) string {
	said, err := verb.MarshalText()
	if err != nil || verb == text.Holds {
		return ""
	}
	if parties > 1 {
		return strings.TrimSuffix(string(said), "s")
	}
	return string(said)
}

// optionWord is the word for option in a language of the text.
func optionWord(n text.Node, lang string) string {
	known := text.OptionWords()
	if n.Words != "" && n.Words != known[0] {
		return n.Words
	}
	switch lang {
	case "he":
		return known[1]
	case "ar":
		return known[2]
	}
	return known[0]
}

// same says what the tick between two languages means.
func (p Pairing) same(ctx context.Context) string {
	if p.Same != "" {
		return p.Same
	}
	return locale.T(ctx, "parallel.same")
}
