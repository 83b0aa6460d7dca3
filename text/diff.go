package text

// Op tells what a Span does.
type Op uint8

const (
	Same Op = iota // in both texts
	Cut            // in the first text only
	Put            // in the second text only
)

// Span is a stretch of whole words with one Op.
type Span struct {
	Op   Op
	Text string
}

// Diff tells how b differs from a, word by word: the Same and Cut spans are a,
// the Same and Put spans are b. Where words were replaced, what was cut stands
// before what was put. Common words too short to stand alone between two
// changes are counted as changed.
//
// The work is bounded: texts without order in common (thousands of repeated
// words) come out as one replacement.
func Diff(a, b string) []Span {
	var out []Span
	for _, p := range newAligner().merge("", []string{a, b}) {
		if p.alts == nil {
			out = append(out, Span{Same, p.same})
			continue
		}
		if p.alts[0] != "" {
			out = append(out, Span{Cut, p.alts[0]})
		}
		if p.alts[1] != "" {
			out = append(out, Span{Put, p.alts[1]})
		}
	}
	return out
}
