package plain

import (
	"strings"

	"entente/text"
)

// A block is a heading, a numbered paragraph, an option or a plain paragraph:
// what one element, or a part of one, is made of.
type block struct {
	line    int
	indent  int // columns before it
	content int // columns before its words
	heading int // level of a heading, from 1; 0: none
	number  string
	num     text.Number
	option  string      // its label
	word    string      // the word for option
	bare    bool        // an option whose paragraphs follow
	end     text.Number // of an option the number of its last paragraph, where it says so
	seen    text.Number // the number of the last paragraph so far that stands under it
	words   string
	marks   [2]int // its brackets, in reader.marks
	kids    []*block
}

// blocks makes blocks of the lines.
func (r *reader) blocks() []*block {
	var out []*block
	var last *block
	hard, broken := false, true
	for i := range r.lines {
		l := &r.lines[i]
		if l.words == "" {
			broken = true
			continue
		}
		level := r.headingLevel(l, broken || l.top, last)
		switch {
		case level > 0 && last != nil && last.heading == level && !broken && !l.top:
			last.join(l, hard)
		case level > 0:
			last = &block{line: l.number, heading: level, words: l.words, marks: l.marks}
			out = append(out, last)
		default:
			out, last = r.paragraph(out, last, l, broken || last == nil || last.heading > 0, hard)
		}
		hard, broken = l.hard, false
	}
	return out
}

// paragraph adds a line to the block before it, or begins one or two new ones.
func (r *reader) paragraph(out []*block, last *block, l *line, broken, hard bool) ([]*block, *block) {
	words, indent := l.words, l.indent
	if rest, ok := strings.CutPrefix(words, "- "); ok {
		words, broken = strings.TrimLeft(rest, " "), true
	}
	b := &block{line: l.number, indent: indent, content: indent, words: words, marks: l.marks}
	broken = broken || r.draft.Form == Layout && last.words != "" && last.words[0] == '{' && strings.HasSuffix(last.words, "}")
	numbered := r.takeNumber(b, last, broken)
	if n, size := text.ParseNumber(b.words); numbered && size > 0 && n.Item {
		first := *b
		first.words = ""
		first.marks[1] = first.marks[0]
		out = append(out, &first)
		b = &block{line: l.number, indent: first.content, content: first.content, words: b.words, marks: l.marks}
		r.takeNumber(b, nil, true)
	}
	if word, label, rest, ok := optionHead(b.words); ok {
		if numbered {
			first := *b
			first.words = ""
			first.marks = [2]int{l.marks[0], l.marks[0]}
			out = append(out, &first)
			b = &block{line: l.number, indent: first.content, content: first.content, marks: l.marks}
		}
		b.word, b.option, b.words = word, label, rest
		b.bare = rest == "" || onlyAside(rest) || rest[len(rest)-1] == ':'
		if onlyAside(rest) {
			b.end = lastNumber(rest)
		}
		return append(out, b), b
	}
	if numbered || broken || r.draft.Form == Layout && r.outdented(last, b) {
		return append(out, b), b
	}
	last.join(l, hard)
	return out, last
}

// outdented reports whether a line begins a paragraph by where it begins.
func (r *reader) outdented(last, b *block) bool {
	return b.indent < last.content-2 || b.words[0] == '{' && b.indent == 0 || last.words != "" && last.words[0] == '{' && last.indent == 0
}

// join appends a line to b.
func (b *block) join(l *line, hard bool) {
	b.marks[1] = l.marks[1]
	switch n := len(b.words); {
	case n == 0:
		b.words = l.words
	case hard:
		b.words += "\n" + l.words
	case n > 1 && b.words[n-1] == '-' && b.words[n-2] != ' ' || strings.HasSuffix(b.words, "–"):
		b.words += l.words
	default:
		b.words += " " + l.words
	}
}

// takeNumber takes the number off the start of the words of b.
func (r *reader) takeNumber(b, last *block, broken bool) bool {
	n, size := text.ParseNumber(b.words)
	if size == 0 {
		n, size = looseNumber(b.words)
	}
	if size == 0 {
		return false
	}
	rest := strings.TrimLeft(b.words[size:], " ")
	gap := len(b.words) - size - len(rest)
	if r.draft.Form == Layout && !broken && last != nil && gap < 2 && b.indent >= last.content && last.heading == 0 && !last.bare {
		return false // the words of a line that is broken there
	}
	b.number, b.num = b.words[:size], n
	b.words = rest
	b.content = b.indent + size + gap
	return true
}

// looseNumber reads numbers that only the look of a draft tells: "3.3 In", "Pp12".
func looseNumber(s string) (text.Number, int) {
	if rest, ok := strings.CutPrefix(s, "Pp"); ok {
		if n := digits(rest); n > 0 && n == len(rest) {
			return text.Number{Base: s}, len(s)
		}
	}
	n := digits(s)
	if n == 0 || n > 3 || n+1 >= len(s) || s[n] != '.' {
		return text.Number{}, 0
	}
	m := digits(s[n+1:])
	size := n + 1 + m
	if m == 0 || m > 3 || size+1 >= len(s) || s[size] != ' ' || s[size+1] != '[' && (s[size+1] < 'A' || s[size+1] > 'Z') {
		return text.Number{}, 0
	}
	return text.Number{Base: s[:size]}, size
}

// optionHead reads "Option 1:", "Option (a).", "OPTION II", "Option1:", "Option 1
// (paragraphs 6 to 9):" at the start of s, and the same in other languages. It
// returns the word for option, the label and what follows.
func optionHead(s string) (word, label, rest string, ok bool) {
	for _, w := range text.OptionWords() {
		if len(s) > len(w) && strings.EqualFold(s[:len(w)], w) {
			word = w
			break
		}
	}
	if word == "" {
		return "", "", "", false
	}
	i := len(word)
	for i < len(s) && s[i] == ' ' {
		i++
	}
	from := i
	for i < len(s) && (isAlnum(s[i]) || s[i] == '(' && (i == from || s[i-1] == ')') || s[i] == ')' && i > from && s[from] == '(') {
		i++
	}
	label = s[from:i]
	if !optionLabel(label) || from == len(word) && !isDigit(s[from]) {
		return "", "", "", false
	}
	rest = strings.TrimLeft(s[i:], " ")
	switch {
	case rest == "":
	case rest[0] == ':' || rest[0] == '.':
		rest = strings.TrimLeft(rest[1:], " ")
	case rest[0] == '[' || rest[0] == '(' && i < len(s) && s[i] == ' ':
	default:
		return "", "", "", false
	}
	return word, label, rest, true
}

// optionLabel reports whether s counts options: a number, a Roman number or a
// letter, in parentheses or not.
func optionLabel(s string) bool {
	if first, second, ok := strings.Cut(s, ")("); ok {
		return optionLabel(first+")") && optionLabel("("+second)
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	if s == "" || len(s) > 6 {
		return false
	}
	if n := digits(s); n > 0 {
		return n == len(s) || len(s)-n == 1
	}
	return len(s) == 1 || strings.Trim(s, "IVXL") == "" || strings.Trim(s, "ivxl") == ""
}

// onlyAside reports whether s is nothing but a remark in parentheses about what
// the option is made of: "(paragraphs 6 to 9):".
func onlyAside(s string) bool {
	s = strings.TrimRight(s, " :;")
	return strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.IndexByte(s, ')') == len(s)-1
}

// lastNumber returns the last number in a remark: 7bis of "(paragraphs 7 and
// 7bis)".
func lastNumber(s string) text.Number {
	s = strings.TrimRight(s, " :;)")
	from := strings.LastIndexAny(s, " -–—(") + 1
	for from < len(s) && !isDigit(s[from]) {
		from++
	}
	n, _ := text.ParseNumber(s[from:] + ".")
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// headingLevel returns the level of a heading; 0 if l is none.
func (r *reader) headingLevel(l *line, alone bool, last *block) int {
	if l.title > 0 {
		return l.title
	}
	if articleHead(l.words) && alone {
		return 2
	}
	const least, middle, slack = 20, 60, 8 // columns
	if r.draft.Form != Layout || l.indent < least || !alone && (last == nil || last.heading == 0) {
		return 0
	}
	if at := l.indent + len(l.words)/2; at < middle-slack || at > middle+slack {
		return 0
	}
	if !alone {
		return last.heading
	}
	n := strings.IndexByte(l.words, '.')
	switch {
	case articleHead(l.words):
		return 2
	case n > 0 && strings.Trim(l.words[:n], "IVX") == "":
		return 2
	case n == 1, last == nil, last.heading == 1:
		return 1
	}
	return 3
}

// articleHead reports whether s is the heading of an article: "Article 3bis
// (mitigation)", "[Article 4]".
func articleHead(s string) bool {
	const longest = 120
	rest, ok := strings.CutPrefix(strings.TrimLeft(s, "["), "Article ")
	if !ok || len(s) > longest || digits(rest) == 0 {
		return false
	}
	rest = strings.TrimLeft(rest[digits(rest):], " ")
	for len(rest) > 0 && 'a' <= rest[0] && rest[0] <= 'z' {
		rest = rest[1:]
	}
	rest = strings.TrimLeft(rest, "] ")
	return rest == "" || rest[0] == '('
}
