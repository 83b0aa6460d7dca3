package text

import (
	"slices"
	"strings"
)

// maxDispute is how deep the brackets that Dispute computes stand within one
// another.
const maxDispute = 4

// Dispute merges the readings of sides into one tree, as Bracket does into
// segments, but with brackets within brackets as deep as a dispute goes: sides
// that agree among themselves against a third share an outer bracket and
// dispute inside it. Brackets, gaps and options that stand in the words of the
// sides come out as nodes too, marked Tabled; whose they are is told by computed
// brackets alone, so a name in a tabled bracket is left as words.
//
// Readings that have whole lines to themselves and share too little come out as
// options, a paragraph each, and an option without text for those who have
// nothing there.
//
// Words of base, the text in force, that no side keeps stay visible in a
// bracket with the verb Strikes until their deletion is agreed. Words of base
// that some sides keep stand in the bracket of those.
//
// The words of a side, read off its brackets and what is common, are its words
// in their order; white space at the ends of brackets is moved out of them.
func Dispute(base string, sides []Side) []Node {
	b := &bracketing{al: newAligner(), sides: sides}
	texts, who := b.distinct()
	if len(texts) < 2 && !slices.ContainsFunc(texts, func(t string) bool { return base != "" && t != base }) {
		return agreed(strings.Join(texts, ""))
	}
	pieces := b.al.merge(base, texts)
	var everyone []string
	for _, s := range sides {
		everyone = append(everyone, s.Who)
	}
	var out []Node
	whole := withStruck(pieces, struck(base, texts))
	plain := !slices.ContainsFunc(texts, offersOptions)
	for i, p := range whole {
		if plain && p.alts != nil && len(p.struck) == 0 && ownLines(whole, i) {
			if list := b.options(p.alts, who); list != nil {
				out = append(out, list...)
				continue
			}
		}
		out = addWords(out, p.same)
		var brackets []Node
		for _, words := range p.struck {
			brackets = append(brackets, Node{Kind: NodeBracket, Who: everyone, Verb: Strikes, Nodes: addWords(nil, words)})
		}
		if p.alts != nil {
			brackets = append(brackets, b.brackets(p.alts, who, 1)...)
		}
		out = adjoin(out, brackets)
		if p.alts == nil && len(p.struck) > 0 {
			out = apart(out, p.next)
		}
	}
	return lines(out)
}

// brackets makes the brackets of one place, at the given depth, out of what each
// of the texts has there.
func (b *bracketing) brackets(alts []string, who [][]int, depth int) []Node {
	texts, whose := unite(alts, who)
	n := slices.Index(texts, "")
	if n >= 0 {
		texts, whose = slices.Delete(texts, n, n+1), slices.Delete(whose, n, n+1)
	}
	if n < 0 && len(texts) == 2 || depth == maxDispute {
		return b.simple(texts, whose)
	}
	var out []Node
	taken := make([]bool, len(texts))
	for i := range texts {
		if taken[i] {
			continue
		}
		like, own := []string{texts[i]}, [][]int{whose[i]}
		for j := i + 1; j < len(texts); j++ {
			if !taken[j] && b.alike(texts[i], texts[j]) {
				taken[j] = true
				like, own = append(like, texts[j]), append(own, whose[j])
			}
		}
		out = append(out, b.together(like, own, depth)...)
	}
	return out
}

// simple makes a bracket of each text.
func (b *bracketing) simple(texts []string, who [][]int) []Node {
	out := make([]Node, len(texts))
	for n, t := range texts {
		out[n] = Node{Kind: NodeBracket, Who: b.names(who[n]), Nodes: addWords(nil, t)}
	}
	return out
}

// together makes one bracket of texts that are alike, with what they differ in
// inside it; or one of each, if all of them together share too little.
func (b *bracketing) together(texts []string, who [][]int, depth int) []Node {
	var pieces []piece
	if len(texts) > 1 {
		pieces = b.al.merge("", texts)
	}
	if len(texts) == 1 || !shared(pieces, texts) {
		return b.simple(texts, who)
	}
	all := slices.Concat(who...)
	slices.Sort(all)
	out := Node{Kind: NodeBracket, Who: b.names(all)}
	for _, p := range pieces {
		out.Nodes = addWords(out.Nodes, p.same)
		if p.alts != nil {
			out.Nodes = adjoin(out.Nodes, b.brackets(p.alts, who, depth+1))
		}
	}
	return []Node{out}
}
