package text

import "strings"

// Number is the number of a paragraph: "3", "3bis", "12.4", "(a)", "7alt".
type Number struct {
	Base   string `json:"base"`             // "3", "12.4", "a", without parentheses
	Series string `json:"series,omitempty"` // bis, ter, quater …: put in after the paragraph Base
	Alt    bool   `json:"alt,omitempty"`    // instead of the paragraph Base
	Nth    string `json:"nth,omitempty"`    // which of several alternatives: "2" of "7alt2"
	Item   bool   `json:"item,omitempty"`   // in parentheses or followed by one: a sub-paragraph
}

// series are the Latin numerals of paragraphs put in after another, from two on,
// longest first where one begins with another; a short form stands for the
// same number.
var series = [...]struct {
	word string
	n    int
}{
	{"bis", 2}, {"ter", 3}, {"quater", 4}, {"quat", 4}, {"quinquies", 5}, {"quinqiues", 5}, {"quin", 5},
	{"sexies", 6}, {"septies", 7}, {"octies", 8}, {"novies", 9}, {"nonies", 9}, {"decies", 10},
}

// Place is where the paragraph stands among those of its base: 1 for the base
// itself, 2 for bis, 3 for ter.
func (n Number) Place() int {
	for _, s := range series {
		if s.word == n.Series {
			return s.n
		}
	}
	return 1
}

const (
	maxNumber = 32 // bytes of a paragraph's number as it stands
	maxGroup  = 4  // digits or letters between two points of one
)

// ParseNumber reads the number at the start of s as it stands in a text: "3.",
// "3bis.", "3 ter", "3.3alt:", "(a)", "(b) bis.", "a)". It returns how many bytes
// it takes up, without what follows; 0 if there is none. A bare number without
// a point, a series or parentheses is none.
func ParseNumber(s string) (n Number, size int) {
	i := 0
	open := strings.HasPrefix(s, "(")
	if open {
		i++
	}
	from := i
	for {
		k := groupLen(s[i:], i == from)
		if k == 0 {
			return Number{}, 0
		}
		i += k
		if i+1 < len(s) && s[i] == '.' && groupLen(s[i+1:], false) > 0 && i-from < maxNumber/2 {
			i++
			continue
		}
		break
	}
	n.Base = s[from:i]
	marked := false
	if i < len(s) && s[i] == ')' {
		n.Item, marked = true, true
		i++
	} else if open {
		return Number{}, 0
	}
	if k := n.suffix(s[i:]); k > 0 {
		i += k
		marked = true
	}
	if i < len(s) && (s[i] == '.' || s[i] == ':') {
		i++
		marked = true
	}
	if !marked || i > maxNumber || i < len(s) && s[i] != ' ' && s[i] != '\n' && s[i] != '\t' {
		return Number{}, 0
	}
	if !n.Item && !isDigit(n.Base[0]) {
		return Number{}, 0
	}
	return n, i
}

// groupLen returns the length of a group of digits at the start of s, or, where
// letters may stand, of small letters.
func groupLen(s string, letters bool) int {
	n := 0
	for n < len(s) && n <= maxGroup && isDigit(s[n]) {
		n++
	}
	if n == 0 && letters {
		for n < len(s) && n <= maxGroup && 'a' <= s[n] && s[n] <= 'z' {
			n++
		}
		if !counts(s[:n]) {
			return 0
		}
	}
	if n > maxGroup {
		return 0
	}
	return n
}

// counts reports whether small letters count something: "a", "bb", "iv".
func counts(s string) bool {
	return len(s) == 1 || len(s) == 2 && s[0] == s[1] || strings.Trim(s, "ivxl") == ""
}

// suffix reads "bis", " ter", "alt", "alt2" and returns its length.
func (n *Number) suffix(s string) int {
	i := 0
	if strings.HasPrefix(s, " ") {
		i++
	}
	for _, w := range series {
		if strings.HasPrefix(s[i:], w.word) {
			n.Series = w.word
			i += len(w.word)
			break
		}
	}
	alt := i
	if n.Series != "" && strings.HasPrefix(s[i:], " ") {
		alt++
	}
	if strings.HasPrefix(s[alt:], "alt") {
		n.Alt = true
		i = alt + len("alt")
		from := i
		for i < len(s) && i-from < 2 && isDigit(s[i]) {
			i++
		}
		n.Nth = s[from:i]
	}
	if n.Series == "" && !n.Alt || i < len(s) && ('a' <= s[i] && s[i] <= 'z' || isDigit(s[i])) {
		n.Series, n.Alt, n.Nth = "", false, ""
		return 0
	}
	return i
}

// isDigit reports whether c is one of 0–9.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
