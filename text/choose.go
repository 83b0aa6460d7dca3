package text

import (
	"slices"
	"strconv"
	"strings"
)

// leastOption is how many words each alternative has at least where they are
// shown as options, a paragraph each, and not as brackets next to one another.
const leastOption = 12

// offersOptions reports whether s may have options of its own, which computed
// ones must not be mixed up with.
func offersOptions(s string) bool {
	return slices.ContainsFunc(optionWords[:], func(w string) bool { return strings.Contains(s, w+" ") })
}

// ownLines reports whether piece i has whole lines to itself, and what follows
// cannot be taken for a part of it.
func ownLines(pieces []struckPiece, i int) bool {
	if i > 0 && (pieces[i-1].alts != nil || !strings.HasSuffix(pieces[i-1].same, "\n")) {
		return false
	}
	if i+1 == len(pieces) {
		return true
	}
	next := pieces[i+1]
	return len(next.struck) == 0 && strings.HasPrefix(next.same, "\n") && !strings.HasPrefix(strings.TrimLeft(next.same, "\n"), indent)
}

// options makes one option of each alternative of a place that has whole lines to
// itself, with whose it is in a bracket, and one without text for those who have
// nothing there. It returns nil where the alternatives are few, short, or alike.
func (b *bracketing) options(alts []string, who [][]int) []Node {
	brackets := b.brackets(alts, who, 1)
	if len(brackets) < 2 {
		return nil
	}
	for i := range brackets {
		x := trimmed(brackets[i])
		if x.lead != "" || x.tail != "" || wordCount(PlainWords(x.Nodes)) < leastOption {
			return nil
		}
	}
	texts, whose := unite(alts, who)
	if n := slices.Index(texts, ""); n >= 0 {
		none := Node{Kind: NodeBracket, Who: b.names(whose[n]), Nodes: addWords(nil, "No text")}
		brackets = append(brackets, none)
	}
	var out []Node
	for i, x := range brackets {
		if i > 0 {
			out = addWords(out, "\n")
		}
		out = append(out, Node{Kind: NodeOption, Words: optionWords[0], Label: strconv.Itoa(i + 1), Nodes: []Node{x}})
	}
	return out
}

// wordCount counts the words of s.
func wordCount(s string) int {
	n := 0
	for _, t := range Words(s) {
		if t.Kind == Word {
			n++
		}
	}
	return n
}
