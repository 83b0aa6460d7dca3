package text

import "strings"

// FormatNodes writes nodes in the plain form. What ParseBrackets read comes out
// as the same bytes.
func FormatNodes(nodes []Node) string { return formatBlock(nodes) }

// formatBlock writes a list of nodes that begins a line.
func formatBlock(nodes []Node) string {
	var b strings.Builder
	var heads []int // where words begin a line: they must not pass for an option
	for i, n := range nodes {
		at := b.Len()
		begins := at == 0 || strings.HasSuffix(b.String(), "\n") || nodes[i-1].Kind == NodeNumber
		formatNode(&b, n)
		if n.Kind != NodeWords {
			continue
		}
		if begins {
			heads = append(heads, at)
		}
		for k, c := range []byte(b.String()[at:]) {
			if c == '\n' && at+k+1 < b.Len() {
				heads = append(heads, at+k+1)
			}
		}
	}
	return keepHeads(b.String(), heads)
}

// keepHeads puts a backslash before the colon of what would pass for the head of
// an option at the places heads, which are in order.
func keepHeads(s string, heads []int) string {
	var b strings.Builder
	from := 0
	for _, h := range heads {
		if _, _, colon, ok := option(s[h:], false); ok {
			b.WriteString(s[from : h+colon])
			b.WriteByte('\\')
			from = h + colon
		}
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// formatNode writes one node.
func formatNode(b *strings.Builder, n Node) {
	switch n.Kind {
	case NodeWords:
		escapeTo(b, n.Words)
	case NodeGap:
		b.WriteString("[ ]")
	case NodeBracket:
		formatBracket(b, n)
	case NodeOption:
		formatOption(b, n)
	default:
		b.WriteString(n.Words)
	}
}

// formatBracket writes a bracket. One that stands in somebody's text, among
// brackets that are computed, must not pass for one of those: formatBracket
// does not know, tabled does.
func formatBracket(b *strings.Builder, n Node) {
	var in strings.Builder
	for _, m := range n.Nodes {
		formatNode(&in, m)
	}
	s := in.String()
	b.WriteByte('[')
	if len(n.Who) > 0 {
		b.WriteString(strings.Join(n.Who, ", "))
		if n.Verb != Holds {
			b.WriteString(" " + verbFor(n.Verb, len(n.Who)))
		}
		b.WriteString(": ")
	} else if _, _, colon, _, ok := attribution(s, false); ok {
		s = s[:colon] + `\` + s[colon:]
	}
	b.WriteString(s)
	b.WriteByte(']')
}

// formatOption writes an option, the lines after its first indented.
func formatOption(b *strings.Builder, n Node) {
	word := n.Words
	if word == "" {
		word = optionWords[0]
	}
	b.WriteString(word + " " + n.Label + ":")
	body := formatBlock(n.Nodes)
	if body != "" && body[0] != '\n' {
		b.WriteByte(' ')
	}
	for {
		i := strings.IndexByte(body, '\n')
		if i < 0 {
			break
		}
		b.WriteString(body[:i+1])
		if body = body[i+1:]; body != "" && body[0] != '\n' {
			b.WriteString(indent)
		}
	}
	b.WriteString(body)
}
