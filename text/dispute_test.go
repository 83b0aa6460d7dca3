package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDispute(t *testing.T) {
	const report = "They shall report within %s to the heads of delegation and to the depositary, in writing and in both of the authentic languages."
	for _, c := range []struct {
		name, base string
		sides      []Side
		want       string
	}{
		{"nobody", "", nil, ""},
		{"the same", "", sides("US", "They meet.", "IL", "They meet."), "They meet."},
		{"the same, and otherwise before", "They may meet at once.", sides("US", "They may meet.", "IL", "They may meet."), "They may meet [US, IL strike: at once]."},
		{"two", "", sides("US", "They may meet.", "IL", "They shall meet."), "They [US: may] [IL: shall] meet."},
		{"one in force", "They may meet at once.", sides("US", "They may meet at once.", "IL", "They shall meet."), "They [US: may meet at once] [IL: shall meet]."},
		{"struck by all", "They may consult one another in the capital at once.", sides("US", "They shall consult one another in the capital.", "IL", "They must consult one another in the capital."), "They [US, IL strike: may] [US: shall] [IL: must] consult one another in the capital [US, IL strike: at once]."},
		{"struck at the start", "Where possible, they meet.", sides("US", "they meet.", "IL", "they meet daily."), "[US, IL strike: Where possible,] they meet [IL: daily]."},
		{"seven, five against two", "", sides("US", "May meet", "AU", "May meet", "IL", "Shall meet", "FR", "May meet", "EG", "May meet", "MH", "Shall meet", "JO", "May meet"), "[US, AU, FR, EG, JO: May] [IL, MH: Shall] meet"},
		{"a dispute in a dispute", "", sides(
			"US", "The Parties meet. "+fmt.Sprintf(report, "thirty days")+" Done.",
			"AU", "The Parties meet. "+fmt.Sprintf(report, "fourteen days")+" Done.",
			"IL", "The Parties meet. Responsibility rests with the two co-chairs alone. Done."),
			"The Parties meet. [US, AU: They shall report within [US: thirty] [AU: fourteen] days to the heads of delegation and to the depositary, in writing and in both of the authentic languages] [IL: Responsibility rests with the two co-chairs alone]. Done."},
		{"three deep", "", sides(
			"US", "Meet. "+fmt.Sprintf(report, "the period of thirty working days that Annex A sets")+" Done.",
			"AU", "Meet. "+fmt.Sprintf(report, "the period of fourteen working days that Annex A sets")+" Done.",
			"FR", "Meet. "+fmt.Sprintf(report, "reason")+" Done.",
			"IL", "Meet. Done."),
			"Meet. [US, AU, FR: They shall report within [US, AU: the period of [US: thirty] [AU: fourteen] working days that Annex A sets] [FR: reason] to the heads of delegation and to the depositary, in writing and in both of the authentic languages.] Done."},
		{"brackets in the words", "", sides("US", "They [may][should] meet [ ] times.", "IL", "They [may][must] meet [ ] times."), "They [may][[US: should] [IL: must]] meet [ ] times."},
		{"a bracket put in", "", sides("US", "They may [on request] meet.", "IL", "They may meet."), "They may [US: [on request]] meet."},
		{"a name in the words", "", sides("US", "They [IL: shall] meet.", "IL", "They [IL: shall] meet daily."), "They [IL\\: shall] meet [IL: daily]."},
		{"half a bracket", "", sides("US", "They may] meet.", "IL", "They may] meet daily, [IL: never."), "They may\\] meet [IL: daily, \\[IL: never]."},
		{"options", "", sides("US", "Option 1: They meet on Monday.\nOption 2: No text", "IL", "Option 1: They meet on Tuesday.\nOption 2: No text"), "Option 1: They meet on [US: Monday] [IL: Tuesday].\nOption 2: No text"},
		{"whole paragraphs", "", sides(
			"US", "Purpose.\nThe Ministry leads the response and reports every week to the cluster in the capital.\nEnd.",
			"IL", "Purpose.\nResponsibility rests with two co-chairs, one of each side, who answer to nobody else at all.\nEnd.",
			"AU", "Purpose.\n\nEnd."),
			"Purpose.\nOption 1: [US: The Ministry leads the response and reports every week to the cluster in the capital.]\nOption 2: [IL: Responsibility rests with two co-chairs, one of each side, who answer to nobody else at all.]\nOption 3: [AU: No text]\nEnd."},
		{"Hebrew", "", sides("US", "ניתן לנקוט צעדים [נוספים].", "IL", "יש לנקוט צעדים [נוספים]."), "[US: ניתן] [IL: יש] לנקוט צעדים [נוספים]."},
	} {
		nodes := Dispute(c.base, c.sides)
		if got := FormatNodes(nodes); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s\n     %s", c.name, got, c.want, sketch(nodes))
		}
		disputeHolds(t, c.base, c.sides)
	}
}

// disputeHolds checks what is true of the tree of any readings.
func disputeHolds(t interface{ Fatalf(string, ...any) }, base string, list []Side) {
	nodes := Dispute(base, list)
	plain := FormatNodes(nodes)
	again, problems := ParseBrackets(plain)
	if len(problems) > 0 || computed(again) != computed(nodes) {
		t.Fatalf("of %q comes %s, which is read as %s: %v", list, plain, sketch(again), problems)
	}
	for _, s := range list {
		got, want := unspaced(reading(nodes, s.Who)), unspaced(reading(agreed(s.Text), s.Who))
		if got != want {
			t.Fatalf("%s says %q, in the tree %q: %s", s.Who, want, got, sketch(nodes))
		}
	}
}

// reading is what who has of nodes, with the brackets that stand in its words.
func reading(nodes []Node, who string) string {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.Kind == NodeGap:
			b.WriteString("[ ]")
		case n.Kind == NodeOption && !n.Tabled:
			if !n.NoText() {
				b.WriteString(reading(n.Nodes, who))
			}
		case n.Kind == NodeOption:
			b.WriteString(n.Words + n.Label + ":" + reading(n.Nodes, who))
		case n.Kind != NodeBracket:
			b.WriteString(n.Words)
		case n.Tabled:
			in := reading(n.Nodes, who)
			if len(n.Who) > 0 {
				in = FormatNodes([]Node{{Kind: NodeBracket, Who: n.Who, Verb: n.Verb, Nodes: addWords(nil, "\x00")}})
				in = strings.Replace(in[1:len(in)-1], "\x00", reading(n.Nodes, who), 1)
			}
			b.WriteString("[" + in + "]")
		case n.Verb == Holds && slices.Contains(n.Who, who):
			b.WriteString(reading(n.Nodes, who))
		}
	}
	return b.String()
}

// unspaced leaves white space out, drawn or not.
func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(white+"␣⇥⏎", r) {
			return -1
		}
		return r
	}, s)
}

// TestDisputeOptions: whole paragraphs against one another, any number of them.
func TestDisputeOptions(t *testing.T) {
	prose := []string{
		"The Ministry leads the response and reports every week to the cluster in the capital.",
		"Responsibility rests with two co-chairs, one of each side, who answer to nobody else at all.",
		"Water is shared in equal parts [in spring], whatever the season, and measured at the bridge each day.",
		"Each side builds\n  and keeps stations of its own upon the river, as many as it sees fit to run.", "", "Short.", "  in",
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SampledFrom([]string{"", "Purpose.\n", "Purpose. ", "1. "}).Draw(t, "before"), rapid.SampledFrom([]string{"", "\nEnd.", "\n  End.", " End.", "\n\n  x"}).Draw(t, "after")
		list := make([]Side, rapid.IntRange(2, 5).Draw(t, "sides"))
		for i := range list {
			list[i] = Side{Who: fmt.Sprintf("P%d", i), Text: before + rapid.SampledFrom(prose).Draw(t, "text") + after}
		}
		disputeHolds(t, rapid.SampledFrom([]string{"", list[0].Text, prose[0]}).Draw(t, "base"), list)
	})
}

func TestDisputeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drafts().Draw(t, "drafts")
		base := rapid.SampledFrom([]string{"", list[0].Text, "the Parties shall report within thirty (30) days. "}).Draw(t, "base")
		disputeHolds(t, base, list)
	})
}

// TestStruck: every word of the base that no side has stands in the tree.
func TestStruck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(strings.Split("the parties shall may not thirty days report meet", " "))
		text := func(name string) string {
			return strings.Join(rapid.SliceOfN(word, 1, 20).Draw(t, name), " ")
		}
		base, list := text("base"), sides("US", text("US"), "IL", text("IL"))
		shown := map[string]bool{}
		for _, w := range Words(PlainWords(Dispute(base, list))) {
			shown[w.Text] = true
		}
		for _, w := range Words(base) {
			if w.Kind == Word && !shown[w.Text] {
				t.Fatalf("%q of %q is lost in %s", w.Text, base, FormatNodes(Dispute(base, list)))
			}
		}
	})
}

func FuzzDispute(f *testing.F) {
	f.Add("", assessUS, assessIL, "")
	f.Add(assessUS, assessIL, "within", "[US: x]")
	f.Add("a", "[a [b] c", "a] b) [c", "Option 1: a\n  [b")
	f.Fuzz(func(t *testing.T, base, a, b, c string) {
		if strings.Contains(a+b+c, `\`) || strings.Contains(a+b+c, held) {
			return // reading does not know escapes
		}
		disputeHolds(t, base, sides("US", a, "IL", b, "AU", c))
	})
}

// TestDisputeHostile: texts that make a comparison work come out whole.
func TestDisputeHostile(t *testing.T) {
	many := make([]Side, MaxSides)
	for i := range many {
		many[i] = Side{Who: fmt.Sprintf("P%d", i), Text: strings.Repeat("[", i) + fmt.Sprintf("word %d of ", i) + strings.Repeat("many ", 200+i) + strings.Repeat("]", i)}
	}
	for name, list := range map[string][]Side{
		"equal words": sides("US", strings.Repeat("word ", 20000), "IL", "x "+strings.Repeat("word ", 19990)+"y"),
		"forty":       many,
		"deep":        sides("US", strings.Repeat("[", 5000)+"a"+strings.Repeat("]", 5000), "IL", strings.Repeat("[", 5000)+"b"+strings.Repeat("]", 5000)),
		"closing":     sides("US", strings.Repeat("]", 20000), "IL", strings.Repeat("] ", 10000)),
		"lines":       sides("US", strings.Repeat("Option 1: a\n", 2000), "IL", strings.Repeat("Option 1: b\n", 2000)),
	} {
		begun := time.Now()
		disputeHolds(t, "the words in force", list)
		if spent := time.Since(begun); spent > 20*time.Second {
			t.Errorf("%s: %v", name, spent)
		}
	}
}

// positions makes n texts of so many words: a base text, changed in places.
func positions(n, words int) []Side {
	vocabulary := strings.Split("the Parties shall may ensure that each report of Agency is exchanged within thirty days and transmitted to Board Governors under Article in accordance with principles law applicable sites inspectors notice period verification measures steps diplomatic financial technical assistance humanitarian corridor border district ministry health water supply commission dispute settlement", " ")
	seed := uint32(7)
	next := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	base := make([]string, words)
	for i := range base {
		base[i] = vocabulary[next(len(vocabulary))]
		if i%17 == 16 {
			base[i] += "."
		}
	}
	out := make([]Side, n)
	for s := range out {
		mine := slices.Clone(base)
		for range words / 50 {
			mine[next(words)] = vocabulary[next(len(vocabulary))]
		}
		for range words / 200 {
			at := next(len(mine) - 20)
			mine = slices.Delete(mine, at, at+next(12))
			at = next(len(mine))
			mine = slices.Insert(mine, at, vocabulary[:3+next(20)]...)
		}
		out[s] = Side{Who: fmt.Sprintf("P%d", s), Text: strings.Join(mine, " ")}
	}
	return out
}

func BenchmarkDisputeTwo(b *testing.B)   { benchDispute(b, positions(2, 5000)) }
func BenchmarkDisputeSeven(b *testing.B) { benchDispute(b, positions(7, 5000)) }
func BenchmarkDisputeEqualWords(b *testing.B) {
	benchDispute(b, sides("US", strings.Repeat("word ", 20000), "IL", "x "+strings.Repeat("word ", 19990)+"y"))
}
func BenchmarkDisputeUnlike(b *testing.B) {
	x, y := strings.Fields(positions(1, 5000)[0].Text), strings.Fields(positions(1, 5000)[0].Text)
	slices.Reverse(y)
	benchDispute(b, sides("US", strings.Join(x, " "), "IL", strings.Join(y, " ")))
}

// benchDispute measures Dispute against cutting the same texts into words.
func benchDispute(b *testing.B, list []Side) {
	const rounds = 20
	begun := time.Now()
	for range rounds {
		for _, s := range list {
			Words(s.Text)
		}
	}
	floor := time.Since(begun).Seconds() / rounds
	b.ReportAllocs()
	for b.Loop() {
		Dispute(list[0].Text[:len(list[0].Text)/2], list)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/floor, "x-floor")
}
