package text

import (
	"slices"
	"sort"
	"strings"
)

// mark is a bracket or a backslash in a text.
type mark struct {
	at   int
	c    byte // '[', ']', '\\' before a character that needs it, or 'x': a lone backslash
	mate int  // of a bracket: the index of the other; -1: none
}

// runner reads brackets out of one block.
type runner struct {
	p      *parser
	s      string
	w      place
	marks  []mark
	colons []int // where a backslash keeps the head of an option from being one, in order
	colon  int   // the same of the attribution of the bracket being read
	seen   int   // marks that outside has looked at
	covers int   // where the last of the brackets that it has seen ends
}

// outside reports whether byte i is in no bracket. It is asked for bytes in order.
func (r *runner) outside(i int) bool {
	for ; r.seen < len(r.marks) && r.marks[r.seen].at < i; r.seen++ {
		if m := r.marks[r.seen]; m.mate > r.seen {
			r.covers = max(r.covers, r.marks[m.mate].at)
		}
	}
	return i >= r.covers
}

// skip takes no notice of the brackets of an option that ends at byte i.
func (r *runner) skip(n Node, i int) {
	for n.Kind == NodeOption && r.seen < len(r.marks) && r.marks[r.seen].at < i {
		r.seen++
	}
}

// pairMarks finds the marks of s and pairs brackets.
func pairMarks(s string) []mark {
	var open []int
	var marks []mark
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '[':
			open = append(open, len(marks))
			marks = append(marks, mark{i, c, -1})
		case ']':
			m := mark{i, c, -1}
			if n := len(open); n > 0 {
				m.mate = open[n-1]
				marks[m.mate].mate = len(marks)
				open = open[:n-1]
			}
			marks = append(marks, m)
		case '\\':
			if i+1 < len(s) && (s[i+1] == '[' || s[i+1] == ']' || s[i+1] == '\\') {
				marks = append(marks, mark{i, c, -1})
				i++
			} else {
				marks = append(marks, mark{i, 'x', -1})
			}
		}
	}
	return marks
}

// nodes reads s[from:to]. What an option between took away is paired anew.
func (r *runner) nodes(from, to int) []Node {
	if from >= to {
		return nil
	}
	x := *r
	if from > 0 || to < len(r.s) {
		lo := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].at >= from })
		hi := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].at >= to })
		x.marks = repair(r.marks[lo:hi])
	}
	n := 0
	return x.list(&n, from, to, 0)
}

// repair pairs the brackets of a part of the marks.
func repair(marks []mark) []mark {
	out := slices.Clone(marks)
	var open []int
	for i := range out {
		out[i].mate = -1
		switch out[i].c {
		case '[':
			open = append(open, i)
		case ']':
			if n := len(open); n > 0 {
				out[i].mate = open[n-1]
				out[open[n-1]].mate = i
				open = open[:n-1]
			}
		}
	}
	return out
}

// list reads s[from:to], whose first mark is number *n, and leaves *n at the
// first mark behind it.
func (r *runner) list(n *int, from, to, depth int) []Node {
	var out []Node
	var words strings.Builder
	put := func(node Node) {
		out = append(addWords(out, words.String()), node)
		words.Reset()
	}
	for *n < len(r.marks) && r.marks[*n].at < to {
		m := r.marks[*n]
		*n++
		words.WriteString(r.s[from:m.at])
		from = m.at + 1
		switch {
		case m.c == '\\':
			words.WriteByte(r.s[from])
			from++
		case m.c == 'x' && r.keeps(m.at):
			words.WriteByte(':')
			from++
		case m.c == '[' && m.mate >= 0 && depth < MaxNest:
			close := r.marks[m.mate].at
			put(r.bracket(n, from, close, depth+1))
			*n = m.mate + 1
			from = close + 1
		default:
			put(Node{Kind: NodeStray, Words: r.s[m.at : m.at+1]})
			r.stray(m)
		}
	}
	words.WriteString(r.s[from:to])
	return addWords(out, words.String())
}

// keeps reports whether the backslash at byte i keeps a colon from being read.
func (r *runner) keeps(i int) bool {
	_, ok := slices.BinarySearch(r.colons, i)
	return ok || i == r.colon
}

// stray reports a mark that is none.
func (r *runner) stray(m mark) {
	switch {
	case m.c == 'x':
		r.p.report(r.s, m.at, r.w, loneSlash)
	case m.mate >= 0 && m.c == '[':
		r.p.report(r.s, m.at, r.w, tooDeep)
	case m.mate >= 0:
	case m.c == '[':
		r.p.report(r.s, m.at, r.w, neverClosed)
	default:
		r.p.report(r.s, m.at, r.w, neverOpened)
	}
}

// bracket reads the bracket that holds s[from:to].
func (r *runner) bracket(n *int, from, to, depth int) Node {
	in := r.s[from:to]
	if in == " " {
		return Node{Kind: NodeGap, Tabled: true}
	}
	b := Node{Kind: NodeBracket, Tabled: true}
	who, verb, _, words, ok := attribution(in, false)
	if ok {
		b.Who, b.Verb = who, verb
		from += words
	} else if _, _, colon, _, ok := attribution(in, true); ok {
		r.colon = from + colon
	}
	b.Nodes = r.list(n, from, to, depth)
	return b
}

// addWords appends words to nodes.
func addWords(nodes []Node, words string) []Node {
	if words == "" {
		return nodes
	}
	if n := len(nodes); n > 0 && nodes[n-1].Kind == NodeWords {
		nodes[n-1].Words += words
		return nodes
	}
	return append(nodes, Node{Kind: NodeWords, Words: words})
}
