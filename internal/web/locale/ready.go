package locale

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A page may say hundreds of sentences. They are parsed once, at start, into
// stretches and places, so that saying one costs no more than joining them.

// stretch is a piece of a sentence: words, or a place to fill.
type stretch struct{ words, place string }

// sentence is a sentence in each plural form the language gives it.
type sentence struct{ forms [plural.Many + 1][]stretch }

var placeMark = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// ready parses a message. A message with more in it than places is refused:
// the files hold sentences, not programs.
func ready(m *i18n.Message) (sentence, error) {
	var s sentence
	for form, words := range map[plural.Form]string{
		plural.Other: m.Other, plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two, plural.Few: m.Few, plural.Many: m.Many,
	} {
		if words == "" {
			continue
		}
		list, err := stretches(words)
		if err != nil {
			return s, fmt.Errorf("%s: %w", m.ID, err)
		}
		s.forms[form] = list
	}
	return s, nil
}

// stretches parts a sentence at its places.
func stretches(words string) ([]stretch, error) {
	var out []stretch
	at := 0
	for _, m := range placeMark.FindAllStringSubmatchIndex(words, -1) {
		if m[0] > at {
			out = append(out, stretch{words: words[at:m[0]]})
		}
		out = append(out, stretch{place: words[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(words) {
		out = append(out, stretch{words: words[at:]})
	}
	for _, s := range out {
		if strings.Contains(s.words, "{{") || strings.Contains(s.words, "}}") {
			return nil, fmt.Errorf("%q has braces that are no place", words)
		}
	}
	return out, nil
}

// formOf gives the plural form a count asks for in a language.
func formOf(tag language.Tag, n int) plural.Form {
	if n < 0 {
		n = -n
	}
	return plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)
}

// say writes a sentence. Where the language has no such form the last one,
// other, stands in; a place nobody filled is left as it is written, for a test
// to find.
func (s *sentence) say(form plural.Form, n string, args Args) string {
	list := s.forms[form]
	if list == nil {
		list = s.forms[plural.Other]
	}
	if len(list) == 1 && list[0].place == "" {
		return list[0].words
	}
	var b strings.Builder
	for _, part := range list {
		if part.place == "" {
			b.WriteString(part.words)
			continue
		}
		switch v, ok := args[part.place]; {
		case ok:
			if word, plain := v.(string); plain {
				b.WriteString(word)
			} else {
				fmt.Fprint(&b, v)
			}
		case part.place == "N" && n != "":
			b.WriteString(n)
		default:
			b.WriteString("⟦" + part.place + "⟧")
		}
	}
	return b.String()
}
