package text

import "strings"

// FormatBrackets writes segments as plain text, for export, e-mail, the command
// line and copying: "meet [US: within thirty (30) days] [IL: at once].", sides
// that share words as "[US, AU: may]", a bracket within one as
// "[US, IL: The Parties [US: may] [IL: shall] meet.]".
//
// Brackets that stand in the words of the sides are written as they stand, but
// never so that they pass for a computed one: a name in them has a backslash
// before its colon, and a bracket without its other half one before it. White
// space at the ends of a bracket is written outside it, once for all brackets
// of a place. Where white space is all that a bracket holds it is drawn: ␣ for a
// space, ⇥ for a tab, ⏎ for a new line.
//
// A text that nobody disputes and that is in form is written as it is.
func FormatBrackets(segments []Segment) string { return FormatNodes(NodesOf(segments)) }

// longer returns the longer of x and y.
func longer(x, y string) string {
	if len(y) > len(x) {
		return y
	}
	return x
}

// outer returns the sides of the bracket that list makes.
func outer(list []Segment) []string {
	for _, s := range list {
		if s.Depth == 1 {
			return s.Who
		}
	}
	return list[0].Who
}

// inner returns list with each segment as an alternative, and a bracket, of its
// own.
func inner(list []Segment) []Segment {
	out := make([]Segment, len(list))
	for n, s := range list {
		s.Alt, s.Depth = n+1, 1
		out[n] = s
	}
	return out
}

// white is the white space that is moved out of brackets.
const white = " \t\n\u00A0\u202F\u3000"

// Trim cuts the text of s into the words to show within a bracket and the
// white space around them, which belongs outside it. If s is nothing but white
// space, words draws it (␣ ⇥ ⏎) and the other two are empty.
func (s Segment) Trim() (lead, words, tail string) {
	words = strings.TrimLeft(s.Text, white)
	if words == "" {
		return "", drawn(s.Text), ""
	}
	lead = s.Text[:len(s.Text)-len(words)]
	words = strings.TrimRight(words, white)
	return lead, words, s.Text[len(lead)+len(words):]
}

// drawn returns white space as signs that can be seen.
func drawn(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\t':
			return '⇥'
		case '\n':
			return '⏎'
		}
		return '␣'
	}, s)
}

// escapeTo writes words with a backslash before brackets and backslashes.
func escapeTo(b *strings.Builder, words string) {
	for i := range len(words) {
		if c := words[i]; c == '[' || c == ']' || c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(words[i])
	}
}
