package plan

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/english"
)

// Forms of a word are found by its stem: what is left when endings are taken off. For English and
// Arabic the stems are the Snowball project's (https://snowballstem.org); for Hebrew a few endings
// and letters are taken off here. A word of another language in Latin letters is taken off at the
// same place wherever it stands, which is all that a search needs. It is no grammar: a search finds
// too much rather than nothing.
//
// What Hebrew writes on to the front of a word, such as “the”, “and” and “in”, may as well be the
// word's own first letter; so a word has a stem as it stands, and others as if something stood in
// front of it. Two words are alike if one as it stands is like the other.
type forms struct {
	stem   string   // as it stands
	behind []string // of what is behind a front
}

// Letters that must be left of a word.
const (
	fewestStem   = 3 // when an ending is taken off, or a front off a word of a query
	fewestBehind = 2 // behind a front, and before the plural of a short Hebrew word
	longestStem  = 40
)

// What stands in front of a folded word.
var (
	hebrewFronts = []string{"ה", "ו", "ב", "ל", "מ", "כ", "ש", "וה", "וב", "ול", "ומ", "וכ", "וש", "שה", "מה", "שב", "של", "כש", "ושה", "ומה"}
	arabicFronts = []string{"ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال", "كال", "ولل"}
)

// frontsOf lists what can stand in front of a word of its script.
func frontsOf(word string) []string {
	switch scriptOf(word) {
	case unicode.Hebrew:
		return hebrewFronts
	case unicode.Arabic:
		return arabicFronts
	}
	return nil
}

// scriptOf is Hebrew, Arabic or Latin, by the first letter; nil for another.
func scriptOf(word string) *unicode.RangeTable {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case first < utf8.RuneSelf && (first < '0' || first > '9'):
		return unicode.Latin
	case unicode.Is(unicode.Hebrew, first):
		return unicode.Hebrew
	case unicode.Is(unicode.Arabic, first):
		return unicode.Arabic
	}
	return nil
}

// A stemmer finds the forms of folded words. It is for one goroutine at a time.
type stemmer struct{ env *snowballstem.Env }

// of finds the forms of a folded word; fewest is how many letters must be left behind a front.
func (m *stemmer) of(word string, fewest int) (f forms) {
	f.stem = m.stem(word)
	for _, front := range frontsOf(word) {
		if rest, ok := strings.CutPrefix(word, front); ok && utf8.RuneCountInString(rest) >= fewest {
			f.behind = append(f.behind, m.stem(rest))
		}
	}
	return f
}

func (m *stemmer) stem(word string) string {
	if len(word) > longestStem {
		return word
	}
	if m.env == nil {
		m.env = snowballstem.NewEnv("")
	}
	switch scriptOf(word) {
	case unicode.Latin:
		if len(word) < fewestStem || !plainWord(word) || word[len(word)-1] <= '9' {
			return word
		}
		m.env.SetCurrent(word)
		english.Stem(m.env)
		return m.env.Current()
	case unicode.Arabic:
		m.env.SetCurrent(word)
		arabic.Stem(m.env)
		return m.env.Current()
	case unicode.Hebrew:
		return hebrewStem(word)
	}
	return word
}

// hebrewStem takes the endings of number, gender and belonging off a folded word.
func hebrewStem(word string) string {
	for _, end := range []string{"ימ", "ות", "ה", "ת"} {
		fewest := fewestStem
		if len(end) > len("ה") {
			fewest = fewestBehind
		}
		if rest, ok := strings.CutSuffix(word, end); ok && utf8.RuneCountInString(rest) >= fewest {
			word = rest
			break
		}
	}
	if rest, ok := strings.CutSuffix(word, "י"); ok && utf8.RuneCountInString(rest) >= fewestStem {
		word = rest
	}
	return word
}

// A sought is a word of a query.
type sought struct {
	word  string
	exact bool            // of a phrase: as it stands, but for what is written on to its front
	found map[string]bool // the words that it finds, but those that only begin like it
}

// is reports whether a folded word is one that is sought; the last of a query by its beginning.
func (s *sought) is(word string, last bool) bool {
	if word == s.word || s.found[word] {
		return true
	}
	if !last || s.exact {
		return false
	}
	if strings.HasPrefix(word, s.word) {
		return true
	}
	for _, f := range frontsOf(s.word) {
		if rest, ok := strings.CutPrefix(word, f); ok && strings.HasPrefix(rest, s.word) {
			return true
		}
	}
	return false
}
