package text

import "strings"

// FormatBrackets writes segments as plain text, for export, e-mail, the command
// line and copying: "meet [US: within thirty (30) days] [IL: at once].", sides
// that share words as "[US, AU: may]", a bracket within one as
// "[US, IL: The Parties [US: may] [IL: shall] meet.]".
//
// A bracket, and a backslash, that stands in the words themselves is written
// with a backslash before it. White space at the ends of a bracket is written
// outside it, once for all brackets of a place. Where white space is all that
// a bracket holds it is drawn: ␣ for a space, ⇥ for a tab, ⏎ for a new line.
func FormatBrackets(segments []Segment) string {
	var b strings.Builder
	for i := 0; i < len(segments); {
		if segments[i].Who == nil {
			escapeTo(&b, segments[i].Text)
			i++
			continue
		}
		end := i
		for end < len(segments) && segments[end].Place == segments[i].Place && segments[end].Who != nil {
			end++
		}
		formatPlace(&b, segments[i:end])
		i = end
	}
	return b.String()
}

// formatPlace writes the brackets of one place.
func formatPlace(b *strings.Builder, segments []Segment) {
	var brackets [][]Segment
	for i, s := range segments {
		if i == 0 || !together(segments[i-1], s) {
			brackets = append(brackets, nil)
		}
		n := len(brackets) - 1
		brackets[n] = append(brackets[n], s)
	}
	lead, tail := "", ""
	written := make([]string, len(brackets))
	for n, list := range brackets {
		l, body, t := formatOne(list)
		written[n] = body
		lead, tail = longer(lead, l), longer(tail, t)
	}
	b.WriteString(lead)
	b.WriteString(strings.Join(written, " "))
	b.WriteString(tail)
}

// longer returns the longer of x and y.
func longer(x, y string) string {
	if len(y) > len(x) {
		return y
	}
	return x
}

// formatOne writes one bracket, and returns the white space to put around it.
func formatOne(list []Segment) (lead, body, tail string) {
	var b strings.Builder
	b.WriteString("[" + strings.Join(outer(list), ", ") + ": ")
	for i := 0; i < len(list); {
		end := i + 1
		for list[i].Depth == 2 && end < len(list) && list[end].Depth == 2 {
			end++
		}
		if list[i].Depth == 2 {
			formatPlace(&b, inner(list[i:end]))
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
		b.WriteString(l)
		escapeTo(&b, words)
		b.WriteString(t)
		i = end
	}
	b.WriteByte(']')
	return lead, b.String(), tail
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

// Trim cuts the text of s into the words to show within a bracket and the
// white space around them, which belongs outside it. If s is nothing but white
// space, words draws it (␣ ⇥ ⏎) and the other two are empty.
func (s Segment) Trim() (lead, words, tail string) {
	const white = " \t\n\u00A0\u202F\u3000"
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
