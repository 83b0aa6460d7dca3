package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of what ParseBrackets reads.
const (
	MaxPlain = 1 << 20 // bytes; more is not taken apart
	MaxNest  = 32      // brackets within brackets; options within options
)

// indent is what the lines of an option after the first begin with.
const indent = "  "

// Problem is something in a text that is not as the plain form has it. The
// characters stay where they are.
type Problem struct {
	Line   int    `json:"line"`   // from 1
	Column int    `json:"column"` // in characters, from 1
	What   string `json:"what"`
}

// Error says what is wrong, and where.
func (p Problem) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.What)
}

// What a Problem says.
const (
	neverClosed = "this bracket is never closed"
	neverOpened = "this bracket closes none"
	tooDeep     = "brackets or options stand too deep within one another"
	loneSlash   = `a backslash stands before something that needs none; write \\ for a backslash`
	tooLong     = "the text is too long to be taken apart"
)

// ParseBrackets reads the plain form of a text with brackets (docs/spec/brackets.md)
// and tells what in it is out of form. It takes any text: what it cannot read
// becomes a NodeStray, and FormatNodes writes the same bytes again.
func ParseBrackets(s string) ([]Node, []Problem) {
	if len(s) > MaxPlain {
		return []Node{{Kind: NodeStray, Words: s}}, []Problem{{1, 1, tooLong}}
	}
	p := &parser{}
	nodes := p.block(s, place{line: 1}, 0)
	return nodes, p.problems
}

// parser is the state of one ParseBrackets.
type parser struct{ problems []Problem }

// maxProblems is how many problems are told of one text.
const maxProblems = 200

// place is where a piece of the text begins in the whole of it: the first line's
// number, the characters before it on that line, and before all lines after.
type place struct{ line, first, rest int }

// report notes a problem at byte at of s, which stands at w.
func (p *parser) report(s string, at int, w place, what string) {
	if len(p.problems) == maxProblems {
		return
	}
	w = w.move(s, 0, at)
	p.problems = append(p.problems, Problem{w.line, w.first + 1, what})
}

// move returns the place of byte to of s, of which byte from stands at w.
func (w place) move(s string, from, to int) place {
	if n := strings.LastIndexByte(s[from:to], '\n'); n >= 0 {
		w.line += strings.Count(s[from:to], "\n")
		w.first = w.rest
		from += n + 1
	}
	w.first += utf8.RuneCountInString(s[from:to])
	return w
}

// block reads lines: options and numbers at the start of a line, and what is
// between them.
func (p *parser) block(s string, w place, depth int) []Node {
	r := &runner{p: p, s: s, w: w, colon: -1, marks: pairMarks(s)}
	var out []Node
	from, here := 0, 0 // what is not taken yet; the byte that stands at w
	for i := 0; i < len(s); {
		line := i
		if r.outside(i) {
			if size := numberLen(s[i:]); size > 0 {
				out = append(out, r.nodes(from, i)...)
				label := strings.TrimRight(s[i:i+size], " \t")
				out = append(out, Node{Kind: NodeNumber, Words: s[i : i+size], Label: label, Tabled: true})
				i += size
				from = i
			}
			w = w.move(s, here, i)
			here = i
			if node, size := p.option(s[i:], w, depth); size > 0 {
				out = append(append(out, r.nodes(from, i)...), node)
				from = i + size
				line = from
				r.skip(node, from)
			} else if _, _, colon, ok := option(s[i:], true); ok {
				r.colons = append(r.colons, i+colon)
			}
		}
		n := strings.IndexByte(s[line:], '\n')
		if n < 0 {
			break
		}
		i = line + n + 1
	}
	return append(out, r.nodes(from, len(s))...)
}

// numberLen returns the length of the number at the start of a line, with one
// space after it.
func numberLen(s string) int {
	_, n := ParseNumber(s)
	if n > 0 && n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// option reads the option at the start of s, which stands at w, and its length;
// 0 if there is none.
func (p *parser) option(s string, w place, depth int) (Node, int) {
	word, label, colon, ok := option(s, false)
	if !ok {
		return Node{}, 0
	}
	if depth+1 > MaxNest {
		p.report(s, 0, w, tooDeep)
		return Node{Kind: NodeStray, Words: s[:colon+1]}, colon + 1
	}
	from := colon + 1
	to := bodyEnd(s, from)
	if s[from:to] != "" && s[from] == ' ' {
		from++
	}
	inner := w.move(s, 0, from)
	inner.rest += len(indent)
	body := strings.ReplaceAll(s[from:to], "\n"+indent, "\n")
	return Node{Kind: NodeOption, Words: word, Label: label, Tabled: true, Nodes: p.block(body, inner, depth+1)}, to
}

// bodyEnd returns where an option whose words begin at from ends: after the
// last of the lines that follow and begin with the indent.
func bodyEnd(s string, from int) int {
	next := func(i int) int {
		if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
			return i + n
		}
		return len(s)
	}
	end := next(from)
	for i := end; i < len(s); {
		stop := next(i + 1)
		line := s[i+1 : stop]
		switch {
		case strings.HasPrefix(line, indent) && len(line) > len(indent):
			end = stop
		case line != "":
			return end
		}
		i = stop
	}
	return end
}
