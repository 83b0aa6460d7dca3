package national

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkGuard holds a text of 1,000 words against a margin of 2,000 entries of 60 words each.
func BenchmarkGuard(b *testing.B) {
	m := open(b, &kept{})
	word := func(i int) string { return fmt.Sprintf("word%d", i*7919%4000) }
	for i := range 2000 {
		var s strings.Builder
		for n := range 60 {
			s.WriteString(word(i*61+n*n) + " ")
		}
		write(b, m, reyes, Entry{Field: Note, Element: "A-1", Body: Body{Words: en(s.String())}})
	}
	var s strings.Builder
	for n := range 1000 {
		s.WriteString(word(n*n+3*n) + " ")
	}
	d := draft(s.String())
	for b.Loop() {
		if err := m.Guard(d, all); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRedLines checks a text of 1,000 words against a number, a phrase and a rule.
func BenchmarkRedLines(b *testing.B) {
	m := open(b, &kept{})
	for _, l := range []RedLine{{Kind: InRange, Units: []string{"days"}, Max: "30"}, {Kind: MustNot, Phrase: en("best efforts")},
		{Kind: ByRule, Rule: `numbers.all(n, n.unit != "days" || n.value <= 30)`}} {
		write(b, m, reyes, Entry{Field: RedLines, Element: "A-1", Body: Body{Line: &l}})
	}
	said := []Said{{What: "text", Texts: en(strings.Repeat("The Parties shall meet within 20 days of it. ", 111))}}
	for b.Loop() {
		if got := m.Crossings(here, "A-1", said); len(got) != 0 {
			b.Fatal(got)
		}
	}
}
