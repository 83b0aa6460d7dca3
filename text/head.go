package text

import (
	"slices"
	"strings"
)

// maxLabel is the length of a party's code in the plain form, in bytes.
const maxLabel = 8

// attribution reads whose a bracket is from the start of what it holds: "US: ",
// "US, AU: ", "IL opposes: ". It returns where the colon and where the words
// begin; ok is false where nobody is named. With escaped it asks instead for a
// colon with a backslash before it, and colon is where the backslash stands.
func attribution(s string, escaped bool) (who []string, verb Verb, colon, words int, ok bool) {
	i := 0
	for {
		n := labelLen(s[i:])
		if n == 0 || len(who) == MaxSides {
			return nil, 0, 0, 0, false
		}
		who = append(who, s[i:i+n])
		if i += n; !strings.HasPrefix(s[i:], ", ") {
			break
		}
		i += 2
	}
	for v := Opposes; v <= Strikes; v++ {
		if said := " " + verbFor(v, len(who)); strings.HasPrefix(s[i:], said) {
			verb = v
			i += len(said)
			break
		}
	}
	end := ": "
	if escaped {
		end = `\: `
	}
	if !strings.HasPrefix(s[i:], end) || repeated(who) {
		return nil, 0, 0, 0, false
	}
	return who, verb, i, i + len(end), true
}

// verbFor returns verb as it is written of n parties.
func verbFor(verb Verb, n int) string {
	if n > 1 {
		return strings.TrimSuffix(verbs[verb], "s")
	}
	return verbs[verb]
}

// labelLen returns the length of the party's code at the start of s, or 0: two
// to eight of A–Z and 0–9, first a letter.
func labelLen(s string) int {
	n := 0
	for n < len(s) && ('A' <= s[n] && s[n] <= 'Z' || n > 0 && '0' <= s[n] && s[n] <= '9') {
		n++
	}
	if n < 2 || n > maxLabel {
		return 0
	}
	return n
}

// repeated reports whether a party is named twice.
func repeated(who []string) bool {
	for i, w := range who {
		for _, o := range who[:i] {
			if o == w {
				return true
			}
		}
	}
	return false
}

// optionWords are the words for option, in the languages in which it is known.
var optionWords = [...]string{"Option", "חלופה", "الخيار"}

// OptionWords returns the words for option: "Option 1:" in the plain form.
func OptionWords() []string { return slices.Clone(optionWords[:]) }

// maxOptionLabel is the length of the number of an option, in bytes.
const maxOptionLabel = 8

// option reads the head of an option at the start of a line, "Option 1:". What
// follows must be a space with words after it, or the end of the line. With
// escaped it asks for a backslash before the colon.
func option(s string, escaped bool) (word, label string, colon int, ok bool) {
	for _, w := range optionWords {
		if strings.HasPrefix(s, w+" ") {
			word = w
			break
		}
	}
	if word == "" {
		return "", "", 0, false
	}
	from := len(word) + 1
	i := from
	for i < len(s) && i-from <= maxOptionLabel && optionLabel(s[i]) {
		i++
	}
	colon = i
	if escaped {
		if i >= len(s) || s[i] != '\\' {
			return "", "", 0, false
		}
		i++
	}
	if colon == from || colon-from > maxOptionLabel || i >= len(s) || s[i] != ':' {
		return "", "", 0, false
	}
	rest := s[i+1:]
	bare := rest == "" || rest[0] == '\n'
	if !bare && (rest[0] != ' ' || len(rest) < 2 || rest[1] == '\n') {
		return "", "", 0, false
	}
	return word, s[from:colon], colon, true
}

// optionLabel reports whether c may stand in the number of an option.
func optionLabel(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '(' || c == ')' || c == '.'
}
