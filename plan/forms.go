package plan

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A sought is a word of a query, and what else of the same word is found by it: one and many in
// English; what Hebrew and Arabic write on to the front of a word, such as “the”, “and” and “in”.
// It is no grammar: a few endings and letters, so that a search finds too much rather than nothing.
type sought struct {
	word   string
	equal  []string // found where they stand alone
	fronts []string // the word with something in front
}

// fewestLetters is how many letters of a word must be left when something is taken off it.
const fewestLetters = 3

// What stands in front of a folded word.
var (
	hebrewFronts = []string{"ה", "ו", "ב", "ל", "מ", "כ", "ש", "וה", "וב", "ול", "ומ", "וש", "שה", "מה"}
	arabicFronts = []string{"ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال", "كال"}
)

// seek finds the forms of a folded word.
func seek(word string) sought {
	s := sought{word: word}
	fronts := frontsOf(word)
	if fronts == nil {
		s.equal = english(word)
		return s
	}
	letters := utf8.RuneCountInString(word)
	for _, f := range fronts {
		if letters >= fewestLetters-1 {
			s.fronts = append(s.fronts, f+word)
		}
		if rest, ok := strings.CutPrefix(word, f); ok && utf8.RuneCountInString(rest) >= fewestLetters {
			s.equal = append(s.equal, rest)
		}
	}
	return s
}

// frontsOf lists what can stand in front of a word of its script.
func frontsOf(word string) []string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.Is(unicode.Hebrew, first):
		return hebrewFronts
	case unicode.Is(unicode.Arabic, first):
		return arabicFronts
	}
	return nil
}

// english lists the one of the many, and the many of the one.
func english(w string) []string {
	if len(w) < fewestLetters || !plainWord(w) || w[len(w)-1] <= '9' {
		return nil
	}
	out := []string{w + "s"}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > fewestLetters+1:
		out = append(out, w[:len(w)-3]+"y")
	case hissing(strings.TrimSuffix(w, "es")) && strings.HasSuffix(w, "es"):
		out = append(out, w[:len(w)-2])
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && len(w) > fewestLetters:
		out = append(out, w[:len(w)-1])
	case strings.HasSuffix(w, "y"):
		out = append(out, w[:len(w)-1]+"ies")
	}
	if hissing(w) {
		out = append(out, w+"es")
	}
	return out
}

// hissing reports whether a word takes “es” for many.
func hissing(w string) bool {
	for _, end := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(w, end) && len(w) >= fewestLetters {
			return true
		}
	}
	return false
}

// is reports whether a folded word is one that is sought; the last of a query by its beginning.
func (s *sought) is(word string, last bool) bool {
	if word == s.word || last && strings.HasPrefix(word, s.word) {
		return true
	}
	for _, f := range s.equal {
		if word == f {
			return true
		}
	}
	for _, f := range s.fronts {
		if word == f || last && strings.HasPrefix(word, f) {
			return true
		}
	}
	return false
}
