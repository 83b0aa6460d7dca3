package workload

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"entente/party"
	"entente/text"
)

// A tongue makes texts in one language.
type tongue struct {
	lang                                text.Lang
	nouns, adjectives, verbs, places    []string
	patterns, comments, reports, titles [][]piece
}

// A piece of a pattern: words as they stand, then a slot (0 for none).
type piece struct {
	words string
	slot  byte
}

const titlePatterns = "%a %n and %n\n%n of the %a %n\n%n %n"
const heTitlePatterns = "%n %a\n%n של %n %a\nה%n וה%n"

func english() *tongue {
	return &tongue{"en", strings.Fields(enNouns), strings.Fields(enAdjectives), strings.Fields(enVerbs), strings.Fields(enPlaces),
		cut(enPatterns), cut(enComments), cut(enReports), cut(titlePatterns)}
}

func hebrew() *tongue {
	return &tongue{"he", strings.Fields(heNouns), strings.Fields(heAdjectives), strings.Fields(heVerbs), strings.Fields(hePlaces),
		cut(hePatterns), cut(heComments), cut(heReports), cut(heTitlePatterns)}
}

// cut takes patterns apart, one a line.
func cut(patterns string) [][]piece {
	var out [][]piece
	for line := range strings.SplitSeq(patterns, "\n") {
		var p []piece
		for {
			words, rest, found := strings.Cut(line, "%")
			if !found {
				p = append(p, piece{words, 0})
				break
			}
			p = append(p, piece{words, rest[0]})
			line = rest[1:]
		}
		out = append(out, p)
	}
	return out
}

// A speaker writes sentences by chance.
type speaker struct {
	r     *rand.Rand
	codes []party.Code
	buf   []byte
}

// pick draws a word. Earlier words of a list are drawn more often, as in any language some are.
func (s *speaker) pick(list []string) string {
	n := len(list)
	if s.r.IntN(3) == 0 {
		n = n/8 + 1
	}
	return list[s.r.IntN(n)]
}

// say writes one sentence after a pattern of the list.
func (s *speaker) say(t *tongue, patterns [][]piece) string {
	b := s.buf[:0]
	for _, p := range patterns[s.r.IntN(len(patterns))] {
		b = append(b, p.words...)
		switch p.slot {
		case 'n':
			b = append(b, s.pick(t.nouns)...)
		case 'a':
			b = append(b, s.pick(t.adjectives)...)
		case 'v':
			b = append(b, s.pick(t.verbs)...)
		case 'p':
			b = append(b, s.pick(t.places)...)
		case 'u':
			b = append(b, s.codes[s.r.IntN(len(s.codes))]...)
		case '#':
			b = strconv.AppendInt(b, int64(2+s.r.IntN(1<<(1+s.r.IntN(9)))), 10)
		case 'd':
			b = time.Unix(firstDay+int64(s.r.IntN(900))*86_400, 0).UTC().AppendFormat(b, "2 January 2006")
		}
	}
	s.buf = b
	return string(b)
}

// paragraph writes sentences until there are at least that many bytes.
func (s *speaker) paragraph(t *tongue, least int) []string {
	var out []string
	for n := 0; n < least; {
		line := s.say(t, t.patterns)
		out = append(out, line)
		n += len(line) + 1
	}
	return out
}

// alter changes a paragraph as a reviser does: one word; one sentence; one sentence more or less; or
// the whole of it.
func (s *speaker) alter(t *tongue, old []string) []string {
	out := append([]string(nil), old...)
	at := s.r.IntN(len(out))
	how, length := s.r.IntN(4), len(strings.Join(out, " "))
	switch {
	case how == 0:
		return s.paragraph(t, minText+s.r.IntN(maxText-minText-180))
	case how == 1:
		words := strings.Fields(out[at])
		words[s.r.IntN(len(words)-1)] = s.pick(t.nouns) // never the last, which bears the full stop
		out[at] = strings.Join(words, " ")
	case length > maxText-180 && len(out) > 1:
		out = append(out[:at], out[at+1:]...)
	case length < minText+60:
		out = append(out, s.say(t, t.patterns))
	default:
		out[at] = s.say(t, t.patterns)
	}
	return out
}
