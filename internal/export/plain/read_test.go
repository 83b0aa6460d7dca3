package plain

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"entente/act"
	"entente/text"
)

// outline writes a draft so that a test can be read.
func outline(d *Draft) string {
	var b strings.Builder
	for _, e := range d.Elements {
		fmt.Fprintf(&b, "%s%s <%s> %s\n", strings.Repeat("  ", e.Level), e.Ref, e.Title, strings.ReplaceAll(e.Text, "\n", " / "))
	}
	return b.String()
}

// draftHolds checks what is true of any draft.
func draftHolds(t interface {
	Helper()
	Fatalf(string, ...any)
}, src string, d *Draft) {
	t.Helper()
	var kept strings.Builder
	refs := map[act.Ref]bool{"": true}
	for i, batch := range d.Batches() {
		if len(batch) > MaxBatch {
			t.Fatalf("batch %d has %d acts", i, len(batch))
		}
		for _, tab := range batch {
			c := tab.Content
			if refs[tab.Element] || !refs[c.Parent] {
				t.Fatalf("%s under %q stands twice, or before what it is under", tab.Element, c.Parent)
			}
			refs[tab.Element] = true
			leaf, err := act.Encode(act.Act{Group: act.Hash{1}, By: "a.b", At: 1, Body: tab})
			if err != nil || len(leaf) > act.MaxLeaf {
				t.Fatalf("%s: %d bytes, %v", tab.Element, len(leaf), err)
			}
			for _, part := range []text.Texts{c.Title, c.Text} {
				words, _ := part.Get("en")
				kept.WriteString(words + " ")
			}
		}
	}
	if got, want := letters(kept.String()), letters(unskipped(t, src, d)); got != want {
		n := 0
		for n < len(got) && n < len(want) && got[n] == want[n] {
			n++
		}
		t.Fatalf("the words part ways after %.60q: kept %.60q, source %.60q", got[max(0, n-60):n], got[n:], want[n:])
	}
	open, close, _ := count(kept.String())
	skippedOpen, skippedClose := 0, 0
	for _, s := range d.Skips {
		o, c, _ := count(src[s.From:s.To])
		skippedOpen, skippedClose = skippedOpen+o, skippedClose+c
	}
	o, c, _ := count(src)
	if open+skippedOpen != o || close+skippedClose != c {
		t.Fatalf("%d + %d brackets opened of %d, %d + %d closed of %d", open, skippedOpen, o, close, skippedClose, c)
	}
	sum := Count{}
	for _, a := range d.Articles {
		sum.add(a.Count)
	}
	if len(d.Articles) == len(d.Elements) && sum != d.Kept {
		t.Fatalf("the articles have %+v, all has %+v", sum, d.Kept)
	}
	lines := strings.Count(src, "\n") + 1
	for _, p := range d.Problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 {
			t.Fatalf("a problem in line %d of %d", p.Line, lines)
		}
	}
}

// count counts brackets.
func count(s string) (open, close, other int) {
	return strings.Count(s, "["), strings.Count(s, "]"), 0
}

// unskipped is the source without what the draft says it has left out.
func unskipped(t interface {
	Helper()
	Fatalf(string, ...any)
}, src string, d *Draft) string {
	t.Helper()
	skips := slices.Clone(d.Skips)
	slices.SortFunc(skips, func(a, b Skip) int { return a.From - b.From })
	var b strings.Builder
	at := 0
	for _, s := range skips {
		if s.From < at || s.To > len(src) || s.To <= s.From {
			t.Fatalf("the skip %+v overlaps another", s)
		}
		if s.Line != strings.Count(src[:s.From], "\n")+1 {
			t.Fatalf("the skip %+v is in line %d", s, strings.Count(src[:s.From], "\n")+1)
		}
		b.WriteString(src[at:s.From])
		at = s.To
	}
	return b.String() + src[at:]
}

// letters keeps the letters and digits of s, and brackets.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '[' || r == ']' {
			return r
		}
		return -1
	}, s)
}

func TestRead(t *testing.T) {
	for _, name := range []string{"water.md", "water.txt", "water-he.md"} {
		src, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile("testdata/" + name + ".outline")
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(string(src), Options{Lang: "en", First: 2})
		if err != nil {
			t.Fatal(err)
		}
		got := outline(d)
		for _, p := range d.Problems {
			got += p.String() + "\n"
		}
		for _, s := range d.Skips {
			if s.What != Emphasis {
				got += fmt.Sprintf("line %d: %s left out\n", s.Line, s.What)
			}
		}
		for _, a := range d.Articles {
			got += fmt.Sprintf("%s: %+v\n", a.Ref, a.Count)
		}
		if os.Getenv("ENTENTE_GOLDEN") != "" {
			if err := os.WriteFile("testdata/"+name+".outline", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got != string(want) {
			t.Errorf("%s:\n%s", name, got)
		}
		draftHolds(t, string(src), d)
	}
}

// TestReadRefuses: what cannot be kept whole is refused, with what to do.
func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		opt  Options
		want string
	}{
		"no language": {"x", Options{}, "language"},
		"a PDF":       {"%PDF-1.4\xff\xfe", Options{Lang: "en"}, "UTF-8"},
		"too long":    {strings.Repeat("x", MaxSource+1), Options{Lang: "en"}, "in parts"},
		"too many":    {strings.Repeat("1. x\n\n", MaxElements+1), Options{Lang: "en"}, "in parts"},
		"source name": {"x", Options{Lang: "en", Source: strings.Repeat("x", act.MaxSource+1)}, "name of the source"},
	} {
		if _, err := Read(c.src, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLongText: a text that is too long for an act is split where a sentence
// ends, and the reader is told.
func TestLongText(t *testing.T) {
	src := "# Article 1\n\n1. " + strings.Repeat("The Parties meet [often]. ", 3000)
	d, err := Read(src, Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	draftHolds(t, src, d)
	if len(d.Elements) != 4 || len(d.Problems) != 2 || !strings.Contains(d.Problems[0].What, "goes on here") {
		t.Errorf("%d elements, %v", len(d.Elements), d.Problems)
	}
	if words := d.Elements[1].Text; !strings.HasSuffix(words, "[often].") {
		t.Errorf("the first part ends %q", words[len(words)-40:])
	}
}

// TestRefusedCharacters: what no text may hold is written out and told.
func TestRefusedCharacters(t *testing.T) {
	src := "# Article 1\n\n1. thirty \u202E(30)\u00AD days\n2. \u0301x\n"
	d, err := Read(src, Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	want := "C-1 <Article 1> \n  C-1.1 <1.> thirty <U+202E>(30)<U+00AD> days\n  C-1.2 <2.> <U+0301>x\n"
	if got := outline(d); got != want || len(d.Problems) != 3 {
		t.Errorf("%s%v", got, d.Problems)
	}
}

// TestReadHostile: size and depth cost no more than they should.
func TestReadHostile(t *testing.T) {
	const n = 1 << 20
	var deep strings.Builder
	for i := range 1000 {
		deep.WriteString(strings.Repeat(" ", i) + "1. Option 1:\n\n")
	}
	for name, src := range map[string]string{
		"open":       strings.Repeat("[", n),
		"close":      strings.Repeat("]", n),
		"close far":  strings.Repeat("]\n\n", 8000),
		"targets":    strings.Repeat("]: ", n/3),
		"links":      strings.Repeat("[x](http", n/8),
		"tags":       strings.Repeat("<a", n/2),
		"footnotes":  strings.Repeat("[^", n/2),
		"stars":      strings.Repeat("*a", n/2),
		"lines":      "# a\n" + strings.Repeat("a\n", n/2),
		"paragraphs": "# a\n\n1. a" + strings.Repeat("\n\n   a", n/8),
		"options":    "# a\n\n1. a\n\n" + strings.Repeat("   Option 1: a\n\n", n/17),
		"choices":    "# a\n" + strings.Repeat("Option 1:\n\n  1. a\n\n", 3000),
		"deep":       deep.String(),
		"refused":    "# a\n" + strings.Repeat("\u202E", n/3),
		"pages":      strings.Repeat("\fa\nb\n", n/5),
		"long":       "# a\n" + strings.Repeat("שלום ", n/9),
	} {
		for _, f := range []Form{Markdown, Layout} {
			begun := time.Now()
			d, err := Read(src, Options{Lang: "en", Form: f})
			if err != nil && !strings.Contains(err.Error(), "in parts") {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && len(d.Problems) > MaxProblems {
				t.Errorf("%s: %d problems", name, len(d.Problems))
			}
			if spent := time.Since(begun); spent > 20*time.Second {
				t.Errorf("%s: %v", name, spent)
			}
		}
	}
}

// sources draws sources made of what drafts are made of.
func sources() *rapid.Generator[string] {
	bits := strings.Split("# Article 1\n|## Article 2bis *(x)*\n|[Article 3]\n|1. |2. |3bis. |3.3alt: |(a) |(b)    |(i) |Option 1: |**Option 2:** |Option I (paras 6-9):|Option 3 |No text|[|]|[|]|[ ]|\\[|\\|*|**|~~|<b>|[^1]|\n[^1]: note\n|[x](http://a)|---\n|{:toc}\n|- |\n|\n\n|\n    |\n  |the Parties |shall |ימים |{Timing}|Pp3\n|:|.| ", "|")
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 40).Draw(t, "bits"), "")
	})
}

func TestReadProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := sources().Draw(t, "source")
		for _, f := range []Form{Auto, Markdown, Layout} {
			d, err := Read(src, Options{Lang: "en", Form: f})
			if err != nil {
				t.Fatal(err)
			}
			draftHolds(t, src, d)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"# Article 1\n\n1. [a] b\n\n   Option 1: c\n\n   Option 2: No text\n", "\f1 of 2\nArticle 1\n", "---\ntitle: x\n---\n[^1]: y\n  z\n", "a\u202Eb\r\n\tc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		d, err := Read(src, Options{Lang: "en"})
		if err != nil {
			return
		}
		for _, batch := range d.Batches() {
			for _, tab := range batch {
				if _, err := act.Encode(act.Act{Group: act.Hash{1}, By: "a.b", At: 1, Body: tab}); err != nil {
					t.Fatalf("%s: %v", tab.Element, err)
				}
			}
		}
	})
}
