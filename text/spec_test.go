package text

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestSpecExamples keeps the examples of docs/spec/brackets.md true.
func TestSpecExamples(t *testing.T) {
	b, err := os.ReadFile("../docs/spec/brackets.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(b), "```example\n")[1:]
	if len(examples) < 5 {
		t.Fatalf("only %d examples", len(examples))
	}
	for _, e := range examples {
		e, _, _ = strings.Cut(e, "\n```")
		in, want, ok := strings.Cut(e, "\n---\n")
		if !ok {
			t.Errorf("no dashes in %q", e)
		}
		nodes, problems := ParseBrackets(in)
		var got strings.Builder
		describe(&got, nodes, "")
		for _, p := range problems {
			got.WriteString(p.Error() + "\n")
		}
		if strings.TrimSuffix(got.String(), "\n") != want {
			t.Errorf("%s\nis read as\n%swant\n%s", in, got.String(), want)
		}
		if FormatNodes(nodes) != in {
			t.Errorf("%s\nis written as\n%s", in, FormatNodes(nodes))
		}
	}
}

// describe writes nodes a line each.
func describe(b *strings.Builder, nodes []Node, inset string) {
	for _, n := range nodes {
		kind, _ := n.Kind.MarshalText()
		b.WriteString(inset + string(kind))
		switch n.Kind {
		case NodeWords, NodeNumber, NodeStray:
			fmt.Fprintf(b, " %q", n.Words)
		case NodeOption:
			b.WriteString(" " + n.Label)
			if n.NoText() {
				b.WriteString(", no text")
			}
		case NodeBracket:
			if len(n.Who) > 0 {
				b.WriteString(" " + strings.Join(n.Who, ", "))
			}
			if n.Verb != Holds {
				verb, _ := n.Verb.MarshalText()
				b.WriteString(" " + string(verb))
			}
		}
		b.WriteByte('\n')
		describe(b, n.Nodes, inset+"  ")
	}
}
