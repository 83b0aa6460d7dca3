package text

import (
	"fmt"
	"strings"
)

// NodeKind tells what a Node is.
type NodeKind uint8

const (
	NodeWords   NodeKind = iota // words as they are read
	NodeGap                     // [ ]: what nobody has filled in
	NodeBracket                 // words between brackets, with whose they are
	NodeOption                  // one of several alternatives, each a whole paragraph or more
	NodeNumber                  // the number of a paragraph: "3bis. "
	NodeStray                   // what looks like a part of the form and is none: a bracket never closed
)

// nodeKinds are the names of the kinds in JSON.
var nodeKinds = [...]string{"words", "gap", "bracket", "option", "number", "stray"}

// MarshalText writes the kind's name.
func (k NodeKind) MarshalText() ([]byte, error) { return name("node", nodeKinds[:], uint8(k)) }

// UnmarshalText reads what MarshalText wrote.
func (k *NodeKind) UnmarshalText(b []byte) error { return named("node", nodeKinds[:], (*uint8)(k), b) }

// Verb tells what parties do with the words of a bracket.
type Verb uint8

const (
	Holds    Verb = iota // they want these words; not written
	Opposes              // they want these words gone, whoever holds them
	Reserves             // they reserve; the words are their reason, not part of the text
	Strikes              // the words are in force and none of these parties keeps them
)

// verbs are the names of the verbs in JSON and, but for the first, in the plain
// form, where one party does it.
var verbs = [...]string{"holds", "opposes", "reserves", "strikes"}

// MarshalText writes the verb's name.
func (v Verb) MarshalText() ([]byte, error) { return name("verb", verbs[:], uint8(v)) }

// UnmarshalText reads what MarshalText wrote.
func (v *Verb) UnmarshalText(b []byte) error { return named("verb", verbs[:], (*uint8)(v), b) }

// name returns the n-th of names.
func name(what string, names []string, n uint8) ([]byte, error) {
	if int(n) >= len(names) {
		return nil, fmt.Errorf("%d is no kind of %s", n, what)
	}
	return []byte(names[n]), nil
}

// named sets n to where b stands among names.
func named(what string, names []string, n *uint8, b []byte) error {
	for i, s := range names {
		if s == string(b) {
			*n = uint8(i)
			return nil
		}
	}
	return fmt.Errorf("%.20q is no kind of %s: %s", b, what, strings.Join(names, ", "))
}

// Node is a piece of a text with brackets and options. A text is a list of
// nodes in reading order. Node by node:
//
//	NodeWords    Words: the words, with no escapes in them
//	NodeGap      nothing
//	NodeBracket  Nodes: what it holds; Who, Verb: whose it is, if anybody's
//	NodeOption   Label: its number, "1" or "II"; Words: the word for option;
//	             Nodes: what it says. Options of one choice follow one another
//	             with nothing but white space between them
//	NodeNumber   Words: the number as it stands, with the space after it; Label:
//	             the number alone, for ParseNumber
//	NodeStray    Words: the characters as they stand
type Node struct {
	Kind  NodeKind `json:"kind"`
	Words string   `json:"words,omitempty"`
	Label string   `json:"label,omitempty"`
	Who   []string `json:"who,omitempty"`
	Verb  Verb     `json:"verb,omitempty"`
	// Tabled says that the bracket, gap, option or number stands in the text
	// that somebody tabled. Of a NodeBracket without it, Who is computed from
	// what the parties hold.
	Tabled bool   `json:"tabled,omitempty"`
	Nodes  []Node `json:"nodes,omitempty"`
}

// NoText reports whether n is an option that says that there should be no text.
func (n Node) NoText() bool {
	if n.Kind != NodeOption {
		return false
	}
	said := strings.Trim(PlainWords(n.Nodes), " \n\t.;,[]")
	for _, s := range noText {
		if strings.EqualFold(said, s) {
			return true
		}
	}
	return false
}

// noText is how an option says that there should be no text.
var noText = [...]string{"no text", "no provision", "ללא נוסח", "بدون نص"}

// PlainWords returns the words of nodes in their order, without brackets and
// without the names of those whose they are.
func PlainWords(nodes []Node) string {
	var b strings.Builder
	plainWords(&b, nodes)
	return b.String()
}

func plainWords(b *strings.Builder, nodes []Node) {
	for _, n := range nodes {
		switch n.Kind {
		case NodeWords, NodeNumber:
			b.WriteString(n.Words)
		case NodeBracket, NodeOption:
			if n.Verb != Reserves {
				plainWords(b, n.Nodes)
			}
		}
	}
}

// Tally counts what is still to be settled in a text.
type Tally struct {
	Brackets int `json:"brackets"` // those within others and gaps too
	Options  int `json:"options"`
	Gaps     int `json:"gaps"`
	Depth    int `json:"depth"` // brackets within brackets, at the deepest place
	Strays   int `json:"strays"`
}

// TallyOf counts nodes.
func TallyOf(nodes []Node) Tally {
	var t Tally
	t.count(nodes, 0)
	return t
}

// Add adds what o counts; the depth is the greater of both.
func (t *Tally) Add(o Tally) {
	t.Brackets += o.Brackets
	t.Options += o.Options
	t.Gaps += o.Gaps
	t.Strays += o.Strays
	t.Depth = max(t.Depth, o.Depth)
}

func (t *Tally) count(nodes []Node, depth int) {
	for _, n := range nodes {
		switch n.Kind {
		case NodeGap:
			t.Gaps++
			t.Brackets++
			t.Depth = max(t.Depth, depth+1)
		case NodeBracket:
			t.Brackets++
			t.Depth = max(t.Depth, depth+1)
			t.count(n.Nodes, depth+1)
		case NodeOption:
			t.Options++
			t.count(n.Nodes, depth)
		case NodeStray:
			t.Strays++
		}
	}
}
