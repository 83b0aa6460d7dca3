package text

import (
	"slices"
	"unicode/utf8"
)

// struckPiece is a piece before which words of the base are struck.
type struckPiece struct {
	piece
	struck []string
	next   string // what stands after words that are struck between common ones
}

// apart puts a space between the bracket at the end of nodes and a word before
// or after it: struck words have none of their own where others replace them.
func apart(nodes []Node, next string) []Node {
	if n := len(nodes); n > 1 && nodes[n-1].Kind == NodeBracket && nodes[n-2].Kind == NodeWords {
		before := &nodes[n-2].Words
		if r, _ := utf8.DecodeLastRuneInString(*before); wordRune(r) {
			*before += " "
		}
	}
	if r, _ := utf8.DecodeRuneInString(next); wordRune(r) && nodes[len(nodes)-1].Kind == NodeBracket {
		return addWords(nodes, " ")
	}
	return nodes
}

// gone is a run of words of the base that no text has, and where in the first
// text it would stand.
type gone struct {
	from, to int // in the base, in bytes
	at       int // in the first text
	words    string
}

// struck finds the words of base that none of texts has, in order.
func struck(base string, texts []string) []gone {
	if base == "" || slices.Contains(texts, base) {
		return nil
	}
	list := cuts(base, texts[0])
	for _, t := range texts[1:] {
		if len(list) == 0 {
			return nil
		}
		list = both(list, cuts(base, t))
	}
	var out []gone
	for _, g := range list {
		g.words = base[g.from:g.to]
		if slices.ContainsFunc(Words(g.words), func(t Token) bool { return t.Kind == Word }) {
			out = append(out, g)
		}
	}
	return out
}

// cuts lists what is cut from base to make t.
func cuts(base, t string) []gone {
	var out []gone
	from, at := 0, 0
	for _, s := range Diff(base, t) {
		switch s.Op {
		case Cut:
			out = append(out, gone{from: from, to: from + len(s.Text), at: at})
			from += len(s.Text)
		case Put:
			at += len(s.Text)
		default:
			from += len(s.Text)
			at += len(s.Text)
		}
	}
	return out
}

// both lists what stands in x and in y, with the places of x.
func both(x, y []gone) []gone {
	var out []gone
	for i, j := 0, 0; i < len(x) && j < len(y); {
		if from, to := max(x[i].from, y[j].from), min(x[i].to, y[j].to); from < to {
			out = append(out, gone{from: from, to: to, at: x[i].at})
		}
		if x[i].to < y[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

// withStruck puts what is gone from the base between and into pieces.
func withStruck(pieces []piece, list []gone) []struckPiece {
	var out []struckPiece
	off := 0 // in the first text
	for _, p := range pieces {
		if p.alts != nil {
			off += len(p.alts[0])
			s := struckPiece{piece: p}
			for ; len(list) > 0 && list[0].at <= off; list = list[1:] {
				s.struck = append(s.struck, list[0].words)
			}
			out = append(out, s)
			continue
		}
		for ; len(list) > 0 && list[0].at < off+len(p.same); list = list[1:] {
			cut := max(0, list[0].at-off)
			out = append(out, struckPiece{piece: piece{same: p.same[:cut]}}, struckPiece{struck: []string{list[0].words}, next: p.same[cut:]})
			p.same = p.same[cut:]
			off += cut
		}
		off += len(p.same)
		out = append(out, struckPiece{piece: p})
	}
	for _, g := range list {
		out = append(out, struckPiece{struck: []string{g.words}})
	}
	return out
}
