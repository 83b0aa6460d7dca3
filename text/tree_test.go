package text

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sketch writes nodes so that a test can be read: words bare, brackets as
// «who verb|…», options as {label|…}, numbers as #label#, gaps as _, strays as !c!.
func sketch(nodes []Node) string {
	var b strings.Builder
	for _, n := range nodes {
		switch n.Kind {
		case NodeWords:
			b.WriteString(n.Words)
		case NodeGap:
			b.WriteString("_")
		case NodeBracket:
			b.WriteString("«" + strings.Join(n.Who, ",") + map[Verb]string{Opposes: " -", Reserves: " !", Strikes: " x"}[n.Verb])
			if len(n.Who) > 0 {
				b.WriteString("|")
			}
			b.WriteString(sketch(n.Nodes) + "»")
		case NodeOption:
			b.WriteString("{" + n.Label + "|" + sketch(n.Nodes) + "}")
		case NodeNumber:
			b.WriteString("#" + n.Label + "#")
		case NodeStray:
			b.WriteString("!" + n.Words + "!")
		}
	}
	return b.String()
}

func TestParseBrackets(t *testing.T) {
	for _, c := range []struct{ name, in, want, problems string }{
		{"nothing", "", "", ""},
		{"words", "The Parties meet.", "The Parties meet.", ""},
		{"whose", "meet [US: within thirty (30) days].", "meet «US|within thirty (30) days».", ""},
		{"two", "[US, AU: may] [IL: shall]", "«US,AU|may» «IL|shall»", ""},
		{"opposes", "[IL opposes: last sentence]", "«IL -|last sentence»", ""},
		{"two oppose", "[IL, AU oppose: last sentence]", "«IL,AU -|last sentence»", ""},
		{"reserves", "[US reserves: the costs are open]", "«US !|the costs are open»", ""},
		{"strikes", "[US, IL strike: at once]", "«US,IL x|at once»", ""},
		{"gap", "by [ ] per cent, [] and [  ]", "by _ per cent, «» and «  »", ""},
		{"Chair's", "[shall][should][other] [[net] zero]", "«shall»«should»«other» ««net» zero»", ""},
		{"literal", `as \[sic\] in \\`, `as [sic] in \`, ""},
		{"no name", "[Note: x] [us: x] [US:x] [U: x] [US,IL: x] [US, US: x]", "«Note: x» «us: x» «US:x» «U: x» «US,IL: x» «US, US: x»", ""},
		{"a colon kept", `[CMA\: the body]`, "«CMA: the body»", ""},
		{"whose and another", "[US: IL: x]", "«US|IL: x»", ""},
		{"a name and nothing", "[US: ]", "«US|»", ""},
		{"nested", "[US, IL: report within [US: thirty] [IL: sixty] days]", "«US,IL|report within «US|thirty» «IL|sixty» days»", ""},
		{"Hebrew", "[US: ניתן] [IL: יש] לנקוט, [בתוך [ ] ימים]", "«US|ניתן» «IL|יש» לנקוט, «בתוך _ ימים»", ""},
		{"options", "Option 1: The [x] Parties.\nOption 2: No text\nAfter.", "{1|The «x» Parties.}\n{2|No text}\nAfter.", ""},
		{"an option of two paragraphs", "Option I:\n  One.\n\n  Two.\n\nAfter.", "{I|\nOne.\n\nTwo.}\n\nAfter.", ""},
		{"options in options", "Option 1: a\n  Option (a): b\n    c\n  Option (b): d\nOption 2: e", "{1|a\n{(a)|b\nc}\n{(b)|d}}\n{2|e}", ""},
		{"options in Hebrew and Arabic", "חלופה 1: א\nחלופה 2: ללא נוסח\nالخيار 1: بدون نص", "{1|א}\n{2|ללא נוסח}\n{1|بدون نص}", ""},
		{"no option", "An Option 1: x\n[Option 1: x]\nOption 1:x\nOption one two: x\nOption 1: \nOptions 1: x", "An Option 1: x\n«Option 1: x»\nOption 1:x\nOption one two: x\nOption 1: \nOptions 1: x", ""},
		{"an option kept", `Option 1\: x`, "Option 1: x", ""},
		{"numbers", "3bis. [x]\n(a) y\n3.3 alt: z\n2080 a\n1. Option 1: b", "#3bis.#«x»\n#(a)#y\n#3.3 alt:#z\n2080 a\n#1.#{1|b}", ""},
		{"never closed", "a [b [c]", "a !!![b «c»", "1:3 this bracket is never closed"},
		{"never opened", "a\nב] c", "a\nב!]! c", "2:2 this bracket closes none"},
		{"a lone backslash", `a \b`, `a !\!b`, "1:3 " + loneSlash},
		{"where, in options", "x\nOption 1: ab]\n  c [d\n  Option 2: e\n    f]", "x\n{1|ab!]!\nc «d\nOption 2: e\n  f»}", "2:13 this bracket closes none"},
		{"a bracket over options", "Option 1: [a\nOption 2: b]\nc", "{1| [a}\n{2|b]}\nc", "1:11 this bracket is never closed; 2:12 this bracket closes none"},
	} {
		nodes, problems := ParseBrackets(c.in)
		want := strings.NewReplacer("!!![", "![!", "{1| [a}", "{1|![!a}", "{2|b]}", "{2|b!]!}").Replace(c.want)
		if got := sketch(nodes); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
		var told []string
		for _, p := range problems {
			told = append(told, strings.NewReplacer("line ", "", ", column ", ":", ": ", " ").Replace(p.Error()))
		}
		if got := strings.Join(told, "; "); got != c.problems {
			t.Errorf("%s: problems %q, want %q", c.name, got, c.problems)
		}
		parsedHolds(t, c.in)
	}
}

// parsedHolds checks what is true of any text that is parsed.
func parsedHolds(t interface{ Fatalf(string, ...any) }, s string) {
	nodes, problems := ParseBrackets(s)
	if got := FormatNodes(nodes); got != s {
		t.Fatalf("%.200q comes back as %.200q\n%.400s", s, got, sketch(nodes))
	}
	tally := TallyOf(nodes)
	if (tally.Strays > 0) != (len(problems) > 0) || tally.Strays < maxProblems && tally.Strays != len(problems) {
		t.Fatalf("%.200q: %d strays and %d problems", s, tally.Strays, len(problems))
	}
	if tally.Depth > MaxNest {
		t.Fatalf("%.200q: brackets %d deep", s, tally.Depth)
	}
	lines := strings.Count(s, "\n") + 1
	for _, p := range problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Column > len(s)+1 {
			t.Fatalf("%.200q: problem at %d:%d", s, p.Line, p.Column)
		}
	}
}

// plainForm draws texts made of what the plain form is made of.
func plainForm() *rapid.Generator[string] {
	bits := strings.Split("[|]|[|]|[US: |[US, IL: |[IL opposes: |[AU, US oppose: |[US reserves: |[ ]|\\|\\[|\\]|\\\\|\\:|: |:| |  |\n|\n  |\n    |\n\n|\nOption 1: |Option 2:|\n  Option (a): |Option 1\\: |\n3bis. |(a) |1. |US|the Parties|הצדדים|في|30", "|")
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 24).Draw(t, "bits"), "")
	})
}

func TestParseBracketsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { parsedHolds(t, plainForm().Draw(t, "text")) })
}

// TestFormatNodesProperty: what is written, read again, is the same tree, so far
// as its words are not split where nothing splits them.
func TestFormatNodesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, _ := ParseBrackets(plainForm().Draw(t, "text"))
		b, err := json.Marshal(nodes)
		if err != nil {
			t.Fatal(err)
		}
		var back []Node
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if FormatNodes(back) != FormatNodes(nodes) {
			t.Fatalf("%s is written otherwise after JSON", b)
		}
		again, _ := ParseBrackets(FormatNodes(nodes))
		if !reflect.DeepEqual(again, nodes) {
			t.Fatalf("%v\nis read again as\n%v", nodes, again)
		}
	})
}

// TestParseBracketsHostile: size and depth cost no more than they should.
func TestParseBracketsHostile(t *testing.T) {
	const n = 1 << 19
	for name, s := range map[string]string{
		"open":      strings.Repeat("[", n),
		"close":     strings.Repeat("]", n),
		"deep":      strings.Repeat("[", n/2) + strings.Repeat("]", n/2),
		"names":     strings.Repeat(`[US\: `, n/8) + strings.Repeat("]", n/8),
		"pairs":     strings.Repeat("[]", n/2),
		"slashes":   strings.Repeat(`\`, n-1),
		"lone":      strings.Repeat(`\a`, n/2),
		"options":   strings.Repeat("Option 1: a\n", n/12),
		"kept":      strings.Repeat("Option 1\\: a\n", n/13),
		"nested":    nestedOptions(200),
		"on a line": strings.Repeat("Option 1: ", n/10) + "x",
		"lines":     strings.Repeat("\n", n),
		"numbers":   strings.Repeat("1. \n", n/4),
		"after":     "Option 1: a" + strings.Repeat("\n", n) + "  b",
		"long":      strings.Repeat("[US: x] ", MaxPlain/8+1),
	} {
		begun := time.Now()
		parsedHolds(t, s)
		if spent := time.Since(begun); spent > 20*time.Second {
			t.Errorf("%s: %v", name, spent)
		}
	}
}

// nestedOptions is an option in an option, n deep.
func nestedOptions(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(indent, i) + "Option 1:\n")
	}
	return b.String() + strings.Repeat(indent, n) + "x"
}

func FuzzParseBrackets(f *testing.F) {
	for _, s := range []string{"[US: may] [IL, AU oppose: x]", "Option 1: [a\n  b]\n\nOption 2: No text", `\[ \] \\ \x [US\: x]`, "[[[ ] [\u05d0]", "3bis. Option I:\n  (a) x", "Option 1\\: x\n  y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { parsedHolds(t, s) })
}

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Number
		size int
	}{
		{"3. x", Number{Base: "3"}, 2},
		{"3bis. x", Number{Base: "3", Series: "bis"}, 5},
		{"3 ter x", Number{Base: "3", Series: "ter"}, 5},
		{"3.3quat In", Number{Base: "3.3", Series: "quat"}, 7},
		{"3.3alt: x", Number{Base: "3.3", Alt: true}, 7},
		{"7alt2. x", Number{Base: "7", Alt: true, Nth: "2"}, 6},
		{"9bis alt. x", Number{Base: "9", Series: "bis", Alt: true}, 9},
		{"(a) x", Number{Base: "a", Item: true}, 3},
		{"(b) bis. x", Number{Base: "b", Series: "bis", Item: true}, 8},
		{"(17bis) x", Number{}, 0},
		{"iv) x", Number{Base: "iv", Item: true}, 3},
		{"(iv)", Number{Base: "iv", Item: true}, 4},
		{"2080 x", Number{}, 0}, {"2.5 million", Number{}, 0}, {"(each) x", Number{}, 0}, {"e.g. x", Number{}, 0},
		{"", Number{}, 0}, {".", Number{}, 0}, {"(", Number{}, 0}, {"3bistro x", Number{}, 0}, {"123456. x", Number{}, 0}, {"1.x", Number{}, 0},
	} {
		if got, size := ParseNumber(c.in); got != c.want || size != c.size {
			t.Errorf("%q: %+v, %d bytes; want %+v, %d", c.in, got, size, c.want, c.size)
		}
	}
}

func TestNoText(t *testing.T) {
	for in, want := range map[string]bool{"Option 1: No text": true, "Option 2: [no text.]": true, "Option 1: No text on finance": false, "Option 1:": false, "No text": false, "חלופה 2: ללא נוסח": true} {
		if nodes, _ := ParseBrackets(in); nodes[0].NoText() != want {
			t.Errorf("%q: %v", in, !want)
		}
	}
}
