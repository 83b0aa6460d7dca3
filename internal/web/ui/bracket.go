package ui

import (
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

// piece is a stretch of a bracketed text as it is drawn: words, or a bracket
// with pieces in it.
type piece struct {
	words string
	who   []Party // nil: words
	in    []piece
}

// pieces turns the segments of text.Bracket into what is drawn. White space at
// the ends of a bracket stands outside it, as in the plain form.
func pieces(segments []text.Segment, parties Parties) []piece {
	var out []piece
	for i := 0; i < len(segments); {
		if segments[i].Who == nil {
			out = append(out, piece{words: segments[i].Text})
			i++
			continue
		}
		end := i
		for end < len(segments) && segments[end].Place == segments[i].Place && segments[end].Who != nil {
			end++
		}
		out = append(out, place(segments[i:end], parties)...)
		i = end
	}
	return out
}

// place turns the alternatives of one place into brackets, a space between.
func place(segments []text.Segment, parties Parties) []piece {
	var brackets []piece
	lead, tail := "", ""
	for i := 0; i < len(segments); {
		end := i + 1
		for end < len(segments) && segments[end].Alt == segments[i].Alt {
			end++
		}
		l, b, t := bracket(segments[i:end], parties)
		if len(l) > len(lead) {
			lead = l
		}
		if len(t) > len(tail) {
			tail = t
		}
		if len(brackets) > 0 {
			brackets = append(brackets, piece{words: " "})
		}
		brackets = append(brackets, b)
		i = end
	}
	out := make([]piece, 0, len(brackets)+2)
	if lead != "" {
		out = append(out, piece{words: lead})
	}
	out = append(out, brackets...)
	if tail != "" {
		out = append(out, piece{words: tail})
	}
	return out
}

// bracket turns the segments of one alternative into one bracket, and gives the
// white space that stands before and after it.
func bracket(list []text.Segment, parties Parties) (lead string, b piece, tail string) {
	b.who = parties.of(outerWho(list))
	for i := 0; i < len(list); {
		end := i + 1
		for list[i].Depth == 2 && end < len(list) && list[end].Depth == 2 {
			end++
		}
		if list[i].Depth == 2 {
			b.in = append(b.in, place(competing(list[i:end]), parties)...)
			i = end
			continue
		}
		l, words, t := list[i].Trim()
		if i == 0 {
			lead, l = l, ""
		}
		if end == len(list) {
			tail, t = t, ""
		}
		b.in = append(b.in, piece{words: l + words + t})
		i = end
	}
	return lead, b, tail
}

// outerWho gives the sides of the bracket that the segments make.
func outerWho(list []text.Segment) []string {
	for _, s := range list {
		if s.Depth == 1 {
			return s.Who
		}
	}
	return list[0].Who
}

// competing gives inner segments as alternatives of a place of their own.
func competing(list []text.Segment) []text.Segment {
	out := make([]text.Segment, len(list))
	for n, s := range list {
		s.Alt, s.Depth = n+1, 1
		out[n] = s
	}
	return out
}

// firstWord parts the first word of a bracket from the rest, so that bracket,
// badge and first word can be kept together at the end of a line. A bracket
// that begins with another bracket has no first word of its own.
func firstWord(in []piece) (word string, rest []piece) {
	if len(in) == 0 || in[0].who != nil {
		return "", in
	}
	words := in[0].words
	cut := strings.IndexFunc(words, unicode.IsSpace)
	if cut < 0 {
		return words, in[1:]
	}
	rest = append([]piece{{words: words[cut:]}}, in[1:]...)
	return words[:cut], rest
}

// maxKept is the longest first word kept beside its badge, in characters: a
// longer one would push the line beyond a narrow screen.
const maxKept = 16

// kept says whether a first word is short enough to be kept beside its badge.
func kept(word string) bool { return utf8.RuneCountInString(word) <= maxKept }

// spokenParties names the parties of a bracket for a screen reader.
func spokenParties(p *locale.Printer, who []Party) string {
	names := make([]string, len(who))
	for i, w := range who {
		names[i] = w.spoken()
	}
	return p.F("bracket.start", locale.Args{"Party": strings.Join(names, ", ")})
}
