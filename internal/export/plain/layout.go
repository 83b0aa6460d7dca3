package plain

import "strings"

// Bounds of what is seen as the top and the bottom of a page, in lines.
const (
	maxHead = 6
	maxFoot = 40
)

// layout cuts a source in plain text into lines, without the headings and numbers
// of its pages and the footnotes at their ends.
func (r *reader) layout() {
	pages := strings.SplitAfter(r.src, "\f")
	head := sameHead(pages)
	at, number := 0, 1
	for _, page := range pages {
		r.page(at, at+len(page), number, head)
		at += len(page)
		number += strings.Count(page, "\n")
	}
}

// sameHead returns the lines that every page but the first begins with.
func sameHead(pages []string) []string {
	if len(pages) < 3 {
		return nil
	}
	var head []string
	for i, p := range pages[1:] {
		lines := strings.SplitN(strings.TrimPrefix(p, "\f"), "\n", maxHead+1)
		if len(lines) < 2 {
			continue
		}
		lines = lines[:len(lines)-1]
		if i == 0 {
			head = lines
			continue
		}
		n := 0
		for n < len(head) && n < len(lines) && strings.TrimSpace(head[n]) == strings.TrimSpace(lines[n]) {
			n++
		}
		head = head[:n]
	}
	for len(head) > 0 && strings.TrimSpace(head[len(head)-1]) == "" {
		head = head[:len(head)-1]
	}
	return head
}

// A span is a line of a page: where it begins and ends in the source.
type span struct{ from, end, after int }

// page cuts one page.
func (r *reader) page(at, end, number int, head []string) {
	list := make([]span, 0, 80)
	for from := at; from < end; {
		to, after := r.next(from)
		to, after = min(to, end), min(after, end)
		list = append(list, span{from, to, after})
		from = after
	}
	say := func(s span) string { return strings.Trim(r.src[s.from:s.end], " \t\f\r\n") }
	top := 0
	for top < len(head) && top < len(list) && say(list[top]) == strings.TrimSpace(head[top]) {
		r.skip(list[top].from, list[top].after, number+top, PageHeading)
		top++
	}
	bottom := len(list)
	for bottom > top && say(list[bottom-1]) == "" {
		bottom--
	}
	foot := bottom
	if bottom > top && pageNumber(say(list[bottom-1])) {
		foot--
		if note := footStart(list[max(top, foot-maxFoot):foot], say); note >= 0 {
			bottom = max(top, foot-maxFoot) + note
		} else {
			bottom = foot
		}
	}
	for top < bottom && say(list[top]) == "" {
		top++
	}
	begun := len(r.lines)
	for i := top; i < bottom; i++ {
		if headingSigns(r.src[list[i].from:list[i].end]) > 0 {
			r.heading(list[i].from, list[i].end, number+i, false)
		} else {
			r.add(list[i].from, list[i].end, number+i, false)
		}
	}
	if begun < len(r.lines) {
		r.lines[begun].top = true
	}
	if bottom < foot {
		r.skip(list[bottom].from, list[foot-1].after, number+bottom, Footnote)
	}
	if foot < len(list) && pageNumber(say(list[foot])) {
		r.skip(list[foot].from, list[len(list)-1].after, number+foot, PageNumber)
	}
	// A page's end is no end of a paragraph.
	for n := len(r.lines); n > 0 && r.lines[n-1].words == ""; n-- {
		r.lines = r.lines[:n-1]
	}
}

// pageNumber reports whether s is "3 of 54", "3" or "- 3 -".
func pageNumber(s string) bool {
	s = strings.Trim(s, " -–")
	n := digits(s)
	if n == 0 || n > 4 {
		return false
	}
	rest, ok := strings.CutPrefix(s[n:], " of ")
	return s[n:] == "" || ok && rest != "" && digits(rest) == len(rest)
}

// digits counts the digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// footStart returns which of the lines at the end of a page begins its
// footnotes: the first line that is nothing but their number at the margin, after
// an empty line; -1 if there are none.
func footStart(list []span, say func(span) string) int {
	for i := 1; i < len(list); i++ {
		s := say(list[i])
		if s != "" && digits(s) == len(s) && len(s) <= 3 && list[i].end-list[i].from == len(s) && say(list[i-1]) == "" {
			return i
		}
	}
	return -1
}

// headingSigns counts the # signs of a heading that s is; 0 if it is none.
func headingSigns(s string) int {
	n := 0
	for n < len(s) && s[n] == '#' {
		n++
	}
	if n > MaxLevels || n == len(s) || s[n] != ' ' {
		return 0
	}
	return n
}
