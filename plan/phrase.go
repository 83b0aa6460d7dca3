package plan

import (
	"slices"
	"strings"

	"entente/text"
)

// Bounds of a query with phrases.
const (
	maxPhraseWords = 40  // of a phrase that are compared
	maxPhraseLooks = 400 // elements with all the words that are looked at for whether these stand side by side
)

// A query is what is looked for: words, and phrases whose words stand side by side.
type query struct {
	words   []sought
	phrases [][]string // folded words
	open    bool       // it ends with a word that may go on
}

// parseQuery reads a query. What stands in quotation marks is a phrase; a mark within a word, as in
// a Hebrew abbreviation, is none.
func parseQuery(q string) (out query) {
	folded := text.Fold(q)
	for folded != "" {
		before, phrase, after, ok := cutPhrase(folded)
		out.add(split(before), false)
		if !ok {
			out.open = len(split(before)) > 0
			return out
		}
		words := split(phrase)
		out.add(words, true)
		if len(words) > 1 {
			out.phrases = append(out.phrases, words[:min(len(words), maxPhraseWords)])
		}
		folded = after
	}
	return out
}

func (q *query) add(words []string, exact bool) {
	for _, w := range words {
		if len(q.words) < MaxQueryWords {
			q.words = append(q.words, sought{word: w, exact: exact})
		}
	}
}

// cutPhrase finds the first phrase in folded text: from a quotation mark that begins a word to one
// that ends one, or to the end.
func cutPhrase(s string) (before, phrase, after string, ok bool) {
	space := func(i int) bool { return i < 0 || i >= len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '\t' }
	from := -1
	for i := range len(s) {
		switch {
		case s[i] != '"':
		case from < 0 && space(i-1):
			from = i
		case from >= 0 && space(i+1):
			return s[:from], s[from+1 : i], s[i+1:], true
		}
	}
	if from < 0 {
		return s, "", "", false
	}
	return s[:from], s[from+1:], "", true
}

// sideBySide finds where the words of a phrase stand one after the other; -1 where they do not.
func sideBySide(words, phrase []string) int {
	for i := 0; i+len(phrase) <= len(words); i++ {
		if as(words[i], phrase[0]) && slices.EqualFunc(words[i+1:i+len(phrase)], phrase[1:], as) {
			return i
		}
	}
	return -1
}

// as reports whether a word is one of a phrase, with or without something written on to its front.
func as(word, of string) bool {
	if word == of {
		return true
	}
	rest, ok := strings.CutSuffix(word, of)
	return ok && slices.Contains(frontsOf(word), rest)
}

// says reports whether an element has every phrase of a query, each in one text.
func (s *State) says(e *Element, phrases [][]string) bool {
	missing := slices.Clone(phrases)
	s.eachText(e, func(_ string, _ bool, t text.Texts) bool {
		for _, v := range t {
			words := split(text.Fold(v.Text))
			missing = slices.DeleteFunc(missing, func(p []string) bool { return sideBySide(words, p) >= 0 })
		}
		return len(missing) > 0
	})
	return len(missing) == 0
}

// phraseIn finds the token of a text at which a phrase begins; -1 where it is not in it.
func phraseIn(tokens []text.Token, phrase []string) int {
	var words []string
	var at []int
	for i, k := range tokens {
		for _, w := range split(text.Fold(k.Text)) {
			words, at = append(words, w), append(at, i)
		}
	}
	if i := sideBySide(words, phrase); i >= 0 {
		return at[i]
	}
	return -1
}
