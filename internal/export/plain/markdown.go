package plain

import (
	"slices"
	"strings"
)

// markdown cuts a source in Markdown into lines.
func (r *reader) markdown() {
	at, number := r.frontMatter()
	r.findLinks(at)
	for at < len(r.src) {
		number++
		end, after := r.next(at)
		s := r.src[at:end]
		switch {
		case s == "":
			r.lines = append(r.lines, line{number: int32(number)})
		case r.special(s, at, end, number):
		case strings.HasPrefix(s, "[^") && strings.Contains(s, "]:"):
			var extra int
			after, extra = r.footnote(after)
			r.skip(at, after, number, Footnote)
			number += extra
		case s[0] == '#':
			r.heading(at, end, number, true)
		default:
			r.add(at, end, number, true)
		}
		at = after
	}
}

// frontMatter skips what stands between two lines of dashes at the start, and
// returns where the text begins and how many lines there were before.
func (r *reader) frontMatter() (at, number int) {
	const rule = "---\n"
	if !strings.HasPrefix(r.src, rule) {
		return 0, 0
	}
	n := strings.Index(r.src[len(rule):], "\n"+rule)
	if n < 0 {
		return 0, 0
	}
	head := r.src[len(rule) : len(rule)+n]
	for _, s := range strings.Split(head, "\n") {
		if t, ok := strings.CutPrefix(s, "title:"); ok {
			r.draft.Title = strings.Trim(strings.TrimSpace(t), `"'`)
		}
	}
	at = len(rule) + n + 1 + len(rule)
	r.skip(0, at, 1, FrontMatter)
	return at, strings.Count(r.src[:at], "\n")
}

// findLinks notes the names of the link targets, and where links may be.
func (r *reader) findLinks(at int) {
	for i := after(r.src, at, ']'); i+2 < len(r.src); i = after(r.src, i+1, ']') {
		switch r.src[i+1] {
		case '(':
			r.linkAt = append(r.linkAt, i)
		case ':':
			name, ok := linkName(r.src[r.lineStart(i):])
			if ok && len(r.links) < maxLinkTargets && !slices.Contains(r.links, name) {
				r.links = append(r.links, name)
			}
		}
	}
	for _, name := range r.links {
		sign := "][" + name + "]"
		for i := at; ; i++ {
			n := strings.Index(r.src[i:], sign)
			if n < 0 {
				break
			}
			i += n
			r.linkAt = append(r.linkAt, i)
		}
	}
	slices.Sort(r.linkAt)
}

// maxLinkTargets is how many link targets are looked for; there are hardly any in
// a negotiating text. The words of other links stay in their brackets.
const maxLinkTargets = 16

// lineStart returns where the line of byte i begins, or a place near enough before
// it that no name of a link is longer.
func (r *reader) lineStart(i int) int {
	from := max(0, i-maxLink)
	return from + strings.LastIndexByte(r.src[from:i], '\n') + 1
}

// linkName returns the name of the link target that s begins with.
func linkName(s string) (string, bool) {
	if !strings.HasPrefix(s, "[") || strings.HasPrefix(s, "[^") {
		return "", false
	}
	n := strings.Index(s, "]: ")
	if n < 0 || strings.ContainsAny(s[1:n], "[]\n") {
		return "", false
	}
	rest := s[n+3:]
	return s[1:n], strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://") || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "<")
}

// special skips lines that are for the program that shows the Markdown.
func (r *reader) special(s string, at, end, number int) bool {
	what := SkipKind(0)
	switch s[0] {
	case '{':
		if strings.HasPrefix(s, "{:") && strings.HasSuffix(s, "}") {
			what = Contents
		}
	case '*':
		if strings.TrimSpace(s) == "* TOC" {
			what = Contents
		}
	case '<':
		if strings.HasPrefix(s, "<!--") && strings.HasSuffix(s, "-->") {
			what = HTML
		}
	case '[':
		if _, ok := linkName(s); ok {
			what = LinkTarget
		}
	}
	if what == 0 {
		return false
	}
	r.skip(at, end, number, what)
	r.lines = append(r.lines, line{number: int32(number)})
	return true
}

// footnote returns where a footnote ends whose first line ends before at: its
// further lines are indented.
func (r *reader) footnote(at int) (after, lines int) {
	for at < len(r.src) {
		end, next := r.next(at)
		if columns, n := indentOf(r.src[at:end]); columns < 2 || n == end-at {
			break
		}
		at = next
		lines++
	}
	return at, lines
}

// heading adds a line that begins with #.
func (r *reader) heading(at, end, number int, markdown bool) {
	level := 0
	for at+level < end && r.src[at+level] == '#' {
		level++
	}
	r.skip(at, at+level, number, ListMark)
	r.add(at+level, end, number, markdown)
	r.lines[len(r.lines)-1].title = int32(level)
	r.lines[len(r.lines)-1].indent = 0
}

// clean returns src[from:end] without the signs of Markdown, and whether the
// line is broken on purpose.
func (r *reader) clean(from, end, number int) (string, bool) {
	s := r.src[from:end]
	n := nextSign(s, 0)
	if n == len(s) {
		return s, false
	}
	var b strings.Builder
	done, hard, links := 0, false, r.hasLinks(from, end)
	cut := func(i, to int, what SkipKind) {
		if done == 0 {
			b.Grow(len(s))
		}
		b.WriteString(s[done:i])
		r.skip(from+i, from+to, number, what)
		done = to
	}
	for i := n; i < len(s); i = nextSign(s, i) {
		size := 1
		switch c := s[i]; c {
		case '[', ']':
			if to, what := r.notBracket(s, i, links); to > i {
				cut(i, to, what)
				size = to - i
			} else {
				r.marks = append(r.marks, bracketMark{at: int32(from + i), line: int32(number), mate: -1, c: c})
			}
		case '*':
			if !alone(s, i) {
				cut(i, i+1, Emphasis)
			}
		case '~':
			if strings.HasPrefix(s[i:], "~~") {
				cut(i, i+2, Emphasis)
				size = 2
			}
		case '<':
			if to := tagEnd(s, i); to > i {
				cut(i, to, HTML)
				size = to - i
			}
		case '\\':
			size = 2
			switch {
			case i+1 == len(s):
				cut(i, i+1, Emphasis)
				hard = true
			case strings.IndexByte("[]\\", s[i+1]) >= 0: // the plain form has it too
			case strings.IndexByte(" *_^~<>#`|.-+!(){}\"'", s[i+1]) >= 0:
				cut(i, i+1, Emphasis)
			}
		}
		i += size
	}
	if done == 0 {
		return s, hard
	}
	b.WriteString(s[min(done, len(s)):])
	return strings.TrimSpace(b.String()), hard
}

// isSign says which characters clean looks at.
var isSign = [256]bool{'[': true, ']': true, '*': true, '\\': true, '<': true, '~': true}

// nextSign returns where the next sign of s stands from byte i on.
func nextSign(s string, i int) int {
	for ; i < len(s); i++ {
		if isSign[s[i]] {
			return i
		}
	}
	return len(s)
}

// alone reports whether the star at byte i of s stands between spaces.
func alone(s string, i int) bool {
	return i > 0 && s[i-1] == ' ' && i+1 < len(s) && s[i+1] == ' '
}

// tagEnd returns where the HTML tag at byte i of s ends, or i.
func tagEnd(s string, i int) int {
	if i+1 == len(s) || s[i+1] != '/' && (s[i+1]|0x20 < 'a' || s[i+1]|0x20 > 'z') && s[i+1] != '!' {
		return i
	}
	if n := strings.IndexByte(s[i:min(len(s), i+maxTag)], '>'); n > 0 {
		return i + n + 1
	}
	return i
}

// notBracket returns where what begins at the bracket at byte i of s ends, if it
// is a sign of Markdown: a footnote mark, or a part of a link.
func (r *reader) notBracket(s string, i int, links bool) (int, SkipKind) {
	if s[i] == '[' {
		if strings.HasPrefix(s[i:], "[^") {
			mark := s[i:min(len(s), i+maxLink)]
			if n := strings.IndexByte(mark, ']'); n > 2 && strings.IndexByte(mark[:n], ' ') < 0 {
				return i + n + 1, FootnoteMark
			}
		}
		if links && r.linkEnd(s, i) > 0 {
			return i + 1, Link
		}
		return i, 0
	}
	if links {
		if end := r.targetEnd(s, i); end > i+1 {
			return end, Link
		}
	}
	return i, 0
}

// hasLinks reports whether src[from:end] may hold links. It is asked for lines in
// their order.
func (r *reader) hasLinks(from, end int) bool {
	for len(r.linkAt) > 0 && r.linkAt[0] < from {
		r.linkAt = r.linkAt[1:]
	}
	return len(r.linkAt) > 0 && r.linkAt[0] < end
}

// linkEnd returns where the words of the link at byte i of s end, or 0.
func (r *reader) linkEnd(s string, i int) int {
	depth := 0
	for k := i; k < len(s); k++ {
		switch s[k] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				if r.targetEnd(s, k) > k+1 {
					return k
				}
				return 0
			}
		}
		if k-i > maxLink {
			return 0
		}
	}
	return 0
}

// The greatest lengths, in bytes, of the words of a link or a footnote's mark, and
// of an address or a tag. What is longer is no sign of Markdown.
const (
	maxLink = 200
	maxTag  = 2000
)

// targetEnd returns where the target of a link ends whose words end with the
// bracket at byte i of s: "](address)" or "][name]"; i+1 if there is none.
func (r *reader) targetEnd(s string, i int) int {
	rest := s[i+1:]
	switch {
	case strings.HasPrefix(rest, "(http"), strings.HasPrefix(rest, "(/"), strings.HasPrefix(rest, "(#"):
		if n := strings.IndexByte(rest[:min(len(rest), maxTag)], ')'); n > 0 {
			return i + 1 + n + 1
		}
	case strings.HasPrefix(rest, "["):
		if n := strings.IndexByte(rest[:min(len(rest), maxLink)], ']'); n > 0 && slices.Contains(r.links, rest[1:n]) {
			return i + 1 + n + 1
		}
	}
	return i + 1
}
