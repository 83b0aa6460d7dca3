package text

import "unicode"

// Bounds on the work of one Diff or Bracket. Past them texts are compared more
// coarsely, at worst as one whole replacement; nothing fails.
const (
	maxCells  = 6 << 20 // cells of all comparison tables together, about 4 ns each
	maxBlock  = 1 << 20 // cells of one table
	maxDepth  = 24      // blocks within blocks
	minIsland = 14      // weight that words between two differences need to stand by themselves
	lowIsland = 4       // the same among three texts or more, before dropIslands looks at them together
)

// unit is a word, a mark or a line feed: what is compared. Spaces are not
// units; they go with what stands around them.
type unit struct {
	id       int32 // equal ids, equal characters
	weight   int32 // what it is worth to have it in common
	from, to int   // its place in its text, in bytes
}

// aligner numbers the distinct words of the texts it compares and keeps count
// of the work it has done.
type aligner struct {
	ids   map[string]int32
	cells int
	price int32   // what it costs to begin a run of matches
	trace []uint8 // room for the table of a comparison
}

// newAligner returns an aligner with a full allowance of work.
func newAligner() *aligner { return &aligner{ids: map[string]int32{}, cells: maxCells} }

// units cuts s into units.
func (al *aligner) units(s string) []unit {
	out := make([]unit, 0, len(s)/6+1)
	for i := 0; i < len(s); {
		n, kind := next(s[i:])
		w := s[i : i+n]
		if kind != Space || w == "\n" {
			id, ok := al.ids[w]
			if !ok {
				id = int32(len(al.ids))
				al.ids[w] = id
			}
			out = append(out, unit{id: id, weight: weigh(w, kind), from: i, to: i + n})
		}
		i += n
	}
	return out
}

// weigh returns what it is worth to have w in common: two for a letter, more in
// scripts that write less, so that a long word or three short ones reach
// minIsland and "of the" does not.
func weigh(w string, kind Kind) int32 {
	switch {
	case w == "\n":
		return minIsland + 1
	case kind == Mark && (w == "." || w == "؟" || w == "?" || w == "。" || w == "।"):
		return 5
	case kind == Mark:
		return 1
	}
	var sum int32
	for _, r := range w {
		switch {
		case r < 0x0590:
			sum += 2
		case unicode.IsMark(r):
		case solitary(r):
			sum += 5
		default:
			sum += 3
		}
	}
	return min(sum, minIsland+2)
}

// chain is a sequence of units that several texts have in common: at[k][s] is
// the index, among the units of text s, of its k-th member.
type chain [][]int

// common finds a long and weighty chain that all texts have in common. It takes
// one text after the other, so it need not be the best of all chains; it is the
// same for the same texts in the same order.
func (al *aligner) common(texts [][]unit) chain {
	if len(texts) == 0 {
		return nil
	}
	n := len(texts)
	c := make(chain, len(texts[0]))
	all := make([]int, len(c)*n)
	for i := range c {
		c[i] = append(all[i*n:i*n:(i+1)*n], i)
	}
	for s := 1; s < n; s++ {
		head := make([]unit, len(c))
		bound := make([]bool, len(c))
		for k := range c {
			head[k] = texts[0][c[k][0]]
			bound[k] = k > 0 && adjacent(c[k-1], c[k])
		}
		pairs := al.pair(head, bound, texts[s])
		longer := make(chain, len(pairs))
		for k, p := range pairs {
			longer[k] = append(c[p.i], p.j)
		}
		c = longer
	}
	return c
}

// adjacent reports whether in every text member y follows member x at once.
func adjacent(x, y []int) bool {
	for s := range x {
		if y[s] != x[s]+1 {
			return false
		}
	}
	return true
}
