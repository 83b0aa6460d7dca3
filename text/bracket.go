package text

import (
	"slices"
	"strings"
)

// MaxSides is the greatest number of sides that Bracket is meant for: the
// greatest number of parties in a group.
const MaxSides = 40

// Side is the reading of one text that somebody holds. Who is what the bracket
// is marked with: the code of a party, or several with commas. No two sides of
// one Bracket have the same Who.
type Side struct {
	Who  string
	Text string
}

// Segment is a stretch of a bracketed text.
type Segment struct {
	Text string `json:"text"`
	// Who are the sides that have these words, in the order given; nil: all.
	Who []string `json:"who,omitempty"`
	// Place numbers, from 1, the places where sides differ; 0 where all agree.
	Place int `json:"place,omitempty"`
	// Alt numbers, from 1, the alternatives of one place. The segments of one
	// place and one alternative stand together and form one bracket.
	Alt int `json:"alt,omitempty"`
	// Depth is 0 outside brackets, 1 in a bracket, 2 in a bracket within it. A
	// bracket holds others where several sides share most of an alternative:
	// its words of depth 1 belong to all of them, neighbouring segments of
	// depth 2 compete with one another.
	Depth int `json:"depth,omitempty"`
}

// Bracket merges the readings of n sides (1 to MaxSides) into one text. Words
// that all sides have are common; where they differ, each different reading
// stands in a bracket of its own, next to the others, and sides with the same
// words share one. A side that has nothing there has no bracket. Brackets hold
// whole words and whole pairs of parentheses; words in common that are too
// short to be read by themselves between two brackets are drawn into both.
//
// base is the text that the sides start from, usually the last adopted one, or
// "". It steers which words are recognised as common and never adds any.
//
// Reassemble takes any side's text out again, byte for byte.
func Bracket(base string, sides []Side) []Segment {
	b := &bracketing{al: newAligner(), sides: sides}
	texts, who := b.distinct()
	var out []Segment
	place := 0
	for _, p := range b.al.merge(base, texts) {
		if p.alts == nil {
			out = append(out, Segment{Text: p.same})
			continue
		}
		place++
		for n, alt := range b.alternatives(p.alts, who) {
			for _, s := range alt {
				s.Place, s.Alt = place, n+1
				out = append(out, s)
			}
		}
	}
	return out
}

// Reassemble returns the text of the side who out of the segments of Bracket.
func Reassemble(segments []Segment, who string) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Who == nil || slices.Contains(s.Who, who) {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Brackets counts the brackets in segments, those within others and those that
// stand in the words too: what a reader has still to settle.
func Brackets(segments []Segment) int {
	n := 0
	for i, s := range segments {
		if strings.IndexByte(s.Text, '[') >= 0 {
			return TallyOf(NodesOf(segments)).Brackets
		}
		opens := s.Depth == 1 && (i == 0 || !together(segments[i-1], s))
		if opens || s.Depth == 2 {
			n++
		}
		if s.Depth == 2 && (i == 0 || !together(segments[i-1], s)) {
			n++ // the outer bracket begins with an inner one
		}
	}
	return n
}

// together reports whether x and y belong to one bracket.
func together(x, y Segment) bool { return x.Place == y.Place && x.Alt == y.Alt }

// bracketing is the state of one Bracket. Sides are known by their index.
type bracketing struct {
	al    *aligner
	sides []Side
}

// names returns what the sides of a bracket are called.
func (b *bracketing) names(who []int) []string {
	out := make([]string, len(who))
	for n, s := range who {
		out[n] = b.sides[s].Who
	}
	return out
}

// distinct returns each different text of the sides once, and whose it is.
func (b *bracketing) distinct() ([]string, [][]int) {
	texts, who := make([]string, len(b.sides)), make([][]int, len(b.sides))
	for n, s := range b.sides {
		texts[n], who[n] = s.Text, []int{n}
	}
	return unite(texts, who)
}

// unite puts equal texts together: each different one once, in order, with the
// sides that have it in the order given.
func unite(texts []string, who [][]int) ([]string, [][]int) {
	at := make(map[string]int, len(texts))
	var outTexts []string
	var outWho [][]int
	for n, t := range texts {
		k, ok := at[t]
		if !ok {
			k = len(outTexts)
			at[t] = k
			outTexts, outWho = append(outTexts, t), append(outWho, nil)
		}
		outWho[k] = append(outWho[k], who[n]...)
	}
	for _, w := range outWho {
		slices.Sort(w)
	}
	return outTexts, outWho
}

// alternatives makes the brackets of one place, each a list of segments, out of
// what each of the texts has there.
func (b *bracketing) alternatives(alts []string, who [][]int) [][]Segment {
	texts, whose := unite(alts, who)
	if n := slices.Index(texts, ""); n >= 0 {
		texts, whose = slices.Delete(texts, n, n+1), slices.Delete(whose, n, n+1)
	} else if len(texts) == 2 {
		return [][]Segment{b.plain(texts[0], whose[0]), b.plain(texts[1], whose[1])}
	}
	var out [][]Segment
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
		out = append(out, b.nest(like, own)...)
	}
	return out
}

// plain is a bracket without brackets in it.
func (b *bracketing) plain(text string, who []int) []Segment {
	return []Segment{{Text: text, Who: b.names(who), Depth: 1}}
}

// nestShare is how much alternatives must have in common, in per cent of the
// longest, to be shown as one bracket with brackets in it; nestLeast is how much
// at least, in bytes.
const (
	nestShare = 60
	nestLeast = 24
)

// alike reports whether x and y have enough in common to share a bracket.
func (b *bracketing) alike(x, y string) bool {
	b.al.cells -= len(x) + len(y)
	return b.al.cells > 0 && shared(b.al.merge("", []string{x, y}), []string{x, y})
}

// shared reports whether the common pieces make out nestShare of texts.
func shared(pieces []piece, texts []string) bool {
	common, longest := 0, 0
	for _, p := range pieces {
		common += len(p.same)
	}
	for _, t := range texts {
		longest = max(longest, len(t))
	}
	return common >= nestLeast && common*100 >= longest*nestShare
}

// nest makes one bracket of texts that are alike, with what they differ in as
// brackets within it; or one of each, if all of them together share too little.
func (b *bracketing) nest(texts []string, who [][]int) [][]Segment {
	var pieces []piece
	if len(texts) > 1 {
		pieces = b.al.merge("", texts)
	}
	if len(texts) == 1 || !shared(pieces, texts) {
		out := make([][]Segment, len(texts))
		for n, t := range texts {
			out[n] = b.plain(t, who[n])
		}
		return out
	}
	all := slices.Concat(who...)
	slices.Sort(all)
	var out []Segment
	for _, p := range pieces {
		if p.alts == nil {
			out = append(out, Segment{Text: p.same, Who: b.names(all), Depth: 1})
			continue
		}
		inner, whose := unite(p.alts, who)
		for n, t := range inner {
			if t != "" {
				out = append(out, Segment{Text: t, Who: b.names(whose[n]), Depth: 2})
			}
		}
	}
	return [][]Segment{out}
}
