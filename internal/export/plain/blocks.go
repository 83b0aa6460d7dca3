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
	option  string       // its label
	word    string       // the word for option
	bare    bool         // an option whose paragraphs follow
	end     *text.Number // of an option the number of its last paragraph, where it says so
	seen    *text.Number // the number of the last paragraph so far that stands under it
	words   string
	more    []string // the lines after the first, and what stands before each
	marks   [2]int32 // its brackets, in reader.marks
	kids    []*block
}

// blocks makes blocks of the lines.
func (r *reader) blocks() []*block {
	out := make([]*block, 0, len(r.lines)/2)
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
			last = r.keep(block{line: int(l.number), heading: level, words: l.words, marks: l.marks})
			out = append(out, last)
		default:
			out, last = r.paragraph(out, last, l, broken || last == nil || last.heading > 0, hard)
		}
		hard, broken = l.hard, false
	}
	return whole(out)
}

// keep puts a block into the reader's store.
func (r *reader) keep(b block) *block {
	const chunk = 128
	if len(r.store) == cap(r.store) {
		r.store = make([]block, 0, chunk)
	}
	r.store = append(r.store, b)
	return &r.store[len(r.store)-1]
}

// paragraph adds a line to the block before it, or begins one or more new ones.
func (r *reader) paragraph(out []*block, last *block, l *line, broken, hard bool) ([]*block, *block) {
	words, indent := l.words, int(l.indent)
	if rest, ok := strings.CutPrefix(words, "- "); ok {
		words, broken = strings.TrimLeft(rest, " "), true
	}
	broken = broken || r.draft.Form == Layout && last.words != "" && last.words[0] == '{' && strings.HasSuffix(last.lastWords(), "}")
	b := block{line: int(l.number), indent: indent, content: indent, words: words, marks: l.marks}
	numbered := r.takeNumber(&b, last, broken)
	// What follows a number on its line stands under it: an item, an option.
	under := func() {
		first := b
		first.words, first.marks[1] = "", first.marks[0]
		out = append(out, r.keep(first))
		b = block{line: first.line, indent: first.content, content: first.content, words: b.words, marks: l.marks}
	}
	if numbered {
		if n, size := text.ParseNumber(b.words); size > 0 && n.Item {
			under()
			r.takeNumber(&b, nil, true)
		}
	}
	if word, label, rest, ok := optionHead(b.words); ok {
		if numbered {
			under()
		}
		b.word, b.option, b.words = word, label, rest
		b.bare = rest == "" || onlyAside(rest) || rest[len(rest)-1] == ':'
		if onlyAside(rest) {
			b.end = lastNumber(rest)
		}
	} else if !numbered && !broken && (r.draft.Form != Layout || !r.outdented(last, &b)) {
		last.join(l, hard)
		return out, last
	}
	kept := r.keep(b)
	return append(out, kept), kept
}

// outdented reports whether a line begins a paragraph by where it begins.
func (r *reader) outdented(last, b *block) bool {
	return b.indent < last.content-2 || b.words[0] == '{' && b.indent == 0 || last.words != "" && last.words[0] == '{' && last.indent == 0
}

// join appends a line to b.
func (b *block) join(l *line, hard bool) {
	b.marks[1] = l.marks[1]
	last := b.lastWords()
	between := " "
	switch n := len(last); {
	case n == 0:
		b.words = l.words
		return
	case hard:
		between = "\n"
	case n > 1 && last[n-1] == '-' && last[n-2] != ' ' || strings.HasSuffix(last, "–"):
		between = ""
	}
	b.more = append(b.more, between, l.words)
}

// lastWords returns the words of the last line of b.
func (b *block) lastWords() string {
	if n := len(b.more); n > 0 {
		return b.more[n-1]
	}
	return b.words
}

// whole puts the lines of each block together.
func whole(list []*block) []*block {
	for _, b := range list {
		if len(b.more) > 0 {
			var all strings.Builder
			size := len(b.words)
			for _, s := range b.more {
				size += len(s)
			}
			all.Grow(size)
			all.WriteString(b.words)
			for _, s := range b.more {
				all.WriteString(s)
			}
			b.words = all.String()
			b.more = nil
		}
	}
	return list
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

// optionWords are the words for option.
var optionWords = text.OptionWords()

// optionHead reads "Option 1:", "Option (a).", "OPTION II", "Option1:", "Option 1
// (paragraphs 6 to 9):" at the start of s, and the same in other languages. It
// returns the word for option, the label and what follows.
func optionHead(s string) (word, label, rest string, ok bool) {
	if c := s[min(1, len(s)):]; c == "" || s[0]|0x20 != 'o' && s[0] < 0x80 {
		return "", "", "", false
	}
	for _, w := range optionWords {
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
func lastNumber(s string) *text.Number {
	s = strings.TrimRight(s, " :;)")
	from := strings.LastIndexAny(s, " -–—(") + 1
	for from < len(s) && !isDigit(s[from]) {
		from++
	}
	if n, size := text.ParseNumber(s[from:] + "."); size > 0 {
		return &n
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// headingLevel returns the level of a heading; 0 if l is none.
func (r *reader) headingLevel(l *line, alone bool, last *block) int {
	if l.title > 0 {
		return int(l.title)
	}
	if articleHead(l.words) && alone {
		return 2
	}
	const least, middle, slack = 20, 60, 8 // columns
	if r.draft.Form != Layout || int(l.indent) < least || !alone && (last == nil || last.heading == 0) {
		return 0
	}
	if at := int(l.indent) + len(l.words)/2; at < middle-slack || at > middle+slack {
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
