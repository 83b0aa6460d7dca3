package text

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shown writes a Diff as "kept [-cut-] {+put+}".
func shown(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Op {
		case Cut:
			b.WriteString("[-" + s.Text + "-]")
		case Put:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"", "new", "{+new+}"},
		{"old", "", "[-old-]"},
		{"within fourteen (14) days of its publication, and before the Board meets.",
			"within twenty-one (21) days of its publication, and before the Board meets, and shall take stock together once a year.",
			"within [-fourteen (14)-]{+twenty-one (21)+} days of its publication, and before the Board meets{+, and shall take stock together once a year+}."},
		{"The Parties should meet.", "The Parties shall meet.", "The Parties [-should-]{+shall+} meet."},
		{"colour", "color", "[-colour-]{+color+}"},
		{"הצדדים ייפגשו בכל שנה", "הצדדים ייפגשו בכל רבעון", "הצדדים ייפגשו בכל [-שנה-]{+רבעון+}"},
		{"בְּרֵאשִׁית", "בראשית", "[-בְּרֵאשִׁית-]{+בראשית+}"},
		{"one two three", "one three", "one [-two -]three"},
		{"a. b. c.", "a. c.", "a. [-b. -]c."},
	} {
		got := Diff(c.a, c.b)
		if shown(got) != c.want {
			t.Errorf("Diff(%q, %q)\n got %s\nwant %s", c.a, c.b, shown(got), c.want)
		}
		diffHolds(t, c.a, c.b, got)
	}
}

// diffHolds checks what is true of any Diff.
func diffHolds(t interface{ Fatalf(string, ...any) }, a, b string, spans []Span) {
	var first, second strings.Builder
	for i, s := range spans {
		if s.Text == "" || s.Op > Put {
			t.Fatalf("Diff(%q, %q) has the span %+v", a, b, s)
		}
		if i > 0 && (spans[i-1].Op == s.Op || spans[i-1].Op == Put && s.Op == Cut) {
			t.Fatalf("Diff(%q, %q) is out of order: %+v", a, b, spans)
		}
		if s.Op != Put {
			first.WriteString(s.Text)
		}
		if s.Op != Cut {
			second.WriteString(s.Text)
		}
	}
	if first.String() != a || second.String() != b {
		t.Fatalf("Diff(%q, %q) joined is %q, %q", a, b, first.String(), second.String())
	}
	if a == b && len(spans) > 1 {
		t.Fatalf("Diff of %q with itself has changes: %+v", a, spans)
	}
}

func TestDiffProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drafts().Draw(t, "drafts")
		a, b := list[0].Text, list[len(list)-1].Text
		diffHolds(t, a, b, Diff(a, b))
	})
}

func FuzzDiff(f *testing.F) {
	f.Add(assessUS, assessIL)
	f.Add("a\nb", "a b")
	f.Add("\xff(", ") \u0301")
	f.Fuzz(func(t *testing.T, a, b string) { diffHolds(t, a, b, Diff(a, b)) })
}

// longText makes n words out of a vocabulary of size words.
func longText(seed uint64, n, vocabulary int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]string, n)
	for i := range out {
		v := r.IntN(vocabulary)
		out[i] = string([]byte{'a' + byte(v%26), 'a' + byte(v/26%26), 'a' + byte(v/676%26), 'a' + byte(v%7)})[:2+v%3]
	}
	return out
}

// edited replaces one word in every.
func edited(words []string, every int) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = w; i%every == 0 {
			out[i] = "changed" + w
		}
	}
	return out
}

// hard are pairs of 5,000 words that make a comparison work.
func hard() map[string][2]string {
	pair := func(a, b []string) [2]string { return [2]string{strings.Join(a, " "), strings.Join(b, " ")} }
	base := longText(1, 5000, 3000)
	return map[string][2]string{
		"few changes":  pair(base, edited(base, 100)),
		"many changes": pair(base, edited(base, 4)),
		"strangers":    pair(base, longText(2, 5000, 3000)),
		"two words":    pair(longText(3, 5000, 2), longText(4, 5000, 2)),
		"fifty words":  pair(longText(5, 5000, 50), longText(6, 5000, 50)),
		"repetitive":   pair(longText(7, 5000, 2), edited(longText(7, 5000, 2), 100)),
	}
}

// TestDiffIsBounded: no pair of long texts takes more than its allowance.
func TestDiffIsBounded(t *testing.T) {
	for name, p := range hard() {
		al := newAligner()
		pieces := al.merge("", []string{p[0], p[1]})
		if al.cells < 0 {
			t.Errorf("%s: %d cells over the allowance", name, -al.cells)
		}
		if (name == "few changes" || name == "repetitive") && len(pieces) < 60 {
			t.Errorf("%s: only %d pieces", name, len(pieces))
		}
		diffHolds(t, p[0], p[1], Diff(p[0], p[1]))
	}
}

// floorDiff is what two texts of 5,000 words may take, in milliseconds.
const floorDiff = 50.0

func BenchmarkDiff(b *testing.B) {
	for name, p := range hard() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				Diff(p[0], p[1])
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N)/floorDiff, "x-floor")
		})
	}
}

func BenchmarkBracketParagraph(b *testing.B) {
	list := sides("US", assessUS, "IL", assessIL)
	for b.Loop() {
		Bracket("", list)
	}
}

func BenchmarkBracketForty(b *testing.B) {
	base := longText(1, 400, 3000)
	list := make([]Side, MaxSides)
	for n := range list {
		list[n] = Side{Who: string(rune('A'+n%26)) + string(rune('A'+n/26)), Text: strings.Join(edited(base, 20+n), " ")}
	}
	for b.Loop() {
		Bracket("", list)
	}
}
