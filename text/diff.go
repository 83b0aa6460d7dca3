package text

import "fmt"

// Op tells what a Span does.
type Op uint8

const (
	Same Op = iota // in both texts
	Cut            // in the first text only
	Put            // in the second text only
)

// MarshalText writes what the span does: "same", "cut" or "put".
func (o Op) MarshalText() ([]byte, error) {
	switch o {
	case Cut:
		return []byte("cut"), nil
	case Put:
		return []byte("put"), nil
	}
	return []byte("same"), nil
}

// UnmarshalText reads what MarshalText wrote.
func (o *Op) UnmarshalText(b []byte) error {
	for _, op := range [...]Op{Same, Cut, Put} {
		if name, _ := op.MarshalText(); string(name) == string(b) {
			*o = op
			return nil
		}
	}
	return fmt.Errorf("%.20q is no sort of span: same, cut or put", b)
}

// Span is a stretch of whole words with one Op.
type Span struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
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
