package plain

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"entente/act"
)

// refMarks says which brackets an element has.
type refMarks struct {
	ref     act.Ref
	marks   [2]int32
	heading bool
}

// problem tells of something that was kept as it is.
func (r *reader) problem(line, column int, what string) {
	if len(r.draft.Problems) == MaxProblems {
		r.draft.Untold++
		return
	}
	r.draft.Problems = append(r.draft.Problems, Problem{Line: line, Column: column, What: what})
}

// count counts the brackets of one element.
func (r *reader) count(marks [2]int32) Count {
	var c Count
	open := r.open[:0]
	defer func() { r.open = open }()
	for i := marks[0]; i < marks[1]; i++ {
		if r.escaped(int(r.marks[i].at)) {
			continue
		}
		if r.marks[i].c == '[' {
			c.Open++
			open = append(open, i)
			c.Depth = max(c.Depth, int32(len(open)))
			continue
		}
		c.Close++
		if n := len(open); n > 0 {
			o := open[n-1]
			open = open[:n-1]
			r.marks[o].mate, r.marks[i].mate = i, o
			c.Brackets++
			if r.src[r.marks[o].at+1:r.marks[i].at] == " " {
				c.Gaps++
			}
		}
	}
	return c
}

// escaped reports whether the bracket at byte i has a backslash before it.
func (r *reader) escaped(i int) bool { return i > 0 && r.src[i-1] == '\\' }

// balance finds the brackets without another half, article by article, and adds
// up what there is.
func (r *reader) balance() {
	d := r.draft
	article := -1
	var open []int32
	owner := make([]act.Ref, len(r.marks))
	unclosed := func() {
		for _, i := range open {
			r.tell(i, owner[i], "this bracket is never closed in its article")
		}
		open = open[:0]
	}
	for _, m := range r.refs {
		if m.heading {
			article++
			unclosed()
		}
		for i := m.marks[0]; i < m.marks[1]; i++ {
			owner[i] = m.ref
			switch {
			case r.marks[i].mate >= 0 || r.escaped(int(r.marks[i].at)):
			case r.marks[i].c == '[':
				open = append(open, i)
			case len(open) == 0:
				r.tell(i, m.ref, "this bracket closes none in its article")
			default:
				o := open[len(open)-1]
				open = open[:len(open)-1]
				r.tell(o, owner[o], fmt.Sprintf("this bracket is closed in another paragraph, %s, line %d", m.ref.Display(), r.marks[i].line))
			}
		}
	}
	unclosed()
	slices.SortStableFunc(d.Problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.at - b.at
	})
	r.columns()
	r.sum()
}

// columns counts the columns of the problems, which are in order.
func (r *reader) columns() {
	line, at, column := 0, 0, 1
	for i := range r.draft.Problems {
		p := &r.draft.Problems[i]
		if p.Column > 0 {
			continue
		}
		if p.Line != line {
			line, at, column = p.Line, strings.LastIndexByte(r.src[:p.at], '\n')+1, 1
		}
		column += utf8.RuneCountInString(r.src[at:p.at])
		at, p.Column = p.at, column
	}
}

// tell tells of a bracket.
func (r *reader) tell(i int32, ref act.Ref, what string) {
	if len(r.draft.Problems) == MaxProblems {
		r.draft.Untold++
		return
	}
	m := r.marks[i]
	r.draft.Problems = append(r.draft.Problems, Problem{Line: int(m.line), What: what, Ref: ref, at: int(m.at)})
}

// sum adds up the elements of each article and of the draft, and counts the
// brackets of the source.
func (r *reader) sum() {
	d := r.draft
	article := -1
	next := 0
	for _, e := range d.Elements {
		if next < len(d.Articles) && d.Articles[next].Ref == e.Ref {
			article = next
			next++
		}
		d.Kept.add(e.Count)
		if article >= 0 {
			d.Articles[article].Elements++
			d.Articles[article].Count.add(e.Count)
		}
	}
	d.Source = Nesting(r.src)
}

// add adds o to c; the depth is the greater of both.
func (c *Count) add(o Count) {
	c.Open += o.Open
	c.Close += o.Close
	c.Depth = max(c.Depth, o.Depth)
	c.Brackets += o.Brackets
	c.Gaps += o.Gaps
	c.Options += o.Options
}

// Nesting counts the brackets of a source as it stands: the characters, and how
// deep they stand within one another as one reads on. A bracket that closes none
// is passed over.
func Nesting(src string) Count {
	var c Count
	depth := int32(0)
	open, close := after(src, 0, '['), after(src, 0, ']')
	for open < len(src) || close < len(src) {
		if open < close {
			c.Open++
			depth++
			c.Depth = max(c.Depth, depth)
			open = after(src, open+1, '[')
		} else {
			c.Close++
			depth = max(depth-1, 0)
			close = after(src, close+1, ']')
		}
	}
	return c
}

// after returns where the next c of s stands from byte i on, or its length.
func after(s string, i int, c byte) int {
	if n := strings.IndexByte(s[i:], c); n >= 0 {
		return i + n
	}
	return len(s)
}
