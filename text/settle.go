package text

import "strings"

// standing is a bracket and the white space that belongs around it.
type standing struct {
	lead string
	Node
	tail string
}

// adjoin appends the brackets of one place to nodes: a space between them, and
// the white space at their ends before and after them all.
func adjoin(nodes, brackets []Node) []Node {
	list := make([]standing, len(brackets))
	for i, b := range brackets {
		list[i] = trimmed(b)
	}
	return stand(nodes, list)
}

// stand appends brackets of one place to nodes.
func stand(nodes []Node, brackets []standing) []Node {
	lead, tail := "", ""
	for _, b := range brackets {
		lead, tail = longer(lead, b.lead), longer(tail, b.tail)
	}
	nodes = addWords(nodes, lead)
	for i, b := range brackets {
		if i > 0 {
			nodes = addWords(nodes, " ")
		}
		nodes = append(nodes, b.Node)
	}
	return addWords(nodes, tail)
}

// trimmed takes white space off the ends of what b holds. Where it is all that
// there is, it is drawn instead.
func trimmed(b Node) standing {
	out := standing{Node: b}
	n := len(b.Nodes) - 1
	if n == 0 && b.Nodes[0].Kind == NodeWords {
		out.lead, b.Nodes[0].Words, out.tail = Segment{Text: b.Nodes[0].Words}.Trim()
	}
	if n <= 0 {
		return out
	}
	if last := &b.Nodes[n]; last.Kind == NodeWords {
		words := strings.TrimRight(last.Words, white)
		last.Words, out.tail = words, last.Words[len(words):]
		if words == "" {
			out.Nodes = out.Nodes[:n]
		}
	}
	if first := &b.Nodes[0]; first.Kind == NodeWords {
		words := strings.TrimLeft(first.Words, white)
		out.lead, first.Words = first.Words[:len(first.Words)-len(words)], words
		if words == "" {
			out.Nodes = out.Nodes[1:]
		}
	}
	return out
}

// NodesOf turns the segments of Bracket into a tree. Brackets, gaps and options
// in the words of the sides become nodes marked Tabled, as in Dispute.
func NodesOf(segments []Segment) []Node {
	var out []Node
	disputed := false
	for i := 0; i < len(segments); {
		if segments[i].Who == nil {
			out = addWords(out, segments[i].Text)
			i++
			continue
		}
		end := i
		for end < len(segments) && segments[end].Place == segments[i].Place && segments[end].Who != nil {
			end++
		}
		disputed = true
		out = stand(out, standings(segments[i:end]))
		i = end
	}
	if !disputed {
		return agreed(PlainWords(out))
	}
	return lines(out)
}

// standings makes the brackets of one place.
func standings(segments []Segment) []standing {
	var out []standing
	for i := 0; i < len(segments); {
		end := i + 1
		for end < len(segments) && together(segments[end-1], segments[end]) {
			end++
		}
		out = append(out, oneBracket(segments[i:end]))
		i = end
	}
	return out
}

// oneBracket makes one bracket of the segments of one alternative.
func oneBracket(list []Segment) standing {
	out := standing{Node: Node{Kind: NodeBracket, Who: outer(list)}}
	for i := 0; i < len(list); {
		end := i + 1
		for list[i].Depth == 2 && end < len(list) && list[end].Depth == 2 {
			end++
		}
		if list[i].Depth == 2 {
			out.Nodes = stand(out.Nodes, standings(inner(list[i:end])))
			i = end
			continue
		}
		l, words, t := list[i].Trim()
		if i == 0 {
			out.lead, l = l, ""
		}
		if end == len(list) {
			out.tail, t = t, ""
		}
		out.Nodes = addWords(out.Nodes, l+words+t)
		i = end
	}
	return out
}

// agreed reads a text that nobody disputes. What is out of form in it is words.
func agreed(s string) []Node {
	nodes, _ := ParseBrackets(s)
	return tame(nodes)
}

// tame turns strays into words, so that what is written of nodes is in form.
func tame(nodes []Node) []Node {
	var out []Node
	for _, n := range nodes {
		switch n.Kind {
		case NodeWords, NodeStray:
			out = addWords(out, n.Words)
			continue
		case NodeBracket, NodeOption:
			n.Nodes = tame(n.Nodes)
		}
		out = append(out, n)
	}
	return out
}

// lines turns brackets, options and numbers in the words of a merged text into
// nodes.
func lines(nodes []Node) []Node { return blocks(tabled(nodes, 0)) }

// tabled turns brackets in the words of nodes, which may hold computed ones,
// into nodes. A bracket without its other half at the same level stays in the
// words, and so does the name at the start of one: only a computed bracket says
// whose it is.
func tabled(nodes []Node, depth int) []Node {
	open := [][]Node{nil} // what each open bracket holds so far, the first none
	put := func(n Node) { open[len(open)-1] = append(open[len(open)-1], n) }
	say := func(words string) { open[len(open)-1] = addWords(open[len(open)-1], words) }
	for _, n := range nodes {
		if n.Kind != NodeWords {
			n.Nodes = tabled(n.Nodes, depth+len(open))
			put(n)
			continue
		}
		from := 0
		for _, m := range pairMarks(n.Words) {
			say(n.Words[from:m.at])
			from = m.at + 1
			switch {
			case m.c == '\\':
				say(n.Words[from : from+1])
				from++
			case m.c == '[' && depth+len(open) <= MaxNest-maxDispute:
				open = append(open, nil)
			case m.c == ']' && len(open) > 1:
				in := open[len(open)-1]
				open = open[:len(open)-1]
				put(tabledBracket(in))
			default:
				say(n.Words[m.at:from])
			}
		}
		say(n.Words[from:])
	}
	for len(open) > 1 { // never closed
		in := open[len(open)-1]
		open = open[:len(open)-1]
		say("[")
		for _, n := range in {
			if n.Kind == NodeWords {
				say(n.Words)
			} else {
				put(n)
			}
		}
	}
	return open[0]
}

// tabledBracket is a bracket that stands in somebody's words.
func tabledBracket(in []Node) Node {
	if len(in) == 1 && in[0].Kind == NodeWords && in[0].Words == " " {
		return Node{Kind: NodeGap, Tabled: true}
	}
	if len(in) > 0 && in[0].Kind == NodeWords {
		if _, _, colon, _, ok := attribution(in[0].Words, true); ok {
			in[0].Words = in[0].Words[:colon] + in[0].Words[colon+1:]
		}
	}
	return Node{Kind: NodeBracket, Tabled: true, Nodes: in}
}

// held stands for a node while the lines around it are read. No text that Check
// accepts has it.
const held = "\uFFFC"

// blocks finds options and numbers in the words of nodes.
func blocks(nodes []Node) []Node {
	var b strings.Builder
	var kept []Node
	for _, n := range nodes {
		if n.Kind != NodeWords {
			b.WriteString(held)
			kept = append(kept, n)
			continue
		}
		if strings.Contains(n.Words, held) {
			return nodes
		}
		escapeTo(&b, n.Words)
	}
	p := &parser{}
	return restore(p.block(b.String(), place{}, 0), &kept)
}

// restore puts back what blocks has kept.
func restore(nodes []Node, kept *[]Node) []Node {
	var out []Node
	for _, n := range nodes {
		if n.Kind != NodeWords && n.Kind != NodeStray {
			n.Nodes = restore(n.Nodes, kept)
			out = append(out, n)
			continue
		}
		for i, words := range strings.Split(n.Words, held) {
			if i > 0 {
				out = append(out, (*kept)[0])
				*kept = (*kept)[1:]
			}
			out = addWords(out, words)
		}
	}
	return out
}
